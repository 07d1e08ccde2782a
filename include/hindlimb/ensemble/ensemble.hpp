#pragma once

#include <cstddef>
#include <cstdint>

#include "hindlimb/core/instruction_set.hpp"
#include "hindlimb/laws/coefficients.hpp"
#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/muscle/states.hpp"
#include "hindlimb/ode/dopri5.hpp"

/// Many muscles at once: every lane of the machine integrates one muscle of one limb of one animal, with steps of its
/// own.
///
/// A lane takes the very steps, and has the very bits, of ode::integrate() on that muscle alone, on every instruction
/// set and whatever the other lanes hold: no operation mixes lanes, and none is fused or reordered.
namespace hindlimb::ensemble {

enum class Precision { f64, f32 };

/// A stretch of time in which nothing changes for one muscle.
struct Span {
  double start_d;
  double end_d;
  laws::Stimulus<double> stimulus;
  double bolus;  ///< D2O that body water gains at the start, as a share of the plateau
};

/// One muscle of one limb to be carried through spans that follow each other.
struct Job {
  const laws::Coefficients<double>* coefficients = nullptr;
  const Span* spans = nullptr;
  std::size_t n_spans = 0;
  const double* start = nullptr;    ///< states at the start of the first span, shape [n_states], before its bolus
  const double* times_d = nullptr;  ///< to be recorded, ascending, after the start and not after the end  [d]
  std::size_t n_times = 0;
  double* recorded = nullptr;  ///< out, shape [n_times][n_states]
  double* end = nullptr;  ///< out, states at the last stop that was reached, shape [n_states]; another place than start
  std::int64_t max_steps = 0;

  ode::Outcome outcome = ode::Outcome::reached;  ///< out
  double reached_d = 0.0;                        ///< out: end of the last accepted step [d]
  std::size_t n_done = 0;                        ///< out: spans that were carried to their ends
  ode::Statistics statistics{};                  ///< added to; its steps count towards max_steps
};

/// Where a kernel gets its jobs and brings them back. Called by the kernel's thread only.
struct Jobs {
  void* owner;
  Job* (*next)(void* owner);  ///< nullptr when there is none now; asked again after a job has finished
  void (*finished)(void* owner, Job* job);
};

/// Carries all jobs to their ends. Everything is on the stack; nothing is allocated.
///
/// @throws Error if this machine cannot run the instruction set
void integrate(InstructionSet instruction_set, Precision precision, ode::Tolerance tolerance, Jobs jobs);

/// Muscles that a kernel integrates at once.
std::size_t lanes(InstructionSet instruction_set, Precision precision);

}  // namespace hindlimb::ensemble
