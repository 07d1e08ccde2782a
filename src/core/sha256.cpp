#include "hindlimb/core/sha256.hpp"

#include <openssl/evp.h>

#include <array>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {
namespace {

constexpr std::size_t digits = 64;

void require_openssl(bool success) {
  if (!success) throw Error("OpenSSL cannot compute a SHA-256");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require_openssl(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  require_openssl(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  std::array<unsigned char, digits / 2> digest{};
  require_openssl(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
  std::string hex;
  constexpr std::string_view digit = "0123456789abcdef";
  for (const unsigned char byte : digest) hex.append({digit[byte >> 4], digit[byte & 15]});
  return hex;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

}  // namespace hindlimb
