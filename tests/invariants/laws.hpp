#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/exchange.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "hindlimb/sim/run.hpp"

/// Laws that hold for every study, whatever its parameters: each is a function that checks it for one study.
namespace hindlimb::invariants {

using scenario::Arm;
using scenario::Limb;
using scenario::LimbChoice;
using scenario::Massage;
using scenario::Muscle;
using scenario::Pairing;
using scenario::Phase;
using scenario::Study;
using sim::Results;

// --- studies ----------------------------------------------------------------------------------------------------

/// Every file in configs/ that describes a study, by its name without .toml.
inline std::vector<std::string> config_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(HINDLIMB_SOURCE_DIR "/configs")) {
    const std::filesystem::path& file = entry.path();
    if (file.extension() == ".toml" && io::read_toml(file).find("arm") != nullptr) names.push_back(file.stem());
  }
  std::ranges::sort(names);
  return names;
}

/// The study of a file in configs/, with a few of its rats: laws do not depend on how many there are.
inline Study read_config(const std::string& name) {
  constexpr std::int64_t enough = 2;
  Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/" + name + ".toml");
  study.animals.per_arm = std::min(study.animals.per_arm, enough);
  return study;
}

inline void set_everywhere(Study& study, double laws::Parameters<double>::*parameter, double value) {
  for (laws::Parameters<double>& p : study.parameters) p.*parameter = value;
}

inline Study without_crossover(Study study) {
  set_everywhere(study, &laws::Parameters<double>::humoral_gain, 0.0);
  set_everywhere(study, &laws::Parameters<double>::neural_gain, 0.0);
  set_everywhere(study, &laws::Parameters<double>::behavioural_gain, 0.0);
  return study;
}

inline Study without_massage(Study study) {
  for (Arm& arm : study.arms) arm.massages.clear();
  return study;
}

inline Study without_random_effects(Study study) {
  study.animals.set_point_cv = study.animals.unloading_response_cv = study.animals.massage_response_cv = 0.0;
  return study;
}

/// Both limbs of every arm get what the left one got.
inline Study with_equal_limbs(Study study) {
  for (Arm& arm : study.arms) {
    for (Phase& phase : arm.phases) phase.load.by_limb[1] = phase.load.by_limb[0];
    std::erase_if(arm.massages, [](const Massage& massage) { return massage.limb == LimbChoice::right; });
    for (Massage& massage : arm.massages) massage.limb = LimbChoice::both;
  }
  return study;
}

inline Study mirrored(Study study) {
  for (Arm& arm : study.arms) {
    for (Phase& phase : arm.phases) std::swap(phase.load.by_limb[0], phase.load.by_limb[1]);
    for (Massage& massage : arm.massages) {
      if (massage.limb == LimbChoice::both) continue;
      massage.limb = massage.limb == LimbChoice::left ? LimbChoice::right : LimbChoice::left;
    }
  }
  return study;
}

/// The study with its open arms closed where they end anyway, so that an arm can be taken out of it.
inline Study with_stated_ends(Study study) {
  const Minutes end = scenario::horizon(study);
  for (Arm& arm : study.arms) {
    const Minutes start = scenario::start_of(arm, arm.phases.size() - 1);
    if (!arm.phases.back().duration) arm.phases.back().duration = end - start;
  }
  return study;
}

inline Results run(const Study& study, unsigned threads = 1) {
  for (const Problem& problem : scenario::find_problems(study)) ADD_FAILURE() << to_string(problem);
  sim::RunOptions options;
  options.threads = threads;
  return sim::run_study(study, options);
}

// --- comparison -------------------------------------------------------------------------------------------------

/// One muscle of one limb of one rat in a run.
struct Place {
  std::string arm;
  std::size_t animal;
  std::string muscle;
  Limb limb;
};

inline std::string to_string(const Place& place) {
  return fmt::format("arm {}, animal {}, {}, {} limb", place.arm, place.animal + 1, place.muscle,
                     scenario::limb_names[static_cast<std::size_t>(place.limb)]);
}

inline Muscle muscle_of(const Place& place) {
  return static_cast<Muscle>(std::ranges::find(laws::muscle_names, place.muscle) - laws::muscle_names.begin());
}

inline std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  EXPECT_NE(found, names.end()) << name;
  return static_cast<std::size_t>(found - names.begin());
}

/// Where the series of a place begin.
inline std::size_t row(const sim::Labels& labels, const Place& place) {
  return labels.index(index_of(labels.arms, place.arm), place.animal, index_of(labels.muscles, place.muscle),
                      static_cast<std::size_t>(place.limb), 0);
}

inline std::vector<Place> places(const sim::Labels& labels, const std::string& arm) {
  std::vector<Place> all;
  for (std::size_t animal = 0; animal < labels.animals.size(); ++animal)
    for (const std::string& muscle : labels.muscles)
      for (const Limb limb : scenario::limbs) all.push_back({arm, animal, muscle, limb});
  return all;
}

inline std::vector<Place> places(const sim::Labels& labels) {
  std::vector<Place> all;
  for (const std::string& arm : labels.arms) std::ranges::copy(places(labels, arm), std::back_inserter(all));
  return all;
}

inline bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

/// All series of both places have the same bits at all times that both runs recorded, of which there are some.
inline testing::AssertionResult same_curves(const Results& a, const Place& in_a, const Results& b, const Place& in_b) {
  const std::size_t row_a = row(a.labels, in_a);
  const std::size_t row_b = row(b.labels, in_b);
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.labels.times_d.size() && j < b.labels.times_d.size();) {
    const double time_a = a.labels.times_d[i];
    const double time_b = b.labels.times_d[j];
    for (std::size_t s = 0; time_a == time_b && s < a.series.size(); ++s) {
      ++common;
      const double value_a = a.series[s].values[row_a + i];
      const double value_b = b.series[s].values[row_b + j];
      if (same_bits(value_a, value_b)) continue;
      return testing::AssertionFailure() << fmt::format("{} of {} on day {}: {} and {}", a.series[s].name, to_string(in_a), time_a, value_a, value_b);
    }
    if (time_a <= time_b) ++i;
    if (time_b <= time_a) ++j;
  }
  return common > 0 ? testing::AssertionSuccess() : testing::AssertionFailure() << "no time in common";
}

/// Every curve of an arm in run a is that of run b.
inline void expect_same_arm(const Results& a, const Results& b, const std::string& arm) {
  for (const Place& place : places(a.labels, arm)) EXPECT_TRUE(same_curves(a, place, b, place));
}

inline void expect_same_arms(const Results& a, const Results& b) {
  for (const std::string& arm : a.labels.arms) expect_same_arm(a, b, arm);
}

// --- laws -------------------------------------------------------------------------------------------------------

/// Weight bearing is a fixed point: not nearly, but to the bit, for every rat.
inline void weight_bearing_stays_on_its_start(Study study) {
  study = without_massage(std::move(study));
  for (Arm& arm : study.arms) {
    for (Phase& phase : arm.phases) phase.load = {{1.0, 1.0}};
  }
  study.record.observables.clear();
  const Results results = run(study);
  for (const Place& place : places(results.labels)) {
    const Arm& arm = study.arms[index_of(results.labels.arms, place.arm)];
    const muscle::Observables start =
        muscle::observe(muscle::weight_bearing_state<double>(),
                        sim::individual_parameters(study, arm, {0, place.animal + 1}, muscle_of(place), place.limb));
    const std::size_t first = row(results.labels, place);
    for (std::size_t s = 0; s < results.series.size(); ++s) {
      for (std::size_t t = 0; t < results.labels.times_d.size(); ++t) {
        const double value = results.series[s].values[first + t];
        const bool is_over = results.labels.times_d[t] > to_days(scenario::end_of(study, arm));
        EXPECT_TRUE(is_over ? std::isnan(value) : same_bits(value, start[s]))
            << results.series[s].name << " of " << to_string(place) << " on day " << results.labels.times_d[t];
      }
    }
  }
}

/// A massage of 0 N, 0 Hz, 0 min or no bouts is no massage.
inline void massage_of_nothing_is_no_massage(const Study& study) {
  void (*const nothings[])(Massage&) = {[](Massage& m) { m.force_N = 0.0; }, [](Massage& m) { m.frequency_Hz = 0.0; },
                                        [](Massage& m) { m.bout = Minutes{0}; }, [](Massage& m) { m.bouts = 0; }};
  const Results none = run(without_massage(study));
  for (const auto make_nothing : nothings) {
    Study nothing = study;
    for (Arm& arm : nothing.arms) std::ranges::for_each(arm.massages, make_nothing);
    expect_same_arms(none, run(nothing));
  }
}

/// Without crossover a muscle that is not itself massaged knows nothing of any massage.
inline void without_gain_nothing_crosses(Study study) {
  study = without_crossover(std::move(study));
  const Results massaged = run(study);
  const Results none = run(without_massage(study));
  for (const Place& place : places(none.labels)) {
    const Arm& arm = study.arms[index_of(none.labels.arms, place.arm)];
    if (!scenario::bouts_on(arm, place.limb, muscle_of(place)).empty()) continue;
    EXPECT_TRUE(same_curves(none, place, massaged, place));
  }
}

/// Limbs that are treated alike are alike, but for luck.
inline void left_equals_right(Study study) {
  const Results results = run(without_random_effects(with_equal_limbs(std::move(study))));
  for (Place place : places(results.labels)) {
    const Place left = place;
    place.limb = Limb::right;
    EXPECT_TRUE(same_curves(results, left, results, place));
  }
}

/// To treat the other side gives the same on the other side, but for luck.
inline void mirroring_mirrors(Study study) {
  study = without_random_effects(std::move(study));
  const Results results = run(study);
  const Results reflection = run(mirrored(study));
  for (const Place& place : places(results.labels)) {
    Place reflected = place;
    reflected.limb = scenario::other(place.limb);
    EXPECT_TRUE(same_curves(results, place, reflection, reflected));
  }
}

inline void threads_change_nothing(const Study& study) {
  const Results one = run(study, 1);
  for (const unsigned threads : {2U, 5U}) {
    const Results several = run(study, threads);
    EXPECT_EQ(several.labels, one.labels);
    EXPECT_EQ(several.n_steps, one.n_steps);
    EXPECT_EQ(several.message, one.message);
    expect_same_arms(one, several);
  }
}

/// More, fewer or other recorded times change no value at a time that both runs record.
inline void recorded_times_change_no_value(const Study& study) {
  const Results as_asked = run(study);
  Study other = study;
  other.record.times = {scenario::recorded_times(study).front()};
  expect_same_arms(as_asked, run(other));
  const Minutes end = scenario::horizon(study);
  other.record.times = scenario::recorded_times(study);
  for (int part = 1; part < 97; ++part) other.record.times.push_back(end * part / 97);
  expect_same_arms(as_asked, run(other));
}

inline void another_muscle_changes_no_muscle(const Study& study) {
  Study all = study;
  all.muscles.clear();
  for (std::size_t i = laws::n_muscles; i-- > 0;) all.muscles.push_back(static_cast<Muscle>(i));
  expect_same_arms(run(study), run(all));
}

/// Neither the order of the arms nor another arm matters, with the same rats in every arm or others.
inline void other_arms_change_no_arm(Study study) {
  study = with_stated_ends(std::move(study));
  for (const Pairing pairing : {Pairing::common, Pairing::independent}) {
    study.animals.pairing = pairing;
    Study more = study;
    more.arms.push_back(study.arms.front());
    more.arms.back().name += "_again";
    std::ranges::reverse(more.arms);
    expect_same_arms(run(study), run(more));
  }
}

inline void arms_run_alone_are_the_same(Study study) {
  study = with_stated_ends(std::move(study));
  const Results together = run(study);
  for (const Arm& arm : study.arms) {
    Study alone = study;
    alone.arms = {arm};
    alone.compare = {};
    if (!study.record.times.empty()) std::erase_if(alone.record.times, [&](Minutes time) { return time > scenario::horizon(alone); });
    expect_same_arm(run(alone), together, arm.name);
  }
}

/// A pool is an amount or an activity: always positive. Not so states that weight bearing holds at 0, some of which have
/// a sign, and states that follow a load of 0, which end within the error of a step on either side of it.
inline bool is_pool(std::size_t state) {
  constexpr muscle::State follow_the_load[] = {muscle::load_signal, muscle::load_history, muscle::tolerance, muscle::neural_drive};
  return muscle::state_table[state].weight_bearing > 0.0 && std::ranges::find(follow_the_load, state) == std::end(follow_the_load);
}

inline void expect_positive_and_finite(const muscle::StateVector<double>& y, const laws::Parameters<double>& p) {
  for (std::size_t i = 0; i < muscle::n_states; ++i) {
    const double value = y[static_cast<Eigen::Index>(i)];
    EXPECT_TRUE(std::isfinite(value) && (value > 0.0 || !is_pool(i))) << muscle::state_table[i].name << ": " << value;
  }
  const muscle::Observables observables = muscle::observe(y, p);
  for (std::size_t i = 0; i < muscle::n_observables; ++i) {
    EXPECT_TRUE(std::isfinite(observables[i])) << muscle::observable_table[i].name << ": " << observables[i];
  }
}

inline void pools_stay_positive_and_finite(const Study& study) {
  const std::vector<Minutes> all_times = scenario::recorded_times(study);
  for (const Place& place : places(run(study).labels)) {
    const Arm& arm = *std::ranges::find(study.arms, place.arm, &Arm::name);
    const Muscle muscle = muscle_of(place);
    const laws::Parameters<double> p = sim::individual_parameters(study, arm, {0, place.animal + 1}, muscle, place.limb);
    const std::vector<sim::Segment> protocol = sim::segments(study, arm, muscle, place.limb, p);
    const std::span<const Minutes> times(all_times.begin(), std::ranges::upper_bound(all_times, protocol.back().end));
    SCOPED_TRACE(to_string(place));
    const auto outcome = sim::integrate_muscle(protocol, p, study.solver, times,
                                               [&](std::size_t, const auto& y) { expect_positive_and_finite(y, p); });
    EXPECT_EQ(outcome.outcome, ode::Outcome::reached);
  }
}

/// Another seed is other rats if there are random effects, and nothing else.
inline void seed_changes_the_luck_alone(Study study) {
  study.record.observables = {muscle::Observable::csa};
  Study other = study;
  other.seed = study.seed / 2 + 7;
  const Results results = run(study);
  if (study.animals.set_point_cv > 0.0) {
    const Results of_other_seed = run(other);
    for (const Place& place : places(results.labels)) EXPECT_FALSE(same_curves(results, place, of_other_seed, place));
  }
  expect_same_arms(run(without_random_effects(study)), run(without_random_effects(other)));
}

}  // namespace hindlimb::invariants
