#include "hindlimb/study/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::study {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double half_a_minute_d = 0.5 / 1440.0;  ///< study time is whole minutes
constexpr std::size_t most_days_listed = 24;

/// The numbers of one observable of one muscle, by arm, limb and time; of one fibre type where it has several.
struct Values {
  const sim::Labels& labels;
  const std::vector<double>& all;
  std::size_t muscle;
  std::size_t types = 1;
  std::size_t type = 0;

  /// One number per animal, NaN where there is none.
  std::vector<double> of(std::size_t arm, std::size_t limb, std::size_t time) const {
    std::vector<double> animals(labels.animals.size());
    for (std::size_t animal = 0; animal < animals.size(); ++animal)
      animals[animal] = all[labels.index(arm, animal, muscle, limb, 0) * types + type * labels.times_d.size() + time];
    return animals;
  }
};

/// What the rows are compared with.
struct References {
  std::optional<std::size_t> control;
  std::optional<std::size_t> untreated;
  Pairing pairing;
};

std::vector<double> finite(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  return values;
}

/// Only the rats that have a number in both samples.
void keep_pairs(std::vector<double>& first, std::vector<double>& second) {
  for (std::size_t i = 0; i < first.size(); ++i)
    if (!std::isfinite(first[i]) || !std::isfinite(second[i])) first[i] = second[i] = none;
  first = finite(std::move(first));
  second = finite(std::move(second));
}

Interval scaled(const Interval& interval, double factor) {
  return {interval.estimate * factor, interval.low * factor, interval.high * factor};
}

std::string attribute(const sim::Results& results, const std::string& name) {
  const auto found = results.attributes.find(name);
  return found == results.attributes.end() ? "" : found->second;
}

std::optional<std::size_t> arm_named_by(const sim::Results& results, const std::string& name) {
  const std::string arm = attribute(results, name);
  if (arm.empty()) return std::nullopt;
  const auto found = std::ranges::find(results.labels.arms, arm);
  if (found == results.labels.arms.end())
    throw Error(fmt::format("the attribute '{}' names '{}', which is no arm of these results", name, arm));
  return static_cast<std::size_t>(found - results.labels.arms.begin());
}

/// All recorded days, or where they are too many the nearest two.
std::string days_to_offer(const std::vector<double>& times_d, double day) {
  if (times_d.size() <= most_days_listed) return fmt::format("recorded days are {}", fmt::join(times_d, ", "));
  const auto after = std::ranges::lower_bound(times_d, day);
  const auto before = after == times_d.begin() ? after : after - 1;
  return fmt::format("days are recorded from {} to {}, the nearest {} and {}", times_d.front(), times_d.back(), *before,
                     after == times_d.end() ? *before : *after);
}

bool has_number(const Values& values, std::size_t arm, std::size_t time) {
  for (std::size_t limb = 0; limb < values.labels.limbs.size(); ++limb)
    if (!finite(values.of(arm, limb, time)).empty()) return true;
  return false;
}

/// The last time at which any rat of the arm has a number; the first if there is none at all.
std::size_t last_time(const Values& values, std::size_t arm) {
  std::size_t time = values.labels.times_d.size() - 1;
  while (time > 0 && !has_number(values, arm, time)) --time;
  return time;
}

LimbRole role_of(const sim::Labels& labels, std::size_t arm, std::size_t limb) {
  const std::size_t limbs = labels.limbs.size();
  const auto massaged = [&](std::size_t index) { return labels.massaged[arm * limbs + index] != 0; };
  if (massaged(limb)) return LimbRole::massaged;
  for (std::size_t other = 0; other < limbs; ++other)
    if (massaged(other)) return LimbRole::contralateral;
  return LimbRole::plain;
}

Interval percent_of_untreated(const Values& values, const References& references, std::size_t arm, std::size_t limb,
                              std::size_t time) {
  if (!references.untreated) return {none, none, none};
  std::vector<double> treated = values.of(arm, limb, time);
  std::vector<double> untreated = values.of(*references.untreated, limb, time);
  if (references.pairing == Pairing::common) keep_pairs(treated, untreated);
  treated = finite(std::move(treated));
  untreated = finite(std::move(untreated));
  if (treated.empty() || untreated.empty()) return {none, none, none};
  if (arm == *references.untreated) return {100.0, none, none};
  return scaled(ratio_interval(treated, untreated, references.pairing), 100.0);
}

ArmRow arm_row(const Values& values, const References& references, std::size_t arm, std::size_t limb,
               std::size_t time) {
  const sim::Labels& labels = values.labels;
  const std::vector<double> sample = finite(values.of(arm, limb, time));
  const double control = references.control ? mean(finite(values.of(*references.control, limb, time))) : none;
  return {.arm = labels.arms[arm],
          .limb = labels.limbs[limb],
          .role = role_of(labels, arm, limb),
          .day_d = labels.times_d[time],
          .n = sample.size(),
          .mean = mean(sample),
          .sd = sd(sample),
          .percent_of_control = 100.0 * mean(sample) / control,
          .percent_of_untreated = percent_of_untreated(values, references, arm, limb, time)};
}

/// Mean over the rats and both limbs of the untreated arm; NaN if there is none or it has ended.
double untreated_mean(const Values& values, const References& references, std::size_t time) {
  if (!references.untreated) return none;
  std::vector<double> all;
  for (std::size_t limb = 0; limb < values.labels.limbs.size(); ++limb) {
    const std::vector<double> sample = finite(values.of(*references.untreated, limb, time));
    all.insert(all.end(), sample.begin(), sample.end());
  }
  return mean(all);
}

/// The massaged limb and the other one, if one and only one is massaged.
std::optional<std::pair<std::size_t, std::size_t>> massaged_and_contralateral(const sim::Labels& labels,
                                                                              std::size_t arm) {
  if (labels.limbs.size() != 2) return std::nullopt;
  if (role_of(labels, arm, 0) == LimbRole::contralateral) return {{1, 0}};
  if (role_of(labels, arm, 1) == LimbRole::contralateral) return {{0, 1}};
  return std::nullopt;
}

DifferenceRow difference_row(const Values& values, const References& references, std::size_t arm,
                             std::pair<std::size_t, std::size_t> limbs, std::size_t time) {
  const sim::Labels& labels = values.labels;
  std::vector<double> massaged = values.of(arm, limbs.first, time);
  std::vector<double> contralateral = values.of(arm, limbs.second, time);
  keep_pairs(massaged, contralateral);
  std::vector<double> differences(massaged.size());
  std::ranges::transform(massaged, contralateral, differences.begin(), std::minus<>());
  const Interval difference = mean_interval(differences);
  return {.arm = labels.arms[arm],
          .massaged = labels.limbs[limbs.first],
          .contralateral = labels.limbs[limbs.second],
          .day_d = labels.times_d[time],
          .n = differences.size(),
          .difference = difference,
          .points = scaled(difference, 100.0 / untreated_mean(values, references, time))};
}

ComparisonTable table_of(const sim::Series& series, const Values& values, const References& references,
                         std::optional<std::size_t> common_time) {
  const sim::Labels& labels = values.labels;
  ComparisonTable table{series.name, series.long_name, series.unit, labels.muscles[values.muscle], {}, {}};
  if (series.by_fibre_type) {
    table.observable += "." + labels.fibre_types[values.type];
    table.long_name += ": " + labels.fibre_types[values.type];
  }
  for (std::size_t arm = 0; arm < labels.arms.size(); ++arm) {
    const std::size_t time = common_time ? *common_time : last_time(values, arm);
    for (std::size_t limb = 0; limb < labels.limbs.size(); ++limb)
      table.rows.push_back(arm_row(values, references, arm, limb, time));
    if (const auto limbs = massaged_and_contralateral(labels, arm))
      table.differences.push_back(difference_row(values, references, arm, *limbs, time));
  }
  return table;
}

}  // namespace

std::size_t recorded_time(const std::vector<double>& times_d, double day) {
  const auto found =
      std::ranges::find_if(times_d, [day](double time_d) { return std::abs(time_d - day) < half_a_minute_d; });
  if (found != times_d.end()) return static_cast<std::size_t>(found - times_d.begin());
  throw InputError({Problem{"", "day", fmt::format("{} was not recorded", day), days_to_offer(times_d, day)}});
}

Comparison compare(const sim::Results& results, const CompareOptions& options) {
  const bool same_rats = attribute(results, "pairing") == "common";
  const References references{.control = arm_named_by(results, "control"),
                              .untreated = arm_named_by(results, "untreated"),
                              .pairing = same_rats ? Pairing::common : Pairing::independent};
  std::optional<std::size_t> time;
  if (options.day) time = recorded_time(results.labels.times_d, *options.day);
  Comparison comparison{attribute(results, "control"), attribute(results, "untreated"), references.pairing, {}};
  for (const std::string& observable : options.observables) {
    const sim::Series& series = results.find(observable);
    const std::size_t types = series.by_fibre_type ? results.labels.fibre_types.size() : 1;
    for (std::size_t muscle = 0; muscle < results.labels.muscles.size(); ++muscle)
      for (std::size_t type = 0; type < types; ++type)
        comparison.tables.push_back(
            table_of(series, {results.labels, series.values, muscle, types, type}, references, time));
  }
  return comparison;
}

}  // namespace hindlimb::study
