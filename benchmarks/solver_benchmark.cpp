#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <string>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "hindlimb/sim/run.hpp"
#include "peers.hpp"

/// Prints one line of JSON: simulations (two limbs of one rat) per second and core of each solver at equal attained
/// error, and what whole studies gain from two threads and from arms that share a history.
namespace hindlimb::benchmark {
namespace {

using Solve = std::function<void(std::vector<Task>&, double rtol)>;

constexpr double atol_of(double rtol) { return rtol; }

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void must_reach(void*, ensemble::Job* job) {
  if (job->outcome != ode::Outcome::reached) throw Error("a simulation did not reach its end");
}

void solve_ensemble(std::vector<Task>& tasks, double rtol, ensemble::Precision precision) {
  static const std::vector<double> start = weight_bearing();
  struct Queue {
    std::vector<ensemble::Job> jobs;
    std::size_t next = 0;
  } queue;
  for (Task& task : tasks) {
    queue.jobs.push_back({.coefficients = &task.coefficients,
                          .spans = task.spans.data(),
                          .n_spans = task.spans.size(),
                          .start = start.data(),
                          .times_d = task.times_d.data(),
                          .n_times = task.times_d.size(),
                          .recorded = task.recorded.data(),
                          .end = task.end.data(),
                          .max_steps = 1'000'000});
  }
  const auto next = [](void* owner) -> ensemble::Job* {
    Queue& q = *static_cast<Queue*>(owner);
    return q.next < q.jobs.size() ? &q.jobs[q.next++] : nullptr;
  };
  ensemble::integrate(chosen_instruction_set(), precision, {rtol, atol_of(rtol)}, {&queue, next, must_reach});
}

void solve_scalar(std::vector<Task>& tasks, double rtol) {
  using State = muscle::StateVector<double>;
  for (Task& task : tasks) {
    State y = muscle::weight_bearing_state<double>();
    ode::Statistics statistics;
    std::size_t next = 0;
    for (const ensemble::Span& span : task.spans) {
      y[muscle::body_water] += span.bolus;
      const auto rates = [&](double, const State& states, State& dy) {
        muscle::rates(states, span.stimulus, task.coefficients, dy);
      };
      const auto on_step = [&](const auto& step) {
        for (; next < task.times_d.size() && task.times_d[next] <= step.t1; ++next) {
          Eigen::Map<State>(&task.recorded[next * muscle::n_states]) = step.at(task.times_d[next]);
        }
      };
      if (ode::integrate(rates, {span.start_d, span.end_d}, y, {rtol, atol_of(rtol)}, 10'000'000, statistics, on_step,
                         muscle::followers(task.coefficients)) != ode::Outcome::reached) {
        throw Error("a simulation did not reach its end");
      }
    }
  }
}

struct Method {
  std::string name;
  double allowed_error;
  Solve solve;
  double rtol = 0.0;
  double error = 0.0;
  double best_s = 1e300;
};

/// The loosest tolerance whose attained error is allowed, on a ladder of ten per decade.
void calibrate(Method& method, std::vector<Task> tasks, const std::vector<Task>& reference) {
  for (int rung = 0; rung < 80; ++rung) {
    method.rtol = 1e-2 * std::pow(10.0, -0.1 * rung);
    method.solve(tasks, method.rtol);
    method.error = largest_error(tasks, reference);
    if (method.error <= method.allowed_error) return;
  }
  throw Error(method.name + " does not reach the error that is allowed");
}

std::vector<Method> methods() {
  const auto cvode = [](int kind) {
    return [kind](std::vector<Task>& tasks, double rtol) {
      Cvode solver(kind, rtol, atol_of(rtol));
      for (Task& task : tasks) solver.run(task);
    };
  };
  const auto odeint = [](std::vector<Task>& tasks, double rtol) {
    for (Task& task : tasks) run_odeint(task, rtol, atol_of(rtol));
  };
  const auto lanes = [](ensemble::Precision precision) {
    return [precision](std::vector<Task>& tasks, double rtol) { solve_ensemble(tasks, rtol, precision); };
  };
  constexpr double f64_error = 5e-6;
  constexpr double f32_error = 1.1e-4;
  return {{"ensemble_f64", f64_error, lanes(ensemble::Precision::f64)},
          {"scalar", f64_error, solve_scalar},
          {"odeint", f64_error, odeint},
          {"cvode_bdf", f64_error, cvode(CV_BDF)},
          {"cvode_adams", f64_error, cvode(CV_ADAMS)},
          {"ensemble_f32", f32_error, lanes(ensemble::Precision::f32)},
          {"cvode_bdf_f32", f32_error, cvode(CV_BDF)},
          {"cvode_adams_f32", f32_error, cvode(CV_ADAMS)}};
}

/// Wall time of a whole study, csa and wet mass recorded once a day.
double study_seconds(const scenario::Study& study, unsigned threads = 1) {
  return sim::run_study(study, {.threads = threads, .on_progress = {}}).wall_time_s;
}

struct StudyGains {
  double per_s = 0.0;             ///< simulations on one thread
  double efficiency_2 = 0.0;      ///< of two threads
  double efficiency_apart = 0.0;  ///< of two studies of half the size at once: what the machine allows
  double forked_dose = 0.0;       ///< arms per second together over alone: eight forces of massage
  double forked_late = 0.0;       ///< the same where massage begins a week into reloading
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Fills in what a whole study takes on one thread, on two, and in two halves: in turn, since the machine changes.
void measure_threads(const scenario::Study& study, int rounds, StudyGains& gains) {
  scenario::Study half = study;
  half.animals.per_arm /= 2;
  std::vector<double> one_s;
  std::vector<double> together;
  std::vector<double> apart;
  for (int round = 0; round < rounds; ++round) {
    one_s.push_back(study_seconds(study));
    together.push_back(one_s.back() / study_seconds(study, 2) / 2.0);
    auto other = std::async(std::launch::async, study_seconds, half, 1U);
    const double mine_s = study_seconds(half);
    apart.push_back(one_s.back() / std::max(mine_s, other.get()) / 2.0);
  }
  const double simulations = static_cast<double>(study.animals.per_arm) * static_cast<double>(study.arms.size());
  gains.per_s = simulations / median(one_s);
  gains.efficiency_2 = median(together);
  gains.efficiency_apart = median(apart);
}

/// The arm REM of the main study at eight forces, the first bout so many days into reloading.
scenario::Study dose_study(const scenario::Study& main, std::int64_t first_d) {
  scenario::Study study = main;
  study.compare = {};
  const scenario::Arm massaged = study.arms.back();
  study.arms.clear();
  for (int i = 1; i <= 8; ++i) {
    scenario::Arm arm = massaged;
    arm.name = fmt::format("force{}", i);
    arm.massages[0].force_N = i;
    arm.massages[0].first = Minutes(first_d * 1440);
    arm.massages[0].bouts = first_d == 0 ? 4 : 1;
    study.arms.push_back(arm);
  }
  return study;
}

/// Arms together over each alone, in turn.
double forked_over_alone(const scenario::Study& study, int rounds) {
  std::vector<double> gains;
  for (int round = 0; round < rounds; ++round) {
    double alone_s = 0.0;
    for (const scenario::Arm& arm : study.arms) {
      scenario::Study single = study;
      single.arms = {arm};
      alone_s += study_seconds(single);
    }
    gains.push_back(alone_s / study_seconds(study));
  }
  return median(std::move(gains));
}

StudyGains study_gains(scenario::Study study, std::int64_t rats, int rounds) {
  study.animals.per_arm = 8 * rats;  // long enough for the start of threads not to count
  study.record.observables = {muscle::Observable::csa, muscle::Observable::wet_mass};
  study.solver.rtol = study.solver.atol = 5e-6;
  StudyGains gains;
  rounds *= 3;  // what takes little time is measured more often
  measure_threads(study, rounds, gains);
  study.animals.per_arm = rats;
  gains.forked_dose = forked_over_alone(dose_study(study, 0), rounds);
  gains.forked_late = forked_over_alone(dose_study(study, 7), rounds);
  return gains;
}

int run(const char* study_file, std::uint64_t rats, int rounds) {
  const scenario::Study study = io::read_study(study_file);
  std::vector<Task> reference = tasks_of(study, 16);
  std::vector<Method> all = methods();
  std::vector<Task> sample = reference;
  solve_scalar(reference, 1e-12);
  for (Method& method : all) calibrate(method, sample, reference);
  std::vector<Task> tasks = tasks_of(study, rats);
  const double simulations = static_cast<double>(tasks.size()) / 2.0;
  for (int round = 0; round < rounds; ++round) {
    for (Method& method : all) {
      const double start = seconds();
      method.solve(tasks, method.rtol);
      method.best_s = std::min(method.best_s, seconds() - start);
    }
  }
  fmt::print("{{\"instruction_set\": \"{}\"", instruction_set_names[static_cast<int>(chosen_instruction_set())]);
  for (const Method& method : all) {
    fmt::print(", \"{}\": {{\"per_s\": {:.1f}, \"rtol\": {:.3g}, \"error\": {:.3g}}}", method.name,
               simulations / method.best_s, method.rtol, method.error);
  }
  const StudyGains gains = study_gains(study, static_cast<std::int64_t>(4 * rats), rounds);
  fmt::print(
      ", \"study\": {{\"per_s\": {:.1f}, \"efficiency_2_cores\": {:.3f}, \"efficiency_2_apart\": {:.3f}, "
      "\"forked_dose\": {:.3f}, \"forked_late\": {:.3f}}}}}\n",
      gains.per_s, gains.efficiency_2, gains.efficiency_apart, gains.forked_dose, gains.forked_late);
  return 0;
}

}  // namespace
}  // namespace hindlimb::benchmark

int main(int argc, char** argv) try {
  if (argc != 4) {
    fmt::print(stderr, "usage: solver_benchmark STUDY.toml RATS ROUNDS\n");
    return 2;
  }
  return hindlimb::benchmark::run(argv[1], std::strtoull(argv[2], nullptr, 10), std::atoi(argv[3]));
} catch (const std::exception& error) {
  std::cerr << "solver_benchmark: " << error.what() << '\n';
  return 1;
}
