#include "hindlimb/io/checksum.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hindlimb/core/errors.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {
namespace {

constexpr std::size_t digits = 64;

std::string recorded_digest(const std::filesystem::path& file) {
  const std::filesystem::path beside = checksum_path(file);
  if (!has_checksum(file))
    throw InputError(file.string(), fmt::format("has no checksum '{}' beside it: copy both files together, or, if "
                                                "writing was interrupted, run the study again",
                                                beside.filename().string()));
  std::string digest = digest_in(beside);
  if (digest.empty()) throw InputError(beside.string(), "is not a checksum as sha256sum writes it");
  return digest;
}

}  // namespace

std::filesystem::path checksum_path(const std::filesystem::path& file) {
  std::filesystem::path beside = file;
  beside += ".sha256";
  return beside;
}

bool has_checksum(const std::filesystem::path& file) {
  std::error_code unknown;
  return std::filesystem::exists(checksum_path(file), unknown);
}

std::string checksum_line(const std::string& digest, const std::filesystem::path& file) {
  std::string name;
  bool escaped = false;
  for (const char letter : file.filename().string()) {
    const bool special = letter == '\\' || letter == '\n' || letter == '\r';
    escaped = escaped || special;
    if (special) name += '\\';
    name += letter == '\n' ? 'n' : letter == '\r' ? 'r' : letter;
  }
  return fmt::format("{}{}  {}\n", escaped ? "\\" : "", digest, name);
}

std::string digest_in(const std::filesystem::path& checksum) {
  std::string line = read_bytes(checksum);
  if (line.starts_with('\\')) line.erase(0, 1);  // marks an escaped name
  const std::string digest = line.substr(0, digits);
  const bool hex = digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && digest.size() == digits && line.size() > digits && line[digits] == ' ' ? digest : "";
}

void verify_checksum(const std::filesystem::path& file, const std::string& digest) {
  if (digest != recorded_digest(file))
    throw InputError(file.string(), fmt::format("changed or broken: its SHA-256 is not the one in '{}'",
                                                checksum_path(file).filename().string()));
}

}  // namespace hindlimb::io
