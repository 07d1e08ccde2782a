#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sim/rat.hpp"
#include "with_environment.hpp"

/// What a solver makes of a study, state by state.
namespace hindlimb {

inline sim::Histories histories_of(const sim::Run& run) {
  return sim::Histories({&run, 1}, scenario::recorded_times(*run.study));
}

/// All stretches of some rats, given out in turn or, with a seed other than 0, in a shuffled order.
class SolvedStates final : public sim::Tasks {
 public:
  SolvedStates(const scenario::Study& study, std::uint64_t rats, std::uint64_t shuffle = 0)
      : run_{&study}, histories_(histories_of(run_)), shuffle_(shuffle) {
    for (std::uint64_t number = 1; number <= rats; ++number) {
      sim::Rat& rat = *rats_.emplace_back(std::make_unique<sim::Rat>());
      sim::begin(rat, {&run_, 1}, histories_, number, rats_.size() - 1);
      for (const std::size_t root : histories_.roots()) waiting_.push_back(&rat.tasks[root]);
    }
    sim::solve(study.solver, *this);
  }

  sim::Task* next() override {
    if (waiting_.empty()) return nullptr;
    std::size_t chosen = 0;
    if (shuffle_ != 0) {
      shuffle_ = shuffle_ * 6364136223846793005U + 1442695040888963407U;
      chosen = (shuffle_ >> 33) % waiting_.size();
    }
    sim::Task* task = waiting_[chosen];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(chosen));
    return task;
  }

  void finished(sim::Task& task) override { sim::close(*rats_[task.rat], task, waiting_); }

  const std::vector<std::unique_ptr<sim::Rat>>& rats() const { return rats_; }

  /// Every recorded state and every end.
  std::vector<double> all() const {
    std::vector<double> values;
    for (const auto& rat : rats_) values.insert(values.end(), rat->states.begin(), rat->states.end());
    return values;
  }

 private:
  sim::Run run_;
  sim::Histories histories_;
  std::vector<std::unique_ptr<sim::Rat>> rats_;
  std::deque<sim::Task*> waiting_;
  std::uint64_t shuffle_;
};

}  // namespace hindlimb
