#pragma once

#include <filesystem>
#include <string>

#include "hindlimb/io/result_file.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {

/// The bytes of a result file of one run.
/// @throws Error if HDF5 fails
std::string to_image(const sim::Results& results, Precision precision);

/// Writes the bytes of an HDF5 file and its checksum, whole or not at all.
/// @throws Error naming the file and what is in the way
void write_image(const std::string& image, const std::filesystem::path& file);

/// Puts a file that is on the disk, and its checksum, in the place of what was there.
/// @param checksum_part  name under which the checksum is written first
void publish(DurableFile& result, const std::string& digest, const std::filesystem::path& file,
             const std::filesystem::path& checksum_part);

}  // namespace hindlimb::io
