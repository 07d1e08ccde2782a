#include "io/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <random>
#include <system_error>
#include <utility>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"

namespace hindlimb::io {
namespace {

std::filesystem::path directory_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int Descriptor::close() { return ::close(std::exchange(number_, -1)); }

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void refuse_to_write(const std::filesystem::path& target, int code) {
  std::error_code unknown;
  const bool is_without_directory = code == ENOENT && !std::filesystem::is_directory(directory_of(target), unknown);
  const std::string reason = is_without_directory
                                 ? fmt::format("there is no directory '{}'", directory_of(target).string())
                                 : std::generic_category().message(code);
  const std::string text = fmt::format("{}: cannot be written: {}", target.string(), reason);
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) throw NoRoomError(text);
  throw Error(text);
}

std::filesystem::path part_name(const std::filesystem::path& target) {
  std::filesystem::path part = target;
  part += fmt::format(".{}-{:08x}.part", ::getpid(), std::random_device{}());
  return part;
}

DurableFile::DurableFile(std::filesystem::path target, std::filesystem::path part,
                         std::span<const std::string_view> pieces)
    : target_(std::move(target)) {
  Descriptor descriptor(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (descriptor < 0) refuse_to_write(target_, errno);
  const auto write_one = [&](std::string_view piece) { return write_all(descriptor, piece); };
  if (!std::ranges::all_of(pieces, write_one) || ::fsync(descriptor) != 0 || descriptor.close() != 0) {
    const int code = errno;
    ::unlink(part.c_str());
    refuse_to_write(target_, code);
  }
  part_ = std::move(part);
}

DurableFile::DurableFile(std::filesystem::path target, Written part)
    : target_(std::move(target)), part_(std::move(part.path)) {
  const Descriptor descriptor(::open(part_.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor < 0 || ::fsync(descriptor) != 0) {
    const int code = errno;
    ::unlink(part_.c_str());
    refuse_to_write(target_, code);
  }
}

DurableFile::~DurableFile() {
  if (!part_.empty()) ::unlink(part_.c_str());
}

void DurableFile::move_to_target() {
  if (::rename(part_.c_str(), target_.c_str()) != 0) refuse_to_write(target_, errno);
  part_.clear();
}

void DurableFile::move_to_target_or_stay() {
  const std::filesystem::path part = std::exchange(part_, {});
  if (::rename(part.c_str(), target_.c_str()) != 0) refuse_to_write(target_, errno);
}

void require_regular_file(const std::filesystem::path& file) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(file, code);
  if (status.type() == std::filesystem::file_type::not_found) throw InputError(file.string(), "no such file");
  if (code) throw InputError(file.string(), "cannot be read: " + code.message());
  if (std::filesystem::is_directory(status)) throw InputError(file.string(), "is a directory, not a file");
  if (!std::filesystem::is_regular_file(status)) throw InputError(file.string(), "is not a regular file");
}

std::string read_bytes(const std::filesystem::path& file) {
  require_regular_file(file);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string bytes(stream ? std::filesystem::file_size(file) : 0, '\0');
  if (!stream || !stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    throw InputError(file.string(), "cannot be read: " + std::generic_category().message(errno));
  return bytes;
}

std::string sha256_of(const std::filesystem::path& file) {
  require_regular_file(file);
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> piece(1 << 20);
  Sha256 hash;
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0)
    hash.add({piece.data(), static_cast<std::size_t>(stream.gcount())});
  if (!stream.eof()) throw InputError(file.string(), "cannot be read: " + std::generic_category().message(errno));
  return hash.finish();
}

void sync_directory_of(const std::filesystem::path& file) {
  const Descriptor directory(::open(directory_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory < 0) refuse_to_write(file, errno);
  if (::fsync(directory) != 0 && errno != EINVAL) refuse_to_write(file, errno);  // EINVAL: a file system without this
}

}  // namespace hindlimb::io
