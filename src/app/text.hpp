#pragma once

#include <string>
#include <string_view>

namespace hindlimb::app {

/// A text in which another one is replaced, wherever it stands.
std::string replaced(std::string_view text, std::string_view old, std::string_view by);

/// A text in quotes that a shell takes off again, leaving it as it is.
std::string shell_quoted(std::string_view text);

}  // namespace hindlimb::app
