#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::app {

/// All keys of one kind of file.
struct KeyGroup {
  std::string_view file;  ///< "study"
  std::vector<scenario::KeyEntry> keys;
};

/// The keys of studies, sweeps and fits.
std::vector<KeyGroup> key_groups();

/// The header that a key stands under: "[[arm.massage]]"; empty where it stands at the top of its file.
std::string header_of(const std::string& path);

/// The last word of a key: "force_N".
std::string last_word(const std::string& path);

/// What --set takes, up to the sign: a key of a study, of every arm that has it.
std::vector<std::string> settable_keys();

}  // namespace hindlimb::app
