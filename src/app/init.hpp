#pragma once

#include <string_view>
#include <vector>

namespace hindlimb::app {

/// What `hindlimb init` can write, in the order of its list.
std::vector<std::string_view> template_names();

}  // namespace hindlimb::app
