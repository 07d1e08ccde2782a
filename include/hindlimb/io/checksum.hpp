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

/// "<file>.sha256", beside the file.
std::filesystem::path checksum_path(const std::filesystem::path& file);

/// The line that `sha256sum` writes for a file of that name, run in its directory.
std::string checksum_line(const std::string& digest, const std::filesystem::path& file);

/// Compare a file, by the SHA-256 of its bytes, with its `<file>.sha256`. The name in it is not looked at: both may be
/// renamed together.
/// @throws InputError if the checksum is missing or unreadable, or if they disagree ("changed or broken")
void verify_checksum(const std::filesystem::path& file, const std::string& digest);

}  // namespace hindlimb::io
