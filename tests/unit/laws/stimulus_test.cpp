#include "hindlimb/laws/stimulus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/laws/dual.hpp"

namespace hindlimb::laws {
namespace {

const Coefficients<double> p = coefficients(default_parameters(Muscle::gastrocnemius_medial));

TEST(DoseRate, IsZeroWithoutForceOrWithoutCycles) {
  EXPECT_EQ(massage_dose_rate(0.0, 0.7, p), 0.0);
  EXPECT_EQ(massage_dose_rate(7.0, 0.0, p), 0.0);
}

TEST(DoseRate, OfThirtyMinutesOfTheReferenceIsADoseOfOne) {
  EXPECT_DOUBLE_EQ(massage_dose_rate(4.5, 0.5, p) * 30.0 / 1440.0, 1.0);
  Coefficients<double> other = p;
  other.massage_half_force_N = 7.3;
  other.massage_half_frequency_Hz = 0.03;
  EXPECT_DOUBLE_EQ(massage_dose_rate(4.5, 0.5, other) * 30.0 / 1440.0, 1.0);
}

TEST(DoseRate, RisesWithForceAndWithFrequency) {
  double last_by_force = 0.0;
  double last_by_frequency = 0.0;
  for (double factor = 0.01; factor < 100.0; factor *= 1.7) {
    const double by_force = massage_dose_rate(4.5 * factor, 0.3, p);
    const double by_frequency = massage_dose_rate(2.3, 0.5 * factor, p);
    EXPECT_GT(by_force, last_by_force);
    EXPECT_GT(by_frequency, last_by_frequency);
    last_by_force = by_force;
    last_by_frequency = by_frequency;
  }
}

TEST(DoseRate, SaturatesAtTheInverseOfWhatTheReferenceReaches) {
  // reference: 4.5 / (2 + 4.5) of the largest response to force, 0.5 / (0.25 + 0.5) to frequency
  Coefficients<double> known = p;
  known.massage_half_force_N = 2.0;
  known.massage_half_frequency_Hz = 0.25;
  const double reference = massage_dose_rate(4.5, 0.5, known);
  EXPECT_NEAR(massage_dose_rate(1e9, 0.5, known) / reference, 6.5 / 4.5, 1e-8);
  EXPECT_NEAR(massage_dose_rate(4.5, 1e9, known) / reference, 0.75 / 0.5, 1e-8);
}

TEST(DoseRate, IsHalfOfItsLargestAtTheHalfForce) {
  const double largest = massage_dose_rate(1e12, 0.3, p);
  EXPECT_NEAR(massage_dose_rate(p.massage_half_force_N, 0.3, p), 0.5 * largest, 1e-9 * largest);
}

TEST(DoseRate, DifferentiatesByItsParameters) {
  expect_differentiates(
      [](Dual half_force_N) {
        Coefficients<Dual> q{};
        q.massage_half_force_N = half_force_N;
        q.massage_half_frequency_Hz = 0.3;
        return massage_dose_rate(7.0, 0.2, q) * reference_bout_d;
      },
      2.3);
}

TEST(TrainingDose, OfHalfAnHourAtOneAndAHalfTimesCageLoadIsOne) {
  EXPECT_DOUBLE_EQ(training_dose_rate(1.5) * 30.0 / 1440.0, 1.0);
}

TEST(TrainingDose, GoesWithTheLoadAboveCageLoad) {
  EXPECT_DOUBLE_EQ(training_dose_rate(1.8), 1.6 * training_dose_rate(1.5));
}

TEST(TrainingDose, IsZeroUpToCageLoad) {
  for (const double load : {0.0, 0.7, 1.0}) EXPECT_EQ(training_dose_rate(load), 0.0);
}

}  // namespace
}  // namespace hindlimb::laws
