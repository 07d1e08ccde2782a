#include "hindlimb/scenario/build.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The massage study with one table added or replaced, at line 30.
Node with(const char* name, Table table) {
  Node document = massage_study();
  document.set(name, at(30, std::move(table)));
  return document;
}

/// The massage study with one key of one table at line 31.
template <class T>
Node with(const char* name, const char* key, T value) {
  return with(name, Table{{key, at(31, std::move(value))}});
}

/// The massage study with one key of its massage, at line 31.
template <class T>
Node with_massage(const char* key, T value) {
  Node document = massage_study();
  in(document, "arm", 1, "massage", 0).set(key, at(31, std::move(value)));
  return document;
}

template <class T>
Node with_phase(const char* key, T value) {
  Node document = massage_study();
  in(document, "arm", 1, "phase", 0).set(key, at(31, std::move(value)));
  return document;
}

const laws::Parameters<double>& of(const ParameterSet& set, Muscle muscle) {
  return set[static_cast<std::size_t>(muscle)];
}

TEST(BuildStudy, ReadsArmsPhasesAndMassages) {
  const Study study = build_study(massage_study());
  ASSERT_THAT(study.arms, testing::SizeIs(2));
  EXPECT_EQ(study.seed, 7);
  EXPECT_EQ(study.arms[0].name, "WB");
  EXPECT_EQ(study.arms[0].phases[0].duration, std::nullopt);
  EXPECT_EQ(study.arms[1].phases[0].load, (Load{{0.0, 0.0}}));
  EXPECT_EQ(study.arms[1].phases[1].duration, Minutes(8 * 1440));
  EXPECT_EQ(study.arms[1].massages[0].phase, "reload");
  EXPECT_EQ(study.arms[1].massages[0].force_N, 3.5);
  EXPECT_EQ(study.solver.rtol, 1e-5);
}

TEST(BuildStudy, ReadsTrainingsAndTheLabel) {
  const Arm arm = build_study(study_with_training()).arms[1];
  ASSERT_THAT(arm.trainings, testing::SizeIs(2));
  EXPECT_EQ(arm.trainings[0].limb, LimbChoice::left);
  EXPECT_EQ(arm.trainings[0].sessions, 3);
  EXPECT_EQ(arm.trainings[1].phase, "suspension");
  EXPECT_EQ(arm.trainings[1].load, Training{}.load);
  EXPECT_EQ(arm.label.phase, "reload");
  EXPECT_EQ(arm.label.first, Minutes(2160));
}

TEST(BuildStudy, SaysWhatIsWrongWithTrainingsAndTheLabel) {
  Node document = study_with_training();
  in(document, "arm", 1, "training", 0).set("load", at(42, 2.3));
  in(document, "arm", 1, "training", 1).set("bouts", at(45, 7));
  in(document, "arm", 1, "training", 1).set("phase", at(46, 7));
  in(document, "arm", 1, "label").set("first_d", at(49, -1));
  EXPECT_THAT(problems_of(document),
              ElementsAre("s.toml:42: arm.REM.training.1.load: is 2.3, must be from 0 to 2; weight borne by the limb "
                          "in a session, 1 = cage weight bearing",
                          StartsWith("s.toml:45: arm.REM.training.2.bouts: unknown key; "),
                          "s.toml:46: arm.REM.training.2.phase: is a whole number, must be text in quotes; the phase "
                          "from whose start first_d counts",
                          StartsWith("s.toml:49: arm.REM.label.first_d: is -1, must be from 0 to 36500 d;")));
}

TEST(BuildStudy, WantsAListOfTablesForTrainingsAndATableForTheLabel) {
  Node document = massage_study();
  in(document, "arm", 0).set("training", at(30, Table{}));
  in(document, "arm", 0).set("label", at(31, Array{}));
  EXPECT_THAT(
      problems_of(document),
      ElementsAre(
          "s.toml:30: arm.WB.training: is a table, must be a list of tables; write [[training]] in double brackets",
          "s.toml:31: arm.WB.label: is a list, must be a table"));
}

TEST(BuildStudy, WantsThePhaseOfATraining) {
  Node document = massage_study();
  in(document, "arm", 1).set("training", at(30, Array{at(31, Table{})}));
  EXPECT_THAT(problems_of(document),
              ElementsAre("s.toml:31: arm.REM.training.phase: is missing; the phase from whose start first_d counts"));
}

TEST(BuildStudy, RefusesASolverThatIsNotAccurateEnough) {
  EXPECT_THAT(
      problems_of(with("solver", "rtol", 1e-3)),
      ElementsAre("s.toml:31: solver.rtol: is 0.001, must be from 1e-13 to 0.0001; relative error allowed per step"));
}

TEST(BuildStudy, TellsWhereTheFileLeavesAMuscleWithoutFibres) {
  Node document = with("parameters", Table{{"fraction_type_I", at(31, 0)},
                                           {"fraction_type_IIa", at(32, 0)},
                                           {"fraction_type_IIx", at(33, 0)},
                                           {"fraction_type_IIb", at(34, 0)}});
  document.set("muscles", at(2, Array{at(2, "gastrocnemius_medial")}));
  EXPECT_THAT(
      problems_of(document),
      ElementsAre("s.toml:30: parameters.gastrocnemius_medial.fraction_type_I: all fibre types have a share of 0"));
}

TEST(BuildStudy, LeavesWhatIsNotGivenAtItsDefault) {
  const Study study = build_study(massage_study());
  EXPECT_EQ(study.title, "");
  EXPECT_EQ(study.animals.per_arm, Animals{}.per_arm);
  EXPECT_EQ(study.arms[1].massages[0].bouts, Massage{}.bouts);
  EXPECT_EQ(study.parameters[3].csa_type_I_um2, 900.2);
}

TEST(BuildStudy, RoundsDaysToWholeMinutes) {
  EXPECT_EQ(build_study(with_massage("every_d", 1.0 / 3.0)).arms[1].massages[0].every, Minutes(480));
  EXPECT_EQ(build_study(with_massage("first_d", 0.0012)).arms[1].massages[0].first, Minutes(2));  // 1.728 min
  EXPECT_EQ(build_study(with_massage("bout_min", 16.6)).arms[1].massages[0].bout, Minutes(17));
  EXPECT_THAT(build_study(with("record", "times_d", Array{at(31, 0.1), at(31, 7)})).record.times,
              ElementsAre(Minutes(144), Minutes(10080)));
}

TEST(BuildStudy, RefusesATimeThatRoundingWouldLose) {
  EXPECT_THAT(problems_of(with_massage("every_d", 0.0003)),
              ElementsAre("s.toml:31: arm.REM.massage.every_d: is 0.0003 d, which is less than half a minute; "
                          "time from the start of a bout to the start of the next"));
  EXPECT_THAT(problems_of(with_massage("bout_min", 0.3)),
              ElementsAre("s.toml:31: arm.REM.massage.bout_min: is 0.3 min, which is less than half a minute; "
                          "length of a bout; 0 is no massage"));
}

TEST(BuildStudy, TakesOneLoadForBothLimbsOrOneForEach) {
  EXPECT_EQ(build_study(with_phase("load", 0.3)).arms[1].phases[0].load, (Load{{0.3, 0.3}}));
  EXPECT_EQ(build_study(with_phase("load", Table{{"right", at(31, 0.7)}, {"left", at(31, 0)}})).arms[1].phases[0].load,
            (Load{{0.0, 0.7}}));
}

TEST(BuildStudy, SaysWhatIsWrongWithALoad) {
  const std::string start = "s.toml:31: arm.REM.phase.suspension.load: ";
  EXPECT_THAT(problems_of(with_phase("load", -0.3)),
              ElementsAre(StartsWith(start + "is -0.3, must be from 0 to 2; weight borne")));
  EXPECT_THAT(problems_of(with_phase("load", Table{{"left", at(31, 0)}, {"rigth", at(31, 0)}})),
              ElementsAre(StartsWith(start + "has a 'rigth', must have 'left' and 'right' alone;")));
  EXPECT_THAT(problems_of(with_phase("load", Table{{"left", at(31, 0)}})),
              ElementsAre(StartsWith(start + "has no 'right';")));
  EXPECT_THAT(problems_of(with_phase("load", Table{{"left", at(31, 0)}, {"right", at(31, 7)}})),
              ElementsAre(StartsWith(start + "right is 7, must be from 0 to 2;")));
  EXPECT_THAT(problems_of(with_phase("load", Table{{"left", at(31, 0)}, {"right", at(31, 0)}, {"both", at(31, 0)}})),
              ElementsAre(StartsWith(start + "has a 'both', must have 'left' and 'right' alone;")));
}

TEST(BuildStudy, SaysWhatIsWrongWithANumber) {
  const std::string start = "s.toml:31: animals.age_months: ";
  const std::string meaning =
      "; of all rats; growth of young rats is not modelled, the effect of old age is a prediction";
  EXPECT_THAT(problems_of(with("animals", "age_months", 0.3)),
              ElementsAre(start + "is 0.3, must be from 1 to 40 month" + meaning));
  EXPECT_THAT(problems_of(with("animals", "age_months", "old")),
              ElementsAre(start + "is text, must be a number" + meaning));
  EXPECT_THAT(problems_of(with("animals", "age_months", std::nan(""))),
              ElementsAre(start + "is nan, must be a finite number" + meaning));
  EXPECT_THAT(problems_of(with("animals", "age_months", -infinity)),
              ElementsAre(start + "is -inf, must be a finite number" + meaning));
  EXPECT_THAT(problems_of(with("animals", "age_months", std::monostate{})),
              ElementsAre(start + "is a date or time, must be a number" + meaning));
}

TEST(BuildStudy, SaysWhichNumbersAreAllowedWhereAnEndIsOpen) {
  EXPECT_THAT(problems_of(with("record", "every_d", 0)),
              ElementsAre(HasSubstr("record.every_d: is 0, must be > 0 and <= 36500 d;")));
}

TEST(BuildStudy, SaysWhatIsWrongWithAWholeNumber) {
  const std::string start = "s.toml:31: animals.per_arm: ";
  EXPECT_THAT(problems_of(with("animals", "per_arm", 0)),
              ElementsAre(start + "is 0, must be from 1 to 1000000; rats in each arm"));
  EXPECT_THAT(problems_of(with("animals", "per_arm", 7.5)),
              ElementsAre(start + "is 7.5, must be a whole number; rats in each arm"));
  EXPECT_THAT(problems_of(with("animals", "per_arm", true)),
              ElementsAre(start + "is true or false, must be a whole number; rats in each arm"));
}

TEST(BuildStudy, SaysWhatIsWrongWithAChoice) {
  const std::string start = "s.toml:31: animals.sex: ";
  EXPECT_THAT(problems_of(with("animals", "sex", "Male")),
              ElementsAre(start + "is 'Male', must be one of male, female; of all rats; its effect is a prediction"));
  EXPECT_THAT(
      problems_of(with("animals", "sex", 7)),
      ElementsAre(start + "is a whole number, must be text in quotes; of all rats; its effect is a prediction"));
}

TEST(BuildStudy, SaysWhatIsWrongWithAListOfChoices) {
  const std::string start = "s.toml:31: record.observables: ";
  const std::string end = "; what is recorded; everything where left out";
  EXPECT_THAT(problems_of(with("record", "observables", "csa")),
              ElementsAre(start + "is text, must be a list of texts, such as [\"csa\"]" + end));
  EXPECT_THAT(problems_of(with("record", "observables", Array{})), ElementsAre(start + "is an empty list" + end));
  EXPECT_THAT(problems_of(with("record", "observables", Array{at(31, "rna"), at(31, "rna")})),
              ElementsAre(start + "names 'rna' twice" + end));
  EXPECT_THAT(problems_of(with("record", "observables", Array{at(31, "mass")})),
              ElementsAre(StartsWith(start + "is 'mass', must be one of csa, csa_by_type, wet_mass, ")));
  EXPECT_THAT(problems_of(with("record", "observables", Array{at(31, 7)})),
              ElementsAre(start + "is a whole number, must be text in quotes" + end));
}

TEST(BuildStudy, SaysWhatIsWrongWithAListOfTimes) {
  const std::string start = "s.toml:31: record.times_d: ";
  const std::string end = "; recorded times, instead of every_d; each arm's end is recorded too";
  EXPECT_THAT(problems_of(with("record", "times_d", 7)),
              ElementsAre(start + "is a whole number, must be a list of numbers, such as [0, 7, 14]" + end));
  EXPECT_THAT(problems_of(with("record", "times_d", Array{})), ElementsAre(start + "is an empty list" + end));
  EXPECT_THAT(problems_of(with("record", "times_d", Array{at(31, 7), at(31, -3)})),
              ElementsAre(start + "is -3, must be from 0 to 36500 d" + end));
}

TEST(BuildStudy, SaysWhatIsWrongWithText) {
  EXPECT_THAT(problems_of(with_massage("phase", Array{})),
              ElementsAre("s.toml:31: arm.REM.massage.phase: is a list, must be text in quotes; "
                          "the phase from whose start first_d counts"));
}

TEST(BuildStudy, SaysWhatIsMissingFromATable) {
  Node document = massage_study();
  in(document, "arm", 0).table()->erase(in(document, "arm", 0).table()->begin());
  in(document, "arm", 1, "phase", 1).table()->erase(in(document, "arm", 1, "phase", 1).table()->begin());
  EXPECT_THAT(problems_of(document),
              ElementsAre("s.toml:3: arm.1.name: is missing; of the arm, unique in the study; without dots",
                          "s.toml:13: arm.REM.phase.2.name: is missing; "
                          "of the phase, unique in the arm; without dots"));
}

TEST(BuildStudy, SaysWhereANameIsEmpty) {
  Node document = massage_study();
  in(document, "arm", 0).set("name", at(30, ""));
  in(document, "arm", 1, "massage", 0).set("phase", at(31, ""));
  EXPECT_THAT(problems_of(document),
              ElementsAre("s.toml:30: arm.1.name: is empty; of the arm, unique in the study; without dots",
                          "s.toml:31: arm.REM.massage.phase: is empty; the phase from whose start first_d counts"));
}

TEST(BuildStudy, SuggestsWhatAnUnknownKeyMayMean) {
  EXPECT_THAT(
      problems_of(with_phase("duration_days", 7)),
      ElementsAre("s.toml:31: arm.REM.phase.suspension.duration_days: unknown key; did you mean 'duration_d'?"));
  EXPECT_THAT(problems_of(with("animal", Table{})),
              ElementsAre("s.toml:30: animal: unknown key; did you mean 'animals'?"));
  EXPECT_THAT(problems_of(with("compare", "against", "WB")),
              ElementsAre("s.toml:31: compare.against: unknown key; known here: control, untreated"));
}

TEST(BuildStudy, WantsTablesWhereTablesBelong) {
  Node document = massage_study();
  document.set("solver", at(30, 7));
  document.set("parameters", at(31, "none"));
  document.set("crossover", at(32, Array{}));
  EXPECT_THAT(problems_of(document), ElementsAre("s.toml:30: solver: is a whole number, must be a table",
                                                 "s.toml:31: parameters: is text, must be a table",
                                                 "s.toml:32: crossover: is a list, must be a table"));
}

TEST(BuildStudy, WantsListsOfTablesForArms) {
  Node document = massage_study();
  document.set("arm", at(30, Table{}));
  EXPECT_THAT(problems_of(document),
              ElementsAre("s.toml:30: arm: is a table, must be a list of tables; write [[arm]] in double brackets"));
  document.set("arm", at(30, Array{at(31, 7)}));
  EXPECT_THAT(problems_of(document), ElementsAre("s.toml:31: arm.1: is a whole number, must be a table"));
}

TEST(BuildStudy, WantsListsOfTablesForPhasesAndMassages) {
  Node document = massage_study();
  in(document, "arm", 0).set("phase", at(30, Table{}));
  in(document, "arm", 1).set("massage", at(31, Array{at(31, 7), at(32, "text")}));
  EXPECT_THAT(problems_of(document), ElementsAre("s.toml:30: arm.WB.phase: is a table, must be a list of tables; "
                                                 "write [[phase]] in double brackets",
                                                 "s.toml:31: arm.REM.massage.1: is a whole number, must be a table",
                                                 "s.toml:32: arm.REM.massage.2: is text, must be a table"));
}

TEST(BuildStudy, TellsEverythingAtOnceInTheOrderOfTheFile) {
  Node document = massage_study();
  document.set("seed", at(2, -3));
  in(document, "arm", 0).set("name", at(4, 7));
  in(document, "arm", 1, "phase", 0).set("load", at(11, "none"));
  in(document, "arm", 1, "massage", 0).set("force", at(18, 7));
  in(document, "solver").set("rtol", at(20, 0));
  document.set("record", at(21, Table{{"every", at(22, 7)}}));
  document.set("parameters", at(23, Table{{"drive_max", at(24, -0.3)}}));
  document.set("animals", at(25, Table{{"per_arm", at(100, 0)}}));
  EXPECT_THAT(problems_of(document),
              ElementsAre(StartsWith("s.toml:2: seed: "), StartsWith("s.toml:4: arm.1.name: "),
                          StartsWith("s.toml:11: arm.REM.phase.suspension.load: "),
                          StartsWith("s.toml:18: arm.REM.massage.force: "), StartsWith("s.toml:20: solver.rtol: "),
                          StartsWith("s.toml:22: record.every: "), StartsWith("s.toml:24: parameters.drive_max: "),
                          StartsWith("s.toml:100: animals.per_arm: ")));
}

TEST(BuildStudy, TellsWhereInTheFileTheStudyAsAWholeIsWrong) {
  Node document = massage_study();
  in(document, "arm", 1, "massage", 0).set("bouts", at(31, 7));
  document.set("compare", at(29, Table{{"control", at(30, "WBX")}}));
  EXPECT_THAT(problems_of(document),
              ElementsAre(StartsWith("s.toml:16: arm.REM.massage: the last bout ends on day 26.02"),
                          "s.toml:30: compare.control: names 'WBX', which is no arm of the study; did you mean 'WB'?"));
}

TEST(Parameters, ForAllMusclesOrForOne) {
  Node document = with("parameters", Table{{"drive_max", at(31, 0.3)},
                                           {"csa_type_I_um2", at(32, 700)},
                                           {"soleus", at(33, Table{{"csa_type_I_um2", at(34, 900)}})}});
  const ParameterSet set = build_study(document).parameters;
  for (const auto& parameters : set) EXPECT_EQ(parameters.drive_max, 0.3);
  EXPECT_EQ(of(set, Muscle::soleus).csa_type_I_um2, 900.0);
  EXPECT_EQ(of(set, Muscle::edl).csa_type_I_um2, 700.0);
}

TEST(Parameters, OfOneMuscleHoldWhereverTheyStand) {
  Node document = with(
      "parameters", Table{{"soleus", at(31, Table{{"csa_type_I_um2", at(32, 900)}})}, {"csa_type_I_um2", at(33, 700)}});
  const ParameterSet set = build_study(document).parameters;
  EXPECT_EQ(of(set, Muscle::soleus).csa_type_I_um2, 900.0);
  EXPECT_EQ(of(set, Muscle::edl).csa_type_I_um2, 700.0);
}

TEST(Parameters, HaveAllTheirMistakesNamed) {
  Node document = with("parameters",
                       Table{{"drive_maximum", at(31, 0.3)},
                             {"efficiency_loss", at(32, 7)},
                             {"soleus", at(33, Table{{"drive_max", at(34, 0.3)}, {"csa_type_I_um2", at(35, "large")}})},
                             {"edl", at(36, 7)},
                             {"gastrocnemiuss", at(37, Table{})}});
  EXPECT_THAT(
      problems_of(document),
      ElementsAre("s.toml:31: parameters.drive_maximum: unknown parameter; did you mean 'drive_max'?",
                  "s.toml:32: parameters.efficiency_loss: is 7, must be from 0 to 3; "
                  "translational efficiency falls to 1 / (1 + this) in a fully unloaded limb of sensitivity 1",
                  "s.toml:34: parameters.soleus.drive_max: is the same for all muscles; write parameters.drive_max",
                  "s.toml:35: parameters.soleus.csa_type_I_um2: is text, must be a number; "
                  "mean cross-sectional area of type I fibres at the set point",
                  "s.toml:36: parameters.edl: is a whole number, must be a table",
                  "s.toml:37: parameters.gastrocnemiuss: unknown parameter; did you mean 'gastrocnemius'?"));
}

TEST(Parameters, OfTheGastrocnemiusAreThoseOfBothHeadsUnlessOneHasItsOwn) {
  Node document =
      with("parameters",
           Table{{"gastrocnemius_lateral", at(31, Table{{"extracellular_fill", at(32, 0.7)}})},
                 {"gastrocnemius", at(33, Table{{"extracellular_fill", at(34, 0.3)}, {"wet_mass_mg", at(35, 700)}})},
                 {"extracellular_fill", at(36, 0.11)}});
  const ParameterSet set = build_study(document).parameters;
  EXPECT_EQ(of(set, Muscle::gastrocnemius_medial).extracellular_fill, 0.3);
  EXPECT_EQ(of(set, Muscle::gastrocnemius_lateral).extracellular_fill, 0.7);
  EXPECT_EQ(of(set, Muscle::gastrocnemius_lateral).wet_mass_mg, 700.0);
  EXPECT_EQ(of(set, Muscle::soleus).extracellular_fill, 0.11);
}

TEST(Parameters, OfTheGastrocnemiusHaveTheirMistakesNamed) {
  EXPECT_THAT(
      problems_of(with("parameters", Table{{"gastrocnemius",
                                            at(31, Table{{"drive_max", at(32, 0.3)}, {"wet_mass_mg", at(33, 0)}})}})),
      ElementsAre(
          "s.toml:32: parameters.gastrocnemius.drive_max: is the same for all muscles; write parameters.drive_max",
          "s.toml:33: parameters.gastrocnemius.wet_mass_mg: is 0, must be from 1 to 10000 mg; wet mass at the set "
          "point"));
}

TEST(Crossover, SetsTheGainsOfTheRoutes) {
  const ParameterSet set =
      build_study(with("crossover", Table{{"humoral_gain", at(31, 0.3)}, {"neural_gain", at(32, 7)}})).parameters;
  for (const auto& parameters : set) {
    EXPECT_EQ(parameters.humoral_gain, 0.3);
    EXPECT_EQ(parameters.neural_gain, 7.0);
    EXPECT_EQ(parameters.behavioural_gain, 0.0);
  }
}

TEST(Crossover, KnowsNoOtherKeys) {
  EXPECT_THAT(problems_of(with("crossover", "humoral", 0.3)),
              ElementsAre("s.toml:31: crossover.humoral: unknown key; did you mean 'humoral_gain'?"));
  EXPECT_THAT(problems_of(with("crossover", "drive_max", 0.3)),
              ElementsAre("s.toml:31: crossover.drive_max: unknown key; "
                          "known here: humoral_gain, neural_gain, behavioural_gain"));
}

TEST(Crossover, CannotBeGivenTwice) {
  Node document = with("crossover", "neural_gain", 0.3);
  document.set("parameters", at(32, Table{{"neural_gain", at(33, 0.7)}}));
  EXPECT_THAT(
      problems_of(document),
      ElementsAre("s.toml:31: crossover.neural_gain: is given twice; parameters.neural_gain is the same number"));
}

TEST(ParameterFile, ComesBeforeTheStudy) {
  const Node file =
      at(1, Table{{"title", at(1, "fit")},
                  {"parameters", at(2, Table{{"drive_max", at(3, 0.7)},
                                             {"local_gain", at(4, 0.7)},
                                             {"humoral_gain", at(5, 0.7)},
                                             {"soleus", at(6, Table{{"csa_type_I_um2", at(7, 700)}})}})}});
  Node document = with("parameters", Table{{"drive_max", at(31, 0.3)}, {"csa_type_I_um2", at(32, 900)}});
  document.set("crossover", at(33, Table{{"humoral_gain", at(34, 0.3)}}));
  const ParameterSet set = build_study(document, &file).parameters;
  EXPECT_EQ(set[0].drive_max, 0.3);
  EXPECT_EQ(set[0].local_gain, 0.7);
  EXPECT_EQ(set[0].humoral_gain, 0.3);
  EXPECT_EQ(of(set, Muscle::soleus).csa_type_I_um2, 900.0);
}

TEST(ParameterFile, HoldsNothingButParameters) {
  Node file = at(1, Table{{"seed", at(1, 7)},
                          {"parameters", at(2, Table{{"file", at(3, "other.toml")}, {"drive_max", at(4, 7)}})}});
  file.where = "s.toml:1";
  EXPECT_THAT(problems_of(massage_study(), &file),
              ElementsAre("s.toml:1: seed: does not belong in a parameter file; it holds one table, [parameters]",
                          "s.toml:3: parameters.file: does not belong in a parameter file; it cannot name another one",
                          StartsWith("s.toml:4: parameters.drive_max: is 7, must be from 0 to 5")));
}

TEST(Override, ComesBeforeTheStudyAndTheParameterFile) {
  const Node file = at(1, Table{{"parameters", at(2, Table{{"drive_max", at(3, 0.7)}})}});
  Node document = with("parameters", "drive_max", 0.3);
  EXPECT_THAT(apply_override(document, "parameters.drive_max", set_to(0.11)), IsEmpty());
  EXPECT_EQ(build_study(document, &file).parameters[0].drive_max, 0.11);
}

TEST(Override, IsWhereItsMistakesAre) {
  Node document = massage_study();
  EXPECT_THAT(apply_override(document, "animals.per_arm", set_to(-3)), IsEmpty());
  EXPECT_THAT(problems_of(document),
              ElementsAre("--set: animals.per_arm: is -3, must be from 1 to 1000000; rats in each arm"));
}

}  // namespace
}  // namespace hindlimb::scenario
