#include "app/fit_file.hpp"

#include "hindlimb/io/table_file.hpp"

namespace hindlimb::app {
namespace {

using io::TableVariable;

/// One label or number of each element.
template <class Elements, class Function>
auto each(const Elements& elements, Function function) {
  std::vector<decltype(function(elements[0]))> result;
  result.reserve(elements.size());
  for (const auto& element : elements) result.push_back(function(element));
  return result;
}

std::vector<io::TableAxis> axes_of(const study::FitPlan& plan, const study::Fit& fit) {
  const auto parameters = each(fit.estimates, [](const study::Estimate& estimate) { return estimate.name; });
  const auto data = each(plan.data, [](const study::Datum& datum) {
    return datum.row.empty() ? datum.label : datum.row + " " + datum.label;
  });
  const auto searches = each(fit.searches, [](const study::Search& search) { return std::to_string(search.start); });
  return {{"parameter", "fitted parameter", parameters},
          {"other_parameter", "fitted parameter", parameters},
          {"datum", "what was fitted to", data},
          {"search", "number of the start", searches}};
}

std::vector<TableVariable> of_parameters(const study::Fit& fit) {
  using study::Estimate;
  const auto variable = [&](const char* name, const char* long_name, double Estimate::*field) {
    const auto values = each(fit.estimates, [field](const Estimate& estimate) { return estimate.*field; });
    return TableVariable{name, "1", long_name, {"parameter"}, values};
  };
  return {variable("value", "value at the optimum, in the unit of the parameter", &Estimate::value),
          variable("low", "lower 95 % limit by curvature", &Estimate::low),
          variable("high", "upper 95 % limit by curvature", &Estimate::high),
          variable("profile_low", "lower 95 % limit by profile likelihood", &Estimate::profile_low),
          variable("profile_high", "upper 95 % limit by profile likelihood", &Estimate::profile_high),
          variable("shrinkage", "posterior over prior standard deviation of the logarithm", &Estimate::shrinkage),
          variable("profile_shrinkage", "the same by profile likelihood", &Estimate::profile_shrinkage)};
}

TableVariable correlation_of(const study::Fit& fit) {
  std::vector<double> values;
  for (Eigen::Index i = 0; i < fit.correlation.rows(); ++i)
    for (Eigen::Index j = 0; j < fit.correlation.cols(); ++j) values.push_back(fit.correlation(i, j));
  return {"correlation", "1", "correlation of the logarithms", {"parameter", "other_parameter"}, values};
}

std::vector<TableVariable> of_data(const study::Fit& fit) {
  using study::Residual;
  const auto simulated = each(fit.residuals, [](const Residual& residual) { return residual.simulated; });
  const auto residuals = each(fit.residuals, [](const Residual& residual) { return residual.residual; });
  return {{"simulated", "1", "simulated at the optimum, in the unit of the datum", {"datum"}, simulated},
          {"residual", "1", "residual in standard deviations", {"datum"}, residuals}};
}

std::vector<TableVariable> of_searches(const study::Fit& fit) {
  std::vector<double> found;
  for (const study::Search& search : fit.searches) {
    found.insert(found.end(), search.values.begin(), search.values.end());
  }
  const auto costs = each(fit.searches, [](const study::Search& search) { return search.cost; });
  return {{"cost", "1", "half the sum of squared residuals at the end of the search", {"search"}, costs},
          {"found", "1", "parameters at the end of the search", {"search", "parameter"}, found}};
}

}  // namespace

void write_fit(const std::filesystem::path& file, const study::FitPlan& plan, const study::Fit& fit,
               const std::map<std::string, std::string>& attributes) {
  std::vector<TableVariable> variables = of_parameters(fit);
  variables.push_back(correlation_of(fit));
  for (const auto& more : {of_data(fit), of_searches(fit)}) variables.insert(variables.end(), more.begin(), more.end());
  io::write_table(file, attributes, axes_of(plan, fit), variables);
}

}  // namespace hindlimb::app
