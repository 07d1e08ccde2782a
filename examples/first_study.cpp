// Rats are suspended for 14 d and reloaded for 8 d, one arm with massage: builds the study, runs it, reads the result.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/run.hpp"
#include "hindlimb/study/comparison.hpp"

using namespace hindlimb;
using std::chrono::days;

int main() {
  const scenario::Phase suspension{"suspension", {{0.0, 0.0}}, days(14)};
  const scenario::Phase reload{"reload", {{1.0, 1.0}}, days(8)};
  scenario::Massage massage;  // what is not said here is a default: the right limb, every second day, four times
  massage.phase = "reload";
  massage.force_N = 4.5;

  scenario::Study study;
  study.arms = {{"RE", {suspension, reload}, {}, {}, {}}, {"REM", {suspension, reload}, {massage}, {}, {}}};
  study.compare.untreated = "RE";
  study.animals.per_arm = 2;
  study.fidelity = scenario::Fidelity::agents;  // without this and the next two lines: the mean field, no snapshots
  study.agents.fibres = 200;
  study.agents.snapshots = {days(16)};
  scenario::require_sound(study);

  const sim::Results results = sim::run_study(study, {.threads = 2});
  const study::Comparison comparison = study::compare(results, {.observables = {"csa"}});
  for (const study::ArmRow& row : comparison.tables[0].rows) {
    std::printf("%-4s %-5s day %g: fibre area %.1f um2, %.1f %% of untreated\n", row.arm.c_str(), row.limb.c_str(),
                row.day_d, row.mean, row.percent_of_untreated.estimate);
  }
  for (const sim::SectionPicture& section : results.pictures) {
    const auto macrophages = std::ranges::count(section.now.cells, agents::CellKind::macrophage, &agents::Cell::kind);
    std::printf("%-4s %-5s day %g: %zu fibres, %td macrophages in the section of rat %zu\n",
                results.labels.arms[section.arm].c_str(), results.labels.limbs[section.limb].c_str(), section.time_d,
                section.now.fibre_csa_um2.size(), macrophages, section.animal + 1);
  }
}
