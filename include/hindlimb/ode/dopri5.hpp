#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "hindlimb/core/select.hpp"
#include "hindlimb/ode/followers.hpp"

/// Ordinary differential equations dy/dt = f(t, y) by the explicit Runge-Kutta pair of Dormand and Prince, order 5(4).
///
/// A `Vector` has a fixed size() and operator[], such as Eigen::Array<Scalar, N, 1> or std::array. Its components are
/// plain numbers, dual numbers or packs of numbers; all decisions on the step use their values alone, so that a
/// gradient is that of the very steps a plain run takes. Components are visited one by one in a fixed order and nothing
/// from libm but sqrt is used: with -ffp-contract=off the bits are the same everywhere, and a lane of a pack has the
/// bits of a plain run. Nothing is allocated.
///
/// @source Dormand & Prince (1980), doi:10.1016/0771-050X(80)90013-3; dense output and step control: Hairer, Norsett
///         & Wanner, Solving Ordinary Differential Equations I, 2nd ed., sections II.4-II.6 and DOPRI5
namespace hindlimb::ode {

/// The part of a number that steps are decided by. Overload it in the namespace of other kinds of scalar.
template <class Scalar>
requires std::is_arithmetic_v<Scalar>
constexpr double value_of(Scalar scalar) { return static_cast<double>(scalar); }

/// Dual numbers whose value is the member `a`, such as ceres::Jet.
template <class Scalar>
requires requires(const Scalar& scalar) { scalar.a; }
constexpr double value_of(const Scalar& scalar) { return value_of(scalar.a); }

/// Where an integration begins and where it ends, in the unit of time of f.
struct Interval {
  double t0;
  double t1;  ///< >= t0
};

/// A step is accepted if no component errs by more than absolute + relative * |y|.
struct Tolerance {
  double relative = 1e-7;  ///< >= 0
  double absolute = 1e-9;  ///< > 0, in the unit of y
};

struct Statistics {
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::int64_t evaluations = 0;  ///< of f

  Statistics& operator+=(const Statistics& other) {
    accepted += other.accepted;
    rejected += other.rejected;
    evaluations += other.evaluations;
    return *this;
  }
};

enum class Outcome {
  reached,         ///< y is the solution at t1
  too_many_steps,  ///< accepted and rejected steps came to max_steps
  step_too_small,  ///< the tolerance asks for steps that t cannot resolve
  not_finite,      ///< f or y overflowed or was NaN, with the smallest of steps too
};

/// Every call of integrate() starts with this step, in the unit of t, or less if the interval is shorter; so a
/// run that is continued and a run that starts from its state take the same steps. The step grows tenfold at most.
/// @assumed half the fourth root of the tolerance, in days: short against the fastest rates of the models (some per
/// day)
inline double first_step(Tolerance tolerance) {
  return 0.5 * std::sqrt(std::sqrt(larger(tolerance.relative, tolerance.absolute)));
}

/// Steps below this cannot be told apart from none in an interval.
constexpr double resolution(double t0, double t1) {
  return 16.0 * std::numeric_limits<double>::epsilon() * larger(magnitude(t0), magnitude(t1));
}

/// The values of f within one step; k1 and k7 belong to its two ends.
template <class Vector>
struct Stages {
  Vector k1, k2, k3, k4, k5, k6, k7;
};

namespace detail {

/// over / under, with a positive under
template <class Real>
struct Quotient {
  Real over;
  Real under;
};

/// The larger of two quotients, as it is: what it is compared with leaves no trace in its bits.
template <class Real>
Quotient<Real> larger_quotient(const Quotient<Real>& a, const Quotient<Real>& b) {
  const auto is_second = a.over * b.under < b.over * a.under;
  return {select(is_second, b.over, a.over), select(is_second, b.under, a.under)};
}

template <class Vector, class Term>
void assign(Vector& out, Term term) {
  for (decltype(out.size()) i = 0; i < out.size(); ++i) out[i] = term(i);
}

}  // namespace detail

/// One step of size h from y0, k1 = f(t0, y0) being given. Sets y1, of order 5, and k2 to k7; k7 = f(t0 + h, y1) is
/// the k1 of the next step. Of a follower, k1 to k7 are the slopes of what a step carries: k1 is 0.
template <class Vector, class Time, class Rates, class Followers>
void dopri5_step(Rates&& rates, const Time& t0, const Time& h, const Vector& y0, Vector& y1, Stages<Vector>& s,
                 Followers& followers) {
  using detail::assign;
  Vector& y = y1;
  followers.each(y, [&](auto, auto& f) { f.enter_step(h); });
  const auto evaluate = [&](std::size_t node, const Time& t, Vector& k) {
    followers.each(y, [&](auto j, const auto& f) { y[j] = y[j] + (f.left[node] - f.distance); });
    rates(t, y, k);
    followers.each(y, [&](auto j, auto& f) { f.leave(node, k[j]); });
  };
  const auto weighted = [&h](auto... weights) { return std::array{(weights * h)...}; };
  const auto a2 = weighted(1.0 / 5);
  assign(y, [&](auto i) { return y0[i] + a2[0] * s.k1[i]; });
  evaluate(0, t0 + 1.0 / 5 * h, s.k2);
  const auto a3 = weighted(3.0 / 40, 9.0 / 40);
  assign(y, [&](auto i) { return y0[i] + (a3[0] * s.k1[i] + a3[1] * s.k2[i]); });
  evaluate(1, t0 + 3.0 / 10 * h, s.k3);
  const auto a4 = weighted(44.0 / 45, -56.0 / 15, 32.0 / 9);
  assign(y, [&](auto i) { return y0[i] + (a4[0] * s.k1[i] + a4[1] * s.k2[i] + a4[2] * s.k3[i]); });
  evaluate(2, t0 + 4.0 / 5 * h, s.k4);
  const auto a5 = weighted(19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729);
  assign(y, [&](auto i) { return y0[i] + (a5[0] * s.k1[i] + a5[1] * s.k2[i] + a5[2] * s.k3[i] + a5[3] * s.k4[i]); });
  evaluate(3, t0 + 8.0 / 9 * h, s.k5);
  const auto a6 = weighted(9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656);
  assign(y, [&](auto i) {
    return y0[i] + (a6[0] * s.k1[i] + a6[1] * s.k2[i] + a6[2] * s.k3[i] + a6[3] * s.k4[i] + a6[4] * s.k5[i]);
  });
  evaluate(4, t0 + h, s.k6);
  const auto a7 = weighted(35.0 / 384, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84);
  assign(y, [&](auto i) {
    return y0[i] + (a7[0] * s.k1[i] + a7[1] * s.k3[i] + a7[2] * s.k4[i] + a7[3] * s.k5[i] + a7[4] * s.k6[i]);
  });
  evaluate(4, t0 + h, s.k7);
}

/// Largest error of a component in units of its tolerance, by the difference to the solution of order 4; inf if
/// anything is not finite.
///
/// The largest, not the root of the mean square: no component hides behind quiet ones, a component at rest
/// changes no step, and there is no sum whose order could matter.
/// Eight quotients at a time are compared crosswise and one is divided: divisions would cost as much as the rates.
template <class Vector, class Time, class Followers>
auto error_norm(const Time& h, const Vector& y0, const Vector& y1, const Stages<Vector>& s, const Followers& followers,
                Tolerance tolerance) {
  using Real = std::remove_cvref_t<decltype(value_of(y0[0]))>;
  using detail::Quotient;
  Real norm(0.0);
  Real total(0.0);  // of all that must be finite
  const auto quotient = [&](auto i) {
    if (i >= y0.size()) return Quotient<Real>{Real(0.0), Real(1.0)};
    const Real slope = 71.0 / 57600 * value_of(s.k1[i]) - 71.0 / 16695 * value_of(s.k3[i]) +
                       71.0 / 1920 * value_of(s.k4[i]) - 17253.0 / 339200 * value_of(s.k5[i]) +
                       22.0 / 525 * value_of(s.k6[i]) - 1.0 / 40 * value_of(s.k7[i]);
    Real error = magnitude(slope);
    if (static_cast<std::size_t>(i) < followers.size()) {
      error = larger(error, Real(value_of(followers[static_cast<std::size_t>(i)].unseen)));
    }
    const Real size = larger(magnitude(value_of(y0[i])), magnitude(value_of(y1[i])));
    const Real allowed = tolerance.absolute + tolerance.relative * size;
    total = total + (error + allowed);
    return Quotient<Real>{error, allowed};
  };
  const auto worst_of_four = [&](auto i) {
    const auto pair = larger_quotient(quotient(i), quotient(i + 1));
    return larger_quotient(pair, larger_quotient(quotient(i + 2), quotient(i + 3)));
  };
  for (decltype(y0.size()) i = 0; i < y0.size(); i += 8) {
    const auto worst = larger_quotient(worst_of_four(i), worst_of_four(i + 4));
    norm = larger(norm, Real(worst.over / worst.under));
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return select(total < infinity, Real(h * norm), Real(infinity));
}

/// Sets y to the solution within an accepted step of size h, at the share x of it: of order 4, once continuously
/// differentiable from step to step; exactly y0 and y1 at 0 and 1. It is Hairer's formula written as the cubic through
/// both ends with their slopes, plus a quartic.
template <class Vector, class Real, class Followers>
void dense(const Real& h, const Real& x, const Vector& y0, const Vector& y1, const Stages<Vector>& s,
           const Followers& followers, Vector& y) {
  const Real rest = 1.0 - x;
  const Real quartic = x * x * rest * rest;
  const Real w1 = h * (x * rest * rest - quartic * (12715105075.0 / 11282082432));
  const Real w3 = h * (quartic * (87487479700.0 / 32700410799));
  const Real w4 = h * (quartic * (-10690763975.0 / 1880347072));
  const Real w5 = h * (quartic * (701980252875.0 / 199316789632));
  const Real w6 = h * (quartic * (-1453857185.0 / 822651844));
  const Real w7 = h * (quartic * (69997945.0 / 29380423) - x * x * rest);
  const auto is_first_half = x < 0.5;
  const Real w = select(is_first_half, Real(x * x * (3.0 - 2.0 * x)), Real(-rest * rest * (1.0 + 2.0 * x)));
  const auto between = [&](const auto& from, const auto& to, auto i) {
    return select(is_first_half, from, to) + w * (to - from) +
           (w1 * s.k1[i] + w3 * s.k3[i] + w4 * s.k4[i] + w5 * s.k5[i] + w6 * s.k6[i] + w7 * s.k7[i]);
  };
  detail::assign(y, [&](auto i) { return between(y0[i], y1[i], i); });
  followers.each(y, [&](auto j, const auto& f) {
    using Scalar = std::remove_cvref_t<decltype(f.distance)>;
    const Scalar within = between(Scalar(y0[j] - f.distance), Scalar(y1[j] - f.left[4]), j) + f.left_after(h * x);
    y[j] = select(x > 0.0, select(x < 1.0, within, Scalar(y1[j])), Scalar(y0[j]));
  });
}

/// An accepted step as a continuous function. It refers to the integrator's own storage and lives as long as the
/// call of on_step that it is given to; what is not asked for costs nothing.
template <class Vector, class Followers = NoFollowers>
struct DenseStep {
  double t0;
  double t1;
  const Vector& y0;
  const Vector& y1;
  const Stages<Vector>& stages;
  const Followers& followers;

  /// y at t0 <= t <= t1
  Vector at(double t) const {
    assert(t0 <= t && t <= t1);
    const double h = t1 - t0;
    Vector y = y0;
    dense(h, (t - t0) / h, y0, y1, stages, followers, y);
    return y;
  }
};

namespace detail {

/// The bits of a positive number as a whole number. They are nearly its logarithm, in units of 2^-52 of a doubling.
inline std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }
inline double number_of(std::uint64_t bits) { return std::bit_cast<double>(bits); }

/// Proportional-integral control of the step by the last two error norms: h grows by about
/// 0.9 error^(-3/16) previous^(1/32). The exponents are near the -0.17 and 0.04 of Hairer's DOPRI5 and sums of powers
/// of two, so that the bits of the norms, taken as their logarithms, give the factor within 7 % by shifts and
/// additions: the same on every machine, and far cheaper than two powers.
template <class Real>
class StepControl {
 public:
  /// Factor by which the step changes. A norm up to 1 is that of an accepted step; it may be infinite.
  Real operator()(const Real& error) {
    const auto is_accepted = error <= 1.0;
    const Real floored = larger(error, Real(1e-12));
    const auto root = (bits_of(floored) >> 3) + (bits_of(floored) >> 4);  // 3/16 of the logarithm
    const auto before = bits_of(previous_) >> 5;
    const Real growth = larger(smaller(Real(number_of(growth_bits + before - root)), limit_), Real(smallest_growth));
    const Real shrinkage = larger(Real(number_of(shrinkage_bits - root)), Real(smallest_growth));
    previous_ = select(is_accepted, larger(error, Real(1e-4)), previous_);
    limit_ = select(is_accepted, Real(largest_growth), Real(1.0));
    return select(is_accepted, growth, shrinkage);
  }

  /// One lane of a pack forgets what came before.
  void restart(std::size_t lane) {
    previous_.set(lane, 1e-4);
    limit_.set(lane, largest_growth);
  }

 private:
  static constexpr double safety = 0.9;
  static constexpr double smallest_growth = 0.2;
  static constexpr double largest_growth = 10.0;
  static constexpr std::uint64_t one = std::bit_cast<std::uint64_t>(1.0);
  /// Chosen so that norms of 1 give the safety factor.
  static constexpr std::uint64_t shrinkage_bits = std::bit_cast<std::uint64_t>(safety) + (one >> 3) + (one >> 4);
  static constexpr std::uint64_t growth_bits = shrinkage_bits - (one >> 5);

  Real previous_{1e-4};
  Real limit_{largest_growth};  ///< 1 after a rejected step
};

/// End of the next step: t1 itself if the step nearly gets there, half way if one more would do, so that the last
/// step is never a splinter.
template <class Time>
Time next_end(const Time& t, const Time& h, const Time& t1) {
  const Time next = select(t + 2.0 * h > t1, Time(t + 0.5 * (t1 - t)), Time(t + h));
  return select(t + 1.01 * h >= t1, t1, next);
}

}  // namespace detail

/// Carries y from t0 to t1; the last step ends on t1 to the bit.
///
/// Every step depends on (t0, t1, y, rates, tolerance) alone. Neither f nor a load may jump inside [t0, t1], whose
/// ends belong to it: stop at each jump and call again.
///
/// @param rates       f, called as rates(t, y, dy) with Vectors y and dy; sets every component of dy
/// @param interval    t0 and t1
/// @param[in,out] y   solution at t0, then at t1; if t1 is not reached, at the end of the last accepted step
/// @param tolerance   of the error of one step, absolute > 0
/// @param max_steps   accepted and rejected steps of this call, at most
/// @param statistics  added to
/// @param on_step     called as on_step(const DenseStep<Vector, Followers>&) after each accepted step; cannot change it
/// @param followers   rates and times of the first components of y, as far as these are followers
template <class Vector, class Rates, class OnStep, class Followers = NoFollowers>
[[nodiscard]] Outcome integrate(Rates&& rates, Interval interval, Vector& y, Tolerance tolerance,
                                std::int64_t max_steps, Statistics& statistics, OnStep&& on_step,
                                Followers followers = {}) {
  const auto [t0, t1] = interval;
  assert(t0 <= t1 && tolerance.absolute > 0.0 && tolerance.relative >= 0.0);
  if (t0 == t1) return Outcome::reached;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double smallest_step = resolution(t0, t1);

  Vector y_new = y;
  Stages<Vector> stages = {y, y, y, y, y, y, y};
  detail::StepControl<double> control;
  double t = t0;
  double h = first_step(tolerance);
  rates(t, y, stages.k1);
  followers.each(y, [&](auto j, auto& f) { f.start(stages.k1[j]); });
  ++statistics.evaluations;

  for (std::int64_t step = 0; step < max_steps; ++step) {
    const double t_new = detail::next_end(t, h, t1);
    h = t_new - t;
    dopri5_step(rates, t, h, y, y_new, stages, followers);
    statistics.evaluations += 6;
    const double error = error_norm(h, y, y_new, stages, followers, tolerance);
    const double change = control(error);
    if (error <= 1.0) {
      ++statistics.accepted;
      on_step(DenseStep<Vector, Followers>{t, t_new, y, y_new, stages, followers});
      y = y_new;
      if (t_new == t1) return Outcome::reached;
      t = t_new;
      stages.k1 = stages.k7;
      followers.each(y, [&](auto j, auto& f) { f.go_on(stages.k1[j]); });
      h *= change;
    } else {
      ++statistics.rejected;
      h *= change;
      if (h < smallest_step) return error < infinity ? Outcome::step_too_small : Outcome::not_finite;
    }
  }
  return Outcome::too_many_steps;
}

}  // namespace hindlimb::ode
