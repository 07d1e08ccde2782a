#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/results.hpp"

namespace hindlimb::io {

using scenario::Precision;

/// A key whose value changes from run to run, as a variable over `run`.
struct RunCoordinate {
  std::string name;  ///< "massage_force_N"
  std::string key;   ///< "arm.REM.massage.force_N", as the sweep says it
  std::string sets;  ///< what it sets in the resolved study, blanks between
  std::string unit;  ///< "N"
  std::string long_name;
  bool is_text = false;
  std::vector<double> numbers;     ///< of each run
  std::vector<std::string> texts;  ///< or these

  bool operator==(const RunCoordinate&) const = default;
};

/// A series without its numbers.
struct SeriesInfo {
  std::string name;
  std::string unit;
  std::string long_name;
  bool by_fibre_type = false;

  bool operator==(const SeriesInfo&) const = default;
};

/// status of a run that is not there yet, in a file made with --partial
inline constexpr std::int8_t not_run = 2;
/// A status as the word that flag_meanings has for it, such as "ok"; "unknown" if it has none.
std::string_view status_word(std::int8_t status);

/// What is asked of a file before it is opened.
enum class Proof {
  checksum,           ///< the right checksum beside it
  checksum_or_trial,  ///< the same; a file that has none is read to its end by a process of its own first
};

/// A finished result file of one run or of many, open for reading; if it has a checksum, that was right.
class RunsFile {
 public:
  /// @throws InputError naming the file: missing, a directory, without its checksum, changed or broken since, not
  ///                    HDF5, or without the variables of a result
  explicit RunsFile(std::filesystem::path file, Proof proof = Proof::checksum_or_trial);
  RunsFile(RunsFile&&) noexcept;
  RunsFile& operator=(RunsFile&&) noexcept;
  ~RunsFile();

  const std::filesystem::path& path() const;
  /// Whether it has a checksum beside it.
  bool is_proven() const;
  /// SHA-256 of the file.
  const std::string& digest() const;
  /// Texts at the root, Conventions left out.
  const std::map<std::string, std::string>& attributes() const;
  /// One of them, empty if it is not there.
  std::string attribute(const std::string& name) const;
  std::int64_t seed() const;
  std::uint64_t n_runs() const;

  /// Labels of all runs; `massaged` of the first. Where only ends were kept, times_d is one NaN.
  const sim::Labels& labels() const;
  bool has_ends_only() const;
  const std::vector<SeriesInfo>& series() const;
  /// How series are stored; of the first of them.
  Precision precision() const;

  /// Swept keys with their values; none in the file of a study.
  const std::vector<RunCoordinate>& coordinates() const;
  const std::vector<std::int64_t>& points() const;
  const std::vector<std::int64_t>& replicates() const;
  std::vector<std::string> keys() const;
  std::vector<std::int8_t> statuses() const;
  /// How a run went.
  struct Outcome {
    std::string run_key;
    std::int8_t status;
    std::string message;
    std::int64_t n_steps;
    std::int64_t n_redone;
    double wall_time_s;
  };
  std::vector<Outcome> outcomes(std::uint64_t first_run, std::uint64_t n_runs) const;
  /// Whether limbs are massaged, shape [run][arm][limb].
  std::vector<std::int8_t> massaged() const;
  /// Day on which each arm ends, shape [run][arm]; only where nothing but ends was kept [d]
  std::vector<double> ends_d() const;

  /// Numbers of a series, of some runs: shape [run][arm][animal][muscle][limb](fibre_type)[time].
  std::vector<double> numbers(const std::string& series, std::uint64_t first_run, std::uint64_t n_runs) const;
  /// The same of all runs at one time.
  std::vector<double> numbers_at(const std::string& series, std::size_t time) const;

  /// The same, of each limb at its last number that there is.
  std::vector<double> last_numbers(const std::string& series) const;

  /// The series of which /summary has statistics; none if it is not there.
  std::vector<SeriesInfo> summarised() const;
  /// Statistics of a point, which is counted from 0: shape [statistic][arm][muscle][limb](fibre_type)[time].
  std::vector<double> summary(const std::string& series, std::uint64_t point) const;

  /// Runs that are stored together: reading some of them costs as much as reading all.
  std::uint64_t runs_per_chunk() const;
  /// One run with its numbers, as it would stand in a file of its own.
  sim::Results run(std::uint64_t run) const;
  std::vector<sim::Results> runs(std::uint64_t first_run, std::uint64_t n_runs) const;

 private:
  void read_everything() const;

  struct Contents;
  std::unique_ptr<Contents> contents_;
};

/// What equal runs share, in lines of SHA-256: first one for everything (seed, key, status, message, labels, all
/// series), then "<digest>  <series>" for each series. Every NaN counts as the same number. Left out: attributes,
/// n_steps, n_redone and wall_time, which may differ between machines, dates and versions.
std::vector<std::string> digest_lines(const sim::Results& results);

/// The same of all runs of a file, whatever their order in it; runs that were not run are left out. Of a file of one
/// run it is that of the run.
std::vector<std::string> digest_lines(const RunsFile& file);

}  // namespace hindlimb::io
