#include "hindlimb/study/sweep_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/study.hpp"

namespace hindlimb::study {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t n_limbs = 2;

/// A value of an axis, or several that are taken together, and the runs that have it.
struct Level {
  std::string value;
  double number = none;
  std::vector<std::size_t> runs;
};

const AxisValues& axis_named(const SweptRuns& runs, const std::string& name, const std::string& option) {
  const auto found = std::ranges::find(runs.axes, name, &AxisValues::name);
  if (found != runs.axes.end()) return *found;
  std::vector<std::string_view> names;
  for (const AxisValues& axis : runs.axes) names.push_back(axis.name);
  throw InputError({{option, name, "is no axis of this sweep", scenario::suggestion(name, names)}});
}

std::string value_text(const AxisValues& axis, std::size_t run) {
  return axis.texts.empty() ? fmt::format("{:.6g}", axis.numbers[run]) : axis.texts[run];
}

bool has_value(const AxisValues& axis, std::size_t run, const std::string& wanted) {
  if (value_text(axis, run) == wanted) return true;
  if (!axis.texts.empty()) return false;
  double number = none;
  const char* const end = wanted.data() + wanted.size();
  const auto [last, error] = std::from_chars(wanted.data(), end, number);
  return error == std::errc() && last == end && axis.numbers[run] == number;
}

/// The values that runs have, each once; numbers ascend.
std::vector<std::string> values_of(const AxisValues& axis, const std::vector<std::size_t>& runs) {
  std::set<std::pair<double, std::string>> values;
  for (const std::size_t run : runs)
    values.emplace(axis.texts.empty() ? axis.numbers[run] : 0.0, value_text(axis, run));
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const auto& [number, text] : values) texts.push_back(text);
  return texts;
}

/// The runs that --where leaves.
std::vector<std::size_t> chosen_runs(const SweptRuns& runs, const std::vector<std::string>& where) {
  std::vector<std::size_t> chosen(runs.replicates.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  for (const std::string& condition : where) {
    const std::size_t sign = condition.find('=');
    if (sign == std::string::npos || sign == 0)
      throw InputError("--where", fmt::format("'{}' must be NAME=VALUE, such as massage_every_d=2", condition));
    const AxisValues& axis = axis_named(runs, condition.substr(0, sign), "--where");
    const std::string value = condition.substr(sign + 1);
    const std::vector<std::string> there = values_of(axis, chosen);
    std::erase_if(chosen, [&](std::size_t run) { return !has_value(axis, run, value); });
    if (chosen.empty()) {
      const std::string offer = there.size() <= most_values ? fmt::format("values are {}", fmt::join(there, ", "))
                                                            : fmt::format("there are {} values", there.size());
      throw InputError({{"--where", axis.name, fmt::format("no run has the value '{}'", value), offer}});
    }
  }
  return chosen;
}

std::vector<Level> text_levels(const AxisValues& axis, const std::vector<std::size_t>& runs) {
  std::vector<Level> levels;
  for (const std::size_t run : runs) {
    const auto found = std::ranges::find(levels, axis.texts[run], &Level::value);
    (found == levels.end() ? levels.emplace_back(Level{axis.texts[run], none, {}}) : *found).runs.push_back(run);
  }
  return levels;
}

/// Each value, or parts with as many values each where there are too many.
std::vector<Level> number_levels(const AxisValues& axis, const std::vector<std::size_t>& runs, std::size_t bins) {
  std::map<double, std::vector<std::size_t>> by_value;
  for (const std::size_t run : runs) by_value[axis.numbers[run]].push_back(run);
  const std::size_t n_levels = by_value.size() <= most_values ? by_value.size() : std::min(bins, by_value.size());
  std::vector<Level> levels(n_levels);
  std::vector<std::pair<double, double>> ends(n_levels, {none, none});
  std::size_t i = 0;
  for (const auto& [value, members] : by_value) {
    const std::size_t level = i++ * n_levels / by_value.size();
    if (levels[level].runs.empty()) ends[level].first = value;
    ends[level].second = value;
    levels[level].runs.insert(levels[level].runs.end(), members.begin(), members.end());
  }
  for (std::size_t level = 0; level < n_levels; ++level) {
    const auto [low, high] = ends[level];
    double sum = 0.0;
    for (const std::size_t run : levels[level].runs) sum += axis.numbers[run];
    levels[level].number = low == high ? low : sum / static_cast<double>(levels[level].runs.size());
    levels[level].value = low == high ? fmt::format("{:.6g}", low) : fmt::format("{:.4g} to {:.4g}", low, high);
  }
  return levels;
}

/// One observable of one muscle, or of its fibres of one type.
class Numbers {
 public:
  Numbers(const SweptRuns& runs, const SweptObservable& observable, std::size_t muscle, std::size_t type)
      : labels_(runs.labels),
        values_(observable.values),
        muscle_(muscle),
        type_(type),
        types_(observable.by_fibre_type ? labels_.fibre_types.size() : 1) {}

  double at(std::size_t run, std::size_t arm, std::size_t animal, std::size_t limb) const {
    const std::size_t rat = (run * labels_.arms.size() + arm) * labels_.animals.size() + animal;
    return values_[((rat * labels_.muscles.size() + muscle_) * n_limbs + limb) * types_ + type_];
  }
  std::size_t n_animals() const { return labels_.animals.size(); }

 private:
  const sim::Labels& labels_;
  const std::vector<double>& values_;
  std::size_t muscle_;
  std::size_t type_;
  std::size_t types_;
};

/// The limb that is massaged alone in an arm in each run: where none is, the one that is in all other runs.
std::optional<std::vector<std::size_t>> massaged_limbs(const SweptRuns& runs, std::size_t arm,
                                                       const std::vector<std::size_t>& chosen) {
  constexpr std::size_t unknown = n_limbs;
  std::vector<std::size_t> limbs(runs.replicates.size(), unknown);
  std::set<std::size_t> seen;
  const auto massaged = [&](std::size_t run, std::size_t limb) {
    return runs.massaged[(run * runs.labels.arms.size() + arm) * n_limbs + limb] != 0;
  };
  for (std::size_t run = 0; run < limbs.size(); ++run) {
    if (massaged(run, 0) == massaged(run, 1)) continue;
    limbs[run] = massaged(run, 0) ? 0 : 1;
    seen.insert(limbs[run]);
  }
  const bool are_both = std::ranges::any_of(chosen, [&](auto run) { return massaged(run, 0) && massaged(run, 1); });
  if (seen.empty() || are_both) return std::nullopt;
  if (seen.size() == 1) std::ranges::fill(limbs, *seen.begin());
  const bool is_any = std::ranges::any_of(chosen, [&](auto run) { return limbs[run] != unknown; });
  return is_any ? std::optional(limbs) : std::nullopt;
}

/// Means of each rat over runs.
class RatMeans {
 public:
  void add(std::pair<std::int64_t, std::size_t> rat, double value) {
    if (std::isnan(value)) return;
    auto& [sum, n] = sums_[rat];
    sum += value;
    ++n;
  }
  std::vector<double> means() const {
    std::vector<double> all;
    for (const auto& [rat, sum] : sums_) all.push_back(sum.first / static_cast<double>(sum.second));
    return all;
  }

 private:
  std::map<std::pair<std::int64_t, std::size_t>, std::pair<double, std::size_t>> sums_;
};

Interval interval_of(const RatMeans& rats) {
  const std::vector<double> means = rats.means();
  return means.empty() ? Interval{none, none, none} : mean_interval(means);
}

EffectRow effect_row(const SweptRuns& runs, const Numbers& numbers, std::size_t arm,
                     const std::vector<std::size_t>& limbs, std::optional<std::size_t> untreated, const Level& level) {
  RatMeans massaged;
  RatMeans contralateral;
  RatMeans difference;
  RatMeans without;
  for (const std::size_t run : level.runs) {
    for (std::size_t animal = 0; animal < numbers.n_animals(); ++animal) {
      const std::pair rat{runs.replicates[run], animal};
      if (untreated) {
        for (std::size_t limb = 0; limb < n_limbs; ++limb) without.add(rat, numbers.at(run, *untreated, animal, limb));
      }
      if (limbs[run] >= n_limbs) continue;
      const double treated = numbers.at(run, arm, animal, limbs[run]);
      const double other = numbers.at(run, arm, animal, 1 - limbs[run]);
      if (std::isnan(treated) || std::isnan(other)) continue;
      massaged.add(rat, treated);
      contralateral.add(rat, other);
      difference.add(rat, treated - other);
    }
  }
  return {.value = level.value,
          .number = level.number,
          .n = difference.means().size(),
          .massaged = interval_of(massaged),
          .contralateral = interval_of(contralateral),
          .difference = interval_of(difference),
          .untreated = interval_of(without)};
}

std::optional<std::size_t> arm_of(const SweptRuns& runs, const std::string& name) {
  const auto found = std::ranges::find(runs.labels.arms, name);
  if (found == runs.labels.arms.end()) return std::nullopt;
  return static_cast<std::size_t>(found - runs.labels.arms.begin());
}

EffectTable empty_table(const SweptRuns& runs, const SweptObservable& observable, std::size_t muscle, std::size_t type,
                        std::size_t arm) {
  EffectTable table{
      observable.name, observable.long_name, observable.unit, runs.labels.muscles[muscle], runs.labels.arms[arm], {}};
  if (observable.by_fibre_type) {
    table.observable += "." + runs.labels.fibre_types[type];
    table.long_name += ": " + runs.labels.fibre_types[type];
  }
  return table;
}

/// "massage_limb=left": the runs in which one limb is massaged; empty if no axis says which.
std::string one_limb(const SweptRuns& runs) {
  for (const AxisValues& axis : runs.axes) {
    if (!axis.name.ends_with("massage_limb")) continue;
    for (const std::string_view limb : scenario::limb_names) {
      if (std::ranges::find(axis.texts, limb) != axis.texts.end()) return fmt::format("{}={}", axis.name, limb);
    }
  }
  return "";
}

Problem nothing_to_compare(const SweptRuns& runs) {
  const std::string condition = one_limb(runs);
  return {runs.file, "", "there is no arm in which one limb, and one only, is massaged",
          fmt::format("scripts/plot_sweep.py draws both limbs{}",
                      condition.empty() ? "" : fmt::format(", --where {} takes runs in which it is one", condition))};
}

}  // namespace

SweepComparison compare(const SweptRuns& runs, const std::vector<SweptObservable>& observables,
                        const SweepCompareOptions& options) {
  const AxisValues& along = options.along.empty() ? runs.axes.front() : axis_named(runs, options.along, "--along");
  const std::vector<std::size_t> chosen = chosen_runs(runs, options.where);
  const std::vector<Level> levels =
      along.texts.empty() ? number_levels(along, chosen, options.bins) : text_levels(along, chosen);
  SweepComparison comparison{{along.name, along.unit, {}, {}}, runs.untreated, {}, {}};
  for (const AxisValues& axis : runs.axes) {
    if (axis.name != along.name && values_of(axis, chosen).size() > 1) comparison.averaged_over.push_back(axis.name);
  }
  const std::optional<std::size_t> untreated = arm_of(runs, runs.untreated);
  for (const SweptObservable& observable : observables) {
    const std::size_t types = observable.by_fibre_type ? runs.labels.fibre_types.size() : 1;
    for (std::size_t muscle = 0; muscle < runs.labels.muscles.size(); ++muscle) {
      for (std::size_t type = 0; type < types; ++type) {
        for (std::size_t arm = 0; arm < runs.labels.arms.size(); ++arm) {
          const auto limbs = massaged_limbs(runs, arm, chosen);
          if (!limbs) continue;
          EffectTable table = empty_table(runs, observable, muscle, type, arm);
          const Numbers numbers(runs, observable, muscle, type);
          for (const Level& level : levels)
            table.rows.push_back(effect_row(runs, numbers, arm, *limbs, untreated, level));
          comparison.tables.push_back(std::move(table));
        }
      }
    }
  }
  if (comparison.tables.empty()) throw InputError({nothing_to_compare(runs)});
  return comparison;
}

}  // namespace hindlimb::study
