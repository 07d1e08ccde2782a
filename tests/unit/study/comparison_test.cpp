#include "hindlimb/study/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::study {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::ThrowsMessage;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t WB = 0, HS = 1, RE = 2, REM = 3;
constexpr std::size_t left = 0, right = 1;

/// Three rats; HS ends on day 14, all others on day 22; values that are easy to average.
sim::Results example() {
  sim::Results results;
  results.attributes = {{"control", "WB"}, {"untreated", "RE"}, {"pairing", "common"}};
  results.labels = {.arms = {"WB", "HS", "RE", "REM"},
                    .animals = {1, 2, 3},
                    .muscles = {"soleus"},
                    .limbs = {"left", "right"},
                    .times_d = {0.0, 14.0, 22.0},
                    .massaged = {0, 0, 0, 0, 0, 0, 0, 1},
                    .fibre_types = {}};
  results.series = {{"csa", "um2", "fibre cross-sectional area", {}}};
  results.series[0].values.assign(results.labels.series_size(), missing);
  const auto set = [&](std::size_t arm, std::size_t limb, std::size_t time, std::vector<double> values) {
    for (std::size_t animal = 0; animal < values.size(); ++animal)
      results.series[0].values[results.labels.index(arm, animal, 0, limb, time)] = values[animal];
  };
  for (const std::size_t limb : {left, right}) {
    for (const std::size_t arm : {WB, HS, RE, REM}) set(arm, limb, 0, {2300.0, 2500.0, 2700.0});
    for (const std::size_t arm : {HS, RE, REM}) set(arm, limb, 1, {1400.0, 1500.0, 1630.0});
    set(WB, limb, 1, {2400.0, 2500.0, 2750.0});
    set(WB, limb, 2, {2420.0, 2500.0, 2760.0});
    set(RE, limb, 2, {1600.0, 1700.0, 1860.0});
  }
  set(REM, left, 2, {1840.0, 1950.0, 2170.0});
  set(REM, right, 2, {1880.0, 1990.0, 2240.0});
  return results;
}

CompareOptions csa(std::optional<double> day = std::nullopt) { return {.observables = {"csa"}, .day = day}; }

const ArmRow& row(const Comparison& comparison, std::size_t arm, std::size_t limb) {
  return comparison.tables.at(0).rows.at(2 * arm + limb);
}

TEST(Comparison, TakesEachArmAtItsOwnLastDay) {
  const Comparison comparison = compare(example(), csa());
  EXPECT_EQ(row(comparison, WB, left).day_d, 22.0);
  EXPECT_EQ(row(comparison, HS, left).day_d, 14.0);
  EXPECT_EQ(row(comparison, HS, left).mean, (1400.0 + 1500.0 + 1630.0) / 3.0);
}

TEST(Comparison, ComparesWithTheControlOfTheSameDay) {
  const Comparison comparison = compare(example(), csa());
  EXPECT_DOUBLE_EQ(row(comparison, HS, left).percent_of_control, 100.0 * 4530.0 / 7650.0);
  EXPECT_DOUBLE_EQ(row(comparison, RE, right).percent_of_control, 100.0 * 5160.0 / 7680.0);
}

TEST(Comparison, ComparesWithTheSameLimbOfTheSameDay) {
  sim::Results results = example();
  for (std::size_t animal = 0; animal < 3; ++animal)
    results.series[0].values[results.labels.index(RE, animal, 0, right, 2)] *= 0.7;
  EXPECT_DOUBLE_EQ(row(compare(results, csa()), REM, right).percent_of_untreated.estimate,
                   100.0 * 6110.0 / (0.7 * 5160.0));
}

TEST(Comparison, PairsRatsOnlyWhereTheyAreTheSame) {
  sim::Results results = example();
  const Interval same = row(compare(results, csa()), REM, right).percent_of_untreated;
  results.attributes["pairing"] = "independent";
  const Interval independent = row(compare(results, csa()), REM, right).percent_of_untreated;
  EXPECT_DOUBLE_EQ(same.estimate, independent.estimate);
  EXPECT_LT(same.high - same.low, 0.5 * (independent.high - independent.low));
}

TEST(Comparison, TakesAllArmsAtTheDayAskedFor) {
  const Comparison comparison = compare(example(), csa(14.0001));
  for (const ArmRow& each : comparison.tables.at(0).rows) EXPECT_EQ(each.day_d, 14.0);
}

TEST(Comparison, LeavesOutRatsWithoutANumber) {
  sim::Results results = example();
  results.series[0].values[results.labels.index(REM, 1, 0, right, 2)] = missing;
  const Comparison comparison = compare(results, csa());
  EXPECT_EQ(row(comparison, REM, right).n, 2u);
  EXPECT_EQ(row(comparison, REM, right).mean, (1880.0 + 2240.0) / 2.0);
  EXPECT_DOUBLE_EQ(row(comparison, REM, right).percent_of_untreated.estimate, 100.0 * 4120.0 / 3460.0);
  EXPECT_EQ(comparison.tables.at(0).differences.at(0).n, 2u);
}

TEST(Comparison, OfMassagedWithContralateralIsPaired) {
  const Comparison comparison = compare(example(), csa());
  ASSERT_THAT(comparison.tables.at(0).differences, SizeIs(1));
  const DifferenceRow& difference = comparison.tables.at(0).differences.at(0);
  EXPECT_EQ(difference.arm, "REM");
  EXPECT_EQ(difference.massaged, "right");
  EXPECT_EQ(difference.n, 3u);
  // 40, 40, 70: mean 50, SD 17.3205, t with 2 degrees of freedom 4.30265, standard error 10
  EXPECT_DOUBLE_EQ(difference.difference.estimate, 50.0);
  EXPECT_NEAR(difference.difference.low, 50.0 - 43.0265, 1e-4);
  EXPECT_NEAR(difference.points.high, 100.0 * (50.0 + 43.0265) / 1720.0, 1e-5);
}

TEST(Comparison, HasNoContralateralLimbWhereBothAreMassaged) {
  sim::Results results = example();
  results.labels.massaged = {0, 0, 0, 0, 0, 0, 1, 1};
  const Comparison comparison = compare(results, csa());
  EXPECT_THAT(comparison.tables.at(0).differences, SizeIs(0));
  EXPECT_EQ(row(comparison, REM, left).role, LimbRole::massaged);
  EXPECT_EQ(row(comparison, REM, right).role, LimbRole::massaged);
}

TEST(Comparison, LooksForCsaAndWetMassUnlessToldOtherwise) {
  EXPECT_THAT([] { compare(example(), {}); },
              ThrowsMessage<Error>("no series 'wet_mass' in these results; there is csa"));
}

TEST(Comparison, ListsTheRecordedDaysWhenAskedForAnother) {
  EXPECT_THAT([] { compare(example(), csa(7.3)); },
              ThrowsMessage<InputError>("day: 7.3 was not recorded; recorded days are 0, 14, 22"));
}

TEST(Comparison, OffersTheNearestOfManyDays) {
  sim::Results results = example();
  for (double day = 22.25; day < 30.1; day += 0.25) results.labels.times_d.push_back(day);
  const auto asked = [&](double day) { return [&results, day] { compare(results, csa(day)); }; };
  EXPECT_THAT(asked(22.3), ThrowsMessage<InputError>("day: 22.3 was not recorded; days are recorded from 0 to 30, the "
                                                     "nearest 22.25 and 22.5"));
  EXPECT_THAT(asked(-1.0), ThrowsMessage<InputError>(HasSubstr("the nearest 0 and 0")));
  EXPECT_THAT(asked(70.0), ThrowsMessage<InputError>(HasSubstr("the nearest 30 and 30")));
  EXPECT_THAT(asked(missing), ThrowsMessage<InputError>(HasSubstr("day: nan was not recorded")));
}

TEST(Comparison, RefusesAControlThatIsNoArm) {
  sim::Results results = example();
  results.attributes["control"] = "CON";
  EXPECT_THAT([&] { compare(results, csa()); },
              ThrowsMessage<Error>("the attribute 'control' names 'CON', which is no arm of these results"));
}

TEST(ComparisonTable, ReadsLikeATableInAPaper) {
  EXPECT_EQ(to_table(compare(example(), csa())), R"(fibre cross-sectional area (um2), soleus

                                                          % of RE
arm  limb                 day  n  mean  +-   SD  % of WB  [95 % interval, same rats]
WB   left                  22  3  2560  +-  178    100.0  148.8 [144.2, 154.6]
WB   right                 22  3  2560  +-  178    100.0  148.8 [144.2, 154.6]
HS   left                  14  3  1510  +-  115     59.2  100.0 [100.0, 100.0]
HS   right                 14  3  1510  +-  115     59.2  100.0 [100.0, 100.0]
RE   left                  22  3  1720  +-  131     67.2  100.0
RE   right                 22  3  1720  +-  131     67.2  100.0
REM  left, contralateral   22  3  1987  +-  168     77.6  115.5 [112.2, 117.9]
REM  right, massaged       22  3  2037  +-  184     79.6  118.4 [112.7, 122.5]

arm  massaged - contralateral  day  n  um2 [95 % interval]  points of RE [95 % interval]
REM  right - left               22  3  50 [7, 93]           2.9 [0.4, 5.4]
)");
}

TEST(ComparisonTable, MarksWhatHasEndedByThatDay) {
  sim::Results results = example();
  for (std::size_t animal = 0; animal < 3; ++animal)
    for (const std::size_t limb : {left, right})
      results.series[0].values[results.labels.index(WB, animal, 0, limb, 2)] = missing;
  EXPECT_EQ(to_table(compare(results, csa(22.0))), R"(fibre cross-sectional area (um2), soleus

                                                          % of RE
arm  limb                 day  n  mean  +-   SD  % of WB  [95 % interval, same rats]
WB   left                  22  0     -  +-    -        -  -
WB   right                 22  0     -  +-    -        -  -
HS   left                  22  0     -  +-    -        -  -
HS   right                 22  0     -  +-    -        -  -
RE   left                  22  3  1720  +-  131        -  100.0
RE   right                 22  3  1720  +-  131        -  100.0
REM  left, contralateral   22  3  1987  +-  168        -  115.5 [112.2, 117.9]
REM  right, massaged       22  3  2037  +-  184        -  118.4 [112.7, 122.5]

arm  massaged - contralateral  day  n  um2 [95 % interval]  points of RE [95 % interval]
REM  right - left               22  3  50 [7, 93]           2.9 [0.4, 5.4]
)");
}

TEST(ComparisonTable, HasNoColumnForAnArmThatTheStudyHasNot) {
  sim::Results results = example();
  results.attributes = {{"untreated", ""}};
  const std::string table = to_table(compare(results, csa()));
  EXPECT_THAT(table, HasSubstr("\n\narm  limb                 day  n  mean  +-   SD\n"));
  EXPECT_THAT(table, Not(HasSubstr("% of")));
  EXPECT_THAT(table, Not(HasSubstr("points")));
}

TEST(ComparisonTable, SaysWhenRatsAreIndependentAndFitsIn100Columns) {
  sim::Results results = example();
  results.attributes["pairing"] = "independent";
  results.series[0].name = "wet_mass";
  for (double& value : results.series[0].values) value *= 50.0;
  const std::string table = to_table(compare(results, {.observables = {"wet_mass"}, .day = {}}));
  EXPECT_THAT(table, HasSubstr("  [95 % interval, independent rats]\n"));
  std::size_t longest = 0;
  for (std::size_t start = 0, end; (end = table.find('\n', start)) != std::string::npos; start = end + 1)
    longest = std::max(longest, end - start);
  EXPECT_LE(longest, 100u);
}

TEST(ComparisonTable, AlignsNamesOutsideAscii) {
  sim::Results results = example();
  results.labels.arms[REM] = "µµµ";
  const std::string table = to_table(compare(results, csa()));
  EXPECT_THAT(table, HasSubstr("\nRE   left "));
  EXPECT_THAT(table, HasSubstr("\nµµµ  left, contralateral "));
}

TEST(ComparisonTable, ShowsNoLimitsWhereTheDataSetNone) {
  sim::Results results = example();
  for (std::size_t animal = 0; animal < 3; ++animal)
    results.series[0].values[results.labels.index(RE, animal, 0, right, 2)] = animal == 0 ? -500.0 : 400.0;
  EXPECT_THAT(to_table(compare(results, csa())), HasSubstr(" [no limits]\n"));
}

TEST(ComparisonCsv, HoldsOneNumberPerLineWithAllItsDigits) {
  sim::Results results = example();
  results.labels.arms[HS] = "HS, \"14 d\"";
  const std::string csv = to_csv(compare(results, csa()));
  EXPECT_THAT(csv, testing::StartsWith("observable,muscle,arm,limb,massage,day_d,n,quantity,unit,value,low_95,high_95\n"
                                       "csa,soleus,WB,left,none,22,3,mean,um2,2560,,\n"));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,\"HS, \"\"14 d\"\"\",left,none,14,3,mean,um2,1510,,\n"));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,REM,right,massaged,22,3,percent_of_control,%,79.55729166666667,,\n"));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,REM,left,contralateral,22,3,percent_of_untreated,%,115.50387596899225,1"));
  EXPECT_THAT(csv, HasSubstr("\ncsa,soleus,REM,right - left,massaged - contralateral,22,3,difference,um2,50,6.97"));
  EXPECT_THAT(csv, HasSubstr(",difference_in_points_of_untreated,%,2.90697"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 8 * 4 + 2);
}

}  // namespace
}  // namespace hindlimb::study
