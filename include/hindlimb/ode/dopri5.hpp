#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

/// Ordinary differential equations dy/dt = f(t, y) by the explicit Runge-Kutta pair of Dormand and Prince, order 5(4).
///
/// A `Vector` has size(), operator[] and a copy of fixed size, such as Eigen::Array<Scalar, N, 1> or std::array. Its
/// components are plain numbers or dual numbers; all decisions on the step use their values alone, so that a gradient
/// is that of the very steps a plain run takes. Components are visited one by one in a fixed order and nothing from
/// libm but sqrt is used: with -ffp-contract=off the bits are the same everywhere. Nothing is allocated.
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
/// @assumed 1e-3 d, about 1.4 min, is short against the fastest rate of the models (tens per day)
inline constexpr double first_step = 1e-3;

/// The values of f within one step; k1 and k7 belong to its two ends.
template <class Vector>
struct Stages {
  Vector k1, k2, k3, k4, k5, k6, k7;
};

namespace detail {

template <class Vector, class Term>
void assign(Vector& out, Term term) {
  for (decltype(out.size()) i = 0; i < out.size(); ++i) out[i] = term(i);
}

}  // namespace detail

/// One step of size h = t1 - t0 from y0, k1 = f(t0, y0) being given. Sets y1, of order 5, and k2 to k7;
/// k7 = f(t1, y1) is the k1 of the next step.
template <class Vector, class Rates>
void dopri5_step(Rates&& rates, double t0, double t1, const Vector& y0, Vector& y1, Stages<Vector>& s) {
  using detail::assign;
  const double h = t1 - t0;
  Vector& y = y1;
  assign(y, [&](auto i) { return y0[i] + h * (1.0 / 5 * s.k1[i]); });
  rates(t0 + 1.0 / 5 * h, y, s.k2);
  assign(y, [&](auto i) { return y0[i] + h * (3.0 / 40 * s.k1[i] + 9.0 / 40 * s.k2[i]); });
  rates(t0 + 3.0 / 10 * h, y, s.k3);
  assign(y, [&](auto i) { return y0[i] + h * (44.0 / 45 * s.k1[i] - 56.0 / 15 * s.k2[i] + 32.0 / 9 * s.k3[i]); });
  rates(t0 + 4.0 / 5 * h, y, s.k4);
  assign(y, [&](auto i) {
    return y0[i] +
           h * (19372.0 / 6561 * s.k1[i] - 25360.0 / 2187 * s.k2[i] + 64448.0 / 6561 * s.k3[i] - 212.0 / 729 * s.k4[i]);
  });
  rates(t0 + 8.0 / 9 * h, y, s.k5);
  assign(y, [&](auto i) {
    return y0[i] + h * (9017.0 / 3168 * s.k1[i] - 355.0 / 33 * s.k2[i] + 46732.0 / 5247 * s.k3[i] +
                        49.0 / 176 * s.k4[i] - 5103.0 / 18656 * s.k5[i]);
  });
  rates(t1, y, s.k6);
  assign(y, [&](auto i) {
    return y0[i] + h * (35.0 / 384 * s.k1[i] + 500.0 / 1113 * s.k3[i] + 125.0 / 192 * s.k4[i] -
                        2187.0 / 6784 * s.k5[i] + 11.0 / 84 * s.k6[i]);
  });
  rates(t1, y, s.k7);
}

/// Largest error of a component in units of its tolerance, by the difference to the solution of order 4; inf if
/// anything is not finite.
///
/// The largest, not the root of the mean square: no component hides behind quiet ones, a component at rest
/// changes no step, and there is no sum whose order could matter.
template <class Vector>
double error_norm(double h, const Vector& y0, const Vector& y1, const Stages<Vector>& s, Tolerance tolerance) {
  constexpr double largest = std::numeric_limits<double>::max();
  double norm = 0.0;
  for (decltype(y0.size()) i = 0; i < y0.size(); ++i) {
    const double error =
        h * (71.0 / 57600 * value_of(s.k1[i]) - 71.0 / 16695 * value_of(s.k3[i]) + 71.0 / 1920 * value_of(s.k4[i]) -
             17253.0 / 339200 * value_of(s.k5[i]) + 22.0 / 525 * value_of(s.k6[i]) - 1.0 / 40 * value_of(s.k7[i]));
    const double size = std::max(std::fabs(value_of(y0[i])), std::fabs(value_of(y1[i])));
    const double allowed = tolerance.absolute + tolerance.relative * size;
    if (!(std::fabs(error) <= largest) || !(allowed <= largest)) return std::numeric_limits<double>::infinity();
    norm = std::max(norm, std::fabs(error) / allowed);
  }
  return norm;
}

/// An accepted step as a continuous function. It refers to the integrator's own storage and lives as long as the
/// call of on_step that it is given to; what is not asked for costs nothing.
template <class Vector>
struct DenseStep {
  double t0;
  double t1;
  const Vector& y0;
  const Vector& y1;
  const Stages<Vector>& stages;

  /// y at t0 <= t <= t1, of order 4, once continuously differentiable from step to step; exactly y0 and y1 at the
  /// ends. It is Hairer's formula written as the cubic through both ends with their slopes, plus a quartic.
  Vector at(double t) const {
    assert(t0 <= t && t <= t1);
    const double h = t1 - t0;
    const double x = (t - t0) / h;
    const double rest = 1.0 - x;
    const double quartic = x * x * rest * rest;
    const double w1 = h * (x * rest * rest - quartic * (12715105075.0 / 11282082432));
    const double w3 = h * (quartic * (87487479700.0 / 32700410799));
    const double w4 = h * (quartic * (-10690763975.0 / 1880347072));
    const double w5 = h * (quartic * (701980252875.0 / 199316789632));
    const double w6 = h * (quartic * (-1453857185.0 / 822651844));
    const double w7 = h * (quartic * (69997945.0 / 29380423) - x * x * rest);
    const bool first_half = x < 0.5;
    const Stages<Vector>& s = stages;
    const Vector& near = first_half ? y0 : y1;
    const double w = first_half ? x * x * (3.0 - 2.0 * x) : -rest * rest * (1.0 + 2.0 * x);
    Vector y = y0;
    detail::assign(y, [&](auto i) {
      return near[i] + w * (y1[i] - y0[i]) +
             (w1 * s.k1[i] + w3 * s.k3[i] + w4 * s.k4[i] + w5 * s.k5[i] + w6 * s.k6[i] + w7 * s.k7[i]);
    });
    return y;
  }
};

namespace detail {

/// Proportional-integral control of the step by the last two error norms: h grows by
/// 0.9 error^(-3/16) previous^(1/32). The exponents are near the -0.17 and 0.04 of Hairer's DOPRI5, but need square
/// roots only, which IEEE 754 rounds correctly; two powers would take as long as half a step of a small model.
class StepControl {
 public:
  double after_accepting(double error) {
    const double root_16 = sixteenth_root(std::max(error, 1e-12));
    const double growth = safety * previous_root_32_ / (root_16 * root_16 * root_16);
    previous_root_32_ = std::sqrt(sixteenth_root(std::max(error, 1e-4)));
    const double limit = just_rejected_ ? 1.0 : largest_growth;
    just_rejected_ = false;
    return std::clamp(growth, smallest_growth, limit);
  }

  double after_rejecting(double error) {
    just_rejected_ = true;
    const double root_16 = sixteenth_root(error);
    return std::max(safety / (root_16 * root_16 * root_16), smallest_growth);  // an infinite error gives the latter
  }

 private:
  static constexpr double safety = 0.9;
  static constexpr double smallest_growth = 0.2;
  static constexpr double largest_growth = 10.0;

  static double sixteenth_root(double x) { return std::sqrt(std::sqrt(std::sqrt(std::sqrt(x)))); }

  double previous_root_32_ = std::sqrt(sixteenth_root(1e-4));
  bool just_rejected_ = false;
};

/// End of the next step: t1 itself if the step nearly gets there, half way if one more would do, so that the last
/// step is never a splinter.
inline double next_end(double t, double h, double t1) {
  if (t + 1.01 * h >= t1) return t1;
  return t + 2.0 * h > t1 ? t + 0.5 * (t1 - t) : t + h;
}

}  // namespace detail

/// Carries y from t0 to t1, t0 <= t1; the last step ends on t1 to the bit.
///
/// Every step depends on (t0, t1, y, rates, tolerance) alone. Neither f nor a load may jump inside [t0, t1], whose
/// ends belong to it: stop at each jump and call again.
///
/// @param rates       f, called as rates(t, y, dy) with Vectors y and dy; sets every component of dy
/// @param[in,out] y   solution at t0, then at t1; if t1 is not reached, at the end of the last accepted step
/// @param max_steps   accepted and rejected steps of this call, at most
/// @param statistics  added to
/// @param on_step     called as on_step(const DenseStep<Vector>&) after each accepted step; cannot change it
template <class Vector, class Rates, class OnStep>
[[nodiscard]] Outcome integrate(Rates&& rates, double t0, double t1, Vector& y, Tolerance tolerance,
                                std::int64_t max_steps, Statistics& statistics, OnStep&& on_step) {
  assert(t0 <= t1 && tolerance.absolute > 0.0 && tolerance.relative >= 0.0);
  if (t0 == t1) return Outcome::reached;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double resolution = 16.0 * std::numeric_limits<double>::epsilon() * std::max(std::fabs(t0), std::fabs(t1));

  Vector y_new = y;
  Stages<Vector> stages = {y, y, y, y, y, y, y};
  detail::StepControl control;
  double t = t0;
  double h = first_step;
  rates(t, y, stages.k1);
  ++statistics.evaluations;

  for (std::int64_t step = 0; step < max_steps; ++step) {
    const double t_new = detail::next_end(t, h, t1);
    h = t_new - t;
    dopri5_step(rates, t, t_new, y, y_new, stages);
    statistics.evaluations += 6;
    const double error = error_norm(h, y, y_new, stages, tolerance);
    if (error <= 1.0) {
      ++statistics.accepted;
      on_step(DenseStep<Vector>{t, t_new, y, y_new, stages});
      y = y_new;
      if (t_new == t1) return Outcome::reached;
      t = t_new;
      stages.k1 = stages.k7;
      h *= control.after_accepting(error);
    } else {
      ++statistics.rejected;
      h *= control.after_rejecting(error);
      if (h < resolution) return error < infinity ? Outcome::step_too_small : Outcome::not_finite;
    }
  }
  return Outcome::too_many_steps;
}

}  // namespace hindlimb::ode
