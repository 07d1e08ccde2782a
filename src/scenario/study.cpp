#include "hindlimb/scenario/study.hpp"

#include <algorithm>
#include <set>

#include "hindlimb/scenario/protocol.hpp"

namespace hindlimb::scenario {

ParameterSet default_parameter_set() {
  ParameterSet set{};
  for (std::size_t muscle = 0; muscle < set.size(); ++muscle) {
    set[muscle] = laws::default_parameters(static_cast<Muscle>(muscle));
  }
  return set;
}

std::vector<Muscle> heads_of(MuscleName name) {
  if (name == MuscleName::gastrocnemius) return {Muscle::gastrocnemius_medial, Muscle::gastrocnemius_lateral};
  return {static_cast<Muscle>(name)};
}

Minutes start_of(const Arm& arm, std::size_t phase) {
  Minutes start{0};
  for (std::size_t i = 0; i < phase; ++i) start += arm.phases[i].duration.value();
  return start;
}

Minutes start_of(const Arm& arm, std::string_view phase) {
  const auto found = std::ranges::find(arm.phases, phase, &Phase::name);
  return start_of(arm, static_cast<std::size_t>(found - arm.phases.begin()));
}

Minutes label_start(const Arm& arm) {
  const Minutes phase = arm.label.phase.empty() ? start_of(arm, arm.phases.size() - 1) : start_of(arm, arm.label.phase);
  return phase + arm.label.first;
}

Minutes horizon(const Study& study) {
  Minutes end{0};
  for (const Arm& arm : study.arms) {
    if (!arm.phases.empty() && arm.phases.back().duration) end = std::max(end, start_of(arm, arm.phases.size()));
  }
  return end;
}

Minutes end_of(const Study& study, const Arm& arm) {
  return arm.phases.back().duration ? start_of(arm, arm.phases.size()) : horizon(study);
}

std::vector<Minutes> recorded_times(const Study& study) {
  std::set<Minutes> times(study.record.times.begin(), study.record.times.end());
  const Minutes end = horizon(study);
  if (times.empty()) {
    for (Minutes time{0}; time <= end; time += study.record.every) times.insert(time);
  }
  for (const Arm& arm : study.arms) times.insert(end_of(study, arm));
  return {times.begin(), times.end()};
}

std::vector<muscle::Observable> recorded_observables(const Study& study) {
  if (!study.record.observables.empty()) return study.record.observables;
  std::vector<muscle::Observable> all;
  for (std::size_t i = 0; i < muscle::n_observables; ++i) all.push_back(static_cast<muscle::Observable>(i));
  return all;
}

bool is_massaged(const Arm& arm, Limb limb) {
  return std::ranges::any_of(
      arm.massages, [limb](const Massage& massage) { return includes(massage.limb, limb) && has_effect(massage); });
}

}  // namespace hindlimb::scenario
