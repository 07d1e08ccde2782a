#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hindlimb/study/sweep.hpp"

namespace hindlimb::study {

/// A run of an older file: what it was asked for, and which point it was.
struct OldRun {
  std::string key;
  std::int64_t point = 1;
};

/// Which run of a sweep stands where in its file: in the order of the design; where a file is extended, its runs as
/// they were, then those that it did not have.
class SweepOrder {
 public:
  explicit SweepOrder(const Sweep& sweep) : sweep_(&sweep) {}
  /// @param sweep     must live as long
  /// @param old       the runs that are there, in their order
  /// @param old_file  their file, for messages
  /// @throws InputError if one of them is no run of the sweep
  SweepOrder(const Sweep& sweep, const std::vector<OldRun>& old, const std::string& old_file);

  const Sweep& sweep() const { return *sweep_; }
  std::uint64_t n_runs() const { return sweep_->n_runs(); }
  std::uint64_t n_old() const { return n_old_; }
  SweepRow row(std::uint64_t place) const { return rows_.empty() ? sweep_->row(place) : rows_[place]; }
  /// Number of the point of a run, from 1; of an old run what it was.
  std::int64_t point_number(std::uint64_t place) const {
    return numbers_.empty() ? static_cast<std::int64_t>(row(place).point) + 1 : numbers_[row(place).point];
  }

 private:
  void number_points(const std::vector<OldRun>& old);

  const Sweep* sweep_;
  std::uint64_t n_old_ = 0;
  std::vector<SweepRow> rows_;         ///< empty: the order of the design
  std::vector<std::int64_t> numbers_;  ///< of each point of the design
};

}  // namespace hindlimb::study
