#include "sim/cvode.hpp"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/muscle/rates.hpp"

namespace hindlimb::sim {
namespace {

/// CVODE's own array, as the rate laws read and write it.
struct View {
  double* states;
  double& operator[](std::size_t i) const { return states[i]; }
};

struct Free {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
  void operator()(N_Vector vector) const { N_VDestroy(vector); }
  void operator()(SUNNonlinearSolver solver) const { SUNNonlinSolFree(solver); }
  void operator()(void* memory) const { CVodeFree(&memory); }
};

template <class Pointer>
using Owned = std::unique_ptr<std::remove_pointer_t<Pointer>, Free>;

void check(int flag) {
  if (flag < 0) throw Error(std::string("CVODE failed: ") + CVodeGetReturnFlagName(flag));
}

}  // namespace

struct Cvode::Workspace {
  explicit Workspace(const scenario::Solver& solver) {
    SUNContext made = nullptr;
    check(SUNContext_Create(nullptr, &made));
    context.reset(made);
    y.reset(N_VNew_Serial(muscle::n_states, made));
    memory.reset(CVodeCreate(CV_ADAMS, made));
    check(CVodeInit(memory.get(), &Workspace::rates, 0.0, y.get()));
    check(CVodeSStolerances(memory.get(), solver.rtol, solver.atol));
    check(CVodeSetUserData(memory.get(), this));
    check(CVodeSetErrFile(memory.get(), nullptr));
    fixed_point.reset(SUNNonlinSol_FixedPoint(y.get(), 0, made));
    check(CVodeSetNonlinearSolver(memory.get(), fixed_point.get()));
  }

  double* states() { return N_VGetArrayPointer(y.get()); }

  /// Forgets what lies before the span and never looks beyond it.
  void enter(const ensemble::Span& span) {
    stimulus = &span.stimulus;
    states()[muscle::body_water] += span.bolus;
    check(CVodeReInit(memory.get(), span.start_d, y.get()));
    check(CVodeSetStopTime(memory.get(), span.end_d));
  }

  /// @param max_steps  from here on
  ode::Outcome go_to(double time_d, std::int64_t max_steps) {
    if (max_steps <= 0) return ode::Outcome::too_many_steps;
    check(CVodeSetMaxNumSteps(memory.get(), static_cast<long>(max_steps)));
    double reached = 0.0;
    const int flag = CVode(memory.get(), time_d, y.get(), &reached, CV_NORMAL);
    if (flag >= 0) return ode::Outcome::reached;
    if (flag == CV_TOO_MUCH_WORK) return ode::Outcome::too_many_steps;
    return flag == CV_ERR_FAILURE || flag == CV_CONV_FAILURE ? ode::Outcome::step_too_small : ode::Outcome::not_finite;
  }

  /// Since the span was entered.
  std::int64_t steps() const {
    long steps = 0;
    check(CVodeGetNumSteps(memory.get(), &steps));
    return steps;
  }

  static int rates(double, N_Vector y, N_Vector dy, void* self) {
    const Workspace& workspace = *static_cast<const Workspace*>(self);
    const View from{N_VGetArrayPointer(y)};
    View to{N_VGetArrayPointer(dy)};
    muscle::rates<double>(from, *workspace.stimulus, *workspace.coefficients, to);
    return 0;
  }

  const laws::Coefficients<double>* coefficients = nullptr;
  const laws::Stimulus<double>* stimulus = nullptr;
  Owned<SUNContext> context;
  Owned<N_Vector> y;
  Owned<SUNNonlinearSolver> fixed_point;
  std::unique_ptr<void, Free> memory;
};

Cvode::Cvode(const scenario::Solver& solver) : workspace_(std::make_unique<Workspace>(solver)) {}
Cvode::Cvode(Cvode&&) noexcept = default;
Cvode::~Cvode() = default;

void Cvode::integrate(Task& task) {
  Workspace& w = *workspace_;
  w.coefficients = task.coefficients;
  std::copy_n(task.start, muscle::n_states, w.states());
  std::size_t next = 0;
  for (const ensemble::Span& span : task.stretch->spans) {
    w.enter(span);
    const std::int64_t steps_before = task.statistics.accepted;
    double last_d = span.start_d;
    const auto carry_to = [&](double time_d) {
      last_d = time_d;
      task.outcome = w.go_to(time_d, task.max_steps - task.statistics.accepted);
      task.statistics.accepted = steps_before + w.steps();
      return task.outcome == ode::Outcome::reached;
    };
    for (; next < task.n_times && task.times_d[next] <= span.end_d; ++next) {
      if (!carry_to(task.times_d[next])) return give_up(task);
      std::copy_n(w.states(), muscle::n_states, task.recorded + next * muscle::n_states);
    }
    if (last_d < span.end_d && !carry_to(span.end_d)) return give_up(task);
    task.reached_d = span.end_d;
  }
  std::copy_n(w.states(), muscle::n_states, task.end);
}

void Cvode::give_up(Task& task) const { check(CVodeGetCurrentTime(workspace_->memory.get(), &task.reached_d)); }

}  // namespace hindlimb::sim
