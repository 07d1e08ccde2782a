#pragma once

#include <hdf5.h>

#include "hindlimb/sim/results.hpp"

namespace hindlimb::io {

/// Writes /agents: the sections that a study of agents kept. Fibres, cells and capillaries of all snapshots lie one
/// after the other (contiguous ragged arrays, as the CF conventions have them).
/// @param results  with at least one picture
void write_agents(hid_t file, const sim::Results& results);

}  // namespace hindlimb::io
