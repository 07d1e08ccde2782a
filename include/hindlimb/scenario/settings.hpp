#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/convert.hpp"
#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {

/// One value of a study, wherever it stands: what changes from point to point of a sweep. Setting it costs next to
/// nothing, where building a study from a document costs a millisecond.
struct Setting {
  std::string path;  ///< as --set says it, of one arm and one muscle: "arm.REM.massage.force_N"
  KeyInfo info;
  std::function<void(Study&, const Value&)> set;
  std::function<Value(const Study&)> get;
};

/// The values in which two studies of the same form (arms, phases, massages, trainings) differ, in the order of a file.
std::vector<Setting> differing_settings(const Study& a, const Study& b);

/// The values that a key such as "arm.*.massage.force_N" or `parameters.drive_max` sets in a study: found out by
/// setting it, so that precedence (a parameter of a muscle over one for all) is that of the reader by construction.
///
/// @param document        the study without the key changed
/// @param parameter_file  as for build_study()
/// @param key             as `--set` says it
/// @param value           one that the key may have; its `where` is named in problems
/// @throws InputError if the key is unknown, the value is not one of its values, or nothing in the study follows from
/// it
std::vector<Setting> settings_of(const Node& document, const Node* parameter_file, const std::string& key,
                                 const Node& value);

/// Whether it may be an axis: a number, or one of several choices, that does not change the length of a dimension.
/// @return what speaks against it, empty if nothing does
std::string why_no_axis(const Setting& setting);

bool is_number(const KeyInfo& info);

}  // namespace hindlimb::scenario
