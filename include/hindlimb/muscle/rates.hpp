#pragma once

#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/laws/tissue.hpp"
#include "hindlimb/laws/turnover.hpp"
#include "hindlimb/muscle/states.hpp"

namespace hindlimb::muscle {

/// What several equations and observables share at one instant. Fluxes are multiples of the weight-bearing flux,
/// fractional rates multiples of the weight-bearing rate.
template <class Scalar>
struct Signals {
  Scalar unloading;               ///< 1 suspended, 0 from cage load on
  Scalar deficit;                 ///< of fibre size from its set point; 0 at the set point
  Scalar gate;                    ///< perturbation gate, -1 to 1
  Scalar drive;                   ///< massage drive of myofibrillar synthesis
  Scalar rna_synthesis;           ///< flux
  Scalar rna_degradation;         ///< fractional
  Scalar myofibrillar_synthesis;  ///< flux
  Scalar myofibrillar_breakdown;  ///< fractional
  Scalar cytosolic_synthesis;     ///< flux; that of mitochondrial protein too
  Scalar cytosolic_breakdown;     ///< fractional; that of mitochondrial protein too
  Scalar collagen_synthesis;      ///< flux; breakdown is 1
  Scalar dna_synthesis;           ///< flux; loss is 1
};

/// Deficit of fibre size: 0 exactly, not only nearly, while all pools are at their set point.
template <class Scalar, class Vector>
Scalar size_deficit(const Vector& y, const laws::Coefficients<Scalar>& p) {
  const Scalar myofibrillar_fraction = 1.0 - p.cytosolic_fraction - p.mitochondrial_fraction;
  return myofibrillar_fraction * (1.0 - y[myofibrillar]) + p.cytosolic_fraction * (1.0 - y[cytosolic]) +
         p.mitochondrial_fraction * (1.0 - y[mitochondrial]);
}

template <class Scalar, class Vector>
Signals<Scalar> signals(const Vector& y, const laws::Coefficients<Scalar>& p) {
  Signals<Scalar> s;
  s.unloading = laws::unloading(y[load_signal]);
  s.deficit = size_deficit(y, p);
  s.gate = laws::gate(s.deficit, p);
  s.drive = laws::massage_drive(y[massage_memory], y[perfusion], y[humoral_signal], y[neural_signal], p);
  const Scalar local_drive = laws::cytosolic_drive(y[massage_memory], y[perfusion], p);
  s.rna_synthesis = laws::rna_synthesis(s.unloading, s.gate, y[recovery], y[myonuclei], p);
  s.rna_degradation = laws::rna_degradation(y[load_signal], y[load_history], s.drive, p);
  s.myofibrillar_synthesis = laws::protein_synthesis(y[rna], y[efficiency], s.drive, s.gate, y[recovery], p);
  s.myofibrillar_breakdown = laws::protein_breakdown(y[proteolysis], s.drive, s.gate, s.unloading, p);
  s.cytosolic_synthesis = laws::protein_synthesis(y[rna], y[efficiency], local_drive, s.gate, y[recovery], p);
  s.cytosolic_breakdown = laws::protein_breakdown(y[proteolysis], local_drive, s.gate, s.unloading, p);
  s.collagen_synthesis = laws::collagen_synthesis(s.unloading, y[massage_memory], p);
  s.dna_synthesis = laws::dna_synthesis(y[pax7], p);
  return s;
}

/// Load, massage, what crosses, and voluntary activation: linear, driven by the protocol alone.
template <class Scalar, class Vector>
void signal_rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const laws::Coefficients<Scalar>& p,
                  Vector& dy) {
  const Scalar load = stimulus.load * (1.0 + y[behavioural_signal]);
  dy[load_signal] = (load - y[load_signal]) / p.load_signal_time_d;
  dy[load_history] = (y[load_signal] - y[load_history]) / p.load_history_time_d;
  dy[massage_memory] = stimulus.massage - y[massage_memory] / p.massage_memory_time_d;
  dy[perfusion] = stimulus.massage - y[perfusion] / p.perfusion_time_d;
  dy[humoral_signal] = stimulus.humoral - y[humoral_signal] / p.humoral_time_d;
  dy[neural_signal] = stimulus.neural - y[neural_signal] / p.neural_time_d;
  dy[behavioural_signal] = stimulus.behavioural - y[behavioural_signal] / p.behavioural_time_d;
  const Scalar unloading = laws::unloading(y[load_signal]);
  dy[neural_drive] = (1.0 - p.neural_drive_loss * unloading - y[neural_drive]) / p.neural_drive_time_d;
  dy[training_adaptation] = stimulus.training - y[training_adaptation] / p.training_time_d;
}

/// Translation, ribosomes, and the pools of protein.
template <class Scalar, class Vector>
void protein_rates(const Vector& y, const Signals<Scalar>& s, const laws::Coefficients<Scalar>& p, Vector& dy) {
  dy[efficiency] = (laws::efficiency_target(s.unloading, p) - y[efficiency]) / p.efficiency_time_d;
  dy[rna] = p.rna_turnover_per_d * (s.rna_synthesis - s.rna_degradation * y[rna]);
  dy[recovery_early] = (y[load_signal] * laws::positive_part(s.gate) - y[recovery_early]) / p.recovery_time_d;
  dy[recovery] = (y[recovery_early] - y[recovery]) / p.recovery_time_d;
  dy[proteolysis] = (laws::proteolysis_target(s.unloading, y[load_history], p) - y[proteolysis]) / p.proteolysis_time_d;
  dy[myofibrillar] =
      p.myofibrillar_turnover_per_d * (s.myofibrillar_synthesis - s.myofibrillar_breakdown * y[myofibrillar]);
  dy[cytosolic] = p.cytosolic_turnover_per_d * (s.cytosolic_synthesis - s.cytosolic_breakdown * y[cytosolic]);
  dy[mitochondrial] =
      p.mitochondrial_turnover_per_d * (s.cytosolic_synthesis - s.cytosolic_breakdown * y[mitochondrial]);
  dy[collagen_dynamic] = p.collagen_turnover_per_d * (s.collagen_synthesis - y[collagen_dynamic]);
  dy[collagen_stable] = p.collagen_maturation_per_d * (y[collagen_dynamic] - y[collagen_stable]);
}

/// Water, damage, inflammation, satellite cells and nuclei.
template <class Scalar, class Vector>
void tissue_rates(const Vector& y, const Signals<Scalar>& s, const laws::Coefficients<Scalar>& p, Vector& dy) {
  dy[extracellular] = (laws::extracellular_target(s.deficit, y[ed1], p) - y[extracellular]) / p.extracellular_time_d;
  dy[tolerance] = laws::tolerance_rate(y[load_signal], y[tolerance], p);
  dy[damage] = laws::damage_rate(y[load_signal], y[tolerance], s.deficit, p) - y[damage] / p.damage_time_d;
  dy[neutrophils] = (laws::neutrophil_target(y[damage], p) - y[neutrophils]) / p.neutrophil_time_d;
  dy[ed1] = (laws::ed1_target(y[neutrophils], p) - y[ed1]) / p.ed1_time_d;
  dy[ed2] = (laws::ed2_target(y[ed1], p) - y[ed2]) / p.ed2_time_d;
  dy[pax7] = (laws::pax7_target(y[damage], y[massage_memory], p) - y[pax7]) / p.satellite_time_d;
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
  dy[labelled_mitochondrial] = label_rate(p.mitochondrial_turnover_per_d, s.cytosolic_synthesis, s.cytosolic_breakdown,
                                          water, Scalar(y[labelled_mitochondrial]));
  dy[labelled_collagen] =
      label_rate(p.collagen_turnover_per_d, s.collagen_synthesis, one, water, Scalar(y[labelled_collagen]));
  dy[labelled_rna] =
      label_rate(p.rna_turnover_per_d, s.rna_synthesis, s.rna_degradation, water, Scalar(y[labelled_rna]));
  dy[labelled_dna] = label_rate(p.dna_turnover_per_d, s.dna_synthesis, one, water, Scalar(y[labelled_dna]));
}

/// Time derivatives of all states of one muscle of one limb. docs/model.md derives each line.
///
/// @param y         states, shape [n_states]
/// @param stimulus  what acts on the muscle in this segment of the protocol
/// @param p         parameters of this muscle of this animal
/// @param[out] dy   dy/dt, shape [n_states], overwritten  [1/d]
template <class Scalar, class Vector>
void rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const laws::Coefficients<Scalar>& p, Vector& dy) {
  const Signals<Scalar> s = signals(y, p);
  signal_rates(y, stimulus, p, dy);
  protein_rates(y, s, p, dy);
  tissue_rates(y, s, p, dy);
  label_rates(y, stimulus, s, p, dy);
}

}  // namespace hindlimb::muscle
