#pragma once

#include <vector>

#include "hindlimb/scenario/study.hpp"
#include "sim/histories.hpp"

namespace hindlimb::sim {

/// A stretch of one rat, as a solver takes it.
struct Task : ensemble::Job {
  const Stretch* stretch = nullptr;
  double* states = nullptr;  ///< all that the stretch records, shape [times][n_states]; `recorded` is a place in it
  std::size_t rat = 0;       ///< for the owner's use
  bool is_redone = false;    ///< out: a segment of it was stuck and done again at a smaller tolerance
  std::vector<double> resumed_from{};  ///< states after that segment
};

/// Where a solver gets its tasks and brings them back. Used by one thread.
class Tasks {
 public:
  virtual Task* next() = 0;  ///< nullptr when there is none left
  virtual void finished(Task& task) = 0;

 protected:
  ~Tasks() = default;
};

/// Carries all tasks to their ends by the method that the study asks for. A muscle that cannot go on (a step too small,
/// or a state that is not finite) is carried over that segment alone, in double precision and at a hundredth of the
/// tolerance, and goes on as before from the next stop: where stretches begin makes no difference. CVODE, the
/// reference, is not helped.
///
/// @throws Error if the method was not built in, or the machine lacks the instruction set that was asked for
void solve(const scenario::Solver& solver, Tasks& tasks);

}  // namespace hindlimb::sim
