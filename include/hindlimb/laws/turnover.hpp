#pragma once

#include "hindlimb/laws/coefficients.hpp"
#include "hindlimb/laws/scalar.hpp"

/// Laws of translation, ribosomes and protein. All states are multiples of their weight-bearing value.
namespace hindlimb::laws {

/// How unloaded a limb feels: 1 suspended, 0 from cage load on.
template <class Scalar>
Scalar unloading(const Scalar& load_signal) {
  return positive_part(Scalar(1.0 - load_signal));
}

/// Perturbation gate: sign(d) d^4 / (d^4 + d0^4) of the deficit d of fibre size from its own set point. Nothing
/// happens at the set point, and a fibre above it is slowed down, so that regrowth does not overshoot.
template <class Scalar>
Scalar gate(const Scalar& deficit, const Coefficients<Scalar>& p) {
  const Scalar square = deficit * deficit;
  const Scalar half_square = p.gate_half_deficit * p.gate_half_deficit;
  const Scalar fourth = square * square;
  const Scalar opening = fourth / (fourth + half_square * half_square);
  return deficit > 0.0 ? opening : Scalar(-opening);
}

/// Saturating drive of myofibrillar synthesis from the local memory, perfusion and all that crossed over.
template <class Scalar>
Scalar massage_drive(const Scalar& memory, const Scalar& perfusion, const Scalar& humoral, const Scalar& neural,
                     const Coefficients<Scalar>& p) {
  const Scalar signal = p.local_gain * memory + p.perfusion_gain * perfusion + humoral + neural;
  return p.drive_max * saturation(signal, Scalar(1.0));
}

/// Saturating drive of cytosolic and mitochondrial synthesis: local.
template <class Scalar>
Scalar cytosolic_drive(const Scalar& memory, const Scalar& perfusion, const Coefficients<Scalar>& p) {
  return p.cytosolic_drive_max * saturation(Scalar(memory + p.perfusion_gain * perfusion), Scalar(1.0));
}

/// Where translational efficiency goes under a given unloading.
template <class Scalar>
Scalar efficiency_target(const Scalar& unloading, const Coefficients<Scalar>& p) {
  return 1.0 / (1.0 + p.efficiency_loss * p.unloading_sensitivity * unloading);
}

/// Synthesis of RNA, as a multiple of the weight-bearing flux.
template <class Scalar>
Scalar rna_synthesis(const Scalar& unloading, const Scalar& gate, const Scalar& recovery, const Scalar& myonuclei,
                     const Coefficients<Scalar>& p) {
  const Scalar template_share = 1.0 + p.myonuclear_gain * (myonuclei - 1.0);
  return template_share * positive_factor(Scalar(gate * p.rna_recovery_gain * recovery)) /
         (1.0 + p.rna_synthesis_loss * p.unloading_sensitivity * unloading);
}

/// Fractional degradation of RNA, as a multiple of the weight-bearing rate: a pulse while the load signal lies below
/// what the muscle is used to and below cage load, attenuated by the massage drive.
template <class Scalar>
Scalar rna_degradation(const Scalar& load_signal, const Scalar& load_history, const Scalar& drive,
                       const Coefficients<Scalar>& p) {
  const Scalar usual = 1.0 - positive_part(Scalar(1.0 - load_history));
  const Scalar drop = positive_part(Scalar(usual - load_signal));
  return 1.0 + p.rna_pulse_gain * p.unloading_sensitivity * drop * drop / (1.0 + p.rna_rescue * drive);
}

/// Where proteolysis goes: raised by unloading, less so once the muscle is used to it.
template <class Scalar>
Scalar proteolysis_target(const Scalar& unloading, const Scalar& load_history, const Coefficients<Scalar>& p) {
  const Scalar adapted = 1.0 - p.proteolysis_adaptation * positive_part(Scalar(1.0 - load_history));
  return 1.0 + p.proteolysis_gain * p.unloading_sensitivity * unloading * adapted;
}

/// Synthesis of a protein pool, as a multiple of its weight-bearing flux: ribosomes x efficiency x drives. The gate
/// acts on the drives as they are now, so that a lag of the recovery drive cannot carry size beyond the set point.
template <class Scalar>
Scalar protein_synthesis(const Scalar& rna, const Scalar& efficiency, const Scalar& drive, const Scalar& gate,
                         const Scalar& recovery, const Coefficients<Scalar>& p) {
  return rna * efficiency * positive_factor(Scalar(gate * (drive + p.recovery_gain * recovery)));
}

/// Fractional breakdown of incorporated protein, as a multiple of the weight-bearing rate. In an unloaded limb the
/// massage drive, where the gate lets it through, speeds breakdown as well as synthesis: turnover without growth.
template <class Scalar>
Scalar protein_breakdown(const Scalar& proteolysis, const Scalar& drive, const Scalar& gate, const Scalar& unloading,
                         const Coefficients<Scalar>& p) {
  return proteolysis * (1.0 + p.turnover_coupling * drive * positive_part(gate) * unloading);
}

/// Synthesis of collagen, as a multiple of the weight-bearing flux.
template <class Scalar>
Scalar collagen_synthesis(const Scalar& unloading, const Scalar& memory, const Coefficients<Scalar>& p) {
  return (1.0 + p.collagen_massage_gain * memory) /
         (1.0 + p.collagen_unloading_loss * p.unloading_sensitivity * unloading);
}

/// Rate of change of the labelled part of a pool: label comes in with synthesis and leaves with breakdown.  [1/d]
/// @param turnover_per_d  weight-bearing turnover of the pool                    [1/d]
/// @param synthesis       multiple of the weight-bearing flux
/// @param breakdown       multiple of the weight-bearing fractional rate
/// @param enrichment      of what is built in, as a share of the plateau
/// @param labelled        labelled part of the pool, in the unit of the pool
template <class Scalar>
Scalar label_rate(const Scalar& turnover_per_d, const Scalar& synthesis, const Scalar& breakdown,
                  const Scalar& enrichment, const Scalar& labelled) {
  return turnover_per_d * (synthesis * enrichment - breakdown * labelled);
}

}  // namespace hindlimb::laws
