#include "hindlimb/ode/dopri5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace hindlimb::ode {
namespace {

using One = std::array<double, 1>;
using Two = Eigen::Array<double, 2, 1>;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t plenty = 100'000;
constexpr auto ignore = [](const auto&) {};

/// Decay at 3.7 per day.
constexpr auto decay = [](double, const auto& y, auto& dy) { dy[0] = -3.7 * y[0]; };
/// Oscillator of 2.3 radians per day.
constexpr auto oscillate = [](double, const auto& y, auto& dy) {
  dy[0] = 2.3 * y[1];
  dy[1] = -2.3 * y[0];
};

template <class Vector, class Rates>
Outcome integrate(Rates rates, double t0, double t1, Vector& y, Tolerance tolerance = {}) {
  Statistics statistics;
  return ode::integrate(rates, {t0, t1}, y, tolerance, plenty, statistics, ignore);
}

TEST(ExponentialDecay, FollowsTheClosedForm) {
  One y = {7.0};
  ASSERT_EQ(integrate(decay, 0.3, 2.0, y), Outcome::reached);
  EXPECT_NEAR(y[0], 7.0 * std::exp(-3.7 * 1.7), 1e-7);
}

TEST(HarmonicOscillator, FollowsTheClosedFormForTenTurns) {
  Two y = {0.3, 0.0};
  const double t1 = 10 * 2 * std::acos(-1.0) / 2.3 + 0.7;
  ASSERT_EQ(integrate(oscillate, 0.0, t1, y, {1e-10, 1e-12}), Outcome::reached);
  EXPECT_NEAR(y[0], 0.3 * std::cos(2.3 * 0.7), 1e-8);
  EXPECT_NEAR(y[1], -0.3 * std::sin(2.3 * 0.7), 1e-8);
}

TEST(Rates, AreGivenTheTimeOfTheirStage) {
  One y = {0.3};
  const auto fifth_power = [](double t, const One&, One& dy) { dy[0] = 5.0 * t * t * t * t; };
  ASSERT_EQ(integrate(fifth_power, 0.7, 3.0, y), Outcome::reached);
  EXPECT_NEAR(y[0], 0.3 + std::pow(3.0, 5) - std::pow(0.7, 5), 1e-11);  // order 5 is exact but for rounding
}

TEST(Integration, EndsOnItsLastInstantToTheBit) {
  for (const double t1 : {0.1 + 0.2, 7.0 / 3.0, 1e-12, 1e-3, 1.0 / 3.0 * 1e-3, 37.7}) {
    One y = {7.0};
    double end = 0.0;
    Statistics statistics;
    const auto keep_end = [&](const DenseStep<One>& step) {
      ASSERT_EQ(step.t0, end);
      ASSERT_GT(step.t1, step.t0);
      end = step.t1;
    };
    ASSERT_EQ(ode::integrate(decay, {0.0, t1}, y, {}, plenty, statistics, keep_end), Outcome::reached);
    EXPECT_EQ(end, t1);
  }
}

TEST(Integration, OfAnEmptyIntervalDoesNothing) {
  One y = {7.0};
  Statistics statistics;
  const auto never = [](double, const One&, One&) { FAIL(); };
  EXPECT_EQ(ode::integrate(never, {0.3, 0.3}, y, {}, 0, statistics, ignore), Outcome::reached);
  EXPECT_EQ(y[0], 7.0);
}

TEST(Integration, NeverEndsWithASplinter) {
  for (int i = 0; i < 200; ++i) {
    One y = {7.0};
    std::vector<double> lengths;
    Statistics statistics;
    const auto keep = [&](const DenseStep<One>& step) { lengths.push_back(step.t1 - step.t0); };
    ASSERT_EQ(ode::integrate(decay, {0.0, 1.0 + 0.003 * i}, y, {}, plenty, statistics, keep), Outcome::reached);
    ASSERT_GT(lengths.back(), 0.4 * lengths[lengths.size() - 2]) << i;
  }
}

TEST(Integration, OfAStateAtRestGrowsItsStepTenfoldEachTime) {
  Two y = {0.3, 7.0};
  Statistics statistics;
  const auto rest = [](double, const Two&, Two& dy) { dy[0] = dy[1] = 0.0; };
  ASSERT_EQ(ode::integrate(rest, {0.0, 1000.0}, y, {}, plenty, statistics, ignore), Outcome::reached);
  EXPECT_EQ(statistics.accepted, 7);  // 0.001 + 0.01 + ... + 100, then the rest in one
  EXPECT_EQ(statistics.rejected, 0);
  EXPECT_EQ(y[0], 0.3);
  EXPECT_EQ(y[1], 7.0);
}

TEST(Integration, IsNotChangedByAComponentAtRest) {
  One alone = {7.0};
  Two accompanied = {7.0, 1e6};
  Statistics first;
  Statistics second;
  const auto decay_beside_rest = [](double, const Two& y, Two& dy) { dy << -3.7 * y[0], 0.0; };
  ASSERT_EQ(ode::integrate(decay, {0.0, 3.0}, alone, {}, plenty, first, ignore), Outcome::reached);
  ASSERT_EQ(ode::integrate(decay_beside_rest, {0.0, 3.0}, accompanied, {}, plenty, second, ignore), Outcome::reached);
  EXPECT_EQ(alone[0], accompanied[0]);
  EXPECT_EQ(first.accepted, second.accepted);
}

TEST(Integration, ContinuesFromAStateAsIfItHadAlwaysBeenThere) {
  Two history = {0.3, 7.0};
  ASSERT_EQ(integrate(oscillate, 0.0, 1.3, history), Outcome::reached);
  Two forked = {history[0], history[1]};
  ASSERT_EQ(integrate(oscillate, 1.3, 4.7, history), Outcome::reached);
  ASSERT_EQ(integrate(oscillate, 1.3, 4.7, forked), Outcome::reached);
  EXPECT_EQ(history[0], forked[0]);
  EXPECT_EQ(history[1], forked[1]);
}

TEST(Integration, GivesTheSameBitsWithStdArrayAndEigen) {
  Two eigen = {0.3, 7.0};
  std::array<double, 2> array = {0.3, 7.0};
  ASSERT_EQ(integrate(oscillate, 0.0, 4.7, eigen), Outcome::reached);
  ASSERT_EQ(integrate(oscillate, 0.0, 4.7, array), Outcome::reached);
  EXPECT_EQ(eigen[0], array[0]);
  EXPECT_EQ(eigen[1], array[1]);
}

TEST(StepControl, FollowsThePowersOfTheErrorNormsWithinTenPercent) {
  for (double previous = 1e-4; previous <= 1.0; previous *= 1.7) {
    for (double error = 3e-5; error < 1.0; error *= 1.3) {
      detail::StepControl<double> control;
      control(previous);
      const double power = 0.9 * std::pow(error, -3.0 / 16.0) * std::pow(std::max(previous, 1e-4), 1.0 / 32.0);
      EXPECT_NEAR(control(error) / power, 1.0, 0.1) << error << " after " << previous;
    }
  }
}

TEST(StepControl, ShrinksAfterARejectedStepAndDoesNotGrowRightAfterIt) {
  detail::StepControl<double> control;
  EXPECT_NEAR(control(100.0), 0.9 * std::pow(100.0, -3.0 / 16.0), 0.04);
  EXPECT_EQ(control(1e-9), 1.0);
  EXPECT_GT(control(1e-9), 5.0);
  EXPECT_EQ(control(std::numeric_limits<double>::infinity()), 0.2);
}

/// The numbers of the first run of this test, equal with g++ 12 and clang++ 14 at every level of optimisation.
TEST(Integration, KeepsItsBits) {
  Two y = {0.3, 7.0};
  ASSERT_EQ(integrate(oscillate, 0.0, 4.7, y), Outcome::reached);
  EXPECT_EQ(y[0], -0x1.bbd9c209c64a3p+2);
  EXPECT_EQ(y[1], -0x1.fe531431d26a5p-1);
}

TEST(Recording, ChangesNoBit) {
  Two silent = {0.3, 7.0};
  Two recorded = silent;
  Statistics first;
  Statistics second;
  std::vector<double> record;
  const auto sample = [&](const DenseStep<Two>& step) {
    for (int i = 0; i <= 10; ++i)
      record.push_back(step.at(std::min(step.t0 + 0.1 * i * (step.t1 - step.t0), step.t1))[0]);
  };
  ASSERT_EQ(ode::integrate(oscillate, {0.0, 4.7}, silent, {}, plenty, first, ignore), Outcome::reached);
  ASSERT_EQ(ode::integrate(oscillate, {0.0, 4.7}, recorded, {}, plenty, second, sample), Outcome::reached);
  EXPECT_EQ(silent[0], recorded[0]);
  EXPECT_EQ(silent[1], recorded[1]);
  EXPECT_EQ(first.evaluations, second.evaluations);
  EXPECT_GT(record.size(), 100U);
}

TEST(DenseOutput, IsTheStateAtBothEndsOfAStep) {
  Two y = {0.3, 7.0};
  Two last = y;
  Statistics statistics;
  const auto compare = [&](const DenseStep<Two>& step) {
    ASSERT_TRUE((step.at(step.t0) == last).all());
    last = step.at(step.t1);
  };
  ASSERT_EQ(ode::integrate(oscillate, {0.0, 4.7}, y, {}, plenty, statistics, compare), Outcome::reached);
  EXPECT_TRUE((y == last).all());
}

TEST(DenseOutput, KeepsEveryDigitOfASmallEndAndOfAConstant) {
  const Two y0 = {1e10, 0.3};
  const Two y1 = {0.7, 0.3};
  const Two slope = {-7.0, 0.0};
  const Stages<Two> stages = {slope, slope, slope, slope, slope, slope, slope};
  const NoFollowers none{};
  const DenseStep<Two> step = {0.1, 0.4, y0, y1, stages, none};
  EXPECT_EQ(step.at(0.4)[0], 0.7);
  EXPECT_EQ(step.at(0.1)[0], 1e10);
  EXPECT_EQ(step.at(0.17)[1], 0.3);
  EXPECT_EQ(step.at(0.37)[1], 0.3);
}

TEST(DenseOutput, IsAsGoodAsTheSolutionBetweenTheSteps) {
  Two y = {0.3, 0.0};
  Statistics statistics;
  double worst = 0.0;
  const auto compare = [&](const DenseStep<Two>& step) {
    for (int i = 1; i < 20; ++i) {
      const double t = step.t0 + 0.05 * i * (step.t1 - step.t0);
      worst = std::max(worst, std::fabs(step.at(t)[0] - 0.3 * std::cos(2.3 * t)));
    }
  };
  ASSERT_EQ(ode::integrate(oscillate, {0.0, 9.0}, y, {}, plenty, statistics, compare), Outcome::reached);
  EXPECT_LT(worst, 1e-6);
}

TEST(Tolerance, LowersTheErrorFromTenToTheMinus4ToTenToTheMinus10) {
  double previous = 1.0;
  for (const double tolerance : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10}) {
    Two y = {0.3, 0.0};
    ASSERT_EQ(integrate(oscillate, 0.0, 9.0, y, {tolerance, 0.01 * tolerance}), Outcome::reached);
    const double error = std::fabs(y[0] - 0.3 * std::cos(2.3 * 9.0));
    EXPECT_LT(error, 0.3 * previous) << tolerance;
    EXPECT_LT(error, 30.0 * tolerance);
    previous = error;
  }
}

TEST(Tolerance, IsRelativeToTheStateAndHasAnAbsoluteFloor) {
  Statistics large;
  Statistics small;
  Statistics below_the_floor;
  One y = {7e6};
  ASSERT_EQ(ode::integrate(decay, {0.0, 1.0}, y, {1e-6, 1e-30}, plenty, large, ignore), Outcome::reached);
  y = {7e-6};
  ASSERT_EQ(ode::integrate(decay, {0.0, 1.0}, y, {1e-6, 1e-30}, plenty, small, ignore), Outcome::reached);
  y = {7e-6};
  ASSERT_EQ(ode::integrate(decay, {0.0, 1.0}, y, {1e-6, 0.1}, plenty, below_the_floor, ignore), Outcome::reached);
  EXPECT_EQ(large.accepted, small.accepted);
  EXPECT_LT(below_the_floor.accepted, small.accepted);
}

TEST(Statistics, CountEveryStepAndEveryEvaluation) {
  One y = {7.0};
  Statistics statistics = {100, 200, 300};
  std::int64_t calls = 0;
  std::int64_t steps = 0;
  const auto kick = [&](double t, const One& state, One& dy) {
    ++calls;
    dy[0] = -3.7 * state[0] + (t > 1.0 ? 1e4 : 0.0);  // a jump inside the interval: steps are rejected
  };
  const auto count = [&](const DenseStep<One>&) { ++steps; };
  ASSERT_EQ(ode::integrate(kick, {0.0, 2.0}, y, {}, plenty, statistics, count), Outcome::reached);
  EXPECT_EQ(statistics.accepted, 100 + steps);
  EXPECT_GT(statistics.rejected, 200);
  EXPECT_EQ(statistics.evaluations, 300 + calls);
  EXPECT_EQ(calls, 1 + 6 * (steps + statistics.rejected - 200));
  Statistics sum = {1, 2, 3};
  sum += {10, 20, 30};
  EXPECT_EQ(sum.accepted, 11);
  EXPECT_EQ(sum.rejected, 22);
  EXPECT_EQ(sum.evaluations, 33);
}

TEST(Failure, ByTooManyStepsLeavesTheLastGoodState) {
  One y = {7.0};
  Statistics statistics;
  double end = 0.0;
  const auto keep_end = [&](const DenseStep<One>& step) { end = step.t1; };
  EXPECT_EQ(ode::integrate(decay, {0.0, 3.0}, y, {}, 7, statistics, keep_end), Outcome::too_many_steps);
  EXPECT_EQ(statistics.accepted + statistics.rejected, 7);
  EXPECT_LT(end, 3.0);
  EXPECT_NEAR(y[0], 7.0 * std::exp(-3.7 * end), 1e-6);
}

TEST(Failure, ByABlowUpLeavesTheLastFiniteState) {
  One y = {1.0 / 0.7};
  const auto square = [](double, const One& state, One& dy) { dy[0] = state[0] * state[0]; };  // 1/(0.7 - t)
  EXPECT_NE(integrate(square, 0.0, 2.0, y), Outcome::reached);
  EXPECT_GT(y[0], 1e6);
  EXPECT_TRUE(std::isfinite(y[0]));
}

TEST(Failure, ByARateThatIsNotANumberIsNamed) {
  One y = {7.0};
  const auto broken = [](double, const One&, One& dy) { dy[0] = not_a_number; };
  EXPECT_EQ(integrate(broken, 0.0, 2.0, y), Outcome::not_finite);
  EXPECT_EQ(y[0], 7.0);
}

TEST(Failure, ByAnOverflowOfTheStateIsNamed) {
  One y = {1e308};
  const auto rise = [](double, const One&, One& dy) { dy[0] = 1e308; };
  EXPECT_EQ(integrate(rise, 0.0, 2.0, y), Outcome::not_finite);
  EXPECT_TRUE(std::isfinite(y[0]));
}

TEST(Failure, ByATolerancePastRoundingIsNamed) {
  One y = {7.0};
  const auto noise = [](double t, const One&, One& dy) { dy[0] = std::sin(1e30 * t); };
  EXPECT_EQ(integrate(noise, 0.0, 2.0, y, {0.0, 1e-25}), Outcome::step_too_small);
}

TEST(Integration, ShrinksTheStepAwayFromAnInvalidState) {
  One y = {7.0};
  const auto root = [](double, const One& state, One& dy) { dy[0] = -10.0 * std::sqrt(state[0] - 0.3); };
  Statistics statistics;
  EXPECT_EQ(ode::integrate(root, {0.0, 0.5}, y, {1e-2, 1e-2}, plenty, statistics, ignore), Outcome::reached);
  EXPECT_GT(statistics.rejected, 0);
  EXPECT_NEAR(y[0], 0.3 + std::pow(std::sqrt(6.7) - 2.5, 2), 1e-2);
}

/// value + slope * epsilon, epsilon^2 = 0; like ceres::Jet with one derivative.
struct Dual {
  double a = 0.0;
  double v = 0.0;
};
Dual operator+(Dual x, Dual y) { return {x.a + y.a, x.v + y.v}; }
Dual operator-(Dual x, Dual y) { return {x.a - y.a, x.v - y.v}; }
Dual operator*(Dual x, Dual y) { return {x.a * y.a, x.a * y.v + x.v * y.a}; }
Dual operator*(double x, Dual y) { return {x * y.a, x * y.v}; }

TEST(DualNumbers, DifferentiateALinearEquationByItsRate) {
  const Dual loss_per_d = {3.7, 1.0};
  const auto rates = [&](double, const auto& y, auto& dy) { dy[0] = Dual{-1.0} * loss_per_d * y[0]; };
  std::array<Dual, 1> y = {Dual{7.0}};
  ASSERT_EQ(integrate(rates, 0.0, 1.3, y, {1e-9, 1e-11}), Outcome::reached);
  EXPECT_NEAR(y[0].a, 7.0 * std::exp(-3.7 * 1.3), 1e-8);
  EXPECT_NEAR(y[0].v, -1.3 * 7.0 * std::exp(-3.7 * 1.3), 1e-7);
}

TEST(DualNumbers, TakeTheStepsOfTheirValues) {
  One plain = {7.0};
  std::array<Dual, 1> dual = {Dual{7.0, 1e9}};
  Statistics first;
  Statistics second;
  const auto decay_of_duals = [](double, const auto& y, auto& dy) { dy[0] = -3.7 * y[0]; };
  ASSERT_EQ(ode::integrate(decay, {0.0, 1.3}, plain, {}, plenty, first, ignore), Outcome::reached);
  ASSERT_EQ(ode::integrate(decay_of_duals, {0.0, 1.3}, dual, {}, plenty, second, ignore), Outcome::reached);
  EXPECT_EQ(plain[0], dual[0].a);
  EXPECT_EQ(first.accepted, second.accepted);
}

TEST(DualNumbers, AreInterpolatedWithTheirDerivative) {
  std::array<Dual, 1> y = {Dual{7.0, 1.0}};
  Statistics statistics;
  double worst = 0.0;
  const auto compare = [&](const DenseStep<std::array<Dual, 1>>& step) {
    const double t = 0.7 * step.t0 + 0.3 * step.t1;
    worst = std::max(worst, std::fabs(step.at(t)[0].v - std::exp(-3.7 * t)));
  };
  ASSERT_EQ(ode::integrate(decay, {0.0, 1.3}, y, {}, plenty, statistics, compare), Outcome::reached);
  EXPECT_LT(worst, 1e-6);
}

TEST(ValueOf, IsTheValueOfANestedDual) {
  struct Nested {
    Dual a;
  };
  EXPECT_EQ(value_of(Nested{Dual{0.3, 7.0}}), 0.3);
  EXPECT_EQ(value_of(7), 7.0);
  EXPECT_EQ(value_of(0.25F), 0.25);
}

}  // namespace
}  // namespace hindlimb::ode
