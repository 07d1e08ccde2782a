#pragma once

#include <string>
#include <vector>

#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {

/// A study file with every key there is, its meaning, unit, range, default and source: configs/reference.toml.
std::string reference_toml();

/// The same as a page of tables, those of a sweep and of a fit after them: docs/keys.md.
std::string reference_markdown(const std::vector<KeyEntry>& sweep_keys, const std::vector<KeyEntry>& fit_keys);

/// States, parameters and which of their values rest on no measurement: the generated part of docs/model.md.
std::string model_tables_markdown();

/// Rules, fields and parameters of agents: the generated part of docs/ODD.md.
std::string agent_tables_markdown();

}  // namespace hindlimb::scenario
