#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "hindlimb/scenario/build.hpp"

/// Studies that nobody would think of, the same ones on every machine.
namespace hindlimb::invariants {

/// Draws by the engine alone: the distributions of the standard library differ between libraries.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  Minutes minutes(std::int64_t low, std::int64_t high) { return Minutes{whole(low, high)}; }

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[whole(0, static_cast<std::int64_t>(values.size()) - 1)];
  }

 private:
  std::mt19937_64 engine_;
};

/// Inside the bounds, at times on them.
inline double random_value(Dice& dice, const laws::ParameterInfo& info) {
  return dice.one_of({info.low, info.high, dice.uniform(info.low, info.high), dice.uniform(info.low, info.high),
                      dice.uniform(info.low, info.high), dice.uniform(info.low, info.high)});
}

/// Some parameters anywhere within their bounds, the others as they are. Routes are as often closed as open.
inline scenario::ParameterSet random_parameters(Dice& dice, double share) {
  scenario::ParameterSet set = scenario::default_parameter_set();
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    const auto member = laws::parameter_members<double>[i];
    if (!dice.chance(share)) continue;
    const double value = random_value(dice, info);
    for (laws::Parameters<double>& p : set) p.*member = info.per_muscle ? random_value(dice, info) : value;
  }
  for (laws::Parameters<double>& p : set) {
    if (p.fraction_type_I + p.fraction_type_IIa + p.fraction_type_IIx + p.fraction_type_IIb == 0.0)
      p.fraction_type_IIa = 0.3;
  }
  for (const auto gain :
       {&laws::Parameters<double>::humoral_gain, &laws::Parameters<double>::neural_gain,
        &laws::Parameters<double>::behavioural_gain, &laws::Parameters<double>::cross_education_gain}) {
    if (!dice.chance(0.5)) continue;
    for (laws::Parameters<double>& p : set) p.*gain = 0.0;
  }
  return set;
}

inline std::vector<scenario::MuscleName> random_muscles(Dice& dice) {
  std::vector<scenario::MuscleName> muscles;
  for (std::size_t i = scenario::muscle_names.size(); i-- > 0;) {
    if (dice.chance(0.3)) muscles.push_back(scenario::MuscleName{i});
  }
  if (muscles.empty()) muscles.push_back(scenario::MuscleName::soleus);
  return muscles;
}

inline scenario::Animals random_animals(Dice& dice) {
  const auto cv = [&] { return dice.one_of({0.0, dice.uniform(0.0, 0.2), dice.uniform(0.0, 1.0)}); };
  scenario::Animals animals;
  animals.per_arm = dice.whole(1, 2);
  animals.pairing = dice.one_of({scenario::Pairing::common, scenario::Pairing::independent});
  animals.sex = dice.one_of({scenario::Sex::male, scenario::Sex::female});
  animals.age_months = dice.uniform(1.0, 40.0);
  animals.body_mass_g = dice.uniform(50.0, 1000.0);
  animals.set_point_cv = cv();
  animals.unloading_response_cv = cv();
  animals.massage_response_cv = cv();
  animals.limb_correlation = dice.one_of({0.0, 1.0, dice.uniform(0.0, 1.0)});
  return animals;
}

inline scenario::Load random_load(Dice& dice) {
  const auto one = [&] { return dice.one_of({0.0, 1.0, dice.uniform(0.0, 2.0)}); };
  const double left = one();
  return {{left, dice.chance(0.5) ? left : one()}};
}

inline scenario::Arm random_arm(Dice& dice, std::string name) {
  scenario::Arm arm;
  arm.name = std::move(name);
  for (std::int64_t i = dice.whole(1, 3); i > 0; --i) {
    arm.phases.push_back({"phase_" + std::to_string(i), random_load(dice), dice.minutes(1, 6000)});
  }
  return arm;
}

inline scenario::Massage random_massage(Dice& dice, const scenario::Study& study, const scenario::Arm& arm) {
  scenario::Massage massage;
  massage.limb = dice.one_of({scenario::LimbChoice::left, scenario::LimbChoice::right, scenario::LimbChoice::both});
  if (dice.chance(0.5))
    massage.muscles = {study.muscles[static_cast<std::size_t>(dice.whole(0, std::ssize(study.muscles) - 1))]};
  massage.phase = arm.phases[static_cast<std::size_t>(dice.whole(0, std::ssize(arm.phases) - 1))].name;
  massage.force_N = dice.one_of({4.5, dice.uniform(0.0, 10.0), dice.uniform(0.0, 100.0)});
  massage.frequency_Hz = dice.one_of({0.5, dice.uniform(0.0, 2.0), dice.uniform(0.0, 100.0)});
  massage.bout = dice.one_of({Minutes{30}, dice.minutes(0, 60), dice.minutes(0, 1440)});
  massage.first = dice.one_of({Minutes{0}, dice.minutes(0, 3000)});
  massage.every = dice.one_of({Minutes{2880}, dice.minutes(1, 3000)});
  massage.bouts = dice.whole(0, 4);
  return massage;
}

inline scenario::Training random_training(Dice& dice, const scenario::Arm& arm) {
  scenario::Training training;
  training.limb = dice.one_of({scenario::LimbChoice::left, scenario::LimbChoice::right, scenario::LimbChoice::both});
  training.phase = arm.phases[static_cast<std::size_t>(dice.whole(0, std::ssize(arm.phases) - 1))].name;
  training.load = dice.one_of({1.5, dice.uniform(0.0, 2.0)});
  training.session = dice.one_of({Minutes{30}, dice.minutes(0, 60), dice.minutes(0, 1440)});
  training.first = dice.one_of({Minutes{0}, dice.minutes(0, 3000)});
  training.every = dice.one_of({Minutes{2880}, dice.minutes(1, 3000)});
  training.sessions = dice.whole(0, 4);
  return training;
}

inline scenario::Label random_label(Dice& dice, const scenario::Arm& arm) {
  scenario::Label label;
  if (dice.chance(0.5))
    label.phase = arm.phases[static_cast<std::size_t>(dice.whole(0, std::ssize(arm.phases) - 1))].name;
  label.first = dice.minutes(0, 3000);
  return label;
}

/// A valid study; equal numbers give equal studies. Massages, trainings and labels that do not fit are left out.
inline scenario::Study random_study(std::uint64_t number) {
  Dice dice(number);
  scenario::Study study;
  study.title = "Random study " + std::to_string(number);
  study.seed = dice.whole(0, 1'000'000'000'000);
  study.muscles = random_muscles(dice);
  study.animals = random_animals(dice);
  for (std::int64_t i = dice.whole(1, 3); i > 0; --i)
    study.arms.push_back(random_arm(dice, "arm_" + std::to_string(i)));
  study.parameters = random_parameters(dice, dice.one_of({0.0, 0.3, 1.0}));
  study.solver.rtol = std::pow(10.0, dice.uniform(-8.0, -4.0));
  study.solver.atol = 0.01 * study.solver.rtol;
  study.record.every = dice.minutes(100, 3000);

  for (scenario::Arm& arm : study.arms) {
    for (std::int64_t i = dice.whole(0, 9); i > 0; --i) {
      arm.massages.push_back(random_massage(dice, study, arm));
      if (!scenario::find_problems(study).empty() || arm.massages.size() > 3) arm.massages.pop_back();
    }
    for (std::int64_t i = dice.whole(0, 9); i > 0; --i) {
      arm.trainings.push_back(random_training(dice, arm));
      if (!scenario::find_problems(study).empty() || arm.trainings.size() > 2) arm.trainings.pop_back();
    }
    arm.label = random_label(dice, arm);
    if (!scenario::find_problems(study).empty()) arm.label = {};
  }
  scenario::Arm& open = study.arms.back();
  const auto closed = open.phases.back().duration;
  open.phases.back().duration.reset();
  if (!dice.chance(0.3) || !scenario::find_problems(study).empty()) open.phases.back().duration = closed;
  return study;
}

}  // namespace hindlimb::invariants
