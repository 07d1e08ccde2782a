#include "hindlimb/muscle/rates.hpp"
#include "hindlimb/muscle/state_vector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "unit/laws/draws.hpp"
#include "unit/laws/dual.hpp"

namespace hindlimb::muscle {
namespace {

using laws::Coefficients;
using laws::Draws;
using laws::Muscle;
using laws::Parameters;
using laws::random_parameters;
using laws::Stimulus;

StateVector<double> rates_of(const StateVector<double>& y, const Stimulus<double>& stimulus,
                             const Coefficients<double>& p) {
  StateVector<double> dy = StateVector<double>::Constant(std::numeric_limits<double>::quiet_NaN());
  rates(y, stimulus, p, dy);
  return dy;
}

Coefficients<double> defaults(Muscle muscle) { return laws::coefficients(laws::default_parameters(muscle)); }

void expect_no_change(const Parameters<double>& p) {
  const StateVector<double> dy = rates_of(weight_bearing_state<double>(), {}, laws::coefficients(p));
  for (const StateInfo& state : state_table) EXPECT_EQ(dy[&state - state_table.data()], 0.0) << state.name;
}

TEST(WeightBearing, IsAFixedPointOfEveryMuscleToTheBit) {
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle)
    expect_no_change(laws::default_parameters(Muscle{muscle}));
}

TEST(WeightBearing, IsAFixedPointOfAThousandRandomParameterSetsToTheBit) {
  Draws draw(1);
  for (int set = 0; set < 1000; ++set) expect_no_change(random_parameters(draw));
}

TEST(WeightBearing, IsAFixedPointWithEveryParameterAtEitherBound) {
  Draws draw(2);
  for (int set = 0; set < 1000; ++set) {
    Parameters<double> p{};
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      p.*laws::parameter_members<double>[i] =
          draw() < 0.5 ? laws::parameter_table[i].low : laws::parameter_table[i].high;
    }
    if (p.fraction_type_I + p.fraction_type_IIa + p.fraction_type_IIx == 0.0)
      p.fraction_type_IIb = 1.0;  // a muscle has fibres
    expect_no_change(p);
  }
}

/// Linear in itself, with the slope that a solver is told.
TEST(Followers, ApproachTheirTargetsAtTheRatesThatASolverIsTold) {
  Draws draw(3);
  for (int set = 0; set < 100; ++set) {
    const Coefficients<double> p = laws::coefficients(random_parameters(draw));
    const auto told = followers(p);
    StateVector<double> y = weight_bearing_state<double>();
    for (double& state : y) state += draw();
    for (std::size_t i = 0; i < n_followers; ++i) {
      const auto place = static_cast<Eigen::Index>(i);
      StateVector<double> moved = y;
      moved[place] += 0.5;
      const double slope = (rates_of(moved, {}, p)[place] - rates_of(y, {}, p)[place]) / 0.5;
      EXPECT_NEAR(slope, -told[i].rate, 1e-12 * told[i].rate) << state_table[i].name;
      EXPECT_DOUBLE_EQ(told[i].time * told[i].rate, 1.0) << state_table[i].name;
    }
  }
}

TEST(EveryState, HasANameOfItsOwnAndAMeaning) {
  std::array<std::string_view, n_states> names;
  for (std::size_t i = 0; i < n_states; ++i) names[i] = state_table[i].name;
  for (const StateInfo& state : state_table) {
    EXPECT_EQ(std::ranges::count(names, state.name), 1) << state.name;
    EXPECT_FALSE(state.symbol.empty() || state.meaning.empty()) << state.name;
  }
}

/// Least value of each state that the equations let it reach. Cells never fall below the resident number, so that
/// an ED1+ target below 0 cannot arise; a pool that shrinks has a negative growth.
constexpr double no_bound = -std::numeric_limits<double>::infinity();
double least(std::size_t state) {
  switch (state) {
    case label_growth:
      return no_bound;
    case proteolysis:
    case neutrophils:
    case ed1:
    case ed2:
    case pax7:
    case myonuclei:
      return 1.0;
    case myofibrillar:
    case cytosolic:
    case mitochondrial:
      return 1e-9;  // fractional breakdown has no value in a pool that is not there
    default:
      return 0.0;
  }
}

StateVector<double> random_state(Draws& draw) {
  StateVector<double> y;
  for (std::size_t i = 0; i < n_states; ++i) {
    const double low = least(i);
    y[static_cast<Eigen::Index>(i)] = std::isfinite(low) ? low + 3.0 * draw() : draw.between(-2.0, 2.0);
  }
  y[rna_saved] = y[rna] * draw();  // a part of it
  return y;
}

Stimulus<double> random_stimulus(Draws& draw) {
  return {.load = 2.0 * draw(),
          .massage = 50.0 * draw(),
          .humoral = 50.0 * draw(),
          .neural = 50.0 * draw(),
          .behavioural = draw(),
          .training = draw(),
          .label = draw() < 0.5 ? 0.0 : 1.0};
}

TEST(EveryState, HasAFiniteRate) {
  Draws draw(3);
  for (int set = 0; set < 1000; ++set) {
    const StateVector<double> y = random_state(draw);
    const StateVector<double> dy = rates_of(y, random_stimulus(draw), laws::coefficients(random_parameters(draw)));
    for (std::size_t i = 0; i < n_states; ++i)
      EXPECT_TRUE(std::isfinite(dy[static_cast<Eigen::Index>(i)])) << state_table[i].name;
  }
}

TEST(EveryState, DoesNotFallAtItsLeastValueWhateverTheOthersAre) {
  Draws draw(4);
  for (int set = 0; set < 1000; ++set) {
    const Coefficients<double> p = laws::coefficients(random_parameters(draw));
    for (std::size_t i = 0; i < n_states; ++i) {
      if (!std::isfinite(least(i))) continue;
      StateVector<double> y = random_state(draw);
      y[static_cast<Eigen::Index>(i)] = least(i);
      EXPECT_GE(rates_of(y, random_stimulus(draw), p)[static_cast<Eigen::Index>(i)], 0.0) << state_table[i].name;
    }
  }
}

TEST(EveryState, ReturnsWhenItAloneIsMoved) {
  Draws draw(5);
  for (int set = 0; set < 100; ++set) {
    const Coefficients<double> p = laws::coefficients(random_parameters(draw));
    for (std::size_t i = 0; i < n_states; ++i) {
      if (i == label_exposure || i == label_growth) continue;  // integrals over time
      StateVector<double> y = weight_bearing_state<double>();
      y[static_cast<Eigen::Index>(i)] += 0.3;
      EXPECT_LT(rates_of(y, {}, p)[static_cast<Eigen::Index>(i)], 0.0) << state_table[i].name;
    }
  }
}

TEST(Suspension, LowersTheLoadSignalAndNothingElseAtFirst) {
  const StateVector<double> dy = rates_of(weight_bearing_state<double>(), {.load = 0.0}, defaults(Muscle::soleus));
  for (std::size_t i = 0; i < n_states; ++i) {
    const double expected = i == load_signal ? -1.0 / 0.15 : 0.0;
    EXPECT_DOUBLE_EQ(dy[static_cast<Eigen::Index>(i)], expected) << state_table[i].name;
  }
}

TEST(Stimulus, EntersEachSignalAtItsOwnRate) {
  const Stimulus<double> stimulus{
      .load = 1.0, .massage = 0.3, .humoral = 0.7, .neural = 1.1, .behavioural = 1.3, .training = 1.7, .label = 1.0};
  Coefficients<double> p = defaults(Muscle::edl);
  p.perfusion_gain = 0.5;
  const StateVector<double> dy = rates_of(weight_bearing_state<double>(), stimulus, p);
  EXPECT_EQ(dy[massage_memory], 0.3);
  EXPECT_EQ(dy[perfusion], 0.5 * 0.3);
  EXPECT_EQ(dy[humoral_signal], 0.7);
  EXPECT_EQ(dy[neural_signal], 1.1);
  EXPECT_EQ(dy[behavioural_signal], 1.3);
  EXPECT_EQ(dy[training_adaptation], 1.7);
  EXPECT_EQ(dy[body_water], p.body_water_turnover_per_d);
  EXPECT_EQ(dy[load_signal], 0.0);
}

TEST(BehaviouralSignal, AddsItsShareToTheLoad) {
  StateVector<double> y = weight_bearing_state<double>();
  y[behavioural_signal] = 0.3;
  const Coefficients<double> p = defaults(Muscle::plantaris);
  EXPECT_DOUBLE_EQ(rates_of(y, {.load = 0.7}, p)[load_signal], (0.7 * 1.3 - 1.0) / p.load_signal_time_d);
}

TEST(Deficit, WeighsThePoolsByTheirShareOfTheFibre) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = 0.6;
  y[cytosolic] = 0.9;
  y[mitochondrial] = 0.3;
  Parameters<double> parameters = laws::default_parameters(Muscle::soleus);
  parameters.cytosolic_fraction = 0.3;
  parameters.mitochondrial_fraction = 0.2;
  const Coefficients<double> p = laws::coefficients(parameters);
  EXPECT_DOUBLE_EQ(size_deficit(y, p), 0.5 * 0.4 + 0.3 * 0.1 + 0.2 * 0.7);
}

TEST(Rates, DifferentiateByEveryStateAndEveryParameter) {
  Draws draw(6);
  Parameters<double> p = laws::default_parameters(Muscle::soleus);
  p.perfusion_gain = 0.3;  // what is 0 by default would hide a missing term
  p.fraction_type_IIx = 0.11;
  p.fraction_type_IIb = 0.07;
  const StateVector<double> y = random_state(draw);
  const auto rate = [&](std::size_t output, std::size_t varied_state, std::size_t varied_parameter, Dual x) {
    Parameters<Dual> q;
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      const double value = p.*laws::parameter_members<double>[i];
      q.*laws::parameter_members<Dual>[i] = i == varied_parameter ? x * value : Dual(value);
    }
    std::array<Dual, n_states> state;
    for (std::size_t i = 0; i < n_states; ++i) {
      const double value = y[static_cast<Eigen::Index>(i)];
      state[i] = i == varied_state ? x * value : Dual(value);
    }
    std::array<Dual, n_states> dy;
    const Stimulus<Dual> stimulus{.load = Dual(0.7),
                                  .massage = Dual(0.3),
                                  .humoral = Dual(0.2),
                                  .neural = Dual(0.1),
                                  .behavioural = Dual(0.4),
                                  .training = Dual(0.6),
                                  .label = Dual(1.0)};
    rates(state, stimulus, laws::coefficients(q), dy);
    return dy[output];
  };
  for (std::size_t output = 0; output < n_states; ++output) {
    SCOPED_TRACE(state_table[output].name);
    for (std::size_t i = 0; i < n_states; ++i)
      expect_differentiates([&](Dual x) { return rate(output, i, laws::n_parameters, x); }, 1.0);
    for (std::size_t i = 0; i < laws::n_parameters; ++i)
      expect_differentiates([&](Dual x) { return rate(output, n_states, i, x); }, 1.0);
  }
}

}  // namespace
}  // namespace hindlimb::muscle
