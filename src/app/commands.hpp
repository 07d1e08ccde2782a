#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "app/command.hpp"

namespace hindlimb::app {

/// All commands, in the order in which they are listed: main, help, man pages and completion go by it.
std::span<const Command* const> commands();

/// @throws InputError with the command that was probably meant
const Command& command_named(const std::string& name);

inline constexpr std::string_view program_summary =
    "simulates rats whose hindlimbs are unloaded, reloaded and massaged";

/// What the program tells by the way it ends.
struct ExitMeaning {
  Exit code;
  std::string_view meaning;
};
inline constexpr std::array exit_meanings{
    ExitMeaning{Exit::ok, "ok"}, ExitMeaning{Exit::failed, "failed while running or some simulations failed"},
    ExitMeaning{Exit::bad_input, "bad input"}, ExitMeaning{Exit::fact_failed, "a fact failed"},
    ExitMeaning{Exit::stopped, "stopped by a signal and resumable"}};

}  // namespace hindlimb::app
