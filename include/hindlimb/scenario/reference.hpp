#pragma once

#include <string>

namespace hindlimb::scenario {

/// A study file with every key there is, its meaning, unit, range, default and source: configs/reference.toml.
std::string reference_toml();

/// The same as a page of tables: docs/keys.md.
std::string reference_markdown();

}  // namespace hindlimb::scenario
