#pragma once

#include <string>
#include <vector>

namespace hindlimb::app {

/// What `hindlimb man` has pages of: each command, and the files that it reads.
std::vector<std::string> page_names();

}  // namespace hindlimb::app
