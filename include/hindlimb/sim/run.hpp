#pragma once

#include <cstdint>
#include <functional>

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/results.hpp"

namespace hindlimb::sim {

struct RunOptions {
  unsigned threads = 1;  ///< >= 1; changes no number
  std::uint64_t replicate = 0;
  /// Called now and then with the muscles done and all there are, never by two threads at once. May be empty.
  std::function<void(std::int64_t done, std::int64_t total)> on_progress;
};

/// Simulates one run: every muscle of every limb of every animal in every arm.
///
/// A muscle whose integration fails is NaN throughout and named in the message, or counted there if there are many; the
/// others are not affected.
/// The labels and the attributes title, pairing, control and untreated are set; where it ran and when is not.
Results run_study(const scenario::Study& study, const RunOptions& options);

}  // namespace hindlimb::sim
