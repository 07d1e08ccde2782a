#pragma once

#include <chrono>
#include <filesystem>
#include <functional>

namespace hindlimb::io {

/// Does something with a file in a process of its own, of which nothing but its end is seen: a crash, an endless loop
/// or a grab for memory inside a library becomes a sentence. What it throws is thrown here, as text.
///
/// @param action     must leave no trace outside its process
/// @param time_limit after which it counts as endless
/// @throws InputError naming the file and what became of the action
void try_in_a_process(const std::filesystem::path& file, std::chrono::milliseconds time_limit,
                      const std::function<void()>& action);

}  // namespace hindlimb::io
