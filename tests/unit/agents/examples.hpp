#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "hindlimb/agents/section.hpp"
#include "with_environment.hpp"

/// Sections to test with.
namespace hindlimb::agents {

inline constexpr laws::Muscle medial = laws::Muscle::gastrocnemius_medial;

inline laws::Coefficients<double> coefficients_of(laws::Muscle muscle) {
  return laws::coefficients(laws::default_parameters(muscle));
}

inline Settings with_fibres(std::int64_t fibres) {
  Settings settings;
  settings.fibres = fibres;
  return settings;
}

inline Settings without_effects(Settings settings) {
  settings.unloading_response_cv = settings.massage_response_cv = settings.massage_depth = settings.feedback = 0.0;
  return settings;
}

/// Muscle and limb as a study numbers them.
inline Luck luck_of(std::uint64_t seed, std::uint64_t place = 1ULL << 40) { return {seed, 0, 1, place}; }

/// Settings, coefficients and tissue, where a section may refer to them.
struct Example {
  explicit Example(const Settings& its_settings, laws::Muscle muscle = medial, const Luck& luck = luck_of(3))
      : Example(its_settings, muscle, coefficients_of(muscle), luck) {}
  Example(const Settings& its_settings, laws::Muscle muscle, const laws::Coefficients<double>& its_p, const Luck& luck)
      : settings(its_settings), p(its_p), tissue(settings, muscle, p, luck) {}
  Example(const Example&) = delete;

  Section section() const { return Section(settings, tissue, p); }

  Settings settings;
  laws::Coefficients<double> p;
  Tissue tissue;
};

/// The same signals at the start, in the middle and at the end of a step.
inline std::array<Signals, 3> steady(const Signals& signals) { return {signals, signals, signals}; }

/// A muscle that is loaded again after it has been unloaded: without tolerance, hence damaged where it is atrophied.
inline Signals suspended() { return {.load_signal = 0.0, .load_history = 0.0, .readiness = 0.0, .tolerance = 0.0}; }
inline Signals reloaded() { return {.load_signal = 1.0, .load_history = 0.5, .readiness = 0.5, .tolerance = 0.1}; }

inline double mean_of(std::span<const double> numbers) {
  double sum = 0.0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

inline double sd_of(std::span<const double> numbers) {
  const double mean = mean_of(numbers);
  double sum = 0.0;
  for (const double number : numbers) sum += (number - mean) * (number - mean);
  return std::sqrt(sum / static_cast<double>(numbers.size() - 1));
}

}  // namespace hindlimb::agents
