#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/results.hpp"
#include "hindlimb/sim/section_picture.hpp"

namespace hindlimb::sim {

struct RunOptions {
  unsigned threads = 1;  ///< >= 1; changes no number
  /// Called now and then with the muscles done and all there are, never by two threads at once. May be empty.
  std::function<void(std::int64_t done, std::int64_t total)> on_progress;
  SectionStore* sections = nullptr;  ///< of agents, where what is not finished waits; may be none
};

/// One run: every muscle of every limb of every animal in every arm of a study.
struct Run {
  const scenario::Study* study = nullptr;
  std::uint64_t replicate = 0;  ///< which draw of its rats
};

/// What is written down of each muscle.
struct Recording {
  std::vector<muscle::Observable> observables;
  std::vector<Minutes> times;   ///< ascending; each arm up to its end
  bool ends_only = false;       ///< one number at the end of each arm instead; no times
  bool keeps_pictures = false;  ///< of the sections of agents, as the study asks
};

/// How a run went.
struct RunOutcome {
  RunStatus status = RunStatus::ok;
  std::string message;       ///< which simulations failed and why; empty when none
  std::int64_t n_steps = 0;  ///< accepted steps of all simulations, each counted as if it were alone
  std::int64_t n_redone = 0;

  bool operator==(const RunOutcome&) const = default;
};

/// What several runs leave.
struct RecordedRuns {
  std::vector<RunOutcome> outcomes;  ///< of each run
  /// Of each observable, shape [run][arm][animal][muscle][limb][fibre type][time]; no fibre type where it has none, no
  /// time where only ends are recorded. NaN after an arm's end and where a simulation failed.
  std::vector<std::vector<double>> series;
  std::vector<SectionPicture> pictures;  ///< of agents, in the order of run, arm, animal, muscle, limb and time
};

/// Simulates runs side by side. What they have in common is simulated once; no number depends on which they are.
///
/// A muscle whose integration fails is NaN throughout and named in the message, or counted there if there are many; the
/// others are not affected.
/// @param runs       at least one, with the same solver, names of arms, muscles and number of animals
/// @param recording  the same for all
/// @param options    change no number
RecordedRuns simulate(std::span<const Run> runs, const Recording& recording, const RunOptions& options);

/// The labels of what simulate() gives at the recorded times of a study.
Labels labels_of(const scenario::Study& study);

/// What a file says of a study besides its labels: title, pairing, control, untreated, and what it must warn of.
std::map<std::string, std::string> attributes_of(const scenario::Study& study);

/// Simulates a study: one run, replicate 0.
///
/// The key, the labels and the attributes title, pairing, control and untreated are set; where it ran and when is not.
Results run_study(const scenario::Study& study, const RunOptions& options);

}  // namespace hindlimb::sim
