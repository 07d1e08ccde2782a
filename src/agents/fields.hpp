#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "agents/kernels.hpp"
#include "hindlimb/agents/section.hpp"

namespace hindlimb::agents {

/// Mean numbers of Occupants over a section at rest.
struct AtRest {
  std::array<double, n_sources> sources{};
  std::array<double, n_readers> readers{};
};

/// The fields of a section, on a square grid with about one point for each fibre. All begin at their resting mean, 1.
class Fields {
 public:
  Fields(const Settings& settings, const Tissue& tissue, const AtRest& at_rest,
         const Kernels& kernels = chosen_kernels());

  std::size_t n() const { return n_; }
  double spacing_um() const { return spacing_um_; }
  std::size_t index_of(double x_um, double y_um) const;
  /// All fields at a grid point, shape [field_lanes].
  const double* at(std::size_t index) const { return values_.data() + index * field_lanes; }
  /// Relative rise of a field over one grid point, along x and y.
  Point rise(Field field, std::size_t index) const;
  double total(Field field) const;
  std::vector<double> picture(Field field) const;

  /// @param occupants  of each grid point, at the start of the step
  /// @param fibres     damage and memory come from here
  /// @param memory     of massage, mean over the section
  void advance(const std::vector<Occupants>& occupants, const std::vector<double>& damage, double memory);

  std::vector<double>& values() { return values_; }
  const std::vector<double>& values() const { return values_; }

 private:
  using Lanes = std::array<double, field_lanes>;

  const Tissue& tissue_;
  const Kernels& kernels_;
  std::size_t n_;
  double spacing_um_;
  double points_per_um_;
  std::vector<std::size_t> point_of_fibre_;
  std::vector<double> values_;
  std::vector<double> sources_;
  Lanes decay_{};
  Lanes ratio_{};
  std::array<Lanes, n_sources> secreted_{};  ///< in a step by one cell
  std::array<Lanes, n_readers> taken_up_{};  ///< in a step by one cell
  Lanes by_fibre_{};                         ///< secreted in a step by each fibre
  Lanes by_damage_{};
  Lanes by_massage_{};
  std::vector<double> pivots_;
};

}  // namespace hindlimb::agents
