#pragma once

#include <optional>
#include <string>

#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {

/// A value, or what is wrong with what was written instead: "is -3, must be > 0".
struct Conversion {
  std::optional<Value> value;
  std::string problem;
};

/// What a node says as the value of a key: right type, within the range, rounded to minutes where it is a time.
Conversion convert(const Node& node, const KeyInfo& key);

struct NumberConversion {
  std::optional<double> value;
  std::string problem;
};

/// A finite number within a range.
NumberConversion convert_number(const Node& node, const Range& range, std::string_view unit);

}  // namespace hindlimb::scenario
