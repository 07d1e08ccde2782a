#pragma once

#include <functional>
#include <span>
#include <vector>

#include "hindlimb/muscle/states.hpp"
#include "hindlimb/ode/dopri5.hpp"
#include "hindlimb/sim/exchange.hpp"

namespace hindlimb::sim {

/// How the integration of one muscle of one limb ended.
struct MuscleOutcome {
  ode::Outcome outcome = ode::Outcome::reached;
  double reached_d = 0.0;  ///< [d]
  ode::Statistics statistics;
};

using OnRecord = std::function<void(std::size_t index, const muscle::StateVector<double>& state)>;

/// Integrates one muscle of one limb from the weight-bearing steady state through its segments.
///
/// @param times      to be recorded, ascending, within the segments; recording changes no step
/// @param on_record  called once for each of them, in order
MuscleOutcome integrate_muscle(std::span<const Segment> segments, const laws::Coefficients<double>& coefficients,
                               const scenario::Solver& solver, std::span<const Minutes> times, const OnRecord& on_record);

}  // namespace hindlimb::sim
