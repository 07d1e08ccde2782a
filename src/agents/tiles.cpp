#include <algorithm>
#include <cmath>
#include <numeric>

#include "hindlimb/agents/tissue.hpp"

namespace hindlimb::agents {
namespace {

constexpr int n_rounds = 24;
constexpr double largest_jitter = 0.6;  ///< of the distance between sites
constexpr double weight_gain = 0.5;     ///< a tile of six neighbours changes by nearly twice the change of its weight
constexpr double site_gain = 0.5;       ///< of the way to the centroid

double cross(const Point& a, const Point& b) { return a.x * b.y - a.y * b.x; }

/// A corner of a tile, and what is beyond the edge that begins there.
struct Corner {
  Point at;
  std::uint32_t beyond;
};
using Polygon = std::vector<Corner>;

double area_of(const Polygon& polygon) {
  double twice = 0.0;
  for (std::size_t i = 0; i < polygon.size(); ++i) twice += cross(polygon[i].at, polygon[(i + 1) % polygon.size()].at);
  return 0.5 * twice;
}

Point centroid_of(const Polygon& polygon, double area) {
  Point sum;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i].at;
    const Point& b = polygon[(i + 1) % polygon.size()].at;
    sum.x += (a.x + b.x) * cross(a, b);
    sum.y += (a.y + b.y) * cross(a, b);
  }
  return {sum.x / (6.0 * area), sum.y / (6.0 * area)};
}

/// What of a polygon lies where normal . x <= limit; beyond that line is the tile of that number.
void clip(Polygon& polygon, Polygon& scratch, const Point& normal, double limit, std::uint32_t beyond) {
  const auto excess = [&](const Point& p) { return normal.x * p.x + normal.y * p.y - limit; };
  if (std::ranges::none_of(polygon, [&](const Corner& corner) { return excess(corner.at) > 0.0; })) return;
  scratch.clear();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i].at;
    const Point& b = polygon[(i + 1) % polygon.size()].at;
    const double ea = excess(a);
    const double eb = excess(b);
    const bool leaves_from_the_line = ea == 0.0 && eb > 0.0;
    if (ea <= 0.0) scratch.push_back({a, leaves_from_the_line ? beyond : polygon[i].beyond});
    if ((ea < 0.0 && eb > 0.0) || (ea > 0.0 && eb < 0.0)) {
      const double share = ea / (ea - eb);
      scratch.push_back(
          {{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)}, ea < 0.0 ? beyond : polygon[i].beyond});
    }
  }
  polygon.swap(scratch);
}

/// Sites by where they are.
class Bins {
 public:
  Bins(const std::vector<Point>& sites, double side)
      : n_(std::max(1, static_cast<int>(std::sqrt(static_cast<double>(sites.size()))))),
        width_(side / n_),
        first_(static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_) + 1),
        members_(sites.size()) {
    for (const Point& site : sites) ++first_[bin(site) + 1];
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t i = 0; i < sites.size(); ++i) members_[next[bin(sites[i])]++] = i;
  }

  double width() const { return width_; }
  int n() const { return n_; }

  /// Visits the sites in all bins that are as many bins away as that, sideways or up and down.
  template <class Visit>
  void around(const Point& place, int ring, Visit visit) const {
    const int column = index(place.x);
    const int row = index(place.y);
    for (int y = std::max(0, row - ring); y <= std::min(n_ - 1, row + ring); ++y) {
      const bool is_edge = y == row - ring || y == row + ring;
      for (int x = column - ring; x <= column + ring; x += is_edge || ring == 0 ? 1 : 2 * ring) {
        if (x < 0 || x >= n_) continue;
        for (std::size_t i = first_[at(x, y)]; i < first_[at(x, y) + 1]; ++i) visit(members_[i]);
      }
    }
  }

 private:
  int index(double x) const { return std::clamp(static_cast<int>(x / width_), 0, n_ - 1); }
  std::size_t at(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(n_) + static_cast<std::size_t>(column);
  }
  std::size_t bin(const Point& place) const { return at(index(place.x), index(place.y)); }

  int n_;
  double width_;
  std::vector<std::size_t> first_;
  std::vector<std::size_t> members_;
};

/// Rows of sites, every other one half a place to the side.
std::vector<Point> lattice(std::size_t n, double side, std::span<const Point> jitter) {
  const auto n_rows = static_cast<std::size_t>(std::lround(std::max(1.0, std::sqrt(static_cast<double>(n)))));
  std::vector<Point> sites;
  sites.reserve(n);
  for (std::size_t row = 0; row < n_rows; ++row) {
    const std::size_t first = row * n / n_rows;
    const std::size_t count = (row + 1) * n / n_rows - first;
    const double gap = side / static_cast<double>(count);
    const double height = side / static_cast<double>(n_rows);
    for (std::size_t i = 0; i < count; ++i) {
      const Point& off = jitter[first + i];
      const double shift = row % 2 == 0 ? 0.25 : 0.75;
      sites.push_back({gap * (static_cast<double>(i) + shift + largest_jitter * (off.x - 0.5)),
                       height * (static_cast<double>(row) + 0.5 + largest_jitter * (off.y - 0.5))});
      sites.back().x = std::clamp(sites.back().x, 0.0, side);
    }
  }
  return sites;
}

double farthest(const Polygon& polygon, const Point& from) {
  double square = 0.0;
  for (const auto& [p, beyond] : polygon)
    square = std::max(square, (p.x - from.x) * (p.x - from.x) + (p.y - from.y) * (p.y - from.y));
  return std::sqrt(square);
}

/// One tile: the square, cut by the border with each neighbour. Those that are too far away to cut it are left out.
void cut_tile(std::size_t i, const std::vector<Point>& sites, const std::vector<double>& weights, double largest_weight,
              const Bins& bins, double side, Polygon& polygon, Polygon& scratch) {
  polygon = {{{0.0, 0.0}, no_tile}, {{side, 0.0}, no_tile}, {{side, side}, no_tile}, {{0.0, side}, no_tile}};
  const Point& here = sites[i];
  for (int ring = 0; ring < bins.n(); ++ring) {
    bins.around(here, ring, [&](std::size_t j) {
      if (j == i || polygon.empty()) return;
      const Point normal{sites[j].x - here.x, sites[j].y - here.y};
      const double squares = sites[j].x * sites[j].x + sites[j].y * sites[j].y - here.x * here.x - here.y * here.y;
      clip(polygon, scratch, normal, 0.5 * (squares + weights[i] - weights[j]), static_cast<std::uint32_t>(j));
    });
    if (polygon.empty()) return;
    const double radius = farthest(polygon, here);
    const double least = ring * bins.width();  // distance of those not yet visited
    if (least > radius && (least - radius) * (least - radius) > radius * radius + largest_weight - weights[i]) return;
  }
}

}  // namespace

Tiles tile_square(std::span<const double> areas, std::span<const Point> jitter) {
  const double side = std::sqrt(std::accumulate(areas.begin(), areas.end(), 0.0));
  Tiles tiles;
  tiles.sites = lattice(areas.size(), side, jitter);
  tiles.areas.resize(areas.size());
  tiles.offsets.reserve(areas.size() + 1);
  tiles.vertices.reserve(6 * areas.size() + 64);  // tiles have hardly six corners on average
  std::vector<double> weights(areas.size(), 0.0);
  tiles.beyond.reserve(tiles.vertices.capacity());
  Polygon polygon;
  Polygon scratch;
  std::vector<Point> moved(areas.size());
  for (int round = 0; round <= n_rounds; ++round) {
    const Bins bins(tiles.sites, side);
    const double largest_weight = *std::ranges::max_element(weights);
    tiles.vertices.clear();
    tiles.beyond.clear();
    tiles.offsets.assign(1, 0);
    for (std::size_t i = 0; i < areas.size(); ++i) {
      cut_tile(i, tiles.sites, weights, largest_weight, bins, side, polygon, scratch);
      tiles.areas[i] = area_of(polygon);
      const bool is_lost = tiles.areas[i] < 0.01 * areas[i];
      const Point centre = is_lost ? tiles.sites[i] : centroid_of(polygon, tiles.areas[i]);
      moved[i] = {tiles.sites[i].x + site_gain * (centre.x - tiles.sites[i].x),
                  tiles.sites[i].y + site_gain * (centre.y - tiles.sites[i].y)};
      for (const Corner& corner : polygon) {
        tiles.vertices.push_back(corner.at);
        tiles.beyond.push_back(corner.beyond);
      }
      tiles.offsets.push_back(tiles.vertices.size());
    }
    if (round == n_rounds) break;
    for (std::size_t i = 0; i < areas.size(); ++i) weights[i] += weight_gain * (areas[i] - tiles.areas[i]);
    tiles.sites.swap(moved);
  }
  return tiles;
}

}  // namespace hindlimb::agents
