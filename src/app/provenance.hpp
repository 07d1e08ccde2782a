#pragma once

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/results.hpp"

namespace hindlimb::app {

/// Adds to the results where, when, by what and from which configuration they were made.
void add_provenance(sim::Results& results, const scenario::Study& study, const std::string& command_line);

/// The same by itself.
std::map<std::string, std::string> study_attributes(const scenario::Study& base, const std::string& command_line);

/// The same for a fit: from which plan it was made.
std::map<std::string, std::string> fit_attributes(const std::string& title, const std::string& plan,
                                                  const std::string& command_line);

}  // namespace hindlimb::app
