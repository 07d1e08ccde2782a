#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hindlimb/study/sweep.hpp"

namespace hindlimb::app {

/// Reads a sweep, the study that it is of, and the points of a list.
/// @param changes  of the study: KEY=VALUE, after those of [sweep.set]
/// @throws InputError with everything that is wrong
study::Sweep read_sweep(const std::filesystem::path& file, const std::vector<std::string>& changes);

/// The files that a sweep is read from.
std::vector<std::filesystem::path> input_files(const std::filesystem::path& file, const study::Sweep& sweep);

}  // namespace hindlimb::app
