#include "hindlimb/sim/animal.hpp"

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

}  // namespace

Parameters<double> individual_parameters(const Study& study, const scenario::Arm& arm, AnimalId animal,
                                         scenario::Muscle muscle, scenario::Limb limb) {
  const scenario::Animals& animals = study.animals;
  Parameters<double> p = study.parameters[static_cast<std::size_t>(muscle)];
  scale_to_animals(p, animals);

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

agents::Luck section_luck(const Study& study, const scenario::Arm& arm, AnimalId animal, scenario::Muscle muscle,
                          scenario::Limb limb) {
  return {.seed = static_cast<std::uint64_t>(study.seed),
          .replicate = animal.replicate,
          .animal = rat(study, arm, animal),
          .place = place_of(muscle, limb)};
}

}  // namespace hindlimb::sim
