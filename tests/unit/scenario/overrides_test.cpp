#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hindlimb/scenario/build.hpp"
#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What is wrong with a change of a study with two arms, the second of which has two massages.
std::vector<std::string> problems_of_change(std::string_view key) {
  Node document = study_with_two_massages();
  return texts(apply_override(document, key, set_to(0.7)));
}

double number(const Node& node) { return std::get<double>(node.value); }

class Change : public testing::Test {
 protected:
  void apply(std::string_view key) { ASSERT_THAT(apply_override(document_, key, set_to(0.7)), IsEmpty()); }
  template <class... Path>
  Node& node(Path... path) {
    return in(document_, path...);
  }
  Node document_ = study_with_two_massages();
};

TEST_F(Change, ReplacesAKeyAndSaysThatItDid) {
  apply("solver.rtol");
  EXPECT_EQ(number(node("solver", "rtol")), 0.7);
  EXPECT_EQ(node("solver", "rtol").where.to_string(), "--set");
}

TEST_F(Change, AddsAKeyAtTheTop) {
  apply("title");
  EXPECT_EQ(number(node("title")), 0.7);
}

TEST_F(Change, AddsTheTablesOnTheWay) {
  apply("parameters.soleus.csa_type_I_um2");
  EXPECT_EQ(number(node("parameters", "soleus", "csa_type_I_um2")), 0.7);
}

TEST_F(Change, OfAPhaseIsForThatPhaseOfThatArm) {
  apply("arm.REM.phase.reload.load");
  EXPECT_EQ(number(node("arm", 1, "phase", 1, "load")), 0.7);
  EXPECT_EQ(std::get<std::int64_t>(node("arm", 1, "phase", 0, "load").value), 0);
  EXPECT_EQ(node("arm", 0, "phase", 0).find("load"), nullptr);
}

TEST_F(Change, OfAnyArmIsForEveryArmThatHasThePhase) {
  in(document_, "arm", 0, "phase", 0).set("name", at(6, "suspension"));
  apply("arm.*.phase.suspension.load");
  EXPECT_EQ(number(node("arm", 0, "phase", 0, "load")), 0.7);
  EXPECT_EQ(number(node("arm", 1, "phase", 0, "load")), 0.7);
  EXPECT_EQ(node("arm", 1, "phase", 1).find("load"), nullptr);
}

TEST_F(Change, OfAnyPhaseIsForAllPhasesOfTheArm) {
  apply("arm.REM.phase.*.load");
  EXPECT_EQ(number(node("arm", 1, "phase", 0, "load")), 0.7);
  EXPECT_EQ(number(node("arm", 1, "phase", 1, "load")), 0.7);
  EXPECT_EQ(node("arm", 0, "phase", 0).find("load"), nullptr);
}

TEST_F(Change, OfAMassageIsForAllMassagesOfTheArm) {
  apply("arm.REM.massage.force_N");
  EXPECT_EQ(number(node("arm", 1, "massage", 0, "force_N")), 0.7);
  EXPECT_EQ(number(node("arm", 1, "massage", 1, "force_N")), 0.7);
}

TEST_F(Change, OfANumberedMassageIsForThatOne) {
  apply("arm.REM.massage.2.force_N");
  EXPECT_EQ(number(node("arm", 1, "massage", 0, "force_N")), 3.5);
  EXPECT_EQ(number(node("arm", 1, "massage", 1, "force_N")), 0.7);
}

TEST_F(Change, OfEveryMassageSkipsArmsWithoutOne) {
  apply("arm.*.massage.force_N");
  EXPECT_EQ(node("arm", 0).find("massage"), nullptr);
  EXPECT_EQ(number(node("arm", 1, "massage", 1, "force_N")), 0.7);
}

TEST_F(Change, GoesIntoATableWithinAPhase) {
  node("arm", 1, "phase", 0).set("load", at(11, Table{{"left", at(11, 0)}, {"right", at(11, 1)}}));
  apply("arm.REM.phase.suspension.load.right");
  EXPECT_EQ(number(node("arm", 1, "phase", 0, "load", "right")), 0.7);
}

TEST_F(Change, OfAKeyThatNoArmKnowsIsLeftToTheReader) {
  apply("arm.WB.color");
  EXPECT_THAT(problems_of(document_),
              ElementsAre("--set: arm.WB.color: unknown key; known here: phase, massage, training, label, name"));
}

class ChangeOfTraining : public Change {
 protected:
  ChangeOfTraining() { document_ = study_with_training(); }
};

TEST_F(ChangeOfTraining, IsForAllTrainingsOfTheArm) {
  apply("arm.REM.training.load");
  EXPECT_EQ(number(node("arm", 1, "training", 0, "load")), 0.7);
  EXPECT_EQ(number(node("arm", 1, "training", 1, "load")), 0.7);
}

TEST_F(ChangeOfTraining, WithANumberIsForThatOne) {
  apply("arm.*.training.2.load");
  EXPECT_EQ(node("arm", 1, "training", 0).find("load"), nullptr);
  EXPECT_EQ(number(node("arm", 1, "training", 1, "load")), 0.7);
}

TEST_F(ChangeOfTraining, SkipsArmsWithoutOne) {
  apply("arm.*.training.load");
  EXPECT_EQ(node("arm", 0).find("training"), nullptr);
}

TEST_F(ChangeOfTraining, IsNotOneOfMassages) {
  apply("arm.REM.training.limb");
  EXPECT_EQ(node("arm", 1, "massage", 0).find("limb"), nullptr);
}

TEST_F(ChangeOfTraining, MayBeOneOfTheLabel) {
  apply("arm.REM.label.first_d");
  EXPECT_EQ(number(node("arm", 1, "label", "first_d")), 0.7);
  apply("arm.WB.label.first_d");  // of which the file says nothing
  EXPECT_EQ(number(node("arm", 0, "label", "first_d")), 0.7);
}

TEST(WrongChange, HasAnEmptyPart) {
  for (const std::string key : {"", ".", "animals.", ".per_arm", "arm..phase"}) {
    EXPECT_THAT(problems_of_change(key),
                ElementsAre("--set: " + (key.empty() ? "" : key + ": ") + "has an empty part between dots"));
  }
}

TEST(WrongChange, NamesAnArmThatIsNotThere) {
  EXPECT_THAT(problems_of_change("arm.RAM.massage.force_N"),
              ElementsAre("--set: arm.RAM.massage.force_N: there is no arm 'RAM'; did you mean 'REM'?"));
  EXPECT_THAT(problems_of_change("arm.control.name"),
              ElementsAre("--set: arm.control.name: there is no arm 'control'; known here: WB, REM"));
}

TEST(WrongChange, NamesAPhaseOrMassageThatIsNotThere) {
  EXPECT_THAT(problems_of_change("arm.REM.phase.relaod.load"),
              ElementsAre("--set: arm.REM.phase.relaod.load: the arm has no such phase; did you mean 'reload'?"));
  EXPECT_THAT(problems_of_change("arm.*.phase.rest.load"),
              ElementsAre("--set: arm.*.phase.rest.load: no arm has such a phase"));
  EXPECT_THAT(problems_of_change("arm.WB.massage.force_N"),
              ElementsAre("--set: arm.WB.massage.force_N: the arm has no such massage; [[arm.massage]] in "
                          "the file adds one"));
  const std::string numbers = "the arm has no such massage; it has 2, and their numbers are 1 to 2";
  EXPECT_THAT(problems_of_change("arm.REM.massage.3.force_N"),
              ElementsAre("--set: arm.REM.massage.3.force_N: " + numbers));
  EXPECT_THAT(problems_of_change("arm.REM.massage.0.force_N"),
              ElementsAre("--set: arm.REM.massage.0.force_N: " + numbers));
}

TEST(WrongChange, NumbersAMassageThatIsTheOnlyOne) {
  Node document = study_with_two_massages();
  document.find("arm")->array()->at(1).find("massage")->array()->pop_back();
  EXPECT_THAT(texts(apply_override(document, "arm.REM.massage.2.force_N", set_to(0.7))),
              ElementsAre("--set: arm.REM.massage.2.force_N: the arm has no such massage; it has one: "
                          "arm.REM.massage.force_N"));
}

TEST(WrongChange, IsIncomplete) {
  const std::string hint = "is incomplete; write arm.NAME.KEY, or arm.*.KEY for every arm that has it";
  EXPECT_THAT(problems_of_change("arm"), ElementsAre("--set: arm: " + hint));
  EXPECT_THAT(problems_of_change("arm.REM"), ElementsAre("--set: arm.REM: " + hint));
}

TEST(WrongChange, NamesAPhaseOrMassageWithoutAKey) {
  EXPECT_THAT(
      problems_of_change("arm.REM.phase.reload"),
      ElementsAre(testing::StartsWith("--set: arm.REM.phase.reload: is incomplete; write arm.NAME.phase.NAME.KEY")));
  EXPECT_THAT(problems_of_change("arm.REM.massage.2"),
              ElementsAre(testing::StartsWith("--set: arm.REM.massage.2: is incomplete; write arm.NAME.massage.KEY")));
}

TEST(WrongChange, NamesATrainingThatIsNotThereOrNoKeyOfIt) {
  const auto problems = [](std::string_view key) {
    Node document = study_with_training();
    return texts(apply_override(document, key, set_to(0.7)));
  };
  EXPECT_THAT(problems("arm.WB.training.load"),
              ElementsAre("--set: arm.WB.training.load: the arm has no such training; [[arm.training]] in "
                          "the file adds one"));
  EXPECT_THAT(problems("arm.REM.training.3.load"),
              ElementsAre("--set: arm.REM.training.3.load: the arm has no such training; it has 2, and their numbers "
                          "are 1 to 2"));
  EXPECT_THAT(problems("arm.REM.training.2"),
              ElementsAre("--set: arm.REM.training.2: is incomplete; write arm.NAME.training.KEY, or "
                          "arm.NAME.training.NUMBER.KEY for one of several"));
}

TEST(WrongChange, GoesIntoWhatIsNoTable) {
  EXPECT_THAT(problems_of_change("seed.first"),
              ElementsAre("--set: seed.first: 'seed' is a whole number, not a table"));
  EXPECT_THAT(problems_of_change("arm.REM.massage.1.phase.name"),
              ElementsAre("--set: arm.REM.massage.1.phase.name: 'phase' is text, not a table"));
}

TEST(WrongChange, IsOfAStudyWithoutArms) {
  Node document = at(1, Table{{"arm", at(2, 7)}});
  EXPECT_THAT(texts(apply_override(document, "arm.WB.name", set_to("x"))),
              ElementsAre("--set: arm.WB.name: the study has no arms"));
}

TEST_F(Change, OfALoadOfOneLimbLeavesTheOther) {
  apply("arm.REM.phase.suspension.load.right");
  EXPECT_EQ(number(node("arm", 1, "phase", 0, "load", "right")), 0.7);
  EXPECT_EQ(std::get<std::int64_t>(node("arm", 1, "phase", 0, "load", "left").value), 0);
}

TEST_F(Change, OfALoadOfOneLimbWhereNoneIsWrittenLeavesTheOtherBearingTheCage) {
  apply("arm.WB.phase.cage.load.left");
  EXPECT_EQ(number(node("arm", 0, "phase", 0, "load", "left")), 0.7);
  EXPECT_EQ(number(node("arm", 0, "phase", 0, "load", "right")), 1.0);
}

TEST_F(Change, OfAGainOfTheCrossoverTakesThePlaceOfTheSameParameter) {
  apply("parameters.neural_gain");
  apply("crossover.neural_gain");
  EXPECT_EQ(node("parameters").find("neural_gain"), nullptr);
  EXPECT_EQ(number(node("crossover", "neural_gain")), 0.7);
  apply("parameters.neural_gain");
  EXPECT_EQ(node("crossover").find("neural_gain"), nullptr);
  EXPECT_EQ(number(node("parameters", "neural_gain")), 0.7);
}

/// The reader names these mistakes of the file; a change must survive them.
TEST(AnyChange, LeavesAloneWhatIsNoTableAmongArmsPhasesAndMassages) {
  Node document = study_with_two_massages();
  document.find("arm")->array()->push_back(at(30, 7));
  in(document, "arm", 1, "phase").array()->push_back(at(31, "rest"));
  in(document, "arm", 1, "massage").array()->push_back(at(32, 0.3));
  for (const std::string_view key :
       {"arm.*.name", "arm.*.phase.*.load", "arm.*.massage.force_N", "arm.*.massage.3.force_N"}) {
    apply_override(document, key, set_to("x"));
  }
  EXPECT_THAT(problems_of(document), testing::IsSupersetOf({"s.toml:30: arm.3: is a whole number, must be a table"}));
}

}  // namespace
}  // namespace hindlimb::scenario
