#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "hindlimb/ensemble/ensemble.hpp"
#include "hindlimb/sim/exchange.hpp"
#include "hindlimb/sim/run.hpp"

namespace hindlimb::sim {

/// One muscle, or head of one, of one limb in one arm of one run.
struct Place {
  std::size_t run;
  std::size_t arm;
  scenario::Muscle muscle;
  scenario::Limb limb;
};

/// A part of the protocol that one or more places have in common: they are simulated once, up to where they part.
struct Stretch {
  std::size_t rat_parameters = 0;  ///< index into Histories::parameters_from
  std::vector<Segment<double>> segments{};
  std::vector<ensemble::Span> spans{};  ///< the same in days
  std::optional<std::size_t> before{};  ///< the stretch that it follows
  std::vector<std::size_t> after{};     ///< the stretches that follow it
  std::vector<std::size_t> ends{};      ///< the places that end with it
  std::vector<Minutes> times{};         ///< recorded in it
  std::vector<double> times_d{};        ///< the same in days
};

/// What every rat lives through in some runs, as a forest of stretches. Places that have the same parameters and the
/// same segments up to some stop share what lies before it, bit for bit, since every stop is a fresh start of the
/// integrator: the untreated arms of a sweep over massage are there once.
///
/// Who has the same parameters: without random effects all rats and both limbs; with common pairing a limb in all arms;
/// and runs, where the parameters of the muscle, the animals, the seed and the replicate are equal. Random effects
/// never touch what the protocol is made of, so that one forest serves all rats.
class Histories {
 public:
  /// @param runs   as many arms in each of them, and the same muscles
  /// @param times  recorded, ascending; each place up to the end of its arm
  Histories(std::span<const Run> runs, const std::vector<Minutes>& times);

  const std::vector<Stretch>& stretches() const { return stretches_; }
  const std::vector<std::size_t>& roots() const { return roots_; }
  /// For each set of parameters that a rat needs, a place that has them.
  const std::vector<Place>& parameters_from() const { return parameters_from_; }
  /// The stretches of a place, in order of time.
  std::vector<std::size_t> path_to(const Place& place) const;
  std::size_t parameters_of(const Place& place) const { return stretches_[last_[index(place)]].rat_parameters; }
  /// All rats are alike: one of them tells everything.
  bool has_one_rat() const { return has_one_rat_; }

 private:
  void insert(const Place& place, std::size_t rat_parameters, std::vector<Segment<double>> segments);
  std::size_t add(std::size_t rat_parameters, std::optional<std::size_t> before, std::vector<Segment<double>> segments);
  void split(std::size_t stretch, std::size_t n_segments);
  std::size_t rat_parameters_of(std::span<const Run> runs, const Place& place);
  std::size_t index(const Place& place) const {
    return ((place.run * n_arms_ + place.arm) * laws::n_muscles + static_cast<std::size_t>(place.muscle)) *
               scenario::limbs.size() +
           static_cast<std::size_t>(place.limb);
  }
  void set_times(const std::vector<Minutes>& times);

  std::size_t n_arms_;
  bool has_one_rat_;
  std::vector<Stretch> stretches_;
  std::vector<std::size_t> roots_;
  std::vector<std::vector<std::size_t>> roots_of_;  ///< for each set of parameters
  std::vector<Place> parameters_from_;
  std::unordered_map<std::string, std::size_t> found_parameters_;  ///< by what tells them apart
  std::vector<std::size_t> last_;  ///< for each place by index(): the stretch that it ends with
};

}  // namespace hindlimb::sim
