#pragma once

#include <cstdint>

#include "hindlimb/scenario/study.hpp"

namespace hindlimb::sim {

/// One rat of an arm.
struct AnimalId {
  std::uint64_t replicate = 0;
  std::uint64_t number = 1;  ///< 1, 2, ... within the arm
};

/// The parameters of one muscle of one limb of one rat: the study's, scaled to its body mass, age and sex, and by its
/// own random effects on the set point of size and on the responses to unloading and to massage.
///
/// Effects are log-normal with mean 1. In the logarithm, a share limb_correlation of the variance belongs to the rat
/// and the rest to each of its muscles; a coefficient of variation of 0 leaves the parameter as it is to the bit.
/// Weight bearing is a fixed point whatever the draws, since effects scale the set point and never the distance to it.
laws::Parameters<double> individual_parameters(const scenario::Study& study, const scenario::Arm& arm, AnimalId animal,
                                               scenario::Muscle muscle, scenario::Limb limb);

}  // namespace hindlimb::sim
