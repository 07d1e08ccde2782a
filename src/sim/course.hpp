#pragma once

#include <cstddef>
#include <memory>
#include <tuple>
#include <vector>

#include "hindlimb/agents/tissue.hpp"
#include "hindlimb/sim/integrate.hpp"

namespace hindlimb::sim {

/// One muscle of one limb in one arm of one run, as indices.
struct Course {
  std::size_t run;
  std::size_t arm;
  std::size_t muscle;
  std::size_t limb;
  std::size_t n_times;  ///< recorded until the arm ends
  /// A muscle that is one, or a head of one, and the stretches that it goes through.
  struct Head {
    scenario::Muscle muscle;
    std::size_t rat_parameters;
    std::vector<std::size_t> path;
  };
  std::vector<Head> heads;
};

/// The tissues of one limb of one rat that have been made: arms that share their luck share them.
class Tissues {
 public:
  /// Forgets those of other limbs.
  void turn_to(const Course& course) {
    const std::tuple limb{course.run, course.muscle, course.limb};
    if (limb != limb_) entries_.clear();
    limb_ = limb;
  }

  template <class Make>
  const agents::Tissue& of(const Course::Head& head, const agents::Luck& luck, Make make) {
    for (const Entry& entry : entries_) {
      if (entry.rat_parameters == head.rat_parameters && entry.tissue->luck == luck) return *entry.tissue;
    }
    entries_.push_back({head.rat_parameters, make()});
    return *entries_.back().tissue;
  }

 private:
  struct Entry {
    std::size_t rat_parameters;
    std::unique_ptr<agents::Tissue> tissue;
  };
  std::tuple<std::size_t, std::size_t, std::size_t> limb_;
  std::vector<Entry> entries_;
};

/// How the simulation of one course of one rat ended.
struct CourseOutcome : MuscleOutcome {
  bool is_redone = false;
};

}  // namespace hindlimb::sim
