#include "study/design.hpp"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <numeric>

#include "hindlimb/core/random.hpp"

namespace hindlimb::study {
namespace {

constexpr std::uint64_t shift_step = 1;      ///< draws of one axis that are for no single point
constexpr std::uint64_t order_step = 2;      ///< draws of a trajectory: its order
constexpr std::uint64_t direction_step = 3;  ///< and its directions
constexpr int sobol_bits = 32;
constexpr std::int64_t usual_levels = 4;

}  // namespace

PointDesign::PointDesign(const SweepPlan& plan, std::vector<DesignAxis> axes, std::size_t n_rows)
    : design_(plan.design),
      seed_(static_cast<std::uint64_t>(plan.seed)),
      n_morris_levels_(static_cast<std::size_t>(plan.levels.value_or(usual_levels))),
      axes_(std::move(axes)) {
  for (const DesignAxis& axis : axes_) hashes_.push_back(random::hash_name(axis.name));
  n_points_ = design_ == Design::list     ? n_rows
              : design_ == Design::morris ? static_cast<std::size_t>(*plan.trajectories) * (axes_.size() + 1)
                                          : static_cast<std::size_t>(plan.points.value_or(0));
  if (size() > most_points) return;
  if (design_ == Design::latin_hypercube) permute_for_latin_hypercube();
  if (design_ == Design::sobol) set_sobol_directions();
}

double PointDesign::size() const {
  if (design_ != Design::grid) return static_cast<double>(n_points_);
  double product = 1.0;
  for (const DesignAxis& axis : axes_) product *= static_cast<double>(axis.n_levels);
  return product;
}

Coordinate PointDesign::at(std::size_t point, std::size_t axis) const {
  switch (design_) {
    case Design::grid:
      return on_grid(point, axis);
    case Design::random:
      return between(draw(point, axis, 0), axis);
    case Design::latin_hypercube:
      return between(
          (static_cast<double>(orders_[axis][point]) + draw(point, axis, 0)) / static_cast<double>(n_points_), axis);
    case Design::sobol: {
      std::uint64_t bits = directions_[axis].back();
      const std::uint64_t gray = point ^ (point >> 1);
      for (std::size_t bit = 0; bit < sobol_bits; ++bit) {
        if ((gray >> bit & 1U) != 0) bits ^= directions_[axis][bit];
      }
      return between((static_cast<double>(bits) + 0.5) * 0x1p-32, axis);
    }
    case Design::morris:
      return in_trajectory(point, axis);
    case Design::list:
      return {point, 0.5};
  }
  return {};
}

Coordinate PointDesign::between(double share, std::size_t axis) const {
  const std::size_t n = axes_[axis].n_levels;
  if (n == 0) return {0, share};
  return {std::min(static_cast<std::size_t>(share * static_cast<double>(n)), n - 1), share};
}

/// The last axis changes fastest.
Coordinate PointDesign::on_grid(std::size_t point, std::size_t axis) const {
  for (std::size_t i = axes_.size() - 1; i > axis; --i) point /= axes_[i].n_levels;
  return {point % axes_[axis].n_levels, 0.5};
}

/// Trajectories of Morris (1991), Technometrics 33:161-174: from a random corner each axis moves once, by half of its
/// levels, in a random order.
Coordinate PointDesign::in_trajectory(std::size_t point, std::size_t axis) const {
  const std::size_t trajectory = point / (axes_.size() + 1);
  const std::size_t n_moved = point % (axes_.size() + 1);
  const double mine = draw(trajectory, axis, order_step);
  std::size_t moves_before = 0;
  for (std::size_t i = 0; i < axes_.size(); ++i) moves_before += draw(trajectory, i, order_step) < mine ? 1U : 0U;
  const std::size_t half = n_morris_levels_ / 2;
  const auto base = static_cast<std::size_t>(draw(trajectory, axis, 0) * static_cast<double>(half));
  const bool has_moved = moves_before < n_moved;
  const bool goes_up = draw(trajectory, axis, direction_step) < 0.5;
  const std::size_t level = has_moved == goes_up ? base + half : base;
  if (axes_[axis].n_levels == 0 && axes_[axis].has_ends)
    return {level, static_cast<double>(level) / static_cast<double>(n_morris_levels_ - 1)};
  return between((static_cast<double>(level) + 0.5) / static_cast<double>(n_morris_levels_), axis);
}

double PointDesign::draw(std::uint64_t what, std::size_t axis, std::uint64_t step) const {
  return random::uniform({seed_, random::Purpose::design}, {what, 0, hashes_[axis], step});
}

void PointDesign::permute_for_latin_hypercube() {
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    std::vector<std::pair<double, std::uint32_t>> drawn(n_points_);
    for (std::size_t i = 0; i < n_points_; ++i) drawn[i] = {draw(i, axis, order_step), static_cast<std::uint32_t>(i)};
    std::ranges::sort(drawn);
    std::vector<std::uint32_t>& order = orders_.emplace_back(n_points_);
    for (std::size_t i = 0; i < n_points_; ++i) order[i] = drawn[i].second;
  }
}

/// The numbers of Joe and Kuo, shifted by random bits of each axis so that no point is a corner. Point 2^n of the
/// sequence, in Gray code, is made of directions n and n - 1: from these, any point can be had without those before it.
void PointDesign::set_sobol_directions() {
  boost::random::sobol_engine<std::uint32_t, sobol_bits> sequence(axes_.size());
  directions_.resize(axes_.size());
  std::vector<std::uint64_t> before(axes_.size(), 0);
  for (int bit = 0; bit < sobol_bits; ++bit) {
    sequence.seed((std::uint32_t{1} << bit) - 1U);  // it leaves out point 0 and counts from there
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      directions_[axis].push_back(sequence() ^ before[axis]);
      before[axis] = directions_[axis].back();
    }
  }
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    directions_[axis].push_back(static_cast<std::uint64_t>(draw(0, axis, shift_step) * 0x1p32));
  }
}

}  // namespace hindlimb::study
