#include "app/sweep_pilot.hpp"

#include <fmt/format.h>
#include <stdlib.h>  // mkdtemp

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include "app/provenance.hpp"
#include "app/sweep_layout.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/sweep_file.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::duration<double> pilot_time{1.0};

constexpr std::size_t most_numbers_kept = 8 << 20;  ///< 64 MB

/// Blocks from all over a sweep.
struct Pilot {
  std::vector<study::SweepBlock> blocks;  ///< the first of them
  std::vector<std::uint64_t> runs;        ///< that are in these blocks
  std::uint64_t n_tried = 0;
  double seconds = 0.0;
  double store_bytes = 0.0;
};

Pilot run_pilot(const study::Sweep& sweep) {
  const std::uint64_t block = sweep.runs_per_block();
  const io::StoreForm form = store_form(study::SweepOrder(sweep), "", "");
  const std::uint64_t n_blocks = (sweep.n_runs() + block - 1) / block;
  Pilot pilot;
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t at = 0;
  while (pilot.seconds < pilot_time.count() && at < n_blocks) {
    const std::uint64_t end = std::min((at + 1) * block, sweep.n_runs());
    std::vector<study::SweepRow> rows;
    for (std::uint64_t run = at * block; run < end; ++run) rows.push_back(sweep.row(run));
    study::SweepBlock simulated = simulate_block(sweep, rows, at * block);
    pilot.n_tried += rows.size();
    pilot.store_bytes +=
        static_cast<double>(io::WorkingStore::bytes_of(form, stored_runs(simulated), simulated.recorded.series));
    if (pilot.runs.size() * sweep.numbers_per_run() < most_numbers_kept) {
      for (std::uint64_t run = at * block; run < end; ++run) pilot.runs.push_back(run);
      pilot.blocks.push_back(std::move(simulated));
    }
    pilot.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    constexpr std::uint64_t spread = 7;
    at += std::max<std::uint64_t>(1, n_blocks / spread);
  }
  return pilot;
}

/// A new folder among temporary files, which goes with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "hindlimb_plan_XXXXXX").string();
    if (error) throw InputError("TMPDIR", "names no folder for temporary files: " + error.message());
    if (::mkdtemp(name.data()) == nullptr)
      throw Error(fmt::format("{}: cannot be made: {}", name, std::generic_category().message(errno)));
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code unknown;
    fs::remove_all(path_, unknown);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// A store that has no name any more: nothing of it is left, however the program ends.
std::unique_ptr<io::WorkingStore> nameless_store(const io::StoreForm& form) {
  const TemporaryFolder folder;
  return std::make_unique<io::WorkingStore>(folder.path() / "pilot.work", form, io::WorkingStore::Start::anew);
}

/// The first runs of a block.
study::SweepBlock beginning(const study::SweepBlock& block, std::size_t n) {
  study::SweepBlock part = block;
  part.keys.resize(n);
  part.recorded.outcomes.resize(n);
  for (std::vector<double>& series : part.recorded.series) series.resize(series.size() / block.keys.size() * n);
  return part;
}

/// Files with the first runs of a pilot, as if they were all of the sweep.
class SmallFiles {
 public:
  SmallFiles(const study::Sweep& sweep, const Pilot& pilot)
      : order_(sweep), pilot_(pilot), form_(sweep_form(sweep)), study_(sweep.base()) {
    form_.attributes.merge(study_attributes(sweep.base(), "hindlimb sweep"));
    const auto replicates = static_cast<std::uint64_t>(sweep.plan().replicates);
    runs_per_point_ = std::clamp<std::uint64_t>(pilot.runs.size() / 2, 1, replicates);
  }

  /// Points that so many runs are taken for: a pilot need not have all replicates of any.
  std::uint64_t n_points(std::uint64_t n_runs) const { return (n_runs + runs_per_point_ - 1) / runs_per_point_; }

  struct Sizes {
    double runs;     ///< without the summary [bytes]
    double summary;  ///< [bytes]
  };
  Sizes of(std::uint64_t n_runs) {
    io::StoreForm store_form = app::store_form(order_, "pilot", "");
    store_form.n_runs = n_runs;
    const std::unique_ptr<io::WorkingStore> store = nameless_store(store_form);
    fill(*store, n_runs);
    const io::SweepRuns runs{*store, nullptr, [this](std::uint64_t run) { return row(run); }, [] {}};
    io::SweepForm without = form_;
    without.has_summary = false;
    const auto size = static_cast<double>(bytes_of_sweep(without, runs));
    return {size, form_.has_summary ? static_cast<double>(bytes_of_sweep(form_, runs)) - size : 0.0};
  }

 private:
  void fill(io::WorkingStore& store, std::uint64_t n_runs) const {
    std::uint64_t first = 0;
    for (const study::SweepBlock& block : pilot_.blocks) {
      const std::uint64_t n = std::min<std::uint64_t>(block.keys.size(), n_runs - first);
      if (n == 0) return;
      study::SweepBlock part = beginning(block, n);
      part.first_run = first;
      store.append(stored_runs(part), part.recorded.series);
      first += n;
    }
  }

  io::RunRow row(std::uint64_t run) {
    io::RunRow row = sweep_row(order_, pilot_.runs[run], study_);
    row.point = static_cast<std::int64_t>(run / runs_per_point_) + 1;
    return row;
  }

  study::SweepOrder order_;
  const Pilot& pilot_;
  io::SweepForm form_;
  scenario::Study study_;
  std::uint64_t runs_per_point_;
};

/// The line through two places.
double on_line(double x0, double y0, double x1, double y1, double x) {
  return x1 == x0 ? y1 : y1 + (y1 - y0) / (x1 - x0) * (x - x1);
}

/// Half of the pilot's runs, in whole blocks if there are several.
std::uint64_t half_of(const Pilot& pilot) {
  const std::size_t block = pilot.blocks.front().keys.size();
  return pilot.blocks.size() > 1 ? pilot.blocks.size() / 2 * block : pilot.runs.size() / 2;
}

/// A file has a part that is always there, one that grows with the runs, and one that grows with the points.
double result_bytes(const study::Sweep& sweep, const Pilot& pilot) {
  SmallFiles files(sweep, pilot);
  const std::uint64_t half = half_of(pilot);
  const std::uint64_t all = pilot.runs.size();
  const SmallFiles::Sizes small = files.of(half);
  const SmallFiles::Sizes large = files.of(all);
  const auto line = [](std::uint64_t x0, double y0, std::uint64_t x1, double y1, std::uint64_t x) {
    return on_line(static_cast<double>(x0), y0, static_cast<double>(x1), y1, static_cast<double>(x));
  };
  return line(half, small.runs, all, large.runs, sweep.n_runs()) +
         line(files.n_points(half), small.summary, files.n_points(all), large.summary, sweep.n_points());
}

/// A run that takes long is alone: taken twice, there is something to compare it with.
void have_two_runs(Pilot& pilot) {
  if (pilot.runs.size() > 1) return;
  pilot.blocks.push_back(pilot.blocks.front());
  pilot.runs.push_back(pilot.runs.front());
}

}  // namespace

SweepCost try_out(const study::Sweep& sweep) {
  Pilot pilot = run_pilot(sweep);
  const double share = static_cast<double>(sweep.n_runs()) / static_cast<double>(pilot.n_tried);
  have_two_runs(pilot);
  return {.n_tried = pilot.n_tried,
          .tried_s = pilot.seconds,
          .total_s = pilot.seconds * share,
          .result_bytes = result_bytes(sweep, pilot),
          .store_bytes = pilot.store_bytes * share};
}

}  // namespace hindlimb::app
