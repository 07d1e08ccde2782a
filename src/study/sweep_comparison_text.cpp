#include <fmt/format.h>

#include <array>
#include <cmath>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/study/sweep_comparison.hpp"
#include "study/text_table.hpp"

namespace hindlimb::study {
namespace {

std::string unit_text(const std::string& unit) { return unit.empty() || unit == "1" ? "" : fmt::format(" [{}]", unit); }

std::string to_table(const EffectTable& table, const SweepComparison& comparison) {
  const bool has_untreated = !comparison.untreated.empty();
  std::vector<double> means;
  for (const EffectRow& row : table.rows) means.push_back(row.massaged.estimate);
  const int decimals = decimals_for(means);
  std::vector<Align> alignment{Align::right, Align::right, Align::right, Align::right, Align::right};
  std::vector<Cells> lines{
      {comparison.along.name + unit_text(comparison.along.unit), "n", "massaged", "contralateral", "difference"}};
  if (has_untreated) {
    lines.front().push_back(comparison.untreated);
    alignment.push_back(Align::right);
  }
  for (const EffectRow& row : table.rows) {
    lines.push_back({row.value, fmt::format("{}", row.n), interval(row.massaged, decimals),
                     interval(row.contralateral, decimals), interval(row.difference, decimals)});
    if (has_untreated) lines.back().push_back(interval(row.untreated, decimals));
  }
  return fmt::format("{}, arm {}: {} ({}{})\n{}\n", table.muscle, table.arm, table.observable, table.long_name,
                     unit_text(table.unit), aligned(lines, alignment));
}

std::string csv_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

}  // namespace

std::string to_table(const SweepComparison& comparison) {
  std::string text;
  for (const EffectTable& table : comparison.tables) text += to_table(table, comparison);
  text +=
      "mean [95 % interval] over rats, which are the same at every point; difference: massaged - contralateral, "
      "paired\n";
  if (!comparison.averaged_over.empty())
    text += fmt::format("of each rat the mean over {}; --where NAME=VALUE takes one value\n",
                        fmt::join(comparison.averaged_over, ", "));
  return text;
}

std::string to_csv(const SweepComparison& comparison) {
  std::string text = "observable,muscle,arm,axis,value,n,quantity,unit,mean,low_95,high_95\n";
  for (const EffectTable& table : comparison.tables) {
    for (const EffectRow& row : table.rows) {
      const std::string value = std::isnan(row.number) ? row.value : fmt::format("{}", row.number);
      const std::array<std::pair<const char*, const Interval*>, 4> quantities{{{"massaged", &row.massaged},
                                                                               {"contralateral", &row.contralateral},
                                                                               {"difference", &row.difference},
                                                                               {"untreated", &row.untreated}}};
      for (const auto& [quantity, interval] : quantities) {
        if (std::isnan(interval->estimate)) continue;
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", quoted(table.observable), quoted(table.muscle),
                            quoted(table.arm), quoted(comparison.along.name), quoted(value), row.n, quantity,
                            quoted(table.unit), csv_number(interval->estimate), csv_number(interval->low),
                            csv_number(interval->high));
      }
    }
  }
  return text;
}

}  // namespace hindlimb::study
