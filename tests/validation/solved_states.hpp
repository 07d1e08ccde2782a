#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "hindlimb/sim/animal.hpp"
#include "sim/histories.hpp"
#include "sim/solve.hpp"

/// What a solver makes of a study, state by state.
namespace hindlimb {

/// All stretches of some rats, given out in turn or, with a seed other than 0, in a shuffled order.
class SolvedStates final : public sim::Tasks {
 public:
  SolvedStates(const scenario::Study& study, std::uint64_t rats, std::uint64_t shuffle = 0)
      : histories_(study, 0), shuffle_(shuffle) {
    for (const muscle::StateInfo& state : muscle::state_table) start_.push_back(state.weight_bearing);
    for (std::uint64_t rat = 1; rat <= rats; ++rat) add(study, rat);
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

  void finished(sim::Task& task) override {
    for (const std::size_t follower : task.stretch->after) {
      sim::Task& next = rats_[task.rat]->tasks[follower];
      next.start = task.end;
      next.statistics = task.statistics;
      if (task.outcome == ode::Outcome::reached) waiting_.push_back(&next);
    }
  }

  struct Rat {
    std::vector<laws::Coefficients<double>> coefficients;
    std::vector<sim::Task> tasks;
    std::vector<std::vector<double>> recorded;  ///< of each stretch, its end last; shape [times + 1][n_states]
  };
  const std::vector<std::unique_ptr<Rat>>& rats() const { return rats_; }

  /// Every recorded state and every end.
  std::vector<double> all() const {
    std::vector<double> values;
    for (const auto& rat : rats_)
      for (const auto& stretch : rat->recorded) values.insert(values.end(), stretch.begin(), stretch.end());
    return values;
  }

 private:
  void add(const scenario::Study& study, std::uint64_t number) {
    Rat& rat = *rats_.emplace_back(std::make_unique<Rat>());
    for (const sim::Place& from : histories_.parameters_from()) {
      rat.coefficients.push_back(laws::coefficients(
          sim::individual_parameters(study, study.arms[from.arm], {0, number}, from.muscle, from.limb)));
    }
    rat.recorded.resize(histories_.stretches().size());
    for (const sim::Stretch& stretch : histories_.stretches()) {
      std::vector<double>& recorded = rat.recorded[rat.tasks.size()];
      recorded.resize((stretch.times.size() + 1) * muscle::n_states);
      sim::Task& task = rat.tasks.emplace_back();
      task.coefficients = &rat.coefficients[stretch.rat_parameters];
      task.spans = stretch.spans.data();
      task.n_spans = stretch.spans.size();
      task.start = start_.data();
      task.times_d = stretch.times_d.data();
      task.n_times = stretch.times_d.size();
      task.recorded = task.states = recorded.data();
      task.end = &recorded[task.n_times * muscle::n_states];
      task.max_steps = study.solver.max_steps;
      task.stretch = &stretch;
      task.rat = rats_.size() - 1;
    }
    for (const std::size_t root : histories_.roots()) waiting_.push_back(&rat.tasks[root]);
  }

  sim::Histories histories_;
  std::vector<double> start_;
  std::vector<std::unique_ptr<Rat>> rats_;
  std::vector<sim::Task*> waiting_;
  std::uint64_t shuffle_;
};

/// Sets an environment variable while it lives.
class WithEnvironment {
 public:
  WithEnvironment(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  WithEnvironment(const WithEnvironment&) = delete;
  WithEnvironment& operator=(const WithEnvironment&) = delete;
  ~WithEnvironment() { unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace hindlimb
