#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hindlimb::laws {

/// The muscles that the model knows, in the order of every table. Numbers enter random draws: never changed.
enum class Muscle : std::size_t {
  soleus = 0,
  gastrocnemius_medial = 1,
  gastrocnemius_lateral = 2,
  plantaris = 3,
  tibialis_anterior = 4,
  edl = 5
};
inline constexpr std::array<std::string_view, 6> muscle_names{
    "soleus", "gastrocnemius_medial", "gastrocnemius_lateral", "plantaris", "tibialis_anterior", "edl"};
inline constexpr std::size_t n_muscles = muscle_names.size();

/// The model's numbers for one muscle of one animal. Units and meanings: parameters.def.
template <class Scalar>
struct Parameters {
#define HINDLIMB_PARAMETER(name, ...) Scalar name;
#define HINDLIMB_MUSCLE_PARAMETER(name, ...) Scalar name;
#include "hindlimb/laws/parameters.def"
};

/// What there is to know of a parameter beside its value.
struct ParameterInfo {
  std::string_view name;
  std::string_view symbol;  ///< TeX
  std::string_view unit;
  double low;   ///< inclusive
  double high;  ///< inclusive
  std::string_view source;
  std::string_view meaning;
  bool per_muscle;                         ///< each muscle has a value of its own
  std::array<double, n_muscles> defaults;  ///< all alike where not per_muscle
};

inline constexpr ParameterInfo parameter_table[] = {
#define HINDLIMB_PARAMETER(name, symbol, unit, low, high, value, source, meaning) \
  {#name, symbol, unit, low, high, source, meaning, false, {value, value, value, value, value, value}},
#define HINDLIMB_MUSCLE_PARAMETER(name, symbol, unit, low, high, source, meaning, ...) \
  {#name, symbol, unit, low, high, source, meaning, true, {__VA_ARGS__}},
#include "hindlimb/laws/parameters.def"
};
inline constexpr std::size_t n_parameters = std::size(parameter_table);

/// Member i of the struct, in the order of the table.
template <class Scalar>
inline constexpr std::array<Scalar Parameters<Scalar>::*, n_parameters> parameter_members{
#define HINDLIMB_PARAMETER(name, ...) &Parameters<Scalar>::name,
#define HINDLIMB_MUSCLE_PARAMETER(name, ...) &Parameters<Scalar>::name,
#include "hindlimb/laws/parameters.def"
};

/// The shipped defaults of one muscle.
constexpr Parameters<double> default_parameters(Muscle muscle) {
  Parameters<double> parameters{};
  for (std::size_t i = 0; i < n_parameters; ++i) {
    parameters.*parameter_members<double>[i] = parameter_table[i].defaults[static_cast<std::size_t>(muscle)];
  }
  return parameters;
}

}  // namespace hindlimb::laws
