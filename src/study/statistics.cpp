#include "hindlimb/study/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace hindlimb::study {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double unlimited = std::numeric_limits<double>::infinity();
constexpr double upper_tail = 0.025;  ///< of two-sided 95 %

double count(std::span<const double> values) { return static_cast<double>(values.size()); }

double student_quantile(double degrees_of_freedom) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees_of_freedom), upper_tail));
}

double variance_of_mean(std::span<const double> values) { return covariance(values, values) / count(values); }

/// Spread of mean(x) - r mean(y) about 0, and what is needed to limit r by it.
struct Spread {
  double variance;  ///< of mean(x) - r mean(y), at the estimated r
  double degrees_of_freedom;
  double covariance_of_means;  ///< of mean(x) and mean(y)
};

/// From the residuals x - r y themselves: no digits are lost where x is nearly r y in every rat.
Spread spread_of_same_rats(std::span<const double> x, std::span<const double> y, double ratio) {
  assert(x.size() == y.size());
  std::vector<double> residual(x.size());
  std::ranges::transform(x, y, residual.begin(), [ratio](double a, double b) { return a - ratio * b; });
  return {variance_of_mean(residual), count(x) - 1.0, covariance(x, y) / count(x)};
}

Spread spread_of_independent_rats(std::span<const double> x, std::span<const double> y, double ratio) {
  const double from_x = variance_of_mean(x);
  const double from_y = ratio * ratio * variance_of_mean(y);
  const double sum = from_x + from_y;
  const double denominator = from_x * from_x / (count(x) - 1.0) + from_y * from_y / (count(y) - 1.0);
  const double pooled = count(x) + count(y) - 2.0;
  return {sum, denominator > 0.0 ? sum * sum / denominator : pooled, 0.0};
}

}  // namespace

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / count(values);
}

double covariance(std::span<const double> first, std::span<const double> second) {
  assert(first.size() == second.size());
  if (first.size() < 2) return unknown;
  const double first_mean = mean(first);
  const double second_mean = mean(second);
  double sum = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += (first[i] - first_mean) * (second[i] - second_mean);
  return sum / (count(first) - 1.0);
}

double sd(std::span<const double> values) { return std::sqrt(covariance(values, values)); }

Interval mean_interval(std::span<const double> values) {
  const double centre = mean(values);
  if (values.size() < 2) return {centre, unknown, unknown};
  const double half = student_quantile(count(values) - 1.0) * std::sqrt(variance_of_mean(values));
  return {centre, centre - half, centre + half};
}

Interval ratio_interval(std::span<const double> numerator, std::span<const double> denominator, Pairing pairing) {
  const double a = mean(numerator);
  const double b = mean(denominator);
  const double ratio = a / b;
  if (numerator.size() < 2 || denominator.size() < 2) return {ratio, unknown, unknown};
  const Spread spread = pairing == Pairing::common ? spread_of_same_rats(numerator, denominator, ratio)
                                                   : spread_of_independent_rats(numerator, denominator, ratio);
  const double t2 = std::pow(student_quantile(spread.degrees_of_freedom), 2);
  const double var_a = variance_of_mean(numerator);
  const double var_b = variance_of_mean(denominator);
  const double cov = spread.covariance_of_means;

  // (a - r b)^2 <= t2 (var_a - 2 r cov + r^2 var_b), a quadratic in r
  const double leading = b * b - t2 * var_b;
  if (!(leading > 0.0)) return {ratio, -unlimited, unlimited};
  const double centre = (a * b - t2 * cov) / leading;
  const double discriminant = b * b * spread.variance - t2 * (var_a * var_b - cov * cov);
  const double half = std::sqrt(t2 * std::max(discriminant, 0.0)) / leading;
  return {ratio, centre - half, centre + half};
}

}  // namespace hindlimb::study
