#include "hindlimb/sim/run.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::sim {
namespace {

using muscle::Observable;
using scenario::LimbChoice;
using scenario::MuscleName;
using scenario::Study;

/// Weight bearing for 3 d, and suspension of 2 d with massage of the right soleus. Nothing crosses.
Study two_arms() {
  Study study;
  study.title = "Two arms";
  study.seed = 7;
  study.muscles = {MuscleName::edl, MuscleName::soleus};
  study.animals.per_arm = 3;
  study.arms = {{"WB", {{"cage", {{1.0, 1.0}}, Minutes{4320}}}, {}, {}, {}},
                {"HSM", {{"suspension", {{0.0, 0.3}}, Minutes{2900}}}, {}, {}, {}}};
  scenario::Massage massage;
  massage.muscles = {MuscleName::soleus};
  massage.phase = "suspension";
  massage.bouts = 1;
  study.arms[1].massages = {massage};
  for (laws::Parameters<double>& p : study.parameters) p.humoral_gain = p.neural_gain = p.behavioural_gain = 0.0;
  study.record.every = Minutes{1440};
  study.record.observables = {Observable::wet_mass, Observable::csa};
  study.compare = {"WB", "HSM"};
  EXPECT_TRUE(scenario::find_problems(study).empty());
  return study;
}

Results run(const Study& study, unsigned threads = 1) {
  RunOptions options;
  options.threads = threads;
  return run_study(study, options);
}

/// Runs at the times of two_arms().
RecordedRuns simulate_all(const std::vector<Run>& runs) {
  const Study study = two_arms();
  return simulate(runs, {scenario::recorded_observables(study), scenario::recorded_times(study)}, {});
}

/// Bits, so that NaN equals NaN.
std::vector<std::uint64_t> bits(const Series& series) {
  std::vector<std::uint64_t> words;
  for (const double value : series.values) words.push_back(std::bit_cast<std::uint64_t>(value));
  return words;
}

TEST(RunStudy, LabelsWhatItMeasures) {
  const Labels labels = run(two_arms()).labels;
  EXPECT_THAT(labels.arms, testing::ElementsAre("WB", "HSM"));
  EXPECT_THAT(labels.animals, testing::ElementsAre(1, 2, 3));
  EXPECT_THAT(labels.muscles, testing::ElementsAre("edl", "soleus"));
  EXPECT_THAT(labels.limbs, testing::ElementsAre("left", "right"));
  EXPECT_THAT(labels.times_d, testing::ElementsAre(0.0, 1.0, 2.0, 2900.0 / 1440.0, 3.0));
  EXPECT_THAT(labels.massaged, testing::ElementsAre(0, 0, 0, 1));
}

TEST(RunStudy, RecordsTheObservablesThatAreAskedForWithTheirUnits) {
  const Results results = run(two_arms());
  ASSERT_EQ(results.series.size(), 2U);
  EXPECT_EQ(results.series[0].name, "wet_mass");
  EXPECT_EQ(results.series[0].unit, "mg");
  EXPECT_EQ(results.series[1].name, "csa");
  EXPECT_EQ(results.series[1].unit, "um2");
  EXPECT_EQ(results.series[0].values.size(), results.labels.series_size());
}

TEST(RunStudy, RecordsAreasByFibreTypeWithAnAxisOfTheirOwn) {
  Study study = two_arms();
  study.record.observables = {Observable::csa_by_type, Observable::csa};
  for (laws::Parameters<double>& p : study.parameters) {
    p.fraction_type_I = p.fraction_type_IIb = 0.0;
    p.fraction_type_IIa = p.fraction_type_IIx = 0.3;
  }
  const Results results = run(study);
  const Labels& labels = results.labels;
  EXPECT_THAT(labels.fibre_types, testing::ElementsAre("I", "IIa", "IIx", "IIb"));
  EXPECT_TRUE(results.series[0].by_fibre_type);
  EXPECT_FALSE(results.series[1].by_fibre_type);
  ASSERT_EQ(results.series[0].values.size(), 4 * labels.series_size());
  for (std::size_t i = 0; i < results.series[0].values.size(); ++i) {
    const std::size_t time = i % labels.times_d.size();
    const std::size_t type = i / labels.times_d.size() % 4;
    const bool is_in_first_arm = i < 4 * labels.index(1, 0, 0, 0, 0);
    const bool is_known = is_in_first_arm || labels.times_d[time] <= 2900.0 / 1440.0;
    EXPECT_EQ(std::isnan(results.series[0].values[i]), type == 0 || type == 3 || !is_known) << i;
  }
}

TEST(RunStudy, PutsTheGastrocnemiusTogetherFromItsHeads) {
  Study study = two_arms();
  study.arms[1].massages.clear();
  study.muscles = {MuscleName::gastrocnemius, MuscleName::gastrocnemius_lateral, MuscleName::gastrocnemius_medial};
  const Results results = run(study);
  const std::vector<double>& mass = results.find("wet_mass").values;
  for (const std::size_t limb : {0U, 1U}) {
    const auto of = [&](std::size_t muscle) { return mass[results.labels.index(1, 2, muscle, limb, 2)]; };
    EXPECT_EQ(of(0), of(2) + of(1));
  }
}

TEST(RunStudy, SaysWhatItWasAskedFor) {
  const Results results = run(two_arms());
  EXPECT_THAT(results.attributes, testing::IsSupersetOf({std::pair<const std::string, std::string>{"title", "Two arms"},
                                                         {"pairing", "common"},
                                                         {"control", "WB"},
                                                         {"untreated", "HSM"}}));
  EXPECT_EQ(results.seed, 7);
  EXPECT_EQ(results.status, RunStatus::ok);
  EXPECT_EQ(results.message, "");
  EXPECT_GT(results.n_steps, 0);
}

TEST(RunStudy, HasNoNumbersAfterTheEndOfAnArm) {
  const Results results = run(two_arms());
  const std::vector<double>& csa = results.find("csa").values;
  EXPECT_TRUE(std::isfinite(csa[results.labels.index(1, 2, 1, 1, 3)]));
  EXPECT_TRUE(std::isnan(csa[results.labels.index(1, 2, 1, 1, 4)]));
  EXPECT_TRUE(std::isfinite(csa[results.labels.index(0, 2, 1, 1, 4)]));
}

TEST(RunStudy, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Results one = run(two_arms(), 1);
  for (const unsigned threads : {2U, 8U}) {
    const Results several = run(two_arms(), threads);
    EXPECT_EQ(several.labels, one.labels);
    EXPECT_EQ(several.n_steps, one.n_steps);
    for (std::size_t i = 0; i < one.series.size(); ++i) EXPECT_EQ(bits(several.series[i]), bits(one.series[i]));
  }
}

/// Weight bearing takes few steps, the massaged muscle takes most: a limit between them fails some and not others.
class TooFewSteps : public testing::Test {
 protected:
  TooFewSteps() {
    Study alone = two_arms();
    alone.animals.per_arm = 1;
    alone.muscles = {MuscleName::edl};
    alone.arms.resize(1);
    alone.compare = {};
    weight_bearing_steps_ = run(alone).n_steps / 2;
    limited_ = two_arms();
    limited_.solver.max_steps = weight_bearing_steps_ + 1;
  }

  std::int64_t weight_bearing_steps_ = 0;
  Study limited_;
};

TEST_F(TooFewSteps, LeaveOnlyTheMusclesThatFailedWithoutNumbers) {
  const Results whole = run(two_arms());
  const Results results = run(limited_);
  const Labels& labels = results.labels;
  EXPECT_EQ(results.status, RunStatus::some_simulations_failed);
  for (std::size_t i = 0; i < results.series.size(); ++i) {
    const std::vector<double>& values = results.series[i].values;
    for (std::size_t place = 0; place < values.size(); ++place) {
      if (place < labels.index(1, 0, 0, 0, 0)) {
        EXPECT_EQ(values[place], whole.series[i].values[place]);
      } else {
        EXPECT_TRUE(std::isnan(values[place]));
      }
    }
  }
}

TEST_F(TooFewSteps, AreReportedWithTheMuscleAndTheDay) {
  limited_.animals.per_arm = 2;
  const std::string message = run(limited_).message;
  EXPECT_THAT(message, testing::StartsWith(
                           "arm HSM, animal 1, edl, left limb: needs more steps than solver.max_steps after day "));
  EXPECT_THAT(message, testing::HasSubstr("; arm HSM, animal 2, soleus, right limb: "));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("arm WB")));
}

TEST_F(TooFewSteps, AreReportedTheSameOnAnyNumberOfThreads) {
  EXPECT_EQ(run(limited_, 8).message, run(limited_, 1).message);
}

TEST_F(TooFewSteps, AreCountedRatherThanNamedWhenThereAreMany) {
  limited_.animals.per_arm = 300;
  const std::string message = run(limited_).message;
  EXPECT_LT(message.size(), 2000U);
  const auto named = std::ranges::count(message, ':');
  EXPECT_THAT(message, testing::EndsWith(fmt::format("; and {} more", std::ptrdiff_t{300} * 2 * 2 - named)));
}

TEST(Progress, NeverGoesBackAndReachesTheTotal) {
  for (const unsigned threads : {1U, 8U}) {
    std::vector<std::int64_t> done;
    RunOptions options;
    options.threads = threads;
    options.on_progress = [&](std::int64_t now, std::int64_t total) {
      EXPECT_EQ(total, 2 * 3 * 2 * 2);
      done.push_back(now);
    };
    run_study(two_arms(), options);
    EXPECT_TRUE(std::ranges::is_sorted(done));
    ASSERT_FALSE(done.empty());
    EXPECT_EQ(done.back(), 2 * 3 * 2 * 2);
  }
}

TEST(Replicate, HasRatsOfItsOwn) {
  const Study study = two_arms();
  EXPECT_NE(simulate_all({{&study, 3}}).series[0], simulate_all({{&study, 0}}).series[0]);
}

TEST(Runs, AreTheSameSideBySideAsAlone) {
  const Study base = two_arms();
  std::vector<Study> studies(4, base);
  studies[1].arms[1].phases[0].duration = base.arms[1].phases[0].duration.value() + Minutes{1440};
  studies[2].parameters[1].drive_max *= 1.3;
  studies[3].animals.set_point_cv = studies[3].animals.unloading_response_cv = studies[3].animals.massage_response_cv =
      0.0;
  const std::vector<sim::Run> runs{
      {&studies[0], 0}, {&studies[1], 0}, {&studies[2], 7}, {&studies[3], 0}, {&studies[0], 1}};
  const RecordedRuns together = simulate_all(runs);
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const RecordedRuns alone = simulate_all({runs[run]});
    EXPECT_EQ(together.outcomes[run], alone.outcomes[0]);
    for (std::size_t i = 0; i < alone.series.size(); ++i) {
      const std::size_t size = alone.series[i].size();
      const double* first = together.series[i].data() + run * size;
      EXPECT_EQ(std::memcmp(first, alone.series[i].data(), size * sizeof(double)), 0) << "run " << run;
    }
  }
}

TEST(Runs, OfWhichOnlyTheEndsAreRecordedEndAsTheSeriesDo) {
  const Study study = two_arms();
  const sim::Run run{&study, 0};
  const Recording ends{scenario::recorded_observables(study), {}, true};
  const RecordedRuns only = simulate({&run, 1}, ends, {});
  const RecordedRuns all = simulate_all({run});
  const std::vector<Minutes> times = scenario::recorded_times(study);
  for (std::size_t row = 0; row < only.series[0].size(); ++row) {
    const std::size_t arm = row * study.arms.size() / only.series[0].size();
    const auto end = std::ranges::find(times, end_of(study, study.arms[arm])) - times.begin();
    EXPECT_EQ(only.series[0][row], all.series[0][row * times.size() + static_cast<std::size_t>(end)]);
  }
}

TEST(Results, NameTheSeriesThereAreWhenAskedForAnother) {
  const Results results = run(two_arms());
  EXPECT_THAT(
      [&] { static_cast<void>(results.find("cas")); },
      testing::ThrowsMessage<Error>(testing::AllOf(testing::HasSubstr("'cas'"), testing::HasSubstr("wet_mass, csa"))));
}

}  // namespace
}  // namespace hindlimb::sim
