#include "hindlimb/sim/exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace hindlimb::sim {
namespace {

using laws::Coefficients;
using scenario::Arm;
using scenario::Limb;
using scenario::LimbChoice;
using scenario::Massage;
using scenario::Muscle;
using scenario::MuscleName;
using scenario::Study;
using scenario::Training;

/// Suspension of 3 d, then reloading of 2 d in two steps on the left limb only; by default nothing crosses. The label
/// is given with the last step.
class Exchange : public testing::Test {
 protected:
  Exchange() {
    p_.humoral_gain = p_.neural_gain = p_.behavioural_gain = p_.cross_education_gain = 0.0;
    study_.muscles = {MuscleName::soleus, MuscleName::edl};
    arm_.name = "REM";
    arm_.phases = {{"suspension", {{0.0, 0.0}}, Minutes{3000}},
                   {"partial", {{0.3, 1.0}}, Minutes{1000}},
                   {"reload", {{1.0, 1.0}}, Minutes{1000}}};
    study_.arms = {arm_};
  }

  void massage(LimbChoice limb, std::vector<MuscleName> muscles = {}, double force_N = 7.0) {
    arm_.massages.push_back(
        {limb, std::move(muscles), "partial", force_N, 0.3, Minutes{20}, Minutes{70}, Minutes{500}, 2});
  }

  /// Sessions of 20 min, the first 100 min after the start of the suspension.
  void train(LimbChoice limb) {
    arm_.trainings.push_back({limb, "suspension", 1.7, Minutes{20}, Minutes{100}, Minutes{500}, 2});
  }

  std::vector<Segment<double>> of(Muscle muscle, Limb limb) const { return segments(study_, arm_, muscle, limb, p_); }

  /// Starts of all segments and the end of the last.
  std::vector<int> cuts(Muscle muscle, Limb limb) const {
    std::vector<int> minutes;
    Minutes end{0};
    for (const Segment<double>& segment : of(muscle, limb)) {
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
    for (const Segment<double>& segment : of(muscle, limb)) {
      if (segment.start <= Minutes{minute} && Minutes{minute} < segment.end) return segment.stimulus;
    }
    ADD_FAILURE() << "minute " << minute << " is in no segment";
    return {};
  }

  static const std::vector<int> left_loads;
  static const std::vector<int> right_loads;
  static const std::vector<int> left_loads_and_bouts;
  static const std::vector<int> right_loads_and_bouts;

  Coefficients<double> p_ = laws::coefficients(laws::default_parameters(Muscle::soleus));
  Study study_;
  Arm arm_;
};

const std::vector<int> Exchange::left_loads = {0, 3000, 4000, 5000};
const std::vector<int> Exchange::right_loads = {0, 3000, 4000, 5000};
const std::vector<int> Exchange::left_loads_and_bouts = {0, 3000, 3070, 3090, 3570, 3590, 4000, 5000};
const std::vector<int> Exchange::right_loads_and_bouts = {0, 3000, 3070, 3090, 3570, 3590, 4000, 5000};

TEST_F(Exchange, CutsWhereTheLoadOfTheLimbItselfChanges) {
  arm_.label = {"suspension", Minutes{0}};
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), (std::vector<int>{0, 3000, 5000}));
}

TEST_F(Exchange, HandsOverTheLoadOfEachLimb) {
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 2999).load, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3000).load, 0.3);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 4000).load, 1.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::right, 3000).load, 1.0);
}

TEST_F(Exchange, EndsAnOpenArmWithTheStudy) {
  arm_.phases.back().duration.reset();
  study_.arms = {arm_, {"WB", {{"cage", {}, Minutes{7000}}}, {}, {}, {}}};
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
  massage(LimbChoice::left, {MuscleName::edl});
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
  massage(LimbChoice::left, {MuscleName::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads_and_bouts);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, BringsBehaviouralBoutsToEveryMuscleOfBothLimbs) {
  p_.behavioural_gain = 0.3;
  massage(LimbChoice::left, {MuscleName::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads_and_bouts);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, BringsNeuralBoutsToTheOtherLimbOnly) {
  p_.neural_gain = 0.3;
  massage(LimbChoice::left, {MuscleName::edl});
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), left_loads);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads_and_bouts);
}

TEST_F(Exchange, GivesTheMassageToTheMassagedMuscleAlone) {
  p_.humoral_gain = 0.3;
  massage(LimbChoice::left, {MuscleName::edl});
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
  massage(LimbChoice::left, {MuscleName::edl}, 3.0);
  massage(LimbChoice::left, {MuscleName::soleus}, 7.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::right, 3080).neural, 0.7 * dose_per_d(7.0));
  EXPECT_EQ(at(Muscle::edl, Limb::left, 3080).massage, dose_per_d(3.0));
}

TEST_F(Exchange, CutsAtBothEndsOfItsOwnSessions) {
  train(LimbChoice::left);
  EXPECT_EQ(cuts(Muscle::edl, Limb::left), (std::vector<int>{0, 100, 120, 600, 620, 3000, 4000, 5000}));
}

TEST_F(Exchange, WithoutCrossEducationLeavesNoTraceOfSessionsInTheOtherLimb) {
  train(LimbChoice::left);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), right_loads);
}

TEST_F(Exchange, BringsSessionsToTheOtherLimb) {
  p_.cross_education_gain = 0.3;
  train(LimbChoice::left);
  EXPECT_EQ(cuts(Muscle::soleus, Limb::right), (std::vector<int>{0, 100, 120, 600, 620, 3000, 4000, 5000}));
}

/// Half an hour at 1.5 times cage load is a dose of 1: 0.7 / 0.5 of it per half hour, 48 half hours a day.
TEST_F(Exchange, LoadsTheTrainedLimbAndRaisesActivationInBoth) {
  p_.training_gain = 0.7;
  p_.cross_education_gain = 0.3;
  train(LimbChoice::left);
  const laws::Stimulus<double> trained = at(Muscle::soleus, Limb::left, 100);
  const laws::Stimulus<double> other = at(Muscle::soleus, Limb::right, 119);
  EXPECT_EQ(trained.load, 1.7);
  EXPECT_DOUBLE_EQ(trained.training, 0.7 * 1.4 * 48.0);
  EXPECT_EQ(other.load, 0.0);
  EXPECT_DOUBLE_EQ(other.training, 0.3 * 1.4 * 48.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 120).training, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 120).load, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::right, 120).training, 0.0);
}

TEST_F(Exchange, AddsUpSessionsOfBothLimbs) {
  p_.training_gain = 0.7;
  p_.cross_education_gain = 0.3;
  train(LimbChoice::both);
  EXPECT_DOUBLE_EQ(at(Muscle::soleus, Limb::right, 100).training, (0.7 + 0.3) * 1.4 * 48.0);
}

TEST_F(Exchange, TakesASessionBelowCageLoadForNoTraining) {
  p_.training_gain = 0.7;
  train(LimbChoice::left);
  arm_.trainings[0].load = 0.9;
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 100).load, 0.9);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 100).training, 0.0);
}

TEST_F(Exchange, GivesTheLabelWithTheLastPhaseOrWhenItIsSaid) {
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3999).label, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 4000).label, 1.0);
  arm_.label = {"partial", Minutes{77}};
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), (std::vector<int>{0, 3000, 3077, 4000, 5000}));
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3076).label, 0.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 3077).label, 1.0);
  EXPECT_EQ(at(Muscle::soleus, Limb::left, 4999).label, 1.0);
}

TEST_F(Exchange, GivesTheBolusOnce) {
  p_.label_bolus = 0.7;
  arm_.label = {"partial", Minutes{77}};
  for (const Segment<double>& segment : of(Muscle::soleus, Limb::right))
    EXPECT_EQ(segment.bolus, segment.start == Minutes{3077} ? 0.7 : 0.0);
}

TEST_F(Exchange, LetsBoutsTouchWithoutAGapOrAnEmptySegment) {
  massage(LimbChoice::left);
  arm_.massages[0].every = Minutes{20};
  EXPECT_EQ(cuts(Muscle::soleus, Limb::left), (std::vector<int>{0, 3000, 3070, 3090, 3110, 4000, 5000}));
}

}  // namespace
}  // namespace hindlimb::sim
