#pragma once

#include <algorithm>
#include <cstdint>

#include "hindlimb/agents/tissue.hpp"
#include "hindlimb/core/math.hpp"
#include "hindlimb/ode/dopri5.hpp"
#include "hindlimb/scenario/study.hpp"

namespace hindlimb::sim {

/// Scales the areas of all fibre types.
template <class Scalar>
void scale_areas(laws::Parameters<Scalar>& p, double factor) {
  for (Scalar* area : {&p.csa_type_I_um2, &p.csa_type_IIa_um2, &p.csa_type_IIx_um2, &p.csa_type_IIb_um2}) {
    *area *= factor;
  }
}

/// One rat of an arm.
struct AnimalId {
  std::uint64_t replicate = 0;
  std::uint64_t number = 1;  ///< 1, 2, ... within the arm
};

/// Scales the parameters of one muscle to the body mass, age and sex of a study's rats, random effects aside.
///
/// Geometric similarity: masses go with body mass, areas with its 2/3 power, lengths with its 1/3 power.
template <class Scalar>
void scale_to_animals(laws::Parameters<Scalar>& p, const scenario::Animals& animals) {
  const double ratio = animals.body_mass_g / ode::value_of(p.reference_body_mass_g);
  const double length = math::pow(ratio, 1.0 / 3.0);
  p.wet_mass_mg *= ratio;
  p.fibre_length_mm *= length;
  scale_areas(p, length * length);
  const double months = std::max(0.0, animals.age_months - ode::value_of(p.adult_age_months));
  const Scalar anabolic_response = 1.0 / (1.0 + p.age_resistance_per_month * months);
  for (Scalar* gain : {&p.drive_max, &p.cytosolic_drive_max, &p.recovery_gain, &p.rna_recovery_gain}) {
    *gain *= anabolic_response;
  }
  if (animals.sex == scenario::Sex::female) p.postural_share *= p.female_unloading_ratio;
}

/// The parameters of one muscle of one limb of one rat: the study's, scaled to its body mass, age and sex, and by its
/// own random effects on the set point of size and on the responses to unloading and to massage.
///
/// Effects are log-normal with mean 1. In the logarithm, a share limb_correlation of the variance belongs to the rat
/// and the rest to each of its muscles; a coefficient of variation of 0 leaves the parameter as it is to the bit.
/// Weight bearing is a fixed point whatever the draws, since effects scale the set point and never the distance to it.
laws::Parameters<double> individual_parameters(const scenario::Study& study, const scenario::Arm& arm, AnimalId animal,
                                               scenario::Muscle muscle, scenario::Limb limb);

/// Where the chance of a section of that muscle comes from.
agents::Luck section_luck(const scenario::Study& study, const scenario::Arm& arm, AnimalId animal,
                          scenario::Muscle muscle, scenario::Limb limb);

}  // namespace hindlimb::sim
