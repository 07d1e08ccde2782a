#pragma once

#include <deque>
#include <span>
#include <vector>

#include "hindlimb/sim/animal.hpp"
#include "sim/histories.hpp"
#include "sim/solve.hpp"

namespace hindlimb::sim {

/// A rat in the making: its parameters, a task for each stretch of the runs that it is in, and the states that they
/// record.
struct Rat {
  std::uint64_t number = 0;  ///< 1, 2, ...
  std::vector<laws::Coefficients<double>> coefficients;
  std::vector<Task> tasks;
  std::vector<double> states;  ///< of each stretch in turn: those recorded, then those of its end
  std::size_t n_open = 0;      ///< tasks that are not done
};

/// Draws a rat of each run and lays out its tasks, in memory that it had before if there is any.
/// @param number  of the rat within an arm: 1, 2, ...
/// @param place  for Task::rat
void begin(Rat& rat, std::span<const Run> runs, const Histories& histories, std::uint64_t number, std::size_t place);

/// A task is done: what follows its stretch begins where it ended and waits, or has failed with it.
void close(Rat& rat, const Task& task, std::deque<Task*>& waiting);

}  // namespace hindlimb::sim
