#include "hindlimb/study/sweep_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/sim/run_key.hpp"

namespace hindlimb::study {

SweepOrder::SweepOrder(const Sweep& sweep, const std::vector<OldRun>& old, const std::string& old_file)
    : sweep_(&sweep), n_old_(old.size()) {
  std::unordered_map<std::string, std::vector<std::uint64_t>> places;  // of each key, the last first
  for (std::uint64_t run = sweep.n_runs(); run-- > 0;) {
    const SweepRow row = sweep.row(run);
    places[sim::run_key(sweep.study(row.point), row.replicate)].push_back(run);
  }
  std::vector<bool> is_old(sweep.n_runs(), false);
  std::size_t n_foreign = 0;
  for (const OldRun& run : old) {
    const auto found = places.find(run.key);
    if (found == places.end() || found->second.empty()) {
      ++n_foreign;
      continue;
    }
    rows_.push_back(sweep.row(found->second.back()));
    is_old[found->second.back()] = true;
    found->second.pop_back();
  }
  if (n_foreign > 0) {
    throw InputError(
        {{old_file, "", fmt::format("has {} runs, of which {} are not in this sweep", old.size(), n_foreign),
          "--extend adds values, replicates and axes, and takes nothing away; --force starts anew"}});
  }
  number_points(old);
  for (std::uint64_t run = 0; run < sweep.n_runs(); ++run) {
    if (!is_old[run]) rows_.push_back(sweep.row(run));
  }
}

void SweepOrder::number_points(const std::vector<OldRun>& old) {
  numbers_.assign(sweep_->n_points(), 0);
  std::int64_t last = 0;
  for (std::size_t i = 0; i < old.size(); ++i) {
    numbers_[rows_[i].point] = old[i].point;
    last = std::max(last, old[i].point);
  }
  for (std::int64_t& number : numbers_) {
    if (number == 0) number = ++last;
  }
}

}  // namespace hindlimb::study
