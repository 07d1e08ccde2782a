#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/document.hpp"
#include "hindlimb/scenario/study.hpp"

namespace hindlimb::scenario {

/// How much of a study is checked when it is read: each value by itself, or the whole of it as well.
enum class Check { values, whole };

/// Reads a study from a document, and checks it.
///
/// @param document        the study file, overrides applied
/// @param parameter_file  document whose [parameters] come before the study's own; may be null
/// @param check           of values alone, where the whole is looked at later
/// @throws InputError     with everything that is wrong, in the order of the file
Study build_study(const Node& document, const Node* parameter_file = nullptr, Check check = Check::whole);

/// Changes one key of a document as `--set KEY=VALUE` does: `animals.per_arm`, `arm.REM.massage.force_N` (all massages
/// of the arm), `arm.REM.massage.2.force_N` (the second), "arm.*.phase.suspension.duration_d" (all that have it).
/// @return what is wrong with the key, if anything; the value is checked by build_study
std::vector<Problem> apply_override(Node& document, std::string_view key, const Node& value);

/// What is wrong with a study as a whole: names, order in time, size. Keys are those of `--set`.
std::vector<Problem> find_problems(const Study& study);

/// The part of it that can be told although some values could not be read: names that are wrong, twice, or of nothing.
std::vector<Problem> find_name_problems(const Study& study);

/// Checks a study that was made without a document as build_study() checks one that was read: every value by itself,
/// and the whole.
/// @throws InputError  with everything that is wrong
void require_sound(const Study& study);

/// The whole study, every default and parameter spelled out, as a study file that reads back as the same study.
std::string to_toml(const Study& study);
/// The same, up to where its [parameters] begin.
std::string to_toml_without_parameters(const Study& study);

/// "did you mean 'x'?" if one of the known words is close, else nothing.
std::string guess(std::string_view word, const std::vector<std::string_view>& known);

/// The same of keys and what stands in files; if none is close, the list of all, or where it is found if it is long.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace hindlimb::scenario
