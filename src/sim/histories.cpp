#include "sim/histories.hpp"

#include <algorithm>
#include <set>

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

}  // namespace

Histories::Histories(const Study& study, std::uint64_t replicate) : has_one_rat_(!has_random_effects(study.animals)) {
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    for (const scenario::Muscle muscle : simulated_muscles(study)) {
      for (const scenario::Limb limb : scenario::limbs) {
        const auto p = laws::coefficients(individual_parameters(study, study.arms[arm], {replicate, 1}, muscle, limb));
        const Place place{arm, muscle, limb};
        insert(place, rat_parameters_of(study, place), segments(study, study.arms[arm], muscle, limb, p));
      }
    }
  }
  set_times(study);
}

std::size_t Histories::rat_parameters_of(const Study& study, const Place& place) {
  const bool is_paired = study.animals.pairing == scenario::Pairing::common;
  const auto has_the_same = [&](const Place& other) {
    return other.muscle == place.muscle &&
           (has_one_rat_ || (other.limb == place.limb && (is_paired || other.arm == place.arm)));
  };
  const auto found = std::ranges::find_if(parameters_from_, has_the_same);
  if (found == parameters_from_.end()) {
    parameters_from_.push_back(place);
    return parameters_from_.size() - 1;
  }
  return static_cast<std::size_t>(found - parameters_from_.begin());
}

void Histories::insert(const Place& place, std::size_t rat_parameters, Segments left) {
  std::optional<std::size_t> last;
  while (!left.empty()) {
    const std::vector<std::size_t>& next = last ? stretches_[*last].after : roots_;
    const auto found = std::ranges::find_if(next, [&](std::size_t i) {
      return stretches_[i].rat_parameters == rat_parameters && stretches_[i].segments.front() == left.front();
    });
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
  ends_.push_back({place, *last});
}

std::size_t Histories::add(std::size_t rat_parameters, std::optional<std::size_t> before, Segments segments) {
  const std::size_t added = stretches_.size();
  (before ? stretches_[*before].after : roots_).push_back(added);
  stretches_.push_back({.rat_parameters = rat_parameters, .segments = std::move(segments), .before = before});
  return added;
}

/// Leaves the first segments in the stretch and puts the rest, and all that followed it, into a new one.
void Histories::split(std::size_t stretch, std::size_t n_segments) {
  std::vector<std::size_t> followers = std::move(stretches_[stretch].after);
  stretches_[stretch].after.clear();
  Segments& whole = stretches_[stretch].segments;
  const auto cut = whole.begin() + static_cast<std::ptrdiff_t>(n_segments);
  Segments rest(cut, whole.end());
  whole.erase(cut, whole.end());
  const std::size_t added = add(stretches_[stretch].rat_parameters, stretch, std::move(rest));
  for (const std::size_t follower : followers) stretches_[follower].before = added;
  stretches_[added].after = std::move(followers);
  for (End& end : ends_) {
    if (end.last == stretch) end.last = added;
  }
}

void Histories::set_times(const Study& study) {
  const std::vector<Minutes> times = scenario::recorded_times(study);
  for (Stretch& stretch : stretches_) {
    for (const Segment<double>& segment : stretch.segments) {
      stretch.spans.push_back({to_days(segment.start), to_days(segment.end), segment.stimulus, segment.bolus});
    }
    for (const Minutes time : times) {
      if (stretch.segments.front().start < time && time <= stretch.segments.back().end) {
        stretch.times.push_back(time);
        stretch.times_d.push_back(to_days(time));
      }
    }
  }
}

std::size_t Histories::last_of(const Place& place) const { return std::ranges::find(ends_, place, &End::place)->last; }

std::vector<std::size_t> Histories::path_to(const Place& place) const {
  std::vector<std::size_t> path{last_of(place)};
  while (stretches_[path.back()].before) path.push_back(*stretches_[path.back()].before);
  std::ranges::reverse(path);
  return path;
}

}  // namespace hindlimb::sim
