#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hindlimb/io/sweep_file.hpp"

namespace hindlimb::io {

/// The runs of a sweep in the order of its file, wherever they are.
class SweepRows {
 public:
  explicit SweepRows(const SweepRuns& runs);

  std::uint64_t n_runs() const { return n_runs_; }
  std::uint64_t runs_per_chunk() const { return chunk_; }
  /// Numbers of each run, of a series.
  std::size_t size_of(std::size_t series) const { return runs_.store.form().series[series]; }

  struct Outcomes {
    std::vector<std::string> keys;
    std::vector<std::int8_t> statuses;  ///< not_run where it is missing
    std::vector<std::string> messages;
    std::vector<std::int64_t> n_steps;
    std::vector<std::int64_t> n_redone;
    std::vector<double> wall_times_s;
  };
  Outcomes outcomes(std::uint64_t first_run, std::uint64_t count) const;

  /// The numbers of some runs of a series, NaN where they are missing.
  /// @return false if all are
  bool read(std::size_t series, const std::string& name, std::uint64_t first_run, std::uint64_t count,
            std::vector<double>& numbers);
  /// The bytes of a whole chunk, if a block is just that.
  std::optional<std::string> whole_chunk(std::size_t series, std::uint64_t first_run) const;

 private:
  std::vector<std::uint64_t> blocks_within(std::uint64_t first_run, std::uint64_t count) const;
  const std::vector<double>& decoded(std::size_t series, std::uint64_t block);

  const SweepRuns& runs_;
  std::uint64_t n_runs_;
  std::uint64_t n_old_;
  std::uint64_t chunk_;
  std::vector<std::uint64_t> blocks_;
  std::size_t decoded_series_ = 0;
  std::optional<std::uint64_t> decoded_block_;
  std::vector<double> decoded_;
};

}  // namespace hindlimb::io
