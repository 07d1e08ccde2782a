#include "hindlimb/sim/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/threads.hpp"
#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "sim/agent_course.hpp"
#include "sim/course.hpp"
#include "sim/rat.hpp"

namespace hindlimb::sim {
namespace {

using muscle::Observable;
using scenario::Limb;
using scenario::Study;

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

/// A sweep over durations may leave the steps.
void require_whole_steps(const Study& study) {
  for (const scenario::Arm& arm : study.arms) {
    if (end_of(study, arm) % study.agents.step != Minutes{0})
      throw Error(fmt::format("arm {} ends on day {}, which is no whole number of steps of agents.step_min = {}",
                              arm.name, to_days(end_of(study, arm)), study.agents.step.count()));
  }
}

/// When the states of the mean field are needed: where they are recorded, and for agents at every half step.
std::vector<Minutes> times_of_muscles(std::span<const Run> runs, const Recording& recording) {
  std::set<Minutes> times(recording.times.begin(), recording.times.end());
  for (const Run& run : runs) {
    if (run.study->fidelity == scenario::Fidelity::mean_field) continue;
    require_whole_steps(*run.study);
    const Minutes half = run.study->agents.step / 2;
    for (Minutes time = half; time <= horizon(*run.study); time += half) times.insert(time);
  }
  return {times.begin(), times.end()};
}

/// What all threads read, and where each writes to places of its own, so that no order can matter.
class Simulation {
 public:
  Simulation(std::span<const Run> runs, const Recording& recording, const RunOptions& options)
      : runs_(runs),
        study_(*runs[0].study),
        recording_(recording),
        options_(options),
        histories_(runs, times_of_muscles(runs, recording)),
        n_animals_(static_cast<std::size_t>(study_.animals.per_arm)),
        n_columns_(recording.ends_only ? 1 : recording.times.size()),
        lanes_(ensemble::lanes(chosen_instruction_set(), study_.solver.precision == scenario::Arithmetic::f64
                                                             ? ensemble::Precision::f64
                                                             : ensemble::Precision::f32)) {
    set_courses();
    outcomes_.resize(courses_.size() * n_animals_);
    for (const Observable observable : recording.observables) {
      result_.series.emplace_back(courses_.size() * n_animals_ * info_of(observable).width * n_columns_, missing);
    }
  }

  RecordedRuns finish();

  std::span<const Run> runs() const { return runs_; }
  const Histories& histories() const { return histories_; }

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
  static constexpr double missing = std::numeric_limits<double>::quiet_NaN();

  static const muscle::ObservableInfo& info_of(Observable observable) {
    return muscle::observable_table[static_cast<std::size_t>(observable)];
  }
  /// Whether one rat tells everything: not where sections have their chance.
  bool has_one_rat() const {
    return histories_.has_one_rat() && std::ranges::none_of(runs_, [](const Run& run) {
             return run.study->fidelity == scenario::Fidelity::agents;
           });
  }
  std::size_t n_rats() const { return has_one_rat() ? 1 : n_animals_; }
  void set_courses();
  std::vector<Course::Head> heads_of(scenario::MuscleName muscle, std::size_t run, std::size_t arm, Limb limb) const;
  CourseOutcome outcome_of(const Course& course, const std::vector<Task>& tasks) const;
  std::vector<muscle::Observables<double>> observe(const Course& course, const Course::Head& head,
                                                   const laws::Coefficients<double>& coefficients,
                                                   const std::vector<Task>& tasks) const;
  using ObservedHeads = std::vector<std::vector<muscle::Observables<double>>>;
  void write(const Course& course, std::size_t first_animal, std::size_t last_animal, const Rat& rat,
             const ObservedHeads& observed);
  void write_mean_field(const Course& course, std::size_t first_animal, std::size_t last_animal, const Rat& rat);
  void write_agents(const Course& course, std::size_t animal, const Rat& rat, Tissues& tissues);
  std::vector<const double*> half_steps(const Course& course, const Course::Head& head,
                                        const std::vector<Task>& tasks) const;
  void keep_pictures(const Course& course, std::size_t animal, const Course::Head& head, const agents::Tissue& tissue,
                     std::vector<std::pair<Minutes, agents::Picture>>&& pictures);
  std::size_t row_of(const Course& course, std::size_t animal) const;
  void tell_progress();
  void conclude();
  void report(std::size_t animal, const Course& course, const CourseOutcome& outcome);

  std::span<const Run> runs_;
  const Study& study_;  ///< of the first run: for what all have in common
  const Recording& recording_;
  const RunOptions& options_;
  RecordedRuns result_;
  Histories histories_;
  std::size_t n_animals_;
  std::size_t n_columns_;  ///< numbers that are recorded of one observable of one muscle
  std::vector<Course> courses_;
  std::vector<std::size_t> by_limb_;     ///< of the courses: the arms of a limb one after the other
  std::vector<CourseOutcome> outcomes_;  ///< shape [animal][course]
  std::size_t lanes_;
  std::vector<std::size_t> n_unnamed_;  ///< of each run: failures that the message has no room for
  std::atomic<std::size_t> next_rat_ = 0;
  std::atomic<std::int64_t> done_ = 0;
  std::mutex progress_mutex_;
  std::mutex pictures_mutex_;
};

/// One thread's share: takes rats, a batch at a time, and gives their stretches to the solver as soon as they can
/// begin.
class Worker final : public Tasks {
 public:
  explicit Worker(Simulation& simulation) : simulation_(simulation) {}

  void work() { solve(simulation_.runs()[0].study->solver, *this); }

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
    simulation_.record(rat);
    idle_.push_back(task.rat);
  }

 private:
  void take_batch() {
    std::vector<std::size_t> batch;
    while (batch.size() < simulation_.batch()) {
      const std::optional<std::size_t> number = simulation_.take_rat();
      if (!number) break;
      batch.push_back(begin(*number));
    }
    for (const std::size_t root : simulation_.histories().roots()) {
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
    sim::begin(*rats_[place], simulation_.runs(), simulation_.histories(), number + 1, place);
    return place;
  }

  Simulation& simulation_;
  std::vector<std::unique_ptr<Rat>> rats_;
  std::vector<std::size_t> idle_;  ///< of them
  std::deque<Task*> waiting_;
};

RecordedRuns Simulation::finish() {
  on_threads(
      options_.threads, [&] { Worker(*this).work(); }, [&] { stop(); });
  conclude();
  return std::move(result_);
}

std::vector<Course::Head> Simulation::heads_of(scenario::MuscleName muscle, std::size_t run, std::size_t arm,
                                               Limb limb) const {
  std::vector<Course::Head> heads;
  for (const scenario::Muscle head : scenario::heads_of(muscle)) {
    const Place place{run, arm, head, limb};
    heads.push_back({head, histories_.parameters_of(place), histories_.path_to(place)});
  }
  return heads;
}

void Simulation::set_courses() {
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    const Study& study = *runs_[run].study;
    for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
      const auto last = std::ranges::upper_bound(recording_.times, end_of(study, study.arms[arm]));
      const auto n_times = recording_.ends_only ? 1 : static_cast<std::size_t>(last - recording_.times.begin());
      for (std::size_t muscle = 0; muscle < study.muscles.size(); ++muscle) {
        for (const Limb limb : scenario::limbs) {
          courses_.push_back({run, arm, muscle, static_cast<std::size_t>(limb), n_times, {}});
          courses_.back().heads = heads_of(study.muscles[muscle], run, arm, limb);
        }
      }
    }
  }
  by_limb_.resize(courses_.size());
  std::iota(by_limb_.begin(), by_limb_.end(), std::size_t{0});
  std::ranges::stable_sort(by_limb_, {}, [this](std::size_t c) {
    return std::tuple(courses_[c].run, courses_[c].muscle, courses_[c].limb);
  });
}

CourseOutcome Simulation::outcome_of(const Course& course, const std::vector<Task>& tasks) const {
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

std::vector<muscle::Observables<double>> Simulation::observe(const Course& course, const Course::Head& head,
                                                             const laws::Coefficients<double>& coefficients,
                                                             const std::vector<Task>& tasks) const {
  using States = muscle::StateVector<double>;
  const bool wants_types =
      std::ranges::find(recording_.observables, Observable::csa_by_type) != recording_.observables.end();
  const Study& study = *runs_[course.run].study;
  const Minutes label_start = scenario::label_start(study.arms[course.arm]);
  std::vector<muscle::Observables<double>> observed;
  observed.reserve(course.n_times);
  const auto add = [&](const States& states, Minutes time) {
    observed.push_back(muscle::observe(states, to_days(time - label_start), coefficients, wants_types));
  };
  if (recording_.ends_only) {
    add(Eigen::Map<const States>(tasks[head.path.back()].end), end_of(study, study.arms[course.arm]));
    return observed;
  }
  if (course.n_times > 0 && recording_.times[0] == Minutes{0}) add(muscle::weight_bearing_state<double>(), Minutes{0});
  for (const std::size_t stretch : head.path) {
    const std::vector<Minutes>& times = tasks[stretch].stretch->times;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (!std::ranges::binary_search(recording_.times, times[i])) continue;
      add(Eigen::Map<const States>(tasks[stretch].states + i * muscle::n_states), times[i]);
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

/// Counts muscles of limbs, in the order of the series.
std::size_t Simulation::row_of(const Course& course, std::size_t animal) const {
  const std::size_t arms_before = course.run * study_.arms.size() + course.arm;
  return ((arms_before * n_animals_ + animal) * study_.muscles.size() + course.muscle) * scenario::limbs.size() +
         course.limb;
}

void Simulation::write(const Course& course, std::size_t first_animal, std::size_t last_animal, const Rat& rat,
                       const ObservedHeads& observed) {
  const laws::Coefficients<double>& a = rat.coefficients[course.heads.front().rat_parameters];
  const laws::Coefficients<double>& b = rat.coefficients[course.heads.back().rat_parameters];
  for (std::size_t i = 0; i < recording_.observables.size(); ++i) {
    const Observable observable = recording_.observables[i];
    const muscle::ObservableInfo& info = info_of(observable);
    for (std::size_t type = 0; type < info.width; ++type) {
      for (std::size_t time = 0; time < course.n_times; ++time) {
        const double value = together(info, observable, type, observed.front()[time],
                                      observed.size() > 1 ? &observed.back()[time] : nullptr, a, b);
        for (std::size_t animal = first_animal; animal < last_animal; ++animal) {
          result_.series[i][(row_of(course, animal) * info.width + type) * n_columns_ + time] = value;
        }
      }
    }
  }
}

void Simulation::write_mean_field(const Course& course, std::size_t first_animal, std::size_t last_animal,
                                  const Rat& rat) {
  ObservedHeads observed;
  for (const Course::Head& head : course.heads) {
    observed.push_back(observe(course, head, rat.coefficients[head.rat_parameters], rat.tasks));
  }
  write(course, first_animal, last_animal, rat, observed);
}

/// States of the mean field at every half step of the rules, up to the end of the arm.
std::vector<const double*> Simulation::half_steps(const Course& course, const Course::Head& head,
                                                  const std::vector<Task>& tasks) const {
  static const muscle::StateVector<double> weight_bearing = muscle::weight_bearing_state<double>();
  const Minutes half = runs_[course.run].study->agents.step / 2;
  std::vector<const double*> rows{weight_bearing.data()};
  for (const std::size_t stretch : head.path) {
    const std::vector<Minutes>& times = tasks[stretch].stretch->times;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (times[i] % half == Minutes{0}) rows.push_back(tasks[stretch].states + i * muscle::n_states);
    }
  }
  return rows;
}

void Simulation::write_agents(const Course& course, std::size_t animal, const Rat& rat, Tissues& tissues) {
  const Study& study = *runs_[course.run].study;
  const scenario::Arm& arm = study.arms[course.arm];
  const bool is_kept = recording_.keeps_pictures && animal < static_cast<std::size_t>(study.agents.snapshot_rats);
  std::vector<Minutes> times = recording_.times;
  if (recording_.ends_only) times = {end_of(study, arm)};
  ObservedHeads observed;
  for (const Course::Head& head : course.heads) {
    const laws::Coefficients<double>& p = rat.coefficients[head.rat_parameters];
    const AnimalId id{runs_[course.run].replicate, animal + 1};
    const agents::Luck luck = section_luck(study, arm, id, head.muscle, scenario::limbs[course.limb]);
    const agents::Tissue& tissue =
        tissues.of(head, luck, [&] { return std::make_unique<agents::Tissue>(study.agents, head.muscle, p, luck); });
    AgentOutcome outcome =
        carry_through({.settings = study.agents,
                       .tissue = tissue,
                       .coefficients = p,
                       .mean_field = half_steps(course, head, rat.tasks),
                       .times = times,
                       .snapshots = is_kept ? study.agents.snapshots : std::vector<Minutes>{},
                       .label_start = scenario::label_start(arm),
                       .name = fmt::format("run {}, arm {}, animal {}, {}, {} limb", course.run + 1, arm.name,
                                           animal + 1, laws::muscle_names[static_cast<std::size_t>(head.muscle)],
                                           scenario::limb_names[course.limb]),
                       .store = options_.sections});
    observed.push_back(std::move(outcome.observed));
    keep_pictures(course, animal, head, tissue, std::move(outcome.pictures));
  }
  write(course, animal, animal + 1, rat, observed);
}

void Simulation::keep_pictures(const Course& course, std::size_t animal, const Course::Head& head,
                               const agents::Tissue& tissue,
                               std::vector<std::pair<Minutes, agents::Picture>>&& pictures) {
  const std::lock_guard lock(pictures_mutex_);
  for (auto& [time, picture] : pictures) {
    result_.pictures.push_back({.run = course.run,
                                .arm = course.arm,
                                .animal = animal,
                                .muscle = head.muscle,
                                .limb = course.limb,
                                .time_d = to_days(time),
                                .types = tissue.types,
                                .set_point_um2 = tissue.areas_um2,
                                .tiles = tissue.tiles,
                                .capillaries = tissue.capillaries,
                                .now = std::move(picture)});
  }
}

void Simulation::record(const Rat& rat) {
  const std::size_t first = rat.number - 1;
  const std::size_t last = has_one_rat() ? n_animals_ : first + 1;
  Tissues tissues;
  for (const std::size_t c : by_limb_) {
    const CourseOutcome outcome = outcome_of(courses_[c], rat.tasks);
    for (std::size_t animal = first; animal < last; ++animal) outcomes_[animal * courses_.size() + c] = outcome;
    if (outcome.outcome != ode::Outcome::reached) continue;
    if (runs_[courses_[c].run].study->fidelity == scenario::Fidelity::mean_field) {
      write_mean_field(courses_[c], first, last, rat);
    } else {
      tissues.turn_to(courses_[c]);
      write_agents(courses_[c], first, rat, tissues);
    }
  }
  done_ += static_cast<std::int64_t>((last - first) * courses_.size());
  tell_progress();
}

void Simulation::tell_progress() {
  if (!options_.on_progress) return;
  const std::unique_lock lock(progress_mutex_, std::try_to_lock);
  if (lock.owns_lock()) options_.on_progress(done_, std::ssize(outcomes_));
}

/// Sums up in the order of the labels, so that threads change nothing.
void Simulation::conclude() {
  result_.outcomes.resize(runs_.size());
  n_unnamed_.resize(runs_.size());
  for (std::size_t c = 0; c < courses_.size(); ++c) {
    RunOutcome& total = result_.outcomes[courses_[c].run];
    for (std::size_t animal = 0; animal < n_animals_; ++animal) {
      const CourseOutcome& outcome = outcomes_[animal * courses_.size() + c];
      total.n_steps += outcome.statistics.accepted;
      total.n_redone += outcome.is_redone ? 1 : 0;
      if (outcome.outcome != ode::Outcome::reached) report(animal, courses_[c], outcome);
    }
  }
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    if (n_unnamed_[run] > 0) result_.outcomes[run].message += fmt::format("; and {} more", n_unnamed_[run]);
  }
  std::ranges::sort(result_.pictures, {}, [](const SectionPicture& p) {
    return std::tuple(p.run, p.arm, p.animal, static_cast<std::size_t>(p.muscle), p.limb, p.time_d);
  });
  if (options_.on_progress) options_.on_progress(std::ssize(outcomes_), std::ssize(outcomes_));
}

void Simulation::report(std::size_t animal, const Course& course, const CourseOutcome& outcome) {
  constexpr std::size_t longest_message = 1000;
  RunOutcome& total = result_.outcomes[course.run];
  total.status = RunStatus::some_simulations_failed;
  if (total.message.size() > longest_message) {
    ++n_unnamed_[course.run];
    return;
  }
  total.message += fmt::format("{}arm {}, animal {}, {}, {} limb: {} after day {:.4g}",
                               total.message.empty() ? "" : "; ", study_.arms[course.arm].name, animal + 1,
                               scenario::muscle_names[static_cast<std::size_t>(study_.muscles[course.muscle])],
                               scenario::limb_names[course.limb], reason(outcome.outcome), outcome.reached_d);
}

}  // namespace

RecordedRuns simulate(std::span<const Run> runs, const Recording& recording, const RunOptions& options) {
  return Simulation(runs, recording, options).finish();
}

}  // namespace hindlimb::sim
