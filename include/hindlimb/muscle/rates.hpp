#pragma once

#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/laws/tissue.hpp"
#include "hindlimb/laws/turnover.hpp"
#include "hindlimb/muscle/states.hpp"

namespace hindlimb::muscle {

/// What several equations and observables share at one instant.
template <class Scalar>
struct Signals {
  Scalar unloading;        ///< 1 suspended, 0 from cage load on
  Scalar deficit;          ///< of fibre size from its set point; 0 at the set point
  Scalar gate;             ///< perturbation gate, -1 to 1
  Scalar drive;            ///< massage drive of myofibrillar synthesis
  Scalar rna_synthesis;    ///< multiple of the weight-bearing flux
  Scalar rna_degradation;  ///< multiple of the weight-bearing fractional rate
  Scalar synthesis;        ///< of myofibrillar protein, multiple of the weight-bearing flux
  Scalar breakdown;        ///< of protein, multiple of the weight-bearing fractional rate
};

/// Deficit of fibre size: 0 exactly, not only nearly, while both pools are at their set point.
template <class Scalar, class Vector>
Scalar size_deficit(const Vector& y, const laws::Parameters<Scalar>& p) {
  return (1.0 - p.cytosolic_fraction) * (1.0 - y[myofibrillar]) + p.cytosolic_fraction * (1.0 - y[cytosolic]);
}

template <class Scalar, class Vector>
Signals<Scalar> signals(const Vector& y, const laws::Parameters<Scalar>& p) {
  Signals<Scalar> s;
  s.unloading = laws::unloading(y[load_signal]);
  s.deficit = size_deficit(y, p);
  s.gate = laws::gate(s.deficit, p);
  s.drive = laws::massage_drive(y[massage_memory], y[humoral_signal], y[neural_signal], p);
  s.rna_synthesis = laws::rna_synthesis(s.unloading, y[recovery], y[myonuclei], p);
  s.rna_degradation = laws::rna_degradation(y[load_signal], y[load_history], s.drive, p);
  s.synthesis = laws::protein_synthesis(y[rna], y[efficiency], s.drive, s.gate, y[recovery], p);
  s.breakdown = laws::protein_breakdown(y[proteolysis], s.drive, s.unloading, p);
  return s;
}

/// Time derivatives of all states of one muscle of one limb. docs/model.md derives each line.
///
/// @param y         states, shape [n_states]
/// @param stimulus  what acts on the muscle in this segment of the protocol
/// @param p         parameters of this muscle of this animal
/// @param[out] dy   dy/dt, shape [n_states], overwritten  [1/d]
template <class Scalar, class Vector>
void rates(const Vector& y, const laws::Stimulus<Scalar>& stimulus, const laws::Parameters<Scalar>& p, Vector& dy) {
  const Signals<Scalar> s = signals(y, p);
  const Scalar load = stimulus.load * (1.0 + y[behavioural_signal]);
  const Scalar local_drive = laws::cytosolic_drive(y[massage_memory], p);

  dy[load_signal] = (load - y[load_signal]) / p.load_signal_time_d;
  dy[load_history] = (y[load_signal] - y[load_history]) / p.load_history_time_d;
  dy[massage_memory] = stimulus.massage - y[massage_memory] / p.massage_memory_time_d;
  dy[humoral_signal] = stimulus.humoral - y[humoral_signal] / p.humoral_time_d;
  dy[neural_signal] = stimulus.neural - y[neural_signal] / p.neural_time_d;
  dy[behavioural_signal] = stimulus.behavioural - y[behavioural_signal] / p.behavioural_time_d;

  dy[efficiency] = (laws::efficiency_target(s.unloading, p) - y[efficiency]) / p.efficiency_time_d;
  dy[rna] = p.rna_turnover_per_d * (s.rna_synthesis - s.rna_degradation * y[rna]);
  dy[recovery_early] = (y[load_signal] * s.gate - y[recovery_early]) / p.recovery_time_d;
  dy[recovery] = (y[recovery_early] - y[recovery]) / p.recovery_time_d;
  dy[proteolysis] = (laws::proteolysis_target(s.unloading, y[load_history], p) - y[proteolysis]) / p.proteolysis_time_d;
  dy[myofibrillar] = p.myofibrillar_turnover_per_d * (s.synthesis - s.breakdown * y[myofibrillar]);
  dy[cytosolic] = p.cytosolic_turnover_per_d *
                  (laws::protein_synthesis(y[rna], y[efficiency], local_drive, s.gate, y[recovery], p) -
                   laws::protein_breakdown(y[proteolysis], local_drive, s.unloading, p) * y[cytosolic]);
  dy[extracellular] = (laws::extracellular_target(s.deficit, y[ed1], p) - y[extracellular]) / p.extracellular_time_d;

  dy[tolerance] = laws::tolerance_rate(y[load_signal], y[tolerance], p);
  dy[damage] = laws::damage_rate(y[load_signal], y[tolerance], s.deficit, p) - y[damage] / p.damage_time_d;
  dy[neutrophils] = (laws::neutrophil_target(y[damage], p) - y[neutrophils]) / p.neutrophil_time_d;
  dy[ed1] = (laws::ed1_target(y[neutrophils], p) - y[ed1]) / p.ed1_time_d;
  dy[ed2] = (laws::ed2_target(y[ed1], p) - y[ed2]) / p.ed2_time_d;
  dy[pax7] = (laws::pax7_target(y[damage], y[massage_memory], p) - y[pax7]) / p.satellite_time_d;
  dy[myonuclei] = laws::myonuclear_rate(y[pax7], s.gate, y[myonuclei], p);
  dy[neural_drive] = (1.0 - p.neural_drive_loss * s.unloading - y[neural_drive]) / p.neural_drive_time_d;
}

}  // namespace hindlimb::muscle
