#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/muscle/rates.hpp"
#include "hindlimb/muscle/state_vector.hpp"
#include "hindlimb/ode/dopri5.hpp"
#include "unit/laws/draws.hpp"

/// D2O in body water and in the pools, integrated: a bolus at time 0 and labelled water from then on.
namespace hindlimb::muscle {
namespace {

using laws::Coefficients;
using laws::Draws;
using laws::Muscle;
using laws::Stimulus;

Coefficients<double> defaults(Muscle muscle) { return laws::coefficients(laws::default_parameters(muscle)); }

void advance(StateVector<double>& y, double days, const Stimulus<double>& stimulus, const Coefficients<double>& p) {
  constexpr ode::Tolerance tight{1e-11, 1e-13};
  constexpr std::int64_t many = 1'000'000;
  ode::Statistics statistics;
  const auto slope = [&](double, const StateVector<double>& state, StateVector<double>& rate) {
    rates(state, stimulus, p, rate);
  };
  const ode::Outcome outcome = ode::integrate(slope, {0.0, days}, y, tight, many, statistics, [](const auto&) {});
  ASSERT_EQ(outcome, ode::Outcome::reached);
}

/// The state so many days after a bolus in a muscle that was weight bearing until then.
StateVector<double> labelled(double days, Stimulus<double> stimulus, const Coefficients<double>& p) {
  StateVector<double> y = weight_bearing_state<double>();
  y[body_water] += p.label_bolus;
  stimulus.label = 1.0;
  advance(y, days, stimulus, p);
  return y;
}

// One order above the tolerance of a step, for errors that add up over some hundred steps.
constexpr double rtol = 1e-9;

TEST(BodyWater, ApproachesThePlateauFromTheBolusAsTheExponentialSays) {
  const Coefficients<double> p = defaults(Muscle::soleus);
  const double k = p.body_water_turnover_per_d;
  for (const double days : {0.3, 7.0, 22.0}) {
    const StateVector<double> y = labelled(days, {}, p);
    const double missing = (1.0 - p.label_bolus) * std::exp(-k * days);
    EXPECT_NEAR(y[body_water], 1.0 - missing, rtol);
    EXPECT_NEAR(y[label_exposure], days - ((1.0 - p.label_bolus) - missing) / k, rtol * days);
  }
}

TEST(BodyWater, IsWashedOutOnceTheWaterIsPlain) {
  const Coefficients<double> p = defaults(Muscle::soleus);
  StateVector<double> y = weight_bearing_state<double>();
  y[body_water] = 0.7;
  advance(y, 3.0, {}, p);
  EXPECT_NEAR(y[body_water], 0.7 * std::exp(-3.0 * p.body_water_turnover_per_d), rtol);
}

TEST(LabelledPool, AtWeightBearingAndAFullBolusFillsAsTheExponentialSays) {
  Coefficients<double> p = defaults(Muscle::tibialis_anterior);
  p.label_bolus = 1.0;  // at the plateau from the start
  const StateVector<double> y = labelled(7.0, {}, p);
  EXPECT_NEAR(y[labelled_myofibrillar], 1.0 - std::exp(-7.0 * p.myofibrillar_turnover_per_d), rtol);
  EXPECT_NEAR(y[labelled_cytosolic], 1.0 - std::exp(-7.0 * p.cytosolic_turnover_per_d), rtol);
  EXPECT_NEAR(y[labelled_mitochondrial], 1.0 - std::exp(-7.0 * p.mitochondrial_turnover_per_d), rtol);
  EXPECT_NEAR(y[labelled_collagen], 1.0 - std::exp(-7.0 * p.collagen_turnover_per_d), rtol);
  EXPECT_NEAR(y[labelled_rna], 1.0 - std::exp(-7.0 * p.rna_turnover_per_d), rtol);
  EXPECT_NEAR(y[labelled_dna], 1.0 - std::exp(-7.0 * p.dna_turnover_per_d), rtol);
}

TEST(LabelledPool, IsNeverMoreThanThePoolWhateverTheParameters) {
  struct Pool {
    State labelled, whole;
  };
  constexpr std::array pools{Pool{labelled_myofibrillar, myofibrillar},
                             Pool{labelled_cytosolic, cytosolic},
                             Pool{labelled_mitochondrial, mitochondrial},
                             Pool{labelled_collagen, collagen_dynamic},
                             Pool{labelled_rna, rna},
                             Pool{labelled_dna, dna}};
  Draws draw(1);
  for (int set = 0; set < 30; ++set) {
    const Coefficients<double> p = laws::coefficients(laws::random_parameters(draw));
    const Stimulus<double> stimulus{
        .load = 2.0 * draw(), .massage = draw(), .humoral = draw(), .neural = draw(), .label = 1.0};
    StateVector<double> y = weight_bearing_state<double>();
    y[body_water] = p.label_bolus;
    for (int day = 0; day < 30; day += 3) {
      ASSERT_NO_FATAL_FAILURE(advance(y, 3.0, stimulus, p));
      EXPECT_LE(y[body_water], 1.0 + rtol);
      for (const Pool& pool : pools) {
        const double labelled = y[static_cast<Eigen::Index>(pool.labelled)];
        const double whole = y[static_cast<Eigen::Index>(pool.whole)];
        EXPECT_GE(labelled, 0.0) << state_table[pool.labelled].name;
        EXPECT_LE(labelled, whole * (1.0 + rtol)) << state_table[pool.labelled].name;
      }
    }
  }
}

TEST(MeasuredSynthesis, TendsToTheTurnoverAsTheWindowShrinks) {
  const Coefficients<double> p = defaults(Muscle::plantaris);
  // Labelled protein is broken down too, at the turnover of its pool: what is measured is too low by about half of
  // that times the window.
  const auto expect_turnover = [&](Observable observable, double turnover_per_d, double loss_per_d) {
    SCOPED_TRACE(observable_table[static_cast<std::size_t>(observable)].name);
    double last_miss = 1.0;
    for (const double window_d : {7.0, 1.0, 0.1, 0.01}) {
      const double measured = observe(labelled(window_d, {}, p), window_d, p).at(observable);
      EXPECT_LT(measured, turnover_per_d);
      EXPECT_NEAR(measured, turnover_per_d, turnover_per_d * (0.6 * loss_per_d * window_d + rtol));
      EXPECT_LT(1.0 - measured / turnover_per_d, last_miss);
      last_miss = 1.0 - measured / turnover_per_d;
    }
  };
  expect_turnover(Observable::myofibrillar_fsr, p.myofibrillar_turnover_per_d, p.myofibrillar_turnover_per_d);
  expect_turnover(Observable::cytosolic_fsr, p.cytosolic_turnover_per_d, p.cytosolic_turnover_per_d);
  expect_turnover(Observable::mitochondrial_fsr, p.mitochondrial_turnover_per_d, p.mitochondrial_turnover_per_d);
  expect_turnover(Observable::rna_fsr, p.rna_turnover_per_d, p.rna_turnover_per_d);
  expect_turnover(Observable::dna_fsr, p.dna_turnover_per_d, p.dna_turnover_per_d);
  expect_turnover(Observable::collagen_fsr, p.collagen_dynamic_fraction * p.collagen_turnover_per_d,
                  p.collagen_turnover_per_d);
}

TEST(MeasuredBreakdown, OfAStationaryMuscleIsItsMeasuredSynthesis) {
  const Coefficients<double> p = defaults(Muscle::edl);
  const Observables<double> values = observe(labelled(7.0, {}, p), 7.0, p);
  EXPECT_EQ(values.at(Observable::myofibrillar_kdeg_d2o), values.at(Observable::myofibrillar_fsr));
}

TEST(LabelGrowth, IsTheLogarithmOfWhatThePoolGrewSinceLabelling) {
  const Coefficients<double> p = defaults(Muscle::soleus);
  StateVector<double> y = weight_bearing_state<double>();
  advance(y, 3.0, {.load = 0.0}, p);
  EXPECT_EQ(y[label_growth], 0.0);  // before there is any label
  const double before = y[myofibrillar];
  advance(y, 7.0, {.load = 0.0, .label = 1.0}, p);
  EXPECT_NEAR(y[label_growth], std::log(y[myofibrillar] / before), rtol);
  EXPECT_LT(y[label_growth], -0.1);
}

TEST(Label, ChangesNothingButLabel) {
  const Coefficients<double> p = defaults(Muscle::soleus);
  const auto rates_with = [&](double label) {
    StateVector<double> y = weight_bearing_state<double>();
    y[myofibrillar] = 0.7;
    y[body_water] = label;
    StateVector<double> dy;
    rates(y, Stimulus<double>{.load = 0.3, .label = label}, p, dy);
    return dy;
  };
  const StateVector<double> without = rates_with(0.0);
  const StateVector<double> with = rates_with(1.0);
  for (std::size_t i = 0; i < body_water; ++i)
    EXPECT_EQ(with[static_cast<Eigen::Index>(i)], without[static_cast<Eigen::Index>(i)]) << state_table[i].name;
}

}  // namespace
}  // namespace hindlimb::muscle
