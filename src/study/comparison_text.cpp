#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/study/comparison.hpp"
#include "study/text_table.hpp"

namespace hindlimb::study {
namespace {

constexpr int percent_decimals = 1;

std::string limb_label(const ArmRow& row) {
  if (row.role == LimbRole::massaged) return row.limb + ", massaged";
  if (row.role == LimbRole::contralateral) return row.limb + ", contralateral";
  return row.limb;
}

int decimals_of(const ComparisonTable& table) {
  std::vector<double> means;
  for (const ArmRow& row : table.rows) means.push_back(row.mean);
  return decimals_for(means);
}

std::string arms_text(const ComparisonTable& table, const Comparison& comparison) {
  const int decimals = decimals_of(table);
  const char* rats = comparison.pairing == Pairing::common ? "same rats" : "independent rats";
  std::vector<Align> alignment{Align::left,  Align::left,  Align::right, Align::right, Align::right,
                               Align::right, Align::right, Align::right, Align::left};
  Cells heading{"arm", "limb", "day", "n", "mean", "+-", "SD"};
  if (!comparison.control.empty())
    heading.push_back("% of " + comparison.control);
  else
    alignment.erase(alignment.end() - 2);
  std::vector<Cells> lines;
  if (!comparison.untreated.empty()) {
    lines.push_back(Cells(heading.size()));
    lines.back().push_back("% of " + comparison.untreated);
    heading.push_back(fmt::format("[95 % interval, {}]", rats));
  } else {
    alignment.pop_back();
  }
  lines.push_back(std::move(heading));
  for (const ArmRow& row : table.rows) {
    Cells cells{row.arm,
                limb_label(row),
                fmt::format("{:.6g}", row.day_d),
                fmt::format("{}", row.n),
                number(row.mean, decimals),
                "+-",
                number(row.sd, decimals)};
    if (!comparison.control.empty()) cells.push_back(number(row.percent_of_control, percent_decimals));
    if (!comparison.untreated.empty()) cells.push_back(interval(row.percent_of_untreated, percent_decimals));
    lines.push_back(std::move(cells));
  }
  return aligned(lines, alignment);
}

std::string differences_text(const ComparisonTable& table, const Comparison& comparison) {
  if (table.differences.empty()) return "";
  const int decimals = decimals_of(table);
  std::vector<Align> alignment{Align::left, Align::left, Align::right, Align::right, Align::left, Align::left};
  Cells heading{"arm", "massaged - contralateral", "day", "n", table.unit + " [95 % interval]"};
  if (!comparison.untreated.empty())
    heading.push_back(fmt::format("points of {} [95 % interval]", comparison.untreated));
  else
    alignment.pop_back();

  std::vector<Cells> lines{heading};
  for (const DifferenceRow& row : table.differences) {
    Cells cells{row.arm, row.massaged + " - " + row.contralateral, fmt::format("{:.6g}", row.day_d),
                fmt::format("{}", row.n), interval(row.difference, decimals)};
    if (!comparison.untreated.empty()) cells.push_back(interval(row.points, percent_decimals));
    lines.push_back(std::move(cells));
  }
  return '\n' + aligned(lines, alignment);
}

std::string exact(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

/// What the lines of one row have in common.
std::string row_start(const ComparisonTable& table, const std::string& arm, const std::string& limb,
                      const char* massage, double day_d, std::size_t n) {
  return fmt::format("{},{},{},{},{},{},{}", quoted(table.observable), quoted(table.muscle), quoted(arm), quoted(limb),
                     massage, exact(day_d), n);
}

std::string line(const std::string& start, const std::string& quantity, const std::string& unit,
                 const Interval& value) {
  return fmt::format("{},{},{},{},{},{}\n", start, quantity, quoted(unit), exact(value.estimate), exact(value.low),
                     exact(value.high));
}

std::string line(const std::string& start, const std::string& quantity, const std::string& unit, double value) {
  return line(start, quantity, unit, Interval{value, NAN, NAN});
}

std::string csv_of(const ArmRow& row, const ComparisonTable& table, const Comparison& comparison) {
  static constexpr const char* massage[] = {"none", "massaged", "contralateral"};
  const std::string start =
      row_start(table, row.arm, row.limb, massage[static_cast<std::size_t>(row.role)], row.day_d, row.n);
  std::string text = line(start, "mean", table.unit, row.mean) + line(start, "sd", table.unit, row.sd);
  if (!comparison.control.empty()) text += line(start, "percent_of_control", "%", row.percent_of_control);
  if (!comparison.untreated.empty()) text += line(start, "percent_of_untreated", "%", row.percent_of_untreated);
  return text;
}

std::string csv_of(const DifferenceRow& row, const ComparisonTable& table, const Comparison& comparison) {
  const std::string start =
      row_start(table, row.arm, row.massaged + " - " + row.contralateral, "massaged - contralateral", row.day_d, row.n);
  std::string text = line(start, "difference", table.unit, row.difference);
  if (!comparison.untreated.empty()) text += line(start, "difference_in_points_of_untreated", "%", row.points);
  return text;
}

}  // namespace

std::string to_table(const Comparison& comparison) {
  std::string text;
  for (const ComparisonTable& table : comparison.tables) {
    if (!text.empty()) text += "\n\n";
    text += fmt::format("{} ({}), {}\n\n", table.long_name, table.unit, table.muscle);
    text += arms_text(table, comparison) + differences_text(table, comparison);
  }
  return text;
}

std::string to_csv(const Comparison& comparison) {
  std::string text = "observable,muscle,arm,limb,massage,day_d,n,quantity,unit,value,low_95,high_95\n";
  for (const ComparisonTable& table : comparison.tables) {
    for (const ArmRow& row : table.rows) text += csv_of(row, table, comparison);
    for (const DifferenceRow& row : table.differences) text += csv_of(row, table, comparison);
  }
  return text;
}

}  // namespace hindlimb::study
