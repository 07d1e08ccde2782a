#include "sim/solve.hpp"

#include <Eigen/Core>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "sim/cvode.hpp"

namespace hindlimb::sim {
namespace {

using States = muscle::StateVector<double>;

/// The plain path: the stretch by itself, in double precision.
void integrate_alone(Task& task, const scenario::Solver& solver) {
  States y = Eigen::Map<const States>(task.start);
  const auto on_record = [&](std::size_t i, const States& states) {
    Eigen::Map<States>(task.recorded + i * muscle::n_states) = states;
  };
  const MuscleOutcome outcome =
      continue_muscle(std::span(task.stretch->segments), *task.coefficients, solver,
                      std::span<const Minutes>(task.stretch->times), on_record, y, task.statistics);
  Eigen::Map<States>(task.end) = y;
  task.outcome = outcome.outcome;
  task.reached_d = outcome.reached_d;
  task.statistics = outcome.statistics;
}

void redo_if_stuck(Task& task, const scenario::Solver& solver) {
  if (task.outcome != ode::Outcome::step_too_small && task.outcome != ode::Outcome::not_finite) return;
  constexpr double smaller = 0.01;
  scenario::Solver careful = solver;
  careful.rtol *= smaller;
  careful.atol *= smaller;
  integrate_alone(task, careful);
  task.is_redone = true;
}

/// One after the other.
template <class Integrate>
void solve_one_by_one(Tasks& tasks, Integrate integrate) {
  while (Task* task = tasks.next()) {
    integrate(*task);
    tasks.finished(*task);
  }
}

struct Ensemble {
  Tasks& tasks;
  const scenario::Solver& solver;

  static ensemble::Job* next(void* self) { return static_cast<Ensemble*>(self)->tasks.next(); }
  static void finished(void* self, ensemble::Job* job) {
    Ensemble& ensemble = *static_cast<Ensemble*>(self);
    Task& task = static_cast<Task&>(*job);
    redo_if_stuck(task, ensemble.solver);
    ensemble.tasks.finished(task);
  }
};

void solve_on_lanes(const scenario::Solver& solver, Tasks& tasks) {
  Ensemble owner{tasks, solver};
  const auto precision =
      solver.precision == scenario::Arithmetic::f64 ? ensemble::Precision::f64 : ensemble::Precision::f32;
  ensemble::integrate(ensemble::chosen_instruction_set(), precision, {solver.rtol, solver.atol},
                      {&owner, &Ensemble::next, &Ensemble::finished});
}

}  // namespace

void solve(const scenario::Solver& solver, Tasks& tasks) {
  switch (solver.method) {
    case scenario::Method::ensemble:
      return solve_on_lanes(solver, tasks);
    case scenario::Method::scalar:
      return solve_one_by_one(tasks, [&](Task& task) {
        integrate_alone(task, solver);
        redo_if_stuck(task, solver);
      });
    case scenario::Method::cvode:
      return solve_one_by_one(tasks, [cvode = Cvode(solver)](Task& task) mutable { cvode.integrate(task); });
  }
}

}  // namespace hindlimb::sim
