#include "hindlimb/laws/turnover.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/laws/dual.hpp"

namespace hindlimb::laws {
namespace {

/// Soleus with a sensitivity of 1.2, not 1.
Coefficients<double> sensitive_soleus() {
  Parameters<double> soleus = default_parameters(Muscle::soleus);
  soleus.postural_share = 1.2;
  soleus.slow_sensitivity = 1.0;
  return coefficients(soleus);
}
const Coefficients<double> p = sensitive_soleus();

Coefficients<Dual> soleus_in_dual_numbers() {
  return coefficients(in_dual_numbers(static_cast<const Parameters<double>&>(p)));
}

TEST(PositiveFactor, IsPositiveEverywhereAndOneAtZero) {
  EXPECT_EQ(positive_factor(0.0), 1.0);
  EXPECT_DOUBLE_EQ(positive_factor(0.3), 1.3);
  EXPECT_DOUBLE_EQ(positive_factor(-0.25), 0.8);
  EXPECT_GT(positive_factor(-1e9), 0.0);
}

TEST(PositiveFactor, HasSlopeOneOnBothSidesOfZero) {
  EXPECT_EQ(Dual(positive_factor(Dual(0.0, 1.0))).slope, 1.0);
  EXPECT_NEAR((positive_factor(1e-6) - 1.0) / 1e-6, 1.0, 1e-5);
  EXPECT_NEAR((1.0 - positive_factor(-1e-6)) / 1e-6, 1.0, 1e-5);
}

TEST(Together, GivesEachQuotientAsIfItHadBeenDividedAlone) {
  const auto [third, half] = together<double>({1.0, 3.0}, {0.7, 1.4});
  EXPECT_DOUBLE_EQ(third, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(half, 0.5);
  const auto [a, b, c, d] = together<double>({0.3, 7.0}, {-0.2, 1e-6}, {5.0, 0.01}, {0.0, 1e3});
  EXPECT_DOUBLE_EQ(a, 0.3 / 7.0);
  EXPECT_DOUBLE_EQ(b, -0.2 / 1e-6);
  EXPECT_DOUBLE_EQ(c, 500.0);
  EXPECT_EQ(d, 0.0);
}

TEST(Together, IsExactWhereNothingIsToBeDivided) {
  const auto [a, b, c, d] = together<double>({0.3, 1.0}, {7.0, 1.0}, {-0.2, 1.0}, {1e-9, 1.0});
  EXPECT_EQ(a, 0.3);
  EXPECT_EQ(b, 7.0);
  EXPECT_EQ(c, -0.2);
  EXPECT_EQ(d, 1e-9);
}

TEST(PositivePart, IsZeroBelowZero) {
  EXPECT_EQ(positive_part(-7.0), 0.0);
  EXPECT_EQ(positive_part(0.3), 0.3);
}

TEST(Unloading, IsOneSuspendedAndZeroFromCageLoadOn) {
  EXPECT_EQ(unloading(0.0), 1.0);
  EXPECT_DOUBLE_EQ(unloading(0.7), 0.3);
  EXPECT_EQ(unloading(1.0), 0.0);
  EXPECT_EQ(unloading(1.7), 0.0);
}

TEST(Gate, IsClosedAtTheSetPoint) { EXPECT_EQ(gate(0.0, p), 0.0); }

TEST(Gate, IsHalfOpenAtItsHalfDeficit) { EXPECT_DOUBLE_EQ(gate(p.gate_half_deficit, p), 0.5); }

TEST(Gate, IsOdd) {
  for (const double deficit : {1e-9, 0.03, 0.3, 7.0}) EXPECT_EQ(gate(-deficit, p), -gate(deficit, p));
}

TEST(Gate, RisesFromMinusOneToOne) {
  double last = -1.0;
  for (double deficit = -0.73; deficit < 0.9; deficit += 0.011) {
    EXPECT_GT(gate(deficit, p), last);
    last = gate(deficit, p);
  }
  EXPECT_NEAR(gate(100.0, p), 1.0, 1e-9);
  EXPECT_NEAR(gate(-100.0, p), -1.0, 1e-9);
}

TEST(Gate, HasNoKinkAtTheSetPoint) {
  const Coefficients<Dual> q = soleus_in_dual_numbers();
  EXPECT_EQ(Dual(gate(Dual(0.0, 1.0), q)).slope, 0.0);
  for (const double deficit : {1e-4, -1e-4}) EXPECT_NEAR(Dual(gate(Dual(deficit, 1.0), q)).slope, 0.0, 1e-6);
}

TEST(MassageDrive, IsZeroWithoutASignalAndSaturatesAtItsLargest) {
  EXPECT_EQ(massage_drive(0.0, 0.0, 0.0, 0.0, p), 0.0);
  EXPECT_NEAR(massage_drive(1e12, 0.0, 0.0, 0.0, p), p.drive_max, 1e-9);
}

TEST(MassageDrive, AddsWhatCrossedOverToTheWeightedMemoryAndPerfusion) {
  const double signal = p.local_gain * 0.7 + 0.9 + 0.3 + 0.11;
  EXPECT_DOUBLE_EQ(massage_drive(0.7, 0.9, 0.3, 0.11, p), p.drive_max * signal / (1.0 + signal));
}

TEST(CytosolicDrive, KnowsWhatMassageLeftInTheMuscleItselfAndNothingElse) {
  EXPECT_EQ(cytosolic_drive(0.0, 0.0, p), 0.0);
  EXPECT_DOUBLE_EQ(cytosolic_drive(3.0, 0.0, p), 0.75 * p.cytosolic_drive_max);
  EXPECT_DOUBLE_EQ(cytosolic_drive(1.8, 1.2, p), 0.75 * p.cytosolic_drive_max);
}

TEST(EfficiencyTarget, IsOneUnderLoadAndFallsAsItsParameterSays) {
  EXPECT_EQ(efficiency_target(0.0, p), 1.0);
  EXPECT_DOUBLE_EQ(efficiency_target(1.0, p), 1.0 / (1.0 + 1.2 * p.efficiency_loss));
}

TEST(RnaSynthesis, IsOneAtWeightBearing) { EXPECT_EQ(rna_synthesis(0.0, 0.0, 1.0, p), 1.0); }

TEST(RnaSynthesis, FallsWithUnloadingAndRisesWithRecoveryAndMyonuclei) {
  EXPECT_DOUBLE_EQ(rna_synthesis(0.7, 0.0, 1.0, p), 1.0 / (1.0 + 0.7 * 1.2 * p.rna_synthesis_loss));
  EXPECT_DOUBLE_EQ(rna_synthesis(0.0, 0.3, 1.0, p), 1.0 + 0.3 * p.rna_recovery_gain);
  EXPECT_DOUBLE_EQ(rna_synthesis(0.0, 0.0, 1.3, p), 1.0 + 0.3 * p.myonuclear_gain);
}

TEST(RnaPulse, IsNothingWhileTheLoadIsNotBelowTheHabit) {
  EXPECT_EQ(rna_pulse(1.0, 1.0, p), 0.0);
  EXPECT_EQ(rna_pulse(1.3, 0.7, p), 0.0);
}

TEST(RnaPulse, IsTheSquaredDropThatMassageAttenuates) {
  EXPECT_DOUBLE_EQ(rna_pulse(0.3, 1.0, p), 0.49 * 1.2 * p.rna_pulse_gain);
  EXPECT_DOUBLE_EQ(attenuated_pulse(0.5, 0.7, p), 0.5 / (1.0 + 0.7 * p.rna_rescue));
  EXPECT_EQ(attenuated_pulse(0.5, 0.0, p), 0.5);
}

TEST(ProteolysisTarget, IsOneUnderLoadWhateverTheHabit) {
  EXPECT_EQ(proteolysis_target(0.0, 1.0, p), 1.0);
  EXPECT_EQ(proteolysis_target(0.0, 0.3, p), 1.0);
}

TEST(ProteolysisTarget, RisesWithUnloadingAndLessOnceItIsHabit) {
  EXPECT_DOUBLE_EQ(proteolysis_target(0.7, 1.0, p), 1.0 + 0.7 * 1.2 * p.proteolysis_gain);
  EXPECT_DOUBLE_EQ(proteolysis_target(0.7, 0.0, p),
                   1.0 + 0.7 * 1.2 * p.proteolysis_gain * (1.0 - p.proteolysis_adaptation));
}

TEST(ProteinSynthesis, IsOneAtWeightBearing) { EXPECT_EQ(protein_synthesis(1.0, 1.0, -0.0, 0.0, p), 1.0); }

TEST(ProteinSynthesis, IsRibosomesTimesEfficiencyTimesDrives) {
  EXPECT_DOUBLE_EQ(protein_synthesis(0.7, 0.3, 0.66, 0.2, p), 0.7 * 0.3 * (1.66 + 0.2 * p.recovery_gain));
}

TEST(ProteinSynthesis, StaysPositiveFarAboveTheSetPoint) { EXPECT_GT(protein_synthesis(0.7, 0.3, -5.0, -1.0, p), 0.0); }

TEST(ProteinBreakdown, IsOneAtWeightBearingAndFollowsProteolysis) {
  EXPECT_EQ(protein_breakdown(1.0, 0.0, 0.0, 1.0, p), 1.0);
  EXPECT_EQ(protein_breakdown(1.3, 0.0, 1.0, 1.25, p), 1.3);
}

TEST(ProteinBreakdown, IsNotTouchedByMassageUnderLoadNorByAMassageThatSlows) {
  EXPECT_EQ(protein_breakdown(1.3, 0.4, 0.0, 1.25, p), 1.3);
  EXPECT_EQ(protein_breakdown(1.3, -0.4, 0.9, 1.25, p), 1.3);
}

TEST(ProteinBreakdown, TakesInASuspendedLimbWhatMassageAddsToSynthesisAndInAPartlyLoadedOneItsShare) {
  for (const double unloading : {1.0, 0.4}) {
    const double more_lost = 0.8 * (protein_breakdown(1.3, 0.4, unloading, 1.0 / 0.8, p) - 1.3);
    EXPECT_NEAR(more_lost, 0.4 * unloading, 1e-15);
  }
}

TEST(RecoveryDrive, IsNothingAtTheSetPointOddAroundItAndLinearNearIt) {
  EXPECT_EQ(recovery_drive(1.0, 1.0, 0.0, p), 0.0);
  EXPECT_DOUBLE_EQ(recovery_drive(1.0, 1.0, 1e-9, p), 1e-9 / (1e-9 + p.recovery_half_deficit));
  EXPECT_EQ(recovery_drive(1.0, 1.0, -0.2, p), -recovery_drive(1.0, 1.0, 0.2, p));
}

TEST(RecoveryDrive, TakesLoadAndReadinessAndIsHalfOfItsLargestAtItsHalfDeficit) {
  EXPECT_DOUBLE_EQ(recovery_drive(0.7, 0.4, p.recovery_half_deficit, p), 0.14);
  EXPECT_EQ(recovery_drive(0.0, 1.0, 0.3, p), 0.0);
  EXPECT_EQ(recovery_drive(1.0, 0.0, 0.3, p), 0.0);
}

TEST(ReadinessTarget, IsOneUnderCageLoadAndFallsWithTheSquareOfIt) {
  EXPECT_EQ(readiness_target(0.0), 1.0);
  EXPECT_DOUBLE_EQ(readiness_target(0.4), 0.36);
  EXPECT_EQ(readiness_target(1.0), 0.0);
}

TEST(CollagenSynthesis, IsOneAtWeightBearingRisesWithMassageAndFallsWithUnloading) {
  EXPECT_EQ(collagen_synthesis(0.0, 0.0, p), 1.0);
  EXPECT_DOUBLE_EQ(collagen_synthesis(0.0, 0.7, p), 1.0 + 0.7 * p.collagen_massage_gain);
  EXPECT_DOUBLE_EQ(collagen_synthesis(0.3, 0.0, p), 1.0 / (1.0 + 0.3 * 1.2 * p.collagen_unloading_loss));
}

TEST(LabelRate, ComesInWithSynthesisAndLeavesWithBreakdown) {
  EXPECT_DOUBLE_EQ(label_rate(0.07, 1.3, 0.9, 0.6, 0.2), 0.07 * (1.3 * 0.6 - 0.9 * 0.2));
}

TEST(LabelRate, IsZeroInAPoolLabelledLikeTheWaterItIsMadeOf) { EXPECT_EQ(label_rate(0.07, 1.0, 1.0, 0.6, 0.6), 0.0); }

TEST(TurnoverLaws, DifferentiateOnBothSidesOfTheirCorners) {
  const Coefficients<Dual> q = soleus_in_dual_numbers();
  for (const double x : {-0.31, 0.07, 0.43, 1.7}) {
    expect_differentiates([](Dual d) { return positive_factor(d); }, x);
    expect_differentiates([](Dual load) { return unloading(load); }, x);
    expect_differentiates([&](Dual deficit) { return gate(deficit, q); }, x);
    expect_differentiates([&](Dual memory) { return massage_drive(memory, Dual(0.9), Dual(0.3), Dual(0.2), q); }, x);
    expect_differentiates([&](Dual memory) { return cytosolic_drive(memory, Dual(0.9), q); }, x);
    expect_differentiates([&](Dual u) { return efficiency_target(u, q); }, x);
    expect_differentiates([&](Dual r) { return rna_synthesis(Dual(0.3), r, Dual(1.1), q); }, x);
    expect_differentiates([&](Dual load) { return rna_pulse(load, Dual(0.9), q); }, x);
    expect_differentiates([&](Dual habit) { return proteolysis_target(Dual(0.6), habit, q); }, x);
    expect_differentiates([&](Dual massage) { return protein_synthesis(Dual(0.8), Dual(0.7), massage, Dual(0.1), q); },
                          x);
    expect_differentiates([&](Dual deficit) { return recovery_drive(Dual(0.9), Dual(0.4), deficit, q); }, x);
    expect_differentiates([](Dual u) { return readiness_target(u); }, x);
    expect_differentiates([&](Dual u) { return protein_breakdown(Dual(1.3), Dual(0.6), u, Dual(0.9), q); }, x);
    expect_differentiates([&](Dual added) { return protein_breakdown(Dual(1.3), added, Dual(0.4), Dual(0.9), q); }, x);
  }
}

}  // namespace
}  // namespace hindlimb::laws
