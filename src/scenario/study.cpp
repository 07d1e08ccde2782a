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

Minutes start_of(const Arm& arm, std::size_t phase) {
  Minutes start{0};
  for (std::size_t i = 0; i < phase; ++i) start += arm.phases[i].duration.value();
  return start;
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
  return std::ranges::any_of(arm.massages,
                             [limb](const Massage& massage) { return includes(massage.limb, limb) && has_effect(massage); });
}

}  // namespace hindlimb::scenario
