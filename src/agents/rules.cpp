#include "hindlimb/agents/rules.hpp"

#include <algorithm>

#include "hindlimb/core/math.hpp"
#include "hindlimb/laws/tissue.hpp"

namespace hindlimb::agents {
namespace {

double clear(const Reading& r) { return std::min(1.0, r.once.neutrophil * r.local(Field::il10)); }

double switch_to_ed2(const Reading& r) { return r.once.ed1 * std::min(1.0, r.switching * r.local(Field::il10)); }
double leave_as_ed1(const Reading& r) { return r.once.ed1 - switch_to_ed2(r); }
double leave_as_ed2(const Reading& r) { return r.once.ed2; }

/// How many Pax7+ cells there should be, in multiples of the resting number: the mean field's law, read by each cell at
/// its own fibre as far as there is feedback.
double called_pax7(const Reading& r) {
  const double f = r.settings.feedback;
  return laws::pax7_target(r.damage + f * (r.fibre_damage - r.damage), r.memory + f * (r.fibre_memory - r.memory), r.p);
}

/// What happens in the pool of Pax7+ cells without any cause.
double turnover(const Reading& r) { return r.settings.satellite_turnover_per_d * r.p.satellite_time_d; }

/// Pax7+ cells are added while there are fewer than are called, and commit while there are more: on average their
/// number follows the mean field's, whatever the turnover.
double divide_symmetric(const Reading& r) {
  const double missing = std::max(0.0, called_pax7(r) - r.pax7) / r.pax7;
  return std::min(1.0, r.once.satellite * (missing + turnover(r)) * r.local(Field::tnf));
}
double commit(const Reading& r) {
  const double excess = std::max(0.0, r.pax7 - called_pax7(r)) / r.pax7;
  return std::min(1.0, r.once.satellite * (excess + turnover(r)));
}

/// Divisions that leave the number of Pax7+ cells as it is, in multiples of 1/satellite_time_d.
double asymmetric_divisions(const Reading& r, double called) {
  return std::max(0.0, called - 1.0) * (1.0 / r.settings.symmetric_share - 1.0) + turnover(r);
}
double divide_asymmetric(const Reading& r) {
  const double wanted = r.once.satellite * asymmetric_divisions(r, called_pax7(r)) * r.local(Field::hgf);
  return std::min(1.0 - divide_symmetric(r), wanted);
}
double rest(const Reading& r) { return r.once.activation; }

/// Share of committed cells that find a growing fibre: as many as the mean field has fuse.
double fusing_share(const Reading& r) {
  const double fusing_per_d = r.p.fusion_per_d * r.p.myonuclei_per_fibre * std::max(0.0, r.pax7 - 1.0);
  const double wanted = fusing_per_d * std::max(0.0, r.fibre_gate) * r.local(Field::igf1);
  if (wanted == 0.0) return 0.0;  // also where no Pax7+ cell is left
  const double called = laws::pax7_target(r.damage, r.memory, r.p);
  const double committing = std::max(0.0, r.pax7 - called) / r.pax7 + turnover(r) + asymmetric_divisions(r, called);
  const double committed_per_d = r.p.pax7_per_fibre * r.pax7 * committing / r.p.satellite_time_d;
  return wanted < committed_per_d ? wanted / committed_per_d : 1.0;
}
double fuse(const Reading& r) { return r.once.commitment * fusing_share(r); }
double die_committed(const Reading& r) { return r.once.commitment - fuse(r); }

double fibroblast_division(const Reading& r) {
  return std::min(1.0, r.once.fibroblast / r.fibroblasts * r.local(Field::tgfb));
}
double fibroblast_death(const Reading& r) { return r.once.fibroblast; }

constexpr unsigned any_neutrophil = 3;
constexpr unsigned bit(MacrophageState state) { return 1U << static_cast<unsigned>(state); }
constexpr unsigned bit(SatelliteState state) { return 1U << static_cast<unsigned>(state); }
constexpr unsigned pax7 = bit(SatelliteState::quiescent) | bit(SatelliteState::activated);

// A line for what it is, a line for how likely, a line for why.
constexpr Rule table[] = {
    {"neutrophil clears", CellKind::neutrophil, any_neutrophil, Fate::leave, 0, clear, "IL-10",
     "min(1, (1 - exp(-dt / neutrophil_time_d)) local(IL-10))",
     "first-order clearance, as in the mean field; Deng 2012"},
    {"ED1+ switches", CellKind::macrophage, bit(MacrophageState::ed1), Fate::become_ed2, 0, switch_to_ed2, "IL-10",
     "(1 - exp(-dt / ed1_time_d)) min(1, s local(IL-10)), s = ed2_gain ED2_0 ed1_time_d / (ED1_0 ed2_time_d)",
     "Deng 2012; the number that switches is the mean field's"},
    {"ED1+ leaves", CellKind::macrophage, bit(MacrophageState::ed1), Fate::leave, 0, leave_as_ed1, "IL-10",
     "(1 - exp(-dt / ed1_time_d)) less those that switch", "as in the mean field"},
    {"ED2+ leaves", CellKind::macrophage, bit(MacrophageState::ed2), Fate::leave, 0, leave_as_ed2, "",
     "1 - exp(-dt / ed2_time_d)", "as in the mean field"},
    {"satellite cell divides, symmetric", CellKind::satellite, pax7, Fate::divide_symmetric, 0, divide_symmetric,
     "damage and massage of its fibre, TNF-a, number of Pax7+ cells",
     "(1 - exp(-dt / satellite_time_d)) (max(0, T - S) / S + k) local(TNF-a), T = 1 + satellite_damage_gain D + "
     "satellite_massage_gain M, k = satellite_turnover_per_d satellite_time_d",
     "Kuang 2007, Cell 129:999; Tidball 2005; the number is the mean field's"},
    {"satellite cell divides, asymmetric", CellKind::satellite, pax7, Fate::divide_asymmetric, 0, divide_asymmetric,
     "damage and massage of its fibre, HGF",
     "(1 - exp(-dt / satellite_time_d)) (max(0, T - 1) (1 - symmetric_share) / symmetric_share + k) local(HGF), at "
     "most what the symmetric ones leave",
     "Kuang 2007; Tatsumi 1998"},
    {"satellite cell commits", CellKind::satellite, pax7, Fate::commit, 1, commit,
     "damage and massage of its fibre, number of Pax7+ cells",
     "(1 - exp(-dt / satellite_time_d)) (max(0, S - T) / S + k)", "the number is the mean field's"},
    {"satellite cell rests", CellKind::satellite, bit(SatelliteState::activated), Fate::rest, 2, rest, "",
     "1 - exp(-dt / activation_time_d)", "@assumed"},
    {"committed cell fuses", CellKind::satellite, bit(SatelliteState::committed), Fate::fuse, 0, fuse,
     "gate of its fibre, IGF-1, number of Pax7+ cells",
     "(1 - exp(-dt / commitment_time_d)) min(1, q G local(IGF-1)), q = fusions that the mean field has over cells that "
     "commit",
     "Tonkin 2015; the number is the mean field's"},
    {"committed cell dies", CellKind::satellite, bit(SatelliteState::committed), Fate::leave, 0, die_committed,
     "the same", "1 - exp(-dt / commitment_time_d) less those that fuse", "@assumed"},
    {"fibroblast divides", CellKind::fibroblast, 1, Fate::divide, 0, fibroblast_division,
     "TGF-b, number of fibroblasts", "(1 - exp(-dt / fibroblast_time_d)) local(TGF-b) / B", "Li 2004"},
    {"fibroblast dies", CellKind::fibroblast, 1, Fate::leave, 1, fibroblast_death, "",
     "1 - exp(-dt / fibroblast_time_d)", "@assumed"},
};

static_assert(std::ranges::is_sorted(table, {}, &Rule::kind));  // each kind's stand together
constexpr auto by_kind = [] {
  std::array<std::span<const Rule>, cell_kind_names.size()> all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto kind = static_cast<CellKind>(i);
    all[i] = {std::ranges::lower_bound(table, kind, {}, &Rule::kind),
              std::ranges::upper_bound(table, kind, {}, &Rule::kind)};
  }
  return all;
}();

}  // namespace

Chances::Chances(const Settings& settings, const laws::Coefficients<double>& p) {
  const auto chance = [&](double time_d) { return 1.0 - math::exp(-to_days(settings.step) / time_d); };
  neutrophil = chance(p.neutrophil_time_d);
  ed1 = chance(p.ed1_time_d);
  ed2 = chance(p.ed2_time_d);
  satellite = chance(p.satellite_time_d);
  activation = chance(settings.activation_time_d);
  commitment = chance(settings.commitment_time_d);
  fibroblast = chance(settings.fibroblast_time_d);
}

std::span<const Rule> rules() { return table; }

std::span<const Rule> rules_of(CellKind kind) { return by_kind[static_cast<std::size_t>(kind)]; }

}  // namespace hindlimb::agents
