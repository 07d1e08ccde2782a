#pragma once

#include <filesystem>
#include <string>

#include "io/durable_file.hpp"

namespace hindlimb::io {

/// Where the checksum of a file that is about to be replaced waits: "<file>.sha256.old".
std::filesystem::path old_checksum_path(const std::filesystem::path& file);

/// Where the checksum of a file that one process at a time makes waits: "<file>.sha256.part".
std::filesystem::path new_checksum_path(const std::filesystem::path& file);

/// Puts a file that is on the disk, and its checksum, in the place of what was there: the old checksum is moved away,
/// then the file moved in, then its checksum.
/// @param checksum_part  name under which the checksum is written first
/// @throws Error if the system refuses; what was there is then untouched
void publish(DurableFile& result, const std::string& digest, const std::filesystem::path& file,
             const std::filesystem::path& checksum_part);

}  // namespace hindlimb::io
