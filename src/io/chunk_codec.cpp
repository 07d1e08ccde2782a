#include "io/chunk_codec.hpp"

#include <libdeflate.h>

#include <bit>
#include <cstring>
#include <memory>
#include <vector>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::io {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are little-endian");

constexpr int deflate_level = 1;

struct Free {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

template <class Number>
std::string raw_bytes(std::span<const double> numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = static_cast<Number>(numbers[i]);
    std::memcpy(bytes.data() + i * sizeof(Number), &number, sizeof(Number));
  }
  return bytes;
}

template <class Number>
void read_raw(std::string_view bytes, std::span<double> numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + i * sizeof(Number), sizeof(Number));
    numbers[i] = static_cast<double>(number);
  }
}

/// First the first bytes of all numbers, then the second ones.
std::string shuffled(const std::string& bytes, std::size_t width) {
  std::string result(bytes.size(), '\0');
  const std::size_t n = bytes.size() / width;
  for (std::size_t byte = 0; byte < width; ++byte) {
    for (std::size_t i = 0; i < n; ++i) result[byte * n + i] = bytes[i * width + byte];
  }
  return result;
}

std::string unshuffled(const std::string& bytes, std::size_t width) {
  std::string result(bytes.size(), '\0');
  const std::size_t n = bytes.size() / width;
  for (std::size_t byte = 0; byte < width; ++byte) {
    for (std::size_t i = 0; i < n; ++i) result[i * width + byte] = bytes[byte * n + i];
  }
  return result;
}

std::string deflated(const std::string& bytes) {
  thread_local const std::unique_ptr<libdeflate_compressor, Free> compressor(
      libdeflate_alloc_compressor(deflate_level));
  if (!compressor) throw Error("libdeflate cannot compress");
  std::string result(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()), '\0');
  result.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), result.data(), result.size()));
  if (result.empty()) throw Error("libdeflate cannot compress");
  return result;
}

std::string inflated(std::string_view bytes, std::size_t size) {
  thread_local const std::unique_ptr<libdeflate_decompressor, Free> decompressor(libdeflate_alloc_decompressor());
  std::string result(size, '\0');
  if (!decompressor || libdeflate_zlib_decompress(decompressor.get(), bytes.data(), bytes.size(), result.data(), size,
                                                  nullptr) != LIBDEFLATE_SUCCESS)
    throw Error("a compressed block is broken");
  return result;
}

}  // namespace

std::string ChunkCodec::encode(std::span<const double> numbers) const {
  std::string bytes = precision == Precision::f4 ? raw_bytes<float>(numbers) : raw_bytes<double>(numbers);
  return is_compressed ? deflated(shuffled(bytes, bytes_per_number())) : bytes;
}

void ChunkCodec::decode(std::string_view bytes, std::span<double> numbers) const {
  const std::size_t size = numbers.size() * bytes_per_number();
  std::string raw;
  if (is_compressed) {
    raw = unshuffled(inflated(bytes, size), bytes_per_number());
    bytes = raw;
  }
  if (bytes.size() != size) throw Error("a block is not as long as its numbers");
  precision == Precision::f4 ? read_raw<float>(bytes, numbers) : read_raw<double>(bytes, numbers);
}

}  // namespace hindlimb::io
