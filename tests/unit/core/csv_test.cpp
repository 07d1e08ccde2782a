#include "hindlimb/core/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StrEq;

using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view text) {
  std::vector<Cells> rows;
  const CsvTable table = CsvTable::parse(text, "t.csv");
  for (const CsvRow& row : table.rows()) rows.push_back(row.cells);
  return rows;
}

std::vector<std::size_t> lines_of(std::string_view text) {
  std::vector<std::size_t> lines;
  const CsvTable table = CsvTable::parse(text, "t.csv");
  for (const CsvRow& row : table.rows()) lines.push_back(row.line);
  return lines;
}

std::string refusal(std::string_view text) {
  try {
    CsvTable::parse(text, "t.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CsvTable, HasTheCellsOfEveryRowUnderTheNamesOfItsHeader) {
  const CsvTable table = CsvTable::parse("id,value\nO1,0.3\nO2,7\n", "t.csv");
  ASSERT_THAT(table.rows(), SizeIs(2));
  EXPECT_EQ(table.cell(table.rows()[0], "id"), "O1");
  EXPECT_EQ(table.cell(table.rows()[1], "value"), "7");
  EXPECT_EQ(table.where(table.rows()[1]), "t.csv:3");
  EXPECT_EQ(table.name(), "t.csv");
}

TEST(CsvTable, MayHaveNoRows) {
  EXPECT_THAT(cells_of("id,value\n"), IsEmpty());
  EXPECT_THAT(cells_of("id,value"), IsEmpty());
}

TEST(CsvTable, NeedsNoLineBreakAtItsEnd) { EXPECT_THAT(cells_of("a,b\n1,2"), ElementsAre(Cells{"1", "2"})); }

TEST(CsvTable, KeepsEmptyCellsAndSpaces) {
  EXPECT_THAT(cells_of("a,b,c\n,  x , \n,,\n"), ElementsAre(Cells{"", "  x ", " "}, Cells{"", "", ""}));
}

TEST(CsvTable, TakesCommasLineBreaksAndNothingInQuotes) {
  EXPECT_THAT(cells_of("a,b\n\"x, y\",\"\"\n\"two\nlines\",z\n"),
              ElementsAre(Cells{"x, y", ""}, Cells{"two\nlines", "z"}));
}

TEST(CsvTable, TakesTwoQuotesInQuotesAsOne) {
  EXPECT_THAT(cells_of("a,b\n\"say \"\"so\"\"\",\"\"\"\"\n"), ElementsAre(Cells{"say \"so\"", "\""}));
}

TEST(CsvTable, TakesAQuoteWithinAPlainCellAsItStands) {
  EXPECT_THAT(cells_of("a,b\n5\" long,x\n"), ElementsAre(Cells{"5\" long", "x"}));
}

TEST(CsvTable, MayHaveAQuotedHeader) {
  const CsvTable table = CsvTable::parse("\"a, b\",c\n1,2\n", "t.csv");
  EXPECT_EQ(table.cell(table.rows()[0], "a, b"), "1");
}

TEST(CsvTable, ReadsTheLineBreaksOfWindows) {
  EXPECT_THAT(cells_of("a,b\r\n1,2\r\n\"3\",4\r\n5,\"6\"\r\n"),
              ElementsAre(Cells{"1", "2"}, Cells{"3", "4"}, Cells{"5", "6"}));
  EXPECT_THAT(lines_of("a,b\r\n1,2\r\n3,4\r\n"), ElementsAre(2u, 3u));
}

TEST(CsvTable, SkipsAByteOrderMark) {
  const CsvTable table = CsvTable::parse("\xef\xbb\xbfid,value\nO1,7\n", "t.csv");
  EXPECT_EQ(table.cell(table.rows()[0], "id"), "O1");
}

TEST(CsvTable, SkipsEmptyLinesAndCountsThem) {
  EXPECT_THAT(cells_of("\n\na,b\n\n1,2\n\n\n3,4\n\n"), ElementsAre(Cells{"1", "2"}, Cells{"3", "4"}));
  EXPECT_THAT(lines_of("\n\na,b\n\n1,2\n\r\n\n3,4\n\n"), ElementsAre(5u, 8u));
}

TEST(CsvTable, SkipsCommentsAndCountsThem) {
  const CsvTable table = CsvTable::parse("# what it is\na,b\r\n#\r\n1,#2\n# the end", "t.csv");
  EXPECT_THAT(table.header(), ElementsAre("a", "b"));
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_THAT(table.rows()[0].cells, ElementsAre("1", "#2"));
  EXPECT_EQ(table.where(table.rows()[0]), "t.csv:4");
}

TEST(CsvTable, KnowsTheFirstLineOfARowThatHasSeveral) {
  EXPECT_THAT(lines_of("a,b\n\"1\n2\n3\",x\n4,5\n"), ElementsAre(2u, 5u));
}

TEST(CsvTable, RefusesNothingAtAll) {
  for (const std::string_view text : {"", "\n\n", "\r\n", "\xef\xbb\xbf"}) EXPECT_EQ(refusal(text), "t.csv: is empty");
}

TEST(CsvTable, RefusesARowOfAnotherLength) {
  EXPECT_EQ(refusal("a,b\n1,2\n\n1,2,3\n"), "t.csv:4: has 3 cells where the header has 2");
  EXPECT_EQ(refusal("a,b\n1\n"), "t.csv:2: has 1 cells where the header has 2");
  EXPECT_EQ(refusal("a,b\n1,2,\n"), "t.csv:2: has 3 cells where the header has 2");
}

TEST(CsvTable, RefusesAQuoteThatIsNotClosedAndNamesWhereItOpens) {
  EXPECT_EQ(refusal("a,b\n1,\"2\n3,4\n"), "t.csv:2: a quote is not closed");
  EXPECT_EQ(refusal("a,b\n1,2\n\"\"\",3\n"), "t.csv:3: a quote is not closed");
  EXPECT_EQ(refusal("\""), "t.csv:1: a quote is not closed");
}

TEST(CsvTable, RefusesTextAfterAClosingQuote) {
  EXPECT_EQ(refusal("a,b\n1,2\n\"x\"y,3\n"), "t.csv:3: text follows a closing quote");
  EXPECT_EQ(refusal("a,b\n\"x\" ,3\n"), "t.csv:2: text follows a closing quote");
}

TEST(CsvTable, NamesEveryColumnThatIsMissing) {
  const CsvTable table = CsvTable::parse("id,value\n", "t.csv");
  EXPECT_NO_THROW(table.require({"value", "id"}));
  EXPECT_THAT(
      [&] {
        table.require({"id", "unit", "Value"});
      },
      testing::ThrowsMessage<InputError>(
          StrEq("t.csv:1: unit: there is no such column\nt.csv:1: Value: there is no such column")));
}

TEST(Quoted, GivesACellThatIsReadAsTheText) {
  EXPECT_EQ(quoted("gastrocnemius_medial"), "gastrocnemius_medial");
  EXPECT_EQ(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
  for (const std::string text : {"", "a,b", "\"", "two\nlines", "\r", "µm²"}) {
    const CsvTable table = CsvTable::parse("a,b\n" + quoted(text) + ",1\n", "t.csv");
    EXPECT_EQ(table.rows().at(0).cells.at(0), text);
  }
}

TEST(Csv, OfASpreadsheetThatSeparatesOtherwiseSaysHowToSaveIt) {
  const std::string hint = "; save the table with commas between columns and points in numbers";
  EXPECT_EQ(refusal("id;value\nO1;0,3\n"), "t.csv:1: columns are separated by semicolons" + hint);
  EXPECT_EQ(refusal("# what it is\nid\tvalue\nO1\t0.3\n"), "t.csv:2: columns are separated by tabs" + hint);
  EXPECT_EQ(refusal("\xff\xfei\0d\0"), "t.csv: is UTF-16; save it as UTF-8");
  EXPECT_EQ(refusal("id\nO1\n"), "");
  EXPECT_EQ(refusal("id,what; how\nO1,x\n"), "");
}

}  // namespace
}  // namespace hindlimb
