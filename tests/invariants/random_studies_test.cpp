#include <gtest/gtest.h>

#include "hindlimb/io/toml_reader.hpp"
#include "invariants/laws.hpp"
#include "invariants/random_study.hpp"

namespace hindlimb::invariants {
namespace {

/// The laws of every scenario over random arms, phases, loads, massages, muscles, gains, parameters,
/// training and label.
class RandomStudies : public testing::Test {
 protected:
#ifdef NDEBUG
  static constexpr int n = 200;
#else
  static constexpr int n = 40;  // sanitizers are 50 times as slow
#endif

  /// Stops at the first study that breaks the law, and prints it as a file.
  template <class Law>
  static void expect(Law holds_for) {
    for (int number = 1; number <= n; ++number) {
      const Study study = random_study(static_cast<std::uint64_t>(number));
      SCOPED_TRACE(testing::Message() << "random_study(" << number << "):\n" << scenario::to_toml(study));
      holds_for(study);
      if (HasFailure()) return;
    }
  }
};

TEST_F(RandomStudies, AreValidAndReadBackFromTheirText) {
  expect([](const Study& study) {
    for (const Problem& problem : scenario::find_problems(study)) ADD_FAILURE() << to_string(problem);
    const std::string text = scenario::to_toml(study);
    EXPECT_EQ(scenario::to_toml(scenario::build_study(io::parse_toml(text, "random"))), text);
  });
}

/// A law holds for nothing if nothing happens: most studies have massage, unequal limbs or parameters of their own.
TEST_F(RandomStudies, AreVaried) {
  int massaged = 0, unequal = 0, several_arms = 0, several_muscles = 0, open = 0, crossing = 0, random = 0;
  int trained = 0, labelled = 0, of_two_heads = 0;
  expect([&](const Study& study) {
    const auto is_massaged_arm = [](const Arm& arm) {
      return scenario::is_massaged(arm, Limb::left) || scenario::is_massaged(arm, Limb::right);
    };
    const auto is_unequal = [](const Phase& phase) { return phase.load[Limb::left] != phase.load[Limb::right]; };
    massaged += std::ranges::any_of(study.arms, is_massaged_arm);
    unequal +=
        std::ranges::any_of(study.arms, [&](const Arm& arm) { return std::ranges::any_of(arm.phases, is_unequal); });
    several_arms += study.arms.size() > 1;
    several_muscles += study.muscles.size() > 1;
    open += !study.arms.back().phases.back().duration;
    crossing +=
        study.parameters[0].humoral_gain + study.parameters[0].neural_gain + study.parameters[0].behavioural_gain > 0.0;
    random += study.animals.set_point_cv > 0.0;
    const auto is_trained_arm = [](const Arm& arm) {
      return !scenario::sessions_of(arm, Limb::left).empty() || !scenario::sessions_of(arm, Limb::right).empty();
    };
    trained += std::ranges::any_of(study.arms, is_trained_arm);
    labelled += std::ranges::any_of(study.arms, [](const Arm& arm) { return arm.label.first > Minutes{0}; });
    of_two_heads += std::ranges::find(study.muscles, MuscleName::gastrocnemius) != study.muscles.end();
  });
  for (const int count : {massaged, unequal, several_arms, several_muscles, crossing, random, trained})
    EXPECT_GT(count, n * 4 / 10);
  for (const int count : {labelled, of_two_heads}) EXPECT_GT(count, n / 8);  // 7 of the 40 tried with sanitizers
  EXPECT_GT(open, n / 20);
}

TEST_F(RandomStudies, UnderCageLoadAloneStayOnTheirStart) { expect(weight_bearing_stays_on_its_start); }
TEST_F(RandomStudies, TakeAMassageOfNothingForNone) { expect(massage_of_nothing_is_no_massage); }
TEST_F(RandomStudies, WithZeroGainLeaveUnmassagedMusclesBitwiseUnchanged) { expect(without_gain_nothing_crosses); }
TEST_F(RandomStudies, TakeATrainingOfNothingForNone) { expect(training_of_nothing_is_no_training); }
TEST_F(RandomStudies, WithoutCrossEducationLeaveUntrainedLimbsBitwiseUnchanged) {
  expect(without_cross_education_nothing_crosses);
}
TEST_F(RandomStudies, LetTrainingChangeTheStrengthAloneOfTheOtherLimb) {
  expect(training_changes_only_the_strength_of_the_other_limb);
}
TEST_F(RandomStudies, HaveEqualLimbsWhenTheyAreTreatedAlike) { expect(left_equals_right); }
TEST_F(RandomStudies, AreMirroredByMirroringTheTreatment) { expect(mirroring_mirrors); }
TEST_F(RandomStudies, DoNotDependOnThreadCount) { expect(threads_change_nothing); }
TEST_F(RandomStudies, DoNotDependOnRecordedTimes) { expect(recorded_times_change_no_value); }
TEST_F(RandomStudies, DoNotDependOnOtherMuscles) { expect(another_muscle_changes_no_muscle); }
TEST_F(RandomStudies, HaveAGastrocnemiusOfItsTwoHeads) { expect(gastrocnemius_is_its_heads); }
TEST_F(RandomStudies, DoNotDependOnOtherArms) { expect(other_arms_change_no_arm); }
TEST_F(RandomStudies, HaveArmsThatAreTheSameAlone) { expect(arms_run_alone_are_the_same); }
TEST_F(RandomStudies, ChangeWhenTheSeedChanges) { expect(seed_changes_the_luck_alone); }

/// At the shipped tolerance: with a tolerance of 1e-4, a pool that has all but vanished may err to below 0.
TEST_F(RandomStudies, KeepPoolsPositiveAndFinite) {
  expect([](Study study) {
    study.solver = {};
    pools_stay_positive_and_finite(study);
  });
}

}  // namespace
}  // namespace hindlimb::invariants
