#pragma once

#include "hindlimb/laws/turnover.hpp"

/// Translation, ribosomes and protein of a fibre: of a muscle's mean fibre, or of one among many.
namespace hindlimb::laws {

/// What acts on a fibre at one instant.
template <class Scalar>
struct FibreInput {
  Scalar load_signal;    ///< mechanosignal of the load
  Scalar load_history;   ///< load that the muscle is used to
  Scalar unloading;      ///< 1 suspended, 0 from cage load on
  Scalar readiness;      ///< to regrow
  Scalar massage_drive;  ///< of myofibrillar synthesis, before the gate
  Scalar local_drive;    ///< of cytosolic and mitochondrial synthesis, before the gate
};

/// The states of a fibre, wherever they are kept.
template <class Scalar>
struct FibreStates {
  const Scalar& efficiency;
  const Scalar& rna;
  const Scalar& rna_saved;
  const Scalar& proteolysis;
  const Scalar& myofibrillar;
  const Scalar& cytosolic;
  const Scalar& mitochondrial;
  const Scalar& myonuclei;
};

/// Fluxes are multiples of the weight-bearing flux, fractional rates multiples of the weight-bearing rate.
template <class Scalar>
struct FibreFluxes {
  Scalar deficit;                  ///< of fibre size from its set point; 0 at the set point
  Scalar gate;                     ///< perturbation gate, -1 to 1
  Scalar efficiency_target;        ///< of translation
  Scalar rna_synthesis;            ///< flux
  Scalar rna_degradation;          ///< fractional
  Scalar rna_saving;               ///< fractional degradation that massage prevents
  Scalar myofibrillar_synthesis;   ///< flux
  Scalar myofibrillar_breakdown;   ///< fractional
  Scalar cytosolic_synthesis;      ///< flux; that of mitochondrial protein too
  Scalar cytosolic_breakdown;      ///< fractional
  Scalar mitochondrial_breakdown;  ///< fractional
};

/// Time derivatives of FibreStates but for myonuclei.  [1/d]
template <class Scalar>
struct FibreRates {
  Scalar efficiency;
  Scalar rna;
  Scalar rna_saved;
  Scalar proteolysis;
  Scalar myofibrillar;
  Scalar cytosolic;
  Scalar mitochondrial;
};

/// Deficit of fibre size: 0 exactly, not only nearly, while all pools are at their set point.
template <class Scalar>
Scalar size_deficit(const FibreStates<Scalar>& y, const Coefficients<Scalar>& p) {
  return p.myofibrillar_fraction * (1.0 - y.myofibrillar) + p.cytosolic_fraction * (1.0 - y.cytosolic) +
         p.mitochondrial_fraction * (1.0 - y.mitochondrial);
}

template <class Scalar>
FibreFluxes<Scalar> fibre_fluxes(const FibreStates<Scalar>& y, const FibreInput<Scalar>& input,
                                 const Coefficients<Scalar>& p) {
  FibreFluxes<Scalar> s;
  const auto [target, per_myofibrillar, per_cytosolic, per_mitochondrial] = together(
      efficiency_target(input.unloading, p), inverse(y.myofibrillar), inverse(y.cytosolic), inverse(y.mitochondrial));
  s.efficiency_target = target;
  s.deficit = size_deficit(y, p);
  const auto [opening, recovery] =
      together(gate(s.deficit, p), recovery_drive(input.load_signal, input.readiness, s.deficit, p));
  s.gate = opening;
  const auto synthesis = [&, &recovery = recovery](const Scalar& rna, const Scalar& massage) {
    return protein_synthesis(rna, y.efficiency, massage, recovery, p);
  };
  const auto [of_rna, without, of_myofibrillar, of_cytosolic] = together(
      rna_synthesis(input.unloading, recovery, y.myonuclei, p), synthesis(Scalar(y.rna - y.rna_saved), Scalar(0.0)),
      synthesis(y.rna, Scalar(s.gate * input.massage_drive)), synthesis(y.rna, Scalar(s.gate * input.local_drive)));
  s.rna_synthesis = of_rna;
  const Scalar pulse = rna_pulse(input.load_signal, input.load_history, p);
  const Scalar attenuated = attenuated_pulse(pulse, input.massage_drive, p);
  s.rna_degradation = 1.0 + attenuated;
  s.rna_saving = pulse - attenuated;
  s.myofibrillar_synthesis = of_myofibrillar;
  s.cytosolic_synthesis = of_cytosolic;
  const auto breakdown = [&, &without = without](const Scalar& flux, const Scalar& per_pool) {
    return protein_breakdown(y.proteolysis, Scalar(flux - without), input.unloading, per_pool, p);
  };
  s.myofibrillar_breakdown = breakdown(s.myofibrillar_synthesis, per_myofibrillar);
  s.cytosolic_breakdown = breakdown(s.cytosolic_synthesis, per_cytosolic);
  s.mitochondrial_breakdown = breakdown(s.cytosolic_synthesis, per_mitochondrial);
  return s;
}

template <class Scalar>
FibreRates<Scalar> fibre_rates(const FibreStates<Scalar>& y, const FibreInput<Scalar>& input,
                               const FibreFluxes<Scalar>& s, const Coefficients<Scalar>& p) {
  return {
      .efficiency = (s.efficiency_target - y.efficiency) * p.efficiency_per_d,
      .rna = p.rna_turnover_per_d * (s.rna_synthesis - s.rna_degradation * y.rna),
      .rna_saved = p.rna_turnover_per_d * (s.rna_saving * (y.rna - y.rna_saved) - s.rna_degradation * y.rna_saved),
      .proteolysis = (proteolysis_target(input.unloading, input.load_history, p) - y.proteolysis) * p.proteolysis_per_d,
      .myofibrillar =
          p.myofibrillar_turnover_per_d * (s.myofibrillar_synthesis - s.myofibrillar_breakdown * y.myofibrillar),
      .cytosolic = p.cytosolic_turnover_per_d * (s.cytosolic_synthesis - s.cytosolic_breakdown * y.cytosolic),
      .mitochondrial =
          p.mitochondrial_turnover_per_d * (s.cytosolic_synthesis - s.mitochondrial_breakdown * y.mitochondrial)};
}

}  // namespace hindlimb::laws
