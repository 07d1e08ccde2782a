#pragma once

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <cstring>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/muscle/rates.hpp"
#include "workload.hpp"

/// Other people's solvers on the same right-hand side, protocol and recorded times.
namespace hindlimb::benchmark {

/// Somebody else's array, as the rate laws read and write it.
struct View {
  double* states;
  double& operator[](std::size_t i) const { return states[i]; }
};

/// SUNDIALS CVODE with a stop at the end of every span and its own interpolation at recorded times.
class Cvode {
 public:
  /// @param method  CV_BDF (dense Jacobian by differences, as a user gets it) or CV_ADAMS (fixed-point iteration)
  Cvode(int method, double rtol, double atol) {
    SUNContext_Create(nullptr, &context_);
    y_ = N_VNew_Serial(muscle::n_states, context_);
    memory_ = CVodeCreate(method, context_);
    check(CVodeInit(memory_, &Cvode::rates, 0.0, y_));
    check(CVodeSStolerances(memory_, rtol, atol));
    check(CVodeSetUserData(memory_, this));
    check(CVodeSetMaxNumSteps(memory_, 1'000'000));
    if (method == CV_ADAMS) {
      fixed_point_ = SUNNonlinSol_FixedPoint(y_, 0, context_);
      check(CVodeSetNonlinearSolver(memory_, fixed_point_));
    } else {
      jacobian_ = SUNDenseMatrix(muscle::n_states, muscle::n_states, context_);
      linear_ = SUNLinSol_Dense(y_, jacobian_, context_);
      check(CVodeSetLinearSolver(memory_, linear_, jacobian_));
    }
  }
  Cvode(const Cvode&) = delete;
  Cvode& operator=(const Cvode&) = delete;
  ~Cvode() {
    CVodeFree(&memory_);
    if (fixed_point_ != nullptr) SUNNonlinSolFree(fixed_point_);
    if (linear_ != nullptr) SUNLinSolFree(linear_);
    if (jacobian_ != nullptr) SUNMatDestroy(jacobian_);
    N_VDestroy(y_);
    SUNContext_Free(&context_);
  }

  void run(Task& task) {
    coefficients_ = &task.coefficients;
    static const std::vector<double> start = weight_bearing();
    double* y = N_VGetArrayPointer(y_);
    std::copy(start.begin(), start.end(), y);
    std::size_t next = 0;
    for (const ensemble::Span& span : task.spans) {
      y[muscle::body_water] += span.bolus;
      stimulus_ = &span.stimulus;
      check(CVodeReInit(memory_, span.start_d, y_));
      check(CVodeSetStopTime(memory_, span.end_d));
      double reached = 0.0;
      for (; next < task.times_d.size() && task.times_d[next] <= span.end_d; ++next) {
        check(CVode(memory_, task.times_d[next], y_, &reached, CV_NORMAL));
        std::memcpy(&task.recorded[next * muscle::n_states], y, muscle::n_states * sizeof(double));
      }
      if (reached < span.end_d) check(CVode(memory_, span.end_d, y_, &reached, CV_NORMAL));
    }
  }

 private:
  static void check(int flag) {
    if (flag < 0) throw Error(CVodeGetReturnFlagName(flag));
  }

  static int rates(double, N_Vector y, N_Vector dy, void* self) {
    const Cvode& cvode = *static_cast<const Cvode*>(self);
    const View from{N_VGetArrayPointer(y)};
    View to{N_VGetArrayPointer(dy)};
    muscle::rates<double>(from, *cvode.stimulus_, *cvode.coefficients_, to);
    return 0;
  }

  const laws::Coefficients<double>* coefficients_ = nullptr;
  const laws::Stimulus<double>* stimulus_ = nullptr;
  SUNContext context_ = nullptr;
  N_Vector y_ = nullptr;
  void* memory_ = nullptr;
  SUNNonlinearSolver fixed_point_ = nullptr;
  SUNMatrix jacobian_ = nullptr;
  SUNLinearSolver linear_ = nullptr;
};

/// Boost.Odeint, runge_kutta_dopri5 with dense output, started anew at every span.
inline void run_odeint(Task& task, double rtol, double atol) {
  namespace odeint = boost::numeric::odeint;
  using State = std::array<double, muscle::n_states>;
  State y;
  for (std::size_t i = 0; i < muscle::n_states; ++i) y[i] = muscle::state_table[i].weight_bearing;
  State at{};
  std::size_t next = 0;
  for (const ensemble::Span& span : task.spans) {
    y[muscle::body_water] += span.bolus;
    const auto rates = [&](const State& states, State& dy, double) {
      muscle::rates(states, span.stimulus, task.coefficients, dy);
    };
    auto stepper = odeint::make_dense_output(atol, rtol, odeint::runge_kutta_dopri5<State>());
    stepper.initialize(y, span.start_d, ode::first_step({rtol, atol}));
    while (stepper.current_time() < span.end_d) {
      stepper.do_step(rates);
      for (; next < task.times_d.size() && task.times_d[next] <= std::min(stepper.current_time(), span.end_d); ++next) {
        stepper.calc_state(task.times_d[next], at);
        std::copy(at.begin(), at.end(), &task.recorded[next * muscle::n_states]);
      }
    }
    stepper.calc_state(span.end_d, y);
  }
}

}  // namespace hindlimb::benchmark
