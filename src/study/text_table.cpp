#include "study/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hindlimb::study {
namespace {

constexpr const char* gap = "  ";
constexpr int significant_digits = 4;

/// Characters on the terminal, of UTF-8 text without wide or combining ones.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

}  // namespace

std::string aligned(const std::vector<Cells>& rows, const std::vector<Align>& alignment) {
  std::vector<std::size_t> widths(alignment.size(), 0);
  for (const Cells& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      line += (i == 0 ? "" : gap) + (alignment[i] == Align::left ? row[i] + padding : padding + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string number(double value, int decimals) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, decimals);
}

std::string interval(const Interval& interval, int decimals) {
  std::string estimate = number(interval.estimate, decimals);
  if (std::isnan(interval.low)) return estimate;
  if (std::isinf(interval.low)) return estimate + " [no limits]";
  return fmt::format("{} [{:.{}f}, {:.{}f}]", estimate, interval.low, decimals, interval.high, decimals);
}

int decimals_for(std::span<const double> values) {
  double largest = 0.0;
  for (const double value : values) largest = std::max(largest, std::isnan(value) ? 0.0 : std::abs(value));
  if (largest == 0.0) return 0;
  return std::clamp(significant_digits - 1 - static_cast<int>(std::floor(std::log10(largest))), 0, 9);
}

}  // namespace hindlimb::study
