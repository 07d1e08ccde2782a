#include "agents/fibre_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hindlimb::agents {

FibreGrid::FibreGrid(const Tissue& tissue)
    : tissue_(tissue),
      n_(static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(tissue.n_fibres()))))),
      first_(n_ * n_ + 1),
      members_(tissue.n_fibres()) {
  const auto point_of = [this](const Point& site) { return place(site.y) * n_ + place(site.x); };
  for (const Point& site : tissue.tiles.sites) ++first_[point_of(site) + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::uint32_t i = 0; i < members_.size(); ++i) members_[next[point_of(tissue.tiles.sites[i])]++] = i;
}

std::size_t FibreGrid::place(double um) const {
  return std::min(n_ - 1, static_cast<std::size_t>(std::max(0.0, um) / tissue_.side_um * static_cast<double>(n_)));
}

std::uint32_t FibreGrid::nearest(double x_um, double y_um) const {
  const std::size_t column = place(x_um);
  const std::size_t row = place(y_um);
  std::uint32_t found = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t reach = 1; least == std::numeric_limits<double>::infinity(); ++reach) {
    for (std::size_t y = row - std::min(row, reach); y <= std::min(n_ - 1, row + reach); ++y) {
      const std::size_t low = y * n_ + column - std::min(column, reach);
      const std::size_t high = y * n_ + std::min(n_ - 1, column + reach);
      for (std::uint32_t i = first_[low]; i < first_[high + 1]; ++i) {
        const Point& site = tissue_.tiles.sites[members_[i]];
        const double dx = site.x - x_um;
        const double dy = site.y - y_um;
        if (dx * dx + dy * dy >= least) continue;
        least = dx * dx + dy * dy;
        found = members_[i];
      }
    }
  }
  return found;
}

}  // namespace hindlimb::agents
