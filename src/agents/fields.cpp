#include "agents/fields.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "hindlimb/core/math.hpp"

namespace hindlimb::agents {
namespace {

constexpr double hours_per_day = 24.0;
constexpr double seconds_per_day = 86400.0;

constexpr double Settings::*diffusivities[] = {
#define HINDLIMB_FIELD(name, ...) &Settings::name##_diffusivity_um2_per_s,
#include "hindlimb/agents/fields.def"
};
constexpr double Settings::*half_lives[] = {
#define HINDLIMB_FIELD(name, ...) &Settings::name##_half_life_h,
#include "hindlimb/agents/fields.def"
};

/// In the order of Source.
std::array<double, n_sources> weights_of(const Secretion& s) { return {s.neutrophil, s.ed1, s.ed2, s.fibroblast}; }

}  // namespace

Fields::Fields(const Settings& settings, const Tissue& tissue, const AtRest& at_rest, const Kernels& kernels)
    : tissue_(tissue),
      kernels_(kernels),
      n_(static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(tissue.n_fibres()))))),
      spacing_um_(tissue.side_um / static_cast<double>(n_)),
      points_per_um_(1.0 / spacing_um_),
      values_(n_ * n_ * field_lanes, 0.0),
      sources_(values_.size(), 0.0),
      pivots_(n_ * field_lanes, 1.0) {
  const double step_d = to_days(settings.step);
  const auto n_points = static_cast<double>(n_ * n_);
  for (const Point& site : tissue.tiles.sites) point_of_fibre_.push_back(index_of(site.x, site.y));
  decay_.fill(1.0);
  for (std::size_t f = 0; f < n_fields; ++f) {
    const FieldInfo& info = field_table[f];
    for (std::size_t i = 0; i < n_ * n_; ++i) values_[i * field_lanes + f] = 1.0;
    decay_[f] = math::exp(-std::numbers::ln2 * step_d * hours_per_day / settings.*half_lives[f]);
    ratio_[f] = settings.*diffusivities[f] * step_d * seconds_per_day / (spacing_um_ * spacing_um_);
    const auto reader = static_cast<std::size_t>(info.reader);
    taken_up_[reader][f] = info.uptake_per_h * step_d * hours_per_day;
    double weight = info.secretion.fibre * static_cast<double>(tissue.n_fibres());
    const std::array<double, n_sources> weights = weights_of(info.secretion);
    for (std::size_t s = 0; s < n_sources; ++s) weight += weights[s] * at_rest.sources[s];
    const double uptake = taken_up_[reader][f] * at_rest.readers[reader] / n_points;
    const double scale = weight > 0.0 ? n_points * (1.0 + uptake - decay_[f]) / weight : 0.0;
    for (std::size_t s = 0; s < n_sources; ++s) secreted_[s][f] = scale * weights[s];
    by_fibre_[f] = scale * info.secretion.fibre;
    by_damage_[f] = scale * info.secretion.damage;
    by_massage_[f] = scale * info.secretion.massage;
    for (std::size_t i = 0; i < n_; ++i) {
      const double ends = n_ == 1 ? 0.0 : (i == 0 || i + 1 == n_ ? 1.0 : 2.0);
      const double before = i == 0 ? 0.0 : ratio_[f] * ratio_[f] * pivots_[(i - 1) * field_lanes + f];
      pivots_[i * field_lanes + f] = 1.0 / (1.0 + ends * ratio_[f] - before);
    }
  }
}

std::size_t Fields::index_of(double x_um, double y_um) const {
  const auto place = [this](double um) {
    return std::min(n_ - 1, static_cast<std::size_t>(std::max(0.0, um * points_per_um_)));
  };
  return place(y_um) * n_ + place(x_um);
}

Point Fields::rise(Field field, std::size_t index) const {
  const auto f = static_cast<std::size_t>(field);
  const std::size_t column = index % n_;
  const std::size_t row = index / n_;
  const auto value = [&](std::size_t i) { return values_[i * field_lanes + f]; };
  const auto along = [&](std::size_t place, std::size_t stride) {
    if (place == 0 || place + 1 == n_) return 0.0;  // nothing passes the edge, and nothing leads to it
    const double low = value(index - stride);
    const double high = value(index + stride);
    return (high - low) / (high + low);
  };
  return {along(column, 1), along(row, n_)};
}

double Fields::total(Field field) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < n_ * n_; ++i) sum += values_[i * field_lanes + static_cast<std::size_t>(field)];
  return sum;
}

std::vector<double> Fields::picture(Field field) const {
  std::vector<double> all(n_ * n_);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = values_[i * field_lanes + static_cast<std::size_t>(field)];
  return all;
}

void Fields::advance(const std::vector<Occupants>& occupants, const std::vector<double>& damage, double memory) {
  Lanes by_strain{};
  for (std::size_t f = 0; f < n_fields; ++f) by_strain[f] = by_massage_[f] * memory;
  kernels_.advance_fields({.n = n_,
                           .values = values_.data(),
                           .sources = sources_.data(),
                           .occupants = occupants.data(),
                           .secreted = secreted_[0].data(),
                           .taken_up = taken_up_[0].data(),
                           .n_fibres = point_of_fibre_.size(),
                           .points = point_of_fibre_.data(),
                           .damage = damage.data(),
                           .strain = tissue_.strain.data(),
                           .by_fibre = by_fibre_.data(),
                           .by_damage = by_damage_.data(),
                           .by_strain = by_strain.data(),
                           .decay = decay_.data(),
                           .ratio = ratio_.data(),
                           .pivots = pivots_.data()});
}

}  // namespace hindlimb::agents
