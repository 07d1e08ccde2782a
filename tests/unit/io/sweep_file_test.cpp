#include "hindlimb/io/sweep_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5_hl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <memory>
#include <stdexcept>
#include <type_traits>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checksum.hpp"
#include "io/chunk_codec.hpp"
#include "io/hdf5.hpp"
#include "unit/io/full_disk.hpp"
#include "unit/io/sweep_example.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A file of a sweep, looked at by HDF5.
class LookedAt {
 public:
  explicit LookedAt(const std::filesystem::path& file) : file_(hdf5::open_file(file)) {}

  hid_t root() const { return file_; }
  std::vector<std::string> names() const { return hdf5::names_in(file_); }
  std::vector<std::string> texts(const std::string& name) const { return hdf5::texts_in(file_, name); }
  template <class T>
  std::vector<T> numbers(const std::string& name) const {
    return hdf5::numbers_in<T>(file_, name);
  }
  std::vector<std::uint64_t> bits_of(const std::string& name) const { return bits(numbers<double>(name)); }
  hdf5::Shape shape(const std::string& name) const { return hdf5::shape_of(hdf5::open_variable(file_, name)); }
  std::string text(const std::string& variable, const std::string& attribute) const {
    return hdf5::text_of(hdf5::open_variable(file_, variable), attribute);
  }
  bool has(const std::string& variable, const std::string& attribute) const {
    return hdf5::has_attribute(hdf5::open_variable(file_, variable), attribute);
  }

  /// Names of the scales that are attached to the axes of a variable.
  std::vector<std::string> axes(const std::string& name) const {
    const hdf5::Handle variable = hdf5::open_variable(file_, name);
    std::vector<std::string> found;
    for (unsigned axis = 0; axis < hdf5::shape_of(variable).size(); ++axis)
      H5DSiterate_scales(variable, axis, nullptr, append_name, &found);
    return found;
  }

  hdf5::Handle properties(const std::string& name) const {
    return {H5Dget_create_plist(hdf5::open_variable(file_, name)), H5Pclose, "read how it is stored"};
  }
  hdf5::Shape chunk(const std::string& name) const {
    hdf5::Shape chunk(shape(name).size());
    H5Pget_chunk(properties(name), static_cast<int>(chunk.size()), chunk.data());
    return chunk;
  }
  /// The bytes of the chunk that begins at a run, as they are on the disk.
  std::string chunk_bytes(const std::string& name, hsize_t first_run) const {
    const hdf5::Handle variable = hdf5::open_variable(file_, name);
    hdf5::Shape first(hdf5::shape_of(variable).size(), 0);
    first[0] = first_run;
    hsize_t size = 0;
    hdf5::check(H5Dget_chunk_storage_size(variable, first.data(), &size), "measure a chunk");
    std::string bytes(size, '\0');
    std::uint32_t filters = 0;
    hdf5::check(H5Dread_chunk(variable, H5P_DEFAULT, first.data(), &filters, bytes.data()), "read a chunk");
    return bytes;
  }
  std::vector<H5Z_filter_t> filters(const std::string& name) const {
    const hdf5::Handle list = properties(name);
    std::vector<H5Z_filter_t> found;
    for (unsigned i = 0; i < static_cast<unsigned>(H5Pget_nfilters(list)); ++i) {
      unsigned flags = 0;
      std::size_t n = 0;
      unsigned configuration = 0;
      found.push_back(H5Pget_filter2(list, i, &flags, &n, nullptr, 0, nullptr, &configuration));
    }
    return found;
  }

 private:
  static herr_t append_name(hid_t, unsigned, hid_t scale, void* names) {
    std::string name(100, '\0');
    const ssize_t size = H5Iget_name(scale, name.data(), name.size());
    static_cast<std::vector<std::string>*>(names)->push_back(name.substr(1, static_cast<std::size_t>(size) - 1));
    return 0;
  }

  hdf5::Quiet quiet_;
  hdf5::Handle file_;
};

/// Some of the values: `size` from the place of a run.
template <class T>
std::vector<T> of_run(const std::vector<T>& all, std::size_t run, std::size_t size) {
  const auto start = all.begin() + static_cast<std::ptrdiff_t>(run * size);
  return {start, start + static_cast<std::ptrdiff_t>(size)};
}

class SweepFile : public testing::Test {
 protected:
  LookedAt written() const {
    sweep_.write(file_);
    return LookedAt(file_);
  }
  void expect_all_numbers(const LookedAt& file) const {
    for (std::size_t series = 0; series < sweep_.form.series.size(); ++series)
      EXPECT_EQ(file.bits_of(sweep_.form.series[series].name), bits(sweep_.expected(series))) << series;
  }
  /// What a function gives for each run in turn.
  template <class Function>
  auto of_all_runs(const Function& function) const {
    std::vector<std::invoke_result_t<Function, std::uint64_t>> all(sweep_.runs.size());
    std::ranges::transform(sweep_.runs, all.begin(), function);
    return all;
  }
  void expect_all_outcomes(const LookedAt& file) const {
    const auto status_of = [](std::uint64_t run) { return static_cast<std::int8_t>(outcome_of(run).status); };
    EXPECT_EQ(file.texts("run_key"), of_all_runs(key_of));
    EXPECT_EQ(file.texts("message"), of_all_runs([](std::uint64_t run) { return outcome_of(run).message; }));
    EXPECT_EQ(file.numbers<std::int8_t>("status"), of_all_runs(status_of));
    EXPECT_EQ(file.numbers<std::int64_t>("n_steps"), of_all_runs([](auto run) { return outcome_of(run).n_steps; }));
    EXPECT_EQ(file.numbers<std::int64_t>("n_redone"), of_all_runs([](auto run) { return outcome_of(run).n_redone; }));
    EXPECT_EQ(file.numbers<double>("wall_time"), of_all_runs(wall_time_of));
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "x.h5";
  ExampleSweep sweep_;
};

TEST_F(SweepFile, NumbersItsRunsFromOne) {
  EXPECT_THAT(written().numbers<std::int64_t>("run"), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(SweepFile, SaysPointAndReplicateOfEveryRun) {
  const LookedAt file = written();
  EXPECT_THAT(file.numbers<std::int64_t>("point"), ElementsAre(1, 1, 2, 2, 3, 3, 4));
  EXPECT_THAT(file.numbers<std::int64_t>("replicate"), ElementsAre(1, 2, 1, 2, 1, 2, 1));
  for (const std::string name : {"point", "replicate"}) EXPECT_THAT(file.axes(name), ElementsAre("run"));
}

TEST_F(SweepFile, SaysHowEveryRunWent) {
  const LookedAt file = written();
  expect_all_outcomes(file);
  for (const std::string name : {"run_key", "status", "message", "n_steps", "n_redone", "wall_time"})
    EXPECT_THAT(file.axes(name), ElementsAre("run")) << name;
}

TEST_F(SweepFile, SaysWhatItsCodesMean) {
  const LookedAt file = written();
  EXPECT_EQ(file.text("status", "flag_meanings"), "ok some_simulations_failed not_run");
  EXPECT_EQ(file.text("massaged", "flag_meanings"), "not_massaged massaged");
  std::vector<std::int8_t> values(3);
  const hdf5::Handle status = hdf5::open_variable(file.root(), "status");
  hdf5::read_number_attribute(status, "flag_values", H5T_NATIVE_INT8, values.data());
  EXPECT_THAT(values, ElementsAre(0, 1, not_run));
}

TEST_F(SweepFile, LabelsEveryAxisOfItsSeries) {
  const LookedAt file = written();
  EXPECT_THAT(file.shape("wet_mass"), ElementsAre(7, 3, 4, 5, 2, 6));
  EXPECT_THAT(file.axes("wet_mass"), ElementsAre("run", "arm", "animal", "muscle", "limb", "time"));
  EXPECT_THAT(file.shape("csa_by_type"), ElementsAre(7, 3, 4, 5, 2, 7, 6));
  EXPECT_THAT(file.axes("csa_by_type"), ElementsAre("run", "arm", "animal", "muscle", "limb", "fibre_type", "time"));
}

TEST_F(SweepFile, HasALabelForEveryPlaceOnEveryAxis) {
  const LookedAt file = written();
  const sim::Labels labels = example_labels();
  EXPECT_EQ(file.texts("arm"), labels.arms);
  EXPECT_EQ(file.numbers<std::int32_t>("animal"), labels.animals);
  EXPECT_EQ(file.texts("muscle"), labels.muscles);
  EXPECT_EQ(file.texts("limb"), labels.limbs);
  EXPECT_EQ(file.numbers<double>("time"), labels.times_d);
  EXPECT_EQ(file.text("time", "units"), "d");
  EXPECT_EQ(file.texts("fibre_type"), labels.fibre_types);
}

TEST_F(SweepFile, SaysWhatItsSeriesAre) {
  const LookedAt file = written();
  for (const SeriesInfo& series : sweep_.form.series) {
    EXPECT_EQ(file.text(series.name, "units"), series.unit);
    EXPECT_EQ(file.text(series.name, "long_name"), series.long_name);
    EXPECT_EQ(file.text(series.name, "coordinates"), "point replicate massage_force_N route");
  }
}

TEST_F(SweepFile, HasTheValuesOfSweptKeysOfEveryRun) {
  const LookedAt file = written();
  std::vector<double> forces;
  std::vector<std::string> routes;
  for (const std::uint64_t run : sweep_.runs) {
    forces.push_back(std::get<double>(row_of(run).values[0]));
    routes.push_back(std::get<std::string>(row_of(run).values[1]));
  }
  EXPECT_EQ(file.numbers<double>("massage_force_N"), forces);
  EXPECT_EQ(file.texts("route"), routes);
  EXPECT_THAT(file.axes("massage_force_N"), ElementsAre("run"));
  EXPECT_THAT(file.axes("route"), ElementsAre("run"));
}

TEST_F(SweepFile, SaysWhichKeyIsSweptAndWhatItSets) {
  const LookedAt file = written();
  for (const std::string name : {"massage_force_N", "route"}) {
    const std::string key = "arm.REM." + name;
    const std::string other_key = " arm.RE." + name;
    EXPECT_EQ(file.text(name, "key"), key);
    EXPECT_EQ(file.text(name, "sets"), key + other_key);
    EXPECT_EQ(file.text(name, "long_name"), "long name of " + name);
  }
  EXPECT_EQ(file.text("massage_force_N", "units"), "N");
  EXPECT_FALSE(file.has("route", "units"));
}

TEST_F(SweepFile, HasTheTextsThatItWasGivenAtItsRoot) {
  sweep_.form.attributes["partial"] = "6 of 7 runs";
  const LookedAt file = written();
  EXPECT_THAT(hdf5::text_attributes_of(file.root()), ElementsAre("Conventions", "config", "partial", "title"));
  EXPECT_EQ(hdf5::text_of(file.root(), "Conventions"), "CF-1.11");
  for (const auto& [name, text] : sweep_.form.attributes) EXPECT_EQ(hdf5::text_of(file.root(), name), text);
  std::int64_t seed = 0;
  hdf5::read_number_attribute(file.root(), "seed", H5T_NATIVE_INT64, &seed);
  EXPECT_EQ(seed, -7);
}

TEST_F(SweepFile, SaysOnceWhichLimbsAreMassagedWhereThatIsTheSameForAll) {
  const LookedAt file = written();
  EXPECT_THAT(file.axes("massaged"), ElementsAre("arm", "limb"));
  EXPECT_EQ(file.numbers<std::int8_t>("massaged"), row_of(0).massaged);
}

TEST_F(SweepFile, SaysOfEveryRunWhichLimbsAreMassagedWhereThatVaries) {
  sweep_.form.massages_vary = true;
  const LookedAt file = written();
  EXPECT_THAT(file.axes("massaged"), ElementsAre("run", "arm", "limb"));
  for (std::size_t run = 0; run < 7; ++run)
    EXPECT_EQ(of_run(file.numbers<std::int8_t>("massaged"), run, 6), row_of(run).massaged) << run;
}

TEST_F(SweepFile, HasNoTimesWhereOnlyEndsAreKept) {
  sweep_.form = form_of_ends();
  const LookedAt file = written();
  EXPECT_THAT(file.names(), Not(Contains("time")));
  EXPECT_THAT(file.axes("wet_mass"), ElementsAre("run", "arm", "animal", "muscle", "limb"));
  EXPECT_THAT(file.axes("csa_by_type"), ElementsAre("run", "arm", "animal", "muscle", "limb", "fibre_type"));
  expect_all_numbers(file);
}

TEST_F(SweepFile, SaysOnceWhenArmsEndWhereThatIsTheSameForAll) {
  sweep_.form = form_of_ends();
  const LookedAt file = written();
  EXPECT_THAT(file.axes("end"), ElementsAre("arm"));
  EXPECT_EQ(file.text("end", "units"), "d");
  EXPECT_EQ(file.numbers<double>("end"), row_of(0).ends_d);
}

TEST_F(SweepFile, SaysOfEveryRunWhenArmsEndWhereThatVaries) {
  sweep_.form = form_of_ends();
  sweep_.form.ends_vary = true;
  const LookedAt file = written();
  EXPECT_THAT(file.axes("end"), ElementsAre("run", "arm"));
  for (std::size_t run = 0; run < 7; ++run)
    EXPECT_EQ(of_run(file.numbers<double>("end"), run, 3), row_of(run).ends_d) << run;
}

TEST_F(SweepFile, DoesNotSayWhenArmsEndWhereTimesAreKept) {
  sweep_.form.ends_vary = true;
  EXPECT_THAT(written().names(), Not(Contains("end")));
}

TEST_F(SweepFile, IsStoredInChunksOfWholeRuns) {
  const LookedAt file = written();
  EXPECT_THAT(file.chunk("wet_mass"), ElementsAre(3, 3, 4, 5, 2, 6));
  EXPECT_THAT(file.chunk("csa_by_type"), ElementsAre(3, 3, 4, 5, 2, 7, 6));
}

TEST_F(SweepFile, HasNoChunkLongerThanItself) {
  sweep_.runs_per_chunk = 30;
  const LookedAt file = written();
  EXPECT_THAT(file.chunk("wet_mass"), ElementsAre(7, 3, 4, 5, 2, 6));
  expect_all_numbers(file);
}

TEST_F(SweepFile, FillsItsLastChunkWithNaN) {
  for (const bool is_compressed : {true, false}) {
    sweep_.is_compressed = is_compressed;
    const LookedAt file = written();
    const std::size_t size = size_in(sweep_.form, 0);
    std::vector<double> numbers(3 * size);
    ChunkCodec{Precision::f8, is_compressed}.decode(file.chunk_bytes("wet_mass", 6), numbers);
    EXPECT_EQ(bits(of_run(numbers, 0, size)), bits(numbers_of(6, 0, size)));
    for (std::size_t run = 1; run < 3; ++run) EXPECT_THAT(of_run(numbers, run, size), Each(testing::IsNan()));
  }
}

TEST_F(SweepFile, IsCompressedOnlyWhereItsStoreIs) {
  EXPECT_THAT(written().filters("wet_mass"), ElementsAre(H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE));
  sweep_.is_compressed = false;
  EXPECT_THAT(written().filters("wet_mass"), IsEmpty());
}

TEST_F(SweepFile, HasThePrecisionOfItsStore) {
  for (const Precision precision : {Precision::f4, Precision::f8}) {
    sweep_.precision = precision;
    const LookedAt file = written();
    const hdf5::Handle type(H5Dget_type(hdf5::open_variable(file.root(), "atp")), H5Tclose, "read a type");
    EXPECT_EQ(H5Tget_size(type), precision == Precision::f4 ? 4 : 8);
    double fill = 0.0;
    hdf5::read_number_attribute(hdf5::open_variable(file.root(), "atp"), "_FillValue", H5T_NATIVE_DOUBLE, &fill);
    EXPECT_TRUE(std::isnan(fill));
  }
}

TEST_F(SweepFile, HasTheNumbersOfEveryRunHoweverTheyAreStored) {
  for (const Precision precision : {Precision::f4, Precision::f8}) {
    for (const bool is_compressed : {true, false}) {
      sweep_.precision = precision;
      sweep_.is_compressed = is_compressed;
      expect_all_numbers(written());
    }
  }
}

TEST_F(SweepFile, HasTheNumbersOfEveryRunWhateverItsChunks) {
  for (const std::uint64_t n_runs : {1U, 2U, 6U, 7U}) {
    for (const std::uint64_t chunk : {1U, 2U, 3U, 7U}) {
      SCOPED_TRACE(testing::Message() << n_runs << " runs, chunks of " << chunk);
      sweep_.runs = runs_from_to(4, 4 + n_runs);
      sweep_.runs_per_chunk = chunk;
      const LookedAt file = written();
      expect_all_numbers(file);
      expect_all_outcomes(file);
    }
  }
}

TEST_F(SweepFile, MarksRunsThatAreNotThereAndFillsThemWithNaN) {
  sweep_.runs = runs_from_to(0, 11);
  sweep_.missing_blocks = {0, 6};
  const LookedAt file = written();
  EXPECT_THAT(file.numbers<std::int8_t>("status"), ElementsAre(2, 2, 2, 1, 0, 0, 2, 2, 2, 0, 0));
  const std::vector<std::string> keys = file.texts("run_key");
  const std::vector<std::string> messages = file.texts("message");
  for (std::size_t run = 0; run < 11; ++run) {
    const bool is_there = run / 3 % 2 == 1;
    EXPECT_EQ(keys[run], is_there ? key_of(run) : "");
    EXPECT_EQ(messages[run], is_there ? outcome_of(run).message : "");
    for (std::size_t series = 0; series < 3; ++series) {
      const std::size_t size = size_in(sweep_.form, series);
      const std::vector<double> numbers = of_run(file.numbers<double>(sweep_.form.series[series].name), run, size);
      if (is_there)
        EXPECT_EQ(bits(numbers), bits(numbers_of(run, series, size)));
      else
        EXPECT_THAT(numbers, Each(testing::IsNan()));
    }
  }
}

TEST_F(SweepFile, SaysWhatWasAskedForOfRunsThatAreNotThere) {
  sweep_.missing_blocks = {3};
  const LookedAt file = written();
  EXPECT_THAT(file.numbers<std::int64_t>("run"), ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(file.numbers<std::int64_t>("point"), ElementsAre(1, 1, 2, 2, 3, 3, 4));
  EXPECT_EQ(file.numbers<double>("massage_force_N")[4], 0.3 * 3.0);
}

TEST_F(SweepFile, CanBeMadeOfNothingButWhatWasAskedFor) {
  sweep_.missing_blocks = {0, 3, 6};
  const LookedAt file = written();
  EXPECT_THAT(file.numbers<std::int8_t>("status"), Each(not_run));
  EXPECT_THAT(file.numbers<double>("csa_by_type"), Each(testing::IsNan()));
}

/// Numbers of runs, and of runs in a chunk, of an older file and of one that extends it.
struct Extension {
  std::uint64_t n_old;
  std::uint64_t old_chunk;
  std::uint64_t n_runs;
  std::uint64_t chunk;
};

class ExtendedSweepFile : public SweepFile, public testing::WithParamInterface<Extension> {
 protected:
  std::unique_ptr<RunsFile> older() {
    ExampleSweep old;
    old.runs = runs_from_to(0, GetParam().n_old);
    old.runs_per_chunk = GetParam().old_chunk;
    old.form.has_summary = true;
    old.write(file_);
    sweep_.runs = runs_from_to(0, GetParam().n_runs);
    sweep_.runs_per_chunk = GetParam().chunk;
    return std::make_unique<RunsFile>(file_);
  }
};

TEST_P(ExtendedSweepFile, HasTheRunsOfTheOlderOneAndThoseThatWereAdded) {
  const std::unique_ptr<RunsFile> old = older();
  sweep_.extended = old.get();
  const LookedAt file = written();
  expect_all_numbers(file);
  expect_all_outcomes(file);
  EXPECT_EQ(file.shape("run")[0], GetParam().n_runs);
}

TEST_P(ExtendedSweepFile, HasTheBytesOfOneThatWasMadeAtOnce) {
  const std::unique_ptr<RunsFile> old = older();
  sweep_.form.has_summary = true;
  sweep_.write(directory_ / "at_once.h5");
  sweep_.extended = old.get();
  sweep_.write(file_);
  EXPECT_EQ(sha256(bytes_of(file_)), sha256(bytes_of(directory_ / "at_once.h5")));
}

TEST_P(ExtendedSweepFile, KeepsTheOldRunsWhereNewOnesAreMissing) {
  const std::unique_ptr<RunsFile> old = older();
  sweep_.extended = old.get();
  for (const auto& [first, end] : sweep_.blocks()) sweep_.missing_blocks.push_back(first);
  const LookedAt file = written();
  const std::vector<std::int8_t> statuses = file.numbers<std::int8_t>("status");
  const std::size_t size = size_in(sweep_.form, 1);
  for (std::size_t run = 0; run < GetParam().n_runs; ++run) {
    const std::vector<double> numbers = of_run(file.numbers<double>("csa_by_type"), run, size);
    EXPECT_EQ(statuses[run] == not_run, run >= GetParam().n_old);
    if (run < GetParam().n_old)
      EXPECT_EQ(bits(numbers), bits(numbers_of(run, 1, size)));
    else
      EXPECT_THAT(numbers, Each(testing::IsNan()));
  }
}

INSTANTIATE_TEST_SUITE_P(OfManyShapes, ExtendedSweepFile,
                         testing::Values(Extension{3, 3, 9, 3}, Extension{4, 2, 11, 3}, Extension{5, 7, 6, 2},
                                         Extension{1, 1, 2, 1}, Extension{7, 3, 8, 1}, Extension{6, 4, 13, 5},
                                         Extension{2, 1, 5, 7}, Extension{7, 7, 9, 3}, Extension{1, 3, 7, 3}),
                         [](const auto& kind) {
                           const Extension& it = kind.param;
                           return std::to_string(it.n_old) + "By" + std::to_string(it.old_chunk) + "To" +
                                  std::to_string(it.n_runs) + "By" + std::to_string(it.chunk);
                         });

TEST_F(SweepFile, MayBeExtendedToLessPrecision) {
  sweep_.runs = runs_from_to(0, 4);
  sweep_.write(file_);
  const RunsFile old(file_);
  sweep_.runs = runs_from_to(0, 7);
  sweep_.precision = Precision::f4;
  sweep_.extended = &old;
  expect_all_numbers(written());
}

TEST_F(SweepFile, OfEqualRunsHasEqualBytes) {
  sweep_.form.has_summary = true;
  sweep_.precision = Precision::f4;
  sweep_.write(directory_ / "a");
  sweep_.write(directory_ / "b");
  EXPECT_EQ(sha256(bytes_of(directory_ / "a")), sha256(bytes_of(directory_ / "b")));
}

TEST_F(SweepFile, HasTheSameBytesInWhateverOrderBlocksWereStored) {
  sweep_.form.has_summary = true;
  sweep_.write(directory_ / "a");
  sweep_.is_backwards = true;
  sweep_.write(directory_ / "b");
  EXPECT_EQ(sha256(bytes_of(directory_ / "a")), sha256(bytes_of(directory_ / "b")));
}

TEST_F(SweepFile, KeepsNoTimeStamps) {
  sweep_.form.has_summary = true;
  const LookedAt file = written();
  for (const std::string& name : file.names()) {
    if (name == "summary") continue;
    hbool_t is_tracked = true;
    hdf5::check(H5Pget_obj_track_times(file.properties(name), &is_tracked), "read how it is stored");
    EXPECT_FALSE(is_tracked) << name;
  }
}

TEST_F(SweepFile, ReplacesAnOlderOneAndItsChecksum) {
  write_text(file_, "older");
  write_checksum(file_);
  sweep_.write(file_);
  EXPECT_NO_THROW(verify(file_));
  EXPECT_NO_THROW(RunsFile{file_});
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5", "x.h5.sha256", "x.h5.work"));
}

TEST_F(SweepFile, LeavesAStoreThatIsOnlyLookedAtAsItWas) {
  {
    WorkingStore store(working_store_path(file_), sweep_.store_form(), WorkingStore::Start::anew);
    sweep_.fill(store);
  }
  const std::string before = bytes_of(working_store_path(file_));
  WorkingStore look(working_store_path(file_));
  sweep_.assemble(directory_ / "x.partial.h5", look);
  EXPECT_EQ(bytes_of(working_store_path(file_)), before);
  expect_all_numbers(LookedAt(directory_ / "x.partial.h5"));
}

/// Not derived from any other, as what is thrown at a signal.
struct GivenUp {};

/// Expects the file that was there before, with its checksum, and no part of another.
void expect_older(const std::filesystem::path& file) {
  EXPECT_EQ(bytes_of(file), "older");
  EXPECT_NO_THROW(verify(file));
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(file).concat(".part")));
}

/// Whether the file is given up when that is thrown at one of its pauses; if there are fewer, it is written.
template <class Thrown>
bool is_given_up(ExampleSweep sweep, const std::filesystem::path& file, std::size_t pause, const Thrown& thrown) {
  sweep.pause = [&] {
    if (pause-- == 0) throw Thrown(thrown);
  };
  try {
    sweep.write(file);
  } catch (const Thrown&) {
    return true;
  }
  return false;
}

/// Expects that a file which is given up at any pause leaves the old one, and no other.
template <class Thrown>
void expect_old_file_whenever_given_up(ExampleSweep sweep, const std::filesystem::path& file, const Thrown& thrown) {
  write_text(file, "older");
  write_checksum(file);
  sweep.form.has_summary = true;
  std::size_t pause = 0;
  for (; is_given_up(sweep, file, pause, thrown); ++pause) {
    SCOPED_TRACE(pause);
    expect_older(file);
  }
  EXPECT_GT(pause, 7);  // chunks of outcomes, of three series, and their summaries
  EXPECT_NE(bytes_of(file), "older");
  EXPECT_NO_THROW(verify(file));
}

TEST_F(SweepFile, LeavesTheOldOneAndNoPartWhenItIsGivenUpByAnException) {
  expect_old_file_whenever_given_up(sweep_, file_, std::runtime_error("stopped"));
}

TEST_F(SweepFile, LeavesTheOldOneAndNoPartWhenItIsGivenUpByAnythingThrown) {
  expect_old_file_whenever_given_up(sweep_, file_, GivenUp());
}

TEST_F(SweepFile, CanBeWrittenAfterItWasGivenUp) {
  WorkingStore store(working_store_path(file_), sweep_.store_form(), WorkingStore::Start::anew);
  sweep_.fill(store);
  sweep_.pause = [] { throw GivenUp(); };
  EXPECT_THROW(sweep_.assemble(file_, store), GivenUp);
  sweep_.pause = [] {};
  sweep_.assemble(file_, store);
  expect_all_numbers(LookedAt(file_));
}

TEST_F(SweepFile, ReplacesAPartThatAKilledProcessLeft) {
  write_text(directory_ / "x.h5.part", std::string(70'000, 'x'));
  write_text(directory_ / "x.h5.sha256.part", std::string(700, 'x'));
  sweep_.write(file_);
  EXPECT_NO_THROW(verify(file_));
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5", "x.h5.sha256", "x.h5.work"));
}

/// Does something in a process of its own, since HDF5 never lets go of a file that the disk has refused.
/// @return what it says, a text; empty if it was stopped
std::string apart(const std::function<std::string()>& work) {
  int pipe[2];
  if (::pipe(pipe) != 0) std::abort();
  const pid_t process = ::fork();
  if (process == 0) {
    const std::string said = work();
    ::_exit(::write(pipe[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(pipe[1]);
  std::string said(4096, '\0');
  said.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(pipe[0], said.data(), said.size()), 0)));
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? said : "";
}

/// A file whose disk gets full: what is stored for it, an older file in its place, and what it would be.
class FullDiskSweepFile : public SweepFile {
 protected:
  void SetUp() override {
    sweep_.form.has_summary = true;
    sweep_.write(directory_ / "whole");
    write_text(file_, "older");
    write_checksum(file_);
    WorkingStore store(working_store_path(file_), sweep_.store_form(), WorkingStore::Start::anew);
    sweep_.fill(store);
  }
  /// What is said where there is room for so many bytes.
  std::string assembling(WorkingStore& store, std::size_t room) const {
    const FullDisk disk(room);
    return refusal<NoRoomError>([&] { sweep_.assemble(file_, store); });
  }
  WorkingStore store() const { return {working_store_path(file_), sweep_.store_form(), WorkingStore::Start::go_on}; }
  std::string bytes_when_whole() const { return bytes_of(directory_ / "whole"); }
};

TEST_F(FullDiskSweepFile, LeavesTheOldOneAndNoPart) {
  const std::size_t size = bytes_when_whole().size();
  for (std::size_t room = 7; room < size; room += size / 30) {
    SCOPED_TRACE(room);
    EXPECT_THAT(apart([&] {
                  WorkingStore opened = store();
                  return assembling(opened, room);
                }),
                StartsWith(file_.string() + ": cannot be written: "));
    EXPECT_EQ(bytes_of(file_), "older");
    EXPECT_NO_THROW(verify(file_));
    EXPECT_THAT(directory_.names(),
                ElementsAre("whole", "whole.sha256", "whole.work", "x.h5", "x.h5.sha256", "x.h5.work"));
    EXPECT_EQ(store().n_stored(), 7);
  }
}

TEST_F(FullDiskSweepFile, LeavesNothingToAnotherFileOfTheProcess) {
  const std::string said = apart([&] {
    WorkingStore opened = store();
    std::string first = assembling(opened, bytes_when_whole().size() / 2);
    sweep_.assemble(directory_ / "another", opened);
    return first;
  });
  EXPECT_THAT(said, StartsWith(file_.string() + ": cannot be written: "));
  EXPECT_NO_THROW(verify(directory_ / "another"));
}

TEST_F(SweepFile, IsNotWrittenWhereThereIsNoDirectory) {
  WorkingStore store(working_store_path(file_), sweep_.store_form(), WorkingStore::Start::anew);
  sweep_.fill(store);
  const std::filesystem::path file = directory_ / "none/x.h5";
  EXPECT_THAT(refusal<Error>([&] { sweep_.assemble(file, store); }),
              testing::AllOf(StartsWith(file.string() + ": cannot be written: "), HasSubstr("No such file")));
}

TEST_F(SweepFile, IsNotWrittenOverADirectory) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(refusal<Error>([&] { sweep_.write(file_); }), file_.string() + ": cannot be written: Is a directory");
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5", "x.h5.work"));
}

TEST_F(SweepFile, IsNotWrittenWhereHdf5RefusesAName) {
  sweep_.form.coordinates[1].name = "atp";
  EXPECT_THAT(refusal<Error>([&] { sweep_.write(file_); }),
              StartsWith(file_.string() + ": cannot be written: HDF5 could not create 'atp': "));
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5.work"));
}

/// What a process leaves that is killed between the renames by which it puts a file in the place of an older one.
class Settling : public SweepFile {
 protected:
  void SetUp() override {
    write_text(file_, "older");
    write_checksum(file_);
    std::filesystem::rename(checksum_path(file_), beside(".old"));
    sweep_.write(directory_ / "y.h5");
    std::filesystem::rename(checksum_path(directory_ / "y.h5"), beside(".part"));
  }
  void put_new_file_there() const { std::filesystem::rename(directory_ / "y.h5", file_); }
  std::filesystem::path beside(const std::string& ending) const { return checksum_path(file_).concat(ending); }
  std::vector<std::string> there() const {
    std::vector<std::string> names = directory_.names();
    std::erase_if(names, [](const std::string& name) { return name.starts_with("y.h5"); });
    return names;
  }
};

TEST_F(Settling, PutsTheChecksumBesideTheNewFile) {
  put_new_file_there();
  settle(file_);
  EXPECT_NO_THROW(RunsFile{file_});
  EXPECT_THAT(there(), ElementsAre("x.h5", "x.h5.sha256"));
}

TEST_F(Settling, PutsTheChecksumBesideTheOldFile) {
  settle(file_);
  EXPECT_NO_THROW(verify(file_));
  EXPECT_EQ(bytes_of(file_), "older");
  EXPECT_THAT(there(), ElementsAre("x.h5", "x.h5.sha256", "x.h5.sha256.part"));  // written over by the next
}

TEST_F(Settling, DoesNothingBesideAnyOtherFile) {
  for (const std::string bytes : {"older!", ""}) {
    write_text(file_, bytes);
    settle(file_);
    EXPECT_THAT(there(), ElementsAre("x.h5", "x.h5.sha256.old", "x.h5.sha256.part"));
  }
}

TEST_F(Settling, ForgetsTheOldChecksumWhereThereIsOne) {
  write_text(checksum_path(file_), "of something else");
  settle(file_);
  EXPECT_EQ(bytes_of(checksum_path(file_)), "of something else");
  EXPECT_THAT(there(), ElementsAre("x.h5", "x.h5.sha256", "x.h5.sha256.part"));
}

TEST_F(Settling, DoesNothingWhereThereIsNoFile) {
  std::filesystem::remove(file_);
  settle(file_);
  EXPECT_THAT(there(), ElementsAre("x.h5.sha256.old", "x.h5.sha256.part"));
}

TEST_F(Settling, DoesNothingWhereNothingWaits) {
  std::filesystem::remove(beside(".old"));
  std::filesystem::remove(beside(".part"));
  settle(file_);
  EXPECT_THAT(there(), ElementsAre("x.h5"));
}

TEST_F(Settling, LetsTheSweepBeWrittenAgain) {
  settle(file_);
  sweep_.write(file_);
  EXPECT_NO_THROW(RunsFile{file_});
  EXPECT_THAT(there(), ElementsAre("x.h5", "x.h5.sha256", "x.h5.work"));
}

/// A quantile between the two nearest of values that ascend, type 7 of Hyndman and Fan.
double quantile(const std::vector<double>& values, double share) {
  const double place = share * static_cast<double>(values.size() - 1);
  const double below = std::floor(place);
  const double above = std::ceil(place);
  return std::lerp(values[static_cast<std::size_t>(below)], values[static_cast<std::size_t>(above)], place - below);
}

std::vector<double> statistics_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return std::vector<double>(7, missing);
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double mean = 0.0;
  for (const double value : values) mean += value / n;
  double variance = values.size() == 1 ? missing : 0.0;
  for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1.0);
  std::vector<double> all = {mean, values.size() == 1 ? missing : std::sqrt(variance)};
  for (const double share : {0.025, 0.25, 0.5, 0.75, 0.975}) all.push_back(quantile(values, share));
  return all;
}

/// A sweep of one muscle and one number of each rat: the rats of a run are as many as its numbers.
class SmallSummary : public SweepFile {
 protected:
  /// What is stored of runs that have those numbers, and statistics of the points that they are of.
  std::vector<double> statistics(const std::vector<std::int64_t>& points,
                                 const std::vector<std::vector<double>>& runs) {
    sweep_.points = points;
    sweep_.runs = runs_from_to(0, runs.size());
    sweep_.form.labels = {.arms = {"HS"},
                          .animals = std::vector<std::int32_t>(runs[0].size(), 7),
                          .muscles = {"soleus"},
                          .limbs = {"left"},
                          .times_d = {0.3},
                          .massaged = {0},
                          .fibre_types = {}};
    sweep_.form.series = {{"csa", "um2", "area", false}};
    sweep_.form.has_summary = true;
    sweep_.change = [&](StoredRuns& stored, std::vector<std::vector<double>>& numbers) {
      numbers[0].clear();
      for (std::size_t i = 0; i < stored.keys.size(); ++i)
        numbers[0].insert(numbers[0].end(), runs[stored.first_run + i].begin(), runs[stored.first_run + i].end());
    };
    return written().numbers<double>("summary/csa");
  }
};

// Of 0.3, 1, 4, 7 the mean is 12.3/4, the squares around it are 28.2675, and the quantiles stand at 0.075, 0.75, 1.5,
// 2.25 and 2.925 of the way along the values from the first, 0, to the last, 3.
TEST_F(SmallSummary, HasMeanSpreadAndQuantilesOverTheRatsOfAllReplicates) {
  const std::vector<double> values = statistics({1, 1}, {{7.0, 1.0}, {0.3, 4.0}});
  ASSERT_THAT(values, SizeIs(7));
  EXPECT_DOUBLE_EQ(values[0], 3.075);
  EXPECT_DOUBLE_EQ(values[1], std::sqrt(9.4225));
  EXPECT_DOUBLE_EQ(values[2], 0.3525);
  EXPECT_DOUBLE_EQ(values[3], 0.825);
  EXPECT_DOUBLE_EQ(values[4], 2.5);
  EXPECT_DOUBLE_EQ(values[5], 4.75);
  EXPECT_DOUBLE_EQ(values[6], 6.775);
}

TEST_F(SmallSummary, LeavesOutRatsThatFailed) {
  const std::vector<double> values = statistics({1, 1}, {{7.0, missing}, {missing, 4.0}});
  EXPECT_DOUBLE_EQ(values[0], 5.5);
  EXPECT_DOUBLE_EQ(values[1], std::sqrt(4.5));
  EXPECT_DOUBLE_EQ(values[2], 4.075);
  EXPECT_DOUBLE_EQ(values[4], 5.5);
}

TEST_F(SmallSummary, HasNoSpreadOfASingleRat) {
  const std::vector<double> values = statistics({1, 1}, {{7.0, missing}, {missing, missing}});
  EXPECT_DOUBLE_EQ(values[0], 7.0);
  EXPECT_TRUE(std::isnan(values[1]));
  for (std::size_t i = 2; i < 7; ++i) EXPECT_DOUBLE_EQ(values[i], 7.0);
}

TEST_F(SmallSummary, IsNaNWhereAllRatsFailed) {
  EXPECT_THAT(statistics({1, 1}, {{missing, missing}, {missing, missing}}), Each(testing::IsNan()));
}

TEST_F(SmallSummary, KeepsPointsApart) {
  const std::vector<double> values = statistics({1, 2, 2, 3}, {{0.3}, {7.0}, {14.0}, {1.0}});
  ASSERT_THAT(values, SizeIs(21));
  EXPECT_DOUBLE_EQ(values[0], 0.3);
  EXPECT_DOUBLE_EQ(values[7], 10.5);
  EXPECT_DOUBLE_EQ(values[8], std::sqrt(24.5));
  EXPECT_DOUBLE_EQ(values[14], 1.0);
}

TEST_F(SmallSummary, IsNaNForAPointOfWhichARunIsMissing) {
  sweep_.missing_blocks = {3};
  const std::vector<double> values = statistics({1, 2, 3, 1, 3, 2, 2, 3}, {{7}, {7}, {7}, {7}, {7}, {7}, {7}, {7}});
  EXPECT_THAT(values, Each(testing::IsNan()));
  sweep_.missing_blocks = {6};
  const std::vector<double> others = statistics({1, 2, 3, 1, 3, 2, 2, 3}, {{7}, {7}, {7}, {7}, {7}, {7}, {7}, {7}});
  EXPECT_EQ(others[0], 7.0);
  for (std::size_t i = 7; i < 21; ++i) EXPECT_TRUE(std::isnan(others[i]));
}

class SweepSummary : public SweepFile {
 protected:
  void SetUp() override { sweep_.form.has_summary = true; }

  /// Statistics of every point from all numbers of the file, those of points with missing runs NaN.
  std::vector<double> expected(std::size_t series, std::size_t n_points) const {
    const std::size_t n_arms = sweep_.form.labels.arms.size();
    const std::size_t n_animals = sweep_.form.labels.animals.size();
    const std::size_t width = size_in(sweep_.form, series) / (n_arms * n_animals);
    const std::vector<double> all = sweep_.expected(series);
    std::vector<double> result(n_points * 7 * n_arms * width, missing);
    for (std::size_t point = 0; point < n_points; ++point) {
      for (std::size_t arm = 0; arm < n_arms; ++arm) {
        for (std::size_t i = 0; i < width; ++i) {
          std::vector<double> rats;
          for (std::size_t place = 0; place < sweep_.runs.size(); ++place) {
            if (sweep_.row(place).point != static_cast<std::int64_t>(point) + 1) continue;
            for (std::size_t animal = 0; animal < n_animals; ++animal)
              rats.push_back(all[((place * n_arms + arm) * n_animals + animal) * width + i]);
          }
          const std::vector<double> its = statistics_of(rats);
          for (std::size_t s = 0; s < 7; ++s) result[((point * 7 + s) * n_arms + arm) * width + i] = its[s];
        }
      }
    }
    return result;
  }
  void expect_statistics(const LookedAt& file, std::size_t n_points) const {
    for (std::size_t series = 0; series < sweep_.form.series.size(); ++series) {
      const std::vector<double> there = file.numbers<double>("summary/" + sweep_.form.series[series].name);
      EXPECT_THAT(there, testing::Pointwise(testing::NanSensitiveDoubleNear(1e-10), expected(series, n_points)));
    }
  }
};

TEST_F(SweepSummary, LabelsEveryAxis) {
  const LookedAt file = written();
  EXPECT_THAT(file.shape("summary/wet_mass"), ElementsAre(4, 7, 3, 5, 2, 6));
  EXPECT_THAT(file.axes("summary/wet_mass"), ElementsAre("summary/point", "summary/statistic", "summary/arm",
                                                         "summary/muscle", "summary/limb", "summary/time"));
  EXPECT_THAT(file.axes("summary/csa_by_type"),
              ElementsAre("summary/point", "summary/statistic", "summary/arm", "summary/muscle", "summary/limb",
                          "summary/fibre_type", "summary/time"));
}

TEST_F(SweepSummary, HasALabelForEveryPlaceOnEveryAxis) {
  const LookedAt file = written();
  const sim::Labels labels = example_labels();
  EXPECT_THAT(file.numbers<std::int64_t>("summary/point"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(file.texts("summary/statistic"), ElementsAre("mean", "sd", "q025", "q25", "q50", "q75", "q975"));
  EXPECT_EQ(file.texts("summary/arm"), labels.arms);
  EXPECT_EQ(file.texts("summary/muscle"), labels.muscles);
  EXPECT_EQ(file.texts("summary/limb"), labels.limbs);
  EXPECT_EQ(file.texts("summary/fibre_type"), labels.fibre_types);
  EXPECT_EQ(file.numbers<double>("summary/time"), labels.times_d);
}

TEST_F(SweepSummary, HasNoAnimals) { EXPECT_FALSE(hdf5::has_variable(written().root(), "summary/animal")); }

TEST_F(SweepSummary, HasTheValuesOfSweptKeysOfEveryPoint) {
  sweep_.runs = {5, 0, 2, 6, 1, 3, 4};
  const LookedAt file = written();
  EXPECT_THAT(file.numbers<double>("summary/massage_force_N"), ElementsAre(0.3, 0.3 * 2.0, 0.3 * 3.0, 0.3 * 4.0));
  EXPECT_EQ(file.text("summary/massage_force_N", "units"), "N");
  EXPECT_THAT(file.texts("summary/route"), ElementsAre("WB", "HS, µ", "WB", "HS, µ"));
  for (const std::string name : {"massage_force_N", "route", "n_rats"})
    EXPECT_THAT(file.axes("summary/" + name), ElementsAre("summary/point")) << name;
}

TEST_F(SweepSummary, SaysWhatItsSeriesAre) {
  const LookedAt file = written();
  for (const SeriesInfo& series : sweep_.form.series) {
    EXPECT_EQ(file.text("summary/" + series.name, "units"), series.unit);
    EXPECT_EQ(file.text("summary/" + series.name, "long_name"), series.long_name);
    EXPECT_EQ(file.text("summary/" + series.name, "coordinates"), "massage_force_N route n_rats");
  }
}

TEST_F(SweepSummary, CountsTheRatsOfEveryPoint) {
  sweep_.runs = runs_from_to(0, 10);
  sweep_.points = {1, 1, 2, 2, 2, 3, 1, 4, 4, 5};
  sweep_.missing_blocks = {9};
  EXPECT_THAT(written().numbers<std::int64_t>("summary/n_rats"), ElementsAre(12, 12, 4, 8, 0));
}

TEST_F(SweepSummary, HasStatisticsOfEveryNumber) {
  expect_statistics(written(), 4);
  sweep_.precision = Precision::f4;
  expect_statistics(written(), 4);
}

TEST_F(SweepSummary, FindsReplicatesWhereverTheyAreInTheFile) {
  sweep_.runs = {13, 2, 9, 4, 7, 0, 11, 6, 1, 12, 3};
  sweep_.points = {3, 1, 2, 2, 3, 1, 3, 1, 4, 1, 3};
  expect_statistics(written(), 4);
}

TEST_F(SweepSummary, HasNoTimesWhereOnlyEndsAreKept) {
  sweep_.form = form_of_ends();
  sweep_.form.has_summary = true;
  const LookedAt file = written();
  EXPECT_THAT(file.axes("summary/atp"),
              ElementsAre("summary/point", "summary/statistic", "summary/arm", "summary/muscle", "summary/limb"));
  expect_statistics(file, 4);
}

TEST_F(SweepSummary, IsOfTheRunsOfAnOlderFileToo) {
  ExampleSweep old;
  old.runs = runs_from_to(0, 5);
  old.runs_per_chunk = 2;
  old.write(file_);
  const RunsFile extended(file_);
  sweep_.extended = &extended;
  sweep_.runs = runs_from_to(0, 11);
  sweep_.points = {1, 2, 1, 2, 3, 3, 2, 1, 4, 3, 4};
  expect_statistics(written(), 4);
}

TEST_F(SweepSummary, MayStandWithoutTheNumbersOfRuns) {
  sweep_.form.keeps_series = false;
  const LookedAt file = written();
  for (const SeriesInfo& series : sweep_.form.series) EXPECT_THAT(file.names(), Not(Contains(series.name)));
  expect_statistics(file, 4);
  expect_all_outcomes(file);
}

TEST_F(SweepSummary, IsLeftOutWhereItIsNotAskedFor) {
  sweep_.form.has_summary = false;
  EXPECT_THAT(written().names(), Not(Contains("summary")));
}

// A point of three runs has more numbers than are summarised at once.
TEST_F(SweepSummary, IsTheSameWhereAPointIsTakenInPieces) {
  sweep_.form.labels = {.arms = {"HS"},
                        .animals = std::vector<std::int32_t>(3000, 1),
                        .muscles = {"soleus"},
                        .limbs = {"left", "right"},
                        .times_d = std::vector<double>(500, 0.3),
                        .massaged = {0, 0},
                        .fibre_types = {}};
  sweep_.form.series = {{"csa", "um2", "area", false}};
  sweep_.runs = {0, 1, 2, 3};
  sweep_.points = {1, 2, 1, 1};
  sweep_.runs_per_chunk = 1;
  sweep_.precision = Precision::f4;
  sweep_.is_compressed = false;
  expect_statistics(written(), 2);
}

}  // namespace
}  // namespace hindlimb::io
