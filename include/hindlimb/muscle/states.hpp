#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hindlimb::muscle {

/// Index of each state in the vector that is integrated.
enum State : std::size_t {
#define HINDLIMB_STATE(name, ...) name,
#include "hindlimb/muscle/states.def"
  n_states
};

/// The states before this one change as y' = rate (target - y), with the rates of followers(): the fastest that there
/// are by default.
inline constexpr std::size_t n_followers = load_history;

/// The states from here on stay 0 in a muscle that is not massaged; from first_of_label on in one without label; from
/// first_of_rare on while perfusion, the neural and the behavioural route and training do nothing.
inline constexpr std::size_t first_of_massage = massage_memory;
inline constexpr std::size_t first_of_label = body_water;
inline constexpr std::size_t first_of_rare = perfusion;

/// What there is to know of a state beside its value.
struct StateInfo {
  std::string_view name;
  std::string_view symbol;  ///< TeX
  double weight_bearing;    ///< value at the weight-bearing steady state
  std::string_view meaning;
};

inline constexpr std::array<StateInfo, n_states> state_table{{
#define HINDLIMB_STATE(name, symbol, weight_bearing, meaning) {#name, symbol, weight_bearing, meaning},
#include "hindlimb/muscle/states.def"
}};

}  // namespace hindlimb::muscle
