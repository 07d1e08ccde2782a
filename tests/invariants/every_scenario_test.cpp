#include <gtest/gtest.h>

#include "invariants/laws.hpp"

namespace hindlimb::invariants {
namespace {

class EveryScenario : public testing::TestWithParam<std::string> {
 protected:
  const Study study_ = read_config(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Configs, EveryScenario, testing::ValuesIn(config_names()),
                         [](const auto& file) { return file.param; });

TEST_P(EveryScenario, UnderCageLoadAloneStaysOnItsStart) { weight_bearing_stays_on_its_start(study_); }
TEST_P(EveryScenario, TakesAMassageOfNothingForNone) { massage_of_nothing_is_no_massage(study_); }
TEST_P(EveryScenario, WithZeroGainLeavesUnmassagedMusclesBitwiseUnchanged) { without_gain_nothing_crosses(study_); }
TEST_P(EveryScenario, TakesATrainingOfNothingForNone) { training_of_nothing_is_no_training(study_); }
TEST_P(EveryScenario, WithoutCrossEducationLeavesUntrainedLimbsBitwiseUnchanged) {
  without_cross_education_nothing_crosses(study_);
}
TEST_P(EveryScenario, LetsTrainingChangeTheStrengthAloneOfTheOtherLimb) {
  training_changes_only_the_strength_of_the_other_limb(study_);
}
TEST_P(EveryScenario, HasEqualLimbsWhenTheyAreTreatedAlike) { left_equals_right(study_); }
TEST_P(EveryScenario, IsMirroredByMirroringTheTreatment) { mirroring_mirrors(study_); }
TEST_P(EveryScenario, DoesNotDependOnThreadCount) { threads_change_nothing(study_); }
TEST_P(EveryScenario, DoesNotDependOnRecordedTimes) { recorded_times_change_no_value(study_); }
TEST_P(EveryScenario, DoesNotDependOnOtherMuscles) { another_muscle_changes_no_muscle(study_); }
TEST_P(EveryScenario, HasAGastrocnemiusOfItsTwoHeads) { gastrocnemius_is_its_heads(study_); }
TEST_P(EveryScenario, DoesNotDependOnOtherArms) { other_arms_change_no_arm(study_); }
TEST_P(EveryScenario, HasArmsThatAreTheSameAlone) { arms_run_alone_are_the_same(study_); }
TEST_P(EveryScenario, KeepsPoolsPositiveAndFinite) { pools_stay_positive_and_finite(study_); }
TEST_P(EveryScenario, ChangesWhenTheSeedChanges) { seed_changes_the_luck_alone(study_); }

}  // namespace
}  // namespace hindlimb::invariants
