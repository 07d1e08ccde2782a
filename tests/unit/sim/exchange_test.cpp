#include "hindlimb/sim/exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hindlimb::sim {
namespace {

using laws::Parameters;
using scenario::Arm;
using scenario::Limb;
using scenario::LimbChoice;
using scenario::Massage;
using scenario::Muscle;
using scenario::Study;

/// Suspension of 3 d, then reloading of 2 d in two steps on the left limb only; by default nothing crosses.
class Exchange : public testing::Test {
 protected:
  Exchange() {
    p_.humoral_gain = p_.neural_gain = p_.behavioural_gain = 0.0;
    study_.muscles = {Muscle::soleus, Muscle::edl};
    arm_.name = "REM";
    arm_.phases = {{"suspension", {{0.0, 0.0}}, Minutes{3000}},
                   {"partial", {{0.3, 1.0}}, Minutes{1000}},
                   {"reload", {{1.0, 1.0}}, Minutes{1000}}};
    study_.arms = {arm_};
  }

  void massage(LimbChoice limb, std::vector<Muscle> muscles = {}, double force_N = 7.0) {
    arm_.massages.push_back({limb, std::move(muscles), "partial", force_N, 0.3, Minutes{20}, Minutes{70}, Minutes{500}, 2});
  }

  std::vector<Segment> of(Muscle muscle, Limb limb) const { return segments(study_, arm_, muscle, limb, p_); }

  /// Starts of all segments and the end of the last.
  std::vector<int> cuts(Muscle muscle, Limb limb) const {
    std::vector<int> minutes;
    Minutes end{0};
    for (const Segment& segment : of(muscle, limb)) {
      EXPECT_EQ(segment.start, end) << "a gap";
      EXPECT_LT(segment.start, segment.end);
      minutes.push_back(static_cast<int>(segment.start.count()));
      end = segment.end;
    }
    minutes.push_back(static_cast<int>(end.count()));
    return minutes;
  }

  double dose_per_d(double force_N) const { return laws::massage_dose_rate(force_N, 0.3, p_); }

  /// What acts at a minute.
  laws::Stimulus<double> at(Muscle muscle, Limb limb, int minute) const {
    for (const Segment& segment : of(muscle, limb)) {
      if (segment.start <= Minutes{minute} && Minutes{minute} < segment.end) return segment.stimulus;
    }
    ADD_FAILURE() << "minute " << minute << " is in no segment";
    return {};
  }

  static const std::vector<int> left_loads;
  static const std::vector<int> right_loads;
  static const std::vector<int> left_loads_and_bouts;
  static const std::vector<int> right_loads_and_bouts;

  Parameters<double> p_ = laws::default_parameters(Muscle::soleus);
  Study study_;
  Arm arm_;
};

const std::vector<int> Exchange::left_loads = {0, 3000, 4000, 5000};
const std::vector<int> Exchange::right_loads = {0, 3000, 5000};
const std::vector<int> Exchange::left_loads_and_bouts = {0, 3000, 3070, 3090, 3570, 3590, 4000, 5000};
const std::vector<int> Exchange::right_loads_and_bouts = {0, 3000, 3070, 3090, 3570, 3590, 5000};

TEST_F(Exchange, CutsWhereTheLoadOfTheLimbItselfChanges) {
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads);
}

TEST_F(Exchange, HandsOverTheLoadOfEachLimb) {
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 2999).load, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3000).load, 0.3);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 4000).load, 1.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::right, 3000).load, 1.0);
}

TEST_F(Exchange, EndsAnOpenArmWithTheStudy) {
  arm_.phases.back().duration.reset();
  study_.arms = {arm_, {"WB", {{"cage", {}, Minutes{7000}}}, {}}};
  EXPECT_EQ(of(Muscle::soleus, Limb::left).back().end, Minutes{7000});
}

TEST_F(Exchange, CutsAtBothEndsOfItsOwnBouts) {
  massage(LimbChoice::left);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads_and_bouts);
}

TEST_F(Exchange, WithoutGainLeavesNoTraceInTheOtherLimb) {
  massage(LimbChoice::left);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads);
}

TEST_F(Exchange, WithoutGainLeavesNoTraceInOtherMusclesOfTheLimb) {
  massage(LimbChoice::left, {Muscle::edl});
  EXPECT_EQ(cuts(Muscle::edl, Limb::left), left_loads_and_bouts);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
}

TEST_F(Exchange, IgnoresAMassageOf0N) {
  p_.humoral_gain = 0.3;
  massage(LimbChoice::both, {}, 0.0);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads);
}

TEST_F(Exchange, BringsHumoralBoutsToEveryMuscleOfBothLimbs) {
  p_.humoral_gain = 0.3;
  massage(LimbChoice::left, {Muscle::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads_and_bouts);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, BringsBehaviouralBoutsToEveryMuscleOfBothLimbs) {
  p_.behavioural_gain = 0.3;
  massage(LimbChoice::left, {Muscle::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads_and_bouts);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, BringsNeuralBoutsToTheOtherLimbOnly) {
  p_.neural_gain = 0.3;
  massage(LimbChoice::left, {Muscle::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, GivesTheMassageToTheMassagedMuscleAlone) {
  p_.humoral_gain = 0.3;
  massage(LimbChoice::left, {Muscle::edl});
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3070).massage, dose_per_d(7.0));
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3089).massage, dose_per_d(7.0));
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3090).massage, 0.0);
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3069).massage, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3070).massage, 0.0);
  EXPECT_EQ(at(Muscle::edl, Limb::right, 3070).massage, 0.0);
}

TEST_F(Exchange, WeighsEachRouteByItsGain) {
  p_.humoral_gain = 0.3;
  p_.neural_gain = 0.7;
  p_.behavioural_gain = 0.11;
  massage(LimbChoice::left);
  const laws::Stimulus<double> massaged = at(Muscle::soleus, Limb::left, 3080);
  const laws::Stimulus<double> untouched = at(Muscle::soleus, Limb::right, 3080);
  EXPECT_EQ(massaged.humoral, 0.3 * dose_per_d(7.0));
  EXPECT_EQ(massaged.neural, 0.0);
  EXPECT_EQ(massaged.behavioural, 0.11 * dose_per_d(7.0));
  EXPECT_EQ(untouched.humoral, 0.3 * dose_per_d(7.0));
  EXPECT_EQ(untouched.neural, 0.7 * dose_per_d(7.0));
  EXPECT_EQ(untouched.behavioural, 0.11 * dose_per_d(7.0));
}

TEST_F(Exchange, AddsUpTheSharedRoutesOfTwoMassagedLimbs) {
  p_.humoral_gain = 0.3;
  p_.neural_gain = 0.7;
  massage(LimbChoice::both);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3080).humoral, 0.3 * (2.0 * dose_per_d(7.0)));
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3080).neural, 0.7 * dose_per_d(7.0));
}

TEST_F(Exchange, TakesTheStrongestOfCoincidingBoutsOnSeveralMusclesOfALimb) {
  p_.neural_gain = 0.7;
  massage(LimbChoice::left, {Muscle::edl}, 3.0);
  massage(LimbChoice::left, {Muscle::soleus}, 7.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::right, 3080).neural, 0.7 * dose_per_d(7.0));
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3080).massage, dose_per_d(3.0));
}

TEST_F(Exchange, LetsBoutsTouchWithoutAGapOrAnEmptySegment) {
  massage(LimbChoice::left);
  arm_.massages[0].every = Minutes{20};
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), (std::vector<int>{0, 3000, 3070, 3090, 3110, 4000, 5000}));
}

}  // namespace
}  // namespace hindlimb::sim
