#include "hindlimb/study/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr Minutes days(double number) { return Minutes(static_cast<std::int64_t>(number * 1440.0)); }

using Row = std::vector<std::pair<std::string, std::string>>;

/// A table of facts with one good row for each list of changes, made by them.
CsvTable table_of(const std::vector<Row>& rows) {
  const Row good{{"fact", "8"},
                 {"title", "massage, in \"reloading\""},
                 {"arm", "REM"},
                 {"reference", "RE"},
                 {"limb", "massaged"},
                 {"muscle", "gastrocnemius_medial"},
                 {"protocol", "reloading"},
                 {"day_unloading", "14"},
                 {"day_reloading", "7.5"},
                 {"quantity", "csa_change"},
                 {"unit", "%"},
                 {"low", "10"},
                 {"high", "26"},
                 {"kind", "pass"},
                 {"source", "Miller2018"}};
  const auto quoted = [](const std::string& text) {
    std::string cell;
    cell += '"';
    for (const char c : text) cell.append(c == '"' ? 2 : 1, c);
    cell += '"';
    return cell;
  };
  const auto add_line = [](std::string& text, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      text += cells[i];
    }
    text += '\n';
  };
  std::string text;
  std::vector<std::string> cells;
  for (const auto& [name, value] : good) cells.push_back(name);
  add_line(text, cells);
  for (const Row& changes : rows) {
    cells.clear();
    for (const auto& [name, value] : good) {
      const auto change = std::ranges::find(changes, name, &Row::value_type::first);
      cells.push_back(quoted(change == changes.end() ? value : change->second));
    }
    add_line(text, cells);
  }
  return CsvTable::parse(text, "facts.csv");
}

std::vector<Fact> facts_of(const std::vector<Row>& rows) { return read_facts(table_of(rows), study_of(few_arms)); }

std::vector<std::string> problems(const std::vector<Row>& rows) {
  return problems_of([&] { facts_of(rows); });
}

TEST(ReadFacts, TakesEveryCellOfARow) {
  const std::vector<Fact> facts = facts_of({{}});
  ASSERT_THAT(facts, SizeIs(1));
  const Fact& fact = facts[0];
  EXPECT_EQ(fact.number, "8");
  EXPECT_EQ(fact.title, "massage, in \"reloading\"");
  EXPECT_EQ(fact.measurement.arm, "REM");
  EXPECT_EQ(fact.measurement.reference_arm, "RE");
  EXPECT_EQ(fact.measurement.reference_time, std::nullopt);
  EXPECT_EQ(fact.measurement.limb, MeasuredLimb::massaged);
  EXPECT_EQ(fact.measurement.muscle, scenario::MuscleName::gastrocnemius_medial);
  EXPECT_EQ(fact.measurement.time, days(21.5));
  EXPECT_EQ(fact.measurement.quantity.name, "csa_change");
  EXPECT_EQ(fact.unit, "%");
  EXPECT_EQ(fact.low, 10.0);
  EXPECT_EQ(fact.high, 26.0);
  EXPECT_FALSE(fact.is_prediction);
  EXPECT_THAT(fact.animals, IsEmpty());
  EXPECT_EQ(fact.source, "Miller2018");
}

TEST(ReadFacts, LeavesABandOpenWhereACellIsEmpty) {
  const std::vector<Fact> facts = facts_of({{{"low", ""}}, {{"high", ""}}});
  EXPECT_EQ(facts[0].low, -infinity);
  EXPECT_EQ(facts[1].high, infinity);
}

TEST(ReadFacts, CountsADayThatIsNotGivenAsNone) {
  EXPECT_EQ(facts_of({{{"day_reloading", ""}}})[0].measurement.time, days(14));
  EXPECT_EQ(facts_of({{{"day_unloading", ""}}})[0].measurement.time, days(7.5));
}

TEST(ReadFacts, TakesTheDayOfAReference) {
  const std::vector<Fact> facts = facts_of({{{"reference", "HS day 13.5"}}, {{"reference", "WB day 0"}}});
  EXPECT_EQ(facts[0].measurement.reference_arm, "HS");
  EXPECT_EQ(facts[0].measurement.reference_time, days(13.5));
  EXPECT_EQ(facts[1].measurement.reference_time, days(0));
}

TEST(ReadFacts, NeedsNoReferenceForANumberOrAVariation) {
  const std::vector<Fact> facts =
      facts_of({{{"quantity", "csa_cv"}, {"reference", ""}}, {{"quantity", "csa"}, {"reference", ""}}});
  EXPECT_EQ(facts[0].measurement.reference_arm, "");
  EXPECT_EQ(facts[1].measurement.quantity.form, Form::value);
}

TEST(ReadFacts, KnowsAPrediction) { EXPECT_TRUE(facts_of({{{"kind", "predict"}}})[0].is_prediction); }

TEST(ReadFacts, TakesWhatTheProtocolSaysOfTheAnimals) {
  const std::vector<Fact> facts = facts_of({{{"protocol", "reloading; age_months=30;sex=female"}}});
  EXPECT_THAT(facts[0].animals, ElementsAre(std::pair("age_months", "30"), std::pair("sex", "female")));
}

TEST(ReadFacts, TakesARowForAllMusclesAsOneForEachOfTheStudy) {
  const std::vector<Fact> facts = facts_of({{{"muscle", "all"}}, {}});
  ASSERT_THAT(facts, SizeIs(4));
  EXPECT_EQ(facts[0].measurement.muscle, scenario::MuscleName::soleus);
  EXPECT_EQ(facts[1].measurement.muscle, scenario::MuscleName::gastrocnemius_medial);
  EXPECT_EQ(facts[2].measurement.muscle, scenario::MuscleName::gastrocnemius);
}

// --- mistakes, word for word -----------------------------------------------------------------------------------------

TEST(WrongFact, IsAboutAnUnknownArm) {
  EXPECT_THAT(problems({{{"arm", "RAM"}}}), ElementsAre("facts.csv:2: arm: is 'RAM'; did you mean 'REM'?"));
  EXPECT_THAT(problems({{{"arm", ""}}}), ElementsAre("facts.csv:2: arm: is ''; known here: WB, HS, RE, REM, TRAIN"));
  EXPECT_THAT(problems({{{"reference", "control"}}}),
              ElementsAre("facts.csv:2: reference: is 'control'; known here: WB, HS, RE, REM, TRAIN"));
}

TEST(WrongFact, IsAboutAnUnknownLimbOrMuscle) {
  EXPECT_THAT(
      problems({{{"limb", "treated"}}}),
      ElementsAre(
          "facts.csv:2: limb: is 'treated'; known here: left, right, both, massaged, contralateral, difference"));
  EXPECT_THAT(problems({{{"muscle", "Soleus"}}}),
              ElementsAre("facts.csv:2: muscle: is 'Soleus'; did you mean 'soleus'?"));
}

TEST(WrongFact, IsAboutTheMassagedLimbOfAnArmWithoutMassage) {
  EXPECT_THAT(problems({{{"arm", "RE"}}}),
              ElementsAre("facts.csv:2: limb: is 'massaged', but in arm 'RE' no limb or both are treated; "
                          "left, right or both"));
}

TEST(WrongFact, IsOfAnUnknownQuantity) {
  EXPECT_THAT(
      problems({{{"quantity", "csa_chnage"}}}),
      ElementsAre("facts.csv:2: csa_chnage: is no quantity: an observable, alone or with _ratio, _change, _peak_ratio, "
                  "_mean_ratio, _ratio_max or _cv; did you mean 'csa_change'?"));
}

TEST(WrongFact, HasTextForANumber) {
  EXPECT_THAT(problems({{{"low", "6-8"}}}), ElementsAre("facts.csv:2: low: is '6-8', must be a number"));
  EXPECT_THAT(problems({{{"high", "about 7"}}}), ElementsAre("facts.csv:2: high: is 'about 7', must be a number"));
  EXPECT_THAT(problems({{{"day_unloading", " 7"}}}),
              ElementsAre("facts.csv:2: day_unloading: is ' 7', must be a number"));
  EXPECT_THAT(problems({{{"day_reloading", "0,5"}}}),
              ElementsAre("facts.csv:2: day_reloading: is '0,5', must be a number"));
}

TEST(WrongFact, HasANumberThatIsNone) {
  EXPECT_THAT(problems({{{"low", "nan"}}}), ElementsAre("facts.csv:2: low: is 'nan', must be a number"));
  EXPECT_THAT(problems({{{"day_unloading", "inf"}}}),
              ElementsAre("facts.csv:2: day_unloading: is 'inf', must be a number"));
  EXPECT_THAT(problems({{{"reference", "HS day nan"}}}),
              ElementsAre("facts.csv:2: reference: is 'HS day nan'; such as 'HS day 14'"));
}

TEST(WrongFact, HasAReferenceOfNoDay) {
  EXPECT_THAT(problems({{{"reference", "HS day "}}}),
              ElementsAre("facts.csv:2: reference: is 'HS day '; such as 'HS day 14'"));
  EXPECT_THAT(problems({{{"reference", "HS day 6-8"}}}),
              ElementsAre("facts.csv:2: reference: is 'HS day 6-8'; such as 'HS day 14'"));
}

TEST(WrongFact, IsAChangeFromNothing) {
  for (const std::string quantity : {"csa_change", "csa_ratio", "ed1_peak_ratio"}) {
    EXPECT_THAT(problems({{{"reference", ""}, {"quantity", quantity}}}),
                ElementsAre("facts.csv:2: reference: is empty; a ratio needs an arm to refer to"));
  }
}

TEST(WrongFact, IsOfAnUnknownKind) {
  EXPECT_THAT(problems({{{"kind", "predcit"}}}),
              ElementsAre("facts.csv:2: kind: is 'predcit'; did you mean 'predict'?"));
}

TEST(WrongFact, HasABandThatNothingFits) {
  EXPECT_THAT(problems({{{"low", "26"}, {"high", "10"}}}),
              ElementsAre("facts.csv:2: low: is 26, must not be above high, 10"));
  EXPECT_THAT(problems({{{"low", "7"}, {"high", "7"}}}), IsEmpty());
}

TEST(WrongFact, IsOnADayAfterTheEndOfItsArm) {
  EXPECT_THAT(problems({{{"day_reloading", "9"}}}),
              ElementsAre("facts.csv:2: day_unloading: day 23 is after the end of arm 'REM' (day 22)"));
  EXPECT_THAT(
      problems({{{"reference", "HS"}}}),
      ElementsAre("facts.csv:2: reference: day 21.5 is after the end of arm 'HS' (day 14); such as 'HS day 14'"));
  EXPECT_THAT(problems({{{"reference", "HS day 15"}}}),
              ElementsAre("facts.csv:2: reference: day 15 is after the end of arm 'HS' (day 14); such as 'HS day 14'"));
  EXPECT_THAT(problems({{{"day_unloading", "-15"}, {"day_reloading", ""}}}),
              ElementsAre("facts.csv:2: day_unloading: day -15 is before the start of the study"));
}

TEST(WrongFact, IsAboutAnimalsThatThereAreNot) {
  EXPECT_THAT(problems({{{"protocol", "reloading; age_month=30"}}}),
              ElementsAre("facts.csv:2: protocol: 'age_month' is no key of [animals]; did you mean 'age_months'?"));
  EXPECT_THAT(problems({{{"protocol", "reloading; age_months=old"}}}),
              ElementsAre("facts.csv:2: protocol: age_months is text, must be a number"));
  EXPECT_THAT(problems({{{"protocol", "reloading; age_months=300"}}}),
              ElementsAre("facts.csv:2: protocol: age_months is 300, must be from 1 to 40 month"));
  EXPECT_THAT(problems({{{"protocol", "reloading; sex=boy"}}}),
              ElementsAre("facts.csv:2: protocol: sex is 'boy', must be one of male, female"));
}

TEST(WrongFact, IsNamedTogetherWithAllOthers) {
  EXPECT_THAT(problems({{{"arm", "XXX"}}, {}, {{"limb", "XXX"}}, {{"muscle", "XXX"}}}),
              ElementsAre(testing::StartsWith("facts.csv:2: arm: "), testing::StartsWith("facts.csv:4: limb: "),
                          testing::StartsWith("facts.csv:5: muscle: ")));
}

TEST(TableOfFacts, NeedsItsColumns) {
  EXPECT_THAT(
      problems_of([] {
        read_facts(CsvTable::parse("fact,title,arm,reference,limb,muscle,protocol,unit,low,high,kind\n", "facts.csv"),
                   {});
      }),
      ElementsAre("facts.csv:1: day_unloading: there is no such column",
                  "facts.csv:1: day_reloading: there is no such column",
                  "facts.csv:1: quantity: there is no such column", "facts.csv:1: source: there is no such column"));
}

// --- the shipped table -----------------------------------------------------------------------------------------------

TEST(ShippedFacts, AreAllReadWithTheShippedStudy) {
  const scenario::Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/validation.toml");
  const CsvTable table = file_table("data/facts.csv");
  const std::vector<Fact> facts = read_facts(table, study);
  std::size_t expected = 0;
  for (const CsvRow& row : table.rows()) expected += table.cell(row, "muscle") == "all" ? study.muscles.size() : 1;
  EXPECT_THAT(facts, SizeIs(expected));
}

TEST(ShippedFacts, HaveASourceAndABandThatIsNotOpenOnBothSides) {
  const scenario::Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/validation.toml");
  for (const Fact& fact : read_facts(file_table("data/facts.csv"), study)) {
    EXPECT_FALSE(fact.source.empty()) << fact.title;
    EXPECT_TRUE(fact.is_prediction || fact.low > -infinity || fact.high < infinity) << fact.title;
    EXPECT_EQ(fact.unit, fact.measurement.quantity.form == Form::percent_change ? "%" : "1") << fact.title;
  }
}

}  // namespace
}  // namespace hindlimb::study
