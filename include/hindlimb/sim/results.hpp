#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "hindlimb/sim/section_picture.hpp"

namespace hindlimb::sim {

/// What is measured, against what it is measured: the labels of every series of a run.
struct Labels {
  std::vector<std::string> arms;      ///< names, in the order of the study
  std::vector<std::int32_t> animals;  ///< 1, 2, ...; the same number in two arms is the same rat when pairing is common
  std::vector<std::string> muscles;   ///< names, in the order of the study
  std::vector<std::string> limbs;     ///< {"left", "right"}
  std::vector<double> times_d;        ///< ascending, from the start of the study            [d]
  std::vector<std::int8_t> massaged;  ///< shape [arm][limb], 1 where that limb is massaged
  std::vector<std::string> fibre_types;  ///< {"I", ...}; empty if no series has this axis

  std::size_t series_size() const {
    return arms.size() * animals.size() * muscles.size() * limbs.size() * times_d.size();
  }
  std::size_t index(std::size_t arm, std::size_t animal, std::size_t muscle, std::size_t limb, std::size_t time) const {
    return (((arm * animals.size() + animal) * muscles.size() + muscle) * limbs.size() + limb) * times_d.size() + time;
  }
  bool operator==(const Labels&) const = default;
};

/// One observable of every simulation of a run.
struct Series {
  std::string name;       ///< "csa"
  std::string unit;       ///< "um2"
  std::string long_name;  ///< "fibre cross-sectional area"
  std::vector<double>
      values;  ///< shape [arm][animal][muscle][limb][time]; NaN after an arm's end and where a simulation failed
  bool by_fibre_type = false;  ///< the shape is [arm][animal][muscle][limb][fibre_type][time]

  bool operator==(const Series&) const = default;
};

/// How a run ended. Numbers are written to files: never reused.
enum class RunStatus : std::int8_t { ok = 0, some_simulations_failed = 1 };

/// All that one run (all arms, animals, muscles and limbs of a study) has to say.
struct Results {
  std::map<std::string, std::string>
      attributes;  ///< text for the file's root: title, config, pairing, control, untreated, ...
  std::int64_t seed = 0;
  std::string run_key;  ///< 128 bits as 32 hex digits: what was asked for, whoever runs it
  Labels labels;
  std::vector<Series> series;
  std::vector<SectionPicture> pictures{};  ///< of agents, as the study asked for them
  RunStatus status = RunStatus::ok;
  std::string message;       ///< which simulations failed and why; empty when none
  std::int64_t n_steps = 0;  ///< accepted steps of all simulations
  std::int64_t n_redone =
      0;  ///< muscles that a step too small stopped, and that were done again at a smaller tolerance
  double wall_time_s = 0.0;

  /// @throws Error naming the series there are, if there is none of that name
  const Series& find(const std::string& name) const;
};

}  // namespace hindlimb::sim
