#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

#include "hindlimb/core/threads.hpp"
#include "hindlimb/sim/run_key.hpp"
#include "hindlimb/study/sweep.hpp"

namespace hindlimb::study {
namespace {

using scenario::Study;

/// Runs of a block that are simulated side by side, since they share a solver; as places in the block.
std::vector<std::vector<std::size_t>> groups_of(const std::vector<sim::Run>& runs) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto group = std::ranges::find_if(
        groups, [&](const auto& members) { return runs[members.front()].study->solver == runs[i].study->solver; });
    (group == groups.end() ? groups.emplace_back() : *group).push_back(i);
  }
  return groups;
}

sim::RecordedRuns simulate_groups(const std::vector<sim::Run>& runs, const sim::Recording& recording) {
  const std::vector<std::vector<std::size_t>> groups = groups_of(runs);
  if (groups.size() == 1) return simulate(runs, recording, {});
  sim::RecordedRuns all;
  all.outcomes.resize(runs.size());
  all.series.resize(recording.observables.size());
  for (const std::vector<std::size_t>& group : groups) {
    std::vector<sim::Run> members;
    members.reserve(group.size());
    for (const std::size_t i : group) members.push_back(runs[i]);
    const sim::RecordedRuns part = simulate(members, recording, {});
    for (std::size_t member = 0; member < group.size(); ++member) all.outcomes[group[member]] = part.outcomes[member];
    for (std::size_t s = 0; s < all.series.size(); ++s) {
      const std::size_t size = part.series[s].size() / group.size();
      all.series[s].resize(runs.size() * size);
      for (std::size_t member = 0; member < group.size(); ++member) {
        std::copy_n(part.series[s].begin() + static_cast<std::ptrdiff_t>(member * size), size,
                    all.series[s].begin() + static_cast<std::ptrdiff_t>(group[member] * size));
      }
    }
  }
  return all;
}

}  // namespace

SweepBlock simulate_block(const Sweep& sweep, const std::vector<SweepRow>& rows, std::uint64_t first_run) {
  const auto start = std::chrono::steady_clock::now();
  SweepBlock block;
  block.first_run = first_run;
  std::vector<Study> studies;
  studies.reserve(rows.size());
  std::vector<sim::Run> runs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].point != rows[i - 1].point) studies.push_back(sweep.study(rows[i].point));
    runs.push_back({&studies.back(), rows[i].replicate});
    block.keys.push_back(sim::run_key(studies.back(), rows[i].replicate));
  }
  block.recorded = simulate_groups(runs, sweep.recording());
  block.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return block;
}

void run_sweep(const Sweep& sweep, const SweepWork& work) {
  std::mutex mutex;
  std::atomic<bool> has_failed = false;
  const auto next = [&](std::uint64_t& first_run) -> std::optional<std::vector<SweepRow>> {
    const std::lock_guard lock(mutex);
    if (has_failed) return std::nullopt;
    return work.next(first_run);
  };
  const auto carry_on = [&] {
    std::uint64_t first_run = 0;
    while (const auto rows = next(first_run)) work.done(simulate_block(sweep, *rows, first_run));
  };
  on_threads(work.threads, carry_on, [&] { has_failed = true; });
}

}  // namespace hindlimb::study
