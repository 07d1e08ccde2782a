#include <gtest/gtest.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "hindlimb/ode/dopri5.hpp"

namespace hindlimb::ode {
namespace {

using Two = Eigen::Array<double, 2, 1>;

/// One equation that depends on time and one that is not linear, both with a closed form.
void rates(double t, const Two& y, Two& dy) { dy << y[0] * std::cos(t), 2.3 * y[1] * (1.0 - y[1]); }
Two solution(double t) { return {std::exp(std::sin(t)), 1.0 / (1.0 + 7.0 * std::exp(-2.3 * t))}; }

/// Largest errors over a run.
struct Errors {
  double at_steps = 0.0;
  double between = 0.0;
};

/// Equal steps from 0.7 to 3.7.
template <class Rates, class Solution, std::size_t n>
Errors errors_at_fixed_step(const Rates& f, const Solution& exact, Followers<double, n> followers, int steps) {
  Errors errors;
  const auto time = [&](int i) { return 0.7 + 3.0 * i / steps; };
  Two y = exact(time(0));
  Two y_new;
  Stages<Two> stages;
  f(time(0), y, stages.k1);
  followers.each(y, [&](auto j, auto& follower) { follower.start(stages.k1[j]); });
  for (int i = 0; i < steps; ++i) {
    dopri5_step(f, time(i), time(i + 1) - time(i), y, y_new, stages, followers);
    const DenseStep<Two, Followers<double, n>> step = {time(i), time(i + 1), y, y_new, stages, followers};
    for (const double part : {0.1, 0.3, 0.45, 0.55, 0.7, 0.9}) {
      const double t = step.t0 + part * (step.t1 - step.t0);
      errors.between = std::max(errors.between, (step.at(t) - exact(t)).abs().maxCoeff());
    }
    errors.at_steps = std::max(errors.at_steps, (y_new - exact(step.t1)).abs().maxCoeff());
    y = y_new;
    stages.k1 = stages.k7;
    followers.each(y, [&](auto j, auto& follower) { follower.go_on(stages.k1[j]); });
  }
  return errors;
}

Errors errors_at_fixed_step(int steps) { return errors_at_fixed_step(rates, solution, NoFollowers{}, steps); }

double order(double coarse, double fine) { return std::log2(coarse / fine); }

TEST(DormandPrince, IsOfOrderFiveAtTheSteps) {
  for (const int steps : {40, 80, 160}) {
    EXPECT_NEAR(order(errors_at_fixed_step(steps).at_steps, errors_at_fixed_step(2 * steps).at_steps), 5.0, 0.2)
        << steps;
  }
}

/// A quartic of order 4: its error falls with h^5, that of the cubic through both ends would with h^4.
TEST(DormandPrince, IsAsGoodBetweenTheStepsAsAtThem) {
  for (const int steps : {40, 80, 160}) {
    EXPECT_NEAR(order(errors_at_fixed_step(steps).between, errors_at_fixed_step(2 * steps).between), 5.0, 0.2) << steps;
  }
}

/// The estimate is the difference to the solution of order 4: one order below the solution, h^5 for one step.
TEST(DormandPrince, EstimatesItsErrorWithOrderFive) {
  const auto estimate = [](double h) {
    const Two y = solution(0.7);
    Two y_new;
    Stages<Two> stages;
    NoFollowers none;
    rates(0.7, y, stages.k1);
    dopri5_step(rates, 0.7, h, y, y_new, stages, none);
    return error_norm(h, y, y_new, stages, none, {.relative = 0.0, .absolute = 1.0});
  };
  EXPECT_NEAR(order(estimate(0.04), estimate(0.02)), 5.0, 0.2);
  EXPECT_NEAR(order(estimate(0.02), estimate(0.01)), 5.0, 0.2);
}

/// What follows cos(t) at a rate of 3.7, and what grows at the rate that it is: that sees it at every node of a step.
Errors errors_of_a_follower(int steps) {
  constexpr double rate = 3.7;
  const auto follow = [](double t, const Two& y, Two& dy) { dy << rate * (std::cos(t) - y[0]), y[0] * y[1]; };
  const auto exact = [](double t) -> Two {
    constexpr double size = 1.0 / (1.0 + 1.0 / (rate * rate));
    const double left = 7.0 * std::exp(-rate * (t - 0.7));
    return {size * (std::cos(t) + std::sin(t) / rate) + left,
            std::exp(size * (std::sin(t) - std::cos(t) / rate) - left / rate)};
  };
  Followers<double, 1> followers{};
  followers[0].rate = rate;
  followers[0].time = 1.0 / rate;
  return errors_at_fixed_step(follow, exact, followers, steps);
}

TEST(DormandPrince, IsOfOrderFiveForAFollowerAndForWhatDependsOnIt) {
  for (const int steps : {160, 320}) {
    const Errors coarse = errors_of_a_follower(steps);
    const Errors fine = errors_of_a_follower(2 * steps);
    EXPECT_NEAR(order(coarse.at_steps, fine.at_steps), 5.0, 0.2) << steps;
    EXPECT_NEAR(order(coarse.between, fine.between), 5.0, 0.2) << steps;
  }
}

}  // namespace
}  // namespace hindlimb::ode
