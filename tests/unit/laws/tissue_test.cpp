#include "hindlimb/laws/tissue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/laws/dual.hpp"

namespace hindlimb::laws {
namespace {

const Coefficients<double> p = coefficients(default_parameters(Muscle::plantaris));  // inflammation scale 0.3, not 1

TEST(ToleranceRate, IsZeroWhereToleranceIsTheLoad) {
  EXPECT_EQ(tolerance_rate(1.0, 0.0, 1.0, p), 0.0);
  EXPECT_EQ(tolerance_rate(0.3, 0.7, 0.3, p), 0.0);
}

TEST(ToleranceRate, GainsFastAndLosesSlowly) {
  EXPECT_DOUBLE_EQ(tolerance_rate(1.0, 0.0, 0.3, p), 0.7 / p.tolerance_gain_time_d);
  EXPECT_DOUBLE_EQ(tolerance_rate(0.0, 1.0, 0.3, p), -0.3 / p.tolerance_loss_time_d);
}

TEST(DamageRate, NeedsLoadAndLostToleranceAndAtrophy) {
  EXPECT_EQ(damage_rate(0.0, 0.0, 0.3, p), 0.0);
  EXPECT_EQ(damage_rate(0.7, 0.7, 0.3, p), 0.0);
  EXPECT_EQ(damage_rate(0.7, 0.9, 0.3, p), 0.0);
  EXPECT_EQ(damage_rate(1.0, 0.3, 0.0, p), 0.0);
  EXPECT_EQ(damage_rate(1.0, 0.3, -0.2, p), 0.0);
}

TEST(DamageRate, IsTheProductOfTheThree) {
  EXPECT_DOUBLE_EQ(damage_rate(1.3, 0.6, 0.2, p),
                   p.damage_rate_per_d * 0.2 * 0.49 * 0.49 / (0.49 + damage_onset * damage_onset));
}

TEST(CellTargets, AreTheResidentNumberWithoutDamage) {
  EXPECT_EQ(neutrophil_target(0.0, p), 1.0);
  EXPECT_EQ(ed1_target(1.0, p), 1.0);
  EXPECT_EQ(ed2_target(1.0, p), 1.0);
  EXPECT_EQ(pax7_target(0.0, 0.0, p), 1.0);
}

TEST(NeutrophilTarget, RisesWithDamageOnTheScaleOfTheMuscle) {
  EXPECT_DOUBLE_EQ(neutrophil_target(0.7, p), 1.0 + 0.7 * 0.3 * p.neutrophil_gain);
}

TEST(MacrophageTargets, RiseWithTheCellsBeforeThem) {
  EXPECT_DOUBLE_EQ(ed1_target(7.3, p), 1.0 + 6.3 * p.ed1_gain);
  EXPECT_DOUBLE_EQ(ed2_target(7.3, p), 1.0 + 6.3 * p.ed2_gain);
}

TEST(Pax7Target, RisesWithDamageAndWithMassage) {
  EXPECT_DOUBLE_EQ(pax7_target(0.3, 0.7, p), 1.0 + 0.3 * p.satellite_damage_gain + 0.7 * p.satellite_massage_gain);
}

TEST(DnaSynthesis, GoesWithTheNumberOfPax7Cells) {
  EXPECT_EQ(dna_synthesis(1.0, p), 1.0);
  Coefficients<double> q = p;
  q.dna_proliferation_gain = 0.7;
  EXPECT_DOUBLE_EQ(dna_synthesis(1.3, q), 1.0 + 0.3 * 0.7);
  q.dna_proliferation_gain = 20.0;
  EXPECT_GT(dna_synthesis(0.0, q), 0.0);
}

TEST(MyonuclearRate, IsZeroWhileNoSatelliteCellIsAdded) { EXPECT_EQ(myonuclear_rate(1.0, 0.7, 1.0, p), 0.0); }

TEST(MyonuclearRate, FusesOnlyWhileTheGateIsOpen) {
  EXPECT_DOUBLE_EQ(myonuclear_rate(1.7, 0.3, 1.0, p), p.fusion_per_d * 0.7 * 0.3);
  EXPECT_EQ(myonuclear_rate(1.7, -0.3, 1.0, p), 0.0);
}

TEST(MyonuclearRate, LosesWhatWasAddedAndNothingElse) {
  EXPECT_DOUBLE_EQ(myonuclear_rate(1.0, 0.0, 1.5, p), -0.5 / p.myonuclear_time_d);
}

TEST(ExtracellularTarget, IsOneAtTheSetPointWithoutInflammation) { EXPECT_EQ(extracellular_target(0.0, 1.0, p), 1.0); }

TEST(ExtracellularTarget, FillsItsShareOfTheSpaceThatFibresLeave) {
  Coefficients<double> q = p;
  q.extracellular_fraction = 0.2;  // fibres have 4 times the volume of the space between them
  q.extracellular_fill = 0.7;
  q = coefficients(q);
  EXPECT_DOUBLE_EQ(extracellular_target(0.3, 1.0, q), 1.0 + 0.7 * 0.3 * 4.0);
}

TEST(ExtracellularTarget, SwellsWithInflammation) {
  EXPECT_DOUBLE_EQ(extracellular_target(0.0, 31.0, p), 1.0 + 30.0 * p.swelling_gain);
}

TEST(ExtracellularTarget, StaysPositiveInAMuscleFarAboveItsSetPoint) {
  EXPECT_GT(extracellular_target(-7.0, 1.0, p), 0.0);
}

TEST(TissueLaws, DifferentiateOnBothSidesOfTheirCorners) {
  const Coefficients<Dual> q = coefficients(in_dual_numbers(default_parameters(Muscle::plantaris)));
  for (const double x : {-0.31, 0.07, 0.43, 1.7}) {
    expect_differentiates([&](Dual load) { return tolerance_rate(load, Dual(0.3), Dual(0.6), q); }, x);
    expect_differentiates([&](Dual load) { return damage_rate(load, Dual(0.6), Dual(0.3), q); }, x);
    expect_differentiates([&](Dual deficit) { return damage_rate(Dual(1.0), Dual(0.6), deficit, q); }, x);
    expect_differentiates([&](Dual damage) { return neutrophil_target(damage, q); }, x);
    expect_differentiates([&](Dual cells) { return ed1_target(cells, q); }, x);
    expect_differentiates([&](Dual cells) { return ed2_target(cells, q); }, x);
    expect_differentiates([&](Dual memory) { return pax7_target(Dual(0.3), memory, q); }, x);
    expect_differentiates([&](Dual cells) { return dna_synthesis(cells, q); }, x);
    expect_differentiates([&](Dual opening) { return myonuclear_rate(Dual(1.4), opening, Dual(1.2), q); }, x);
    expect_differentiates([&](Dual deficit) { return extracellular_target(deficit, Dual(1.3), q); }, x);
  }
}

}  // namespace
}  // namespace hindlimb::laws
