#pragma once

#include <chrono>

namespace hindlimb {

/// Simulated time is counted in whole minutes, so that sums are exact.
using Minutes = std::chrono::minutes;

inline constexpr double minutes_per_day = 1440.0;

/// The one place where simulated time becomes a real number.
constexpr double to_days(Minutes time) { return static_cast<double>(time.count()) / minutes_per_day; }

}  // namespace hindlimb
