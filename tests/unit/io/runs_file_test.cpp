#include "hindlimb/io/runs_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/result_file.hpp"
#include "io/hdf5.hpp"
#include "unit/io/sweep_example.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
using testing::SizeIs;
using testing::StartsWith;

/// A run of the example, as it would stand in a file of its own.
sim::Results results_of(std::uint64_t run) {
  const SweepForm form = example_form();
  const sim::RunOutcome outcome = outcome_of(run);
  sim::Results results{.attributes = form.attributes,
                       .seed = form.seed,
                       .run_key = key_of(run),
                       .labels = form.labels,
                       .series = {},
                       .status = outcome.status,
                       .message = outcome.message,
                       .n_steps = outcome.n_steps,
                       .n_redone = outcome.n_redone,
                       .wall_time_s = wall_time_of(run)};
  results.labels.massaged = row_of(run).massaged;
  for (std::size_t series = 0; series < form.series.size(); ++series) {
    const SeriesInfo& info = form.series[series];
    results.series.push_back(
        {info.name, info.unit, info.long_name, numbers_of(run, series, size_in(form, series)), info.by_fibre_type});
  }
  return results;
}

void expect_equal(const sim::Series& read, const sim::Series& written) {
  EXPECT_EQ(read.name, written.name);
  EXPECT_EQ(read.unit, written.unit);
  EXPECT_EQ(read.long_name, written.long_name);
  EXPECT_EQ(read.by_fibre_type, written.by_fibre_type);
  EXPECT_EQ(bits(read.values), bits(written.values)) << written.name;
}

void expect_equal_outcome(const sim::Results& read, const sim::Results& written) {
  EXPECT_EQ(read.status, written.status);
  EXPECT_EQ(read.message, written.message);
  EXPECT_EQ(read.n_steps, written.n_steps);
  EXPECT_EQ(read.n_redone, written.n_redone);
  EXPECT_EQ(read.wall_time_s, written.wall_time_s);
}

void expect_equal(const sim::Results& read, const sim::Results& written) {
  EXPECT_EQ(read.attributes, written.attributes);
  EXPECT_EQ(read.seed, written.seed);
  EXPECT_EQ(read.run_key, written.run_key);
  EXPECT_EQ(read.labels, written.labels);
  expect_equal_outcome(read, written);
  ASSERT_THAT(read.series, SizeIs(written.series.size()));
  for (std::size_t i = 0; i < read.series.size(); ++i) expect_equal(read.series[i], written.series[i]);
}

class RunsFileTest : public testing::Test {
 protected:
  RunsFile written() const {
    sweep_.write(file_);
    return RunsFile(file_);
  }
  RunsFile study(std::uint64_t run) const {
    write_results(results_of(run), file_, Precision::f8);
    return RunsFile(file_);
  }
  std::string reading() const {
    return refusal<InputError>([&] { RunsFile file(file_); });
  }
  std::string told(const std::string& what) const { return file_.string() + ": " + what; }
  /// Bytes with the right checksum, whatever they are.
  void put(const std::string& bytes) const {
    write_text(file_, bytes);
    write_checksum(file_);
  }
  /// The file of the sweep after change(file of HDF5), with the right checksum.
  template <class Change>
  void damage(const Change& change) const {
    sweep_.write(file_);
    {
      const hdf5::Quiet quiet;
      const hdf5::Handle file(H5Fopen(file_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open the file");
      change(file);
    }
    write_checksum(file_);
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "x.h5";
  ExampleSweep sweep_;
};

using FileOfAStudy = RunsFileTest;

TEST_F(FileOfAStudy, HasOneRunOfOnePoint) {
  const RunsFile file = study(3);
  EXPECT_EQ(file.n_runs(), 1);
  EXPECT_THAT(file.points(), ElementsAre(1));
  EXPECT_THAT(file.replicates(), ElementsAre(1));
  EXPECT_THAT(file.coordinates(), IsEmpty());
  EXPECT_THAT(file.keys(), ElementsAre(key_of(3)));
  EXPECT_THAT(file.statuses(), ElementsAre(1));
}

TEST_F(FileOfAStudy, GivesTheRunThatWasWritten) {
  expect_equal(study(3).run(0), results_of(3));
  expect_equal(read_results(file_), results_of(3));
}

TEST_F(FileOfAStudy, GivesItsLabelsSeriesAndNumbers) {
  const RunsFile file = study(3);
  EXPECT_EQ(file.labels(), results_of(3).labels);
  EXPECT_EQ(file.series(), example_form().series);
  EXPECT_EQ(file.massaged(), results_of(3).labels.massaged);
  EXPECT_FALSE(file.has_ends_only());
  EXPECT_THAT(file.ends_d(), IsEmpty());
  for (const sim::Series& series : results_of(3).series)
    EXPECT_EQ(bits(file.numbers(series.name, 0, 1)), bits(series.values));
}

using FileOfASweep = RunsFileTest;

TEST_F(FileOfASweep, IsNamedAndKnownByItsDigest) {
  const RunsFile file = written();
  EXPECT_EQ(file.path(), file_);
  EXPECT_EQ(file.digest(), sha256(bytes_of(file_)));
}

TEST_F(FileOfASweep, GivesTheTextsAtItsRoot) {
  sweep_.form.attributes["partial"] = "6 of 7 runs";
  const RunsFile file = written();
  EXPECT_EQ(file.attributes(), sweep_.form.attributes);
  EXPECT_EQ(file.attribute("partial"), "6 of 7 runs");
  EXPECT_EQ(file.attribute("none"), "");
  EXPECT_EQ(file.seed(), -7);
}

TEST_F(FileOfASweep, GivesLabelsAndSeries) {
  const RunsFile file = written();
  EXPECT_EQ(file.n_runs(), 7);
  sim::Labels labels = example_labels();
  labels.massaged = row_of(0).massaged;
  EXPECT_EQ(file.labels(), labels);
  EXPECT_EQ(file.series(), sweep_.form.series);
}

TEST_F(FileOfASweep, GivesPointsAndReplicates) {
  const RunsFile file = written();
  EXPECT_THAT(file.points(), ElementsAre(1, 1, 2, 2, 3, 3, 4));
  EXPECT_THAT(file.replicates(), ElementsAre(1, 2, 1, 2, 1, 2, 1));
}

TEST_F(FileOfASweep, GivesSweptKeysWithTheirValues) {
  const RunsFile file = written();
  std::vector<RunCoordinate> coordinates = sweep_.form.coordinates;
  for (const std::uint64_t run : sweep_.runs) {
    coordinates[0].numbers.push_back(std::get<double>(row_of(run).values[0]));
    coordinates[1].texts.push_back(std::get<std::string>(row_of(run).values[1]));
  }
  EXPECT_EQ(file.coordinates(), coordinates);
}

TEST_F(FileOfASweep, GivesKeysAndStatuses) {
  sweep_.runs = runs_from_to(0, 8);
  sweep_.missing_blocks = {6};
  const RunsFile file = written();
  EXPECT_THAT(file.statuses(), ElementsAre(0, 0, 0, 1, 0, 0, not_run, not_run));
  EXPECT_THAT(file.keys(), ElementsAre(key_of(0), key_of(1), key_of(2), key_of(3), key_of(4), key_of(5), "", ""));
}

TEST_F(FileOfASweep, SaysHowSomeRunsWent) {
  const RunsFile file = written();
  const std::vector<RunsFile::Outcome> some = file.outcomes(2, 4);
  ASSERT_THAT(some, SizeIs(4));
  for (std::uint64_t run = 2; run < 6; ++run) {
    EXPECT_EQ(some[run - 2].run_key, key_of(run));
    EXPECT_EQ(some[run - 2].status, static_cast<std::int8_t>(outcome_of(run).status));
    EXPECT_EQ(some[run - 2].message, outcome_of(run).message);
    EXPECT_EQ(some[run - 2].n_steps, outcome_of(run).n_steps);
    EXPECT_EQ(some[run - 2].n_redone, outcome_of(run).n_redone);
    EXPECT_EQ(some[run - 2].wall_time_s, wall_time_of(run));
  }
}

TEST_F(FileOfASweep, KnowsItsPrecisionAndChunks) {
  for (const Precision precision : {Precision::f4, Precision::f8}) {
    sweep_.precision = precision;
    EXPECT_EQ(written().precision(), precision);
  }
  EXPECT_EQ(written().runs_per_chunk(), 3);
}

TEST_F(FileOfASweep, GivesTheNumbersOfSomeRuns) {
  const RunsFile file = written();
  for (std::size_t series = 0; series < 3; ++series) {
    const std::size_t size = size_in(sweep_.form, series);
    const std::string& name = sweep_.form.series[series].name;
    EXPECT_EQ(bits(file.numbers(name, 0, 7)), bits(numbers_of(sweep_.runs, series, size)));
    EXPECT_EQ(bits(file.numbers(name, 2, 3)), bits(numbers_of({2, 3, 4}, series, size)));
    EXPECT_EQ(bits(file.numbers(name, 6, 1)), bits(numbers_of(6, series, size)));
  }
}

TEST_F(FileOfASweep, GivesTheNumbersOfOneTime) {
  const RunsFile file = written();
  for (const std::size_t series : {0U, 1U}) {
    const std::vector<double> all = numbers_of(sweep_.runs, series, size_in(sweep_.form, series));
    for (const std::size_t time : {0U, 4U, 5U}) {
      std::vector<double> expected;
      for (std::size_t i = time; i < all.size(); i += 6) expected.push_back(all[i]);
      EXPECT_EQ(bits(file.numbers_at(sweep_.form.series[series].name, time)), bits(expected));
    }
  }
}

TEST_F(FileOfASweep, GivesTheNumbersOfTheEndWhereNothingElseIsKept) {
  sweep_.form = form_of_ends();
  const RunsFile file = written();
  EXPECT_TRUE(file.has_ends_only());
  EXPECT_THAT(file.labels().times_d, ElementsAre(IsNan()));
  EXPECT_EQ(file.series(), sweep_.form.series);
  const std::vector<double> all = numbers_of(sweep_.runs, 1, size_in(sweep_.form, 1));
  EXPECT_EQ(bits(file.numbers_at("csa_by_type", 0)), bits(all));
  EXPECT_EQ(bits(file.last_numbers("csa_by_type")), bits(all));
}

TEST_F(FileOfASweep, GivesTheLastNumberOfEveryCourseThatHasOne) {
  // Of the courses of six numbers one in four ends earlier each; one has none.
  sweep_.change = [](StoredRuns&, std::vector<std::vector<double>>& numbers) {
    for (std::size_t i = 0; i < numbers[0].size(); ++i)
      numbers[0][i] = i % 6 < 7 - i / 6 % 4 * 2 ? static_cast<double>(i) : missing;
    for (std::size_t i = 0; i < 6; ++i) numbers[0][i] = missing;
  };
  const RunsFile file = written();
  const std::vector<double> last = file.last_numbers("wet_mass");
  const std::size_t n_courses = size_in(sweep_.form, 0) / 6;
  ASSERT_THAT(last, SizeIs(7 * n_courses));
  EXPECT_THAT(last[0], IsNan());
  EXPECT_EQ(last[1], 6.0 + 4.0);
  EXPECT_EQ(last[2], 12.0 + 2.0);
  EXPECT_EQ(last[3], 18.0);
  EXPECT_EQ(last[4], 24.0 + 5.0);
  EXPECT_THAT(last[3 * n_courses], IsNan());  // the next block
  EXPECT_EQ(last[3 * n_courses + 4], 24.0 + 5.0);
}

TEST_F(FileOfASweep, SaysOfEveryRunWhichLimbsAreMassaged) {
  for (const bool varies : {false, true}) {
    sweep_.form.massages_vary = varies;
    const RunsFile file = written();
    std::vector<std::int8_t> expected;
    for (const std::uint64_t run : sweep_.runs) {
      const std::vector<std::int8_t> its = row_of(varies ? run : 0).massaged;
      expected.insert(expected.end(), its.begin(), its.end());
    }
    EXPECT_EQ(file.massaged(), expected);
    EXPECT_EQ(file.labels().massaged, row_of(0).massaged);
  }
}

TEST_F(FileOfASweep, SaysOfEveryRunWhenArmsEnd) {
  for (const bool varies : {false, true}) {
    sweep_.form = form_of_ends();
    sweep_.form.ends_vary = varies;
    const RunsFile file = written();
    std::vector<double> expected;
    for (const std::uint64_t run : sweep_.runs) {
      const std::vector<double> its = row_of(varies ? run : 0).ends_d;
      expected.insert(expected.end(), its.begin(), its.end());
    }
    EXPECT_EQ(file.ends_d(), expected);
  }
}

TEST_F(FileOfASweep, GivesEveryRunAsItWouldStandInAFileOfItsOwn) {
  sweep_.form.massages_vary = true;
  const RunsFile file = written();
  for (std::uint64_t run = 0; run < 7; ++run) expect_equal(file.run(run), results_of(run));
  const std::vector<sim::Results> some = file.runs(2, 3);
  ASSERT_THAT(some, SizeIs(3));
  for (std::uint64_t run = 2; run < 5; ++run) expect_equal(some[run - 2], results_of(run));
}

TEST_F(FileOfASweep, MayHaveItsSummaryAlone) {
  sweep_.form.keeps_series = false;
  sweep_.form.has_summary = true;
  const RunsFile file = written();
  EXPECT_THAT(file.series(), IsEmpty());
  EXPECT_EQ(file.n_runs(), 7);
  EXPECT_EQ(file.run(3).message, outcome_of(3).message);
}

TEST_F(FileOfASweep, HasTheStatisticsOfEachPoint) {
  EXPECT_THAT(written().summarised(), IsEmpty());
  for (const bool has_ends_only : {false, true}) {
    sweep_.form.has_summary = true;
    sweep_.form.has_ends_only = has_ends_only;
    if (has_ends_only) sweep_.form.labels.times_d.clear();
    const RunsFile file = written();
    EXPECT_EQ(file.summarised(), sweep_.form.series);
    const hdf5::Handle whole = hdf5::open_file(file_);
    for (const SeriesInfo& series : file.series()) {
      const std::vector<double> all = hdf5::numbers_in<double>(whole, "summary/" + series.name);
      const std::vector<double> third = file.summary(series.name, 2);
      const auto start = all.begin() + 2 * std::ssize(third);
      EXPECT_EQ(bits(third), bits({start, start + std::ssize(third)})) << series.name;
    }
  }
}

TEST_F(FileOfASweep, MayBeMovedTo) {
  RunsFile file = written();
  sweep_.runs = runs_from_to(0, 2);
  sweep_.write(directory_ / "y.h5");
  file = RunsFile(directory_ / "y.h5");
  EXPECT_EQ(file.n_runs(), 2);
  const RunsFile other(std::move(file));
  EXPECT_THAT(other.keys(), ElementsAre(key_of(0), key_of(1)));
}

TEST_F(FileOfASweep, CanBeReadAfterAnotherHasTakenItsPlace) {
  const RunsFile file = written();
  sweep_.runs = runs_from_to(4, 6);
  sweep_.write(file_);
  EXPECT_EQ(RunsFile(file_).keys().front(), key_of(4));
  EXPECT_EQ(file.keys().front(), key_of(0));
  EXPECT_EQ(bits(file.numbers("atp", 6, 1)), bits(numbers_of(6, 2, size_in(sweep_.form, 2))));
}

TEST_F(FileOfASweep, IsRefusedWhereOneRunIsNeeded) {
  sweep_.write(file_);
  EXPECT_EQ(refusal<InputError>([&] { read_results(file_); }), told("is a sweep of 7 runs, where one run is needed"));
}

TEST_F(FileOfASweep, SaysWhatItHasNot) {
  const RunsFile file = written();
  EXPECT_THAT(refusal<InputError>([&] { file.numbers("none", 0, 1); }),
              StartsWith(told("HDF5 could not open 'none': ")));
  EXPECT_THAT(refusal<InputError>([&] { file.numbers_at("none", 0); }),
              StartsWith(told("HDF5 could not open 'none': ")));
  EXPECT_THAT(refusal<InputError>([&] { file.numbers("atp", 5, 3); }), StartsWith(told("HDF5 could not read a part")));
  EXPECT_THAT(refusal<InputError>([&] { file.numbers_at("atp", 6); }), StartsWith(told("HDF5 could not read a part")));
  EXPECT_THAT(refusal<InputError>([&] { file.run(7); }), StartsWith(told("HDF5 could not read a part")));
  EXPECT_THAT(refusal<InputError>([&] { file.outcomes(7, 1); }), StartsWith(told("HDF5 could not read a part")));
}

/// What HDF5 does at an error, as somebody else has set it, for as long as it lives.
class OtherReport {
 public:
  OtherReport() {
    H5Eget_auto2(H5E_DEFAULT, &before_, &data_);
    H5Eset_auto2(H5E_DEFAULT, print, nullptr);
  }
  OtherReport(const OtherReport&) = delete;
  OtherReport& operator=(const OtherReport&) = delete;
  ~OtherReport() { H5Eset_auto2(H5E_DEFAULT, before_, data_); }

  static bool is_set() {
    H5E_auto2_t now = nullptr;
    void* data = nullptr;
    H5Eget_auto2(H5E_DEFAULT, &now, &data);
    return now == print;
  }

 private:
  static herr_t print(hid_t, void*) { return 0; }

  H5E_auto2_t before_ = nullptr;
  void* data_ = nullptr;
};

TEST_F(FileOfASweep, LeavesHdf5AsItWas) {
  sweep_.write(file_);
  const OtherReport report;
  { const RunsFile file(file_); }
  EXPECT_TRUE(OtherReport::is_set());
}

TEST_F(RunsFileTest, IsRefusedWhenMissing) { EXPECT_EQ(reading(), told("no such file")); }

TEST_F(RunsFileTest, IsRefusedWhenADirectory) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(reading(), told("is a directory, not a file"));
}

TEST_F(RunsFileTest, WithoutItsChecksumIsReadAllTheSameAndSaysSo) {
  EXPECT_TRUE(written().is_proven());
  std::filesystem::remove(checksum_path(file_));
  const RunsFile file(file_);
  EXPECT_FALSE(file.is_proven());
  EXPECT_EQ(digest_lines(file), digest_lines(written()));
}

TEST_F(RunsFileTest, WithoutItsChecksumIsRefusedWhereThatIsAsked) {
  written();
  std::filesystem::remove(checksum_path(file_));
  EXPECT_EQ(
      refusal<InputError>([&] { RunsFile(file_, Proof::checksum); }),
      told("has no checksum 'x.h5.sha256' beside it: copy both files together, or, if writing was interrupted, run "
           "the study again"));
}

TEST_F(RunsFileTest, IsRefusedAfterAChangeOfAnyByte) {
  sweep_.write(file_);
  const std::string bytes = bytes_of(file_);
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 50) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    write_text(file_, changed);
    EXPECT_EQ(reading(), told("changed or broken: its SHA-256 is not the one in 'x.h5.sha256'")) << i;
  }
}

TEST_F(RunsFileTest, IsRefusedWhenCutShort) {
  sweep_.write(file_);
  write_text(file_, bytes_of(file_).substr(0, 4096));
  EXPECT_THAT(reading(), StartsWith(told("changed or broken: ")));
}

TEST_F(RunsFileTest, IsRefusedWhenNotHdf5) {
  for (const std::string bytes : {"", "time,csa\n0,2500\n"}) {
    put(bytes);
    EXPECT_EQ(reading(), told("is not an HDF5 file"));
  }
}

TEST_F(RunsFileTest, IsRefusedWhenHdf5CannotOpenIt) {
  put("\x89HDF\r\n\x1a\n and then nothing that HDF5 knows");
  EXPECT_THAT(reading(), StartsWith(told("HDF5 could not open the file: ")));
}

TEST_F(RunsFileTest, IsRefusedWhenItIsSomebodyElsesHdf5) {
  { const hdf5::Handle file = hdf5::create_file(file_); }
  write_checksum(file_);
  EXPECT_EQ(reading(), told("is HDF5, but not a result of hindlimb: without 'run', 'arm', 'limb', 'muscle', "
                            "'animal', 'massaged', 'run_key', 'status', 'message', 'n_steps', 'n_redone', "
                            "'wall_time', the attribute 'seed'"));
}

TEST_F(RunsFileTest, IsRefusedWithoutAnyVariableThatEveryResultHas) {
  for (const std::string name : {"run", "arm", "animal", "massaged", "run_key", "status", "n_redone", "wall_time"}) {
    damage([&](hid_t file) { H5Ldelete(file, name.c_str(), H5P_DEFAULT); });
    EXPECT_EQ(reading(), told("is HDF5, but not a result of hindlimb: without '" + name + "'"));
  }
}

TEST_F(RunsFileTest, IsRefusedWhereAVariableHasNotAValueForEveryRun) {
  for (const std::string name :
       {"run_key", "status", "n_steps", "wall_time", "point", "replicate", "route", "massage_force_N"}) {
    damage([&](hid_t file) {
      const std::string text = name == "route" || name == "massage_force_N" ? "a key" : "";
      H5Ldelete(file, name.c_str(), H5P_DEFAULT);
      const hdf5::Handle variable =
          hdf5::create_variable(file, name, H5T_NATIVE_DOUBLE, {6}, hdf5::variable_properties());
      if (!text.empty()) hdf5::set_text(variable, "key", text);
    });
    EXPECT_EQ(reading(), told("'" + name + "' has 6 values where 7 were expected"));
  }
}

TEST_F(RunsFileTest, IsRefusedWhereASeriesHasNotANumberForEveryPlace) {
  damage([&](hid_t file) {
    H5Ldelete(file, "atp", H5P_DEFAULT);
    hdf5::create_variable(file, "atp", H5T_NATIVE_DOUBLE, {7, 3, 4, 5, 2, 7}, hdf5::variable_properties());
  });
  EXPECT_EQ(reading(), told("'atp' has 5880 values where 5040 were expected"));
}

TEST_F(RunsFileTest, IsRefusedWhereMassageIsNotSaidOfEveryLimb) {
  damage([&](hid_t file) {
    H5Ldelete(file, "massaged", H5P_DEFAULT);
    hdf5::create_variable(file, "massaged", H5T_NATIVE_INT8, {7, 3, 1}, hdf5::variable_properties());
  });
  EXPECT_EQ(reading(), told("'massaged' has 21 values where 42 were expected"));
}

class DigestOfASweep : public RunsFileTest {
 protected:
  std::vector<std::string> digest() const { return digest_lines(written()); }
};

TEST_F(DigestOfASweep, NamesEverySeriesAfterALineForTheWhole) {
  EXPECT_THAT(digest(), ElementsAre(SizeIs(64), testing::AllOf(SizeIs(66 + 8), testing::EndsWith("  wet_mass")),
                                    testing::AllOf(SizeIs(66 + 11), testing::EndsWith("  csa_by_type")),
                                    testing::AllOf(SizeIs(66 + 3), testing::EndsWith("  atp"))));
}

TEST_F(DigestOfASweep, OfOneRunIsThatOfTheRun) {
  sweep_.runs = {3};
  sweep_.form.massages_vary = true;
  EXPECT_EQ(digest(), digest_lines(results_of(3)));
  EXPECT_EQ(digest_lines(study(3)), digest_lines(results_of(3)));
}

TEST_F(DigestOfASweep, IsTheSameWhateverTheOrderOfRuns) {
  sweep_.form.massages_vary = true;
  const std::vector<std::string> before = digest();
  sweep_.runs = {5, 0, 3, 6, 1, 4, 2};
  EXPECT_EQ(digest(), before);
}

TEST_F(DigestOfASweep, IsTheSameHoweverRunsAreStored) {
  const std::vector<std::string> before = digest();
  sweep_.runs_per_chunk = 2;
  EXPECT_EQ(digest(), before);
  sweep_.is_compressed = false;
  EXPECT_EQ(digest(), before);
  sweep_.form.has_summary = true;
  EXPECT_EQ(digest(), before);
}

TEST_F(DigestOfASweep, IsTheSameWhenTheSweepWasExtended) {
  const std::vector<std::string> before = digest();
  sweep_.runs = runs_from_to(0, 4);
  sweep_.runs_per_chunk = 7;
  sweep_.write(file_);
  const RunsFile old(file_);
  sweep_.runs = runs_from_to(0, 7);
  sweep_.runs_per_chunk = 3;
  sweep_.extended = &old;
  EXPECT_EQ(digest(), before);
}

TEST_F(DigestOfASweep, LeavesOutRunsThatWereNotRun) {
  sweep_.runs = runs_from_to(0, 6);
  const std::vector<std::string> before = digest();
  sweep_.runs = runs_from_to(0, 8);
  sweep_.missing_blocks = {6};
  EXPECT_EQ(digest(), before);
}

TEST_F(DigestOfASweep, LeavesOutWhatDiffersBetweenEqualRuns) {
  const std::vector<std::string> before = digest();
  sweep_.form.attributes["host"] = "another";
  sweep_.points = {7, 6, 5, 4, 3, 2, 1};
  sweep_.change = [](StoredRuns& stored, std::vector<std::vector<double>>& numbers) {
    for (double& wall_time : stored.wall_times_s) wall_time *= 7.0;
    for (sim::RunOutcome& outcome : stored.outcomes) outcome.n_steps = outcome.n_redone = 7;
    for (std::vector<double>& series : numbers) {
      for (double& number : series)
        number = std::isnan(number) ? std::bit_cast<double>(0xfff8000000000007) : number;  // a NaN too
    }
  };
  EXPECT_EQ(digest(), before);
}

TEST_F(DigestOfASweep, ChangesWithEveryNumberOfItsSeriesAndOfNoOther) {
  const std::vector<std::string> before = digest();
  for (std::size_t series = 0; series < 3; ++series) {
    for (const std::uint64_t block : {0U, 3U, 6U}) {
      sweep_.change = [&](const StoredRuns& stored, std::vector<std::vector<double>>& numbers) {
        double& last = *std::ranges::find_if(numbers[series], [](double number) { return !std::isnan(number); });
        if (stored.first_run == block) last = std::nextafter(last, 0.0);
      };
      const std::vector<std::string> after = digest();
      EXPECT_NE(after[0], before[0]);
      for (std::size_t line = 1; line < after.size(); ++line)
        EXPECT_EQ(after[line] != before[line], line == series + 1) << "series " << series << ", block " << block;
    }
  }
}

TEST_F(DigestOfASweep, ChangesWhenTwoRunsChangeTheirNumbers) {
  sweep_.runs = {0, 1};
  const std::vector<std::string> before = digest();
  sweep_.change = [](const StoredRuns&, std::vector<std::vector<double>>& numbers) {
    for (std::vector<double>& series : numbers)
      std::rotate(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(series.size() / 2), series.end());
  };
  const std::vector<std::string> after = digest();
  for (std::size_t line = 0; line < after.size(); ++line) EXPECT_NE(after[line], before[line]) << line;
}

TEST_F(DigestOfASweep, ChangesWithHowARunWentAndWhatItWas) {
  std::set<std::string> first_lines = {digest()[0]};
  const std::vector<std::function<void(StoredRuns&)>> changes = {
      [](StoredRuns& runs) { runs.keys.back().back() = 'f'; },
      [](StoredRuns& runs) { runs.outcomes.back().status = sim::RunStatus::some_simulations_failed; },
      [](StoredRuns& runs) { runs.outcomes.back().message += "!"; }};
  for (const auto& change : changes) {
    sweep_.change = [&](StoredRuns& stored, auto&) {
      if (stored.first_run == 0) change(stored);
    };
    EXPECT_TRUE(first_lines.insert(digest()[0]).second);
  }
}

TEST_F(DigestOfASweep, ChangesWithWhatAllRunsShare) {
  std::set<std::string> first_lines = {digest()[0]};
  const std::vector<void (*)(SweepForm&)> changes = {
      [](SweepForm& form) { form.seed = 7; },
      [](SweepForm& form) { form.labels.arms[1] = "HS"; },
      [](SweepForm& form) { form.labels.animals[1] = 9; },
      [](SweepForm& form) { form.labels.muscles[2] += "s"; },
      [](SweepForm& form) { std::swap(form.labels.limbs[0], form.labels.limbs[1]); },
      [](SweepForm& form) { form.labels.times_d[1] = 0.7; },
      [](SweepForm& form) { form.labels.fibre_types[1] = "IIb"; },
      [](SweepForm& form) { form.series[0].unit = "g"; },
      [](SweepForm& form) { form.series[2].name = "adp"; },
      [](SweepForm& form) { form.massages_vary = true; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    sweep_.form = example_form();
    changes[i](sweep_.form);
    EXPECT_TRUE(first_lines.insert(digest()[0]).second) << "change " << i;
  }
}

TEST_F(DigestOfASweep, CountsARunTwiceThatIsThereTwice) {
  sweep_.runs = {0, 1};
  const std::string once = digest()[0];
  sweep_.runs = {0, 1, 1};
  EXPECT_NE(digest()[0], once);
}

}  // namespace
}  // namespace hindlimb::io
