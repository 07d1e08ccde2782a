#include "hindlimb/scenario/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> paths(const std::vector<Setting>& settings) {
  std::vector<std::string> all;
  all.reserve(settings.size());
  for (const Setting& setting : settings) all.push_back(setting.path);
  return all;
}

template <class T>
std::vector<std::string> paths_of(const Node& document, const std::string& key, T value) {
  return paths(settings_of(document, nullptr, key, at(99, value)));
}

template <class T>
Setting setting_of(const Node& document, const std::string& key, T value) {
  const std::vector<Setting> settings = settings_of(document, nullptr, key, at(99, value));
  EXPECT_THAT(settings, SizeIs(1)) << key;
  return settings.at(0);
}

/// The study without checks of the whole, as settings are found in it.
Study values_of(const Node& document, const Node* parameter_file = nullptr) {
  return build_study(document, parameter_file, Check::values);
}

template <class T>
std::vector<std::string> problems_of_key(const std::string& key, T value, const Node& document = massage_study()) {
  try {
    settings_of(document, nullptr, key, at(99, value));
  } catch (const InputError& error) {
    return texts(error.problems());
  }
  return {};
}

// --- differences -----------------------------------------------------------------------------------------------------

TEST(DifferingSettings, AreNoneOfEqualStudies) {
  const Study study = build_study(study_with_training());
  EXPECT_THAT(paths(differing_settings(study, study)), IsEmpty());
}

TEST(DifferingSettings, AreThoseOfEveryTableInTheOrderOfAFile) {
  Node document = study_with_training();
  Node massages = study_with_two_massages();
  in(document, "arm", 1).set("massage", in(massages, "arm", 1, "massage"));
  const Study one = build_study(document);
  Study two = one;
  two.title = "another";
  two.seed = 8;
  two.muscles = {MuscleName::soleus};
  two.animals.sex = Sex::female;
  two.animals.body_mass_g = 317.0;
  two.arms[0].phases[0].load = {{1.0, 0.3}};
  two.arms[1].phases[1].duration = Minutes(7);
  two.arms[1].massages[1].force_N = 0.7;
  two.arms[1].trainings[0].sessions = 2;
  two.arms[1].label.first = Minutes(9);
  two.record.precision = Precision::f8;
  two.compare.control = "WB";
  two.solver.rtol = 3e-6;
  for (laws::Parameters<double>& p : two.parameters) p.drive_max = 0.7;
  two.parameters[0].wet_mass_mg = 107.0;
  two.parameters[3].wet_mass_mg = 307.0;
  EXPECT_THAT(
      paths(differing_settings(one, two)),
      ElementsAre("title", "seed", "muscles", "animals.sex", "animals.body_mass_g", "arm.WB.phase.cage.load.right",
                  "arm.REM.phase.reload.duration_d", "arm.REM.massage.2.force_N", "arm.REM.training.1.sessions",
                  "arm.REM.label.first_d", "record.precision", "compare.control", "solver.rtol", "parameters.drive_max",
                  "parameters.soleus.wet_mass_mg", "parameters.plantaris.wet_mass_mg"));
}

TEST(DifferingSettings, GoFromOneStudyToTheOther) {
  const Study one = build_study(study_with_training());
  Study two = one;
  two.animals.pairing = Pairing::independent;
  two.arms[1].massages[0].bout = Minutes(17);
  two.arms[1].massages[0].limb = LimbChoice::both;
  two.arms[1].phases[0].load = {{0.0, 0.3}};
  two.arms[1].label.first = Minutes(1440);
  two.solver.max_steps = 77;
  two.parameters[4].postural_share = 0.7;
  for (laws::Parameters<double>& p : two.parameters) p.humoral_gain = 3.0;
  Study copy = one;
  const std::vector<Setting> settings = differing_settings(one, two);
  EXPECT_THAT(settings, SizeIs(8));
  for (const Setting& setting : settings) setting.set(copy, setting.get(two));
  EXPECT_THAT(paths(differing_settings(copy, two)), IsEmpty());
  EXPECT_EQ(to_toml(copy), to_toml(two));
}

TEST(DifferingSettings, SetNothingElse) {
  const Study one = build_study(study_with_training());
  Study two = one;
  two.arms[1].trainings[1].load = 0.7;
  Study copy = one;
  const std::vector<Setting> settings = differing_settings(one, two);
  ASSERT_THAT(settings, SizeIs(1));
  settings[0].set(copy, 0.3);
  EXPECT_EQ(copy.arms[1].trainings[1].load, 0.3);
  copy.arms[1].trainings[1].load = one.arms[1].trainings[1].load;
  EXPECT_EQ(to_toml(copy), to_toml(one));
}

// --- of a key --------------------------------------------------------------------------------------------------------

TEST(SettingsOfAKey, KnowWhatItIs) {
  const Setting force = setting_of(massage_study(), "arm.REM.massage.force_N", 0.3);
  EXPECT_EQ(force.path, "arm.REM.massage.force_N");
  EXPECT_EQ(force.info.type, KeyType::number);
  EXPECT_EQ(force.info.unit, "N");
  EXPECT_EQ(force.info.range.high, 100.0);
  EXPECT_EQ(std::get<double>(force.get(values_of(massage_study()))), 3.5);
}

TEST(SettingsOfAKey, OfEveryTypeAreFound) {
  const Node study = study_with_training();
  EXPECT_EQ(setting_of(study, "animals.age_months", 17).info.type, KeyType::number);
  EXPECT_EQ(setting_of(study, "animals.per_arm", 17).info.type, KeyType::integer);
  EXPECT_EQ(setting_of(study, "arm.REM.training.1.sessions", 1).info.type, KeyType::integer);
  EXPECT_EQ(setting_of(study, "arm.REM.phase.reload.duration_d", 7).info.type, KeyType::days);
  EXPECT_EQ(setting_of(study, "arm.REM.massage.bout_min", 7.5).info.type, KeyType::minutes);
  EXPECT_EQ(setting_of(study, "arm.REM.massage.limb", "left").info.type, KeyType::choice);
  EXPECT_EQ(setting_of(study, "arm.REM.phase.suspension.load", 0.3).info.type, KeyType::load);
  EXPECT_EQ(setting_of(study, "parameters.drive_max", 0.3).info.type, KeyType::number);
  EXPECT_EQ(setting_of(study, "solver.max_steps", 1).info.type, KeyType::integer);
  EXPECT_EQ(setting_of(study, "title", "x").info.type, KeyType::text);
}

TEST(SettingsOfAKey, AreThoseOfAllMassagesOfAnArmOrOfOne) {
  const Node study = study_with_two_massages();
  EXPECT_THAT(paths_of(study, "arm.REM.massage.force_N", 7),
              ElementsAre("arm.REM.massage.1.force_N", "arm.REM.massage.2.force_N"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.2.force_N", 7), ElementsAre("arm.REM.massage.2.force_N"));
}

TEST(SettingsOfAKey, AreThoseOfAllPhasesThatItMeans) {
  EXPECT_THAT(paths_of(massage_study(), "arm.*.phase.*.load", 0.7),
              ElementsAre("arm.WB.phase.cage.load", "arm.REM.phase.suspension.load", "arm.REM.phase.reload.load"));
}

TEST(SettingsOfAKey, AreThereForAValueThatTheStudyHasAlready) {
  EXPECT_THAT(paths_of(massage_study(), "arm.REM.massage.force_N", 3.5), ElementsAre("arm.REM.massage.force_N"));
  EXPECT_THAT(paths_of(massage_study(), "animals.sex", "male"), ElementsAre("animals.sex"));
  EXPECT_THAT(paths_of(massage_study(), "arm.REM.phase.suspension.load", 0),
              ElementsAre("arm.REM.phase.suspension.load"));
}

/// Neighbours on one side or both are out of range.
TEST(SettingsOfAKey, AreThereForValuesAtTheEndsOfARange) {
  const Node study = massage_study();
  EXPECT_THAT(paths_of(study, "arm.REM.massage.force_N", 0.0), ElementsAre("arm.REM.massage.force_N"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.force_N", 100.0), ElementsAre("arm.REM.massage.force_N"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.bouts", 0), ElementsAre("arm.REM.massage.bouts"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.bouts", 100'000), ElementsAre("arm.REM.massage.bouts"));
  EXPECT_THAT(paths_of(study, "animals.limb_correlation", 1), ElementsAre("animals.limb_correlation"));
  EXPECT_THAT(paths_of(study, "solver.rtol", 1e-4), ElementsAre("solver.rtol"));
  EXPECT_THAT(paths_of(study, "solver.rtol", 1e-13), ElementsAre("solver.rtol"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.bout_min", 0.0), ElementsAre("arm.REM.massage.bout_min"));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.every_d", 1.0 / 1440.0), ElementsAre("arm.REM.massage.every_d"));
  EXPECT_THAT(paths_of(study, "parameters.efficiency_time_d", 1), ElementsAre("parameters.efficiency_time_d"));
}

TEST(SettingsOfAKey, AreThereForTheLargestValueThatTheStudyHasAlready) {
  Node study = massage_study();
  in(study, "arm", 1, "massage", 0).set("bouts", at(50, 100'000));
  in(study, "solver").set("rtol", at(51, 1e-4));
  EXPECT_THAT(paths_of(study, "arm.REM.massage.bouts", 100'000), ElementsAre("arm.REM.massage.bouts"));
  EXPECT_THAT(paths_of(study, "solver.rtol", 1e-4), ElementsAre("solver.rtol"));
}

/// 1 is the largest value of this parameter, and 2 and 0 are none.
TEST(SettingsOfAKey, AreThereForAWholeNumberWithoutNeighboursThatTheStudyHasAlready) {
  Node study = massage_study();
  study.set("parameters", at(50, Table{{"efficiency_time_d", at(51, 1)}}));
  EXPECT_THAT(paths_of(study, "parameters.efficiency_time_d", 1), ElementsAre("parameters.efficiency_time_d"));
}

TEST(SettingsOfAKey, AreOfOneLimbOrOfBoth) {
  const Setting right = setting_of(massage_study(), "arm.REM.phase.suspension.load.right", 0.3);
  EXPECT_EQ(right.path, "arm.REM.phase.suspension.load.right");
  EXPECT_EQ(right.info.type, KeyType::number);
  EXPECT_EQ(right.info.range.high, 2.0);
  Study study = values_of(massage_study());
  study.arms[1].phases[0].load = {{0.1, 0.2}};
  EXPECT_EQ(right.get(study), Value(0.2));
  right.set(study, 0.7);
  EXPECT_EQ(study.arms[1].phases[0].load, (Load{{0.1, 0.7}}));
  const Setting both = setting_of(massage_study(), "arm.REM.phase.suspension.load", 0.3);
  EXPECT_EQ(both.path, "arm.REM.phase.suspension.load");
  both.set(study, Load{{0.9, 0.9}});
  EXPECT_EQ(study.arms[1].phases[0].load, (Load{{0.9, 0.9}}));
}

TEST(SettingsOfAKey, AreThereForAnEndThatTheFileLeavesOpen) {
  const Setting duration = setting_of(massage_study(), "arm.WB.phase.cage.duration_d", 7);
  EXPECT_EQ(duration.path, "arm.WB.phase.cage.duration_d");
  Study study = values_of(massage_study());
  duration.set(study, 9.5);
  EXPECT_EQ(study.arms[0].phases[0].duration, Minutes(9 * 1440 + 720));
  EXPECT_EQ(std::get<double>(duration.get(study)), 9.5);
}

TEST(SettingsOfAParameter, AreOneForWhatAllMusclesShare) {
  EXPECT_THAT(paths_of(massage_study(), "parameters.drive_max", 0.7), ElementsAre("parameters.drive_max"));
  Study study = values_of(massage_study());
  setting_of(massage_study(), "parameters.drive_max", 0.7).set(study, 0.3);
  for (const laws::Parameters<double>& p : study.parameters) EXPECT_EQ(p.drive_max, 0.3);
}

TEST(SettingsOfAParameter, AreTheSameUnderItsOtherName) {
  EXPECT_THAT(paths_of(massage_study(), "crossover.humoral_gain", 0.7), ElementsAre("parameters.humoral_gain"));
}

TEST(SettingsOfAParameter, AreOneForEachMuscle) {
  EXPECT_THAT(paths_of(massage_study(), "parameters.postural_share", 0.7),
              ElementsAre("parameters.soleus.postural_share", "parameters.gastrocnemius_medial.postural_share",
                          "parameters.gastrocnemius_lateral.postural_share", "parameters.plantaris.postural_share",
                          "parameters.tibialis_anterior.postural_share", "parameters.edl.postural_share"));
}

TEST(SettingsOfAParameter, OfOneMuscleAreItsAlone) {
  EXPECT_THAT(paths_of(massage_study(), "parameters.edl.postural_share", 0.7),
              ElementsAre("parameters.edl.postural_share"));
  Study study = values_of(massage_study());
  const std::string before = to_toml(study);
  setting_of(massage_study(), "parameters.edl.postural_share", 0.7).set(study, 0.3);
  EXPECT_EQ(study.parameters[5].postural_share, 0.3);
  study.parameters[5].postural_share = values_of(massage_study()).parameters[5].postural_share;
  EXPECT_EQ(to_toml(study), before);
}

TEST(SettingsOfAParameter, OfAMuscleWithTwoHeadsAreOfBoth) {
  EXPECT_THAT(
      paths_of(massage_study(), "parameters.gastrocnemius.postural_share", 0.7),
      ElementsAre("parameters.gastrocnemius_medial.postural_share", "parameters.gastrocnemius_lateral.postural_share"));
}

class WithParametersOfMuscles : public testing::Test {
 protected:
  WithParametersOfMuscles() {
    document_.set("parameters", at(50, Table{{"postural_share", at(51, 0.9)},
                                             {"soleus", at(52, Table{{"postural_share", at(53, 0.3)}})},
                                             {"plantaris", at(54, Table{{"postural_share", at(55, 0.7)}})}}));
  }
  Node document_ = massage_study();
};

TEST_F(WithParametersOfMuscles, OneForAllLeavesThemAsTheyAre) {
  EXPECT_THAT(
      paths_of(document_, "parameters.postural_share", 0.5),
      ElementsAre("parameters.gastrocnemius_medial.postural_share", "parameters.gastrocnemius_lateral.postural_share",
                  "parameters.tibialis_anterior.postural_share", "parameters.edl.postural_share"));
}

TEST_F(WithParametersOfMuscles, OneForTheMuscleReplacesIt) {
  EXPECT_THAT(paths_of(document_, "parameters.soleus.postural_share", 0.5),
              ElementsAre("parameters.soleus.postural_share"));
}

TEST_F(WithParametersOfMuscles, OneForBothHeadsLeavesThatOfAHead) {
  document_.find("parameters")->set("gastrocnemius_lateral", at(56, Table{{"postural_share", at(57, 0.1)}}));
  EXPECT_THAT(paths_of(document_, "parameters.gastrocnemius.postural_share", 0.5),
              ElementsAre("parameters.gastrocnemius_medial.postural_share"));
}

TEST_F(WithParametersOfMuscles, TheStudyComesBeforeAFileOfParameters) {
  const Node file = at(1, Table{{"parameters", at(1, Table{{"edl", at(2, Table{{"postural_share", at(3, 0.2)}})}})}});
  const Node study = massage_study();
  EXPECT_THAT(settings_of(study, &file, "parameters.postural_share", at(99, 0.5)), SizeIs(6));
  EXPECT_EQ(std::get<double>(settings_of(study, &file, "parameters.edl.postural_share", at(99, 0.5))[0].get(
                values_of(study, &file))),
            0.2);
}

// --- keys that there are not -----------------------------------------------------------------------------------------

TEST(SettingsOfAWrongKey, SayWhereTheValueStands) {
  EXPECT_THAT(problems_of_key("arm.REM.massage.force_M", 7),
              ElementsAre("s.toml:99: arm.REM.massage.force_M: unknown key; did you mean 'force_N'?"));
  EXPECT_THAT(problems_of_key("arm.RAM.massage.force_N", 7),
              ElementsAre("s.toml:99: arm.RAM.massage.force_N: there is no arm 'RAM'; did you mean 'REM'?"));
  EXPECT_THAT(problems_of_key("parameters.drive_mix", 7),
              ElementsAre("s.toml:99: parameters.drive_mix: unknown parameter; did you mean 'drive_max'?"));
}

TEST(SettingsOfAWrongValue, SayWhatItMustBe) {
  EXPECT_THAT(problems_of_key("arm.REM.massage.force_N", -0.3),
              ElementsAre("s.toml:99: arm.REM.massage.force_N: is -0.3, must be from 0 to 100 N; compressive force; 0 "
                          "is no massage"));
  EXPECT_THAT(problems_of_key("arm.REM.massage.bouts", 3.0),
              ElementsAre("s.toml:99: arm.REM.massage.bouts: is 3.0, must be a whole number; number of bouts; 0 "
                          "is no massage"));
}

TEST(SettingsOfAKey, AreNoneWhereNothingFollowsFromIt) {
  Node document = massage_study();
  Table muscles;
  for (const std::string_view name : laws::muscle_names)
    muscles.push_back({std::string(name), at(51, Table{{"postural_share", at(52, 0.3)}})});
  document.set("parameters", at(50, muscles));
  EXPECT_THAT(problems_of_key("parameters.postural_share", 0.5, document),
              ElementsAre("s.toml:99: parameters.postural_share: changes nothing in this study; a parameter that "
                          "[parameters.<muscle>] gives is set there: parameters.<muscle>.<name>"));
}

// --- axes ------------------------------------------------------------------------------------------------------------

TEST(AnAxis, IsANumberOrOneOfSeveralChoices) {
  const Node study = study_with_training();
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.massage.force_N", 7)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.massage.bouts", 7)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.massage.bout_min", 7)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.phase.reload.duration_d", 7)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.phase.reload.load", 0.7)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "arm.REM.massage.limb", "both")), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "animals.pairing", "independent")), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "solver.rtol", 1e-6)), "");
  EXPECT_EQ(why_no_axis(setting_of(study, "parameters.drive_max", 0.7)), "");
}

TEST(AnAxis, IsNoText) {
  const std::string why = "is no number and no choice, so it cannot be an axis";
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "title", "x")), why);
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "compare.control", "WB")), why);
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "arm.REM.massage.phase", "suspension")), why);
}

TEST(AnAxis, IsNoList) {
  const std::string why = "is no number and no choice, so it cannot be an axis";
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "muscles", Array{at(99, "soleus")})), why);
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "record.times_d", Array{at(99, 7)})), why);
}

TEST(AnAxis, ChangesNoLengthOfADimension) {
  const std::string why = "changes the length of a dimension of the result, so it cannot be an axis";
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "animals.per_arm", 7)), why);
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "record.every_d", 7)), why);
}

TEST(AnAxis, IsNotTheSeed) {
  EXPECT_EQ(why_no_axis(setting_of(massage_study(), "seed", 17)),
            "cannot be an axis: every point has the same rats; replicates gives others");
}

TEST(ANumber, IsWhateverIsOrderedAlongALine) {
  const auto with_type = [](KeyType type) { return is_number({"x", type, "", {}, {}, "", "", ""}); };
  for (const KeyType type : {KeyType::integer, KeyType::number, KeyType::days, KeyType::minutes, KeyType::load})
    EXPECT_TRUE(with_type(type));
  for (const KeyType type : {KeyType::text, KeyType::texts, KeyType::choice, KeyType::choices, KeyType::days_list})
    EXPECT_FALSE(with_type(type));
}

}  // namespace
}  // namespace hindlimb::scenario
