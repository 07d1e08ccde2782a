#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hindlimb::io {

/// "<file>.sha256", beside the file.
std::filesystem::path checksum_path(const std::filesystem::path& file);

/// The line that `sha256sum` writes for a file of that name, run in its directory.
std::string checksum_line(const std::string& digest, const std::filesystem::path& file);

/// Whether there is something of that name beside the file.
bool has_checksum(const std::filesystem::path& file);

/// The digest in a file that sha256sum wrote; empty if it is no such file.
/// @throws InputError if it cannot be read
std::string digest_in(const std::filesystem::path& checksum);

/// Puts back the checksum of a file from whose place a process was killed away while it put another one there: the file
/// is the old or the new one, and the checksums of both wait beside it. Does nothing beside any other file.
/// @throws Error if the system refuses
void settle(const std::filesystem::path& file);

/// Compare a file, by the SHA-256 of its bytes, with its `<file>.sha256`. The name in it is not looked at: both may be
/// renamed together.
/// @throws InputError if the checksum is missing or unreadable, or if they disagree ("changed or broken")
void verify_checksum(const std::filesystem::path& file, const std::string& digest);

}  // namespace hindlimb::io
