#pragma once

#include <cstdint>
#include <string>

#include "hindlimb/scenario/study.hpp"

namespace hindlimb::sim {

/// Identity of a run: 128 bits, as 32 hex digits, of everything that its numbers follow from (protocol, animals, seed,
/// solver, every parameter, the replicate and the version of the model), and of nothing else: title, [compare] and
/// [record] are left out, and scalar counts as ensemble, whose bits are the same.
std::string run_key(const scenario::Study& study, std::uint64_t replicate);

}  // namespace hindlimb::sim
