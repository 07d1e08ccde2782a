#include "sim/histories.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <type_traits>

#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/sim/animal.hpp"

namespace hindlimb::sim {

using scenario::Study;
using Segments = std::vector<Segment<double>>;

namespace {

bool has_random_effects(const scenario::Animals& animals) {
  return animals.set_point_cv != 0.0 || animals.unloading_response_cv != 0.0 || animals.massage_response_cv != 0.0;
}

/// Muscles and heads of muscles that a study needs, each once.
std::set<scenario::Muscle> simulated_muscles(const Study& study) {
  std::set<scenario::Muscle> muscles;
  for (const scenario::MuscleName name : study.muscles) {
    for (const scenario::Muscle muscle : scenario::heads_of(name)) muscles.insert(muscle);
  }
  return muscles;
}

template <class... Values>
void append(std::string& bytes, const Values&... values) {
  static_assert((std::is_trivially_copyable_v<Values> && ...));
  (bytes.append(reinterpret_cast<const char*>(&values), sizeof values), ...);
}

/// All that the parameters of a place are drawn from: equal here, equal in every rat.
std::string origin_of(const Run& run, const Place& place) {
  const Study& study = *run.study;
  const scenario::Animals& animals = study.animals;
  std::string bytes;
  append(bytes, study.parameters[static_cast<std::size_t>(place.muscle)]);
  append(bytes, place.muscle, animals.sex);
  append(bytes, animals.age_months, animals.body_mass_g);
  if (!has_random_effects(animals)) return bytes;
  append(bytes, place.limb);
  append(bytes, animals.set_point_cv, animals.unloading_response_cv, animals.massage_response_cv,
         animals.limb_correlation);
  append(bytes, study.seed, run.replicate);
  if (animals.pairing == scenario::Pairing::independent) bytes += study.arms[place.arm].name;
  return bytes;
}

}  // namespace

Histories::Histories(std::span<const Run> runs, const std::vector<Minutes>& times)
    : n_arms_(runs[0].study->arms.size()),
      has_one_rat_(std::ranges::none_of(
          runs, has_random_effects, [](const Run& run) -> const auto& { return run.study->animals; })),
      last_(runs.size() * n_arms_ * laws::n_muscles * scenario::limbs.size()) {
  const std::set<scenario::Muscle> muscles = simulated_muscles(*runs[0].study);
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const Study& study = *runs[run].study;
    for (std::size_t arm = 0; arm < n_arms_; ++arm) {
      for (const scenario::Muscle muscle : muscles) {
        for (const scenario::Limb limb : scenario::limbs) {
          const Place place{run, arm, muscle, limb};
          const auto p =
              laws::coefficients(individual_parameters(study, study.arms[arm], {runs[run].replicate, 1}, muscle, limb));
          insert(place, rat_parameters_of(runs, place), segments(study, study.arms[arm], muscle, limb, p));
        }
      }
    }
  }
  set_times(times);
}

std::size_t Histories::rat_parameters_of(std::span<const Run> runs, const Place& place) {
  const auto [found, is_new] =
      found_parameters_.try_emplace(origin_of(runs[place.run], place), parameters_from_.size());
  if (is_new) {
    parameters_from_.push_back(place);
    roots_of_.emplace_back();
  }
  return found->second;
}

void Histories::insert(const Place& place, std::size_t rat_parameters, Segments left) {
  std::optional<std::size_t> last;
  while (!left.empty()) {
    const std::vector<std::size_t>& next = last ? stretches_[*last].after : roots_of_[rat_parameters];
    const auto found =
        std::ranges::find_if(next, [&](std::size_t i) { return stretches_[i].segments.front() == left.front(); });
    if (found == next.end()) {
      last = add(rat_parameters, last, std::move(left));
      break;
    }
    last = *found;
    const Segments& shared = stretches_[*last].segments;
    const auto n_shared = static_cast<std::size_t>(std::ranges::mismatch(shared, left).in1 - shared.begin());
    if (n_shared < shared.size()) split(*last, n_shared);
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(n_shared));
  }
  last_[index(place)] = *last;
  stretches_[*last].ends.push_back(index(place));
}

std::size_t Histories::add(std::size_t rat_parameters, std::optional<std::size_t> before, Segments segments) {
  const std::size_t added = stretches_.size();
  (before ? stretches_[*before].after : roots_of_[rat_parameters]).push_back(added);
  if (!before) roots_.push_back(added);
  stretches_.push_back({.rat_parameters = rat_parameters, .segments = std::move(segments), .before = before});
  return added;
}

/// Leaves the first segments in the stretch and puts the rest, and all that followed it, into a new one.
void Histories::split(std::size_t stretch, std::size_t n_segments) {
  std::vector<std::size_t> followers = std::move(stretches_[stretch].after);
  std::vector<std::size_t> ends = std::move(stretches_[stretch].ends);
  stretches_[stretch].after.clear();
  stretches_[stretch].ends.clear();
  Segments& whole = stretches_[stretch].segments;
  const auto cut = whole.begin() + static_cast<std::ptrdiff_t>(n_segments);
  Segments rest(cut, whole.end());
  whole.erase(cut, whole.end());
  const std::size_t added = add(stretches_[stretch].rat_parameters, stretch, std::move(rest));
  for (const std::size_t follower : followers) stretches_[follower].before = added;
  for (const std::size_t place : ends) last_[place] = added;
  stretches_[added].after = std::move(followers);
  stretches_[added].ends = std::move(ends);
}

void Histories::set_times(const std::vector<Minutes>& times) {
  for (Stretch& stretch : stretches_) {
    for (const Segment<double>& segment : stretch.segments) {
      stretch.spans.push_back({to_days(segment.start), to_days(segment.end), segment.stimulus, segment.bolus});
    }
    const auto first = std::ranges::upper_bound(times, stretch.segments.front().start);
    stretch.times.assign(first, std::upper_bound(first, times.end(), stretch.segments.back().end));
    for (const Minutes time : stretch.times) stretch.times_d.push_back(to_days(time));
  }
}

std::vector<std::size_t> Histories::path_to(const Place& place) const {
  std::vector<std::size_t> path{last_[index(place)]};
  while (stretches_[path.back()].before) path.push_back(*stretches_[path.back()].before);
  std::ranges::reverse(path);
  return path;
}

}  // namespace hindlimb::sim
