#pragma once

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <utility>
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

using muscle::Observable;
using scenario::Arm;
using scenario::Limb;
using scenario::LimbChoice;
using scenario::Massage;
using scenario::Muscle;
using scenario::MuscleName;
using scenario::Pairing;
using scenario::Phase;
using scenario::Study;
using scenario::Training;
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

inline Study without_training(Study study) {
  for (Arm& arm : study.arms) arm.trainings.clear();
  return study;
}

/// Every phase is normal cage life; massage and training are left as they are.
inline Study in_the_cage(Study study) {
  for (Arm& arm : study.arms) {
    for (Phase& phase : arm.phases) phase.load = {{1.0, 1.0}};
  }
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
    std::erase_if(arm.trainings, [](const Training& training) { return training.limb == LimbChoice::right; });
    for (Training& training : arm.trainings) training.limb = LimbChoice::both;
  }
  return study;
}

inline LimbChoice mirrored(LimbChoice limb) {
  if (limb == LimbChoice::both) return limb;
  return limb == LimbChoice::left ? LimbChoice::right : LimbChoice::left;
}

inline Study mirrored(Study study) {
  for (Arm& arm : study.arms) {
    for (Phase& phase : arm.phases) std::swap(phase.load.by_limb[0], phase.load.by_limb[1]);
    for (Massage& massage : arm.massages) massage.limb = mirrored(massage.limb);
    for (Training& training : arm.trainings) training.limb = mirrored(training.limb);
  }
  return study;
}

/// Every muscle there is, and the gastrocnemius as a whole.
inline Study with_all_muscles(Study study) {
  study.muscles.clear();
  for (std::size_t i = scenario::muscle_names.size(); i-- > 0;) study.muscles.push_back(MuscleName{i});
  return study;
}

/// The muscles that are simulated for a study, each once.
inline std::vector<Muscle> heads_in(const Study& study) {
  std::set<Muscle> heads;
  for (const MuscleName name : study.muscles) {
    for (const Muscle muscle : scenario::heads_of(name)) heads.insert(muscle);
  }
  return {heads.begin(), heads.end()};
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

/// The muscles that are simulated for a place.
inline std::vector<Muscle> heads_of(const Place& place) {
  return scenario::heads_of(
      MuscleName(std::ranges::find(scenario::muscle_names, place.muscle) - scenario::muscle_names.begin()));
}

inline laws::Coefficients<double> coefficients_of(const Study& study, const Arm& arm, std::size_t animal, Muscle muscle,
                                                  Limb limb) {
  return laws::coefficients(sim::individual_parameters(study, arm, {0, animal + 1}, muscle, limb));
}

inline std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  EXPECT_NE(found, names.end()) << name;
  return static_cast<std::size_t>(found - names.begin());
}

inline std::size_t width(const Results& results, const sim::Series& series) {
  return series.by_fibre_type ? results.labels.fibre_types.size() : 1;
}

/// The values of a place over time, of one fibre type where the series has them.
inline std::span<const double> curve(const Results& results, const sim::Series& series, const Place& place,
                                     std::size_t type = 0) {
  const sim::Labels& labels = results.labels;
  const std::size_t row = labels.index(index_of(labels.arms, place.arm), place.animal,
                                       index_of(labels.muscles, place.muscle), static_cast<std::size_t>(place.limb), 0);
  return std::span(series.values)
      .subspan(row * width(results, series) + type * labels.times_d.size(), labels.times_d.size());
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
  std::vector<std::pair<std::size_t, std::size_t>> common;
  for (std::size_t i = 0, j = 0; i < a.labels.times_d.size() && j < b.labels.times_d.size();) {
    const double time_a = a.labels.times_d[i];
    const double time_b = b.labels.times_d[j];
    if (time_a == time_b) common.emplace_back(i, j);
    if (time_a <= time_b) ++i;
    if (time_b <= time_a) ++j;
  }
  for (std::size_t s = 0; s < a.series.size(); ++s) {
    for (std::size_t type = 0; type < width(a, a.series[s]); ++type) {
      const std::span<const double> curve_a = curve(a, a.series[s], in_a, type);
      const std::span<const double> curve_b = curve(b, b.series[s], in_b, type);
      for (const auto& [i, j] : common) {
        if (same_bits(curve_a[i], curve_b[j])) continue;
        return testing::AssertionFailure() << fmt::format("{} of {} on day {}: {} and {}", a.series[s].name,
                                                          to_string(in_a), a.labels.times_d[i], curve_a[i], curve_b[j]);
      }
    }
  }
  return common.empty() ? testing::AssertionFailure() << "no time in common" : testing::AssertionSuccess();
}

/// Every curve of an arm in run a is that of run b.
inline void expect_same_arm(const Results& a, const Results& b, const std::string& arm) {
  for (const Place& place : places(a.labels, arm)) EXPECT_TRUE(same_curves(a, place, b, place));
}

inline void expect_same_arms(const Results& a, const Results& b) {
  for (const std::string& arm : a.labels.arms) expect_same_arm(a, b, arm);
}

// --- laws -------------------------------------------------------------------------------------------------------

/// What D2O tells changes with time in weight bearing too, by its nature: the share of a pool that is labelled grows,
/// but less and less, and is divided by the time since the label was given. Before that, it is not a number.
constexpr Observable measured_by_label[] = {
    Observable::myofibrillar_fsr, Observable::cytosolic_fsr,         Observable::mitochondrial_fsr,
    Observable::collagen_fsr,     Observable::myofibrillar_kdeg_d2o, Observable::rna_fsr,
    Observable::dna_fsr};

inline bool is_measured_by_label(Observable observable) {
  return std::ranges::find(measured_by_label, observable) != std::end(measured_by_label);
}

/// An observable of a place at the start, of heads put together if it has two.
inline double at_start(const Study& study, const Place& place, Observable observable, std::size_t type) {
  const Arm& arm = *std::ranges::find(study.arms, place.arm, &Arm::name);
  const muscle::StateVector<double> start = muscle::weight_bearing_state<double>();
  std::vector<laws::Coefficients<double>> p;
  std::vector<double> values;
  for (const Muscle muscle : heads_of(place)) {
    p.push_back(coefficients_of(study, arm, place.animal, muscle, place.limb));
    values.push_back(muscle::observe(start, 0.0, p.back()).at(observable, type));
  }
  if (values.size() == 1) return values[0];
  const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(observable)];
  return info.width > 1 ? muscle::combine_type(type, values[0], p[0], values[1], p[1])
                        : muscle::combine(info.weight, values[0], p[0], values[1], p[1]);
}

/// Weight bearing is a fixed point: not nearly, but to the bit, for every rat.
inline void weight_bearing_stays_on_its_start(const Study& any_study) {
  Study study = in_the_cage(without_massage(without_training(any_study)));
  study.record.observables.clear();
  const Results results = run(study);
  for (const Place& place : places(results.labels)) {
    const Arm& arm = study.arms[index_of(results.labels.arms, place.arm)];
    for (std::size_t s = 0; s < results.series.size(); ++s) {
      for (std::size_t type = 0; type < width(results, results.series[s]); ++type) {
        const std::span<const double> values = curve(results, results.series[s], place, type);
        const double start = at_start(study, place, Observable{s}, type);
        for (std::size_t t = 0; t < values.size(); ++t) {
          const double time_d = results.labels.times_d[t];
          const bool is_known = time_d <= to_days(scenario::end_of(study, arm));
          const bool is_labelled = is_known && time_d > to_days(scenario::label_start(arm));
          const bool is_right = !is_measured_by_label(Observable{s})
                                    ? (is_known ? same_bits(values[t], start) : std::isnan(values[t]))
                                    : (is_labelled ? std::isfinite(values[t]) : std::isnan(values[t]));
          EXPECT_TRUE(is_right) << results.series[s].name << " of " << to_string(place) << " on day " << time_d << ": "
                                << values[t];
        }
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
    const auto is_massaged = [&](Muscle muscle) { return !scenario::bouts_on(arm, place.limb, muscle).empty(); };
    if (std::ranges::any_of(heads_of(place), is_massaged)) continue;
    EXPECT_TRUE(same_curves(none, place, massaged, place));
  }
}

/// Training of 0 min or no sessions is no training.
inline void training_of_nothing_is_no_training(const Study& study) {
  void (*const nothings[])(Training&) = {[](Training& t) { t.session = Minutes{0}; },
                                         [](Training& t) { t.sessions = 0; }};
  const Results none = run(without_training(study));
  for (const auto make_nothing : nothings) {
    Study nothing = study;
    for (Arm& arm : nothing.arms) std::ranges::for_each(arm.trainings, make_nothing);
    expect_same_arms(none, run(nothing));
  }
}

/// Without cross-education a limb that is not itself trained knows nothing of any training.
inline void without_cross_education_nothing_crosses(Study study) {
  set_everywhere(study, &laws::Parameters<double>::cross_education_gain, 0.0);
  const Results trained = run(study);
  const Results none = run(without_training(study));
  for (const Place& place : places(none.labels)) {
    const Arm& arm = study.arms[index_of(none.labels.arms, place.arm)];
    if (!scenario::sessions_of(arm, place.limb).empty()) continue;
    EXPECT_TRUE(same_curves(none, place, trained, place));
  }
}

/// What crosses from a trained limb is voluntary activation: size and all else of the other limb keep their bits, in
/// the cage, where they do not depend on how time is cut into steps. Label does, and is exempt.
inline void training_changes_only_the_strength_of_the_other_limb(const Study& any_study) {
  Study study = in_the_cage(without_massage(any_study));
  study.record.observables.clear();
  for (std::size_t i = 0; i < muscle::n_observables; ++i) {
    if (Observable{i} != Observable::voluntary_strength && !is_measured_by_label(Observable{i}))
      study.record.observables.push_back(Observable{i});
  }
  const Results trained = run(study);
  const Results none = run(without_training(study));
  for (const Place& place : places(none.labels)) {
    const Arm& arm = study.arms[index_of(none.labels.arms, place.arm)];
    if (!scenario::sessions_of(arm, place.limb).empty()) continue;
    EXPECT_TRUE(same_curves(none, place, trained, place));
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
  expect_same_arms(run(study), run(with_all_muscles(study)));
}

/// How much a head counts in a mean over the gastrocnemius. Fibres of a type count by their own number.
inline double share(const sim::Series& series, muscle::Weight weight, const laws::Coefficients<double>& p,
                    std::size_t type) {
  const double fibres = p.wet_mass_mg * (1.0 - p.extracellular_fraction) / (p.csa_um2 * p.fibre_length_mm);
  switch (weight) {
    case muscle::Weight::total:
      return 1.0;
    case muscle::Weight::fibres:
      return series.by_fibre_type ? fibres * p.type_fraction[type] : fibres;
    case muscle::Weight::protein:
      return p.wet_mass_mg;
    case muscle::Weight::area:
      return fibres * p.csa_um2;
  }
  return 0.0;
}

/// The gastrocnemius is its two heads put together, at every time, to rounding.
inline void gastrocnemius_is_its_heads(const Study& any_study) {
  constexpr double rtol = 1e-13;  // a dozen roundings
  const Study study = with_all_muscles(any_study);
  const Results results = run(study);
  for (const Place& whole : places(results.labels)) {
    if (whole.muscle != "gastrocnemius") continue;
    const Arm& arm = study.arms[index_of(results.labels.arms, whole.arm)];
    const std::vector<Muscle> heads = heads_of(whole);
    for (std::size_t s = 0; s < results.series.size(); ++s) {
      const sim::Series& series = results.series[s];
      const muscle::Weight weight =
          std::ranges::find(muscle::observable_table, series.name, &muscle::ObservableInfo::name)->weight;
      for (std::size_t type = 0; type < width(results, series); ++type) {
        std::vector<double> sum(results.labels.times_d.size(), 0.0);
        double shares = 0.0;
        for (const Muscle head : heads) {
          Place place = whole;
          place.muscle = laws::muscle_names[static_cast<std::size_t>(head)];
          const double part = share(series, weight, coefficients_of(study, arm, whole.animal, head, whole.limb), type);
          shares += part;
          const std::span<const double> values = curve(results, series, place, type);
          for (std::size_t t = 0; part > 0.0 && t < sum.size(); ++t) sum[t] += part * values[t];
        }
        const std::span<const double> values = curve(results, series, whole, type);
        for (std::size_t t = 0; t < sum.size(); ++t) {
          const double expected = weight == muscle::Weight::total ? sum[t] : sum[t] / shares;
          const bool is_equal = std::isnan(expected) ? std::isnan(values[t])
                                                     : std::fabs(values[t] - expected) <= rtol * std::fabs(expected);
          EXPECT_TRUE(is_equal) << series.name << " of " << to_string(whole) << ", fibre type " << type << ", on day "
                                << results.labels.times_d[t] << ": " << values[t] << ", of its heads " << expected;
        }
      }
    }
  }
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
    if (!study.record.times.empty())
      std::erase_if(alone.record.times, [&](Minutes time) { return time > scenario::horizon(alone); });
    expect_same_arm(run(alone), together, arm.name);
  }
}

/// A pool is an amount or an activity: always positive. Not so states that weight bearing holds at 0, some of which
/// have a sign, and states that follow a load of 0, which end within the error of a step on either side of it.
inline bool is_pool(std::size_t state) {
  constexpr muscle::State follow_the_load[] = {muscle::load_signal, muscle::load_history, muscle::tolerance,
                                               muscle::neural_drive};
  return muscle::state_table[state].weight_bearing > 0.0 &&
         std::ranges::find(follow_the_load, state) == std::end(follow_the_load);
}

/// Pools and what of them is labelled.
constexpr std::pair<muscle::State, muscle::State> labelled_pools[] = {
    {muscle::myofibrillar, muscle::labelled_myofibrillar},
    {muscle::cytosolic, muscle::labelled_cytosolic},
    {muscle::mitochondrial, muscle::labelled_mitochondrial},
    {muscle::collagen_dynamic, muscle::labelled_collagen},
    {muscle::rna, muscle::labelled_rna},
    {muscle::dna, muscle::labelled_dna}};

/// A pool all of whose material is labelled is as large as its label, but for the errors of the steps so far.
constexpr double label_atol = 1e-6;

inline void expect_sound(const muscle::StateVector<double>& y, double since_label_d,
                         const laws::Coefficients<double>& p) {
  const auto state = [&y](std::size_t i) { return y[static_cast<Eigen::Index>(i)]; };
  for (std::size_t i = 0; i < muscle::n_states; ++i) {
    EXPECT_TRUE(std::isfinite(state(i)) && (state(i) > 0.0 || !is_pool(i)))
        << muscle::state_table[i].name << ": " << state(i);
  }
  for (const auto& [pool, labelled] : labelled_pools) {
    EXPECT_TRUE(state(labelled) >= -label_atol && state(labelled) <= state(pool) + label_atol)
        << muscle::state_table[labelled].name << ": " << state(labelled) << " of " << state(pool);
  }
  EXPECT_TRUE(state(muscle::body_water) >= -label_atol && state(muscle::body_water) <= 1.0 + label_atol)
      << state(muscle::body_water);
  const muscle::Observables<double> observables = muscle::observe(y, since_label_d, p);
  for (std::size_t i = 0; i < muscle::n_observables; ++i) {
    for (std::size_t type = 0; type < muscle::observable_table[i].width; ++type) {
      const double value = observables.at(Observable{i}, type);
      const bool is_there = muscle::observable_table[i].width == 1 || p.type_fraction[type] > 0.0;
      const bool is_number = is_there && (since_label_d > 0.0 || !is_measured_by_label(Observable{i}));
      EXPECT_TRUE(is_number ? std::isfinite(value) : std::isnan(value))
          << muscle::observable_table[i].name << ": " << value;
    }
  }
}

inline void expect_sound_course(const Study& study, const Arm& arm, std::size_t animal, Muscle muscle, Limb limb,
                                std::span<const Minutes> times) {
  SCOPED_TRACE(
      to_string(Place{arm.name, animal, std::string(laws::muscle_names[static_cast<std::size_t>(muscle)]), limb}));
  const laws::Coefficients<double> p = coefficients_of(study, arm, animal, muscle, limb);
  const std::vector<sim::Segment<double>> protocol = sim::segments(study, arm, muscle, limb, p);
  const auto on_record = [&](std::size_t i, const auto& y) {
    expect_sound(y, to_days(times[i] - scenario::label_start(arm)), p);
  };
  EXPECT_EQ(sim::integrate_muscle(std::span(protocol), p, study.solver, times, on_record).outcome,
            ode::Outcome::reached);
}

inline void pools_stay_positive_and_finite(const Study& study) {
  const std::vector<Minutes> all_times = scenario::recorded_times(study);
  for (const Arm& arm : study.arms) {
    const std::span<const Minutes> times(all_times.begin(),
                                         std::ranges::upper_bound(all_times, scenario::end_of(study, arm)));
    for (std::size_t animal = 0; animal < static_cast<std::size_t>(study.animals.per_arm); ++animal) {
      for (const Muscle muscle : heads_in(study)) {
        for (const Limb limb : scenario::limbs) expect_sound_course(study, arm, animal, muscle, limb, times);
      }
    }
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
