#include "io/sweep_rows.hpp"

#include <algorithm>
#include <limits>

#include "io/chunk_codec.hpp"

namespace hindlimb::io {

SweepRows::SweepRows(const SweepRuns& runs)
    : runs_(runs),
      n_runs_(runs.store.form().n_runs),
      n_old_(runs.store.form().first_run),
      chunk_(std::min(runs.store.form().runs_per_chunk, n_runs_)),
      blocks_(runs.store.blocks()) {}

std::vector<std::uint64_t> SweepRows::blocks_within(std::uint64_t first_run, std::uint64_t count) const {
  std::vector<std::uint64_t> within;
  for (auto block = std::ranges::lower_bound(blocks_, first_run >= chunk_ ? first_run - chunk_ : 0);
       block != blocks_.end() && *block < first_run + count; ++block) {
    if (*block + runs_.store.block_at(*block) > first_run) within.push_back(*block);
  }
  return within;
}

SweepRows::Outcomes SweepRows::outcomes(std::uint64_t first_run, std::uint64_t count) const {
  Outcomes all{std::vector<std::string>(count),     std::vector<std::int8_t>(count, not_run),
               std::vector<std::string>(count),     std::vector<std::int64_t>(count, 0),
               std::vector<std::int64_t>(count, 0), std::vector<double>(count, 0.0)};
  const auto put = [&](std::uint64_t run, const std::string& key, std::int8_t status, const std::string& message,
                       std::int64_t n_steps, std::int64_t n_redone, double wall_time_s) {
    if (run < first_run || run >= first_run + count) return;
    const std::uint64_t i = run - first_run;
    all.keys[i] = key;
    all.statuses[i] = status;
    all.messages[i] = message;
    all.n_steps[i] = n_steps;
    all.n_redone[i] = n_redone;
    all.wall_times_s[i] = wall_time_s;
  };
  if (first_run < n_old_) {
    const std::uint64_t n = std::min(count, n_old_ - first_run);
    for (std::uint64_t run = first_run; const RunsFile::Outcome& old : runs_.extended->outcomes(first_run, n))
      put(run++, old.run_key, old.status, old.message, old.n_steps, old.n_redone, old.wall_time_s);
  }
  for (const std::uint64_t block : blocks_within(first_run, count)) {
    const StoredRuns stored = runs_.store.runs_of(block);
    for (std::size_t i = 0; i < stored.keys.size(); ++i) {
      const sim::RunOutcome& outcome = stored.outcomes[i];
      put(block + i, stored.keys[i], static_cast<std::int8_t>(outcome.status), outcome.message, outcome.n_steps,
          outcome.n_redone, stored.wall_times_s[i]);
    }
  }
  return all;
}

bool SweepRows::read(std::size_t series, const std::string& name, std::uint64_t first_run, std::uint64_t count,
                     std::vector<double>& numbers) {
  const std::size_t size = size_of(series);
  numbers.assign(count * size, std::numeric_limits<double>::quiet_NaN());
  const auto at = [&](std::uint64_t run) {
    return numbers.begin() + static_cast<std::ptrdiff_t>((run - first_run) * size);
  };
  bool is_any = false;
  if (first_run < n_old_) {
    const std::uint64_t n = std::min(count, n_old_ - first_run);
    std::ranges::copy(runs_.extended->numbers(name, first_run, n), at(first_run));
    is_any = true;
  }
  for (const std::uint64_t block : blocks_within(first_run, count)) {
    const std::uint64_t low = std::max(block, first_run);
    const std::uint64_t high = std::min(block + runs_.store.block_at(block), first_run + count);
    const std::vector<double>& all = decoded(series, block);
    std::copy(all.begin() + static_cast<std::ptrdiff_t>((low - block) * size),
              all.begin() + static_cast<std::ptrdiff_t>((high - block) * size), at(low));
    is_any = true;
  }
  return is_any;
}

std::optional<std::string> SweepRows::whole_chunk(std::size_t series, std::uint64_t first_run) const {
  if (runs_.store.block_at(first_run) != chunk_ || first_run % chunk_ != 0) return std::nullopt;
  return runs_.store.chunk_of(first_run, series);
}

const std::vector<double>& SweepRows::decoded(std::size_t series, std::uint64_t block) {
  if (decoded_block_ == block && decoded_series_ == series) return decoded_;
  const StoreForm& form = runs_.store.form();
  decoded_.resize(runs_.store.block_at(block) * size_of(series));
  ChunkCodec{form.precision, form.is_compressed}.decode(runs_.store.chunk_of(block, series), decoded_);
  decoded_block_ = block;
  decoded_series_ = series;
  return decoded_;
}

}  // namespace hindlimb::io
