#include "hindlimb/io/checksum.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "hindlimb/core/errors.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {
namespace {

constexpr std::size_t digits = 64;

void require_openssl(bool success) {
  if (!success) throw Error("OpenSSL cannot compute a SHA-256");
}

/// The digest in a line of sha256sum; empty when it is no such line. A leading backslash marks an escaped name.
std::string digest_in(std::string line) {
  if (line.starts_with('\\')) line.erase(0, 1);
  const std::string digest = line.substr(0, digits);
  const bool hex = digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hex && digest.size() == digits && line.size() > digits && line[digits] == ' ' ? digest : "";
}

std::string recorded_digest(const std::filesystem::path& file) {
  const std::filesystem::path beside = checksum_path(file);
  std::error_code unknown;
  if (!std::filesystem::exists(beside, unknown))
    throw InputError(file.string(), fmt::format("has no checksum '{}' beside it: copy both files together, or, if "
                                                "writing was interrupted, run the study again",
                                                beside.filename().string()));
  const std::string digest = digest_in(read_bytes(beside));
  if (digest.empty()) throw InputError(beside.string(), "is not a checksum as sha256sum writes it");
  return digest;
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
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::filesystem::path checksum_path(const std::filesystem::path& file) {
  std::filesystem::path beside = file;
  beside += ".sha256";
  return beside;
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

void verify_checksum(const std::filesystem::path& file, const std::string& digest) {
  if (digest != recorded_digest(file))
    throw InputError(file.string(), fmt::format("changed or broken: its SHA-256 is not the one in '{}'",
                                                checksum_path(file).filename().string()));
}

}  // namespace hindlimb::io
