#pragma once

#include <string>

#include "hindlimb/io/runs_file.hpp"

namespace hindlimb::app {

/// Opens a result file for a command that looks at it, and says on stderr if it has no checksum.
/// @throws InputError as io::RunsFile
io::RunsFile open_result(const std::string& file);

}  // namespace hindlimb::app
