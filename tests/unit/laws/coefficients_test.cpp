#include "hindlimb/laws/coefficients.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "unit/laws/draws.hpp"
#include "unit/laws/dual.hpp"

namespace hindlimb::laws {
namespace {

/// Shares of the section that the fibres of each type take.
ByType<double> area_shares(const Coefficients<double>& c) {
  ByType<double> shares;
  for (std::size_t i = 0; i < n_fibre_types; ++i) shares[i] = c.type_fraction[i] * c.type_csa_um2[i] / c.csa_um2;
  return shares;
}

/// A muscle of which the slow fibres take a quarter of the section, and which has no type IIx.
Parameters<double> quarter_slow() {
  Parameters<double> p = default_parameters(Muscle::plantaris);
  p.fraction_type_I = 0.6;  // shares of a sum of 2
  p.fraction_type_IIa = 0.4;
  p.fraction_type_IIx = 0.0;
  p.fraction_type_IIb = 1.0;
  p.csa_type_I_um2 = 1000.0;
  p.csa_type_IIa_um2 = 2000.0;
  p.csa_type_IIb_um2 = 1000.0;
  return p;
}

TEST(Coefficients, KeepEveryParameter) {
  const Parameters<double> p = default_parameters(Muscle::edl);
  const Coefficients<double> c = coefficients(p);
  for (const auto member : parameter_members<double>) EXPECT_EQ(c.*member, p.*member);
}

TEST(TypeFractions, AreScaledToASumOfOne) {
  EXPECT_THAT(coefficients(quarter_slow()).type_fraction, testing::ElementsAre(0.3, 0.2, 0.0, 0.5));
  Draws draw(1);
  for (int set = 0; set < 1000; ++set) {
    const ByType<double> fractions = coefficients(random_parameters(draw)).type_fraction;
    EXPECT_NEAR(std::accumulate(fractions.begin(), fractions.end(), 0.0), 1.0, 4e-16);  // four rounded quotients
  }
}

TEST(MeanArea, IsThatOfTheFibres) {
  EXPECT_DOUBLE_EQ(coefficients(quarter_slow()).csa_um2, 0.3 * 1000.0 + 0.2 * 2000.0 + 0.5 * 1000.0);
}

TEST(MeanArea, DoesNotDependOnTheScaleOfTheShares) {
  Parameters<double> p = default_parameters(Muscle::gastrocnemius_lateral);
  const double csa_um2 = coefficients(p).csa_um2;
  for (double* share : {&p.fraction_type_I, &p.fraction_type_IIa, &p.fraction_type_IIx, &p.fraction_type_IIb})
    *share *= 0.3;
  EXPECT_DOUBLE_EQ(coefficients(p).csa_um2, csa_um2);
}

TEST(Turnover, IsThatOfSlowAndFastFibresByTheAreaTheyTake) {
  Parameters<double> p = quarter_slow();
  p.slow_turnover_per_d = 0.07;
  p.fast_turnover_per_d = 0.03;
  p.cytosolic_turnover_ratio = 1.3;
  p.mitochondrial_turnover_ratio = 1.7;
  const Coefficients<double> c = coefficients(p);
  EXPECT_DOUBLE_EQ(c.myofibrillar_turnover_per_d, 0.25 * 0.07 + 0.75 * 0.03);
  EXPECT_DOUBLE_EQ(c.cytosolic_turnover_per_d, 1.3 * c.myofibrillar_turnover_per_d);
  EXPECT_DOUBLE_EQ(c.mitochondrial_turnover_per_d, 1.7 * c.myofibrillar_turnover_per_d);
}

TEST(TypeSensitivity, HasAMeanOfOneByTheAreaThatATypeTakes) {
  Draws draw(2);
  for (int set = 0; set < 1000; ++set) {
    const Coefficients<double> c = coefficients(random_parameters(draw));
    const ByType<double> shares = area_shares(c);
    const double mean = std::inner_product(shares.begin(), shares.end(), c.type_sensitivity.begin(), 0.0);
    EXPECT_NEAR(mean, 1.0, 2e-15);  // about ten rounded operations
  }
}

TEST(TypeSensitivity, OfSlowFibresIsAMultipleOfThatOfAllFastOnes) {
  Parameters<double> p = quarter_slow();
  p.slow_sensitivity = 1.3;
  const Coefficients<double> c = coefficients(p);
  EXPECT_DOUBLE_EQ(c.type_sensitivity[0], 1.3 * c.type_sensitivity[1]);
  EXPECT_EQ(c.type_sensitivity[1], c.type_sensitivity[2]);
  EXPECT_EQ(c.type_sensitivity[1], c.type_sensitivity[3]);
}

TEST(UnloadingSensitivity, IsThePosturalShareTimesTheMeanOfTheTypes) {
  Parameters<double> p = quarter_slow();
  p.slow_sensitivity = 1.4;
  p.postural_share = 0.7;
  EXPECT_DOUBLE_EQ(coefficients(p).unloading_sensitivity, 0.7 * (0.25 * 1.4 + 0.75));
}

TEST(MuscleOfOneType, HasTheNumbersOfThatType) {
  Parameters<double> p = default_parameters(Muscle::soleus);
  p.fraction_type_I = 0.0;
  p.fraction_type_IIa = 0.0;
  p.fraction_type_IIb = 0.3;
  p.csa_type_IIb_um2 = 3100.0;
  p.postural_share = 0.7;
  const Coefficients<double> fast = coefficients(p);
  EXPECT_EQ(fast.csa_um2, 3100.0);
  EXPECT_EQ(fast.myofibrillar_turnover_per_d, p.fast_turnover_per_d);
  EXPECT_EQ(fast.type_sensitivity[3], 1.0);
  EXPECT_EQ(fast.unloading_sensitivity, 0.7);

  p.fraction_type_I = 0.3;
  p.fraction_type_IIb = 0.0;
  const Coefficients<double> slow = coefficients(p);
  EXPECT_DOUBLE_EQ(slow.myofibrillar_turnover_per_d, p.slow_turnover_per_d);
  EXPECT_EQ(slow.type_sensitivity[0], 1.0);
  EXPECT_DOUBLE_EQ(slow.unloading_sensitivity, 0.7 * p.slow_sensitivity);
}

TEST(EveryMuscle, HasAMeanAreaBetweenThoseOfItsTypes) {
  for (std::size_t muscle = 0; muscle < n_muscles; ++muscle) {
    const Coefficients<double> c = coefficients(default_parameters(Muscle{muscle}));
    EXPECT_GT(c.csa_um2, *std::ranges::min_element(c.type_csa_um2)) << muscle_names[muscle];
    EXPECT_LT(c.csa_um2, *std::ranges::max_element(c.type_csa_um2)) << muscle_names[muscle];
  }
}

TEST(Coefficients, DifferentiateByEveryParameter) {
  const Parameters<double> p = default_parameters(Muscle::plantaris);
  const auto varied = [&](std::size_t parameter, Dual x) {
    Parameters<Dual> q = in_dual_numbers(p);
    q.*parameter_members<Dual>[parameter] = x * p.*parameter_members<double>[parameter];
    return coefficients(q);
  };
  for (std::size_t i = 0; i < n_parameters; ++i) {
    SCOPED_TRACE(parameter_table[i].name);
    expect_differentiates([&](Dual x) { return varied(i, x).csa_um2 * 1e-3; }, 1.0);
    expect_differentiates([&](Dual x) { return varied(i, x).unloading_sensitivity; }, 1.0);
    expect_differentiates([&](Dual x) { return varied(i, x).myofibrillar_turnover_per_d; }, 1.0);
    expect_differentiates([&](Dual x) { return varied(i, x).mitochondrial_turnover_per_d; }, 1.0);
    for (std::size_t type = 0; type < n_fibre_types; ++type) {
      expect_differentiates([&](Dual x) { return varied(i, x).type_sensitivity[type]; }, 1.0);
      expect_differentiates([&](Dual x) { return varied(i, x).type_fraction[type]; }, 1.0);
    }
  }
}

}  // namespace
}  // namespace hindlimb::laws
