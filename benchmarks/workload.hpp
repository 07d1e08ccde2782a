#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "hindlimb/ensemble/ensemble.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/muscle/state_vector.hpp"
#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/exchange.hpp"

/// The main study of the project, cut into what a solver gets: one muscle of one limb of one rat at a time.
namespace hindlimb::benchmark {

struct Task {
  laws::Coefficients<double> coefficients;
  std::vector<ensemble::Span> spans;
  std::vector<double> times_d;   ///< to be recorded, after 0
  std::vector<double> recorded;  ///< shape [times][n_states]
  std::vector<double> end;       ///< shape [n_states]
};

inline std::vector<double> weight_bearing() {
  std::vector<double> states;
  states.reserve(muscle::n_states);
  for (const muscle::StateInfo& state : muscle::state_table) states.push_back(state.weight_bearing);
  return states;
}

inline std::vector<Task> tasks_of(const scenario::Study& study, std::uint64_t rats) {
  std::vector<Task> tasks;
  for (const scenario::Arm& arm : study.arms) {
    for (const scenario::Limb limb : scenario::limbs) {
      for (std::uint64_t rat = 1; rat <= rats; ++rat) {
        constexpr auto muscle = scenario::Muscle::gastrocnemius_medial;
        Task& task = tasks.emplace_back();
        task.coefficients = laws::coefficients(sim::individual_parameters(study, arm, {0, rat}, muscle, limb));
        for (const auto& segment : sim::segments(study, arm, muscle, limb, task.coefficients)) {
          task.spans.push_back({to_days(segment.start), to_days(segment.end), segment.stimulus, segment.bolus});
        }
        for (const Minutes time : scenario::recorded_times(study)) {
          if (time > Minutes{0} && time <= scenario::end_of(study, arm)) task.times_d.push_back(to_days(time));
        }
        task.recorded.assign(task.times_d.size() * muscle::n_states, 0.0);
        task.end.assign(muscle::n_states, 0.0);
      }
    }
  }
  return tasks;
}

/// Largest error over all recorded states: absolute for states below their weight-bearing size, else relative.
inline double largest_error(const std::vector<Task>& tasks, const std::vector<Task>& reference) {
  double largest = 0.0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (std::size_t j = 0; j < tasks[i].recorded.size(); ++j) {
      const double exact = reference[i].recorded[j];
      const double error = std::fabs(tasks[i].recorded[j] - exact) / std::max(1.0, std::fabs(exact));
      if (!(error <= largest)) largest = error;
    }
  }
  return largest;
}

}  // namespace hindlimb::benchmark
