#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hindlimb/study/fit.hpp"

namespace hindlimb::study {
namespace {

std::string limits(const Datum& datum) {
  if (datum.kind == DatumKind::value) return fmt::format("{:.4g}", datum.value);
  if (!datum.low) return fmt::format("<= {:g}", *datum.high);
  if (!datum.high) return fmt::format(">= {:g}", *datum.low);
  return fmt::format("{:g} to {:g}", *datum.low, *datum.high);
}

std::string interval(double low, double high) {
  return std::isnan(low) ? "" : fmt::format("{:.3g} to {:.3g}", low, high);
}

std::string parameter_rows(const Fit& fit) {
  std::string text =
      "| parameter | value | 95 % by curvature | 95 % by profile | posterior / prior sd by curvature, by profile | "
      "verdict "
      "|\n|---|---|---|---|---|---|\n";
  for (const Estimate& e : fit.estimates) {
    text += fmt::format("| `{}` | {:.4g}{} | {} | {} | {:.2f}, {} | {} |\n", e.name, e.value,
                        e.is_at_bound ? " (at its bound)" : "", interval(e.low, e.high),
                        interval(e.profile_low, e.profile_high), e.shrinkage,
                        std::isnan(e.profile_shrinkage) ? "-" : fmt::format("{:.2f}", e.profile_shrinkage),
                        identifiability_names[static_cast<std::size_t>(e.verdict)]);
  }
  return text;
}

std::string residual_rows(const FitPlan& plan, const Fit& fit) {
  std::string text =
      "| row | quantity | kind | datum | sd | simulated | residual (sd) |\n|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < plan.data.size(); ++i) {
    const Datum& datum = plan.data[i];
    text +=
        fmt::format("| {} | {} | {} | {} | {:.3g} | {:.4g} | {:+.2f} |\n", datum.row.empty() ? datum.source : datum.row,
                    datum.label, datum_kind_names[static_cast<std::size_t>(datum.kind)], limits(datum), datum.sigma,
                    fit.residuals[i].simulated, fit.residuals[i].residual);
  }
  return text;
}

std::string correlations(const Fit& fit) {
  constexpr double strong = 0.7;
  std::string text;
  for (Eigen::Index i = 0; i < fit.correlation.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      if (std::fabs(fit.correlation(i, j)) < strong) continue;
      text += fmt::format("* {} and {}: {:+.2f}\n", fit.estimates[static_cast<std::size_t>(j)].name,
                          fit.estimates[static_cast<std::size_t>(i)].name, fit.correlation(i, j));
    }
  }
  return text.empty() ? "None beyond 0.7.\n" : text;
}

std::string names_with(const Fit& fit, Identifiability verdict) {
  std::vector<std::string> names;
  for (const Estimate& e : fit.estimates) {
    if (e.verdict == verdict) names.push_back(e.name);
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::string searches(const Fit& fit) {
  std::string text;
  std::int64_t failures = 0;
  for (const Search& search : fit.searches) {
    text += fmt::format("{}{:.5g}{}", text.empty() ? "" : ", ", search.cost,
                        search.has_converged ? "" : " (not converged)");
    failures += search.failed_evaluations;
  }
  return fmt::format("{} searches ended at costs of {}; {} sets of parameters met a failing simulation.\n",
                     fit.searches.size(), text, failures);
}

}  // namespace

std::string to_parameter_file(const FitPlan& plan, const Fit& fit) {
  std::string text = fmt::format(
      "# Written by `hindlimb fit`: {}\n# Name it in a study:  [parameters]  file = \"...\"\n\n[parameters]\n",
      plan.title);
  const auto limit = [](double value, double bound) {
    constexpr double same = 1e-6;
    return fmt::format("{:.3g}{}", value, std::fabs(std::log(value / bound)) < same ? " (the bound)" : "");
  };
  for (std::size_t i = 0; i < fit.estimates.size(); ++i) {
    const Estimate& e = fit.estimates[i];
    const bool has_profile = !std::isnan(e.profile_low);
    text += fmt::format("{} = {:.6g} # 95 % {} to {}, {}\n", e.name, e.value,
                        limit(has_profile ? e.profile_low : e.low, *plan.parameters[i].low),
                        limit(has_profile ? e.profile_high : e.high, *plan.parameters[i].high),
                        identifiability_names[static_cast<std::size_t>(e.verdict)]);
  }
  return text;
}

std::string to_report(const FitPlan& plan, const Fit& fit) {
  const double cost = fit.searches[fit.best].cost;
  std::string text = fmt::format("{} parameters, {} data; twice the cost is {:.2f}. {}\n", plan.parameters.size(),
                                 plan.data.size(), 2.0 * cost, searches(fit));
  text += "## Parameters\n\n" + parameter_rows(fit);
  text += "\n## Residuals\n\n" + residual_rows(plan, fit);
  text += "\n## What the data tell\n\n";
  text += fmt::format(
      "Identified (posterior below half of the prior): {}.\n\nPartly (below 0.9): {}.\n\nNot identified (the value "
      "is mostly the prior's): {}.\n\n",
      names_with(fit, Identifiability::identified), names_with(fit, Identifiability::partly),
      names_with(fit, Identifiability::not_identified));
  text += fmt::format(
      "By curvature at the optimum, the data tell {1} of {0} directions better than the prior; bands that are well met "
      "have no slope there and count for nothing in this. The others, least told first, with the parameters that "
      "take part most:\n\n",
      fit.information.size(), (fit.information.array() >= 1.0).count());
  for (const std::string& direction : fit.trade_offs) text += fmt::format("* {}\n", direction);
  text += "\n## Correlations\n\n" + correlations(fit);
  text += "\n## Rows not used\n\n";
  for (const Unused& unused : plan.unused)
    text += fmt::format("* {}: {}\n", fmt::join(unused.rows, ", "), unused.reason);
  for (const std::string& remark : plan.remarks) text += fmt::format("* {}\n", remark);
  return text;
}

}  // namespace hindlimb::study
