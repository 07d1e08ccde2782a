#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "hindlimb/agents/settings.hpp"
#include "hindlimb/core/random.hpp"
#include "hindlimb/laws/coefficients.hpp"

namespace hindlimb::agents {

/// Where the chance of one section comes from: equal luck, equal section.
struct Luck {
  std::uint64_t seed = 0;
  std::uint64_t replicate = 0;
  std::uint64_t animal = 0;
  std::uint64_t place = 0;  ///< limb and muscle; the lowest 32 bits are left for the agent

  bool operator==(const Luck&) const = default;
};

/// 256 random bits for one agent at one step.
inline std::array<std::uint64_t, 4> bits_of(const Luck& luck, random::Purpose purpose, std::uint64_t agent,
                                            std::uint64_t step) {
  return random::bits({luck.seed, purpose}, {luck.replicate, luck.animal, luck.place | agent, step});
}

/// Uniform on (0, 1).
inline double uniform_of(std::uint64_t word) {
  constexpr int unused_bits = 12;
  return (static_cast<double>(word >> unused_bits) + 0.5) * 0x1p-52;
}

struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// Where there is no tile: beyond the sides of the square.
inline constexpr auto no_tile = std::numeric_limits<std::uint32_t>::max();

/// Polygons that tile a square without gaps.
struct Tiles {
  std::vector<Point> sites;
  std::vector<Point> vertices;        ///< of all tiles, one after the other, counter-clockwise  [um]
  std::vector<std::uint32_t> beyond;  ///< of each vertex: the neighbour across the edge from it to the next one
  std::vector<std::size_t> offsets;   ///< where those of each tile begin; last, how many there are
  std::vector<double> areas;          ///< [um2]

  std::span<const Point> outline(std::size_t tile) const {
    return {vertices.data() + offsets[tile], offsets[tile + 1] - offsets[tile]};
  }
  /// Of each edge of a tile, in the order of its outline; no_tile at a side of the square.
  std::span<const std::uint32_t> neighbours(std::size_t tile) const {
    return {beyond.data() + offsets[tile], offsets[tile + 1] - offsets[tile]};
  }
};

/// The power diagram (Laguerre tessellation) of a square whose tiles have nearly the areas that are asked for. Sites
/// begin on a lattice, a little off their places; then weights grow where a tile is too small, and sites move towards
/// the centroids of their tiles. Time and memory are linear in the number of tiles.
/// @param areas   wanted, at least one, all > 0; the square is as large as their sum
/// @param jitter  two numbers in (0, 1) for each
/// @source Aurenhammer (1987), SIAM J Comput 16:78: power diagrams
Tiles tile_square(std::span<const double> areas, std::span<const Point> jitter);

/// Contacts with capillaries that a fibre has.
/// @source MoTrPAC, Schenk 2024 (O0190, O0201, O0212, O0223); TA and EDL @assumed: as the gastrocnemius
double capillary_contacts(laws::Muscle muscle);

/// How many capillaries a section has: each touches three fibres.
std::size_t capillary_count(const Settings& settings, laws::Muscle muscle);

/// Share of the space between fibres that capillaries would take.
double capillary_share(const Settings& settings, laws::Muscle muscle, const laws::Coefficients<double>& p);

/// A section at its set point, before anything happens: fibres of the muscle's types and sizes, the tiles in which
/// they lie, and capillaries. Does not change.
struct Tissue {
  /// @param settings  how many fibres and cells, and how they lie
  /// @param muscle    which it is: its types of fibres
  /// @param p         coefficients of the muscle of the animal
  /// @param luck      of this section
  Tissue(const Settings& settings, laws::Muscle muscle, const laws::Coefficients<double>& p, const Luck& luck);

  std::size_t n_fibres() const { return types.size(); }
  double area_mm2() const { return side_um * side_um * 1e-6; }

  Luck luck;
  double side_um = 0.0;                ///< of the section, a square
  std::vector<std::uint8_t> types;     ///< of each fibre, in the order of laws::fibre_type_names
  std::vector<double> areas_um2;       ///< of each fibre at its set point
  std::vector<double> sensitivity;     ///< to unloading
  std::vector<double> turnover_per_d;  ///< of myofibrillar protein
  std::vector<double> response;        ///< to massage, mean 1
  std::vector<double> strain;          ///< by massage, as a multiple of the section's mean
  Tiles tiles;                         ///< each larger than its fibre by its share of the space between fibres
  std::vector<Point> capillaries;      ///< at corners of tiles
};

}  // namespace hindlimb::agents
