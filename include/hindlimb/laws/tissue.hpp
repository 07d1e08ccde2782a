#pragma once

#include "hindlimb/laws/coefficients.hpp"
#include "hindlimb/laws/scalar.hpp"

/// Laws of damage, inflammation, satellite cells and extracellular water. Cells are multiples of the resident number.
namespace hindlimb::laws {

/// Rate at which tolerance to load follows the load signal: fast under load, slowly without.  [1/d]
template <class Scalar>
Scalar tolerance_rate(const Scalar& load_signal, const Scalar& unloading, const Scalar& tolerance,
                      const Coefficients<Scalar>& p) {
  const Scalar rate_per_d = (1.0 - unloading) * p.tolerance_gain_per_d + unloading * p.tolerance_loss_per_d;
  return rate_per_d * (load_signal - tolerance);
}

/// Rate at which load beyond what is tolerated damages an atrophied muscle: as the square of the excess, less below
/// damage_onset, where it begins as the fourth power: steps that see the load change see that too.  [1/d]
inline constexpr double damage_onset = 0.1;
template <class Scalar>
Quotient<Scalar> damage_rate(const Scalar& load_signal, const Scalar& tolerance, const Scalar& deficit,
                             const Coefficients<Scalar>& p) {
  const Scalar excess = positive_part(Scalar(load_signal - tolerance));
  const Scalar square = excess * excess;
  return {p.damage_rate_per_d * positive_part(deficit) * square * square, square + damage_onset * damage_onset};
}

/// Where the number of neutrophils goes: called by damage.
template <class Scalar>
Scalar neutrophil_target(const Scalar& damage, const Coefficients<Scalar>& p) {
  return 1.0 + p.own_neutrophil_gain * damage;
}

/// Where the number of ED1+ macrophages goes: called by neutrophils, not by damage itself.
template <class Scalar>
Scalar ed1_target(const Scalar& neutrophils, const Coefficients<Scalar>& p) {
  return 1.0 + p.ed1_gain * (neutrophils - 1.0);
}

/// Where the number of ED2+ macrophages goes: ED1+ cells that switched.
template <class Scalar>
Scalar ed2_target(const Scalar& ed1, const Coefficients<Scalar>& p) {
  return 1.0 + p.ed2_gain * (ed1 - 1.0);
}

/// Where the number of Pax7+ cells goes. Massage acts in weight-bearing muscle too: activation is not gated.
template <class Scalar>
Scalar pax7_target(const Scalar& damage, const Scalar& memory, const Coefficients<Scalar>& p) {
  return 1.0 + p.satellite_damage_gain * damage + p.satellite_massage_gain * memory;
}

/// Synthesis of DNA, as a multiple of the weight-bearing flux: goes with the number of Pax7+ cells, which divide.
template <class Scalar>
Quotient<Scalar> dna_synthesis(const Scalar& pax7, const Coefficients<Scalar>& p) {
  return positive_factor(Scalar(p.dna_proliferation_gain * (pax7 - 1.0)));
}

/// Rate of change of the number of myonuclei: fusion where the gate is open, slow loss of what was added.  [1/d]
template <class Scalar>
Scalar myonuclear_rate(const Scalar& pax7, const Scalar& gate, const Scalar& myonuclei, const Coefficients<Scalar>& p) {
  return p.fusion_per_d * (pax7 - 1.0) * positive_part(gate) - (myonuclei - 1.0) * p.myonuclear_loss_per_d;
}

/// Where extracellular water goes: it fills part of the space that fibres leave, and swells with inflammation.
template <class Scalar>
Quotient<Scalar> extracellular_target(const Scalar& deficit, const Scalar& ed1, const Coefficients<Scalar>& p) {
  return positive_factor(Scalar(p.own_extracellular_fill * deficit + p.swelling_gain * (ed1 - 1.0)));
}

}  // namespace hindlimb::laws
