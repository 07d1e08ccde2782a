#include "hindlimb/agents/tissue.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "hindlimb/core/math.hpp"

namespace hindlimb::agents {
namespace {

constexpr double fibres_per_capillary = 3.0;
constexpr double capillary_diameter_um = 5.0;  ///< general literature
constexpr std::array<double, laws::n_muscles> contacts{4.785, 4.1567, 4.29, 4.6567, 4.2, 4.2};

/// Capillaries are drawn apart from the cells that arrive.
constexpr std::uint64_t before_the_first_step = ~std::uint64_t{1};

/// Draws of a fibre, by what they are for.
enum class Draw : std::uint64_t { make_up = 0, place = 1 };

/// A factor of mean 1 and that coefficient of variation, log-normal.
double effect(double uniform, double cv) {
  if (cv == 0.0) return 1.0;
  const double variance = math::log(1.0 + cv * cv);
  return math::exp(std::sqrt(variance) * math::inverse_normal(uniform) - 0.5 * variance);
}

std::size_t type_of(double uniform, const laws::Coefficients<double>& p) {
  double sum = 0.0;
  std::size_t last = 0;
  for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
    if (p.type_fraction[type] == 0.0) continue;
    last = type;
    sum += p.type_fraction[type];
    if (uniform < sum) break;
  }
  return last;
}

}  // namespace

double capillary_contacts(laws::Muscle muscle) { return contacts[static_cast<std::size_t>(muscle)]; }

std::size_t capillary_count(const Settings& settings, laws::Muscle muscle) {
  return static_cast<std::size_t>(std::llround(static_cast<double>(settings.fibres) * capillary_contacts(muscle) /
                                               fibres_per_capillary * settings.capillary_scale));
}

double capillary_share(const Settings& settings, laws::Muscle muscle, const laws::Coefficients<double>& p) {
  const double one_um2 = std::numbers::pi / 4.0 * capillary_diameter_um * capillary_diameter_um;
  const double between_um2 =
      static_cast<double>(settings.fibres) * p.csa_um2 * p.extracellular_fraction / (1.0 - p.extracellular_fraction);
  return static_cast<double>(capillary_count(settings, muscle)) * one_um2 / between_um2;
}

Tissue::Tissue(const Settings& settings, laws::Muscle muscle, const laws::Coefficients<double>& p, const Luck& its_luck)
    : luck(its_luck) {
  const auto n = static_cast<std::size_t>(settings.fibres);
  types.reserve(n);
  for (std::vector<double>* numbers : {&areas_um2, &sensitivity, &turnover_per_d, &response, &strain})
    numbers->reserve(n);
  capillaries.reserve(capillary_count(settings, muscle));
  std::vector<double> wanted(n);
  std::vector<Point> jitter(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto make_up = bits_of(luck, random::Purpose::fibre, i, static_cast<std::uint64_t>(Draw::make_up));
    const auto place = bits_of(luck, random::Purpose::fibre, i, static_cast<std::uint64_t>(Draw::place));
    const std::size_t type = type_of(uniform_of(make_up[0]), p);
    const bool is_slow = type == 0;
    types.push_back(static_cast<std::uint8_t>(type));
    areas_um2.push_back(p.type_csa_um2[type] * effect(uniform_of(make_up[1]), settings.size_cv));
    sensitivity.push_back(p.postural_share * (is_slow ? p.slow_sensitivity : 1.0) *
                          effect(uniform_of(make_up[2]), settings.unloading_response_cv));
    turnover_per_d.push_back(is_slow ? p.slow_turnover_per_d : p.fast_turnover_per_d);
    response.push_back(effect(uniform_of(make_up[3]), settings.massage_response_cv));
    wanted[i] = areas_um2.back() / (1.0 - p.extracellular_fraction);
    jitter[i] = {uniform_of(place[0]), uniform_of(place[1])};
  }
  tiles = tile_square(wanted, jitter);
  side_um = std::sqrt(std::accumulate(wanted.begin(), wanted.end(), 0.0));
  for (const Point& site : tiles.sites) strain.push_back(1.0 + settings.massage_depth * (1.0 - 2.0 * site.y / side_um));
  const double mean = std::accumulate(strain.begin(), strain.end(), 0.0) / static_cast<double>(n);
  for (double& one : strain) one /= mean;
  for (std::size_t i = 0; i < capillary_count(settings, muscle); ++i) {
    const auto draw = bits_of(luck, random::Purpose::arrival, i, before_the_first_step);
    std::size_t tile = std::min(n - 1, static_cast<std::size_t>(uniform_of(draw[0]) * static_cast<double>(n)));
    while (tiles.outline(tile).empty()) tile = (tile + 1) % n;  // a small fibre among large ones may have no tile
    const std::span<const Point> corners = tiles.outline(tile);
    const auto corner = static_cast<std::size_t>(uniform_of(draw[1]) * static_cast<double>(corners.size()));
    capillaries.push_back(corners[std::min(corner, corners.size() - 1)]);
  }
}

}  // namespace hindlimb::agents
