#include "hindlimb/sim/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <numeric>
#include <thread>
#include <tuple>

#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/integrate.hpp"

namespace hindlimb::sim {
namespace {

using muscle::Observable;
using scenario::Limb;
using scenario::Study;

/// One muscle of one limb of one animal in one arm, as indices into the labels.
struct Task {
  std::size_t arm;
  std::size_t animal;
  std::size_t muscle;
  std::size_t limb;
};

std::vector<Task> tasks_of(const Labels& labels) {
  std::vector<Task> tasks;
  for (std::size_t arm = 0; arm < labels.arms.size(); ++arm)
    for (std::size_t animal = 0; animal < labels.animals.size(); ++animal)
      for (std::size_t muscle = 0; muscle < labels.muscles.size(); ++muscle)
        for (std::size_t limb = 0; limb < labels.limbs.size(); ++limb) tasks.push_back({arm, animal, muscle, limb});
  return tasks;
}

Labels labels_of(const Study& study) {
  Labels labels;
  for (const scenario::Arm& arm : study.arms) {
    labels.arms.push_back(arm.name);
    for (const Limb limb : scenario::limbs) labels.massaged.push_back(scenario::is_massaged(arm, limb) ? 1 : 0);
  }
  labels.animals.resize(static_cast<std::size_t>(study.animals.per_arm));
  std::iota(labels.animals.begin(), labels.animals.end(), 1);
  for (const scenario::MuscleName muscle : study.muscles) {
    labels.muscles.emplace_back(scenario::muscle_names[static_cast<std::size_t>(muscle)]);
  }
  labels.limbs.assign(scenario::limb_names.begin(), scenario::limb_names.end());
  labels.fibre_types.assign(laws::fibre_type_names.begin(), laws::fibre_type_names.end());
  for (const Minutes time : scenario::recorded_times(study)) labels.times_d.push_back(to_days(time));
  return labels;
}

Results empty_results(const Study& study) {
  Results results;
  results.attributes = {
      {"title", study.title},
      {"pairing", std::string(scenario::pairing_names[static_cast<std::size_t>(study.animals.pairing)])},
      {"control", study.compare.control},
      {"untreated", study.compare.untreated}};
  results.seed = study.seed;
  results.labels = labels_of(study);
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  for (const Observable observable : scenario::recorded_observables(study)) {
    const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(observable)];
    results.series.push_back({std::string(info.name), std::string(info.unit), std::string(info.long_name),
                              std::vector<double>(results.labels.series_size() * info.width, missing), info.width > 1});
  }
  return results;
}

std::string reason(ode::Outcome outcome) {
  switch (outcome) {
    case ode::Outcome::reached:
      return "";
    case ode::Outcome::too_many_steps:
      return "needs more steps than solver.max_steps";
    case ode::Outcome::step_too_small:
      return "needs steps too small for the clock";
    case ode::Outcome::not_finite:
      return "became infinite or not a number";
  }
  return "";
}

/// Runs tasks on threads; every task writes to places of its own, so that no order can matter.
class Run {
 public:
  Run(const Study& study, const RunOptions& options)
      : study_(study),
        options_(options),
        results_(empty_results(study)),
        tasks_(tasks_of(results_.labels)),
        outcomes_(tasks_.size()),
        observables_(scenario::recorded_observables(study)),
        times_(scenario::recorded_times(study)) {}

  Results finish() {
    const auto start = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> others;
      for (unsigned i = 1; i < options_.threads; ++i) others.emplace_back([this] { work(); });
      work();
    }
    conclude();
    results_.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(results_);
  }

 private:
  void work() {
    for (std::size_t i = next_++; i < tasks_.size(); i = next_++) {
      outcomes_[i] = simulate(tasks_[i]);
      ++done_;
      if (!options_.on_progress) continue;
      const std::unique_lock lock(progress_mutex_, std::try_to_lock);
      if (lock.owns_lock()) options_.on_progress(done_, std::ssize(tasks_));
    }
  }

  /// One or, for the gastrocnemius, two heads, each by itself; what they give is put together afterwards.
  MuscleOutcome simulate(const Task& task) {
    const scenario::Arm& arm = study_.arms[task.arm];
    const std::ptrdiff_t n_times = std::ranges::upper_bound(times_, end_of(study_, arm)) - times_.begin();
    const std::span<const Minutes> times(times_.begin(), static_cast<std::size_t>(n_times));
    std::vector<Head> heads;
    MuscleOutcome total;
    for (const scenario::Muscle muscle : scenario::heads_of(study_.muscles[task.muscle])) {
      const MuscleOutcome outcome = simulate_head(heads.emplace_back(), task, muscle, times);
      total.statistics += outcome.statistics;
      total.reached_d = outcome.reached_d;
      total.outcome = outcome.outcome;
      if (outcome.outcome != ode::Outcome::reached) return total;
    }
    const std::size_t row = results_.labels.index(task.arm, task.animal, task.muscle, task.limb, 0);
    for (std::size_t i = 0; i < observables_.size(); ++i) record(results_.series[i], observables_[i], heads, row);
    return total;
  }

  /// A muscle that is one, or a head of one: its coefficients and what was observed at each time.
  struct Head {
    laws::Coefficients<double> coefficients;
    std::vector<muscle::Observables<double>> observed;
  };

  MuscleOutcome simulate_head(Head& head, const Task& task, scenario::Muscle muscle, std::span<const Minutes> times) {
    const scenario::Arm& arm = study_.arms[task.arm];
    const Limb limb = scenario::limbs[task.limb];
    head.coefficients =
        laws::coefficients(individual_parameters(study_, arm, {options_.replicate, task.animal + 1}, muscle, limb));
    head.observed.resize(times.size());
    const Minutes label_start = scenario::label_start(arm);
    const std::vector<Segment<double>> protocol = segments(study_, arm, muscle, limb, head.coefficients);
    const auto on_record = [&](std::size_t i, const muscle::StateVector<double>& state) {
      head.observed[i] = muscle::observe(state, to_days(times[i] - label_start), head.coefficients);
    };
    return integrate_muscle(std::span(protocol), head.coefficients, study_.solver, times, on_record);
  }

  void record(Series& series, Observable observable, const std::vector<Head>& heads, std::size_t row) const {
    const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(observable)];
    for (std::size_t type = 0; type < info.width; ++type) {
      const std::size_t place = row * info.width + type * times_.size();
      for (std::size_t i = 0; i < heads[0].observed.size(); ++i) {
        series.values[place + i] = together(info, observable, heads, i, type);
      }
    }
  }

  static double together(const muscle::ObservableInfo& info, Observable observable, const std::vector<Head>& heads,
                         std::size_t time, std::size_t type) {
    const double first = heads[0].observed[time].at(observable, type);
    if (heads.size() == 1) return first;
    const double second = heads[1].observed[time].at(observable, type);
    const auto& [a, b] = std::tie(heads[0].coefficients, heads[1].coefficients);
    return info.width > 1 ? muscle::combine_type(type, first, a, second, b)
                          : muscle::combine(info.weight, first, a, second, b);
  }

  /// Sums up in the order of the tasks, so that threads change nothing.
  void conclude() {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      results_.n_steps += outcomes_[i].statistics.accepted;
      if (outcomes_[i].outcome != ode::Outcome::reached) report(tasks_[i], outcomes_[i]);
    }
    if (n_unnamed_ > 0) results_.message += fmt::format("; and {} more", n_unnamed_);
    if (options_.on_progress) options_.on_progress(std::ssize(tasks_), std::ssize(tasks_));
  }

  void report(const Task& task, const MuscleOutcome& outcome) {
    constexpr std::size_t longest_message = 1000;
    results_.status = RunStatus::some_simulations_failed;
    if (results_.message.size() > longest_message) {
      ++n_unnamed_;
      return;
    }
    const Labels& labels = results_.labels;
    results_.message +=
        fmt::format("{}arm {}, animal {}, {}, {} limb: {} after day {:.4g}", results_.message.empty() ? "" : "; ",
                    labels.arms[task.arm], labels.animals[task.animal], labels.muscles[task.muscle],
                    labels.limbs[task.limb], reason(outcome.outcome), outcome.reached_d);
  }

  const Study& study_;
  const RunOptions& options_;
  Results results_;
  std::vector<Task> tasks_;
  std::vector<MuscleOutcome> outcomes_;
  std::vector<Observable> observables_;
  std::vector<Minutes> times_;
  std::size_t n_unnamed_ = 0;  ///< failures that the message has no room for
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::mutex progress_mutex_;
};

}  // namespace

Results run_study(const Study& study, const RunOptions& options) { return Run(study, options).finish(); }

}  // namespace hindlimb::sim
