#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "hindlimb/laws/parameters.hpp"

namespace hindlimb {

/// A number with its derivative: forward differentiation at its plainest, to show that the laws allow it.
struct Dual {
  double value = 0.0;
  double slope = 0.0;
  Dual() = default;
  Dual(double number, double derivative = 0.0) : value(number), slope(derivative) {}
  friend Dual operator-(Dual a) { return {-a.value, -a.slope}; }
  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
  friend Dual operator/(Dual a, Dual b) {
    return {a.value / b.value, (a.slope - a.value / b.value * b.slope) / b.value};
  }
  friend bool operator>(Dual a, double b) { return a.value > b; }
  friend bool operator<(Dual a, double b) { return a.value < b; }
};

/// The slope that the dual number gives is that of central differences.
template <class Law>
void expect_differentiates(Law law, double x) {
  constexpr double step = 1e-5;  // truncation ~ step^2, cancellation ~ 1e-16 / step
  constexpr double rtol = 1e-7, atol = 1e-9;
  const auto value = [&](double at) { return Dual(law(Dual(at))).value; };
  const double differences = (value(x + step) - value(x - step)) / (2.0 * step);
  EXPECT_NEAR(Dual(law(Dual(x, 1.0))).slope, differences, rtol * std::abs(differences) + atol) << "at x = " << x;
}

/// The same parameters as constants to differentiate with.
inline laws::Parameters<Dual> in_dual_numbers(const laws::Parameters<double>& p) {
  laws::Parameters<Dual> q;
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    q.*laws::parameter_members<Dual>[i] = Dual(p.*laws::parameter_members<double>[i]);
  }
  return q;
}

}  // namespace hindlimb
