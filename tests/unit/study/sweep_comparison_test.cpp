#include "hindlimb/study/sweep_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::study {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing::ThrowsMessage;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t RE = 0, REM = 1;
constexpr std::size_t left = 0, right = 1;

/// Runs that are made one by one, and one observable of one muscle.
struct Example {
  SweptRuns runs{.labels = {.arms = {"RE", "REM"},
                            .animals = {1, 2},
                            .muscles = {"soleus"},
                            .limbs = {"left", "right"},
                            .times_d = {},
                            .massaged = {},
                            .fibre_types = {}},
                 .massaged = {},
                 .replicates = {},
                 .axes = {},
                 .untreated = "RE"};
  SweptObservable csa{.name = "csa", .long_name = "area", .unit = "um2", .values = {}, .by_fibre_type = false};

  /// @param massaged  limbs of RE, then of REM
  /// @param rats      of RE left and right of each rat, then of REM
  void add(std::int64_t replicate, std::vector<std::int8_t> massaged, std::vector<double> rats) {
    runs.replicates.push_back(replicate);
    runs.massaged.insert(runs.massaged.end(), massaged.begin(), massaged.end());
    csa.values.insert(csa.values.end(), rats.begin(), rats.end());
  }
  double& at(std::size_t run, std::size_t arm, std::size_t rat, std::size_t limb) {
    return csa.values.at(((run * 2 + arm) * 2 + rat) * 2 + limb);
  }
  SweepComparison compared(const SweepCompareOptions& options = {}) const { return compare(runs, {csa}, options); }
  EffectTable table(const SweepCompareOptions& options = {}) const { return compared(options).tables.at(0); }
};

const std::vector<std::int8_t> none{0, 0, 0, 0};
const std::vector<std::int8_t> right_of_REM{0, 0, 0, 1};

/// Two forces, at each of them two replicates of two rats.
Example example() {
  Example example;
  example.runs.axes = {{"massage_force_N", "N", {0.0, 0.0, 4.5, 4.5}, {}}};
  example.add(1, none, {1600, 1610, 1700, 1730, 1650, 1655, 1705, 1735});
  example.add(2, none, {1500, 1520, 1807, 1803, 1490, 1495, 1830, 1840});
  example.add(1, right_of_REM, {1602, 1612, 1702, 1732, 1750, 1790, 1840, 1900});
  example.add(2, right_of_REM, {1502, 1522, 1809, 1805, 1590, 1600, 1903, 1987});
  return example;
}

/// Two forces and two intervals, one replicate of two rats each.
Example two_axes() {
  Example example;
  example.runs.axes = {{"massage_force_N", "N", {1.4, 1.4, 4.5, 4.5}, {}},
                       {"massage_every_d", "d", {1.0, 2.0, 1.0, 2.0}, {}}};
  example.add(1, right_of_REM, {1600, 1600, 1700, 1700, 1651, 1672, 1707, 1731});
  example.add(1, right_of_REM, {1600, 1600, 1700, 1700, 1653, 1676, 1709, 1738});
  example.add(1, right_of_REM, {1600, 1600, 1700, 1700, 1681, 1783, 1763, 1851});
  example.add(1, right_of_REM, {1600, 1600, 1700, 1700, 1689, 1799, 1769, 1879});
  return example;
}

void expect_interval(const Interval& interval, const std::vector<double>& sample) {
  const Interval expected = mean_interval(sample);
  EXPECT_DOUBLE_EQ(interval.estimate, expected.estimate);
  EXPECT_DOUBLE_EQ(interval.low, expected.low);
  EXPECT_DOUBLE_EQ(interval.high, expected.high);
}

void expect_nothing(const Interval& interval) {
  EXPECT_TRUE(std::isnan(interval.estimate) && std::isnan(interval.low) && std::isnan(interval.high));
}

std::vector<std::string> values(const EffectTable& table) {
  std::vector<std::string> all;
  for (const EffectRow& row : table.rows) all.push_back(row.value);
  return all;
}

// --- rows ------------------------------------------------------------------------------------------------------------

TEST(AnEffect, IsOverTheRatsOfAllReplicates) {
  const EffectTable table = example().table();
  ASSERT_THAT(table.rows, SizeIs(2));
  const EffectRow& row = table.rows[1];
  EXPECT_EQ(row.n, 4U);
  expect_interval(row.massaged, {1790, 1900, 1600, 1987});
  expect_interval(row.contralateral, {1750, 1840, 1590, 1903});
}

/// 40, 60, 10, 84: mean 48.5, SD 31.34220; t with 3 degrees of freedom 3.182446, standard error 15.67110.
TEST(AnEffect, IsPairedByRats) {
  const EffectRow row = example().table().rows.at(1);
  expect_interval(row.difference, {40, 60, 10, 84});
  EXPECT_DOUBLE_EQ(row.difference.estimate, 48.5);
  EXPECT_NEAR(row.difference.low, 48.5 - 3.182446 * 15.67110, 1e-4);
  EXPECT_LT(row.difference.high - row.difference.low, 0.3 * (row.massaged.high - row.massaged.low));
}

TEST(AnEffect, StandsAtItsValueOfTheAxis) {
  const EffectTable table = example().table();
  EXPECT_THAT(values(table), ElementsAre("0", "4.5"));
  EXPECT_EQ(table.rows[0].number, 0.0);
  EXPECT_EQ(table.rows[1].number, 4.5);
}

TEST(AnEffect, IsOfAnObservableOfAMuscleInAnArm) {
  const SweepComparison comparison = example().compared();
  EXPECT_EQ(comparison.along.name, "massage_force_N");
  EXPECT_EQ(comparison.along.unit, "N");
  EXPECT_EQ(comparison.untreated, "RE");
  EXPECT_THAT(comparison.averaged_over, IsEmpty());
  ASSERT_THAT(comparison.tables, SizeIs(1));
  EXPECT_EQ(comparison.tables[0].observable, "csa");
  EXPECT_EQ(comparison.tables[0].long_name, "area");
  EXPECT_EQ(comparison.tables[0].unit, "um2");
  EXPECT_EQ(comparison.tables[0].muscle, "soleus");
  EXPECT_EQ(comparison.tables[0].arm, "REM");
}

TEST(AnEffect, OfADoseOfZeroIsThatOfTheLimbThatIsMassagedElsewhere) {
  const EffectRow row = example().table().rows.at(0);
  EXPECT_EQ(row.n, 4U);
  expect_interval(row.massaged, {1655, 1735, 1495, 1840});
  expect_interval(row.contralateral, {1650, 1705, 1490, 1830});
  expect_interval(row.difference, {5, 30, 5, 10});
}

TEST(AnEffect, IsThatOfTheLeftLimbWhereThatOneIsMassaged) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U}) {
    changed.runs.massaged[run * 4 + 2] = 1;
    changed.runs.massaged[run * 4 + 3] = 0;
  }
  expect_interval(changed.table().rows.at(1).difference, {-40, -60, -10, -84});
  expect_interval(changed.table().rows.at(0).difference, {-5, -30, -5, -10});
}

TEST(AnEffect, IsThatOfEachRunsOwnLimbWhereTheLimbIsAnAxis) {
  Example changed = example();
  changed.runs.massaged[2 * 4 + 2] = 1;
  changed.runs.massaged[2 * 4 + 3] = 0;
  changed.runs.massaged[0 * 4 + 3] = 1;
  const EffectTable table = changed.table();
  expect_interval(table.rows.at(1).difference, {-40, -60, 10, 84});
  EXPECT_EQ(table.rows.at(0).n, 2U);  // nobody can tell which limb it would be in the run without massage
  expect_interval(table.rows.at(0).difference, {5, 30});
}

TEST(AnEffect, LeavesOutRatsOfWhichALimbHasNoNumber) {
  Example changed = example();
  changed.at(2, REM, 1, left) = missing;
  const EffectRow row = changed.table().rows.at(1);
  EXPECT_EQ(row.n, 3U);
  expect_interval(row.massaged, {1790, 1600, 1987});
  expect_interval(row.contralateral, {1750, 1590, 1903});
  expect_interval(row.difference, {40, 10, 84});
}

TEST(AnEffect, OfOneRatHasNoLimits) {
  Example changed = example();
  for (const auto& [run, rat] : {std::pair(2U, 1U), std::pair(3U, 0U), std::pair(3U, 1U)})
    changed.at(run, REM, rat, right) = missing;
  const EffectRow row = changed.table().rows.at(1);
  EXPECT_EQ(row.n, 1U);
  EXPECT_EQ(row.difference.estimate, 40.0);
  EXPECT_TRUE(std::isnan(row.difference.low) && std::isnan(row.difference.high));
}

TEST(AnEffect, OfNoRatIsNone) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U})
    for (const std::size_t rat : {0U, 1U}) changed.at(run, REM, rat, right) = missing;
  const EffectRow row = changed.table().rows.at(1);
  EXPECT_EQ(row.n, 0U);
  expect_nothing(row.massaged);
  expect_nothing(row.contralateral);
  expect_nothing(row.difference);
}

TEST(TheUntreatedArm, IsTheMeanOfBothLimbsOfEachRat) {
  expect_interval(example().table().rows.at(1).untreated, {1607, 1717, 1512, 1807});
  expect_interval(example().table().rows.at(0).untreated, {1605, 1715, 1510, 1805});
}

TEST(TheUntreatedArm, LeavesOutALimbWithoutANumber) {
  Example changed = example();
  changed.at(2, RE, 1, right) = missing;
  expect_interval(changed.table().rows.at(1).untreated, {1607, 1702, 1512, 1807});
}

TEST(TheUntreatedArm, MayBeThereWhereNoRatOfTheOtherHasANumber) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U})
    for (const std::size_t rat : {0U, 1U}) changed.at(run, REM, rat, right) = missing;
  expect_interval(changed.table().rows.at(1).untreated, {1607, 1717, 1512, 1807});
}

TEST(TheUntreatedArm, IsNoneWhereTheStudyNamesNone) {
  Example changed = example();
  changed.runs.untreated = "";
  EXPECT_EQ(changed.compared().untreated, "");
  expect_nothing(changed.table().rows.at(1).untreated);
}

// --- tables ----------------------------------------------------------------------------------------------------------

TEST(AComparisonAlongAnAxis, HasATableForEachArmInWhichOneLimbIsMassaged) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U}) changed.runs.massaged[run * 4] = 1;
  const SweepComparison comparison = changed.compared();
  ASSERT_THAT(comparison.tables, SizeIs(2));
  EXPECT_EQ(comparison.tables[0].arm, "RE");
  expect_interval(comparison.tables[0].rows.at(1).difference, {-10, -30, -20, 4});
  EXPECT_EQ(comparison.tables[1].arm, "REM");
}

TEST(AComparisonAlongAnAxis, HasNoTableWhereBothLimbsAreMassaged) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U}) changed.runs.massaged[run * 4] = 1;
  changed.runs.massaged[3 * 4 + 2] = 1;  // in one run
  const SweepComparison comparison = changed.compared();
  ASSERT_THAT(comparison.tables, SizeIs(1));
  EXPECT_EQ(comparison.tables[0].arm, "RE");
}

TEST(AComparisonAlongAnAxis, IsRefusedWhereNoArmHasOneLimbMassaged) {
  const std::string message =
      "x.h5: there is no arm in which one limb, and one only, is massaged; scripts/plot_sweep.py draws both limbs";
  Example changed = example();
  changed.runs.file = "x.h5";
  for (const std::size_t run : {2U, 3U}) changed.runs.massaged[run * 4 + 2] = 1;
  EXPECT_THAT([&] { changed.compared(); }, ThrowsMessage<InputError>(message));
  std::ranges::fill(changed.runs.massaged, std::int8_t{0});
  EXPECT_THAT([&] { changed.compared(); }, ThrowsMessage<InputError>(message));
}

TEST(AComparisonAlongAnAxis, SaysOfWhichRunsThereWouldBeOneIfLimbsAreAnAxis) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U}) changed.runs.massaged[run * 4 + 2] = 1;
  changed.runs.axes.push_back({"massage_limb", "", {}, {"right", "right", "both", "both"}});
  EXPECT_THAT([&] { changed.compared(); },
              ThrowsMessage<InputError>(EndsWith(", --where massage_limb=right takes runs in which it is one")));
}

TEST(AComparisonAlongAnAxis, HasTablesOfEachObservableMuscleAndFibreType) {
  Example changed;
  changed.runs.labels.muscles = {"soleus", "plantaris"};
  changed.runs.labels.fibre_types = {"I", "IIa", "IIx"};
  changed.runs.axes = {{"x", "", {3.0}, {}}};
  changed.runs.massaged = right_of_REM;
  changed.runs.replicates = {1};
  SweptObservable by_type{"csa_by_type", "area of fibres", "um2", {}, true};
  SweptObservable mass{"wet_mass", "wet mass", "mg", {}, false};
  for (double arm : {0.0, 1.0})
    for (double rat : {0.0, 1.0})
      for (double muscle : {0.0, 1.0})
        for (double limb : {0.0, 1.0}) {
          mass.values.push_back(1000 * arm + 100 * rat + 10 * muscle * (1.0 + rat) + limb * (1 + muscle));
          for (double type : {0.0, 1.0, 2.0})
            by_type.values.push_back(10'000 * arm + 1000 * rat + 100 * muscle + 10 * type + limb * (muscle + 3 * type));
        }
  const SweepComparison comparison = compare(changed.runs, {by_type, mass}, {});
  std::vector<std::string> titles;
  for (const EffectTable& table : comparison.tables)
    titles.push_back(table.muscle + " " + table.observable + ", " + table.long_name);
  EXPECT_THAT(
      titles,
      ElementsAre("soleus csa_by_type.I, area of fibres: I", "soleus csa_by_type.IIa, area of fibres: IIa",
                  "soleus csa_by_type.IIx, area of fibres: IIx", "plantaris csa_by_type.I, area of fibres: I",
                  "plantaris csa_by_type.IIa, area of fibres: IIa", "plantaris csa_by_type.IIx, area of fibres: IIx",
                  "soleus wet_mass, wet mass", "plantaris wet_mass, wet mass"));
  expect_interval(comparison.tables[5].rows[0].contralateral, {10'120, 11'120});
  expect_interval(comparison.tables[5].rows[0].massaged, {10'127, 11'127});
  expect_interval(comparison.tables[7].rows[0].massaged, {1012, 1122});
  expect_interval(comparison.tables[7].rows[0].untreated, {11, 121});
}

// --- axes ------------------------------------------------------------------------------------------------------------

TEST(OtherAxes, AreAveragedOverForEachRatFirst) {
  const SweepComparison comparison = two_axes().compared();
  EXPECT_THAT(comparison.averaged_over, ElementsAre("massage_every_d"));
  const EffectTable& table = comparison.tables.at(0);
  EXPECT_THAT(values(table), ElementsAre("1.4", "4.5"));
  EXPECT_EQ(table.rows[0].n, 2U);
  expect_interval(table.rows[0].massaged, {1674, 1734.5});
  expect_interval(table.rows[0].difference, {22, 26.5});
  expect_interval(table.rows[1].difference, {106, 99});
}

TEST(OtherAxes, CountARatByThePointsAtWhichItHasNumbers) {
  Example changed = two_axes();
  changed.at(0, REM, 1, right) = missing;
  const EffectRow row = changed.table().rows.at(0);
  EXPECT_EQ(row.n, 2U);
  expect_interval(row.difference, {22, 29});
  expect_interval(row.contralateral, {1652, 1709});
}

TEST(OtherAxes, AreNotNamedWhereTheyDoNotChange) {
  Example changed = two_axes();
  changed.runs.axes[1].numbers = {2.0, 2.0, 2.0, 2.0};
  EXPECT_THAT(changed.compared().averaged_over, IsEmpty());
}

TEST(TheAxis, IsTheOneThatIsAskedFor) {
  const SweepComparison comparison = two_axes().compared({.along = "massage_every_d", .where = {}});
  EXPECT_EQ(comparison.along.name, "massage_every_d");
  EXPECT_EQ(comparison.along.unit, "d");
  EXPECT_THAT(comparison.averaged_over, ElementsAre("massage_force_N"));
  EXPECT_THAT(values(comparison.tables.at(0)), ElementsAre("1", "2"));
  expect_interval(comparison.tables[0].rows[0].difference, {61.5, 56});
}

TEST(TheAxis, MustBeOneOfThem) {
  EXPECT_THAT([] { two_axes().compared({.along = "massage_force", .where = {}}); },
              ThrowsMessage<InputError>("--along: massage_force: is no axis of this sweep; did you mean "
                                        "'massage_force_N'?"));
}

TEST(TheAxis, IsInTheOrderOfItsNumbers) {
  Example changed = example();
  changed.runs.axes[0].numbers = {11.0, 11.0, 4.5, 4.5};
  EXPECT_THAT(values(changed.table()), ElementsAre("4.5", "11"));
  expect_interval(changed.table().rows.at(0).difference, {40, 60, 10, 84});
}

TEST(TheAxis, OfTextsIsInTheOrderOfTheRuns) {
  Example changed = example();
  changed.runs.axes = {{"animals_sex", "", {}, {"male", "male", "female", "female"}}};
  const EffectTable table = changed.table();
  EXPECT_THAT(values(table), ElementsAre("male", "female"));
  EXPECT_TRUE(std::isnan(table.rows[0].number));
  expect_interval(table.rows[1].difference, {40, 60, 10, 84});
}

/// Sixty runs of one replicate: forces 0.3, 0.6, ..., 9, each twice; effects of 1, 2, ..., 30.
Example many_values() {
  Example example;
  example.runs.axes = {{"x", "N", {}, {}}};
  for (int run = 0; run < 60; ++run) {
    const int value = run * 7 % 30 + 1;
    example.runs.axes[0].numbers.push_back(0.3 * value);
    example.add(1, right_of_REM, {10, 10, 20, 20, 100, 100.0 + value, 200, 200.0 + 3 * value});
  }
  return example;
}

TEST(ManyValues, AreCutIntoPartsOfEqualSize) {
  const EffectTable table = many_values().table({.along = "", .where = {}, .bins = 10});
  ASSERT_THAT(table.rows, SizeIs(10));
  EXPECT_THAT(values(table), ElementsAre("0.3 to 0.9", "1.2 to 1.8", "2.1 to 2.7", "3 to 3.6", "3.9 to 4.5",
                                         "4.8 to 5.4", "5.7 to 6.3", "6.6 to 7.2", "7.5 to 8.1", "8.4 to 9"));
  for (std::size_t part = 0; part < 10; ++part) {
    const double middle = 3.0 * static_cast<double>(part) + 2.0;
    EXPECT_DOUBLE_EQ(table.rows[part].number, 0.3 * middle);
    EXPECT_EQ(table.rows[part].n, 2U);
    expect_interval(table.rows[part].difference, {middle, 3.0 * middle});
  }
}

TEST(ManyValues, MayBeCutIntoPartsThatAreNotQuiteEqual) {
  EXPECT_THAT(values(many_values().table({.along = "", .where = {}, .bins = 4})),
              ElementsAre("0.3 to 2.4", "2.7 to 4.5", "4.8 to 6.9", "7.2 to 9"));
  EXPECT_THAT(values(many_values().table({.along = "", .where = {}, .bins = 1})), ElementsAre("0.3 to 9"));
}

TEST(ManyValues, AreEachAPartWhereThereAreAsManyParts) {
  const EffectTable table = many_values().table({.along = "", .where = {}, .bins = 100});
  ASSERT_THAT(table.rows, SizeIs(30));
  EXPECT_EQ(table.rows[29].value, "9");
  EXPECT_EQ(table.rows[29].number, 0.3 * 30);
}

TEST(ManyValues, AreThoseOfTheRunsThatAreLookedAt) {
  Example changed = many_values();
  changed.runs.axes.push_back({"half", "", {}, {}});
  for (const double value : changed.runs.axes[0].numbers)
    changed.runs.axes[1].numbers.push_back(value > 7.4 ? 1.0 : 0.0);
  EXPECT_THAT(values(changed.table({.along = "x", .where = {"half=1"}})),
              ElementsAre("7.5", "7.8", "8.1", "8.4", "8.7", "9"));
  EXPECT_THAT(changed.table({.along = "x", .where = {"half=0"}}).rows, SizeIs(24));
}

TEST(FewValues, AreEachARow) {
  Example changed = many_values();
  for (double& value : changed.runs.axes[0].numbers) value = std::min(value, 7.5);
  EXPECT_THAT(changed.table().rows, SizeIs(25));
  changed.runs.axes[0].numbers[59] = 8.0;
  EXPECT_THAT(changed.table().rows, SizeIs(10));
}

// --- some of the runs ------------------------------------------------------------------------------------------------

TEST(Where, TakesTheRunsOfOneValue) {
  const SweepComparison comparison = two_axes().compared({.along = "", .where = {"massage_every_d=2"}});
  EXPECT_THAT(comparison.averaged_over, IsEmpty());
  expect_interval(comparison.tables.at(0).rows.at(0).difference, {23, 29});
  expect_interval(comparison.tables.at(0).rows.at(1).difference, {110, 110});
}

TEST(Where, TakesNumbersHoweverTheyAreWritten) {
  for (const std::string value : {"2", "2.0", "2.00", "0.2e1"})
    expect_interval(two_axes().table({.along = "", .where = {"massage_every_d=" + value}}).rows.at(0).difference,
                    {23, 29});
}

TEST(Where, TakesTexts) {
  Example changed = example();
  changed.runs.axes.push_back({"animals_sex", "", {}, {"male", "female", "male", "female"}});
  expect_interval(changed.table({.along = "", .where = {"animals_sex=female"}}).rows.at(1).difference, {10, 84});
}

TEST(Where, TakesTheRunsOfAllConditions) {
  const EffectTable table = two_axes().table({.along = "", .where = {"massage_every_d=2", "massage_force_N=4.5"}});
  EXPECT_THAT(values(table), ElementsAre("4.5"));
  expect_interval(table.rows.at(0).difference, {110, 110});
}

/// A third of a day is no number of six digits, and has no other name in a table.
TEST(Where, TakesAValueAsATableShowsIt) {
  Example changed = two_axes();
  changed.runs.axes[1].numbers = {1.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0};
  const EffectTable table = changed.table({.along = "massage_every_d", .where = {}});
  ASSERT_THAT(values(table), ElementsAre("0.333333", "0.666667"));
  expect_interval(
      changed.table({.along = "", .where = {"massage_every_d=" + table.rows[1].value}}).rows.at(0).difference,
      {23, 29});
}

TEST(Where, SaysWhatValuesThereAre) {
  const auto where = [](const std::string& condition) {
    return [condition] { two_axes().compared({.along = "", .where = {condition}}); };
  };
  EXPECT_THAT(where("massage_every_d=7"), ThrowsMessage<InputError>("--where: massage_every_d: no run has the value "
                                                                    "'7'; values are 1, 2"));
  EXPECT_THAT(where("massage_every_d=2x"), ThrowsMessage<InputError>(HasSubstr("no run has the value '2x'")));
  EXPECT_THAT(where("massage_every_d="), ThrowsMessage<InputError>(HasSubstr("no run has the value ''")));
  EXPECT_THAT([] { many_values().compared({.along = "", .where = {"x=7"}}); },
              ThrowsMessage<InputError>("--where: x: no run has the value '7'; there are 30 values"));
}

TEST(Where, SaysWhatValuesAreLeftByTheConditionsBefore) {
  Example changed = two_axes();
  changed.runs.axes[1].numbers = {1.0, 2.0, 10.0, 7.0};
  EXPECT_THAT(
      [&] {
        changed.compared({.along = "", .where = {"massage_force_N=4.5", "massage_every_d=2"}});
      },
      ThrowsMessage<InputError>("--where: massage_every_d: no run has the value '2'; values are 7, 10"));
}

TEST(Where, IsANameAndAValue) {
  const auto where = [](const std::string& condition) {
    return [condition] { two_axes().compared({.along = "", .where = {condition}}); };
  };
  EXPECT_THAT(where("massage_every_d"),
              ThrowsMessage<InputError>("--where: 'massage_every_d' must be NAME=VALUE, such as massage_every_d=2"));
  EXPECT_THAT(where("=2"), ThrowsMessage<InputError>("--where: '=2' must be NAME=VALUE, such as massage_every_d=2"));
  EXPECT_THAT(where("massage_evry_d=2"), ThrowsMessage<InputError>("--where: massage_evry_d: is no axis of this sweep; "
                                                                   "did you mean 'massage_every_d'?"));
}

// --- as text ---------------------------------------------------------------------------------------------------------

TEST(EffectsAsText, ReadLikeATableInAPaper) {
  EXPECT_EQ(to_table(example().compared()), R"(soleus, arm REM: csa (area [um2])
massage_force_N [N]  n           massaged      contralateral   difference                 RE
                  0  4  1681 [1450, 1913]  1669 [1444, 1893]  12 [-6, 31]  1659 [1454, 1863]
                4.5  4  1819 [1554, 2085]  1771 [1555, 1987]  48 [-1, 98]  1661 [1456, 1865]

mean [95 % interval] over rats, which are the same at every point; difference: massaged - contralateral, paired
)");
}

TEST(EffectsAsText, NameTheAxesThatAreAveragedOver) {
  Example changed = two_axes();
  changed.runs.axes.push_back({"animals_sex", "", {}, {"male", "female", "male", "female"}});
  EXPECT_THAT(to_table(changed.compared()),
              EndsWith("paired\nof each rat the mean over massage_every_d, animals_sex; --where NAME=VALUE takes one "
                       "value\n"));
}

TEST(EffectsAsText, HaveNoColumnOfAnUntreatedArmThatTheStudyHasNot) {
  Example changed = example();
  changed.runs.untreated = "";
  EXPECT_THAT(to_table(changed.compared()),
              AllOf(HasSubstr("massage_force_N [N]  n           massaged      contralateral   difference\n"),
                    Not(HasSubstr("RE "))));
}

TEST(EffectsAsText, HaveADashWhereThereIsNoNumber) {
  Example changed = example();
  for (const std::size_t run : {2U, 3U})
    for (const std::size_t rat : {0U, 1U}) changed.at(run, REM, rat, right) = missing;
  EXPECT_THAT(to_table(changed.compared()),
              HasSubstr("\n                4.5  0                  -                  -            -  1661 [1456, "
                        "1865]\n"));
}

TEST(EffectsAsText, HaveNoUnitWhereThereIsNone) {
  Example changed = example();
  changed.csa.unit = "1";
  changed.runs.axes[0].unit = "1";
  EXPECT_THAT(to_table(changed.compared()),
              StartsWith("soleus, arm REM: csa (area)\nmassage_force_N  n           massaged"));
}

TEST(EffectsAsText, ShowDecimalsOfSmallNumbers) {
  Example changed = example();
  for (double& value : changed.csa.values) value *= 1e-3;
  EXPECT_THAT(to_table(changed.compared()), HasSubstr("  1.681 [1.450, 1.913]"));
}

TEST(EffectsAsCsv, HaveOneNumberPerLineWithAllItsDigits) {
  Example changed = example();
  for (const std::size_t run : {0U, 1U})  // one rat in the first row
    for (const std::size_t rat : {0U, 1U})
      if (run + rat > 0) changed.at(run, REM, rat, left) = missing;
  const std::string csv = to_csv(changed.compared());
  EXPECT_THAT(csv, StartsWith("observable,muscle,arm,axis,value,n,quantity,unit,mean,low_95,high_95\n"
                              "csa,soleus,REM,massage_force_N,0,1,massaged,um2,1655,,\n"
                              "csa,soleus,REM,massage_force_N,0,1,contralateral,um2,1650,,\n"
                              "csa,soleus,REM,massage_force_N,0,1,difference,um2,5,,\n"
                              "csa,soleus,REM,massage_force_N,0,1,untreated,um2,1658.75,1454."));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,REM,massage_force_N,4.5,4,massaged,um2,1819.25,1553."));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,REM,massage_force_N,4.5,4,difference,um2,48.5,-1.37"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 4);
}

TEST(EffectsAsCsv, HaveNoLineWhereThereIsNoNumber) {
  Example changed = example();
  changed.runs.untreated = "";
  for (const std::size_t run : {2U, 3U})
    for (const std::size_t rat : {0U, 1U}) changed.at(run, REM, rat, right) = missing;
  const std::string csv = to_csv(changed.compared());
  EXPECT_THAT(csv, Not(HasSubstr("untreated")));
  EXPECT_THAT(csv, Not(HasSubstr("nan")));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 3);
}

TEST(EffectsAsCsv, HaveTheMeanOfAPartAndTheTextOfAChoice) {
  EXPECT_THAT(to_csv(many_values().compared({.along = "", .where = {}, .bins = 4})),
              HasSubstr("\ncsa,soleus,REM,x,5.85,2,difference,um2,39,"));
  Example changed = example();
  changed.runs.axes = {{"animals_sex", "", {}, {"male", "male", "female", "female"}}};
  EXPECT_THAT(to_csv(changed.compared()), HasSubstr("\ncsa,soleus,REM,animals_sex,female,4,difference,um2,48.5,-1.37"));
}

TEST(EffectsAsCsv, HaveQuotesAroundNamesWithACommaOrQuotes) {
  Example changed = example();
  changed.runs.labels.arms[REM] = "REM,\"4.5N\"";
  EXPECT_THAT(to_csv(changed.compared()), HasSubstr("\ncsa,soleus,\"REM,\"\"4.5N\"\"\",massage_force_N,4.5,4,"));
}

}  // namespace
}  // namespace hindlimb::study
