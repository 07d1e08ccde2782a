#include "hindlimb/sim/animal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <vector>

#include "hindlimb/laws/parameters.hpp"

namespace hindlimb::sim {
namespace {

using laws::Parameters;
using scenario::Limb;
using scenario::Muscle;
using scenario::Pairing;
using scenario::Sex;
using scenario::Study;

/// Two arms, awkward numbers, and no random effects. Its rats have the reference body mass and are adult males, so
/// that nothing is scaled.
Study study_without_effects() {
  Study study;
  study.seed = 7;
  study.muscles = {scenario::MuscleName::soleus, scenario::MuscleName::edl};
  for (Parameters<double>& p : study.parameters) {
    p.reference_body_mass_g = 313.0;
    p.adult_age_months = 11.0;
    p.age_resistance_per_month = 0.03;
    p.female_unloading_ratio = 1.3;
    p.drive_max = 1.7;
    p.cytosolic_drive_max = 0.7;
    p.recovery_gain = 0.9;
    p.rna_recovery_gain = 0.3;
    p.postural_share = 0.7;
  }
  study.animals.body_mass_g = 313.0;
  study.animals.age_months = 7.0;
  study.animals.sex = Sex::male;
  study.animals.set_point_cv = 0.0;
  study.animals.unloading_response_cv = 0.0;
  study.animals.massage_response_cv = 0.0;
  study.arms = {{"RE", {{"reload", {}, Minutes{300}}}, {}, {}, {}},
                {"REM", {{"reload", {}, Minutes{300}}}, {}, {}, {}}};
  return study;
}

Study study_with_effects() {
  Study study = study_without_effects();
  study.animals.set_point_cv = 0.53;
  study.animals.unloading_response_cv = 0.37;
  study.animals.massage_response_cv = 0.71;
  study.animals.limb_correlation = 0.7;
  return study;
}

Parameters<double> rat_1(const Study& study, Muscle muscle = Muscle::soleus, Limb limb = Limb::left) {
  return individual_parameters(study, study.arms[0], {}, muscle, limb);
}

constexpr double Parameters<double>::*areas[] = {
    &Parameters<double>::csa_type_I_um2, &Parameters<double>::csa_type_IIa_um2, &Parameters<double>::csa_type_IIx_um2,
    &Parameters<double>::csa_type_IIb_um2};

/// Names of the parameters whose bits differ.
std::set<std::string_view> differences(const Parameters<double>& a, const Parameters<double>& b) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const auto member = laws::parameter_members<double>[i];
    if (a.*member != b.*member) names.insert(laws::parameter_table[i].name);
  }
  return names;
}

TEST(Rat, WithoutEffectsHasTheParametersOfTheStudyToTheBit) {
  const Study study = study_without_effects();
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
    for (const Limb limb : scenario::limbs) {
      const Parameters<double> p = rat_1(study, static_cast<Muscle>(muscle), limb);
      EXPECT_THAT(differences(p, study.parameters[muscle]), testing::IsEmpty());
    }
  }
}

TEST(Rat, HasMassesInProportionToBodyMassAreasWithItsTwoThirdsAndLengthsWithItsThird) {
  Study study = study_without_effects();
  study.animals.body_mass_g = 8.0 * 313.0;
  const Parameters<double>& before = study.parameters[static_cast<std::size_t>(Muscle::soleus)];
  const Parameters<double> p = rat_1(study);
  EXPECT_EQ(p.wet_mass_mg, 8.0 * before.wet_mass_mg);
  for (const auto area : areas) EXPECT_DOUBLE_EQ(p.*area, 4.0 * (before.*area));
  EXPECT_DOUBLE_EQ(p.fibre_length_mm, 2.0 * before.fibre_length_mm);
  EXPECT_THAT(differences(p, before),
              testing::UnorderedElementsAre("csa_type_I_um2", "csa_type_IIa_um2", "csa_type_IIx_um2",
                                            "csa_type_IIb_um2", "wet_mass_mg", "fibre_length_mm"));
}

TEST(Rat, RespondsLessToMassageAndReloadingBeyondAdultAge) {
  Study study = study_without_effects();
  study.animals.age_months = 11.0 + 7.0;
  const Parameters<double>& before = study.parameters[static_cast<std::size_t>(Muscle::soleus)];
  const Parameters<double> p = rat_1(study);
  const double weakening = 1.0 / (1.0 + 7.0 * before.age_resistance_per_month);
  EXPECT_DOUBLE_EQ(p.drive_max, before.drive_max * weakening);
  EXPECT_DOUBLE_EQ(p.cytosolic_drive_max, before.cytosolic_drive_max * weakening);
  EXPECT_DOUBLE_EQ(p.recovery_gain, before.recovery_gain * weakening);
  EXPECT_DOUBLE_EQ(p.rna_recovery_gain, before.rna_recovery_gain * weakening);
  EXPECT_EQ(differences(p, before).size(), 4U);
}

TEST(Rat, FeelsUnloadingDifferentlyWhenFemale) {
  Study study = study_without_effects();
  study.animals.sex = Sex::female;
  const Parameters<double>& before = study.parameters[static_cast<std::size_t>(Muscle::soleus)];
  const Parameters<double> p = rat_1(study);
  EXPECT_EQ(p.postural_share, before.postural_share * before.female_unloading_ratio);
  EXPECT_THAT(differences(p, before), testing::ElementsAre("postural_share"));
}

TEST(Rat, ScalesAreaAndMassByTheSameEffectAndTouchesNothingButSizesAndResponses) {
  const Study study = study_with_effects();
  const Parameters<double>& before = study.parameters[static_cast<std::size_t>(Muscle::soleus)];
  const Parameters<double> p = rat_1(study);
  for (const auto area : areas) EXPECT_DOUBLE_EQ(p.*area / before.*area, p.wet_mass_mg / before.wet_mass_mg);
  EXPECT_DOUBLE_EQ(p.drive_max / before.drive_max, p.cytosolic_drive_max / before.cytosolic_drive_max);
  EXPECT_THAT(differences(p, before), testing::UnorderedElementsAre(
                                          "csa_type_I_um2", "csa_type_IIa_um2", "csa_type_IIx_um2", "csa_type_IIb_um2",
                                          "wet_mass_mg", "postural_share", "drive_max", "cytosolic_drive_max"));
}

TEST(Rat, WithOneEffectOffKeepsTheOthers) {
  Study study = study_with_effects();
  const Parameters<double> all = rat_1(study);
  study.animals.unloading_response_cv = 0.0;
  EXPECT_THAT(differences(all, rat_1(study)), testing::ElementsAre("postural_share"));
}

TEST(Rat, IsAnotherOneForEveryNumberReplicateAndSeed) {
  Study study = study_with_effects();
  const auto area = [&](AnimalId animal) {
    return individual_parameters(study, study.arms[0], animal, Muscle::soleus, Limb::left).csa_type_I_um2;
  };
  std::set<double> different = {area({0, 1}), area({0, 2}), area({1, 1}), area({1, 2})};
  study.seed = 8;
  different.insert(area({0, 1}));
  EXPECT_EQ(different.size(), 5U);
}

/// 20,000 rats. The seed is fixed, so this passes always or never; tolerances are 4 standard errors of true draws.
class TwentyThousandRats : public testing::Test {
 protected:
  static constexpr std::size_t n = 20'000;
  using Parameter = double Parameters<double>::*;

  /// Logarithm of the effect on one parameter of one muscle and limb, for every rat.
  std::vector<double> log_effects(Parameter parameter, Muscle muscle, Limb limb) const {
    std::vector<double> logs(n);
    const double before = study_.parameters[static_cast<std::size_t>(muscle)].*parameter;
    for (std::size_t i = 0; i < n; ++i) {
      logs[i] = std::log(individual_parameters(study_, study_.arms[0], {0, i + 1}, muscle, limb).*parameter / before);
    }
    return logs;
  }

  static double mean(const std::vector<double>& x, const std::function<double(double)>& term) {
    double sum = 0.0;
    for (const double value : x) sum += term(value);
    return sum / static_cast<double>(x.size());
  }

  static double correlation(const std::vector<double>& x, const std::vector<double>& y) {
    const auto identity = [](double value) { return value; };
    const double mean_x = mean(x, identity);
    const double mean_y = mean(y, identity);
    double xx = 0.0, yy = 0.0, xy = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      xx += (x[i] - mean_x) * (x[i] - mean_x);
      yy += (y[i] - mean_y) * (y[i] - mean_y);
      xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    return xy / std::sqrt(xx * yy);
  }

  void expect_mean_1_and_cv(Parameter parameter, double cv) const {
    const std::vector<double> logs = log_effects(parameter, Muscle::soleus, Limb::right);
    const double root_n = std::sqrt(static_cast<double>(n));
    const double variance = std::log(1.0 + cv * cv);
    const double average = mean(logs, [](double x) { return std::exp(x); });
    const double spread = mean(logs, [&](double x) { return (x + 0.5 * variance) * (x + 0.5 * variance); });
    EXPECT_NEAR(average, 1.0, 4.0 * cv / root_n);
    EXPECT_NEAR(spread, variance, 4.0 * std::sqrt(2.0) * variance / root_n);
  }

  /// Four standard errors of a correlation r.
  static double four_errors(double r) { return 4.0 * (1.0 - r * r) / std::sqrt(static_cast<double>(n)); }

  Study study_ = study_with_effects();
};

TEST_F(TwentyThousandRats, HaveEffectsOfMeanOneAndTheStatedVariation) {
  expect_mean_1_and_cv(&Parameters<double>::csa_type_I_um2, study_.animals.set_point_cv);
  expect_mean_1_and_cv(&Parameters<double>::postural_share, study_.animals.unloading_response_cv);
  expect_mean_1_and_cv(&Parameters<double>::drive_max, study_.animals.massage_response_cv);
}

TEST_F(TwentyThousandRats, HaveLimbsAndMusclesThatAreAlikeAsStated) {
  constexpr Parameter area = &Parameters<double>::csa_type_I_um2;
  const std::vector<double> left = log_effects(area, Muscle::soleus, Limb::left);
  EXPECT_NEAR(correlation(left, log_effects(area, Muscle::soleus, Limb::right)), 0.7, four_errors(0.7));
  EXPECT_NEAR(correlation(left, log_effects(area, Muscle::edl, Limb::left)), 0.7, four_errors(0.7));
  EXPECT_NEAR(correlation(left, log_effects(area, Muscle::edl, Limb::right)), 0.7, four_errors(0.7));
}

TEST_F(TwentyThousandRats, HaveEffectsThatKnowNothingOfEachOther) {
  const std::vector<double> size = log_effects(&Parameters<double>::csa_type_I_um2, Muscle::soleus, Limb::left);
  const std::vector<double> unloading = log_effects(&Parameters<double>::postural_share, Muscle::soleus, Limb::left);
  const std::vector<double> massage = log_effects(&Parameters<double>::drive_max, Muscle::soleus, Limb::left);
  EXPECT_NEAR(correlation(size, unloading), 0.0, four_errors(0.0));
  EXPECT_NEAR(correlation(size, massage), 0.0, four_errors(0.0));
  EXPECT_NEAR(correlation(unloading, massage), 0.0, four_errors(0.0));
}

TEST(Rat, HasEqualLimbsAtFullCorrelation) {
  Study study = study_with_effects();
  study.animals.limb_correlation = 1.0;
  EXPECT_THAT(differences(rat_1(study, Muscle::edl, Limb::left), rat_1(study, Muscle::edl, Limb::right)),
              testing::IsEmpty());
}

/// Area of the first rats of an arm.
std::vector<double> areas_in(const Study& study, const std::string& arm_name) {
  const auto arm = std::ranges::find(study.arms, arm_name, &scenario::Arm::name);
  std::vector<double> result;
  for (std::uint64_t number = 1; number <= 5; ++number) {
    result.push_back(individual_parameters(study, *arm, {0, number}, Muscle::soleus, Limb::left).csa_type_I_um2);
  }
  return result;
}

TEST(CommonPairing, PutsTheSameRatsInEveryArm) {
  Study study = study_with_effects();
  study.animals.pairing = Pairing::common;
  EXPECT_EQ(areas_in(study, "RE"), areas_in(study, "REM"));
}

TEST(IndependentPairing, PutsOtherRatsInEveryArm) {
  Study study = study_with_effects();
  study.animals.pairing = Pairing::independent;
  const std::vector<double> re = areas_in(study, "RE");
  for (const double area : areas_in(study, "REM")) EXPECT_THAT(re, testing::Not(testing::Contains(area)));
}

TEST(IndependentPairing, ChangesNoRatWhenArmsAreAddedOrReordered) {
  Study study = study_with_effects();
  study.animals.pairing = Pairing::independent;
  const std::vector<double> re = areas_in(study, "RE");
  const std::vector<double> rem = areas_in(study, "REM");
  study.arms.push_back({"WB", {{"cage", {}, Minutes{300}}}, {}, {}, {}});
  std::ranges::reverse(study.arms);
  EXPECT_EQ(areas_in(study, "RE"), re);
  EXPECT_EQ(areas_in(study, "REM"), rem);
}

}  // namespace
}  // namespace hindlimb::sim
