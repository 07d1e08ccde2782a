#pragma once

#include <cstdint>

#include "hindlimb/study/sweep.hpp"

namespace hindlimb::app {

/// What a sweep will take, judged by a few blocks from all over it.
struct SweepCost {
  std::uint64_t n_tried = 0;  ///< runs that were simulated
  double tried_s = 0.0;       ///< what they took on one thread [s]
  double total_s = 0.0;       ///< what all runs will take on one thread [s]
  double result_bytes = 0.0;  ///< of the finished file
  double store_bytes = 0.0;   ///< of the working store while the sweep runs
};

/// Simulates blocks for about a second and makes files of them, which nobody sees.
/// @throws Error if there is no room for them where temporary files go
SweepCost try_out(const study::Sweep& sweep);

}  // namespace hindlimb::app
