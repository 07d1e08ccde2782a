#pragma once

#include <filesystem>
#include <string>

#include "hindlimb/io/result_file.hpp"

namespace hindlimb::io {

/// The bytes of a result file of one run.
/// @throws Error if HDF5 fails
std::string to_image(const sim::Results& results, Precision precision);

/// Writes the bytes of an HDF5 file and its checksum, whole or not at all.
/// @throws Error naming the file and what is in the way
void write_image(const std::string& image, const std::filesystem::path& file);

}  // namespace hindlimb::io
