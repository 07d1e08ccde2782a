#pragma once

#include <string_view>

namespace hindlimb::sim {

/// Changes whenever equal input would give other numbers: equations, defaults, draws or the integrator.
inline constexpr std::string_view model_version = "4";

/// Name of the random number generator, as result files give it.
inline constexpr std::string_view rng_name =
    "Philox4x64-10, key (seed, purpose), counter (replicate, animal, place, step)";

}  // namespace hindlimb::sim
