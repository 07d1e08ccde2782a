#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// All chance in the project: pure functions of a key and a counter, so that no draw depends on which draws came
/// before it, on the order of the agents or on the number of threads.
namespace hindlimb::random {

/// What a draw is for. The numbers are part of the promise of the result files: never reused, never changed.
enum class Purpose : std::uint64_t {
  set_point = 1,
  unloading_response = 2,
  massage_response = 3,
  fit_start = 4,
  design = 5,
  fibre = 6,
  cell = 7,
  arrival = 8
};

struct Key {
  std::uint64_t seed;
  Purpose purpose;
};

/// Which draw of a key. Two draws are independent as soon as one field differs.
struct Counter {
  std::uint64_t replicate = 0;
  std::uint64_t animal = 0;
  std::uint64_t place = 0;  ///< limb + muscle + agent
  std::uint64_t step = 0;
};

/// 256 random bits, in words of 64.
/// @source Philox4x64-10, Salmon et al. (2011), SC'11, doi:10.1145/2063384.2063405
std::array<std::uint64_t, 4> bits(Key key, Counter counter);

/// Uniform on the open interval (0, 1): an odd multiple of 2^-53, by the first word. Never 0, 1/2 or 1, and
/// 1 - u is exact and as likely as u.
double uniform(Key key, Counter counter);

/// Standard normal: the quantile of uniform(key, counter), hence within +-8.21.
double normal(Key key, Counter counter);

/// A number for a name, to keep the animals of differently named arms apart.
/// @source 64-bit FNV-1a of Fowler, Noll and Vo, www.isthe.com/chongo/tech/comp/fnv
std::uint64_t hash_name(std::string_view name);

}  // namespace hindlimb::random
