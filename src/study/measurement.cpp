#include "hindlimb/study/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/protocol.hpp"

namespace hindlimb::study {
namespace {

using muscle::Observable;

/// Names of the field that are not the name of an observable.
struct Alias {
  std::string_view name;
  Observable observable;
};
constexpr Alias aliases[] = {
    {"mass", Observable::wet_mass},
    {"neutrophil", Observable::neutrophils},
};

struct Ending {
  std::string_view text;
  Form form;
  Over over;
};
/// The longest that fits counts.
constexpr Ending endings[] = {
    {"_peak_ratio", Form::ratio, Over::phase_largest},
    {"_mean_ratio", Form::ratio, Over::phase_mean},
    {"_ratio_max", Form::ratio, Over::phase_largest},
    {"_ratio", Form::ratio, Over::day},
    {"_change", Form::percent_change, Over::day},
    {"_cv", Form::variation, Over::day},
    {"", Form::value, Over::day},
};

/// An observable that is one number.
std::optional<Observable> observable_named(std::string_view name) {
  for (const Alias& alias : aliases) {
    if (alias.name == name) return alias.observable;
  }
  for (std::size_t i = 0; i < muscle::n_observables; ++i) {
    const muscle::ObservableInfo& info = muscle::observable_table[i];
    if (info.name == name && info.width == 1) return static_cast<Observable>(i);
  }
  return std::nullopt;
}

/// Fluxes of RNA are measured over a labelling time, not at an instant.
Over usual_time(Observable observable, Over over) {
  const bool is_flux = observable == Observable::rna_synthesis || observable == Observable::rna_degradation;
  return is_flux && over == Over::day ? Over::phase_mean : over;
}

constexpr Minutes grid{72};  // 0.05 d

}  // namespace

Quantity quantity_named(const std::string& name, const Place& where) {
  for (const Ending& ending : endings) {
    if (!name.ends_with(ending.text)) continue;
    const auto observable = observable_named(std::string_view(name).substr(0, name.size() - ending.text.size()));
    if (observable) return {name, *observable, ending.form, usual_time(*observable, ending.over)};
  }
  std::vector<std::string> names;
  for (const muscle::ObservableInfo& info : muscle::observable_table) {
    for (const Ending& ending : endings) {
      if (info.width == 1) names.push_back(fmt::format("{}{}", info.name, ending.text));
    }
  }
  throw InputError(
      {{where, name,
        "is no quantity: an observable, alone or with _ratio, _change, _peak_ratio, _mean_ratio, _ratio_max or _cv",
        scenario::suggestion(name, {names.begin(), names.end()})}});
}

std::optional<scenario::Limb> treated_limb(const scenario::Arm& arm) {
  using scenario::Limb;
  const auto is_treated = [&](Limb limb) {
    const bool any_massage = scenario::is_massaged(arm, Limb::left) || scenario::is_massaged(arm, Limb::right);
    return any_massage ? scenario::is_massaged(arm, limb) : !scenario::sessions_of(arm, limb).empty();
  };
  const bool left = is_treated(Limb::left);
  if (left == is_treated(Limb::right)) return std::nullopt;
  return left ? Limb::left : Limb::right;
}

std::string missing_limb(MeasuredLimb limb, const scenario::Arm& arm) {
  const bool needs_treatment =
      limb == MeasuredLimb::massaged || limb == MeasuredLimb::contralateral || limb == MeasuredLimb::difference;
  if (!needs_treatment || treated_limb(arm)) return "";
  return fmt::format("is '{}', but in arm '{}' no limb or both are treated",
                     measured_limb_names[static_cast<std::size_t>(limb)], arm.name);
}

std::vector<Minutes> times_needed(const std::vector<Measurement>& measurements, const scenario::Study& study) {
  std::set<Minutes> times;
  for (const Measurement& m : measurements) {
    times.insert(m.time);
    if (m.reference_time) times.insert(*m.reference_time);
    if (m.quantity.over == Over::day) continue;
    for (const scenario::Arm& arm : study.arms) {
      if (arm.name != m.arm && arm.name != m.reference_arm) continue;
      for (std::size_t i = 0; i < arm.phases.size(); ++i) times.insert(start_of(arm, i));
    }
    const Minutes last = std::max(m.time, m.reference_time.value_or(m.time));
    for (Minutes time{0}; time < last; time += grid) times.insert(time);
  }
  return {times.begin(), times.end()};
}

}  // namespace hindlimb::study
