#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/scenario/study.hpp"

namespace hindlimb::app {

/// The study of a run, from what its file says: the configuration, and the values of the swept keys.
/// @throws InputError if the configuration cannot be read back
scenario::Study study_of_run(const io::RunsFile& file, std::uint64_t run);

/// The runs of a point, in the order of the file.
std::vector<std::uint64_t> runs_of_point(const io::RunsFile& file, std::int64_t point);

/// What is not as it was when a run, or all of a point, are simulated again.
struct Repetition {
  std::uint64_t n_numbers = 0;
  std::vector<std::string> differences;  ///< a sentence each; none: key, outcome and every bit are the same
};

/// Simulates a run again from its file alone, and compares.
/// @throws InputError if it was not run, or by another version of the model
Repetition repeat(const io::RunsFile& file, std::uint64_t run);

/// The same of all runs of a point of which the summary alone was kept.
/// @param point  from 1; all its runs were run
Repetition repeat_point(const io::RunsFile& file, std::int64_t point);

/// "run 17 (point 4, replicate 2; massage_force_N = 4.5 N)"
std::string run_name(const io::RunsFile& file, std::uint64_t run);

/// "point 4 (massage_force_N = 4.5 N; 2 runs)"
std::string point_name(const io::RunsFile& file, std::int64_t point);

}  // namespace hindlimb::app
