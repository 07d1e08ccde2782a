#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/scenario/document.hpp"
#include "hindlimb/scenario/study.hpp"

namespace hindlimb::io {

inline constexpr std::uintmax_t most_bytes_of_text = 1'000'000;

/// Reads a text file.
/// @throws InputError if it is missing, no regular file, empty, too large or unreadable
std::string read_text(const std::filesystem::path& file, std::uintmax_t most_bytes = most_bytes_of_text);

/// Reads a TOML file into a document that remembers the line of every value.
/// @throws InputError if it is missing, no regular file, over 1 MB, unreadable or not TOML (with line and column)
scenario::Node read_toml(const std::filesystem::path& file);

/// Reads a TOML text; `name` stands where the name of the file would.
/// @throws InputError with line and column if it is not TOML
scenario::Node parse_toml(std::string_view text, const std::string& name);

/// A study before it is built: its file, and the file that it takes parameters from.
struct StudyDocument {
  scenario::Node document;
  std::optional<scenario::Node> parameter_file;

  const scenario::Node* parameters() const { return parameter_file ? &*parameter_file : nullptr; }
};

/// A file that another file names, where it is looked for.
/// @param name    the value that names it, relative to `beside`
/// @param key     of that value: "parameters.file"
/// @param beside  the file that names it
/// @throws InputError with the place of the name if there is no such file
std::filesystem::path named_file(const scenario::Node& name, const std::string& key,
                                 const std::filesystem::path& beside);

/// Reads the file that parameters.file of a document names, relative to `file`.
StudyDocument with_parameter_file(scenario::Node document, const std::filesystem::path& file);

/// Changes a document as --set KEY=VALUE says. A value that is no TOML is taken as text, so that quotes can be left
/// out: animals.pairing=independent.
/// @throws InputError if there is no such key
void apply_change(scenario::Node& document, const std::string& change);

/// Reads a study, applies changes such as "arm.REM.massage.force_N=3", and checks it.
///
/// Precedence: overrides, the study file, the file that parameters.file names (relative to the study file), defaults.
/// @throws InputError with everything that is wrong
scenario::Study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

}  // namespace hindlimb::io
