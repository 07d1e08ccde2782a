#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "hindlimb/ensemble/ensemble.hpp"
#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/exchange.hpp"

namespace hindlimb::sim {

/// One muscle, or head of one, of one limb in one arm.
struct Place {
  std::size_t arm;
  scenario::Muscle muscle;
  scenario::Limb limb;

  bool operator==(const Place&) const = default;
};

/// A part of the protocol that one or more places have in common: they are simulated once, up to where they part.
struct Stretch {
  std::size_t rat_parameters = 0;  ///< index into Histories::parameters_from
  std::vector<Segment<double>> segments{};
  std::vector<ensemble::Span> spans{};  ///< the same in days
  std::optional<std::size_t> before{};  ///< the stretch that it follows
  std::vector<std::size_t> after{};     ///< the stretches that follow it
  std::vector<Minutes> times{};         ///< recorded in it
  std::vector<double> times_d{};        ///< the same in days
};

/// What every rat of a study lives through, as a forest of stretches. Places that have the same parameters and the same
/// segments up to some stop share what lies before it, bit for bit, since every stop is a fresh start of the
/// integrator.
///
/// Who has the same parameters: without random effects all rats and both limbs; with common pairing a limb in all arms.
/// Random effects never touch what the protocol is made of, so that one forest serves all rats.
class Histories {
 public:
  explicit Histories(const scenario::Study& study, std::uint64_t replicate);

  const std::vector<Stretch>& stretches() const { return stretches_; }
  const std::vector<std::size_t>& roots() const { return roots_; }
  /// For each set of parameters that a rat needs, a place that has them.
  const std::vector<Place>& parameters_from() const { return parameters_from_; }
  /// The stretches of a place, in order of time.
  std::vector<std::size_t> path_to(const Place& place) const;
  std::size_t parameters_of(const Place& place) const { return stretches_[last_of(place)].rat_parameters; }
  /// All rats are alike: one of them tells everything.
  bool has_one_rat() const { return has_one_rat_; }

 private:
  struct End {
    Place place;
    std::size_t last;
  };

  void insert(const Place& place, std::size_t rat_parameters, std::vector<Segment<double>> segments);
  std::size_t add(std::size_t rat_parameters, std::optional<std::size_t> before, std::vector<Segment<double>> segments);
  void split(std::size_t stretch, std::size_t n_segments);
  std::size_t rat_parameters_of(const scenario::Study& study, const Place& place);
  std::size_t last_of(const Place& place) const;
  void set_times(const scenario::Study& study);

  std::vector<Stretch> stretches_;
  std::vector<std::size_t> roots_;
  std::vector<Place> parameters_from_;
  std::vector<End> ends_;
  bool has_one_rat_;
};

}  // namespace hindlimb::sim
