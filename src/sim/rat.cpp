#include "sim/rat.hpp"

#include "hindlimb/muscle/state_vector.hpp"

namespace hindlimb::sim {
namespace {

void draw(Rat& rat, std::span<const Run> runs, const Histories& histories) {
  rat.coefficients.clear();
  for (const Place& from : histories.parameters_from()) {
    const Run& run = runs[from.run];
    rat.coefficients.push_back(laws::coefficients(individual_parameters(
        *run.study, run.study->arms[from.arm], {run.replicate, rat.number}, from.muscle, from.limb)));
  }
}

void lay_out(Rat& rat, std::int64_t max_steps, const Histories& histories, std::size_t place) {
  static const muscle::StateVector<double> weight_bearing = muscle::weight_bearing_state<double>();
  std::size_t n_rows = 0;
  for (const Stretch& stretch : histories.stretches()) n_rows += stretch.times.size() + 1;
  rat.states.resize(n_rows * muscle::n_states);
  rat.tasks.clear();
  double* row = rat.states.data();
  for (const Stretch& stretch : histories.stretches()) {
    Task& task = rat.tasks.emplace_back();
    task.coefficients = &rat.coefficients[stretch.rat_parameters];
    task.spans = stretch.spans.data();
    task.n_spans = stretch.spans.size();
    task.start = weight_bearing.data();
    task.times_d = stretch.times_d.data();
    task.n_times = stretch.times_d.size();
    task.recorded = task.states = row;
    row += task.n_times * muscle::n_states;
    task.end = row;
    row += muscle::n_states;
    task.max_steps = max_steps;
    task.stretch = &stretch;
    task.rat = place;
  }
}

}  // namespace

void begin(Rat& rat, std::span<const Run> runs, const Histories& histories, std::uint64_t number, std::size_t place) {
  rat.number = number;
  rat.n_open = histories.stretches().size();
  draw(rat, runs, histories);
  lay_out(rat, runs[0].study->solver.max_steps, histories, place);
}

void close(Rat& rat, const Task& task, std::deque<Task*>& waiting) {
  --rat.n_open;
  for (const std::size_t follower : task.stretch->after) {
    Task& next = rat.tasks[follower];
    next.start = task.end;
    next.statistics = task.statistics;
    next.outcome = task.outcome;
    next.reached_d = task.reached_d;
    if (task.outcome == ode::Outcome::reached) {
      waiting.push_back(&next);
    } else {
      close(rat, next, waiting);
    }
  }
}

}  // namespace hindlimb::sim
