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
Errors errors_at_fixed_step(int steps) {
  Errors errors;
  const auto time = [&](int i) { return 0.7 + 3.0 * i / steps; };
  Two y = solution(time(0));
  Two y_new;
  Stages<Two> stages;
  NoFollowers none;
  rates(time(0), y, stages.k1);
  for (int i = 0; i < steps; ++i) {
    dopri5_step(rates, time(i), time(i + 1) - time(i), y, y_new, stages, none);
    const DenseStep<Two> step = {time(i), time(i + 1), y, y_new, stages, none};
    for (const double part : {0.1, 0.3, 0.45, 0.55, 0.7, 0.9}) {
      const double t = step.t0 + part * (step.t1 - step.t0);
      errors.between = std::max(errors.between, (step.at(t) - solution(t)).abs().maxCoeff());
    }
    errors.at_steps = std::max(errors.at_steps, (y_new - solution(step.t1)).abs().maxCoeff());
    y = y_new;
    stages.k1 = stages.k7;
  }
  return errors;
}

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

/// A component that follows cos(t) at a rate of 3.7, over equal steps from 0.7 to 3.7.
Errors errors_of_a_follower(int steps) {
  using One = Eigen::Array<double, 1, 1>;
  constexpr double rate = 3.7;
  const auto exact = [](double t) {
    constexpr double size = 1.0 / (1.0 + 1.0 / (rate * rate));
    return size * (std::cos(t) + std::sin(t) / rate) + 7.0 * std::exp(-rate * (t - 0.7));
  };
  const auto follow = [](double t, const One& y, One& dy) { dy[0] = rate * (std::cos(t) - y[0]); };
  const auto time = [&](int i) { return 0.7 + 3.0 * i / steps; };
  Errors errors;
  One y(exact(time(0)));
  One y_new;
  Stages<One> stages;
  Followers<double, 1> followers{};
  followers[0].rate = rate;
  followers[0].time = 1.0 / rate;
  follow(time(0), y, stages.k1);
  followers[0].start(stages.k1[0]);
  for (int i = 0; i < steps; ++i) {
    dopri5_step(follow, time(i), time(i + 1) - time(i), y, y_new, stages, followers);
    const DenseStep<One, Followers<double, 1>> step = {time(i), time(i + 1), y, y_new, stages, followers};
    for (const double part : {0.1, 0.3, 0.45, 0.55, 0.7, 0.9}) {
      const double t = step.t0 + part * (step.t1 - step.t0);
      errors.between = std::max(errors.between, std::fabs(step.at(t)[0] - exact(t)));
    }
    errors.at_steps = std::max(errors.at_steps, std::fabs(y_new[0] - exact(step.t1)));
    y = y_new;
    stages.k1 = stages.k7;
    followers[0].go_on(stages.k1[0]);
  }
  return errors;
}

TEST(DormandPrince, IsOfOrderFiveForAFollowerToo) {
  for (const int steps : {80, 160}) {
    const Errors coarse = errors_of_a_follower(steps);
    const Errors fine = errors_of_a_follower(2 * steps);
    EXPECT_NEAR(order(coarse.at_steps, fine.at_steps), 5.0, 0.3) << steps;
    EXPECT_NEAR(order(coarse.between, fine.between), 5.0, 0.3) << steps;
  }
}

/// Error at 3.7 of what takes in the square of a component that follows 0.3 from 7, over equal steps from 0.7.
double error_beside_a_follower(int steps) {
  constexpr double rate = 3.7;
  const auto rates = [](double, const Two& y, Two& dy) { dy << rate * (0.3 - y[0]), y[0] * y[0]; };
  Two y = {7.0, 0.0};
  Two y_new;
  Stages<Two> stages;
  Followers<double, 1> followers{};
  followers[0].rate = rate;
  followers[0].time = 1.0 / rate;
  rates(0.0, y, stages.k1);
  followers[0].start(stages.k1[0]);
  for (int i = 0; i < steps; ++i) {
    dopri5_step(rates, 0.0, 3.0 / steps, y, y_new, stages, followers);
    y = y_new;
    stages.k1 = stages.k7;
    followers[0].go_on(stages.k1[0]);
  }
  const double left = std::exp(-rate * 3.0);
  const double exact =
      0.09 * 3.0 + 2.0 * 0.3 * 6.7 * (1.0 - left) / rate + 6.7 * 6.7 * (1.0 - left * left) / (2.0 * rate);
  return std::fabs(y[1] - exact);
}

TEST(DormandPrince, IsOfOrderFiveForWhatDependsOnAFollower) {
  for (const int steps : {80, 160}) {
    EXPECT_NEAR(order(error_beside_a_follower(steps), error_beside_a_follower(2 * steps)), 5.0, 0.3) << steps;
  }
}

}  // namespace
}  // namespace hindlimb::ode
