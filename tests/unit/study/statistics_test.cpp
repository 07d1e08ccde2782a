#include "hindlimb/study/statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace hindlimb::study {
namespace {

using Sample = std::vector<double>;

constexpr double rtol = 1e-12;  // a few roundings in sums of a few numbers

void expect_near(double value, double expected) { EXPECT_NEAR(value, expected, rtol * std::abs(expected)); }

TEST(Mean, IsTheSumOverTheNumber) {
  expect_near(mean(Sample{0.3, 7.0, 1.7}), 3.0);
  EXPECT_TRUE(std::isnan(mean({})));
}

TEST(Sd, DividesByOneLessThanTheNumber) {
  expect_near(sd(Sample{2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}), std::sqrt(32.0 / 7.0));
  EXPECT_TRUE(std::isnan(sd(Sample{7.0})));
}

TEST(Covariance, IsSignedAndDividesByOneLessThanTheNumber) {
  // deviations -2, -1, 3 and -0.1, 0.5, -0.4: sum of products -1.5
  expect_near(covariance(Sample{1.0, 2.0, 6.0}, Sample{0.3, 0.9, 0.0}), -1.5 / 2.0);
  EXPECT_TRUE(std::isnan(covariance(Sample{7.0}, Sample{3.0})));
}

// Student (1908), extra sleep of 10 patients, drug 2 less drug 1: mean 1.58, 95 % interval 0.7001 to 2.4599, as in
// every textbook and in R's t.test(extra ~ group, data = sleep, paired = TRUE).
TEST(MeanInterval, IsThatOfStudentsSleepers) {
  const Interval sleep = mean_interval(Sample{1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4});
  EXPECT_NEAR(sleep.estimate, 1.58, 1e-12);
  EXPECT_NEAR(sleep.low, 0.7001142, 1e-7);
  EXPECT_NEAR(sleep.high, 2.4598858, 1e-7);
}

TEST(MeanInterval, HasNoLimitsForOneRat) {
  const Interval one = mean_interval(Sample{7.0});
  EXPECT_EQ(one.estimate, 7.0);
  EXPECT_TRUE(std::isnan(one.low) && std::isnan(one.high));
}

/// Whether r is on the limit: mean(x) - r mean(y) lies t standard errors from 0.
double standard_errors_from_zero(const Sample& x, const Sample& y, double r) {
  Sample residual(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) residual[i] = x[i] - r * y[i];
  return std::abs(mean(residual)) / (sd(residual) / std::sqrt(static_cast<double>(x.size())));
}

TEST(RatioInterval, OfSameRatsHasLimitsWhereTheTTestTurns) {
  const Sample x{7.1, 8.3, 6.9, 9.4, 7.7};
  const Sample y{5.2, 6.3, 5.9, 6.6, 5.1};
  const Interval ratio = ratio_interval(x, y, Pairing::common);
  constexpr double t_4 = 2.7764451051978;  // Student's t, 4 degrees of freedom, 0.975
  expect_near(ratio.estimate, 39.4 / 29.1);
  EXPECT_LT(ratio.low, ratio.estimate);
  EXPECT_LT(ratio.estimate, ratio.high);
  EXPECT_NEAR(standard_errors_from_zero(x, y, ratio.low), t_4, 1e-9);
  EXPECT_NEAR(standard_errors_from_zero(x, y, ratio.high), t_4, 1e-9);
}

// By hand: means 6 and 3, variances of the means 1/3 and 0.035, ratio 2; variance of x - 2y: 1/3 + 0.14;
// degrees of freedom (1/3 + 0.14)^2 / ((1/3)^2/2 + 0.14^2/4) = 3.7059364, t = 2.8655267 by scipy 1.10;
// r from (9 - 0.035 t^2) r^2 - 36 r + 36 - t^2/3 = 0.
TEST(RatioInterval, OfIndependentRatsIsThatWorkedByHand) {
  const Sample x{5.0, 6.0, 7.0};
  const Sample y{2.5, 2.6, 3.3, 3.2, 3.4};
  const Interval ratio = ratio_interval(x, y, Pairing::independent);
  expect_near(ratio.estimate, 2.0);
  EXPECT_NEAR(ratio.low, 1.3948177534271755, 1e-9);
  EXPECT_NEAR(ratio.high, 2.7371260077044695, 1e-9);
}

TEST(RatioInterval, OfRatsThatAllAnswerAlikeIsAPoint) {
  const Sample y{2100.0, 2500.0, 2750.0, 3001.0};
  Sample x = y;
  for (double& value : x) value *= 1.18;
  const Interval ratio = ratio_interval(x, y, Pairing::common);
  EXPECT_NEAR(ratio.low, 1.18, 1e-7);  // the square root halves the digits
  EXPECT_NEAR(ratio.high, 1.18, 1e-7);
}

TEST(RatioInterval, OfSamplesWithoutSpreadIsAPoint) {
  for (const Pairing pairing : {Pairing::common, Pairing::independent}) {
    const Interval ratio = ratio_interval(Sample{0.9, 0.9, 0.9}, Sample{0.3, 0.3, 0.3}, pairing);
    EXPECT_NEAR(ratio.low, 3.0, 1e-12);
    EXPECT_NEAR(ratio.high, 3.0, 1e-12);
  }
}

TEST(RatioInterval, IsUnlimitedWhereTheDenominatorMayBeZero) {
  const Interval ratio = ratio_interval(Sample{7.0, 8.0, 9.0}, Sample{-1.0, 0.3, 2.0}, Pairing::independent);
  EXPECT_EQ(ratio.low, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(ratio.high, std::numeric_limits<double>::infinity());
}

TEST(RatioInterval, HasNoLimitsForOneRat) {
  for (const Pairing pairing : {Pairing::common, Pairing::independent}) {
    const Interval ratio = ratio_interval(Sample{7.0}, Sample{3.5}, pairing);
    EXPECT_EQ(ratio.estimate, 2.0);
    EXPECT_TRUE(std::isnan(ratio.low) && std::isnan(ratio.high));
  }
}

/// Normal numbers that are the same everywhere: a sum of 12 uniform ones, standard deviation 1.
class Normal {
 public:
  double operator()() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(engine_()) / static_cast<double>(std::mt19937::max());
    return sum;
  }

 private:
  std::mt19937 engine_{7};
};

/// How often the interval holds the true ratio 1.3, of 20,000 pairs of samples.
double coverage(Pairing pairing, std::size_t n_x, std::size_t n_y) {
  constexpr int trials = 20'000;
  Normal normal;
  int held = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Sample x(n_x), y(n_y);
    for (double& value : y) value = 100.0 + 12.0 * normal();
    for (std::size_t i = 0; i < n_x; ++i)
      x[i] = pairing == Pairing::common ? 1.3 * y[i] + 6.0 * normal() : 130.0 + 5.0 * normal();
    const Interval ratio = ratio_interval(x, y, pairing);
    held += ratio.low <= 1.3 && 1.3 <= ratio.high;
  }
  return held / static_cast<double>(trials);
}

// 20,000 trials: 95 % +- 0.15 % (one standard error); 0.6 % allowed. Welch's degrees of freedom are an approximation.
TEST(RatioInterval, HoldsTheTrueRatioIn95Of100Experiments) {
  EXPECT_NEAR(coverage(Pairing::common, 6, 6), 0.95, 0.006);
  EXPECT_NEAR(coverage(Pairing::independent, 6, 8), 0.95, 0.006);
}

}  // namespace
}  // namespace hindlimb::study
