#include "hindlimb/study/sweep_order.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "hindlimb/sim/run_key.hpp"
#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const std::string force = "arm.REM.massage.force_N";
const std::string gain = "crossover.neural_gain";  // 0 in the study

std::string axis(const std::string& key, const std::string& values) {
  return "[[sweep.axis]]\nkey = \"" + key + "\"\nvalues = " + values + "\n";
}

Sweep sweep_of(const std::string& plan, const std::string& study = few_arms) {
  return {read_sweep_plan(*io::parse_toml("[sweep]\n" + plan, "sweep.toml").find("sweep")),
          io::parse_toml(study, "study.toml"), nullptr, nullptr};
}

std::string key_of(const SweepOrder& order, std::uint64_t place) {
  const SweepRow row = order.row(place);
  return sim::run_key(order.sweep().study(row.point), row.replicate);
}

/// The file that a sweep leaves: its runs in the order in which they stand there.
std::vector<OldRun> file_of(const SweepOrder& order) {
  std::vector<OldRun> runs;
  for (std::uint64_t place = 0; place < order.n_runs(); ++place)
    runs.push_back({key_of(order, place), order.point_number(place)});
  return runs;
}

std::vector<OldRun> file_of(const std::string& plan) {
  const Sweep sweep = sweep_of(plan);
  return file_of(SweepOrder(sweep));
}

std::vector<std::int64_t> numbers(const SweepOrder& order) {
  std::vector<std::int64_t> all;
  for (std::uint64_t place = 0; place < order.n_runs(); ++place) all.push_back(order.point_number(place));
  return all;
}

std::vector<SweepRow> rows(const SweepOrder& order) {
  std::vector<SweepRow> all;
  for (std::uint64_t place = 0; place < order.n_runs(); ++place) all.push_back(order.row(place));
  return all;
}

/// The values of one swept key, run by run.
std::vector<double> values(const SweepOrder& order, std::size_t key = 0) {
  std::vector<double> all;
  for (const SweepRow& row : rows(order)) all.push_back(std::get<double>(order.sweep().values(row.point).at(key)));
  return all;
}

std::vector<std::uint64_t> replicates(const SweepOrder& order) {
  std::vector<std::uint64_t> all;
  for (const SweepRow& row : rows(order)) all.push_back(row.replicate);
  return all;
}

/// One number for each point, and each its own.
void expect_a_number_for_each_point(const SweepOrder& order) {
  std::map<std::uint64_t, std::int64_t> number_of;
  std::map<std::int64_t, std::uint64_t> point_of;
  for (std::uint64_t place = 0; place < order.n_runs(); ++place) {
    const std::uint64_t point = order.row(place).point;
    EXPECT_EQ(number_of.emplace(point, order.point_number(place)).first->second, order.point_number(place));
    EXPECT_EQ(point_of.emplace(order.point_number(place), point).first->second, point);
  }
}

/// Whatever is extended: every run of the sweep once, those of the file first and as they were.
void expect_extends(const SweepOrder& order, const std::vector<OldRun>& old) {
  ASSERT_EQ(order.n_old(), old.size());
  for (std::size_t place = 0; place < old.size(); ++place) {
    EXPECT_EQ(key_of(order, place), old[place].key) << place;
    EXPECT_EQ(order.point_number(place), old[place].point) << place;
  }
  std::vector<SweepRow> there = rows(order);
  std::vector<SweepRow> wanted;
  for (std::uint64_t run = 0; run < order.n_runs(); ++run) wanted.push_back(order.sweep().row(run));
  EXPECT_THAT(there, testing::UnorderedElementsAreArray(wanted));
  expect_a_number_for_each_point(order);
}

// --- a new file ------------------------------------------------------------------------------------------------------

TEST(ANewFile, HasRunsInTheOrderOfTheDesign) {
  const Sweep sweep = sweep_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]"));
  const SweepOrder order(sweep);
  EXPECT_EQ(&order.sweep(), &sweep);
  EXPECT_EQ(order.n_runs(), 6U);
  EXPECT_EQ(order.n_old(), 0U);
  EXPECT_THAT(rows(order), ElementsAre(SweepRow{0, 0}, SweepRow{0, 1}, SweepRow{1, 0}, SweepRow{1, 1}, SweepRow{2, 0},
                                       SweepRow{2, 1}));
  EXPECT_THAT(numbers(order), ElementsAre(1, 1, 2, 2, 3, 3));
}

TEST(ANewFile, IsAnExtensionOfOneWithoutRuns) {
  const Sweep sweep = sweep_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]"));
  const SweepOrder order(sweep, {}, "old.h5");
  EXPECT_EQ(order.n_old(), 0U);
  EXPECT_EQ(rows(order), rows(SweepOrder(sweep)));
  EXPECT_EQ(numbers(order), numbers(SweepOrder(sweep)));
}

// --- a file that is extended -----------------------------------------------------------------------------------------

TEST(AnExtendedFile, HasValuesAfterThoseThatItHad) {
  const std::vector<OldRun> old = file_of(axis(force, "[0, 7]"));
  const Sweep sweep = sweep_of(axis(force, "[0, 1.4, 7, 11]"));
  const SweepOrder order(sweep, old, "old.h5");
  expect_extends(order, old);
  EXPECT_THAT(values(order), ElementsAre(0.0, 7.0, 1.4, 11.0));
  EXPECT_THAT(numbers(order), ElementsAre(1, 2, 3, 4));
}

TEST(AnExtendedFile, HasReplicatesAfterThoseThatItHad) {
  const std::vector<OldRun> old = file_of("replicates = 2\n" + axis(force, "[0, 7]"));
  const Sweep sweep = sweep_of("replicates = 3\n" + axis(force, "[0, 7]"));
  const SweepOrder order(sweep, old, "old.h5");
  expect_extends(order, old);
  EXPECT_THAT(values(order), ElementsAre(0.0, 0.0, 7.0, 7.0, 0.0, 7.0));
  EXPECT_THAT(replicates(order), ElementsAre(0, 1, 0, 1, 2, 2));
  EXPECT_THAT(numbers(order), ElementsAre(1, 1, 2, 2, 1, 2));
}

TEST(AnExtendedFile, MayGetAnAxisAmongWhoseValuesIsThatOfTheStudy) {
  const std::vector<OldRun> old = file_of(axis(force, "[0, 7]"));
  for (const auto& [plan, of_force, of_gain] : {std::tuple(axis(force, "[0, 7]") + axis(gain, "[3, 0]"), 0U, 1U),
                                                std::tuple(axis(gain, "[3, 0]") + axis(force, "[0, 7]"), 1U, 0U)}) {
    const Sweep sweep = sweep_of(plan);
    const SweepOrder order(sweep, old, "old.h5");
    expect_extends(order, old);
    EXPECT_THAT(values(order, of_force), ElementsAre(0.0, 7.0, 0.0, 7.0));
    EXPECT_THAT(values(order, of_gain), ElementsAre(0.0, 0.0, 3.0, 3.0));
    EXPECT_THAT(numbers(order), ElementsAre(1, 2, 3, 4));
  }
}

TEST(AnExtendedFile, MayGetAllOfThatAtOnceAndAgain) {
  const std::vector<OldRun> first = file_of(axis(force, "[7, 0]"));
  const Sweep second_sweep = sweep_of("replicates = 2\n" + axis(gain, "[0, 3]") + axis(force, "[0, 1.4, 7]"));
  const SweepOrder second(second_sweep, first, "old.h5");
  expect_extends(second, first);
  const Sweep third_sweep = sweep_of("replicates = 3\n" + axis(force, "[11, 7, 1.4, 0]") + axis(gain, "[0.7, 3, 0]"));
  const SweepOrder third(third_sweep, file_of(second), "old.h5");
  expect_extends(third, file_of(second));
  EXPECT_EQ(std::ranges::max(numbers(third)), 12);
  const SweepOrder nothing_new(third_sweep, file_of(third), "old.h5");
  expect_extends(nothing_new, file_of(third));
  EXPECT_EQ(nothing_new.n_old(), nothing_new.n_runs());
}

TEST(AnExtendedFile, HasThePointsOfALongerDesignAfterThoseOfAShorter) {
  const auto drawn = [](const std::string& design, int points) {
    return "design = \"" + design + "\"\npoints = " + std::to_string(points) + "\n[[sweep.axis]]\nkey = \"" + force +
           "\"\ndistribution = \"uniform\"\nlow = 0.1\nhigh = 7\n";
  };
  for (const std::string design : {"random", "sobol"}) {
    const std::vector<OldRun> old = file_of(drawn(design, 7));
    const Sweep sweep = sweep_of(drawn(design, 17));
    const SweepOrder order(sweep, old, "old.h5");
    expect_extends(order, old);
    EXPECT_EQ(rows(order), rows(SweepOrder(sweep)));
  }
}

TEST(AnExtendedFile, MayHaveItsRunsInAnyOrder) {
  std::vector<OldRun> old = file_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]"));
  std::ranges::reverse(old);
  const Sweep sweep = sweep_of("replicates = 2\n" + axis(force, "[0, 0.7, 1.4, 7]"));
  const SweepOrder order(sweep, old, "old.h5");
  expect_extends(order, old);
  EXPECT_THAT(values(order), ElementsAre(7.0, 7.0, 1.4, 1.4, 0.0, 0.0, 0.7, 0.7));
  EXPECT_THAT(numbers(order), ElementsAre(3, 3, 2, 2, 1, 1, 4, 4));
}

TEST(AnExtendedFile, KeepsNumbersOfPointsThatHaveGaps) {
  std::vector<OldRun> old = file_of(axis(force, "[0, 7]"));
  old[0].point = 40;
  old[1].point = 17;
  const Sweep sweep = sweep_of(axis(force, "[11, 0, 1.4, 7]"));
  const SweepOrder order(sweep, old, "old.h5");
  expect_extends(order, old);
  EXPECT_THAT(values(order), ElementsAre(0.0, 7.0, 11.0, 1.4));
  EXPECT_THAT(numbers(order), ElementsAre(40, 17, 41, 42));
}

TEST(AnExtendedFile, DoesNotCareAboutTitlesAndWhatIsRecorded) {
  const std::vector<OldRun> old = file_of(axis(force, "[0, 7]"));
  const Sweep sweep = sweep_of(axis(force, "[0, 7]"), "title = \"x\"\n" + few_arms + "[record]\nevery_d = 3\n");
  expect_extends(SweepOrder(sweep, old, "old.h5"), old);
}

TEST(AnExtendedFile, MayHavePointsThatAreTheSame) {
  const std::vector<OldRun> old = file_of("replicates = 2\n" + axis(force, "[7, 0, 7]"));
  const Sweep sweep = sweep_of("replicates = 3\n" + axis(force, "[7, 1.4, 7, 0, 7]"));
  const SweepOrder order(sweep, old, "old.h5");
  expect_extends(order, old);
  EXPECT_THAT(values(order), ElementsAre(7, 7, 0, 0, 7, 7, 7, 1.4, 1.4, 1.4, 7, 0, 7, 7, 7));
  EXPECT_THAT(numbers(order), ElementsAre(1, 1, 2, 2, 3, 3, 1, 4, 4, 4, 3, 2, 5, 5, 5));
}

// --- a file of another sweep -----------------------------------------------------------------------------------------

std::vector<std::string> problems_of_extending(const std::vector<OldRun>& old, const std::string& plan,
                                               const std::string& study = few_arms) {
  const Sweep sweep = sweep_of(plan, study);
  return problems_of([&] { SweepOrder(sweep, old, "old.h5"); });
}

std::string refused(int n_runs, int n_foreign) {
  return "old.h5: has " + std::to_string(n_runs) + " runs, of which " + std::to_string(n_foreign) +
         " are not in this sweep; --extend adds values, replicates and axes, and takes nothing away; --force starts "
         "anew";
}

TEST(AFileOfAnotherSweep, HasAValueThatIsNoLongerThere) {
  EXPECT_THAT(problems_of_extending(file_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]")),
                                    "replicates = 2\n" + axis(force, "[0, 7, 11]")),
              ElementsAre(refused(6, 2)));
}

TEST(AFileOfAnotherSweep, HasMoreReplicates) {
  EXPECT_THAT(problems_of_extending(file_of("replicates = 3\n" + axis(force, "[0, 7]")),
                                    "replicates = 2\n" + axis(force, "[0, 7, 11]")),
              ElementsAre(refused(6, 2)));
}

TEST(AFileOfAnotherSweep, HasAnAxisThatIsNoLongerThere) {
  EXPECT_THAT(problems_of_extending(file_of(axis(force, "[0, 7]") + axis(gain, "[0, 3, 7]")), axis(force, "[0, 7]")),
              ElementsAre(refused(6, 4)));
}

TEST(AFileOfAnotherSweep, LacksTheValueOfTheStudyOnANewAxis) {
  EXPECT_THAT(problems_of_extending(file_of(axis(force, "[0, 7]")), axis(force, "[0, 7]") + axis(gain, "[3, 7]")),
              ElementsAre(refused(2, 2)));
}

TEST(AFileOfAnotherSweep, HasOtherRats) {
  EXPECT_THAT(problems_of_extending(file_of(axis(force, "[0, 7]")), axis(force, "[0, 7]"), "seed = 17\n" + few_arms),
              ElementsAre(refused(2, 2)));
}

TEST(AFileOfAnotherSweep, HasAPointMoreOftenThanTheSweep) {
  EXPECT_THAT(problems_of_extending(file_of(axis(force, "[7, 7, 7]")), axis(force, "[7, 0, 7]")),
              ElementsAre(refused(3, 1)));
}

}  // namespace
}  // namespace hindlimb::study
