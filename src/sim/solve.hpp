#pragma once

#include "hindlimb/scenario/study.hpp"
#include "sim/histories.hpp"

namespace hindlimb::sim {

/// A stretch of one rat, as a solver takes it.
struct Task : ensemble::Job {
  const Stretch* stretch = nullptr;
  std::size_t rat = 0;     ///< for the owner's use
  bool is_redone = false;  ///< out: given up at the study's tolerance and done at a smaller one
};

/// Where a solver gets its tasks and brings them back. Used by one thread.
class Tasks {
 public:
  virtual Task* next() = 0;  ///< nullptr when there is none left
  virtual void finished(Task& task) = 0;

 protected:
  ~Tasks() = default;
};

/// Carries all tasks to their ends by the method that the study asks for. A stretch that cannot go on (a step too
/// small, or a state that is not finite) is done again, alone and at a hundredth of the tolerance.
///
/// @throws Error if the method was not built in, or the machine lacks the instruction set that was asked for
void solve(const scenario::Solver& solver, Tasks& tasks);

}  // namespace hindlimb::sim
