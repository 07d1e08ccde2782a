#pragma once

#include <array>

#include "hindlimb/core/select.hpp"

namespace hindlimb::laws {

/// max(0, x) for any scalar that compares with numbers.
template <class Scalar>
Scalar positive_part(const Scalar& x) {
  return select(x > 0.0, x, Scalar(0.0));
}

/// over / under, divided when it is read as a number: several of them can share one division.
template <class Scalar>
struct Quotient {
  Scalar over;
  Scalar under;
  operator Scalar() const { return over / under; }
};

/// What quotients are as numbers, by one division: lanes wait for divisions longer than for all else.
template <class Scalar>
std::array<Scalar, 2> together(const Quotient<Scalar>& a, const Quotient<Scalar>& b) {
  const Scalar inverse = 1.0 / (a.under * b.under);
  return {a.over * (inverse * b.under), b.over * (inverse * a.under)};
}

/// The same for four.
template <class Scalar>
std::array<Scalar, 4> together(const Quotient<Scalar>& a, const Quotient<Scalar>& b, const Quotient<Scalar>& c,
                               const Quotient<Scalar>& d) {
  const auto [ab, cd] = together<Scalar>({Scalar(1.0), a.under * b.under}, {Scalar(1.0), c.under * d.under});
  return {a.over * (ab * b.under), b.over * (ab * a.under), c.over * (cd * d.under), d.over * (cd * c.under)};
}

/// 1 / x
template <class Scalar>
Quotient<Scalar> inverse(const Scalar& x) {
  return {Scalar(1.0), x};
}

/// 1 + x where x >= 0, 1 / (1 - x) below: a factor that is never negative and has slope 1 at 0.
template <class Scalar>
Quotient<Scalar> positive_factor(const Scalar& x) {
  return {select(x > 0.0, Scalar(1.0 + x), Scalar(1.0)), select(x > 0.0, Scalar(1.0), Scalar(1.0 - x))};
}

/// x / (half + x) for x >= 0.
template <class Scalar>
Quotient<Scalar> saturation(const Scalar& x, const Scalar& half) {
  return {x, half + x};
}

}  // namespace hindlimb::laws
