#pragma once

#include <span>
#include <vector>

#include "hindlimb/muscle/rates.hpp"
#include "hindlimb/muscle/state_vector.hpp"
#include "hindlimb/ode/dopri5.hpp"
#include "hindlimb/sim/exchange.hpp"

namespace hindlimb::sim {

/// How the integration of one muscle of one limb ended.
struct MuscleOutcome {
  ode::Outcome outcome = ode::Outcome::reached;
  double reached_d = 0.0;  ///< [d]
  ode::Statistics statistics;
};

/// Hands out the recorded times as the integration passes them.
template <class Scalar, class OnRecord>
class Recorder {
 public:
  Recorder(std::span<const Minutes> times, OnRecord& on_record) : times_(times), on_record_(on_record) {}

  template <class DenseStep>
  void pass(const DenseStep& step) {
    for (; next_ < times_.size() && to_days(times_[next_]) <= step.t1; ++next_) {
      on_record_(next_, step.at(to_days(times_[next_])));
    }
  }

 private:
  std::span<const Minutes> times_;
  OnRecord& on_record_;
  std::size_t next_ = 0;
};

/// Carries one muscle of one limb through segments that follow each other.
///
/// @param segments      at least one
/// @param coefficients  of the muscle of the animal
/// @param solver        its tolerances and max_steps
/// @param times      to be recorded, ascending, after the start and within the segments; recording changes no step
/// @param on_record  called as on_record(index of the time, state) once for each of them, in order
/// @param[in,out] y  states at the start of the first segment, then where it ended
/// @param before     of what brought it there: its steps count towards solver.max_steps and are in the outcome
template <class Scalar, class OnRecord>
MuscleOutcome continue_muscle(std::span<const Segment<Scalar>> segments, const laws::Coefficients<Scalar>& coefficients,
                              const scenario::Solver& solver, std::span<const Minutes> times, OnRecord& on_record,
                              muscle::StateVector<Scalar>& y, const ode::Statistics& before) {
  using State = muscle::StateVector<Scalar>;
  MuscleOutcome result{.reached_d = to_days(segments.front().start), .statistics = before};
  Recorder<Scalar, OnRecord> recorder(times, on_record);
  for (const Segment<Scalar>& segment : segments) {
    y[muscle::body_water] += segment.bolus;
    const auto rates = [&](double, const State& state, State& rate) {
      muscle::rates(state, segment.stimulus, coefficients, rate);
    };
    const auto on_step = [&](const auto& step) {
      recorder.pass(step);
      result.reached_d = step.t1;
    };
    const std::int64_t steps_left = solver.max_steps - result.statistics.accepted - result.statistics.rejected;
    result.outcome =
        ode::integrate(rates, {to_days(segment.start), to_days(segment.end)}, y, {solver.rtol, solver.atol}, steps_left,
                       result.statistics, on_step, muscle::followers(coefficients));
    if (result.outcome != ode::Outcome::reached) break;
  }
  return result;
}

/// Integrates one muscle of one limb from the weight-bearing steady state through all its segments.
///
/// @param segments      at least one, the first from time 0
/// @param coefficients  of the muscle of the animal
/// @param solver        its tolerances and max_steps
/// @param times         to be recorded, ascending, within the segments; the start may be one of them
/// @param on_record     as for continue_muscle()
template <class Scalar, class OnRecord>
MuscleOutcome integrate_muscle(std::span<const Segment<Scalar>> segments,
                               const laws::Coefficients<Scalar>& coefficients, const scenario::Solver& solver,
                               std::span<const Minutes> times, OnRecord&& on_record) {
  muscle::StateVector<Scalar> y = muscle::weight_bearing_state<Scalar>();
  const std::size_t n_at_start = !times.empty() && times.front() == Minutes{0} ? 1 : 0;
  if (n_at_start > 0) on_record(std::size_t{0}, y);
  const auto record_later = [&](std::size_t i, const auto& state) { on_record(n_at_start + i, state); };
  return continue_muscle(segments, coefficients, solver, times.subspan(n_at_start), record_later, y, {});
}

}  // namespace hindlimb::sim
