#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "hindlimb/core/pack.hpp"
#include "hindlimb/ensemble/ensemble.hpp"
#include "hindlimb/muscle/rates.hpp"

namespace hindlimb::ensemble {

/// Integrates as many muscles at once as there are lanes. A lane that has finished takes the next job; what makes lanes
/// differ (where they stop, what they record, whether a step is accepted) is a mask or an event, never a shared number.
///
/// It must not use anything that is not made from its own types: no function of the standard library, no Eigen.
template <class Isa, class Number, std::size_t n_lanes>
class Kernel {
 public:
  Kernel(ode::Tolerance tolerance, double first_step_d, Jobs jobs)
      : tolerance_(tolerance), first_step_d_(first_step_d), jobs_(jobs) {}

  void run() {
    for (std::size_t lane = 0; lane < n_lanes && take(lane); ++lane) {
    }
    while (restarted_ != 0) {
      evaluate_restarted();
      while (busy_ != 0 && restarted_ == 0) step();
    }
  }

 private:
  using Real = Pack<Isa, Number, n_lanes>;
  using Time = Pack<Isa, double, n_lanes>;
  using RealMask = Mask<Isa, Number, n_lanes>;
  using TimeMask = Mask<Isa, double, n_lanes>;

  /// Those beyond n_moving are 0 in all lanes and stay so: steps leave them out.
  struct States {
    Real values[muscle::n_states];
    std::size_t n_moving = muscle::n_states;
    std::size_t size() const { return n_moving; }
    Real& operator[](std::size_t i) { return values[i]; }
    const Real& operator[](std::size_t i) const { return values[i]; }
  };

  /// What a lane is at, beside the numbers that it computes with.
  struct Lane {
    Job* job = nullptr;
    std::size_t span = 0;
    std::size_t next_time = 0;
    std::size_t n_started = 0;  ///< spans
    std::size_t n_moving = 0;
  };

  static constexpr double never = std::numeric_limits<double>::infinity();

  static constexpr unsigned all_lanes = (1U << n_lanes) - 1U;

  static constexpr unsigned bit(std::size_t lane) { return 1U << lane; }
  static std::size_t first_of(unsigned bits) { return static_cast<std::size_t>(__builtin_ctz(bits)); }

  void step() {
    const Time t_new = ode::detail::next_end(t_, h_, t_end_);
    const Time dt = t_new - t_;
    const Real h = convert<Number>(dt);
    const auto rates = [this](const Real&, const States& y, States& dy) { evaluate(y, dy); };
    ode::dopri5_step(rates, Real(0.0), h, y_, y_new_, stages_, followers_);
    const Real error = ode::error_norm(h, y_, y_new_, stages_, followers_, tolerance_);
    const Time error_t = convert<double>(error);
    const TimeMask is_accepted = error_t <= 1.0;
    attempts_ = attempts_ + 1.0;
    accepted_ = select(is_accepted, Time(accepted_ + 1.0), accepted_);
    record(t_new, dt, h, is_accepted);
    advance(error <= 1.0);
    t_ = select(is_accepted, t_new, t_);
    h_ = dt * control_(error_t);
    act_on(is_accepted & (t_new == t_end_), error_t);
  }

  [[gnu::noinline]] void evaluate(const States& y, States& dy) {
    const auto signals = muscle::unlabelled_rates(y, stimulus_, coefficients_, dy);
    if (n_moving_ > muscle::first_of_label) muscle::label_rates(y, stimulus_, signals, coefficients_, dy);
  }

  /// Reads recorded times off the step that was accepted.
  void record(const Time& t_new, const Time& dt, const Real& h, const TimeMask& is_accepted) {
    unsigned pending = (is_accepted & (next_time_ <= t_new)).bits() & busy_;
    while (pending != 0) {
      ode::dense(h, convert<Number>((next_time_ - t_) / dt), y_, y_new_, stages_, followers_, at_time_);
      for (unsigned left = pending; left != 0; left &= left - 1) keep(first_of(left));
      pending &= (next_time_ <= t_new).bits();
    }
  }

  void keep(std::size_t lane) {
    Lane& at = lanes_[lane];
    double* row = at.job->recorded + at.next_time * muscle::n_states;
    for (std::size_t i = 0; i < n_moving_; ++i) row[i] = static_cast<double>(at_time_[i][lane]);
    for (std::size_t i = n_moving_; i < muscle::n_states; ++i) row[i] = 0.0;
    ++at.next_time;
    set_next_time(lane);
  }

  void set_next_time(std::size_t lane) {
    const Lane& at = lanes_[lane];
    next_time_.set(lane, at.next_time < at.job->n_times ? at.job->times_d[at.next_time] : never);
  }

  void advance(const RealMask& is_accepted) {
    for (std::size_t i = 0; i < n_moving_; ++i) {
      y_[i] = select(is_accepted, y_new_[i], y_[i]);
      stages_.k1[i] = select(is_accepted, stages_.k7[i], stages_.k1[i]);
    }
    for (std::size_t j = 0; j < muscle::n_followers; ++j) {
      followers_[j].distance = select(is_accepted, followers_[j].ahead, followers_[j].distance);
      stages_.k1[j] = Real(0.0);
    }
  }

  /// What happens to single lanes after a step: the end of a span, too many steps, or no way on.
  void act_on(const TimeMask& is_at_end, const Time& error) {
    const unsigned at_end = is_at_end.bits() & busy_;
    for (unsigned left = at_end; left != 0; left &= left - 1) end_span(first_of(left));
    const unsigned spent = (attempts_ >= max_attempts_).bits() & busy_ & ~at_end;
    const unsigned stuck = ((h_ < resolution_) & (error > 1.0)).bits() & busy_ & ~at_end;
    for (unsigned left = spent | stuck; left != 0; left &= left - 1) {
      const std::size_t lane = first_of(left);
      const bool is_finite = error[lane] < never;
      finish(lane, (stuck & bit(lane)) == 0 ? ode::Outcome::too_many_steps
                   : is_finite              ? ode::Outcome::step_too_small
                                            : ode::Outcome::not_finite);
    }
  }

  void end_span(std::size_t lane) {
    Lane& at = lanes_[lane];
    ++at.span;
    keep_stop(lane);
    if (at.span == at.job->n_spans) {
      finish(lane, ode::Outcome::reached);
    } else if (attempts_[lane] >= max_attempts_[lane]) {
      finish(lane, ode::Outcome::too_many_steps);
    } else {
      start_span(lane);
    }
  }

  /// What a stop leaves: from here a job can go on by other means.
  void keep_stop(std::size_t lane) {
    const Lane& at = lanes_[lane];
    Job& job = *at.job;
    job.n_done = at.span;
    for (std::size_t i = 0; i < muscle::n_states; ++i) job.end[i] = static_cast<double>(y_[i][lane]);
  }

  void finish(std::size_t lane, ode::Outcome outcome) {
    Job& job = *lanes_[lane].job;
    const auto attempts =
        static_cast<std::int64_t>(attempts_[lane]) - job.statistics.accepted - job.statistics.rejected;
    const auto accepted = static_cast<std::int64_t>(accepted_[lane]);
    job.outcome = outcome;
    job.reached_d = t_[lane];
    job.statistics.accepted += accepted;
    job.statistics.rejected += attempts - accepted;
    job.statistics.evaluations += 6 * attempts + static_cast<std::int64_t>(lanes_[lane].n_started);
    jobs_.finished(jobs_.owner, &job);
    take(lane);
    for (unsigned idle = ~busy_ & all_lanes; idle != 0; idle &= idle - 1) {
      if (!take(first_of(idle))) break;
    }
  }

  /// The next job that may take a step.
  Job* next_job() {
    Job* job = jobs_.next(jobs_.owner);
    while (job != nullptr && job->statistics.accepted + job->statistics.rejected >= job->max_steps) {
      job->outcome = ode::Outcome::too_many_steps;
      job->reached_d = job->spans[0].start_d;
      jobs_.finished(jobs_.owner, job);
      job = jobs_.next(jobs_.owner);
    }
    return job;
  }

  /// Gives a lane the next job.
  /// @return whether there was one
  bool take(std::size_t lane) {
    busy_ &= ~bit(lane);
    Job* const job = next_job();
    if (job == nullptr) return false;
    busy_ |= bit(lane);
    lanes_[lane] = {.job = job};
    set_coefficients(lane, *job->coefficients);
    for (std::size_t i = 0; i < muscle::n_states; ++i) y_[i].set(lane, job->start[i]);
    attempts_.set(lane, static_cast<double>(job->statistics.accepted + job->statistics.rejected));
    max_attempts_.set(lane, static_cast<double>(job->max_steps));
    accepted_.set(lane, 0.0);
    t_.set(lane, job->spans[0].start_d);
    keep_stop(lane);
    set_next_time(lane);
    start_span(lane);
    return true;
  }

  void set_coefficients(std::size_t lane, const laws::Coefficients<double>& from) {
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      (coefficients_.*laws::parameter_members<Real>[i]).set(lane, from.*laws::parameter_members<double>[i]);
    }
    coefficients_.unloading_sensitivity.set(lane, from.unloading_sensitivity);
    coefficients_.myofibrillar_turnover_per_d.set(lane, from.myofibrillar_turnover_per_d);
    coefficients_.cytosolic_turnover_per_d.set(lane, from.cytosolic_turnover_per_d);
    coefficients_.mitochondrial_turnover_per_d.set(lane, from.mitochondrial_turnover_per_d);
#define HINDLIMB_DERIVED(name, ...) coefficients_.name.set(lane, from.name);
#include "hindlimb/laws/derived.def"
    const auto own = muscle::followers(coefficients_);
    for (std::size_t j = 0; j < muscle::n_followers; ++j) {
      followers_[j].rate = own[j].rate;
      followers_[j].time = own[j].time;
    }
  }

  void start_span(std::size_t lane) {
    const Span& span = lanes_[lane].job->spans[lanes_[lane].span];
    y_[muscle::body_water].set(lane, static_cast<double>(y_[muscle::body_water][lane]) + span.bolus);
    stimulus_.load.set(lane, span.stimulus.load);
    stimulus_.massage.set(lane, span.stimulus.massage);
    stimulus_.humoral.set(lane, span.stimulus.humoral);
    stimulus_.neural.set(lane, span.stimulus.neural);
    stimulus_.behavioural.set(lane, span.stimulus.behavioural);
    stimulus_.training.set(lane, span.stimulus.training);
    stimulus_.label.set(lane, span.stimulus.label);
    t_.set(lane, span.start_d);
    t_end_.set(lane, span.end_d);
    h_.set(lane, first_step_d_);
    resolution_.set(lane, ode::resolution(span.start_d, span.end_d));
    lanes_[lane].n_moving = moving(lane);
    ++lanes_[lane].n_started;
    restarted_ |= bit(lane);
  }

  /// States that move in a lane: the others are 0, and nothing acts on them in this span.
  std::size_t moving(std::size_t lane) const {
    using namespace muscle;
    const auto is_at_rest = [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        if (y_[i][lane] != 0) return false;
      }
      return true;
    };
    const laws::Stimulus<double>& stimulus = lanes_[lane].job->spans[lanes_[lane].span].stimulus;
    const bool is_massaged = stimulus.massage != 0.0 || stimulus.humoral != 0.0;
    const bool is_rare = stimulus.neural != 0.0 || stimulus.behavioural != 0.0 || stimulus.training != 0.0 ||
                         (is_massaged && coefficients_.perfusion_gain[lane] != 0);
    if (is_rare || !is_at_rest(first_of_rare, n_states)) return n_states;
    if (stimulus.label != 0.0 || !is_at_rest(first_of_label, first_of_rare)) return first_of_rare;
    if (is_massaged || !is_at_rest(first_of_massage, first_of_label)) return first_of_label;
    return first_of_massage;
  }

  /// Finds how many states move in any lane. What begins to move starts from 0 with a rate of 0 in the other lanes.
  void set_moving() {
    std::size_t most = 0;
    for (unsigned left = busy_; left != 0; left &= left - 1) {
      const std::size_t n = lanes_[first_of(left)].n_moving;
      if (n > most) most = n;
    }
    if (most == n_moving_) return;
    const std::size_t changed = most < n_moving_ ? most : n_moving_;
    n_moving_ = most;
    ode::Stages<States>& s = stages_;
    for (States* states : {&y_, &y_new_, &at_time_, &s.k1, &s.k2, &s.k3, &s.k4, &s.k5, &s.k6, &s.k7}) {
      states->n_moving = most;
      if (states == &y_) continue;
      for (std::size_t i = changed; i < muscle::n_states; ++i) states->values[i] = Real(0.0);
    }
  }

  /// Rates at the start of a span, for the lanes that are there.
  void evaluate_restarted() {
    States& rates = y_new_;
    set_moving();
    evaluate(y_, rates);
    auto fresh = followers_;
    for (std::size_t j = 0; j < muscle::n_followers; ++j) fresh[j].start(rates[j]);
    const unsigned lanes = restarted_;
    restarted_ = 0;
    for (unsigned left = lanes; left != 0; left &= left - 1) {
      const std::size_t lane = first_of(left);
      for (std::size_t i = 0; i < n_moving_; ++i) stages_.k1[i].v[lane] = rates[i].v[lane];
      for (std::size_t j = 0; j < muscle::n_followers; ++j) followers_[j].distance.v[lane] = fresh[j].distance[lane];
      control_.restart(lane);
    }
  }

  ode::Tolerance tolerance_;
  double first_step_d_;
  Jobs jobs_;
  Lane lanes_[n_lanes];
  unsigned busy_ = 0;       ///< lanes that have a job, as bits
  unsigned restarted_ = 0;  ///< lanes that begin a span
  std::size_t n_moving_ = muscle::n_states;
  laws::Coefficients<Real> coefficients_{};
  laws::Stimulus<Real> stimulus_{Real(1.0), Real(0.0), Real(0.0), Real(0.0), Real(0.0), Real(0.0), Real(0.0)};
  States y_{};
  States y_new_{};
  States at_time_{};
  ode::Stages<States> stages_{};
  ode::Followers<Real, muscle::n_followers> followers_{};
  ode::detail::StepControl<Time> control_;
  Time t_{0.0};
  Time h_{0.0};
  Time t_end_{never};
  Time next_time_{never};
  Time resolution_{0.0};
  Time attempts_{0.0};  ///< accepted and rejected steps of the job
  Time max_attempts_{0.0};
  Time accepted_{0.0};  ///< of those of this call
};

}  // namespace hindlimb::ensemble
