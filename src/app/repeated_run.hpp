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

/// What is not as it was when a run is simulated again.
struct Repetition {
  std::uint64_t n_numbers = 0;
  std::vector<std::string> differences;  ///< a sentence each; none: key, outcome and every bit are the same
};

/// Simulates a run again from its file alone, and compares.
/// @throws InputError if it was not run, or by another version of the model
Repetition repeat(const io::RunsFile& file, std::uint64_t run);

/// "run 17 (point 4, replicate 2; massage_force_N = 4.5 N)"
std::string run_name(const io::RunsFile& file, std::uint64_t run);

}  // namespace hindlimb::app
