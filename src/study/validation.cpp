#include "hindlimb/study/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/keys.hpp"
#include "hindlimb/sim/run.hpp"
#include "hindlimb/study/statistics.hpp"

namespace hindlimb::study {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One run of one muscle, read as the mean over rats or as one of them.
class Source {
 public:
  Source(const scenario::Study& study, const sim::Results& results) : study_(study), results_(results) {}

  /// The same, of one rat only.
  Source of_animal(std::size_t animal) const {
    Source source = *this;
    source.animal_ = animal;
    return source;
  }

  std::vector<double> animals(const std::string& arm, scenario::Limb limb, muscle::Observable observable,
                              Minutes time) const {
    const sim::Labels& labels = results_.labels;
    const std::vector<double>& values = series(observable).values;
    std::vector<double> result;
    for (std::size_t animal = 0; animal < labels.animals.size(); ++animal) {
      result.push_back(values[labels.index(index_of(arm), animal, 0, static_cast<std::size_t>(limb), index_of(time))]);
    }
    return result;
  }

  double value(const std::string& arm, scenario::Limb limb, muscle::Observable observable, Minutes time) const {
    if (!animal_) return mean(animals(arm, limb, observable, time));
    return series(observable)
        .values[results_.labels.index(index_of(arm), *animal_, 0, static_cast<std::size_t>(limb), index_of(time))];
  }

  std::vector<Minutes> times(const std::string&, Minutes from, Minutes to) const {
    std::vector<Minutes> all = scenario::recorded_times(study_);
    std::erase_if(all, [from, to](Minutes time) { return time < from || time > to; });
    return all;
  }

  const scenario::Arm& arm(const std::string& name) const { return study_.arms[index_of(name)]; }

 private:
  const sim::Series& series(muscle::Observable observable) const {
    return results_.find(std::string(muscle::observable_table[static_cast<std::size_t>(observable)].name));
  }
  std::size_t index_of(const std::string& arm) const {
    return static_cast<std::size_t>(std::ranges::find(results_.labels.arms, arm) - results_.labels.arms.begin());
  }
  std::size_t index_of(Minutes time) const {
    const auto found = std::ranges::lower_bound(results_.labels.times_d, to_days(time));
    return static_cast<std::size_t>(found - results_.labels.times_d.begin());
  }

  const scenario::Study& study_;
  const sim::Results& results_;
  std::optional<std::size_t> animal_;
};

/// Facts that are read from the same run: one muscle of one kind of animal.
using Group = std::vector<std::size_t>;
using GroupKey = std::pair<scenario::MuscleName, std::vector<std::pair<std::string, std::string>>>;

std::map<GroupKey, Group> groups_of(const std::vector<Fact>& facts) {
  std::map<GroupKey, Group> groups;
  for (std::size_t i = 0; i < facts.size(); ++i) groups[{facts[i].measurement.muscle, facts[i].animals}].push_back(i);
  return groups;
}

/// The part of the study that a group needs: its muscle, arms, times and observables.
scenario::Study study_for(const scenario::Study& study, const GroupKey& key,
                          const std::vector<Measurement>& measurements) {
  scenario::Study part = study;
  part.muscles = {key.first};
  for (const auto& [name, value] : key.second) {
    const auto animal_key = std::ranges::find(scenario::keys<scenario::Animals>(), name, &scenario::KeyInfo::name);
    if (animal_key == scenario::keys<scenario::Animals>().end())
      throw InputError("facts", fmt::format("'{}' is no key of [animals]", name));
    const bool is_number = animal_key->type == scenario::KeyType::number;
    animal_key->set(part.animals, is_number ? scenario::Value(std::stod(value)) : scenario::Value(value));
  }
  const auto is_needed = [&](const scenario::Arm& arm) {
    return std::ranges::any_of(measurements,
                               [&](const Measurement& m) { return m.arm == arm.name || m.reference_arm == arm.name; });
  };
  // An arm without an end of its own keeps the horizon of the whole study.
  const Minutes end = horizon(study);
  std::erase_if(part.arms, [&](const scenario::Arm& arm) { return !is_needed(arm); });
  for (scenario::Arm& arm : part.arms) {
    scenario::Phase& last = arm.phases.back();
    if (!last.duration) last.duration = end - start_of(arm, arm.phases.size() - 1);
  }
  part.record.times = times_needed(measurements, part);
  part.record.observables.clear();
  for (const Measurement& m : measurements) {
    if (std::ranges::find(part.record.observables, m.quantity.observable) == part.record.observables.end()) {
      part.record.observables.push_back(m.quantity.observable);
    }
  }
  return part;
}

double variation(const Measurement& m, const Source& source) {
  double sum = 0.0;
  for (const scenario::Limb limb : scenario::limbs) {
    const std::vector<double> values = source.animals(m.arm, limb, m.quantity.observable, m.time);
    sum += sd(values) / mean(values);
  }
  return sum / static_cast<double>(scenario::limbs.size());
}

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Finding find(const Fact& fact, const Source& source, std::size_t n_animals) {
  const Measurement& m = fact.measurement;
  Finding finding{fact, nan, nan, nan, Verdict::prediction};
  if (m.quantity.form == Form::variation) {
    finding.simulated = variation(m, source);
  } else {
    finding.simulated = Reading<Source, double>(m, source).value();
    std::vector<double> animals(n_animals);
    for (std::size_t i = 0; i < n_animals; ++i) {
      const Source animal = source.of_animal(i);
      animals[i] = Reading<Source, double>(m, animal).value();
    }
    std::ranges::sort(animals);
    finding.animals_low = quantile(animals, 0.025);
    finding.animals_high = quantile(animals, 0.975);
  }
  if (!fact.is_prediction) {
    finding.verdict = finding.simulated >= fact.low && finding.simulated <= fact.high ? Verdict::pass : Verdict::fail;
  }
  return finding;
}

/// Soleus loses more than gastrocnemius, that as much as TA or more, that more than EDL; as the least difference.
void add_order(std::vector<Finding>& findings) {
  using scenario::MuscleName;
  std::map<MuscleName, double> lost;
  constexpr Minutes day_14{14 * 1440};
  for (const Finding& finding : findings) {
    const Measurement& m = finding.fact.measurement;
    const bool is_loss =
        m.quantity.observable == muscle::Observable::wet_mass && m.quantity.form == Form::percent_change;
    if (is_loss && m.time == day_14 && m.limb == MeasuredLimb::both) lost[m.muscle] = -finding.simulated;
  }
  const std::array order{MuscleName::soleus, MuscleName::gastrocnemius, MuscleName::tibialis_anterior, MuscleName::edl};
  if (!std::ranges::all_of(order, [&](MuscleName name) { return lost.contains(name); })) return;
  Fact fact;
  fact.number.assign(1, '3');
  fact.title = "order: soleus > gastrocnemius >= TA > EDL";
  fact.unit.assign(1, '%');
  fact.high = std::numeric_limits<double>::infinity();
  fact.source = "the day-14 means above; the least of the three differences";
  const double least =
      std::min({lost[order[0]] - lost[order[1]], lost[order[1]] - lost[order[2]], lost[order[2]] - lost[order[3]]});
  const bool passes =
      lost[order[0]] > lost[order[1]] && lost[order[1]] >= lost[order[2]] && lost[order[2]] > lost[order[3]];
  findings.push_back({std::move(fact), least, nan, nan, passes ? Verdict::pass : Verdict::fail});
}

}  // namespace

std::vector<Finding> validate(const scenario::Study& study, const std::vector<Fact>& facts,
                              const ValidationOptions& options) {
  std::vector<Finding> findings(facts.size());
  const std::map<GroupKey, Group> groups = groups_of(facts);
  std::int64_t done = 0;
  for (const auto& [key, group] : groups) {
    std::vector<Measurement> measurements;
    measurements.reserve(group.size());
    for (const std::size_t i : group) measurements.push_back(facts[i].measurement);
    const scenario::Study part = study_for(study, key, measurements);
    const sim::Results results = sim::run_study(part, {.threads = options.threads, .on_progress = {}});
    if (results.status != sim::RunStatus::ok) throw Error("some simulations failed: " + results.message);
    const Source source(part, results);
    for (const std::size_t i : group) findings[i] = find(facts[i], source, results.labels.animals.size());
    if (options.on_progress) options.on_progress(++done, std::ssize(groups));
  }
  add_order(findings);
  return findings;
}

bool all_pass(const std::vector<Finding>& findings) {
  return std::ranges::none_of(findings, [](const Finding& finding) { return finding.verdict == Verdict::fail; });
}

}  // namespace hindlimb::study
