#include "hindlimb/sim/run.hpp"

#include <chrono>
#include <numeric>

#include "hindlimb/sim/run_key.hpp"

namespace hindlimb::sim {

using scenario::Limb;
using scenario::Study;

std::map<std::string, std::string> attributes_of(const Study& study) {
  std::map<std::string, std::string> attributes = {
      {"title", study.title},
      {"pairing", std::string(scenario::pairing_names[static_cast<std::size_t>(study.animals.pairing)])},
      {"control", study.compare.control},
      {"untreated", study.compare.untreated}};
  if (study.fidelity == scenario::Fidelity::agents) {
    attributes["fidelity"] =
        "agents: sections of " + std::to_string(study.agents.fibres) + " fibres of each muscle of each limb";
  }
  if (study.solver.precision == scenario::Arithmetic::f32) {
    attributes["screening"] = "computed in single precision (solver.precision = f32): errors of about 1e-4";
  }
  return attributes;
}

Labels labels_of(const Study& study) {
  Labels labels;
  for (const scenario::Arm& arm : study.arms) {
    labels.arms.push_back(arm.name);
    for (const Limb limb : scenario::limbs) labels.massaged.push_back(scenario::is_massaged(arm, limb) ? 1 : 0);
  }
  labels.animals.resize(static_cast<std::size_t>(study.animals.per_arm));
  std::iota(labels.animals.begin(), labels.animals.end(), 1);
  for (const scenario::MuscleName muscle : study.muscles) {
    labels.muscles.emplace_back(scenario::muscle_names[static_cast<std::size_t>(muscle)]);
  }
  labels.limbs.assign(scenario::limb_names.begin(), scenario::limb_names.end());
  labels.fibre_types.assign(laws::fibre_type_names.begin(), laws::fibre_type_names.end());
  for (const Minutes time : scenario::recorded_times(study)) labels.times_d.push_back(to_days(time));
  return labels;
}

Results run_study(const Study& study, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Recording recording{.observables = scenario::recorded_observables(study),
                            .times = scenario::recorded_times(study),
                            .keeps_pictures = true};
  const Run run{&study, 0};
  RecordedRuns recorded = simulate({&run, 1}, recording, options);
  Results results;
  results.attributes = attributes_of(study);
  results.seed = study.seed;
  results.run_key = run_key(study, run.replicate);
  results.labels = labels_of(study);
  for (std::size_t i = 0; i < recording.observables.size(); ++i) {
    const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(recording.observables[i])];
    results.series.push_back({std::string(info.name), std::string(info.unit), std::string(info.long_name),
                              std::move(recorded.series[i]), info.width > 1});
  }
  results.pictures = std::move(recorded.pictures);
  const RunOutcome& outcome = recorded.outcomes.front();
  results.status = outcome.status;
  results.message = outcome.message;
  results.n_steps = outcome.n_steps;
  results.n_redone = outcome.n_redone;
  results.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return results;
}

}  // namespace hindlimb::sim
