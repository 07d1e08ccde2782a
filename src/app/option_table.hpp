#pragma once

#include <string>
#include <vector>

#include "app/command.hpp"

namespace hindlimb::app {

/// An option of a command, read back from what Boost is told of it: completion and man pages go by it.
struct OptionInfo {
  std::string name;         ///< "output"
  std::string letter;       ///< "o", or empty
  std::string value;        ///< "FILE"; empty where it takes none
  std::string description;  ///< a line
  bool is_repeatable;
};

/// All options of a command, --help last.
std::vector<OptionInfo> options_of(const Command& command);

}  // namespace hindlimb::app
