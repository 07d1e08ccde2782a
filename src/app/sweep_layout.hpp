#pragma once

#include <string>
#include <variant>

#include "hindlimb/io/sweep_file.hpp"
#include "hindlimb/study/sweep_order.hpp"

namespace hindlimb::app {

/// What the file of a sweep says besides its runs; without provenance.
io::SweepForm sweep_form(const study::Sweep& sweep);

/// A value as it stands in a file; a load is that of the limbs, which is the same for both.
std::variant<double, std::string> cell_of(const scenario::Value& value);

/// What is known of a run before it is run.
/// @param study  base() of the sweep or the study of any point; becomes that of the run's point
io::RunRow sweep_row(const study::SweepOrder& order, std::uint64_t run, scenario::Study& study);

/// @param identity  of what is stored: of the sweep, or of it and the file that it extends
io::StoreForm store_form(const study::SweepOrder& order, const std::string& identity, const std::string& about);

/// How the runs of a block went, as it is stored: each has its share of the time.
io::StoredRuns stored_runs(const study::SweepBlock& block);

/// The blocks in which runs are simulated and stored: the first may be short, so that the others are whole chunks.
struct BlockRange {
  std::uint64_t first;
  std::uint64_t end;
};
BlockRange block_from(const io::StoreForm& form, std::uint64_t first);

}  // namespace hindlimb::app
