#include "hindlimb/ode/followers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hindlimb/ode/dopri5.hpp"

namespace hindlimb::ode {
namespace {

using One = std::array<double, 1>;
using Two = std::array<double, 2>;
constexpr std::int64_t plenty = 100'000;
constexpr auto ignore = [](const auto&) {};

Followers<double, 1> follower(double rate) {
  Followers<double, 1> one{};
  one[0].rate = rate;
  one[0].time = 1.0 / rate;
  return one;
}

/// A component that follows 0.3 at the given rate.
auto follow_a_constant(double rate) {
  return [rate](double, const auto& y, auto& dy) { dy[0] = rate * (0.3 - y[0]); };
}

/// A component that follows an oscillator of 2.3 radians per unit of time.
auto follow_an_oscillator(double rate) {
  return [rate](double t, const auto& y, auto& dy) { dy[0] = rate * (std::cos(2.3 * t) - y[0]); };
}

double oscillation_followed(double rate, double t) {
  const double turn = 2.3 / rate;
  const double size = 1.0 / (1.0 + turn * turn);
  return size * (std::cos(2.3 * t) + turn * std::sin(2.3 * t)) + (7.0 - size) * std::exp(-rate * t);
}

TEST(Decay, IsTheExponentialToFourteenDigits) {
  EXPECT_EQ(decay(0.0), 1.0);
  EXPECT_EQ(part_of_decay(0.0, 90.0), 1.0);
  for (double x = 1e-9; x < 45.0; x *= 1.3) {
    EXPECT_NEAR(decay(x), std::exp(-x), 1e-14) << x;
    EXPECT_NEAR(part_of_decay(x, 90.0), std::exp(-x / 90.0), 1e-11) << x;
  }
}

TEST(Decay, NeverRisesAgain) {
  for (const double x : {45.0, 50.0, 1e3, 1e300}) {
    EXPECT_GT(decay(x), 0.0);
    EXPECT_LT(decay(x), 1e-19);
  }
}

TEST(AFollower, OfATargetAtRestIsExactAndSoonTakesLongSteps) {
  for (const double rate : {0.01, 3.7, 10.0}) {
    One y = {7.0};
    Statistics statistics;
    double last_step = 0.0;
    const auto compare = [&](const auto& step) {
      last_step = step.t1 - step.t0;
      for (const double x : {0.0, 0.1, 0.5, 0.9, 1.0}) {
        const double t = step.t0 + x * last_step;
        ASSERT_NEAR(step.at(t)[0], 0.3 + 6.7 * std::exp(-rate * t), 1e-10) << rate << " at " << t;
      }
    };
    ASSERT_EQ(
        integrate(follow_a_constant(rate), {0.0, 9.0}, y, {1e-3, 1e-3}, plenty, statistics, compare, follower(rate)),
        Outcome::reached);
    EXPECT_NEAR(y[0], 0.3 + 6.7 * std::exp(-rate * 9.0), 1e-10) << rate;
    EXPECT_GT(rate * last_step, rate > 1.0 ? 7.0 : 0.0) << rate;  // 3.3 is what the plain method could take
  }
}

/// What others make of its decay might escape their own estimates of the error.
TEST(AFollower, AsksForStepsThatShowItsDecayToOthers) {
  One y = {7.0};
  Statistics statistics;
  int n_steps = 0;
  const auto compare = [&](const auto& step) {
    if (step.y0[0] < 0.4) return;
    ++n_steps;
    EXPECT_LT(3.7 * (step.t1 - step.t0), 0.5) << step.t0;
  };
  ASSERT_EQ(integrate(follow_a_constant(3.7), {0.0, 9.0}, y, {1e-6, 1e-6}, plenty, statistics, compare, follower(3.7)),
            Outcome::reached);
  EXPECT_GT(n_steps, 8);
}

TEST(AFollower, OnItsTargetStaysThereToTheBit) {
  One y = {0.3};
  Statistics statistics;
  const auto stays = [](const auto& step) { ASSERT_EQ(step.at(0.37 * step.t0 + 0.63 * step.t1)[0], 0.3); };
  ASSERT_EQ(integrate(follow_a_constant(3.7), {0.0, 5.0}, y, {}, plenty, statistics, stays, follower(3.7)),
            Outcome::reached);
  EXPECT_EQ(y[0], 0.3);
}

/// Largest error of a component that follows an oscillator, at and between the steps.
double worst_error(double rate, double tolerance, const auto&... followers) {
  One y = {7.0};
  Statistics statistics;
  double worst = 0.0;
  const auto compare = [&](const auto& step) {
    for (const double x : {0.13, 0.5, 0.87, 1.0}) {
      const double t = step.t0 + x * (step.t1 - step.t0);
      worst = std::max(worst, std::fabs(step.at(t)[0] - oscillation_followed(rate, t)));
    }
  };
  EXPECT_EQ(integrate(follow_an_oscillator(rate), {0.0, 9.0}, y, {tolerance, tolerance}, plenty, statistics, compare,
                      followers...),
            Outcome::reached);
  return worst;
}

/// From a tolerance on that makes either take several steps for each turn of the target.
TEST(AFollower, OfAMovingTargetErrsAsThePlainMethodDoes) {
  for (const double rate : {0.3, 3.7, 100.0}) {
    for (const double tolerance : {1e-6, 1e-8, 1e-10}) {
      const double worst = worst_error(rate, tolerance, follower(rate));
      EXPECT_LT(worst, 1.5 * worst_error(rate, tolerance)) << rate << " with " << tolerance;
      EXPECT_GT(worst, 0.1 * tolerance);
    }
  }
}

TEST(AFollower, AsksForNoStepsOnceItsTargetRests) {
  const auto steps = [](auto... followers) {
    Two y = {7.0, 1.0};
    Statistics statistics;
    const auto rates = [](double, const Two& state, Two& dy) {
      dy[0] = 100.0 * (state[1] - state[0]);  // the target fades in a tenth
      dy[1] = -10.0 * state[1];
    };
    EXPECT_EQ(integrate(rates, {0.0, 100.0}, y, {1e-6, 1e-6}, plenty, statistics, ignore, followers...),
              Outcome::reached);
    return statistics.accepted;
  };
  EXPECT_LT(steps(follower(100.0)), 500);
  EXPECT_GT(steps(), 2500);  // 100 / 3.3 of them for each unit of time
}

/// Numbers near the smallest there are cost a hundred times more than others.
TEST(AFollower, OfNothingNeverBecomesSubnormal) {
  One y = {7.0};
  const auto fade = [](double, const One& state, One& dy) { dy[0] = -3.7 * state[0]; };
  Statistics statistics;
  for (int week = 0; week < 100; ++week) {
    ASSERT_EQ(integrate(fade, {0.0, 7.0}, y, {}, plenty, statistics, ignore, follower(3.7)), Outcome::reached);
  }
  EXPECT_GT(std::fabs(y[0]), 1e-40);
  EXPECT_LT(std::fabs(y[0]), 1e-15);
}

TEST(AFollower, IsNotMovedByAStepThatIsRejected) {
  One y = {7.0};
  Statistics statistics;
  const auto kicked = [](double t, const One& state, One& dy) {
    dy[0] = 3.7 * ((t > 1.0 ? 5.0 : 0.3) - state[0]);  // the target jumps inside the interval
  };
  ASSERT_EQ(integrate(kicked, {0.0, 2.0}, y, {1e-8, 1e-8}, plenty, statistics, ignore, follower(3.7)),
            Outcome::reached);
  EXPECT_GT(statistics.rejected, 3);
  const double at_the_jump = 0.3 + 6.7 * std::exp(-3.7);
  EXPECT_NEAR(y[0], 5.0 + (at_the_jump - 5.0) * std::exp(-3.7), 1e-6);
}

TEST(AFollower, IsTheStateAtBothEndsOfAStepToTheBit) {
  One y = {7.0};
  One last = y;
  Statistics statistics;
  const auto compare = [&](const auto& step) {
    ASSERT_EQ(step.at(step.t0)[0], last[0]);
    last = step.at(step.t1);
    ASSERT_EQ(last[0], step.y1[0]);
  };
  ASSERT_EQ(integrate(follow_an_oscillator(3.7), {0.0, 4.7}, y, {}, plenty, statistics, compare, follower(3.7)),
            Outcome::reached);
}

}  // namespace
}  // namespace hindlimb::ode
