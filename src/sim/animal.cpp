#include "hindlimb/sim/animal.hpp"

#include <algorithm>
#include <cmath>

#include "hindlimb/core/math.hpp"
#include "hindlimb/core/random.hpp"

namespace hindlimb::sim {
namespace {

using laws::Parameters;
using random::Purpose;
using scenario::Study;

constexpr std::uint64_t whole_animal = 0;

/// Leaves 32 bits for agents within a muscle of a limb.
std::uint64_t place_of(scenario::Muscle muscle, scenario::Limb limb) {
  return ((static_cast<std::uint64_t>(muscle) + 1) << 40) | (static_cast<std::uint64_t>(limb) << 32);
}

/// The rat behind a number: with independent pairing another one in every arm, whatever the order of the arms.
std::uint64_t rat(const Study& study, const scenario::Arm& arm, AnimalId animal) {
  const bool is_common = study.animals.pairing == scenario::Pairing::common;
  return animal.number + (is_common ? 0 : random::hash_name(arm.name));
}

class Effects {
 public:
  Effects(const Study& study, std::uint64_t replicate, std::uint64_t rat, std::uint64_t place)
      : study_(study), replicate_(replicate), rat_(rat), place_(place) {}

  double operator()(Purpose purpose, double cv) const {
    if (cv == 0.0) return 1.0;
    const double shared = study_.animals.limb_correlation;
    const double variance = math::log(1.0 + cv * cv);
    const double z = std::sqrt(shared) * draw(purpose, whole_animal) + std::sqrt(1.0 - shared) * draw(purpose, place_);
    return math::exp(std::sqrt(variance) * z - 0.5 * variance);
  }

 private:
  double draw(Purpose purpose, std::uint64_t place) const {
    return random::normal({static_cast<std::uint64_t>(study_.seed), purpose}, {replicate_, rat_, place, 0});
  }

  const Study& study_;
  std::uint64_t replicate_;
  std::uint64_t rat_;
  std::uint64_t place_;
};

void scale_areas(Parameters<double>& p, double factor) {
  p.csa_type_I_um2 *= factor;
  p.csa_type_IIa_um2 *= factor;
  p.csa_type_IIx_um2 *= factor;
  p.csa_type_IIb_um2 *= factor;
}

/// Geometric similarity: masses go with body mass, areas with its 2/3 power, lengths with its 1/3 power.
void scale_to_body_mass(Parameters<double>& p, double body_mass_g) {
  const double ratio = body_mass_g / p.reference_body_mass_g;
  const double length = math::pow(ratio, 1.0 / 3.0);
  p.wet_mass_mg *= ratio;
  scale_areas(p, length * length);
  p.fibre_length_mm *= length;
}

void scale_to_age_and_sex(Parameters<double>& p, const scenario::Animals& animals) {
  const double months = std::max(0.0, animals.age_months - p.adult_age_months);
  const double anabolic_response = 1.0 / (1.0 + p.age_resistance_per_month * months);
  p.drive_max *= anabolic_response;
  p.cytosolic_drive_max *= anabolic_response;
  p.recovery_gain *= anabolic_response;
  p.rna_recovery_gain *= anabolic_response;
  if (animals.sex == scenario::Sex::female) p.postural_share *= p.female_unloading_ratio;
}

}  // namespace

Parameters<double> individual_parameters(const Study& study, const scenario::Arm& arm, AnimalId animal,
                                         scenario::Muscle muscle, scenario::Limb limb) {
  const scenario::Animals& animals = study.animals;
  Parameters<double> p = study.parameters[static_cast<std::size_t>(muscle)];
  scale_to_body_mass(p, animals.body_mass_g);
  scale_to_age_and_sex(p, animals);

  const Effects effect(study, animal.replicate, rat(study, arm, animal), place_of(muscle, limb));
  const double size = effect(Purpose::set_point, animals.set_point_cv);
  scale_areas(p, size);
  p.wet_mass_mg *= size;
  p.postural_share *= effect(Purpose::unloading_response, animals.unloading_response_cv);
  const double massage_response = effect(Purpose::massage_response, animals.massage_response_cv);
  p.drive_max *= massage_response;
  p.cytosolic_drive_max *= massage_response;
  return p;
}

}  // namespace hindlimb::sim
