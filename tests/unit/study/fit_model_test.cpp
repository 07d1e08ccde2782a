#include "study/fit_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "hindlimb/core/math.hpp"
#include "unit/study/fits.hpp"

namespace hindlimb::study {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Eigen::VectorXd start_of(const FitPlan& plan) {
  Eigen::VectorXd x(static_cast<Eigen::Index>(plan.parameters.size()));
  for (std::size_t i = 0; i < plan.parameters.size(); ++i)
    x[static_cast<Eigen::Index>(i)] = math::log(*plan.parameters[i].start);
  return x;
}

TEST(FitModel, HasTheDerivativesThatDifferencesShow) {
  const FitPlan plan = reference_plan();
  scenario::Study study = reference_study();
  study.solver.rtol = 1e-11;  // so that the noise of differences is small
  study.solver.atol = 1e-13;
  const FitModel model(plan, study, 2);
  const Eigen::VectorXd x = start_of(plan);
  const auto exact = model.evaluate(x, true);
  ASSERT_TRUE(exact);
  constexpr double h = 1e-3;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    Eigen::VectorXd up = x;
    Eigen::VectorXd down = x;
    up[i] += h;
    down[i] -= h;
    const auto above = model.evaluate(up, false);
    const auto below = model.evaluate(down, false);
    ASSERT_TRUE(above && below);
    const Eigen::VectorXd differences = (above->residuals - below->residuals) / (2.0 * h);
    for (Eigen::Index row = 0; row < differences.size(); ++row) {
      // rtol, atol: central differences are off by h^2 times the third derivative, 1e-6 of numbers up to 100
      EXPECT_NEAR(exact->jacobian(row, i), differences[row], 1e-4 * std::fabs(differences[row]) + 1e-4)
          << plan.parameters[static_cast<std::size_t>(i)].name << ", residual " << row;
    }
  }
}

TEST(FitModel, HasTheSameResidualsWithAndWithoutDerivatives) {
  const FitPlan plan = resolved(small_plan);
  const FitModel model(plan, study_of(few_arms), 1);
  const auto with = model.evaluate(start_of(plan), true);
  const auto without = model.evaluate(start_of(plan), false);
  ASSERT_TRUE(with && without);
  // rtol: dual numbers divide by way of the inverse, one more rounding in each of some thousand operations
  EXPECT_TRUE(with->residuals.isApprox(without->residuals, 1e-11));
  EXPECT_TRUE(with->simulated.isApprox(without->simulated, 1e-11));
}

TEST(FitModel, HasTheDistanceFromTheMedianOfThePriorAmongItsResiduals) {
  const FitPlan plan = resolved(small_plan);
  Eigen::VectorXd x = start_of(plan);
  x[1] += 0.3;
  const auto evaluation = FitModel(plan, study_of(few_arms), 1).evaluate(x, false);
  ASSERT_TRUE(evaluation);
  EXPECT_EQ(evaluation->residuals[3], 0.0);
  EXPECT_NEAR(evaluation->residuals[4], 0.3 / std::log(30.0), 1e-14);  // a few roundings
}

/// sqrt(-2 ln P(low < x + noise < high)) in long double, whose exponent reaches 100 standard deviations out.
double direct(double x, double low, double high, double sigma) {
  const long double root = std::sqrt(2.0L);
  const long double a = (static_cast<long double>(low) - x) / sigma;
  const long double b = (static_cast<long double>(high) - x) / sigma;
  if (x > high)
    return static_cast<double>(std::sqrt(-2.0L * std::log(0.5L * (std::erfc(-b / root) - std::erfc(-a / root)))));
  if (x < low)
    return static_cast<double>(std::sqrt(-2.0L * std::log(0.5L * (std::erfc(a / root) - std::erfc(b / root)))));
  return static_cast<double>(std::sqrt(-2.0L * std::log1p(-0.5L * (std::erfc(-a / root) + std::erfc(b / root)))));
}

struct Band {
  double low, high, sigma;
};
constexpr Band bands[] = {{-3.0, 0.7, 0.3},       {0.55, 0.75, 0.04}, {1.0, infinity, 0.07},
                          {-infinity, 1.0, 0.07}, {-0.1, 0.2, 0.3},   {-0.1, 0.2, 1.0}};

TEST(BandResidual, IsTheProbabilityThatALaboratorySeesTheNumberWithin) {
  for (const Band& band : bands) {
    const double centre = std::isinf(band.low) ? band.high : band.low;
    for (double z = -100.0; z < 100.0; z += 0.37) {
      const double x = centre + z * band.sigma;
      const double expected = direct(x, band.low, band.high, band.sigma);
      // rtol: the difference of two tails keeps about 12 digits of narrow bands, and the tail beyond 30 standard
      // deviations is cut after the third term, 15 / 30^6 of 1.
      // atol: what is well inside counts as 0 below a probability of 1e-14 to be outside, a residual of 1.5e-7
      EXPECT_NEAR(band_residual(x, band.low, band.high, band.sigma).residual, expected, 1e-9 * expected + 2e-7)
          << x << " in " << band.low << " to " << band.high;
    }
  }
}

TEST(BandResidual, HasTheSlopeThatDifferencesShow) {
  for (const Band& band : bands) {
    const double centre = std::isinf(band.low) ? band.high : band.low;
    const double h = 1e-4 * band.sigma;
    for (double z = -50.0; z < 50.0; z += 0.37) {
      const double x = centre + z * band.sigma;
      const double difference =
          (direct(x + h, band.low, band.high, band.sigma) - direct(x - h, band.low, band.high, band.sigma)) / (2.0 * h);
      // rtol: central differences. atol: see above, per standard deviation
      EXPECT_NEAR(band_residual(x, band.low, band.high, band.sigma).slope * band.sigma, difference * band.sigma,
                  1e-6 * std::fabs(difference) * band.sigma + 2e-6)
          << x << " in " << band.low << " to " << band.high;
    }
  }
}

TEST(BandResidual, GrowsWithoutJumpsFarOutside) {
  for (const Band& band : bands) {
    for (const double sign : {-1.0, 1.0}) {
      const double limit = sign < 0.0 ? band.low : band.high;
      if (std::isinf(limit)) continue;
      double before = band_residual(limit, band.low, band.high, band.sigma).residual;
      for (double z = 0.001; z < 60.0; z += 0.001) {
        const double now = band_residual(limit + sign * z * band.sigma, band.low, band.high, band.sigma).residual;
        ASSERT_GT(now, before) << z;
        ASSERT_LT(now - before, 0.001001) << z;  // the slope tends to 1 from below
        before = now;
      }
    }
  }
}

}  // namespace
}  // namespace hindlimb::study
