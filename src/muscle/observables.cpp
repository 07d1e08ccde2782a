#include "hindlimb/muscle/observables.hpp"

#include "hindlimb/muscle/rates.hpp"

namespace hindlimb::muscle {
namespace {

constexpr double density_mg_per_mm3 = 1.06;  // of muscle: Mendez and Keys 1960, Metabolism 9:184
constexpr double mm2_per_cm2 = 100.0;

/// Maximal isometric force at the set point: specific tension x physiological cross-section.  [N]
double set_point_force_N(const laws::Parameters<double>& p) {
  const double section_mm2 = p.wet_mass_mg / (density_mg_per_mm3 * p.fibre_length_mm);
  return p.specific_tension_N_per_cm2 * section_mm2 / mm2_per_cm2;
}

}  // namespace

Observables observe(const StateVector<double>& y, const laws::Parameters<double>& p) {
  const Signals<double> s = signals(y, p);
  const double size = 1.0 - s.deficit;
  const double force_N = set_point_force_N(p) * y[myofibrillar];
  Observables values{};
  const auto set = [&values](Observable observable, double value) {
    values[static_cast<std::size_t>(observable)] = value;
  };
  set(Observable::csa, p.csa_um2 * size);
  set(Observable::wet_mass,
      p.wet_mass_mg * ((1.0 - p.extracellular_fraction) * size + p.extracellular_fraction * y[extracellular]));
  set(Observable::myofibrillar_protein, y[myofibrillar]);
  set(Observable::cytosolic_protein, y[cytosolic]);
  set(Observable::myofibrillar_synthesis, p.myofibrillar_turnover_per_d * s.synthesis / y[myofibrillar]);
  set(Observable::myofibrillar_breakdown, p.myofibrillar_turnover_per_d * s.breakdown);
  set(Observable::rna, y[rna]);
  set(Observable::rna_synthesis, p.rna_turnover_per_d * s.rna_synthesis);
  set(Observable::rna_degradation, p.rna_turnover_per_d * s.rna_degradation);
  set(Observable::pfak, y[load_signal] + p.pfak_massage_gain * y[massage_memory]);
  set(Observable::pax7, p.pax7_per_fibre * y[pax7]);
  set(Observable::myonuclei, p.myonuclei_per_fibre * y[myonuclei]);
  set(Observable::neutrophils, p.neutrophils_per_mm2 * y[neutrophils]);
  set(Observable::ed1, p.ed1_per_mm2 * y[ed1]);
  set(Observable::ed2, p.ed2_per_mm2 * y[ed2]);
  set(Observable::force, force_N);
  set(Observable::voluntary_strength, force_N * y[neural_drive]);
  return values;
}

}  // namespace hindlimb::muscle
