#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hindlimb/study/sweep.hpp"

namespace hindlimb::app {

/// A sweep, and the files that it was read from.
struct SweepInput {
  study::Sweep sweep;
  std::vector<std::filesystem::path> files;
};

/// Reads a sweep, the study that it is of, and the points of a list.
/// @param changes  of the study: KEY=VALUE, after those of [sweep.set]
/// @throws InputError with everything that is wrong
SweepInput read_sweep(const std::filesystem::path& file, const std::vector<std::string>& changes);

}  // namespace hindlimb::app
