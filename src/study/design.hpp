#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hindlimb/study/sweep_plan.hpp"

namespace hindlimb::study {

/// More are refused: at full speed that is an hour, and terabytes of series.
inline constexpr double most_points = 1e8;

/// A point on one axis: a level of several, or a place in between.
struct Coordinate {
  std::size_t level = 0;  ///< where the axis has levels
  double share = 0.5;     ///< 0 to 1 along the axis
};

/// What an axis must tell of itself.
struct DesignAxis {
  std::string name;
  std::size_t n_levels = 0;  ///< 0: any value between two ends
  bool has_ends = true;      ///< that are values themselves
};

/// The points of a design, each computed when it is asked for.
///
/// Draws are keyed by seed, point (or trajectory) and the name of the axis: points, trajectories and axes that are
/// added leave those that were there as they were, except in a Latin hypercube, where more points are another design,
/// and where an axis is put before others of a Sobol' design, whose dimensions follow the order of the axes.
class PointDesign {
 public:
  /// @param n_rows  of the list, where the design is one
  PointDesign(const SweepPlan& plan, std::vector<DesignAxis> axes, std::size_t n_rows);

  /// As a double, since a grid may have more points than can be counted.
  double size() const;
  Coordinate at(std::size_t point, std::size_t axis) const;

 private:
  Coordinate between(double share, std::size_t axis) const;
  Coordinate on_grid(std::size_t point, std::size_t axis) const;
  Coordinate in_trajectory(std::size_t point, std::size_t axis) const;
  double draw(std::uint64_t what, std::size_t axis, std::uint64_t step) const;
  void permute_for_latin_hypercube();
  void set_sobol_directions();

  Design design_;
  std::uint64_t seed_;
  std::size_t n_points_ = 0;  ///< but of a grid
  std::size_t n_morris_levels_;
  std::vector<DesignAxis> axes_;
  std::vector<std::uint64_t> hashes_;                   ///< of the names of axes
  std::vector<std::vector<std::uint32_t>> orders_;      ///< latin-hypercube: for each axis
  std::vector<std::vector<std::uint64_t>> directions_;  ///< sobol: for each axis, one for each bit of a point's number
};

}  // namespace hindlimb::study
