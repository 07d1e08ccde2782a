#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/section_picture.hpp"

namespace hindlimb::sim {

/// One section of one muscle of one limb of one rat, carried through what its muscle feels.
struct AgentCourse {
  const agents::Settings& settings;
  const agents::Tissue& tissue;
  const laws::Coefficients<double>& coefficients;
  /// States of the mean field at every half step from the start of the study: what the protocol does to the muscle is
  /// read here. Row 0 is weight bearing.
  std::vector<const double*> mean_field;
  std::vector<Minutes> times;      ///< recorded, ascending, on the steps
  std::vector<Minutes> snapshots;  ///< the same; of those, the whole section is kept
  Minutes label_start;
  std::string name;               ///< for the store
  SectionStore* store = nullptr;  ///< may be none
};

struct AgentOutcome {
  std::vector<muscle::Observables<double>> observed;          ///< at the recorded times
  std::vector<std::pair<Minutes, agents::Picture>> pictures;  ///< at the snapshots
};

/// @throws Error if what the store kept is of something else
AgentOutcome carry_through(const AgentCourse& course);

}  // namespace hindlimb::sim
