#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace hindlimb::io {

/// SHA-256 of bytes that arrive in pieces (FIPS 180-4, by OpenSSL).
class Sha256 {
 public:
  /// @throws Error if OpenSSL offers no SHA-256
  Sha256();

  void add(std::string_view bytes);
  /// 64 lower-case hex digits; nothing can be added afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// SHA-256 of the bytes, as 64 lower-case hex digits.
std::string sha256(std::string_view bytes);

/// SHA-256 of a regular file, read in pieces.
/// @throws InputError if there is no such file, it is not a regular file, or it cannot be read
std::string sha256_of_file(const std::filesystem::path& file);

/// "<file>.sha256", beside the file.
std::filesystem::path checksum_path(const std::filesystem::path& file);

/// The line that `sha256sum` writes for a file of that name, run in its directory.
std::string checksum_line(const std::string& digest, const std::filesystem::path& file);

/// Write `<file>.sha256`, so that `sha256sum -c` accepts it; a file of that name is replaced in one step.
/// @throws InputError if the file cannot be read
/// @throws Error if the checksum cannot be written
void write_checksum(const std::filesystem::path& file);

/// Compare a file with its `<file>.sha256`. The name in it is not looked at: both may be renamed together.
/// @throws InputError if either is missing or unreadable, or if they disagree ("changed or broken")
void verify_checksum(const std::filesystem::path& file);

/// The same for a digest already taken from the bytes of the file.
/// @throws InputError as above
void verify_checksum(const std::filesystem::path& file, const std::string& digest);

}  // namespace hindlimb::io
