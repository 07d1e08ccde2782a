#include "hindlimb/sim/integrate.hpp"

#include "hindlimb/muscle/rates.hpp"

namespace hindlimb::sim {
namespace {

using State = muscle::StateVector<double>;

/// Hands out the recorded times as the integration passes them.
class Recorder {
 public:
  Recorder(std::span<const Minutes> times, const OnRecord& on_record) : times_(times), on_record_(on_record) {}

  void start(const State& state) {
    if (next_ < times_.size() && times_[next_] == Minutes{0}) on_record_(next_++, state);
  }

  void pass(const ode::DenseStep<State>& step) {
    for (; next_ < times_.size() && to_days(times_[next_]) <= step.t1; ++next_) {
      on_record_(next_, step.at(to_days(times_[next_])));
    }
  }

 private:
  std::span<const Minutes> times_;
  const OnRecord& on_record_;
  std::size_t next_ = 0;
};

}  // namespace

MuscleOutcome integrate_muscle(std::span<const Segment> segments, const laws::Coefficients<double>& coefficients,
                               const scenario::Solver& solver, std::span<const Minutes> times,
                               const OnRecord& on_record) {
  MuscleOutcome result;
  State y = muscle::weight_bearing_state<double>();
  Recorder recorder(times, on_record);
  recorder.start(y);
  for (const Segment& segment : segments) {
    y[muscle::body_water] += segment.bolus;
    const auto rates = [&](double, const State& state, State& rate) {
      muscle::rates(state, segment.stimulus, coefficients, rate);
    };
    const auto on_step = [&](const ode::DenseStep<State>& step) {
      recorder.pass(step);
      result.reached_d = step.t1;
    };
    const std::int64_t steps_left = solver.max_steps - result.statistics.accepted - result.statistics.rejected;
    result.outcome = ode::integrate(rates, to_days(segment.start), to_days(segment.end), y, {solver.rtol, solver.atol},
                                    steps_left, result.statistics, on_step);
    if (result.outcome != ode::Outcome::reached) break;
  }
  return result;
}

}  // namespace hindlimb::sim
