#include "hindlimb/sim/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "sim/rat.hpp"

namespace hindlimb::sim {
namespace {

using muscle::Observable;
using scenario::Limb;
using scenario::Study;

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
  if (study.solver.precision == scenario::Arithmetic::f32) {
    results.attributes["screening"] = "computed in single precision (solver.precision = f32): errors of about 1e-4";
  }
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

/// One muscle of one limb in one arm, as indices into the labels.
struct Course {
  std::size_t arm;
  std::size_t muscle;
  std::size_t limb;
  std::size_t n_times;  ///< recorded until the arm ends
  /// A muscle that is one, or a head of one, and the stretches that it goes through.
  struct Head {
    std::size_t rat_parameters;
    std::vector<std::size_t> path;
  };
  std::vector<Head> heads;
};

/// How the simulation of one course of one rat ended.
struct CourseOutcome : MuscleOutcome {
  bool is_redone = false;
};

/// What all threads read, and where each writes to places of its own, so that no order can matter.
class Run {
 public:
  Run(const Study& study, const RunOptions& options)
      : study_(study),
        options_(options),
        results_(empty_results(study)),
        histories_(study, options.replicate),
        observables_(scenario::recorded_observables(study)),
        times_(scenario::recorded_times(study)),
        lanes_(ensemble::lanes(ensemble::chosen_instruction_set(), study.solver.precision == scenario::Arithmetic::f64
                                                                       ? ensemble::Precision::f64
                                                                       : ensemble::Precision::f32)) {
    set_courses();
    outcomes_.resize(courses_.size() * results_.labels.animals.size());
  }

  Results finish();

  const Study& study() const { return study_; }
  const Histories& histories() const { return histories_; }
  AnimalId animal(std::size_t rat) const { return {options_.replicate, rat + 1}; }

  /// The next rat that nobody has taken yet.
  std::optional<std::size_t> take_rat() {
    const std::size_t rat = next_rat_++;
    return rat < n_rats() ? std::optional(rat) : std::nullopt;
  }

  /// Rats that one thread takes at a time: enough for all lanes to do the same stretch, few enough for all threads.
  std::size_t batch() const {
    return std::clamp<std::size_t>(n_rats() / (std::size_t{4} * options_.threads), 1, 2 * lanes_);
  }

  /// No rat is taken any more.
  void stop() { next_rat_ = n_rats(); }

  /// Writes down what a rat has been through.
  void record(const Rat& rat);

 private:
  std::size_t n_rats() const { return histories_.has_one_rat() ? 1 : results_.labels.animals.size(); }
  void set_courses();
  CourseOutcome outcome_of(const Course& course, const std::vector<Task>& tasks) const;
  std::vector<muscle::Observables<double>> observe(const Course& course, const Course::Head& head,
                                                   const laws::Coefficients<double>& coefficients,
                                                   const std::vector<Task>& tasks) const;
  void tell_progress();
  void conclude();
  void report(std::size_t animal, const Course& course, const CourseOutcome& outcome);

  const Study& study_;
  const RunOptions& options_;
  Results results_;
  Histories histories_;
  std::vector<Course> courses_;
  std::vector<CourseOutcome> outcomes_;  ///< shape [animal][course]
  std::vector<Observable> observables_;
  std::vector<Minutes> times_;
  std::size_t lanes_;
  std::size_t n_unnamed_ = 0;  ///< failures that the message has no room for
  std::atomic<std::size_t> next_rat_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::mutex progress_mutex_;
};

/// One thread's share: takes rats, a batch at a time, and gives their stretches to the solver as soon as they can
/// begin.
class Worker final : public Tasks {
 public:
  explicit Worker(Run& run) : run_(run) {}

  void work() { solve(run_.study().solver, *this); }

  Task* next() override {
    if (waiting_.empty()) take_batch();
    if (waiting_.empty()) return nullptr;
    Task* task = waiting_.front();
    waiting_.pop_front();
    return task;
  }

  void finished(Task& task) override {
    Rat& rat = *rats_[task.rat];
    close(rat, task, waiting_);
    if (rat.n_open > 0) return;
    run_.record(rat);
    idle_.push_back(task.rat);
  }

 private:
  void take_batch() {
    std::vector<std::size_t> batch;
    while (batch.size() < run_.batch()) {
      const std::optional<std::size_t> number = run_.take_rat();
      if (!number) break;
      batch.push_back(begin(*number));
    }
    for (const std::size_t root : run_.histories().roots()) {
      for (const std::size_t rat : batch) waiting_.push_back(&rats_[rat]->tasks[root]);
    }
  }

  /// @return the place of the rat in rats_
  std::size_t begin(std::size_t number) {
    if (idle_.empty()) {
      idle_.push_back(rats_.size());
      rats_.push_back(std::make_unique<Rat>());
    }
    const std::size_t place = idle_.back();
    idle_.pop_back();
    sim::begin(*rats_[place], run_.study(), run_.histories(), run_.animal(number), place);
    return place;
  }

  Run& run_;
  std::vector<std::unique_ptr<Rat>> rats_;
  std::vector<std::size_t> idle_;  ///< of them
  std::deque<Task*> waiting_;
};

Results Run::finish() {
  const auto start = std::chrono::steady_clock::now();
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    try {
      Worker(*this).work();
    } catch (...) {
      stop();
      const std::lock_guard lock(failure_mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < options_.threads; ++i) others.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  conclude();
  results_.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::move(results_);
}

void Run::set_courses() {
  const Labels& labels = results_.labels;
  for (std::size_t arm = 0; arm < labels.arms.size(); ++arm) {
    const auto n_times = std::ranges::upper_bound(times_, end_of(study_, study_.arms[arm])) - times_.begin();
    for (std::size_t muscle = 0; muscle < labels.muscles.size(); ++muscle) {
      for (std::size_t limb = 0; limb < labels.limbs.size(); ++limb) {
        Course& course = courses_.emplace_back(Course{arm, muscle, limb, static_cast<std::size_t>(n_times), {}});
        for (const scenario::Muscle head : scenario::heads_of(study_.muscles[muscle])) {
          const Place place{arm, head, scenario::limbs[limb]};
          course.heads.push_back({histories_.parameters_of(place), histories_.path_to(place)});
        }
      }
    }
  }
}

CourseOutcome Run::outcome_of(const Course& course, const std::vector<Task>& tasks) const {
  CourseOutcome total;
  for (const Course::Head& head : course.heads) {
    const Task& last = tasks[head.path.back()];
    total.statistics += last.statistics;
    total.reached_d = last.reached_d;
    total.outcome = last.outcome;
    for (const std::size_t stretch : head.path) total.is_redone = total.is_redone || tasks[stretch].is_redone;
    if (last.outcome != ode::Outcome::reached) break;
  }
  return total;
}

std::vector<muscle::Observables<double>> Run::observe(const Course& course, const Course::Head& head,
                                                      const laws::Coefficients<double>& coefficients,
                                                      const std::vector<Task>& tasks) const {
  const bool wants_types = std::ranges::find(observables_, Observable::csa_by_type) != observables_.end();
  const Minutes label_start = scenario::label_start(study_.arms[course.arm]);
  std::vector<muscle::Observables<double>> observed;
  observed.reserve(course.n_times);
  const auto add = [&](const muscle::StateVector<double>& states) {
    const double window_d = to_days(times_[observed.size()] - label_start);
    observed.push_back(muscle::observe(states, window_d, coefficients, wants_types));
  };
  if (course.n_times > 0 && times_[0] == Minutes{0}) add(muscle::weight_bearing_state<double>());
  for (const std::size_t stretch : head.path) {
    for (std::size_t i = 0; i < tasks[stretch].stretch->times.size(); ++i) {
      add(Eigen::Map<const muscle::StateVector<double>>(tasks[stretch].states + i * muscle::n_states));
    }
  }
  return observed;
}

/// What is observed of one or two heads, put together.
double together(const muscle::ObservableInfo& info, Observable observable, std::size_t type,
                const muscle::Observables<double>& first, const muscle::Observables<double>* second,
                const laws::Coefficients<double>& a, const laws::Coefficients<double>& b) {
  if (second == nullptr) return first.at(observable, type);
  return info.width > 1 ? muscle::combine_type(type, first.at(observable, type), a, second->at(observable, type), b)
                        : muscle::combine(info.weight, first.at(observable, type), a, second->at(observable, type), b);
}

void Run::record(const Rat& done) {
  const std::size_t rat = done.number - 1;
  const std::vector<laws::Coefficients<double>>& coefficients = done.coefficients;
  const std::vector<Task>& tasks = done.tasks;
  const std::size_t last_rat = histories_.has_one_rat() ? results_.labels.animals.size() : rat + 1;
  for (std::size_t c = 0; c < courses_.size(); ++c) {
    const Course& course = courses_[c];
    const CourseOutcome outcome = outcome_of(course, tasks);
    for (std::size_t animal = rat; animal < last_rat; ++animal) outcomes_[animal * courses_.size() + c] = outcome;
    if (outcome.outcome != ode::Outcome::reached) continue;
    std::vector<std::vector<muscle::Observables<double>>> observed;
    for (const Course::Head& head : course.heads) {
      observed.push_back(observe(course, head, coefficients[head.rat_parameters], tasks));
    }
    const laws::Coefficients<double>& a = coefficients[course.heads.front().rat_parameters];
    const laws::Coefficients<double>& b = coefficients[course.heads.back().rat_parameters];
    for (std::size_t i = 0; i < observables_.size(); ++i) {
      const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(observables_[i])];
      for (std::size_t type = 0; type < info.width; ++type) {
        for (std::size_t time = 0; time < course.n_times; ++time) {
          const double value = together(info, observables_[i], type, observed.front()[time],
                                        observed.size() > 1 ? &observed.back()[time] : nullptr, a, b);
          for (std::size_t animal = rat; animal < last_rat; ++animal) {
            const std::size_t row = results_.labels.index(course.arm, animal, course.muscle, course.limb, 0);
            results_.series[i].values[row * info.width + type * times_.size() + time] = value;
          }
        }
      }
    }
  }
  done_ += static_cast<std::int64_t>((last_rat - rat) * courses_.size());
  tell_progress();
}

void Run::tell_progress() {
  if (!options_.on_progress) return;
  const std::unique_lock lock(progress_mutex_, std::try_to_lock);
  if (lock.owns_lock()) options_.on_progress(done_, std::ssize(outcomes_));
}

/// Sums up in the order of the labels, so that threads change nothing.
void Run::conclude() {
  const std::size_t n_animals = results_.labels.animals.size();
  for (std::size_t c = 0; c < courses_.size(); ++c) {
    for (std::size_t animal = 0; animal < n_animals; ++animal) {
      const CourseOutcome& outcome = outcomes_[animal * courses_.size() + c];
      results_.n_steps += outcome.statistics.accepted;
      results_.n_redone += outcome.is_redone ? 1 : 0;
      if (outcome.outcome != ode::Outcome::reached) report(animal, courses_[c], outcome);
    }
  }
  if (n_unnamed_ > 0) results_.message += fmt::format("; and {} more", n_unnamed_);
  if (options_.on_progress) options_.on_progress(std::ssize(outcomes_), std::ssize(outcomes_));
}

void Run::report(std::size_t animal, const Course& course, const CourseOutcome& outcome) {
  constexpr std::size_t longest_message = 1000;
  results_.status = RunStatus::some_simulations_failed;
  if (results_.message.size() > longest_message) {
    ++n_unnamed_;
    return;
  }
  const Labels& labels = results_.labels;
  results_.message +=
      fmt::format("{}arm {}, animal {}, {}, {} limb: {} after day {:.4g}", results_.message.empty() ? "" : "; ",
                  labels.arms[course.arm], labels.animals[animal], labels.muscles[course.muscle],
                  labels.limbs[course.limb], reason(outcome.outcome), outcome.reached_d);
}

}  // namespace

Results run_study(const Study& study, const RunOptions& options) { return Run(study, options).finish(); }

}  // namespace hindlimb::sim
