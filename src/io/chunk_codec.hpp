#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "hindlimb/scenario/study.hpp"

namespace hindlimb::io {

using scenario::Precision;

/// Turns numbers into the bytes of an HDF5 chunk and back: little-endian floats, and if compressed shuffled and
/// deflated as HDF5's own filters do, but by libdeflate and in the thread that has the numbers.
struct ChunkCodec {
  Precision precision = Precision::f4;
  bool is_compressed = true;

  std::size_t bytes_per_number() const { return precision == Precision::f4 ? sizeof(float) : sizeof(double); }

  /// @throws Error if libdeflate fails
  std::string encode(std::span<const double> numbers) const;
  /// @param numbers  as many as were encoded; overwritten
  /// @throws Error if the bytes are not those of so many numbers
  void decode(std::string_view bytes, std::span<double> numbers) const;
};

}  // namespace hindlimb::io
