#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <string_view>

namespace hindlimb::muscle {

/// Index of each state in the vector that is integrated.
enum State : std::size_t {
#define HINDLIMB_STATE(name, ...) name,
#include "hindlimb/muscle/states.def"
  n_states
};

/// What there is to know of a state beside its value.
struct StateInfo {
  std::string_view name;
  std::string_view symbol;  ///< TeX
  double weight_bearing;    ///< value at the weight-bearing steady state
  std::string_view meaning;
};

inline constexpr std::array<StateInfo, n_states> state_table{{
#define HINDLIMB_STATE(name, symbol, weight_bearing, meaning) {#name, symbol, weight_bearing, meaning},
#include "hindlimb/muscle/states.def"
}};

template <class Scalar>
using StateVector = Eigen::Array<Scalar, static_cast<int>(n_states), 1>;

/// The weight-bearing steady state: the same for every parameter set, since states are multiples of it.
template <class Scalar>
StateVector<Scalar> weight_bearing_state() {
  StateVector<Scalar> y;
  for (std::size_t i = 0; i < n_states; ++i) y[static_cast<Eigen::Index>(i)] = Scalar(state_table[i].weight_bearing);
  return y;
}

}  // namespace hindlimb::muscle
