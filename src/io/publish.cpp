#include "io/publish.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/checksum.hpp"

namespace hindlimb::io {
namespace fs = std::filesystem;
namespace {

/// @return whether there was one
bool move_old_checksum_away(const fs::path& file) {
  std::error_code unknown;
  if (fs::is_directory(checksum_path(file), unknown)) refuse_to_write(checksum_path(file), EISDIR);
  if (::rename(checksum_path(file).c_str(), old_checksum_path(file).c_str()) == 0) return true;
  if (errno != ENOENT) refuse_to_write(file, errno);
  return false;
}

void remove_old_checksum(const fs::path& file) {
  if (::unlink(old_checksum_path(file).c_str()) != 0 && errno != ENOENT) refuse_to_write(file, errno);
}

}  // namespace

fs::path old_checksum_path(const fs::path& file) { return checksum_path(file).concat(".old"); }
fs::path new_checksum_path(const fs::path& file) { return checksum_path(file).concat(".part"); }

void publish(DurableFile& result, const std::string& digest, const fs::path& file, const fs::path& checksum_part) {
  DurableFile checksum(checksum_path(file), checksum_part, checksum_line(digest, file));
  const bool was_one = move_old_checksum_away(file);
  try {
    result.move_to_target();
  } catch (const Error&) {
    if (was_one) ::rename(old_checksum_path(file).c_str(), checksum_path(file).c_str());
    throw;
  }
  checksum.move_to_target_or_stay();
  remove_old_checksum(file);
  sync_directory_of(file);
}

void settle(const fs::path& file) {
  std::error_code unknown;
  if (fs::exists(checksum_path(file), unknown)) return remove_old_checksum(file);
  const std::array candidates{new_checksum_path(file), old_checksum_path(file)};
  for (const fs::path& candidate : candidates) {
    if (!fs::is_regular_file(file, unknown) || !fs::is_regular_file(candidate, unknown)) continue;
    if (digest_in(candidate) != sha256_of(file)) continue;
    if (::rename(candidate.c_str(), checksum_path(file).c_str()) != 0) refuse_to_write(file, errno);
    remove_old_checksum(file);
    return sync_directory_of(file);
  }
}

}  // namespace hindlimb::io
