#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "hindlimb/laws/parameters.hpp"
#include "hindlimb/muscle/states.hpp"

namespace hindlimb::muscle {

/// Index of each observable.
enum class Observable : std::size_t {
#define HINDLIMB_OBSERVABLE(name, ...) name,
#include "hindlimb/muscle/observables.def"
};

struct ObservableInfo {
  std::string_view name;
  std::string_view unit;
  std::string_view long_name;
};

inline constexpr ObservableInfo observable_table[] = {
#define HINDLIMB_OBSERVABLE(name, unit, long_name) {#name, unit, long_name},
#include "hindlimb/muscle/observables.def"
};
inline constexpr std::size_t n_observables = std::size(observable_table);

using Observables = std::array<double, n_observables>;

/// All observables at one instant, in the units of the table.
///
/// @param y  states, shape [n_states]
/// @param p  parameters of this muscle of this animal; csa_um2 and wet_mass_mg are its own set point
Observables observe(const StateVector<double>& y, const laws::Parameters<double>& p);

}  // namespace hindlimb::muscle
