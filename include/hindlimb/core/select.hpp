#pragma once

/// Choices between numbers, as functions: on a pack of numbers each lane makes its own (overloads of select and sqrt
/// found by the type of their arguments). For plain numbers every bit is that of the operator.
namespace hindlimb {

template <class Scalar>
constexpr Scalar select(bool condition, const Scalar& yes, const Scalar& no) {
  return condition ? yes : no;
}

template <class Scalar>
constexpr Scalar larger(const Scalar& a, const Scalar& b) {
  return select(a < b, b, a);
}

template <class Scalar>
constexpr Scalar smaller(const Scalar& a, const Scalar& b) {
  return select(b < a, b, a);
}

/// |x|
template <class Scalar>
constexpr Scalar magnitude(const Scalar& x) {
  return select(x < 0.0, Scalar(-x), x);
}

}  // namespace hindlimb
