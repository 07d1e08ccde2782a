#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/instruction_set.hpp"
#include "invariants/laws.hpp"
#include "with_environment.hpp"

namespace hindlimb::invariants {
namespace {

using scenario::Fidelity;

Massage massage_of(double force_N) {
  Massage massage;
  massage.phase = "reload";
  massage.force_N = force_N;
  massage.every = Minutes{1440};
  massage.bouts = 2;
  return massage;
}

/// Four days of suspension and two of reloading, without and with massage.
Study small_study(std::int64_t fibres = 60) {
  constexpr Minutes day{1440};
  const std::vector<Phase> phases{{"suspension", {{0.0, 0.0}}, 4 * day}, {"reload", {{1.0, 1.0}}, 2 * day}};
  Study study;
  study.title = "Agents";
  study.seed = 7;
  study.fidelity = Fidelity::agents;
  study.animals.per_arm = 4;
  study.arms = {{"RE", phases, {}, {}, {}}, {"REM", phases, {massage_of(4.5)}, {}, {}}};
  study.agents.fibres = fibres;
  return study;
}

/// Rules are linear and fibres differ in nothing but their size.
Study linear(Study study) {
  set_everywhere(study, &laws::Parameters<double>::slow_sensitivity, 1.0);
  for (laws::Parameters<double>& p : study.parameters) p.slow_turnover_per_d = p.fast_turnover_per_d;
  study.agents.unloading_response_cv = study.agents.massage_response_cv = 0.0;
  study.agents.massage_depth = study.agents.feedback = 0.0;
  return without_random_effects(std::move(study));
}

Study of_the_mean_field(Study study) {
  study.fidelity = Fidelity::mean_field;
  return study;
}

void expect_same_results(const Results& a, const Results& b) {
  ASSERT_EQ(a.labels, b.labels);
  for (std::size_t s = 0; s < a.series.size(); ++s) {
    const bool are_same = std::ranges::equal(a.series[s].values, b.series[s].values, same_bits);
    EXPECT_TRUE(are_same) << a.series[s].name;
  }
}

void expect_same_pictures(const Results& a, const Results& b) {
  ASSERT_EQ(a.pictures.size(), b.pictures.size());
  for (std::size_t i = 0; i < a.pictures.size(); ++i) {
    const sim::SectionPicture& p = a.pictures[i];
    const sim::SectionPicture& q = b.pictures[i];
    EXPECT_EQ(std::tuple(p.arm, p.animal, p.limb, p.time_d), std::tuple(q.arm, q.animal, q.limb, q.time_d));
    EXPECT_TRUE(p.types == q.types && p.set_point_um2 == q.set_point_um2);
    EXPECT_TRUE(p.now.cells == q.now.cells && p.now.fields == q.now.fields);
    EXPECT_TRUE(p.now.fibre_csa_um2 == q.now.fibre_csa_um2 && p.now.fibre_damage == q.now.fibre_damage);
  }
}

/// The last value of each animal in an arm and limb.
std::vector<double> ends(const Results& results, const std::string& series, const std::string& arm, Limb limb,
                         std::size_t time) {
  std::vector<double> values;
  for (std::size_t animal = 0; animal < results.labels.animals.size(); ++animal) {
    values.push_back(curve(results, results.find(series), {arm, animal, results.labels.muscles.front(), limb})[time]);
  }
  return values;
}
std::vector<double> ends(const Results& results, const std::string& series, const std::string& arm, Limb limb) {
  return ends(results, series, arm, limb, results.labels.times_d.size() - 1);
}

double mean_of(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}
double variance_of(const std::vector<double>& numbers) {
  const double mean = mean_of(numbers);
  double sum = 0.0;
  for (const double number : numbers) sum += (number - mean) * (number - mean);
  return sum / static_cast<double>(numbers.size() - 1);
}

TEST(Agents, DoNotDependOnThreadCount) {
  Study study = small_study();
  study.agents.snapshots = {Minutes{0}, Minutes{5 * 1440}};
  study.agents.snapshot_rats = 3;
  const Results one = run(study);
  EXPECT_EQ(one.pictures.size(), 2 * 3 * 2 * 2);
  for (const unsigned threads : {2U, 8U}) {
    const Results several = run(study, threads);
    expect_same_results(one, several);
    expect_same_pictures(one, several);
  }
}

TEST(Agents, HaveTheSameBitsOnEveryInstructionSet) {
  const auto by = [](const char* instruction_set) {
    const WithEnvironment isa("HINDLIMB_ISA", instruction_set);
    return run(small_study());
  };
  const Results baseline = by("baseline");
  for (const auto& [name, set] : {std::pair{"avx2", InstructionSet::avx2}, {"avx512", InstructionSet::avx512}}) {
    if (has(set)) expect_same_results(by(name), baseline);
  }
}

TEST(Agents, KeepTheSameRatsAndSectionsInArmsThatArePaired) {
  Study study = small_study();
  study.arms[1].massages = {massage_of(0.0)};
  const Results results = run(study);
  for (const Place& place : places(results.labels, "RE")) {
    Place massaged = place;
    massaged.arm = "REM";
    EXPECT_TRUE(same_curves(results, place, results, massaged));
  }
}

TEST(Agents, DifferInEveryArmWhenRatsAreIndependent) {
  Study study = without_random_effects(small_study());
  study.arms[1].massages.clear();
  study.animals.pairing = Pairing::independent;
  const Results results = run(study);
  for (const Place& place : places(results.labels, "RE")) {
    Place other = place;
    other.arm = "REM";
    EXPECT_FALSE(same_curves(results, place, results, other));
  }
}

TEST(Agents, AreChangedByMassageOfTheirLimb) {
  const Results results = run(small_study());
  EXPECT_GT(mean_of(ends(results, "pax7", "REM", Limb::right)), mean_of(ends(results, "pax7", "RE", Limb::right)));
  EXPECT_NE(ends(results, "csa", "REM", Limb::right), ends(results, "csa", "RE", Limb::right));
}

TEST(Agents, OfHalfTheRatsAreTheSame) {
  Study study = small_study();
  const Results all = run(study);
  study.animals.per_arm = 2;
  const Results half = run(study);
  for (const Place& place : places(half.labels)) EXPECT_TRUE(same_curves(half, place, all, place));
}

TEST(Agents, OfAnArmRunAloneAreTheSame) { arms_run_alone_are_the_same(small_study()); }
TEST(Agents, DoNotDependOnOtherArms) { other_arms_change_no_arm(small_study()); }

TEST(Agents, DoNotDependOnRecordedTimes) {
  Study study = small_study();
  const Results as_asked = run(study);
  study.record.every = Minutes{720};
  expect_same_arms(as_asked, run(study));
  study.record.times = {Minutes{36}, Minutes{4 * 1440}};
  expect_same_arms(run(study), run(study));
  const Results others = run(study);
  EXPECT_TRUE(same_curves(others, places(others.labels)[0], as_asked, places(others.labels)[0]));
}

TEST(Agents, DoNotDependOnOtherMuscles) {
  Study study = small_study(30);
  study.animals.per_arm = 1;
  another_muscle_changes_no_muscle(study);
}

TEST(Agents, OfAnotherSeedAreOthers) {
  Study study = without_random_effects(small_study());
  const Results one = run(study);
  study.seed = 8;
  const Results other = run(study);
  for (const Place& place : places(one.labels)) EXPECT_FALSE(same_curves(one, place, other, place));
}

/// Welch's test of the means and F-like ratio of the variances, at 4 standard errors: left and right are two samples of
/// one distribution. Each difference between limbs of one rat would show too: none is zero.
TEST(Agents, OfLeftAndRightLimbsAreAlikeButNotEqual) {
  Study study = without_random_effects(small_study(100));
  study.animals.per_arm = 60;
  study.arms.pop_back();
  const Results results = run(study, 2);
  const auto change_of = [&](Limb limb) {
    std::vector<double> change = ends(results, "csa", "RE", limb);
    const std::vector<double> start = ends(results, "csa", "RE", limb, 0);
    for (std::size_t i = 0; i < change.size(); ++i) change[i] = change[i] / start[i] - 1.0;
    return change;
  };
  const std::vector<double> left = change_of(Limb::left);
  const std::vector<double> right = change_of(Limb::right);
  for (std::size_t i = 0; i < left.size(); ++i) EXPECT_NE(left[i], right[i]);
  const auto n = static_cast<double>(left.size());
  EXPECT_LT(mean_of(left), -0.03);
  EXPECT_NEAR(mean_of(left), mean_of(right), 4.0 * std::sqrt((variance_of(left) + variance_of(right)) / n));
  EXPECT_NEAR(std::log(variance_of(left) / variance_of(right)), 0.0, 4.0 * 2.0 / std::sqrt(n - 1.0));
}

// --- the mean field ---------------------------------------------------------------------------------------------

/// Fibres that are like their muscle have the mean field's course: the step is the only difference. It is largest where
/// a bout of massage ends within a step.
TEST(FibresOfOneKind, FollowTheMeanField) {
  Study study = linear(small_study(10));
  study.agents.size_cv = 0.0;
  set_everywhere(study, &laws::Parameters<double>::fusion_per_d, 0.0);  // cells fuse one by one
  study.solver.rtol = study.solver.atol = 1e-10;
  study.animals.per_arm = 1;
  for (laws::Parameters<double>& p : study.parameters) {
    p.fraction_type_I = p.fraction_type_IIa = p.fraction_type_IIb = 0.0;
    p.fraction_type_IIx = 1.0;
  }
  study.record.observables = {Observable::csa,
                              Observable::rna,
                              Observable::myofibrillar_protein,
                              Observable::cytosolic_protein,
                              Observable::mitochondrial_protein,
                              Observable::myofibrillar_synthesis,
                              Observable::myofibrillar_breakdown,
                              Observable::cytosolic_synthesis,
                              Observable::mitochondrial_synthesis,
                              Observable::rna_synthesis,
                              Observable::rna_degradation,
                              Observable::myofibrillar_fsr,
                              Observable::cytosolic_fsr,
                              Observable::mitochondrial_fsr,
                              Observable::rna_fsr};
  const Results agents = run(study);
  const Results mean_field = run(of_the_mean_field(study));
  for (const Place& place : places(agents.labels)) {
    const double rtol = place.arm == "RE" ? 1e-5 : 3e-4;
    for (const sim::Series& series : agents.series) {
      const std::span<const double> a = curve(agents, series, place);
      const std::span<const double> b = curve(mean_field, mean_field.find(series.name), place);
      for (std::size_t t = 0; t < a.size(); ++t) {
        const bool is_near = std::isnan(b[t]) ? std::isnan(a[t]) : std::fabs(a[t] / b[t] - 1.0) < rtol;
        EXPECT_TRUE(is_near) << series.name << " of " << to_string(place) << " on day " << t << ": "
                             << a[t] / b[t] - 1.0;
      }
    }
  }
}

/// Errors of many sections against the mean field: root mean square, relative.
double error_of(const Results& agents, const Results& mean_field, const std::string& series, std::size_t time) {
  double sum = 0.0;
  double n = 0.0;
  for (const Limb limb : scenario::limbs) {
    const double expected = ends(mean_field, series, "RE", limb, time).front();
    for (const double value : ends(agents, series, "RE", limb, time)) {
      sum += std::pow(value / expected - 1.0, 2);
      ++n;
    }
  }
  return std::sqrt(sum / n);
}

double slope_of(const std::map<double, double>& errors) {
  double x = 0.0;
  double y = 0.0;
  double xx = 0.0;
  double xy = 0.0;
  const auto n = static_cast<double>(errors.size());
  for (const auto& [size, error] : errors) {
    const double log_size = std::log(size);
    x += log_size / n;
    y += std::log(error) / n;
    xx += log_size * log_size / n;
    xy += log_size * std::log(error) / n;
  }
  return (xy - x * y) / (xx - x * x);
}

/// Independent fibres and cells: errors go with 1 / sqrt(N). The logarithm of a root mean square of k sections scatters
/// by 1 / sqrt(2 k): with 80, and sizes that are a factor of 4 apart, the slope of four points by 0.08 / (1.39 x
/// sqrt(5)) = 0.025; of CSA, whose scatter is not quite normal, by a little more. The band of 0.1 is four of those.
void expect_convergence(std::int64_t sections_per_size) {
  std::map<double, double> csa;
  std::map<double, double> ed1;
  for (const std::int64_t fibres : {50, 200, 800, 3200}) {
    Study study = linear(small_study(fibres));
    study.muscles = {MuscleName::soleus};
    study.arms.pop_back();
    study.animals.per_arm = sections_per_size / 2;
    study.record.every = Minutes{1440};
    const Results agents = run(study, 2);
    study.animals.per_arm = 1;
    const Results mean_field = run(of_the_mean_field(study));
    const auto n = static_cast<double>(fibres);
    csa[n] = error_of(agents, mean_field, "csa", 5);
    ed1[n] = error_of(agents, mean_field, "ed1", 5);
  }
  EXPECT_NEAR(slope_of(csa), -0.5, 0.1);
  EXPECT_NEAR(slope_of(ed1), -0.5, 0.1);
}

TEST(LongAgents, ConvergeToTheMeanFieldWithTheNumberOfFibres) { expect_convergence(80); }

/// Everything on: what bends is small.
TEST(Agents, StayNearTheMeanFieldWithEffectsAndFeedback) {
  Study study = without_random_effects(small_study(3000));
  study.animals.per_arm = 2;
  const Results agents = run(study, 2);
  const Results mean_field = run(of_the_mean_field(study));
  for (const Place& place : places(agents.labels)) {
    const std::span<const double> a = curve(agents, agents.find("csa"), place);
    const std::span<const double> b = curve(mean_field, mean_field.find("csa"), place);
    for (std::size_t t = 0; t < a.size(); ++t) {
      EXPECT_NEAR(a[t] / a[0], b[t] / b[0], 0.003) << to_string(place) << " on day " << t;
    }
    // some 500 cells: three standard deviations
    EXPECT_NEAR(
        curve(agents, agents.find("ed2"), place).back() / curve(mean_field, mean_field.find("ed2"), place).back(), 1.0,
        0.15);
  }
}

/// States at half steps are there for the agents: a run of the mean field beside them takes none for a recorded one.
TEST(Agents, AndTheMeanFieldSideBySideAreAsTheyAreAlone) {
  const Study agents = small_study(20);
  const Study mean_field = of_the_mean_field(agents);
  const std::vector<sim::Run> runs{{&agents, 0}, {&mean_field, 0}};
  const sim::Recording recording{.observables = scenario::recorded_observables(agents),
                                 .times = scenario::recorded_times(agents)};
  const sim::RecordedRuns together = sim::simulate(runs, recording, {});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const sim::RecordedRuns alone = sim::simulate({&runs[i], 1}, recording, {});
    for (std::size_t s = 0; s < alone.series.size(); ++s) {
      const std::size_t n = alone.series[s].size();
      const std::span<const double> part = std::span(together.series[s]).subspan(i * n, n);
      EXPECT_TRUE(std::ranges::equal(part, alone.series[s], same_bits)) << s;
    }
  }
}

TEST(Agents, OfWhichOnlyEndsAreRecordedEndAlike) {
  const Study study = small_study(20);
  const sim::Run one{&study, 0};
  const sim::RecordedRuns ended =
      sim::simulate({&one, 1}, {.observables = {Observable::csa, Observable::ed2}, .times = {}, .ends_only = true}, {});
  const Results all = run(study);
  for (const auto& [i, name] : {std::pair{0U, "csa"}, {1U, "ed2"}}) {
    std::vector<double> expected;
    for (const Place& place : places(all.labels)) expected.push_back(curve(all, all.find(name), place).back());
    EXPECT_TRUE(std::ranges::equal(ended.series[i], expected, same_bits)) << name;
  }
}

// --- going on after a stop --------------------------------------------------------------------------------------

struct Stopped {};

/// Keeps every step, and stops the run after so many.
class StoppingStore final : public sim::SectionStore {
 public:
  explicit StoppingStore(std::size_t allowed) : allowed_(allowed) {}

  std::string find(const std::string& name) override {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(name);
    if (found != kept_.end()) ++n_found_;
    return found == kept_.end() ? "" : found->second;
  }
  bool is_due(const std::string&) override { return true; }
  void keep(const std::string& name, const std::function<std::string()>& state) override {
    const std::lock_guard lock(mutex_);
    if (allowed_ == 0) throw Stopped{};
    --allowed_;
    ++n_kept_;
    kept_[name] = state();
  }
  void allow(std::size_t keeps) { allowed_ = keeps; }
  std::size_t n_found() const { return n_found_; }
  std::size_t n_kept() const { return n_kept_; }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> kept_;
  std::size_t allowed_;
  std::size_t n_found_ = 0;
  std::size_t n_kept_ = 0;
};

Study stopped_study() {
  Study study = small_study(40);
  study.animals.per_arm = 2;
  study.agents.snapshots = {Minutes{1440}, Minutes{5 * 1440}};
  return study;
}

constexpr std::size_t everything = 1'000'000;

TEST(Agents, ThatWereStoppedEndAsIfNothingHadHappened) {
  const Study study = stopped_study();
  const Results undisturbed = run(study);
  for (const std::size_t after : {0U, 1U, 37U, 240U, 300U, 1000U}) {
    StoppingStore store(after);
    sim::RunOptions options;
    options.sections = &store;
    EXPECT_THROW(sim::run_study(study, options), Stopped) << after;
    store.allow(everything);
    const Results resumed = sim::run_study(study, options);
    EXPECT_EQ(store.n_found() > 0, after > 0);
    expect_same_results(undisturbed, resumed);
    expect_same_pictures(undisturbed, resumed);
  }
}

TEST(Agents, ThatWereStoppedAgainAndAgainEndAsIfNothingHadHappened) {
  const Study study = stopped_study();
  StoppingStore store(0);
  sim::RunOptions options;
  options.sections = &store;
  options.threads = 2;
  for (int i = 0; i < 5; ++i) {
    store.allow(150);
    EXPECT_THROW(sim::run_study(study, options), Stopped);
  }
  store.allow(everything);
  const Results resumed = sim::run_study(study, options);
  expect_same_results(run(study), resumed);
  expect_same_pictures(run(study), resumed);
}

TEST(Agents, ThatAreAllKeptAreNotSimulatedAgain) {
  const Study study = stopped_study();
  StoppingStore store(everything);
  sim::RunOptions options;
  options.sections = &store;
  const Results once = sim::run_study(study, options);
  const std::size_t n_kept = store.n_kept();
  const Results again = sim::run_study(study, options);
  EXPECT_EQ(store.n_kept(), n_kept);
  expect_same_results(once, again);
  expect_same_pictures(once, again);
}

/// Gives back what was kept, changed.
class ChangingStore final : public sim::SectionStore {
 public:
  explicit ChangingStore(std::function<std::string(std::string)> change) : change_(std::move(change)) {}
  std::string find(const std::string& name) override { return kept_.contains(name) ? change_(kept_[name]) : ""; }
  bool is_due(const std::string&) override { return false; }
  void keep(const std::string& name, const std::function<std::string()>& state) override { kept_[name] = state(); }

 private:
  std::map<std::string, std::string> kept_;
  std::function<std::string(std::string)> change_;
};

TEST(Agents, RefuseACheckpointThatIsCutOrTooLong) {
  for (const double share : {0.0001, 0.01, 0.1, 0.5, 0.9, 0.9999, 1.01}) {
    ChangingStore store([&](std::string state) {
      const auto size = static_cast<std::size_t>(share * static_cast<double>(state.size()));
      state.resize(share < 1.0 ? std::max<std::size_t>(1, size) : size + 1, 'x');
      return state;
    });
    sim::RunOptions options;
    options.sections = &store;
    sim::run_study(stopped_study(), options);
    EXPECT_THROW(sim::run_study(stopped_study(), options), Error) << share;
  }
}

/// Which times are recorded is no part of a run's key, so its checkpoints may be found.
TEST(Agents, RefuseACheckpointOfOtherTimes) {
  void (*const changes[])(Study&) = {[](Study& s) { s.record.every = Minutes{720}; },
                                     [](Study& s) {
                                       s.record.times = {Minutes{360}, Minutes{6 * 1440}};
                                     },
                                     [](Study& s) {
                                       s.agents.snapshots = {Minutes{2880}, Minutes{5 * 1440}};
                                     },
                                     [](Study& s) { s.agents.snapshots.clear(); }};
  for (const auto change : changes) {
    ChangingStore store([](std::string state) { return state; });
    sim::RunOptions options;
    options.sections = &store;
    Study study = stopped_study();
    sim::run_study(study, options);
    change(study);
    EXPECT_THROW(sim::run_study(study, options), Error);
  }
}

}  // namespace
}  // namespace hindlimb::invariants
