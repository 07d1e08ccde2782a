#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "hindlimb/laws/coefficients.hpp"
#include "hindlimb/muscle/rates.hpp"
#include "hindlimb/muscle/state_vector.hpp"

namespace hindlimb::muscle {

/// Index of each observable.
enum class Observable : std::size_t {
#define HINDLIMB_OBSERVABLE(name, ...) name,
#define HINDLIMB_OBSERVABLE_BY_TYPE(name, ...) name,
#include "hindlimb/muscle/observables.def"
};

/// How the heads of a muscle are put together: added, or averaged by number of fibres, by protein or by section area.
enum class Weight { total, fibres, protein, area };

struct ObservableInfo {
  std::string_view name;
  std::string_view unit;
  std::string_view long_name;
  Weight weight;
  std::size_t width;  ///< numbers it has: 1, or one for each fibre type
};

inline constexpr ObservableInfo observable_table[] = {
#define HINDLIMB_OBSERVABLE(name, unit, weight, long_name) {#name, unit, long_name, Weight::weight, 1},
#define HINDLIMB_OBSERVABLE_BY_TYPE(name, unit, weight, long_name) \
  {#name, unit, long_name, Weight::weight, laws::n_fibre_types},
#include "hindlimb/muscle/observables.def"
};
inline constexpr std::size_t n_observables = std::size(observable_table);

/// Where the numbers of each observable begin; last, how many numbers there are in all.
inline constexpr auto observable_offsets = [] {
  std::array<std::size_t, n_observables + 1> offsets{};
  for (std::size_t i = 0; i < n_observables; ++i) offsets[i + 1] = offsets[i] + observable_table[i].width;
  return offsets;
}();

/// All observables at one instant, in the units of the table.
template <class Scalar>
class Observables {
 public:
  Scalar& at(Observable observable, std::size_t type = 0) {
    return values_[observable_offsets[index(observable)] + type];
  }
  const Scalar& at(Observable observable, std::size_t type = 0) const {
    return values_[observable_offsets[index(observable)] + type];
  }

 private:
  static constexpr std::size_t index(Observable observable) { return static_cast<std::size_t>(observable); }
  std::array<Scalar, observable_offsets.back()> values_{};
};

inline constexpr double density_mg_per_mm3 = 1.06;  ///< of muscle: Mendez and Keys 1960, Metabolism 9:184
inline constexpr double um2_per_mm2 = 1e6;
inline constexpr double mm2_per_cm2 = 100.0;

/// Number of fibres: the volume of muscle that is not extracellular, over the volume of a fibre.
template <class Scalar>
Scalar fibre_number(const laws::Coefficients<Scalar>& p) {
  const Scalar fibres_mm3 = (1.0 - p.extracellular_fraction) * p.wet_mass_mg / density_mg_per_mm3;
  return fibres_mm3 / (p.csa_um2 / um2_per_mm2 * p.fibre_length_mm);
}

/// Maximal isometric force at the set point: specific tension x physiological cross-section.  [N]
template <class Scalar>
Scalar set_point_force_N(const laws::Coefficients<Scalar>& p) {
  const Scalar section_mm2 = p.wet_mass_mg / (density_mg_per_mm3 * p.fibre_length_mm);
  return p.specific_tension_N_per_cm2 * section_mm2 / mm2_per_cm2;
}

/// Mean area of the fibres of each type. A type of sensitivity s times the mean shrinks to the power s of the muscle's
/// shrinkage, and all are scaled so that their mean is the muscle's.  [um2]
/// NaN for a type that the muscle does not have.
/// @param size  fibre size as a share of the set point, > 0
/// @param p     coefficients of the muscle
laws::ByType<double> areas_by_type(double size, const laws::Coefficients<double>& p);

/// Fractional synthesis as a laboratory computes it after giving D2O: labelled share of the pool over the labelling
/// time and the mean enrichment of body water. NaN before there is any label.  [1/d]
template <class Scalar>
Scalar measured_fsr(const Scalar& labelled, const Scalar& pool, const Scalar& exposure_d) {
  return labelled / (pool * exposure_d);
}

/// All observables at one instant but those by fibre type, which stay 0, from states and fluxes: those of a muscle's
/// mean fibre, or means over many.
///
/// @param y       states, shape [n_states]
/// @param s       what they give
/// @param window_d  time since labelling began; any number before, when there is no exposure yet  [d]
/// @param p       coefficients of this muscle of this animal; its areas and mass are its own set point
template <class Scalar>
Observables<Scalar> observe_means(const StateVector<Scalar>& y, const Signals<Scalar>& s, double window_d,
                                  const laws::Coefficients<Scalar>& p) {
  const Scalar size = 1.0 - s.deficit;
  const Scalar force_N = set_point_force_N(p) * y[myofibrillar];
  const Scalar& exposure_d = y[label_exposure];
  const auto fsr = [&](const Scalar& labelled, const Scalar& pool) { return measured_fsr(labelled, pool, exposure_d); };
  Observables<Scalar> o;
  o.at(Observable::csa) = p.csa_um2 * size;
  o.at(Observable::wet_mass) =
      p.wet_mass_mg * ((1.0 - p.extracellular_fraction) * size + p.extracellular_fraction * y[extracellular]);
  o.at(Observable::myofibrillar_protein) = y[myofibrillar];
  o.at(Observable::cytosolic_protein) = y[cytosolic];
  o.at(Observable::mitochondrial_protein) = y[mitochondrial];
  o.at(Observable::collagen) =
      p.collagen_dynamic_fraction * y[collagen_dynamic] + (1.0 - p.collagen_dynamic_fraction) * y[collagen_stable];
  o.at(Observable::extracellular_water) = y[extracellular];
  o.at(Observable::myofibrillar_synthesis) = p.myofibrillar_turnover_per_d * s.myofibrillar_synthesis / y[myofibrillar];
  o.at(Observable::myofibrillar_breakdown) = p.myofibrillar_turnover_per_d * s.myofibrillar_breakdown;
  o.at(Observable::cytosolic_synthesis) = p.cytosolic_turnover_per_d * s.cytosolic_synthesis / y[cytosolic];
  o.at(Observable::cytosolic_breakdown) = p.cytosolic_turnover_per_d * s.cytosolic_breakdown;
  o.at(Observable::mitochondrial_synthesis) = p.mitochondrial_turnover_per_d * s.cytosolic_synthesis / y[mitochondrial];
  o.at(Observable::mitochondrial_breakdown) = p.mitochondrial_turnover_per_d * s.mitochondrial_breakdown;
  o.at(Observable::myofibrillar_fsr) = fsr(y[labelled_myofibrillar], y[myofibrillar]);
  o.at(Observable::cytosolic_fsr) = fsr(y[labelled_cytosolic], y[cytosolic]);
  o.at(Observable::mitochondrial_fsr) = fsr(y[labelled_mitochondrial], y[mitochondrial]);
  const Scalar collagen = o.at(Observable::collagen);
  o.at(Observable::collagen_fsr) =
      measured_fsr(Scalar(p.collagen_dynamic_fraction * y[labelled_collagen]), collagen, exposure_d);
  o.at(Observable::myofibrillar_kdeg_d2o) = o.at(Observable::myofibrillar_fsr) - y[label_growth] / window_d;
  o.at(Observable::rna) = y[rna];
  o.at(Observable::rna_synthesis) = p.rna_turnover_per_d * s.rna_synthesis;
  o.at(Observable::rna_degradation) = p.rna_turnover_per_d * s.rna_degradation;
  o.at(Observable::rna_fsr) = fsr(y[labelled_rna], y[rna]);
  o.at(Observable::dna_synthesis) = p.dna_turnover_per_d * s.dna_synthesis / y[dna];
  o.at(Observable::dna_fsr) = fsr(y[labelled_dna], y[dna]);
  o.at(Observable::pfak) =
      p.pfak_floor + (1.0 - p.pfak_floor) * y[load_signal] + p.pfak_massage_gain * y[massage_memory];
  o.at(Observable::pax7) = p.pax7_per_fibre * y[pax7];
  o.at(Observable::myonuclei) = p.myonuclei_per_fibre * y[myonuclei];
  o.at(Observable::neutrophils) = p.neutrophils_per_mm2 * y[neutrophils];
  o.at(Observable::ed1) = p.ed1_per_mm2 * y[ed1];
  o.at(Observable::ed2) = p.ed2_per_mm2 * y[ed2];
  o.at(Observable::force) = force_N;
  o.at(Observable::voluntary_strength) = force_N * y[neural_drive] * (1.0 + y[training_adaptation]);
  return o;
}

/// All observables at one instant but those by fibre type, which stay 0.
///
/// @param y       states, shape [n_states]
/// @param window_d  time since labelling began; any number before, when there is no exposure yet  [d]
/// @param p       coefficients of this muscle of this animal; its areas and mass are its own set point
template <class Scalar>
Observables<Scalar> observe_means(const StateVector<Scalar>& y, double window_d, const laws::Coefficients<Scalar>& p) {
  return observe_means(y, signals(y, p), window_d, p);
}

/// All observables at one instant; those by fibre type, which cost as much as all others, if they are wanted.
Observables<double> observe(const StateVector<double>& y, double window_d, const laws::Coefficients<double>& p,
                            bool wants_types = true);

/// One observable of a muscle of two heads.
/// @param weight  how the observable is put together
/// @param a, b    its value on each head
/// @param pa, pb  coefficients of the heads
template <class Scalar>
Scalar combine(Weight weight, const Scalar& a, const laws::Coefficients<Scalar>& pa, const Scalar& b,
               const laws::Coefficients<Scalar>& pb) {
  const auto mean = [&](const Scalar& wa, const Scalar& wb) { return Scalar((wa * a + wb * b) / (wa + wb)); };
  switch (weight) {
    case Weight::total:
      return a + b;
    case Weight::fibres:
      return mean(fibre_number(pa), fibre_number(pb));
    case Weight::protein:
      return mean(pa.wet_mass_mg, pb.wet_mass_mg);
    case Weight::area:
      return mean(fibre_number(pa) * pa.csa_um2, fibre_number(pb) * pb.csa_um2);
  }
  return a;
}

/// An observable of the fibres of one type: averaged by the number of such fibres in each head.
inline double combine_type(std::size_t type, double a, const laws::Coefficients<double>& pa, double b,
                           const laws::Coefficients<double>& pb) {
  const double wa = fibre_number(pa) * pa.type_fraction[type];
  const double wb = fibre_number(pb) * pb.type_fraction[type];
  if (wa == 0.0) return b;
  return wb == 0.0 ? a : (wa * a + wb * b) / (wa + wb);
}

}  // namespace hindlimb::muscle
