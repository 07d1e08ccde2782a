#pragma once

#include <cstdint>

#include "hindlimb/core/random.hpp"
#include "hindlimb/laws/coefficients.hpp"

namespace hindlimb::laws {

/// Numbers from 0 to 1, the same in every run.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : key_{seed, random::Purpose::set_point} {}
  double operator()() { return random::uniform(key_, {.step = step_++}); }
  double between(double low, double high) { return low + (high - low) * (*this)(); }

 private:
  random::Key key_;
  std::uint64_t step_ = 0;
};

/// Any parameters that a study may have.
inline Parameters<double> random_parameters(Draws& draw) {
  Parameters<double> p{};
  for (std::size_t i = 0; i < n_parameters; ++i) {
    p.*parameter_members<double>[i] = draw.between(parameter_table[i].low, parameter_table[i].high);
  }
  return p;
}

}  // namespace hindlimb::laws
