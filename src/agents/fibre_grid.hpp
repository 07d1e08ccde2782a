#pragma once

#include <cstdint>
#include <vector>

#include "hindlimb/agents/tissue.hpp"

namespace hindlimb::agents {

/// The fibres of a section by where they lie, on a grid of about one fibre a point.
class FibreGrid {
 public:
  explicit FibreGrid(const Tissue& tissue);

  /// The fibre whose centre is nearest, among those about the place.
  std::uint32_t nearest(double x_um, double y_um) const;

 private:
  std::size_t place(double um) const;

  const Tissue& tissue_;
  std::size_t n_;
  std::vector<std::uint32_t> first_;    ///< where those of each point begin
  std::vector<std::uint32_t> members_;  ///< of all points, one after the other
};

}  // namespace hindlimb::agents
