#pragma once

#include <filesystem>
#include <string>

#include "app/command.hpp"

namespace hindlimb::app {

/// Where results will go: -o FILE, else results/<stem of the input>.h5. Refused now rather than after the work.
/// @throws InputError if it exists (and there is no --force), or cannot be written
std::filesystem::path output_file(const std::string& input, const po::variables_map& options);

}  // namespace hindlimb::app
