#pragma once

#include "hindlimb/laws/fibre.hpp"
#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/laws/tissue.hpp"
#include "hindlimb/muscle/states.hpp"
#include "hindlimb/ode/followers.hpp"

namespace hindlimb::muscle {

/// What several equations and observables share at one instant.
template <class Scalar>
struct Signals : laws::FibreFluxes<Scalar> {
  laws::FibreInput<Scalar> input;
  Scalar collagen_synthesis;    ///< multiple of the weight-bearing flux; breakdown is 1
  Scalar dna_synthesis;         ///< multiple of the weight-bearing flux; loss is 1
  Scalar extracellular_target;  ///< of extracellular water and matrix, as a multiple of the weight-bearing value
  Scalar damage_rate;           ///< [1/d]
};

template <class Scalar, class Vector>
laws::FibreStates<Scalar> fibre_states(const Vector& y) {
  return {y[efficiency],   y[rna],       y[rna_saved],     y[proteolysis],
          y[myofibrillar], y[cytosolic], y[mitochondrial], y[myonuclei]};
}

/// Deficit of fibre size: 0 exactly, not only nearly, while all pools are at their set point.
template <class Scalar, class Vector>
Scalar size_deficit(const Vector& y, const laws::Coefficients<Scalar>& p) {
  return laws::size_deficit(fibre_states<Scalar>(y), p);
}

template <class Scalar, class Vector>
laws::FibreInput<Scalar> fibre_input(const Vector& y, const laws::Coefficients<Scalar>& p) {
  const auto [massage, local] =
      laws::together(laws::massage_drive(Scalar(y[massage_memory]), Scalar(y[perfusion]), Scalar(y[humoral_signal]),
                                         Scalar(y[neural_signal]), p),
                     laws::cytosolic_drive(Scalar(y[massage_memory]), Scalar(y[perfusion]), p));
  return {.load_signal = y[load_signal],
          .load_history = y[load_history],
          .unloading = laws::unloading(Scalar(y[load_signal])),
          .readiness = y[readiness],
          .massage_drive = massage,
          .local_drive = local};
}

template <class Scalar, class Vector>
Signals<Scalar> signals(const Vector& y, const laws::Coefficients<Scalar>& p) {
  Signals<Scalar> s;
  s.input = fibre_input<Scalar>(y, p);
  static_cast<laws::FibreFluxes<Scalar>&>(s) = laws::fibre_fluxes(fibre_states<Scalar>(y), s.input, p);
  const auto [of_collagen, of_dna, of_water, of_damage] =
      laws::together(laws::collagen_synthesis(s.input.unloading, Scalar(y[massage_memory]), p),
                     laws::dna_synthesis(Scalar(y[pax7]), p), laws::extracellular_target(s.deficit, Scalar(y[ed1]), p),
                     laws::damage_rate(Scalar(y[load_signal]), Scalar(y[tolerance]), s.deficit, p));
  s.collagen_synthesis = of_collagen;
  s.dna_synthesis = of_dna;
  s.extracellular_target = of_water;
  s.damage_rate = of_damage;
  return s;
}

/// Load, massage, what crosses, and voluntary activation: linear, driven by the protocol alone.
template <class Scalar, class Vector>
void signal_rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const laws::Coefficients<Scalar>& p,
                  Vector& dy) {
  const Scalar load = stimulus.load * (1.0 + y[behavioural_signal]);
  dy[load_signal] = (load - y[load_signal]) * p.load_signal_per_d;
  dy[load_history] = (y[load_signal] - y[load_history]) * p.load_history_per_d;
  dy[massage_memory] = stimulus.massage - y[massage_memory] * p.massage_memory_per_d;
  dy[perfusion] = p.perfusion_gain * stimulus.massage - y[perfusion] * p.perfusion_per_d;
  dy[humoral_signal] = stimulus.humoral - y[humoral_signal] * p.humoral_per_d;
  dy[neural_signal] = stimulus.neural - y[neural_signal] * p.neural_per_d;
  dy[behavioural_signal] = stimulus.behavioural - y[behavioural_signal] * p.behavioural_per_d;
  const Scalar unloading = laws::unloading(y[load_signal]);
  dy[neural_drive] = (1.0 - p.neural_drive_loss * unloading - y[neural_drive]) * p.neural_drive_per_d;
  dy[training_adaptation] = stimulus.training - y[training_adaptation] * p.training_loss_per_d;
}

/// Translation, ribosomes, and the pools of protein.
template <class Scalar, class Vector>
void protein_rates(const Vector& y, const Signals<Scalar>& s, const laws::Coefficients<Scalar>& p, Vector& dy) {
  const laws::FibreRates<Scalar> fibre = laws::fibre_rates(fibre_states<Scalar>(y), s.input, s, p);
  dy[efficiency] = fibre.efficiency;
  dy[rna] = fibre.rna;
  dy[rna_saved] = fibre.rna_saved;
  dy[proteolysis] = fibre.proteolysis;
  dy[myofibrillar] = fibre.myofibrillar;
  dy[cytosolic] = fibre.cytosolic;
  dy[mitochondrial] = fibre.mitochondrial;
  dy[readiness_early] = (laws::readiness_target(s.input.unloading) - y[readiness_early]) * p.readiness_per_d;
  dy[readiness] = (y[readiness_early] - y[readiness]) * p.readiness_per_d;
  dy[collagen_dynamic] = p.collagen_turnover_per_d * (s.collagen_synthesis - y[collagen_dynamic]);
  dy[collagen_stable] = p.collagen_maturation_per_d * (y[collagen_dynamic] - y[collagen_stable]);
}

/// Water, damage, inflammation, satellite cells and nuclei.
template <class Scalar, class Vector>
void tissue_rates(const Vector& y, const Signals<Scalar>& s, const laws::Coefficients<Scalar>& p, Vector& dy) {
  dy[extracellular] = (s.extracellular_target - y[extracellular]) * p.extracellular_per_d;
  dy[tolerance] = laws::tolerance_rate(y[load_signal], s.input.unloading, y[tolerance], p);
  dy[damage] = s.damage_rate - y[damage] * p.damage_repair_per_d;
  dy[neutrophils] = (laws::neutrophil_target(y[damage], p) - y[neutrophils]) * p.neutrophil_per_d;
  dy[ed1] = (laws::ed1_target(y[neutrophils], p) - y[ed1]) * p.ed1_per_d;
  dy[ed2] = (laws::ed2_target(y[ed1], p) - y[ed2]) * p.ed2_per_d;
  dy[pax7] = (laws::pax7_target(y[damage], y[massage_memory], p) - y[pax7]) * p.satellite_per_d;
  dy[myonuclei] = laws::myonuclear_rate(y[pax7], s.gate, y[myonuclei], p);
  dy[dna] = p.dna_turnover_per_d * (s.dna_synthesis - y[dna]);
}

/// D2O in body water and what of it is built into each pool.
template <class Scalar, class Vector>
void label_rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const Signals<Scalar>& s,
                 const laws::Coefficients<Scalar>& p, Vector& dy) {
  using laws::label_rate;
  const Scalar one(1.0);
  const Scalar& water = y[body_water];
  dy[body_water] = p.body_water_turnover_per_d * (stimulus.label - water);
  dy[label_exposure] = water;
  dy[label_growth] = stimulus.label * dy[myofibrillar] / y[myofibrillar];
  dy[labelled_myofibrillar] = label_rate(p.myofibrillar_turnover_per_d, s.myofibrillar_synthesis,
                                         s.myofibrillar_breakdown, water, Scalar(y[labelled_myofibrillar]));
  dy[labelled_cytosolic] = label_rate(p.cytosolic_turnover_per_d, s.cytosolic_synthesis, s.cytosolic_breakdown, water,
                                      Scalar(y[labelled_cytosolic]));
  dy[labelled_mitochondrial] = label_rate(p.mitochondrial_turnover_per_d, s.cytosolic_synthesis,
                                          s.mitochondrial_breakdown, water, Scalar(y[labelled_mitochondrial]));
  dy[labelled_collagen] =
      label_rate(p.collagen_turnover_per_d, s.collagen_synthesis, one, water, Scalar(y[labelled_collagen]));
  dy[labelled_rna] =
      label_rate(p.rna_turnover_per_d, s.rna_synthesis, s.rna_degradation, water, Scalar(y[labelled_rna]));
  dy[labelled_dna] = label_rate(p.dna_turnover_per_d, s.dna_synthesis, one, water, Scalar(y[labelled_dna]));
}

/// Time derivatives of all states but those of the D2O label, which stay as they are.
/// @return what label_rates() needs
template <class Scalar, class Vector>
Signals<Scalar> unlabelled_rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus,
                                 const laws::Coefficients<Scalar>& p, Vector& dy) {
  Signals<Scalar> s = signals(y, p);
  signal_rates(y, stimulus, p, dy);
  protein_rates(y, s, p, dy);
  tissue_rates(y, s, p, dy);
  return s;
}

/// What a solver may know of the first states beside their rates.
template <class Scalar>
ode::Followers<Scalar, n_followers> followers(const laws::Coefficients<Scalar>& p) {
  ode::Followers<Scalar, n_followers> result{};
  result[load_signal].rate = p.load_signal_per_d;
  result[load_signal].time = p.load_signal_time_d;
  result[efficiency].rate = p.efficiency_per_d;
  result[efficiency].time = p.efficiency_time_d;
  return result;
}

/// Time derivatives of all states of one muscle of one limb. docs/model.md derives each line.
///
/// @param y         states, shape [n_states]
/// @param stimulus  what acts on the muscle in this segment of the protocol
/// @param p         parameters of this muscle of this animal
/// @param[out] dy   dy/dt, shape [n_states], overwritten  [1/d]
template <class Scalar, class Vector>
void rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const laws::Coefficients<Scalar>& p, Vector& dy) {
  label_rates(y, stimulus, unlabelled_rates(y, stimulus, p, dy), p, dy);
}

}  // namespace hindlimb::muscle
