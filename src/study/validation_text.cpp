#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hindlimb/study/validation.hpp"

namespace hindlimb::study {
namespace {

std::string number(double value, const std::string& unit) {
  if (std::isnan(value)) return "";
  return unit == "%" ? fmt::format("{:+.1f}", value) : fmt::format("{:.3f}", value);
}

std::string band(const Fact& fact) {
  if (fact.is_prediction) return "";
  if (std::isinf(fact.low)) return fmt::format("<= {:g}", fact.high);
  if (std::isinf(fact.high)) return fmt::format(">= {:g}", fact.low);
  return fmt::format("{:g} to {:g}", fact.low, fact.high);
}

std::string animals(const Finding& finding) {
  if (std::isnan(finding.animals_low)) return "";
  return fmt::format("{} to {}", number(finding.animals_low, finding.fact.unit),
                     number(finding.animals_high, finding.fact.unit));
}

std::string_view verdict(const Finding& finding) {
  constexpr std::string_view names[] = {"pass", "FAIL", "prediction"};
  return names[static_cast<std::size_t>(finding.verdict)];
}

/// "REM massaged, gastrocnemius_medial, d22"
std::string what(const Fact& fact) {
  const Measurement& m = fact.measurement;
  if (m.arm.empty()) return fact.title;
  std::string text =
      fmt::format("{} {} of {} {}, {:g} d", m.quantity.name, scenario::muscle_names[static_cast<std::size_t>(m.muscle)],
                  m.arm, measured_limb_names[static_cast<std::size_t>(m.limb)], to_days(m.time));
  for (const auto& [key, value] : fact.animals) text += fmt::format(", {} {}", key, value);
  return text;
}

std::string summary(const std::vector<Finding>& findings) {
  const auto count = [&](Verdict verdict) { return std::ranges::count(findings, verdict, &Finding::verdict); };
  const auto predictions = count(Verdict::prediction);
  return fmt::format("{} passed, {} failed; {} prediction{}", count(Verdict::pass), count(Verdict::fail), predictions,
                     predictions == 1 ? ", which never passes" : "s, which never pass");
}

}  // namespace

std::string to_table(const std::vector<Finding>& findings) {
  std::string text = fmt::format("{:>4}  {:<70} {:>14} {:>10} {:>20}  {:<10}  {}\n", "fact", "quantity", "band",
                                 "simulated", "95 % of rats", "verdict", "source");
  for (const Finding& finding : findings) {
    text += fmt::format("{:>4}  {:<70} {:>14} {:>10} {:>20}  {:<10}  {}\n", finding.fact.number, what(finding.fact),
                        band(finding.fact), number(finding.simulated, finding.fact.unit), animals(finding),
                        verdict(finding), finding.fact.source);
  }
  return text + fmt::format("{}\n", summary(findings));
}

std::string to_markdown(const std::vector<Finding>& findings) {
  std::string text =
      "| fact | title | quantity | unit | band | simulated | 95 % of rats | verdict | source "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (const Finding& finding : findings) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", finding.fact.number, finding.fact.title,
                        what(finding.fact), finding.fact.unit, band(finding.fact),
                        number(finding.simulated, finding.fact.unit), animals(finding), verdict(finding),
                        finding.fact.source);
  }
  return text + fmt::format("\n{}\n", summary(findings));
}

}  // namespace hindlimb::study
