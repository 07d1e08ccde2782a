#pragma once

#include <Eigen/Core>

#include "hindlimb/muscle/states.hpp"

namespace hindlimb::muscle {

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
