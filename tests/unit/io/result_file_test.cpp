#include "hindlimb/io/result_file.hpp"
#include "hindlimb/io/runs_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <limits>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/checksum.hpp"
#include "unit/io/full_disk.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using testing::ThrowsMessage;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

sim::Series series(const std::string& name, const std::string& unit, std::size_t size, double scale) {
  sim::Series made{name, unit, "long name of " + name, std::vector<double>(size)};
  for (std::size_t i = 0; i < size; ++i) made.values[i] = scale * std::sqrt(static_cast<double>(i) + 0.3);
  return made;
}

/// Three arms, of which the first ends early; no two axes of equal length; names of series not in order.
sim::Results example() {
  sim::Results results;
  results.attributes = {
      {"title", "Massage, 22 d"}, {"config", std::string(70'000, 'x') + "\n\"µ\" = 0.3\n"}, {"untreated", ""}};
  results.seed = -7;
  results.run_key = "00112233445566778899aabbccddeeff";
  results.labels = {.arms = {"WB", "RE", "REM"},
                    .animals = {1, 2, 3, 4, 7},
                    .muscles = {"gastrocnemius", "soleus", "plantaris", "µ"},
                    .limbs = {"left", "right"},
                    .times_d = {0.0, 0.3, 7.0, 14.0, 14.5, 22.0},
                    .massaged = {0, 0, 0, 0, 0, 1},
                    .fibre_types = {}};
  const std::size_t size = results.labels.series_size();
  results.series = {series("wet_mass", "mg", size, 0.7), series("csa", "um2", size, 1e5),
                    series("atp", "1", size, 1e-9)};
  for (std::size_t animal = 0; animal < 5; ++animal)
    results.series[1].values[results.labels.index(0, animal, 1, 1, 5)] = missing;
  results.series[0].values[0] = -0.0;
  results.series[0].values[1] = std::numeric_limits<double>::infinity();
  results.series[0].values[2] = std::numeric_limits<double>::denorm_min();
  results.status = sim::RunStatus::some_simulations_failed;
  results.message = "WB, animal 7: stopped;\nthe others went well";
  results.n_redone = 3;
  results.n_steps = 9'007'199'254'740'993;  // more than a double can hold
  results.wall_time_s = 0.3;
  return results;
}

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  all.reserve(values.size());
  for (const double value : values) all.push_back(std::bit_cast<std::uint64_t>(value));
  return all;
}

/// The message of the error that the call throws; empty if none.
template <class ErrorType, class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}

class ResultFile : public testing::Test {
 protected:
  std::string reading() const {
    return refusal<InputError>([&] { read_results(file_); });
  }
  std::string writing(const std::filesystem::path& file) const {
    return refusal<Error>([&] { write_results(example(), file, Precision::f8); });
  }
  /// Bytes with the right checksum, whatever they are.
  void put(const std::string& bytes) const {
    write_text(file_, bytes);
    write_checksum(file_);
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "x.h5";
};

TEST_F(ResultFile, GivesBackEveryNumberAndLabelThatWasWritten) {
  const sim::Results written = example();
  write_results(written, file_, Precision::f8);
  const sim::Results read = read_results(file_);
  EXPECT_EQ(read.attributes, written.attributes);
  EXPECT_EQ(read.seed, written.seed);
  EXPECT_EQ(read.run_key, written.run_key);
  EXPECT_EQ(read.labels, written.labels);
  EXPECT_EQ(read.status, written.status);
  EXPECT_EQ(read.message, written.message);
  EXPECT_EQ(read.n_steps, written.n_steps);
  EXPECT_EQ(read.n_redone, written.n_redone);
  EXPECT_EQ(read.wall_time_s, written.wall_time_s);
  ASSERT_THAT(read.series, SizeIs(written.series.size()));
  for (std::size_t i = 0; i < read.series.size(); ++i) {
    EXPECT_EQ(read.series[i].name, written.series[i].name);
    EXPECT_EQ(read.series[i].unit, written.series[i].unit);
    EXPECT_EQ(read.series[i].long_name, written.series[i].long_name);
    EXPECT_EQ(bits(read.series[i].values), bits(written.series[i].values));
  }
}

TEST_F(ResultFile, RoundsSeriesToFloatAndNothingElseWhenAsked) {
  const sim::Results written = example();
  write_results(written, file_, Precision::f4);
  const sim::Results read = read_results(file_);
  EXPECT_EQ(read.labels, written.labels);
  EXPECT_EQ(read.wall_time_s, written.wall_time_s);
  for (std::size_t i = 7; i < written.series[1].values.size(); ++i) {
    const double value = written.series[1].values[i];
    if (std::isnan(value))
      EXPECT_TRUE(std::isnan(read.series[1].values[i]));
    else
      EXPECT_EQ(read.series[1].values[i], static_cast<double>(static_cast<float>(value)));
  }
}

/// The example with a series that has a number for each fibre type.
sim::Results example_by_fibre_type() {
  sim::Results results = example();
  results.labels.fibre_types = {"I", "IIa", "IIx"};
  results.series.push_back(series("csa_by_type", "um2", 3 * results.labels.series_size(), 700.0));
  results.series.back().by_fibre_type = true;
  results.series.back().values[7] = missing;
  return results;
}

TEST_F(ResultFile, GivesBackSeriesByFibreType) {
  const sim::Results written = example_by_fibre_type();
  write_results(written, file_, Precision::f8);
  const sim::Results read = read_results(file_);
  EXPECT_EQ(read.labels, written.labels);
  ASSERT_THAT(read.series, SizeIs(4));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(read.series[i].by_fibre_type, i == 3);
    EXPECT_EQ(bits(read.series[i].values), bits(written.series[i].values));
  }
}

TEST(DigestLines, KnowFibreTypesAndTheirSeries) {
  const sim::Results results = example_by_fibre_type();
  EXPECT_NE(digest_lines(results).front(), digest_lines(example()).front());
  sim::Results changed = results;
  changed.series.back().values.back() *= 1.1;
  EXPECT_NE(digest_lines(changed).back(), digest_lines(results).back());
  changed = results;
  changed.labels.fibre_types.back() = "IIb";
  EXPECT_NE(digest_lines(changed).front(), digest_lines(results).front());
}

TEST_F(ResultFile, HoldsASeriesLargerThanOneChunk) {
  sim::Results written = example();
  written.labels.times_d.clear();
  for (int i = 0; i < 40'001; ++i) written.labels.times_d.push_back(i / 1440.0);
  written.series = {series("csa", "um2", written.labels.series_size(), 7.0)};
  write_results(written, file_, Precision::f8);
  EXPECT_EQ(read_results(file_).series, written.series);
}

TEST_F(ResultFile, OfEqualResultsHasEqualBytes) {
  write_results(example(), directory_ / "a", Precision::f4);
  write_results(example(), directory_ / "b", Precision::f4);
  EXPECT_EQ(bytes_of(directory_ / "a"), bytes_of(directory_ / "b"));
}

TEST_F(ResultFile, ReplacesAnOlderOneAndLeavesOnlyItselfAndItsChecksum) {
  put("older");
  write_results(example(), file_, Precision::f8);
  EXPECT_NO_THROW(verify(file_));
  EXPECT_EQ(read_results(file_).seed, example().seed);
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5", "x.h5.sha256"));
}

TEST_F(ResultFile, LetsOthersReadAsTheUmaskSays) {
  const mode_t mask = ::umask(0027);
  write_results(example(), file_, Precision::f8);
  ::umask(mask);
  EXPECT_EQ(std::filesystem::status(file_).permissions(), std::filesystem::perms{0640});
}

TEST_F(ResultFile, IsRefusedWhenMissing) { EXPECT_EQ(reading(), file_.string() + ": no such file"); }

TEST_F(ResultFile, IsRefusedWhenADirectory) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(reading(), file_.string() + ": is a directory, not a file");
}

TEST_F(ResultFile, IsRefusedAfterAChangeOfAnyByte) {
  write_results(example(), file_, Precision::f8);
  const std::string bytes = bytes_of(file_);
  for (std::size_t i = 0; i < bytes.size(); i += 1 + bytes.size() / 50) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    write_text(file_, changed);
    EXPECT_EQ(reading(), file_.string() + ": changed or broken: its SHA-256 is not the one in 'x.h5.sha256'") << i;
  }
}

TEST_F(ResultFile, IsRefusedWhenCutShort) {
  write_results(example(), file_, Precision::f8);
  write_text(file_, bytes_of(file_).substr(0, 4096));
  EXPECT_THAT(reading(), HasSubstr(": changed or broken: "));
}

TEST_F(ResultFile, IsRefusedWhenNotHdf5) {
  for (const std::string bytes : {"", "time,csa\n0,2500\n"}) {
    put(bytes);
    EXPECT_EQ(reading(), file_.string() + ": is not an HDF5 file");
  }
}

TEST_F(ResultFile, IsRefusedWhenHdf5CannotOpenIt) {
  put("\x89HDF\r\n\x1a\n and then nothing that HDF5 knows");
  EXPECT_THAT(reading(), StartsWith(file_.string() + ": HDF5 could not open the file: "));
}

/// The 195 bytes of h5py.File("x.h5", "w", libver="latest") with nothing in it.
std::string empty_hdf5() {
  std::string bytes(195, '\0');
  const auto set = [&bytes](std::size_t at, const std::string& piece) { bytes.replace(at, piece.size(), piece); };
  set(0, "\x89\x48\x44\x46\x0d\x0a\x1a\x0a\x03\x08\x08");
  set(20, std::string(8, '\xff') + "\xc3");
  set(36, "\x30");
  set(44,
      "\x06\x1a\x61\x37\x4f\x48\x44\x52"
      "\x02\x20\xab\x90\x05\x6b\xab\x90\x05\x6b\xab\x90\x05\x6b\xab\x90\x05\x6b\x78\x02\x12");
  set(77, std::string(16, '\xff') + "\x0a\x02");
  set(96, "\x01");
  set(100, "\x58");
  set(191, "\x70\xac\xec\x56");
  return bytes;
}

TEST_F(ResultFile, IsRefusedWhenItIsSomebodyElsesHdf5) {
  put(empty_hdf5());
  EXPECT_EQ(reading(), file_.string() +
                           ": is HDF5, but not a result of hindlimb: without 'run', 'arm', 'limb', 'muscle', "
                           "'animal', 'massaged', 'run_key', 'status', 'message', 'n_steps', 'n_redone', 'wall_time', "
                           "the attribute 'seed'");
}

TEST_F(ResultFile, IsNotWrittenWhereThereIsNoDirectory) {
  const std::filesystem::path file = directory_ / "none/x.h5";
  EXPECT_EQ(writing(file),
            file.string() + ": cannot be written: there is no directory '" + (directory_ / "none").string() + "'");
}

TEST_F(ResultFile, IsNotWrittenOverADirectory) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(writing(file_), file_.string() + ": cannot be written: it is a directory");
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5"));
}

TEST_F(ResultFile, IsNotWrittenWhenItsOldChecksumCannotBeMovedAway) {
  std::filesystem::create_directory(checksum_path(file_));
  EXPECT_EQ(writing(file_), checksum_path(file_).string() + ": cannot be written: Is a directory");
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5.sha256"));
}

/// Not root, whom no permission stops, for as long as it lives.
class Unprivileged {
 public:
  Unprivileged() : user_(::geteuid()) { change_to(user_ == 0 ? 65534 : user_); }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() { change_to(user_); }

 private:
  static void change_to(uid_t user) {
    if (::seteuid(user) != 0) std::abort();
  }
  uid_t user_;
};

TEST_F(ResultFile, KeepsTheOldOneWhereTheDirectoryIsReadOnly) {
  write_results(example(), file_, Precision::f4);
  const std::string before = bytes_of(file_);
  std::filesystem::permissions(directory_.path(), std::filesystem::perms{0555});
  {
    const Unprivileged user;
    EXPECT_EQ(writing(file_), file_.string() + ": cannot be written: Permission denied");
  }
  EXPECT_EQ(bytes_of(file_), before);
  EXPECT_NO_THROW(verify(file_));
}

TEST_F(ResultFile, CannotBeReadWithoutPermission) {
  write_results(example(), file_, Precision::f8);
  std::filesystem::permissions(directory_.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(file_, std::filesystem::perms::none);
  const Unprivileged user;
  EXPECT_EQ(reading(), file_.string() + ": cannot be read: Permission denied");
}

TEST_F(ResultFile, KeepsTheOldOneAndItsChecksumWhenTheDiskIsFull) {
  write_results(example(), file_, Precision::f4);
  const std::string before = bytes_of(file_);
  {
    const FullDisk disk(5000);
    EXPECT_EQ(writing(file_), file_.string() + ": cannot be written: File too large");
  }
  EXPECT_EQ(bytes_of(file_), before);
  EXPECT_NO_THROW(verify(file_));
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5", "x.h5.sha256"));
}

TEST_F(ResultFile, IsNotWrittenWhereHdf5RefusesAName) {
  sim::Results results = example();
  results.series[2].name = "csa";
  EXPECT_THAT(refusal<Error>([&] { write_results(results, file_, Precision::f8); }),
              StartsWith(file_.string() + ": cannot be written: HDF5 could not create 'csa': "));
  EXPECT_THAT(directory_.names(), SizeIs(0));
}

TEST(Digest, NamesEverySeriesAfterALineForTheWhole) {
  EXPECT_THAT(digest_lines(example()),
              ElementsAre(SizeIs(64), AllOf(SizeIs(66 + 8), testing::EndsWith("  wet_mass")),
                          AllOf(SizeIs(66 + 3), testing::EndsWith("  csa")), testing::EndsWith("  atp")));
}

TEST(Digest, LeavesOutWhatDiffersBetweenEqualRuns) {
  sim::Results other = example();
  other.wall_time_s = 7.0;
  other.n_steps = 7;
  other.attributes["host"] = "another";
  other.series[1].values[other.labels.index(0, 0, 1, 1, 5)] = std::bit_cast<double>(0xfff8000000000007);  // a NaN too
  EXPECT_EQ(digest_lines(other), digest_lines(example()));
}

TEST(Digest, SurvivesAFileOfFullPrecision) {
  const TemporaryDirectory directory;
  write_results(example(), directory / "x.h5", Precision::f8);
  EXPECT_EQ(digest_lines(read_results(directory / "x.h5")), digest_lines(example()));
}

TEST(Digest, ChangesWithEveryNumberAndLabel) {
  const std::vector<void (*)(sim::Results&)> changes = {
      [](sim::Results& r) { r.seed = 7; },
      [](sim::Results& r) { r.run_key.back() = '0'; },
      [](sim::Results& r) { r.status = sim::RunStatus::ok; },
      [](sim::Results& r) { r.message += "!"; },
      [](sim::Results& r) { r.labels.arms[1] = "HS"; },
      [](sim::Results& r) { std::swap(r.labels.limbs[0], r.labels.limbs[1]); },
      [](sim::Results& r) { r.labels.animals[1] = 7; },
      [](sim::Results& r) { r.labels.muscles[2] += "s"; },
      [](sim::Results& r) { r.labels.times_d[1] = 0.7; },
      [](sim::Results& r) { r.labels.massaged[1] = 1; },
      [](sim::Results& r) { r.series[0].unit = "g"; },
      [](sim::Results& r) { r.series[2].name = "adp"; },
      [](sim::Results& r) { r.series[1].values.back() = std::nextafter(r.series[1].values.back(), 0.0); }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    sim::Results changed = example();
    changes[i](changed);
    EXPECT_NE(digest_lines(changed).front(), digest_lines(example()).front()) << "change " << i;
  }
}

}  // namespace
}  // namespace hindlimb::io
