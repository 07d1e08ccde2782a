#include "hindlimb/study/sweep_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "hindlimb/scenario/reference.hpp"
#include "hindlimb/study/fit_plan.hpp"
#include "hindlimb/study/sweep.hpp"
#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string force = "[[sweep.axis]]\nkey = \"arm.REM.massage.force_N\"\n";
const std::string forces = force + "values = [1.4, 4.5, 11]\n";

std::string design_line(const std::string& design) { return "design = \"" + design + "\"\n"; }

/// The plan in a file whose first line is [sweep].
SweepPlan read(const std::string& text) {
  return read_sweep_plan(*io::parse_toml("[sweep]\n" + text, "sweep.toml").find("sweep"));
}

std::vector<std::string> problems_in(const std::string& text) {
  return problems_of([&] { read(text); });
}

std::vector<std::string> keys_of(const std::vector<SweepAxis>& axes) {
  std::vector<std::string> keys;
  keys.reserve(axes.size());
  for (const SweepAxis& axis : axes) keys.push_back(axis.key);
  return keys;
}

// --- what a plan says ------------------------------------------------------------------------------------------------

TEST(KeysPage, IsWhatTheProgramPrints) {
  std::ostringstream page;
  page << std::ifstream(HINDLIMB_SOURCE_DIR "/docs/keys.md").rdbuf();
  EXPECT_EQ(page.str(), scenario::reference_markdown(sweep_keys(), fit_keys()))
      << "renew it: hindlimb explain --markdown > docs/keys.md";
}

TEST(SweepPlan, TakesEveryKey) {
  const SweepPlan plan = read(
      "study = \"miller.toml\"\ndesign = \"morris\"\ntrajectories = 17\nlevels = 6\nreplicates = 3\nseed = 71\n"
      "keep = \"final\"\ncompress = \"none\"\n[sweep.set]\n\"animals.per_arm\" = 3\n\"title\" = \"of a sweep\"\n" +
      force + "distribution = \"log-uniform\"\nlow = 0.7\nhigh = 9\n");
  EXPECT_EQ(plan.study_file, "miller.toml");
  EXPECT_EQ(plan.design, Design::morris);
  EXPECT_EQ(plan.points, std::nullopt);
  EXPECT_EQ(plan.trajectories, 17);
  EXPECT_EQ(plan.levels, 6);
  EXPECT_EQ(plan.replicates, 3);
  EXPECT_EQ(plan.seed, 71);
  EXPECT_EQ(plan.list_file, "");
  EXPECT_EQ(plan.keep, Keep::final);
  EXPECT_FALSE(plan.compress);
  ASSERT_THAT(plan.changes, SizeIs(2));
  EXPECT_EQ(plan.changes[0].first, "animals.per_arm");
  EXPECT_EQ(std::get<std::int64_t>(plan.changes[0].second.value), 3);
  EXPECT_EQ(plan.changes[1].first, "title");
  EXPECT_EQ(*plan.changes[1].second.text(), "of a sweep");
  EXPECT_EQ(plan.changes[1].second.where.to_string(), "sweep.toml:12");
  ASSERT_THAT(plan.axes, SizeIs(1));
  EXPECT_EQ(plan.axes[0].key, "arm.REM.massage.force_N");
  EXPECT_EQ(plan.axes[0].distribution, "log-uniform");
  EXPECT_EQ(plan.axes[0].low, 0.7);
  EXPECT_EQ(plan.axes[0].high, 9.0);
  EXPECT_EQ(plan.axes[0].where.to_string(), "sweep.toml:13");
}

TEST(SweepPlan, IsAGridOfOneRunEachUnlessToldOtherwise) {
  const SweepPlan plan = read(forces);
  EXPECT_EQ(plan.study_file, "");
  EXPECT_EQ(plan.design, Design::grid);
  EXPECT_EQ(plan.points, std::nullopt);
  EXPECT_EQ(plan.trajectories, std::nullopt);
  EXPECT_EQ(plan.levels, std::nullopt);
  EXPECT_EQ(plan.replicates, 1);
  EXPECT_EQ(plan.seed, 1);
  EXPECT_EQ(plan.keep, Keep::series);
  EXPECT_TRUE(plan.compress);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_EQ(plan.axes.at(0).distribution, std::nullopt);
  EXPECT_EQ(plan.axes.at(0).count, std::nullopt);
}

TEST(SweepPlan, NamesItsListAndLeavesTheAxesToIt) {
  const SweepPlan plan = read("design = \"list\"\nfile = \"points.csv\"\nkeep = \"summary\"\n");
  EXPECT_EQ(plan.design, Design::list);
  EXPECT_EQ(plan.list_file, "points.csv");
  EXPECT_EQ(plan.keep, Keep::summary);
  EXPECT_THAT(plan.axes, IsEmpty());
}

TEST(SweepPlan, KnowsEveryDesign) {
  EXPECT_EQ(read("design = \"random\"\npoints = 7\n" + forces).design, Design::random);
  EXPECT_EQ(read("design = \"latin-hypercube\"\npoints = 7\n" + forces).design, Design::latin_hypercube);
  EXPECT_EQ(read("design = \"sobol\"\npoints = 7\n" + forces).points, 7);
  EXPECT_EQ(read("design = \"grid\"\n" + forces).design, Design::grid);
}

TEST(SweepPlan, KeepsValuesAsTheyAreWrittenAndWhereTheyStand) {
  const SweepPlan plan = read(force + "values = [\n1.4,\n4, # newtons\n0]\n");
  const std::vector<scenario::Node>& values = plan.axes.at(0).values;
  ASSERT_THAT(values, SizeIs(3));
  EXPECT_EQ(std::get<double>(values[0].value), 1.4);
  EXPECT_EQ(std::get<std::int64_t>(values[1].value), 4);
  EXPECT_EQ(values[1].where.to_string(), "sweep.toml:6");
  EXPECT_EQ(values[2].where.to_string(), "sweep.toml:7");
}

TEST(SweepPlan, HasAxesInTheirOrder) {
  const SweepPlan plan =
      read(forces + "[[sweep.axis]]\nkey = \"animals.sex\"\nvalues = [\"male\"]\n[[sweep.axis]]\nkey = \"a.b\"\n" +
           "values = [3]\n");
  EXPECT_THAT(keys_of(plan.axes), ElementsAre("arm.REM.massage.force_N", "animals.sex", "a.b"));
}

TEST(SweepPlan, HasKeysThatGoTogether) {
  const SweepPlan plan = read("[[sweep.axis]]\nkeys = [\"a.b\", \"c.d\"]\nvalues = [[1, 2], [3, 4.5], 7]\n");
  EXPECT_THAT(plan.axes.at(0).all_keys(), ElementsAre("a.b", "c.d"));
  EXPECT_EQ(std::get<double>(plan.axes.at(0).values.at(1).array()->at(1).value), 4.5);
}

TEST(SweepPlan, HasEachDistribution) {
  EXPECT_THAT(problems_in("design = \"random\"\npoints = 7\n" + force +
                          "distribution = \"uniform\"\nlow = -0.3\nhigh = 0\n"
                          "[[sweep.axis]]\nkey = \"b\"\ndistribution = \"log-uniform\"\nlow = 0.001\nhigh = 7\n"
                          "[[sweep.axis]]\nkey = \"c\"\ndistribution = \"normal\"\nmean = 0\nsd = 0.3\n"
                          "[[sweep.axis]]\nkey = \"d\"\ndistribution = \"log-normal\"\nmedian = 7\ncv = 0.3\n"),
              IsEmpty());
}

/// Without quotes the dots make tables within tables; set as they are, they would replace all of [animals].
TEST(SweepPlan, ChangesTheKeyAloneThatStandsWithoutQuotes) {
  const std::string text = "[sweep.set]\nanimals.per_arm = 3\n" + forces;
  if (!problems_in(text).empty()) return;  // refused: well and good
  const SweepPlan plan = read(text);
  ASSERT_THAT(plan.changes, SizeIs(1));
  EXPECT_EQ(plan.changes[0].first, "animals.per_arm");
}

// --- what is wrong with one ------------------------------------------------------------------------------------------

TEST(WrongSweepPlan, IsNoTable) {
  EXPECT_THAT(problems_of([] { read_sweep_plan(*io::parse_toml("\nsweep = 7\n", "sweep.toml").find("sweep")); }),
              ElementsAre("sweep.toml:2: sweep: is a whole number, must be a table"));
}

TEST(WrongSweepPlan, HasKeysAndValuesThatThereAreNot) {
  EXPECT_THAT(
      problems_in("replicate = 3\ndesign = \"gird\"\nseed = -1\nkeep = 7\ncompress = \"zip\"\n" + force +
                  "value = [3]\ndistribution = \"uniforn\"\ncount = 0\nsd = 0\ncv = 0\nlow = nan\nkeys = \"a\"\n"),
      ElementsAre(
          "sweep.toml:2: sweep.replicate: unknown key; did you mean 'replicates'?",
          "sweep.toml:3: sweep.design: is 'gird', must be one of grid, random, latin-hypercube, sobol, morris, list; "
          "how points are chosen from the axes",
          "sweep.toml:4: sweep.seed: is -1, must be from 0 to 9.2e+18; start of the draws of points; those of rats "
          "follow from the study's seed",
          "sweep.toml:5: sweep.keep: is a whole number, must be text in quotes; what is kept of every run: all "
          "recorded times, the end of each arm, or nothing but the summary of each point",
          "sweep.toml:6: sweep.compress: is 'zip', must be one of none, gzip; compression of the result",
          "sweep.toml:9: sweep.axis.1.value: unknown key; did you mean 'values'?",
          "sweep.toml:10: sweep.axis.1.distribution: is 'uniforn', must be one of uniform, log-uniform, normal, "
          "log-normal; distribution of the key, in place of values",
          "sweep.toml:11: sweep.axis.1.count: is 0, must be from 1 to 9000000000000000; number of values that a grid "
          "takes from the distribution",
          "sweep.toml:12: sweep.axis.1.sd: is 0, must be > 0 and <= 1e+300; standard deviation of the same",
          "sweep.toml:13: sweep.axis.1.cv: is 0, must be > 0 and <= 1000; coefficient of variation of the same",
          "sweep.toml:14: sweep.axis.1.low: is nan, must be a finite number; lower end of a uniform or log-uniform "
          "distribution",
          "sweep.toml:15: sweep.axis.1.keys: is text, must be a list of texts in quotes; several keys that go "
          "together"));
}

TEST(WrongSweepPlan, HasNumbersOutOfTheirRange) {
  EXPECT_THAT(
      problems_in("points = 0\ntrajectories = 0\nlevels = 1\nreplicates = 0\n" + forces),
      ElementsAre("sweep.toml:2: sweep.points: is 0, must be from 1 to 9000000000000000; number of points of a random, "
                  "latin-hypercube or sobol design",
                  "sweep.toml:3: sweep.trajectories: is 0, must be from 1 to 9000000000000000; number of trajectories "
                  "of a morris design, each of one point more than there are axes",
                  "sweep.toml:4: sweep.levels: is 1, must be from 2 to 1000; levels of each axis of a morris design, "
                  "even; else 4",
                  "sweep.toml:5: sweep.replicates: is 0, must be from 1 to 9000000000000000; runs of each point, each "
                  "with rats of its own; the same rats at every point"));
}

TEST(WrongSweepPlan, HasNoAxis) {
  EXPECT_THAT(problems_in("replicates = 3\n"),
              ElementsAre("sweep.toml:1: sweep.axis: there is none; a sweep needs at least one [[sweep.axis]]"));
}

TEST(WrongSweepPlan, HasOneAxisInSingleBrackets) {
  EXPECT_THAT(problems_in("[sweep.axis]\nkey = \"a\"\nvalues = [1]\n"),
              ElementsAre("sweep.toml:2: sweep.axis: is a table, must be a list of tables; write [[axis]] in double "
                          "brackets"));
}

TEST(WrongSweepPlan, HasChangesThatAreNoTable) {
  EXPECT_THAT(problems_in("set = 7\n" + forces),
              ElementsAre("sweep.toml:2: sweep.set: is a whole number, must be a table"));
}

TEST(WrongSweepPlan, LacksThePointsOfItsDesign) {
  for (const std::string design : {"random", "latin-hypercube", "sobol"}) {
    EXPECT_THAT(problems_in("\n" + design_line(design) + forces),
                ElementsAre("sweep.toml:1: sweep.points: is missing; design = \"" + design + "\" needs it"));
  }
  EXPECT_THAT(problems_in("design = \"morris\"\n" + forces),
              ElementsAre("sweep.toml:1: sweep.trajectories: is missing; design = \"morris\" needs it"));
  EXPECT_THAT(problems_in("design = \"list\"\n"),
              ElementsAre("sweep.toml:1: sweep.file: is missing; design = \"list\" needs it"));
}

TEST(WrongSweepPlan, HasWhatBelongsToAnotherDesign) {
  const auto all_of = [](const std::string& design) {
    return "points = 7\ntrajectories = 3\nfile = \"p.csv\"\nlevels = 6\n" + design_line(design);
  };
  const std::string points = "sweep.toml:2: sweep.points: ";
  const std::string trajectories = "sweep.toml:3: sweep.trajectories: ";
  const std::string file = "sweep.toml:4: sweep.file: ";
  const std::string n_levels = "sweep.toml:5: sweep.levels: ";
  const auto stray = [](const std::string& design) {
    return "does not belong to design = \"" + design + "\"; leave it out";
  };
  EXPECT_THAT(problems_in(all_of("grid") + forces), ElementsAre(points + stray("grid"), trajectories + stray("grid"),
                                                                file + stray("grid"), n_levels + stray("grid")));
  for (const std::string design : {"random", "latin-hypercube", "sobol"}) {
    EXPECT_THAT(problems_in(all_of(design) + forces),
                ElementsAre(trajectories + stray(design), file + stray(design), n_levels + stray(design)));
  }
  EXPECT_THAT(problems_in(all_of("morris") + forces), ElementsAre(points + stray("morris"), file + stray("morris")));
  EXPECT_THAT(problems_in(all_of("list")),
              ElementsAre(points + stray("list"), trajectories + stray("list"), n_levels + stray("list")));
}

TEST(WrongSweepPlan, HasAnOddNumberOfLevels) {
  EXPECT_THAT(problems_in("design = \"morris\"\ntrajectories = 3\nlevels = 7\n" + forces),
              ElementsAre("sweep.toml:4: sweep.levels: is 7, must be even"));
}

TEST(WrongSweepPlan, HasAxesBesideItsList) {
  EXPECT_THAT(problems_in("design = \"list\"\nfile = \"points.csv\"\n" + forces),
              ElementsAre("sweep.toml:1: sweep.axis: does not belong to design = \"list\"; its columns are the axes"));
}

TEST(WrongSweepPlan, HasAnAxisWithoutAKeyOrWithTwo) {
  EXPECT_THAT(problems_in("[[sweep.axis]]\nvalues = [1]\n[[sweep.axis]]\nkey = \"a\"\nkeys = [\"b\"]\nvalues = [1]\n"),
              ElementsAre("sweep.toml:2: sweep.axis.1: has no key; key = \"...\", or keys = [...]",
                          "sweep.toml:4: sweep.axis.2: has both key and keys; key = \"...\", or keys = [...]"));
}

TEST(WrongSweepPlan, HasTheSameKeyInTwoAxes) {
  EXPECT_THAT(problems_in("[[sweep.axis]]\nkey = \"a\"\nvalues = [1]\n[[sweep.axis]]\nkeys = [\"b\", \"a\"]\n"
                          "values = [1]\n"),
              ElementsAre("sweep.toml:5: sweep.axis.2: 'a' is in two axes"));
}

TEST(WrongSweepPlan, HasNoValuesOrTooMuchOfThem) {
  const std::string hint = "values = [...], or distribution = \"uniform\" with low and high";
  EXPECT_THAT(problems_in(force + forces.substr(0, 15) + "key = \"a\"\nvalues = [1]\ndistribution = \"uniform\"\n"),
              ElementsAre("sweep.toml:2: sweep.axis.1: has no values; " + hint,
                          "sweep.toml:4: sweep.axis.2: has both values and a distribution; " + hint));
}

TEST(WrongSweepPlan, HasValuesThatAreNoListOrAnEmptyOne) {
  EXPECT_THAT(problems_in(force + "values = 4.5\n[[sweep.axis]]\nkey = \"a\"\nvalues = []\n"),
              ElementsAre("sweep.toml:4: sweep.axis.1.values: is a number, must be a list; such as [1, 2, 4.5]",
                          "sweep.toml:7: sweep.axis.2.values: is an empty list; an axis needs at least one value"));
}

TEST(WrongSweepPlan, DescribesADistributionBesideValues) {
  for (const std::string key : {"low", "high", "mean", "sd", "median", "cv", "count"}) {
    EXPECT_THAT(problems_in(forces + key + " = 3\n"),
                ElementsAre("sweep.toml:2: sweep.axis.1: has values, so what describes a distribution says nothing; "
                            "leave it out"))
        << key;
  }
}

TEST(WrongSweepPlan, HasListsThatDoNotFitTheKeys) {
  for (const std::string values : {"values = [1, [2, 3]]\n", "values = [[1], 2]\n"}) {
    EXPECT_THAT(
        problems_in(force + values),
        ElementsAre("sweep.toml:4: sweep.axis.1.values: has a list where one value is needed; several keys that "
                    "go together: keys = [...]"));
  }
  EXPECT_THAT(problems_in("[[sweep.axis]]\nkeys = [\"a\", \"b\", \"c\"]\nvalues = [\n[1, 2, 3],\n[1, 2]]\n"),
              ElementsAre("sweep.toml:4: sweep.axis.1.values: has a list of 2 for 3 keys; several keys that go "
                          "together: keys = [...]"));
}

TEST(WrongSweepPlan, LacksWhatItsDistributionNeeds) {
  const std::string place = "sweep.toml:2: sweep.axis.1.";
  const auto problems = [](const std::string& name) {
    return problems_in(force + "count = 3\ndistribution = \"" + name + "\"\n");
  };
  EXPECT_THAT(problems("uniform"), ElementsAre(place + "low: is missing; a uniform distribution needs it",
                                               place + "high: is missing; a uniform distribution needs it"));
  EXPECT_THAT(problems("log-uniform"), ElementsAre(place + "low: is missing; a log-uniform distribution needs it",
                                                   place + "high: is missing; a log-uniform distribution needs it"));
  EXPECT_THAT(problems("normal"), ElementsAre(place + "mean: is missing; a normal distribution needs it",
                                              place + "sd: is missing; a normal distribution needs it"));
  EXPECT_THAT(problems("log-normal"), ElementsAre(place + "median: is missing; a log-normal distribution needs it",
                                                  place + "cv: is missing; a log-normal distribution needs it"));
}

TEST(WrongSweepPlan, HasWhatBelongsToAnotherDistribution) {
  const auto problems = [](const std::string& name) {
    return problems_in(force + "low = 2\nhigh = 3\nmean = 3\nsd = 3\nmedian = 3\ncv = 3\ncount = 3\ndistribution = \"" +
                       name + "\"\n");
  };
  const auto stray = [](const std::string& place, const std::string& name) {
    return "sweep.toml:" + place + ": does not belong to a " + name + " distribution; leave it out";
  };
  const std::string low = "4: sweep.axis.1.low", high = "5: sweep.axis.1.high", mean = "6: sweep.axis.1.mean",
                    sd = "7: sweep.axis.1.sd", median = "8: sweep.axis.1.median", cv = "9: sweep.axis.1.cv";
  for (const std::string name : {"uniform", "log-uniform"}) {
    EXPECT_THAT(problems(name), ElementsAre(stray(mean, name), stray(sd, name), stray(median, name), stray(cv, name)));
  }
  EXPECT_THAT(problems("normal"),
              ElementsAre(stray(low, "normal"), stray(high, "normal"), stray(median, "normal"), stray(cv, "normal")));
  EXPECT_THAT(problems("log-normal"), ElementsAre(stray(low, "log-normal"), stray(high, "log-normal"),
                                                  stray(mean, "log-normal"), stray(sd, "log-normal")));
}

TEST(WrongSweepPlan, HasEndsInTheWrongOrder) {
  const std::string uniform = force + "count = 3\ndistribution = \"uniform\"\n";
  EXPECT_THAT(problems_in(uniform + "low = 4.5\nhigh = -0.3\n"),
              ElementsAre("sweep.toml:7: sweep.axis.1.high: is -0.3, must be above low, 4.5"));
  EXPECT_THAT(problems_in(uniform + "high = 7\nlow = 7\n"),
              ElementsAre("sweep.toml:6: sweep.axis.1.high: is 7, must be above low, 7"));
}

TEST(WrongSweepPlan, TakesTheLogarithmOfZero) {
  EXPECT_THAT(problems_in(force + "count = 3\ndistribution = \"log-uniform\"\nlow = 0\nhigh = 7\n"),
              ElementsAre("sweep.toml:6: sweep.axis.1.low: is 0, must be > 0; a log-uniform distribution has no "
                          "logarithm of 0"));
}

TEST(WrongSweepPlan, DoesNotCountTheValuesOfAGrid) {
  EXPECT_THAT(problems_in(force + "distribution = \"uniform\"\nlow = 0\nhigh = 7\n"),
              ElementsAre("sweep.toml:2: sweep.axis.1.count: is missing; a grid takes so many values from it"));
}

TEST(WrongSweepPlan, CountsTheValuesOfWhatIsNoGrid) {
  EXPECT_THAT(problems_in("design = \"sobol\"\npoints = 7\n" + force +
                          "distribution = \"uniform\"\nlow = 0\nhigh = 7\ncount = 3\n"),
              ElementsAre("sweep.toml:9: sweep.axis.1.count: belongs to a grid; sweep.points is the number of points"));
}

TEST(WrongSweepPlan, IsToldInTheOrderOfTheFile) {
  EXPECT_THAT(problems_in(force + "[[sweep.axis]]\nkey = \"b\"\ncount = 3\ndistribution = \"normal\"\nsd = 1\n"
                                  "[[sweep.axis]]\nvalues = [1]\n"),
              ElementsAre(testing::StartsWith("sweep.toml:2: sweep.axis.1: has no values"),
                          testing::StartsWith("sweep.toml:4: sweep.axis.2.mean: is missing"),
                          testing::StartsWith("sweep.toml:9: sweep.axis.3: has no key")));
}

// --- written and read again ------------------------------------------------------------------------------------------

Sweep sweep_of(const SweepPlan& plan) { return {plan, io::parse_toml(few_arms, "study.toml"), nullptr, nullptr}; }

std::vector<std::vector<scenario::Value>> values_of(const Sweep& sweep) {
  std::vector<std::vector<scenario::Value>> all;
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) all.push_back(sweep.values(point));
  return all;
}

class WrittenSweep : public testing::TestWithParam<const char*> {};

TEST_P(WrittenSweep, ReadsBackAsTheSame) {
  const Sweep sweep = sweep_of(read(GetParam()));
  const std::string text = to_toml(sweep);
  const Sweep again = sweep_of(read_sweep_plan(*io::parse_toml(text, "again.toml").find("sweep")));
  EXPECT_EQ(to_toml(again), text);
  EXPECT_EQ(again.identity(), sweep.identity());
  EXPECT_EQ(again.n_runs(), sweep.n_runs());
  EXPECT_EQ(values_of(again), values_of(sweep));
  EXPECT_EQ(again.plan().keep, sweep.plan().keep);
  EXPECT_EQ(again.plan().compress, sweep.plan().compress);
}

constexpr const char* written_sweeps[] = {
    "replicates = 3\n[[sweep.axis]]\nkey = \"arm.REM.massage.force_N\"\nvalues = [0, 1.4, 0.1, 1e-7, 97]\n"
    "[[sweep.axis]]\nkey = \"arm.REM.massage.limb\"\nvalues = [\"left\", \"both\"]\n",
    "keep = \"summary\"\ncompress = \"none\"\n"
    "[[sweep.axis]]\nkeys = [\"arm.RE.phase.reload.duration_d\", \"arm.REM.phase.reload.duration_d\"]\n"
    "values = [[8, 9.5], [10.25, 8]]\n",
    "[[sweep.axis]]\nkeys = [\"arm.RE.phase.reload.duration_d\", \"arm.REM.phase.reload.duration_d\"]\n"
    "values = [8, 9.5]\n",
    "[[sweep.axis]]\nkey = \"arm.REM.massage.force_N\"\ndistribution = \"log-uniform\"\nlow = 0.3\nhigh = 7\n"
    "count = 5\n",
    "design = \"sobol\"\npoints = 17\nseed = 71\n[[sweep.axis]]\nkey = \"arm.REM.massage.force_N\"\n"
    "distribution = \"log-normal\"\nmedian = 4.5\ncv = 0.1\n[[sweep.axis]]\nkey = \"animals.age_months\"\n"
    "distribution = \"normal\"\nmean = 20\nsd = 0.7\n",
    "design = \"latin-hypercube\"\npoints = 17\n[[sweep.axis]]\nkey = \"animals.sex\"\nvalues = [\"male\", "
    "\"female\"]\n",
    "design = \"random\"\npoints = 17\nkeep = \"final\"\n[[sweep.axis]]\nkey = \"crossover.humoral_gain\"\n"
    "distribution = \"uniform\"\nlow = 0.1\nhigh = 0.7\n",
    "design = \"morris\"\ntrajectories = 7\nlevels = 6\n[[sweep.axis]]\nkey = \"parameters.drive_max\"\n"
    "distribution = \"uniform\"\nlow = 0.1\nhigh = 0.7\n",
    "design = \"morris\"\ntrajectories = 7\n[[sweep.axis]]\nkey = \"parameters.drive_max\"\n"
    "distribution = \"uniform\"\nlow = 0.1\nhigh = 0.7\n"};
INSTANTIATE_TEST_SUITE_P(All, WrittenSweep, testing::ValuesIn(written_sweeps));

TEST(WrittenList, HoldsItsPointsAndNoNamesOfFiles) {
  const SweepPlan plan = read("study = \"study.toml\"\ndesign = \"list\"\nfile = \"points.csv\"\n");
  const CsvTable list =
      CsvTable::parse("arm.REM.massage.force_N,arm.REM.massage.limb\n0,left\n4.50,\"right\"\n", "points.csv");
  const Sweep sweep(plan, io::parse_toml(few_arms, "study.toml"), nullptr, &list);
  EXPECT_EQ(to_toml(sweep), R"([sweep]
design = "grid"
replicates = 1
seed = 1
keep = "series"
compress = "gzip"

[[sweep.axis]]
keys = ["arm.REM.massage.force_N", "arm.REM.massage.limb"]
values = [[0, "left"], [4.5, "right"]]
)");
}

TEST(ShippedSweep, HasAsManyPointsAsItSays) {
  const auto shipped = [](const std::string& name) {
    const std::string folder = HINDLIMB_SOURCE_DIR "/configs/";
    const SweepPlan plan = read_sweep_plan(*io::read_toml(folder + name).find("sweep"));
    scenario::Node study = io::read_toml(folder + plan.study_file);
    for (const auto& [key, value] : plan.changes) apply_override(study, key, value);
    return Sweep(plan, study, nullptr, nullptr);
  };
  EXPECT_EQ(shipped("sweep_dose_timing.toml").n_points(), 7U * 4U * 4U);
  EXPECT_EQ(shipped("sweep_crossover.toml").n_points(), 4U * 4U * 4U);
  EXPECT_EQ(shipped("sweep_crossover.toml").n_runs(), 320U);
}

}  // namespace
}  // namespace hindlimb::study
