#include "hindlimb/core/random.hpp"

#include <Random123/philox.h>

#include "hindlimb/core/math.hpp"

namespace hindlimb::random {

std::array<std::uint64_t, 4> bits(Key key, Counter counter) {
  using Philox = r123::Philox4x64_R<10>;
  const Philox::ctr_type philox_counter = {{counter.replicate, counter.animal, counter.place, counter.step}};
  const Philox::key_type philox_key = {{key.seed, static_cast<std::uint64_t>(key.purpose)}};
  const Philox::ctr_type words = Philox()(philox_counter, philox_key);
  return {words[0], words[1], words[2], words[3]};
}

double uniform(Key key, Counter counter) {
  const std::uint64_t odd = (bits(key, counter)[0] >> 11) | 1;  // k + 1/2 with 53 bits in k would round, at last to 1
  return static_cast<double>(odd) * 0x1p-53;
}

double normal(Key key, Counter counter) { return math::inverse_normal(uniform(key, counter)); }

std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : name) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

}  // namespace hindlimb::random
