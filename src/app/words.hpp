#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hindlimb::app {

/// What may be typed in place of a name such as KEY or STUDY.toml, as `usage:` and options write it.
struct Place {
  std::string name;                   ///< "KEY"; without brackets, and without the ",..." of several
  std::vector<std::string> choices;   ///< of "bash|zsh"
  std::optional<std::string> ending;  ///< of files: ".toml"; empty: any; nothing: no file
  bool takes_several = false;         ///< with commas between: "OBSERVABLE,..."
};

/// The place of the arguments of a command ("[KEY] [OPTION ...]"), or of the value of an option ("FILE").
Place place_of(std::string_view usage);

/// Words that are known to the program, for a place that takes them.
struct WordList {
  std::string_view place;  ///< "KEY"
  std::vector<std::string> words;
};
std::vector<WordList> word_lists();

}  // namespace hindlimb::app
