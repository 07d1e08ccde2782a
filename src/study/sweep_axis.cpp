#include "study/sweep_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/math.hpp"

namespace hindlimb::study {

using scenario::Node;

namespace {

/// A cell of a table as a file of TOML would have it.
Node to_node(const std::string& cell, const Place& where) {
  std::int64_t whole = 0;
  double number = 0.0;
  const char* const end = cell.data() + cell.size();
  if (const auto [last, error] = std::from_chars(cell.data(), end, whole); error == std::errc() && last == end)
    return {whole, where};
  if (const auto [last, error] = std::from_chars(cell.data(), end, number); error == std::errc() && last == end)
    return {number, where};
  return {cell, where};
}

double along(double low, double high, double share) { return low + (high - low) * share; }

}  // namespace

std::vector<SweepAxis> axes_of(const CsvTable& list) {
  if (list.rows().empty()) throw InputError(list.name(), "has no rows, so there are no points");
  std::vector<SweepAxis> axes;
  for (const std::string& key : list.header()) {
    SweepAxis& axis = axes.emplace_back();
    axis.key = key;
    axis.where = list.name() + ":1";
    for (const CsvRow& row : list.rows()) axis.values.push_back(to_node(list.cell(row, key), list.where(row)));
  }
  return axes;
}

double quantile(const SweepAxis& axis, double share) {
  const std::string& name = *axis.distribution;
  if (name == "uniform") return std::clamp(along(*axis.low, *axis.high, share), *axis.low, *axis.high);
  if (name == "log-uniform") {
    if (share == 0.0 || share == 1.0) return share == 0.0 ? *axis.low : *axis.high;
    const double number = math::exp(along(math::log(*axis.low), math::log(*axis.high), share));
    return std::clamp(number, *axis.low, *axis.high);
  }
  if (name == "normal") return *axis.mean + *axis.sd * math::inverse_normal(share);
  const double sigma = std::sqrt(math::log(1.0 + *axis.cv * *axis.cv));
  return *axis.median * math::exp(sigma * math::inverse_normal(share));
}

bool has_ends(const SweepAxis& axis) {
  return !axis.distribution || *axis.distribution == "uniform" || *axis.distribution == "log-uniform";
}

double level_of(const SweepAxis& axis, std::size_t level) {
  const auto n = static_cast<double>(*axis.count);
  const auto i = static_cast<double>(level);
  if (*axis.count == 1 || !has_ends(axis)) return quantile(axis, (i + 0.5) / n);
  if (level + 1 == static_cast<std::size_t>(*axis.count)) return *axis.high;
  return level == 0 ? *axis.low : quantile(axis, i / (n - 1.0));
}

std::string to_text(const Node& node) {
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return fmt::format("{}", *whole);
  if (const auto* number = std::get_if<double>(&node.value)) return fmt::format("{}", *number);
  if (node.text() != nullptr) return scenario::to_toml(scenario::Value(*node.text()));
  std::vector<std::string> parts;
  if (node.array() != nullptr) {
    for (const Node& element : *node.array()) parts.push_back(to_text(element));
  }
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

}  // namespace hindlimb::study
