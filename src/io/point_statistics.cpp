#include "hindlimb/io/point_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hindlimb::io {
namespace {

constexpr std::array<double, 5> shares{0.025, 0.25, 0.5, 0.75, 0.975};

std::array<double, statistic_names.size()> statistics_of(std::vector<double>& values) {
  std::array<double, statistic_names.size()> result;
  result.fill(std::numeric_limits<double>::quiet_NaN());
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return result;
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  double sum = 0.0;
  for (const double value : values) sum += value;
  const double mean = sum / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  result[0] = mean;
  if (values.size() > 1) result[1] = std::sqrt(squares / (n - 1.0));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double place = shares[i] * (n - 1.0);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    result[2 + i] = values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  }
  return result;
}

}  // namespace

std::vector<double> point_statistics(std::span<const double> numbers, std::size_t n_arms, std::size_t n_rats) {
  const std::size_t width = numbers.size() / (n_arms * n_rats);
  std::vector<double> result(statistic_names.size() * n_arms * width);
  std::vector<double> values;
  for (std::size_t arm = 0; arm < n_arms; ++arm) {
    for (std::size_t i = 0; i < width; ++i) {
      values.clear();
      for (std::size_t rat = 0; rat < n_rats; ++rat) values.push_back(numbers[(arm * n_rats + rat) * width + i]);
      const auto all = statistics_of(values);
      for (std::size_t s = 0; s < all.size(); ++s) result[(s * n_arms + arm) * width + i] = all[s];
    }
  }
  return result;
}

}  // namespace hindlimb::io
