#pragma once

#include <filesystem>
#include <string>

namespace hindlimb::app {

/// A file that comes with the program, such as "data/facts.csv": below the working directory, else below the checkout
/// or installation that the program was started from.
/// @throws InputError if it is nowhere
std::filesystem::path shipped_file(const std::string& name);

}  // namespace hindlimb::app
