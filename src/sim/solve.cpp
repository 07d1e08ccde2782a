#include "sim/solve.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <span>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "sim/cvode.hpp"

namespace hindlimb::sim {
namespace {

using States = muscle::StateVector<double>;

bool is_stuck(ode::Outcome outcome) {
  return outcome == ode::Outcome::step_too_small || outcome == ode::Outcome::not_finite;
}

scenario::Solver careful(scenario::Solver solver) {
  constexpr double smaller = 0.01;
  solver.rtol *= smaller;
  solver.atol *= smaller;
  return solver;
}

/// The plain path through one segment of a stretch, in double precision. Sets what the task tells of its end.
void integrate_segment(Task& task, std::size_t segment, const scenario::Solver& solver, States& y) {
  const Stretch& stretch = *task.stretch;
  const std::span<const Segment<double>> one(&stretch.segments[segment], 1);
  const auto first = std::ranges::upper_bound(stretch.times, one[0].start);
  const auto last = std::ranges::upper_bound(stretch.times, one[0].end);
  const auto row = first - stretch.times.begin();
  const auto on_record = [&](std::size_t i, const States& states) {
    Eigen::Map<States>(task.states + (static_cast<std::size_t>(row) + i) * muscle::n_states) = states;
  };
  const MuscleOutcome outcome =
      continue_muscle(one, *task.coefficients, solver, std::span(first, last), on_record, y, task.statistics);
  Eigen::Map<States>(task.end) = y;
  task.outcome = outcome.outcome;
  task.reached_d = outcome.reached_d;
  task.statistics = outcome.statistics;
}

void integrate_alone(Task& task, const scenario::Solver& solver) {
  States y = Eigen::Map<const States>(task.start);
  for (std::size_t segment = 0; segment < task.stretch->segments.size(); ++segment) {
    const States start = y;
    integrate_segment(task, segment, solver, y);
    if (is_stuck(task.outcome)) {
      y = start;
      integrate_segment(task, segment, careful(solver), y);
      task.is_redone = true;
    }
    if (task.outcome != ode::Outcome::reached) return;
  }
}

/// One after the other.
template <class Integrate>
void solve_one_by_one(Tasks& tasks, Integrate integrate) {
  while (Task* task = tasks.next()) {
    integrate(*task);
    tasks.finished(*task);
  }
}

/// The tasks as lanes take them. One that is stuck is carried over the segment where it is, and given out again from
/// there.
class LaneTasks {
 public:
  LaneTasks(Tasks& tasks, const scenario::Solver& solver) : tasks_(tasks), solver_(solver) {}

  ensemble::Jobs jobs() { return {this, &LaneTasks::next, &LaneTasks::finished}; }

 private:
  static ensemble::Job* next(void* self) {
    LaneTasks& lanes = *static_cast<LaneTasks*>(self);
    if (lanes.resumed_.empty()) return lanes.tasks_.next();
    Task* const task = lanes.resumed_.back();
    lanes.resumed_.pop_back();
    return task;
  }

  static void finished(void* self, ensemble::Job* job) {
    LaneTasks& lanes = *static_cast<LaneTasks*>(self);
    Task& task = static_cast<Task&>(*job);
    if (is_stuck(task.outcome) && lanes.resume(task)) return;
    lanes.tasks_.finished(task);
  }

  /// @return whether there is more of it to do
  bool resume(Task& task) {
    const std::size_t segment = static_cast<std::size_t>(task.spans - task.stretch->spans.data()) + task.n_done;
    States y = Eigen::Map<const States>(task.end);
    integrate_segment(task, segment, careful(solver_), y);
    task.is_redone = true;
    if (task.outcome != ode::Outcome::reached || task.n_done + 1 == task.n_spans) return false;
    task.resumed_from.assign(y.begin(), y.end());
    task.start = task.resumed_from.data();
    task.spans = &task.stretch->spans[segment + 1];
    task.n_spans -= task.n_done + 1;
    const auto left = std::ranges::upper_bound(task.stretch->times, task.stretch->segments[segment].end);
    const auto row = static_cast<std::size_t>(left - task.stretch->times.begin());
    task.times_d = task.stretch->times_d.data() + row;
    task.n_times = task.stretch->times.size() - row;
    task.recorded = task.states + row * muscle::n_states;
    resumed_.push_back(&task);
    return true;
  }

  Tasks& tasks_;
  const scenario::Solver& solver_;
  std::vector<Task*> resumed_;
};

void solve_on_lanes(const scenario::Solver& solver, Tasks& tasks) {
  LaneTasks lanes(tasks, solver);
  const auto precision =
      solver.precision == scenario::Arithmetic::f64 ? ensemble::Precision::f64 : ensemble::Precision::f32;
  ensemble::integrate(chosen_instruction_set(), precision, {solver.rtol, solver.atol}, lanes.jobs());
}

}  // namespace

void solve(const scenario::Solver& solver, Tasks& tasks) {
  switch (solver.method) {
    case scenario::Method::ensemble:
      return solve_on_lanes(solver, tasks);
    case scenario::Method::scalar:
      return solve_one_by_one(tasks, [&](Task& task) { integrate_alone(task, solver); });
    case scenario::Method::cvode:
      return solve_one_by_one(tasks, [cvode = Cvode(solver)](Task& task) mutable { cvode.integrate(task); });
  }
}

}  // namespace hindlimb::sim
