#pragma once

#include <cstddef>

#include "hindlimb/core/select.hpp"

/// Components that follow a target at a constant rate, y' = rate (target - y), where the target may depend on all that
/// is integrated.
///
/// What is left of their distance from the target, exp(-rate t) of it, is known. A Runge-Kutta step carries the rest
/// alone: it starts on the target and moves as slowly as the target does. So a fast component asks for short steps
/// while it or its target moves and not after, one whose target rests is followed exactly, and a component on its
/// target stays there to the bit. Rounding grows as the sixth power of rate x step: past some fifty it makes steps
/// shorter.
namespace hindlimb::ode {

/// exp(-x / n_parts) for x >= 0, to the last digit but one; from x = 45 on it stays at exp(-45 / n_parts). Of sums and
/// products alone: the same bits everywhere, on lanes too.
/// @param x        dimensionless
/// @param n_parts  at least 64
template <class Real>
Real part_of_decay(const Real& x, double n_parts) {
  const Real u = smaller(x, Real(45.0)) * (-1.0 / n_parts);
  const Real v = u * u;
  const Real even = 1.0 + v * (1.0 / 2 + v * (1.0 / 24 + v * (1.0 / 720 + v * (1.0 / 40320 + v * (1.0 / 3628800)))));
  const Real odd = 1.0 + v * (1.0 / 6 + v * (1.0 / 120 + v * (1.0 / 5040 + v * (1.0 / 362880))));
  return even + u * odd;
}

/// exp(-x) for x >= 0
template <class Real>
Real decay(const Real& x) {
  Real left = part_of_decay(x, 64.0);
  for (int i = 0; i < 6; ++i) left = left * left;
  return left;
}

/// One such component within a step.
template <class Scalar>
struct Follower {
  Scalar rate;      ///< 1 / unit of t
  Scalar time;      ///< 1 / rate
  Scalar distance;  ///< y - target at the start of the step
  Scalar ahead;     ///< y - target at its end
  Scalar left[5];   ///< of the distance, at 1/5, 3/10, 4/5, 8/9 and the end of the step
  /// Half the error of the plain method in the decay alone, to its leading order and divided by the size of the step.
  /// It is not made, but others see the decay through the nodes of the step, and what it does to them could be missed
  /// by their own estimates: steps that resolve the decay resolve that too.
  Scalar unseen;

  /// Begins where the component changes at this rate; what a step carries does not.
  void start(Scalar& slope) {
    distance = -time * slope;
    slope = Scalar(0.0);
  }

  /// After a step that was accepted.
  void go_on(Scalar& slope) {
    distance = ahead;
    slope = Scalar(0.0);
  }

  /// @param node           its place in left
  /// @param[in,out] slope  rate of change there, then that of what the step carries
  void leave(std::size_t node, Scalar& slope) {
    ahead = -time * slope;
    slope = slope + rate * left[node];
  }

  /// What is left of the distance after some time.
  template <class Time>
  Scalar left_after(const Time& passed) const {
    return distance * decay(exponent(passed));
  }

  /// Works out what is left at the nodes of a step of size h.
  template <class Time>
  void enter_step(const Time& h) {
    const Scalar z = exponent(h);
    // Half the leading term of the difference between the solutions of order 5 and 4 (docs/decisions.md has why half).
    constexpr double half_of_order_five = 0.5 * 97.0 / 120000;
    constexpr double most = 0.2;
    unseen = rate * magnitude(distance) * smaller(Scalar(half_of_order_five * (z * z) * (z * z)), Scalar(most));
    const Scalar q = part_of_decay(z, 90.0);
    const Scalar q2 = q * q;
    const Scalar q4 = q2 * q2;
    const Scalar q8 = q4 * q4;
    const Scalar q9 = q8 * q;
    const Scalar q18 = q9 * q9;
    const Scalar q36 = q18 * q18;
    const Scalar q72 = q36 * q36;
    left[0] = distance * q18;
    left[1] = distance * (q18 * q9);
    left[2] = distance * q72;
    left[3] = distance * (q72 * q8);
    left[4] = distance * (q72 * q18);
  }

 private:
  /// A distance that nobody can tell from none shrinks no further: subnormal numbers would cost more than all the rest.
  static constexpr double least_distance = 1e-15;

  template <class Time>
  Scalar exponent(const Time& passed) const {
    return select(magnitude(distance) > least_distance, Scalar(rate * passed), Scalar(0.0));
  }
};

/// The first n components of a vector.
template <class Scalar, std::size_t n>
struct Followers {
  Follower<Scalar> all[n == 0 ? 1 : n];

  static constexpr std::size_t size() { return n; }
  Follower<Scalar>& operator[](std::size_t i) { return all[i]; }
  const Follower<Scalar>& operator[](std::size_t i) const { return all[i]; }

  /// Calls act(i, follower) for each, i being its place in vectors of the kind of y.
  template <class Vector, class Act>
  void each(const Vector& y, Act act) {
    if constexpr (n > 0)
      for (std::size_t i = 0; i < n; ++i) act(static_cast<decltype(y.size())>(i), all[i]);
  }
  template <class Vector, class Act>
  void each(const Vector& y, Act act) const {
    if constexpr (n > 0)
      for (std::size_t i = 0; i < n; ++i) act(static_cast<decltype(y.size())>(i), all[i]);
  }
};

using NoFollowers = Followers<double, 0>;

}  // namespace hindlimb::ode
