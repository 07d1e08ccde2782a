#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hindlimb::app {

/// A text in which another one is replaced, wherever it stands.
std::string replaced(std::string_view text, std::string_view old, std::string_view by);

/// What stands between separators; at least one part, which may be empty.
std::vector<std::string> split(std::string_view text, char separator);

/// A text in quotes that a shell takes off again, leaving it as it is.
std::string shell_quoted(std::string_view text);

}  // namespace hindlimb::app
