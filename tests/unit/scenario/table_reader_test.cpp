#include "hindlimb/scenario/table_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> problems_of(TableReader& reader) {
  try {
    reader.throw_if_any();
  } catch (const InputError& error) {
    return texts(error.problems());
  }
  return {};
}

TEST(TableReader, FillsAStructFromATable) {
  TableReader reader;
  Solver solver;
  reader.read(at(1, Table{{"rtol", at(2, 3e-7)}, {"max_steps", at(3, 700)}}), "solver", solver);
  EXPECT_THAT(problems_of(reader), IsEmpty());
  EXPECT_EQ(solver.rtol, 3e-7);
  EXPECT_EQ(solver.max_steps, 700);
  EXPECT_EQ(solver.atol, Solver{}.atol);
}

TEST(TableReader, KeepsEveryProblemAndLeavesTheKeyAsItWas) {
  TableReader reader;
  Solver solver;
  reader.read(at(1, Table{{"rtol", at(2, "small")}, {"max_step", at(3, 7)}, {"atol", at(4, 0)}}), "solver", solver);
  EXPECT_TRUE(reader.found_problems());
  EXPECT_THAT(problems_of(reader),
              ElementsAre("s.toml:2: solver.rtol: is text, must be a number; relative error allowed per step",
                          "s.toml:3: solver.max_step: unknown key; did you mean 'max_steps'?",
                          testing::StartsWith("s.toml:4: solver.atol: is 0, must be > 0 and <= 0.01; absolute error")));
  EXPECT_EQ(solver.rtol, Solver{}.rtol);
}

TEST(TableReader, LeavesInnerTablesToOthersButKnowsTheirNames) {
  TableReader reader;
  Arm arm;
  reader.read(at(1, Table{{"name", at(1, "WB")}, {"phase", at(2, 7)}, {"phases", at(3, 7)}}), "arm.WB", arm, {"phase"});
  EXPECT_THAT(problems_of(reader), ElementsAre("s.toml:3: arm.WB.phases: unknown key; did you mean 'phase'?"));
}

TEST(TableReader, NamesWhatIsMissing) {
  TableReader reader;
  Training training;
  reader.read(at(7, Table{{"load", at(8, 1.3)}}), "arm.RE.training", training);
  EXPECT_THAT(problems_of(reader),
              ElementsAre("s.toml:7: arm.RE.training.phase: is missing; the phase from whose start first_d counts"));
}

TEST(TableReader, ReadsASectionOnlyWhereThereIsOne) {
  TableReader reader;
  Compare compare;
  const Node document = at(1, Table{{"compare", at(2, Table{{"control", at(3, "WB")}})}});
  reader.read_section(document, "comparison", compare);
  EXPECT_EQ(compare.control, "");
  reader.read_section(document, "compare", compare);
  EXPECT_EQ(compare.control, "WB");
  EXPECT_THAT(problems_of(reader), IsEmpty());
}

TEST(TableReader, TellsTablesWithoutANameApartByTheirNumber) {
  TableReader reader;
  std::vector<Massage> massages;
  const Node wrong = at(2, Table{{"phase", at(3, "cage")}, {"force_N", at(4, "7")}});
  reader.read_numbered(at(1, Table{{"massage", at(2, Array{wrong})}}), "arm.WBM", "massage", massages);
  EXPECT_THAT(massages, SizeIs(1));
  EXPECT_THAT(
      problems_of(reader),
      ElementsAre("s.toml:4: arm.WBM.massage.force_N: is text, must be a number; compressive force; 0 is no massage"));

  TableReader second;
  const Node right = at(5, Table{{"phase", at(6, "cage")}});
  second.read_numbered(at(1, Table{{"massage", at(2, Array{right, wrong})}}), "arm.WBM", "massage", massages);
  EXPECT_THAT(massages, SizeIs(3));
  EXPECT_THAT(problems_of(second), ElementsAre(testing::StartsWith("s.toml:4: arm.WBM.massage.2.force_N: ")));
}

TEST(TableReader, ReadsNumberedTablesAtTheTop) {
  TableReader reader;
  std::vector<Massage> massages;
  reader.read_numbered(at(1, Table{{"massage", at(2, Array{at(3, Table{})})}}), "", "massage", massages);
  EXPECT_THAT(problems_of(reader),
              ElementsAre("s.toml:3: massage.phase: is missing; the phase from whose start first_d counts"));
}

TEST(TableReader, SaysWhatIsNoTableAndWhatIsNoListOfTables) {
  TableReader reader;
  Solver solver;
  reader.read(at(1, Array{}), "solver", solver);
  EXPECT_THAT(reader.entries(at(2, Table{{"arm", at(3, "WB")}}), "arm", "arm"), IsEmpty());
  EXPECT_THAT(reader.entries(at(2, Table{}), "arm", "arm"), IsEmpty());
  EXPECT_THAT(problems_of(reader),
              ElementsAre("s.toml:1: solver: is a list, must be a table",
                          "s.toml:3: arm: is text, must be a list of tables; write [[arm]] in double brackets"));
}

TEST(TableReader, PutsProblemsOfTheWholeAtTheNearestPlaceItKnows) {
  TableReader reader;
  Compare compare;
  reader.read(at(30, Table{{"control", at(31, "WB")}}), "compare", compare);
  reader.add({{"", "compare.control", "is wrong", ""},
              {"", "compare.untreated.name", "is wrong", ""},
              {"", "arm", "is wrong", ""}});
  EXPECT_THAT(problems_of(reader), ElementsAre("arm: is wrong", "s.toml:30: compare.untreated.name: is wrong",
                                               "s.toml:31: compare.control: is wrong"));
}

TEST(TableReader, TellsProblemsInTheOrderOfTheFileByNumberNotByText) {
  TableReader reader;
  for (const int line : {100, 20, 3}) reader.report(at(line, 7), "key", "is wrong", "");
  EXPECT_THAT(problems_of(reader),
              ElementsAre("s.toml:3: key: is wrong", "s.toml:20: key: is wrong", "s.toml:100: key: is wrong"));
}

// --- lists of texts --------------------------------------------------------------------------------------------------

constexpr KeyInfo rows{"rows", KeyType::texts, "", {}, {}, "ids of rows", "", ""};

TEST(ConvertTexts, TakesAListOfAnyTextsInOrder) {
  const Conversion conversion = convert(at(1, Array{at(1, "O0002"), at(1, ""), at(1, "O0001"), at(1, "O0002")}), rows);
  ASSERT_TRUE(conversion.value.has_value());
  EXPECT_EQ(*conversion.value, (Value(std::vector<std::string>{"O0002", "", "O0001", "O0002"})));
}

TEST(ConvertTexts, RefusesWhatIsNone) {
  EXPECT_EQ(convert(at(1, "O0001"), rows).problem, "is text, must be a list of texts in quotes");
  EXPECT_EQ(convert(at(1, Array{at(1, "O0001"), at(1, 7)}), rows).problem, "is a whole number, must be text in quotes");
}

TEST(ConvertTexts, RefusesAnEmptyListAsSuch) { EXPECT_EQ(convert(at(1, Array{}), rows).problem, "is an empty list"); }

}  // namespace
}  // namespace hindlimb::scenario
