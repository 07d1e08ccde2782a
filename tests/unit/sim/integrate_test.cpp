#include "hindlimb/sim/integrate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <span>
#include <vector>

namespace hindlimb::sim {
namespace {

using laws::Muscle;
using State = std::vector<double>;
using Recorded = std::map<Minutes, State>;

/// 3 d of suspension, a bout of massage and a bolus of label at the start of reloading, reloading.
const std::vector<Segment<double>> protocol = {
    {Minutes{0}, Minutes{4321}, {.load = 0.0}},
    {Minutes{4321}, Minutes{4351}, {.load = 0.9, .massage = 48.0, .humoral = 7.0, .label = 1.0}, 0.7},
    {Minutes{4351}, Minutes{7777}, {.load = 0.9, .label = 1.0}}};

const laws::Coefficients<double> soleus = laws::coefficients(laws::default_parameters(Muscle::soleus));

State to_vector(const muscle::StateVector<double>& state) { return {state.begin(), state.end()}; }

struct Integration {
  MuscleOutcome outcome;
  Recorded recorded;
};

Integration integrate(const std::vector<Minutes>& times, const scenario::Solver& solver = {}) {
  Integration run;
  run.outcome = integrate_muscle(std::span(protocol), soleus, solver, times, [&](std::size_t index, const auto& state) {
    run.recorded[times.at(index)] = to_vector(state);
  });
  return run;
}

std::vector<Minutes> every(Minutes interval) {
  std::vector<Minutes> times;
  for (Minutes time{0}; time <= protocol.back().end; time += interval) times.push_back(time);
  return times;
}

TEST(IntegrateMuscle, RecordsEveryTimeOnceAndInOrder) {
  const std::vector<Minutes> times = every(Minutes{7});
  std::vector<std::size_t> indices;
  integrate_muscle(std::span(protocol), soleus, {}, times,
                   [&](std::size_t index, const auto&) { indices.push_back(index); });
  std::vector<std::size_t> expected(times.size());
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
  EXPECT_EQ(indices, expected);
}

TEST(IntegrateMuscle, StartsFromWeightBearing) {
  EXPECT_EQ(integrate({Minutes{0}}).recorded.at(Minutes{0}), to_vector(muscle::weight_bearing_state<double>()));
}

TEST(IntegrateMuscle, RecordsTheSameBitsHoweverManyTimesAreAskedFor) {
  const Integration fine = integrate(every(Minutes{1}));
  for (const std::vector<Minutes>& times :
       {every(Minutes{77}), every(Minutes{1440}), std::vector<Minutes>{Minutes{4321}, Minutes{4322}, Minutes{7777}}}) {
    const Integration coarse = integrate(times);
    EXPECT_EQ(coarse.recorded.size(), times.size());
    for (const auto& [time, state] : coarse.recorded) EXPECT_EQ(state, fine.recorded.at(time)) << time.count();
  }
}

TEST(IntegrateMuscle, TakesTheSameStepsWhateverIsRecorded) {
  const MuscleOutcome fine = integrate(every(Minutes{1})).outcome;
  const MuscleOutcome nothing = integrate({}).outcome;
  EXPECT_EQ(nothing.statistics.accepted, fine.statistics.accepted);
  EXPECT_EQ(nothing.statistics.rejected, fine.statistics.rejected);
  EXPECT_EQ(nothing.reached_d, fine.reached_d);
  EXPECT_EQ(nothing.reached_d, to_days(Minutes{7777}));
}

/// A run that ends early is a run that goes on, up to there: the first step after every cut is the same.
TEST(IntegrateMuscle, RecordsTheSameBitsBeforeACutWhateverComesAfter) {
  const std::vector<Minutes> times = {Minutes{77}, Minutes{4321}, Minutes{4351}};
  const Integration whole = integrate(times);
  Recorded first_two;
  integrate_muscle(std::span(protocol).first(2), soleus, {}, times,
                   [&](std::size_t index, const auto& state) { first_two[times[index]] = to_vector(state); });
  EXPECT_EQ(first_two, whole.recorded);
}

TEST(IntegrateMuscle, AddsTheBolusAtTheStartOfItsSegment) {
  const Recorded recorded = integrate(every(Minutes{1})).recorded;
  EXPECT_EQ(recorded.at(Minutes{4321})[muscle::body_water], 0.0);
  EXPECT_GT(recorded.at(Minutes{4322})[muscle::body_water], 0.7);
  EXPECT_LT(recorded.at(Minutes{4322})[muscle::body_water], 0.71);
}

TEST(IntegrateMuscle, GivesUpAfterTheStepsOfTheWholeMuscleNotOfASegment) {
  const std::int64_t needed = integrate({}).outcome.statistics.accepted + integrate({}).outcome.statistics.rejected;
  EXPECT_EQ(integrate({}, {.max_steps = needed}).outcome.outcome, ode::Outcome::reached);
  const MuscleOutcome short_of_one = integrate({}, {.max_steps = needed - 1}).outcome;
  EXPECT_EQ(short_of_one.outcome, ode::Outcome::too_many_steps);
  EXPECT_LT(short_of_one.reached_d, to_days(Minutes{7777}));
  EXPECT_GT(short_of_one.reached_d, to_days(Minutes{4351}));
}

}  // namespace
}  // namespace hindlimb::sim
