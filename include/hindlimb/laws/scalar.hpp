#pragma once

#include "hindlimb/core/select.hpp"

namespace hindlimb::laws {

/// max(0, x) for any scalar that compares with numbers.
template <class Scalar>
Scalar positive_part(const Scalar& x) {
  return select(x > 0.0, x, Scalar(0.0));
}

/// 1 + x where x >= 0, 1 / (1 - x) below: a factor that is never negative and has slope 1 at 0.
template <class Scalar>
Scalar positive_factor(const Scalar& x) {
  return select(x > 0.0, Scalar(1.0 + x), Scalar(1.0 / (1.0 - x)));
}

/// x / (half + x) for x >= 0.
template <class Scalar>
Scalar saturation(const Scalar& x, const Scalar& half) {
  return x / (half + x);
}

}  // namespace hindlimb::laws
