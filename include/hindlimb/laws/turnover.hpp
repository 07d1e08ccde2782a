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

/// Perturbation gate: sign(d) d^4 / (d^4 + d0^4) of the deficit d of fibre size from its own set point. Massage does
/// nothing at the set point, and slows a fibre above it.
template <class Scalar>
Quotient<Scalar> gate(const Scalar& deficit, const Coefficients<Scalar>& p) {
  const Scalar square = deficit * deficit;
  const Scalar fourth = square * square;
  return {select(deficit > 0.0, fourth, Scalar(-fourth)), fourth + p.gate_half_deficit_4};
}

/// Recovery drive of a wasted muscle under load, 0 at the set point and a brake above it. It is linear in small
/// deficits, so that the last of them is regained as surely as the first, and has no lag of its own in size: what was
/// more wasted cannot overtake what was less.
/// @param load_signal  mechanosignal of the load
/// @param readiness    regained in days of load; 1 in a muscle used to load
/// @param deficit      of fibre size from its set point
/// @param p            coefficients of the muscle
template <class Scalar>
Quotient<Scalar> recovery_drive(const Scalar& load_signal, const Scalar& readiness, const Scalar& deficit,
                                const Coefficients<Scalar>& p) {
  return {load_signal * readiness * deficit, magnitude(deficit) + p.recovery_half_deficit};
}

/// Where the readiness to regrow goes: it takes nearly full load.
template <class Scalar>
Scalar readiness_target(const Scalar& unloading) {
  const Scalar bearing = 1.0 - unloading;
  return bearing * bearing;
}

/// Saturating drive of myofibrillar synthesis from the local memory, perfusion and all that crossed over.
template <class Scalar>
Quotient<Scalar> massage_drive(const Scalar& memory, const Scalar& perfusion, const Scalar& humoral,
                               const Scalar& neural, const Coefficients<Scalar>& p) {
  const Scalar signal = p.local_gain * memory + perfusion + humoral + neural;
  const Quotient<Scalar> share = saturation(signal, Scalar(1.0));
  return {p.drive_max * share.over, share.under};
}

/// Saturating drive of cytosolic and mitochondrial synthesis: local.
template <class Scalar>
Quotient<Scalar> cytosolic_drive(const Scalar& memory, const Scalar& perfusion, const Coefficients<Scalar>& p) {
  const Quotient<Scalar> share = saturation(Scalar(memory + perfusion), Scalar(1.0));
  return {p.cytosolic_drive_max * share.over, share.under};
}

/// Where translational efficiency goes under a given unloading.
template <class Scalar>
Quotient<Scalar> efficiency_target(const Scalar& unloading, const Coefficients<Scalar>& p) {
  return inverse(Scalar(1.0 + p.own_efficiency_loss * unloading));
}

/// Synthesis of RNA, as a multiple of the weight-bearing flux.
template <class Scalar>
Quotient<Scalar> rna_synthesis(const Scalar& unloading, const Scalar& recovery, const Scalar& myonuclei,
                               const Coefficients<Scalar>& p) {
  const Scalar template_share = 1.0 + p.myonuclear_gain * (myonuclei - 1.0);
  const Quotient<Scalar> recovered = positive_factor(Scalar(p.rna_recovery_gain * recovery));
  return {template_share * recovered.over, recovered.under * (1.0 + p.own_rna_synthesis_loss * unloading)};
}

/// Rise of the fractional degradation of RNA without massage, as a multiple of the weight-bearing rate: a pulse while
/// the load signal lies below what the muscle is used to and below cage load.
template <class Scalar>
Scalar rna_pulse(const Scalar& load_signal, const Scalar& load_history, const Coefficients<Scalar>& p) {
  const Scalar usual = 1.0 - positive_part(Scalar(1.0 - load_history));
  const Scalar drop = positive_part(Scalar(usual - load_signal));
  return p.own_rna_pulse_gain * drop * drop;
}

/// What is left of the pulse under a massage drive.
template <class Scalar>
Scalar attenuated_pulse(const Scalar& pulse, const Scalar& drive, const Coefficients<Scalar>& p) {
  return pulse / (1.0 + p.rna_rescue * drive);
}

/// Where proteolysis goes: raised by unloading, less so once the muscle is used to it.
template <class Scalar>
Scalar proteolysis_target(const Scalar& unloading, const Scalar& load_history, const Coefficients<Scalar>& p) {
  const Scalar adapted = 1.0 - p.proteolysis_adaptation * positive_part(Scalar(1.0 - load_history));
  return 1.0 + p.own_proteolysis_gain * unloading * adapted;
}

/// Synthesis of a protein pool, as a multiple of its weight-bearing flux: ribosomes x efficiency x drives.
/// @param rna         ribosomes, as a multiple of the weight-bearing number
/// @param efficiency  of translation, as a multiple of the weight-bearing one
/// @param massage     massage drive that the gate lets through
/// @param recovery    recovery drive
/// @param p           coefficients of the muscle
template <class Scalar>
Quotient<Scalar> protein_synthesis(const Scalar& rna, const Scalar& efficiency, const Scalar& massage,
                                   const Scalar& recovery, const Coefficients<Scalar>& p) {
  const Quotient<Scalar> driven = positive_factor(Scalar(massage + p.recovery_gain * recovery));
  return {rna * efficiency * driven.over, driven.under};
}

/// Fractional breakdown of incorporated protein, as a multiple of the weight-bearing rate. In an unloaded limb what
/// massage adds to synthesis is broken down as well (all of it where turnover_coupling is 1): turnover without growth.
/// @param proteolysis  as a multiple of the weight-bearing rate
/// @param added        to the flux of synthesis by massage
/// @param unloading    0 under cage load, 1 in suspension
/// @param per_pool     1 / protein there is
/// @param p            coefficients of the muscle
template <class Scalar>
Scalar protein_breakdown(const Scalar& proteolysis, const Scalar& added, const Scalar& unloading,
                         const Scalar& per_pool, const Coefficients<Scalar>& p) {
  return proteolysis + p.turnover_coupling * unloading * positive_part(added) * per_pool;
}

/// Synthesis of collagen, as a multiple of the weight-bearing flux.
template <class Scalar>
Quotient<Scalar> collagen_synthesis(const Scalar& unloading, const Scalar& memory, const Coefficients<Scalar>& p) {
  return {1.0 + p.collagen_massage_gain * memory, 1.0 + p.own_collagen_loss * unloading};
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
