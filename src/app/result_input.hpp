#pragma once

#include <string>
#include <vector>

#include "hindlimb/io/runs_file.hpp"

namespace hindlimb::app {

/// Opens a result file for a command that looks at it, and says on stderr if it has no checksum.
/// @throws InputError as io::RunsFile
io::RunsFile open_result(const std::string& file);

/// Names of the series of a result file.
/// @throws InputError if it keeps none
std::vector<std::string> recorded_observables(const io::RunsFile& file);

/// The same, and each fibre type of a series on its own: "csa_by_type.IIa".
std::vector<std::string> observables_to_choose(const io::RunsFile& file);

/// "csa_by_type" of "csa_by_type.IIa"
std::string series_of(const std::string& observable);

/// @param option  by which they were asked for: "--observable"
/// @throws InputError for all that were not recorded, saying what was
void require_recorded(const std::vector<std::string>& asked, const std::vector<std::string>& recorded,
                      const std::string& option);

/// Says on stderr in what a result is less than it seems: made for screening, or partial.
void say_reservations(const io::RunsFile& file);

}  // namespace hindlimb::app
