#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace hindlimb {

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

}  // namespace hindlimb
