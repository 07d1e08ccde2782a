#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/working_store.hpp"

namespace hindlimb::io {

/// What the file of a sweep holds besides its runs.
struct SweepForm {
  std::map<std::string, std::string> attributes;
  std::int64_t seed = 0;
  sim::Labels labels;  ///< times_d empty where only ends are kept
  bool has_ends_only = false;
  std::vector<SeriesInfo> series;
  std::vector<RunCoordinate> coordinates;  ///< without their values
  bool massages_vary = false;              ///< massaged has an axis for the run
  bool ends_vary = false;
  bool keeps_series = true;  ///< else the summary alone
  bool has_summary = false;  ///< mean, spread and quantiles over the rats of each point
};

/// What is known of a run before it is run.
struct RunRow {
  std::int64_t point = 0;                                 ///< from 1
  std::int64_t replicate = 0;                             ///< from 1
  std::vector<std::variant<double, std::string>> values;  ///< of the swept keys
  std::vector<std::int8_t> massaged;                      ///< shape [arm][limb]
  std::vector<double> ends_d;                             ///< of each arm [d]
};

/// Where the runs of a file come from.
struct SweepRuns {
  WorkingStore& store;
  const RunsFile* extended = nullptr;  ///< holds the first runs, if there is one
  std::function<RunRow(std::uint64_t run)> row;
  std::function<void()> pause;  ///< called now and then; may throw to give up
};

/// Assembles the file of a sweep from what is stored, and puts it and its checksum in the place of what was there. Runs
/// that are not stored have status `not_run` and are NaN. Memory does not grow with the number of runs but for some
/// ten bytes each.
///
/// Layout: as write_results(), with `run` as long as there are runs; point, replicate and the swept keys over run are
/// coordinates of every series, in chunks of whole runs; /summary has the statistics of each point, NaN where a run of
/// the point is missing.
/// @param file   replaced if it exists
/// @param part   name under which the file is written first
/// @param form   what all runs share
/// @param runs   one after the other, as the file will have them
/// @throws Error, NoRoomError naming the file and what is in the way; the old file and its checksum are then untouched
/// After a disk that failed, the same file must not be written again by this process: HDF5 keeps its part open.
void write_sweep(const std::filesystem::path& file, const std::filesystem::path& part, const SweepForm& form,
                 const SweepRuns& runs);

/// The bytes that the file would have; it is made in memory.
/// @throws Error if it cannot be made
std::uint64_t bytes_of_sweep(const SweepForm& form, const SweepRuns& runs);

}  // namespace hindlimb::io
