#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/provenance.hpp"
#include "app/stop_signal.hpp"
#include "app/sweep_input.hpp"
#include "app/sweep_layout.hpp"
#include "app/sweep_progress.hpp"
#include "app/sweep_result.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/file_lock.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

po::options_description options() {
  po::options_description description;
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE"),
                            "result file (default: results/<name of the sweep>.h5)")(
      "set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
      "change a key of the study, as for `hindlimb run`; makes it another sweep")("agents", agents_help)(
      "extend", "add to the result file the runs that this sweep has and the file has not")(
      "partial", "run nothing; make FILE.partial.h5 of what is stored so far")(
      "threads", po::value<std::string>()->value_name("N"), "threads to use (default: all cores); changes no number")(
      "force", "replace the result file, and what is stored of another sweep")("quiet,q", "print nothing but errors");
  return description;
}

/// Thrown to give up when a signal came.
struct Stopped {};

void pause() {
  if (stop_was_asked()) throw Stopped();
}

/// A sweep, the place of its result, and what is there of it.
struct Job {
  const study::Sweep& sweep;
  const study::SweepOrder& order;
  const io::RunsFile* extended;  ///< the file that holds the first runs, if there is one
  std::string identity;          ///< of what is stored
  fs::path file;
  std::string command_line;
  unsigned threads;
  bool is_quiet;

  fs::path work() const { return io::working_store_path(file); }
  io::SweepRuns runs(io::WorkingStore& store) const {
    const auto row = [this, study = sweep.base()](std::uint64_t run) mutable { return sweep_row(order, run, study); };
    return {store, extended, row, pause};
  }
};

io::SweepForm whole_form(const Job& job) {
  io::SweepForm form = sweep_form(job.sweep);
  form.attributes["store_identity"] = job.identity;
  form.attributes.merge(study_attributes(job.sweep.base(), job.command_line));
  return form;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Simulates what is missing in the store.
/// @param[out] writing_s  share of the time that went into storing, on average over the threads
/// @return whether all is there now; else a signal came
bool simulate_missing(const Job& job, io::WorkingStore& store, double& writing_s) {
  const study::SweepOrder& order = job.order;
  SweepProgress progress(order.n_old() + store.n_stored(), order.n_runs(), job.is_quiet);
  std::mutex mutex;
  std::uint64_t at = order.n_old();
  study::SweepWork work;
  work.threads = job.threads;
  work.next = [&](std::uint64_t& first_run) -> std::optional<std::vector<study::SweepRow>> {
    while (at < order.n_runs()) {
      const BlockRange block = block_from(store.form(), at);
      at = block.end;
      if (store.block_at(block.first) == block.end - block.first) continue;
      if (stop_was_asked()) break;
      first_run = block.first;
      std::vector<study::SweepRow> rows;
      for (std::uint64_t run = block.first; run < block.end; ++run) rows.push_back(order.row(run));
      return rows;
    }
    return std::nullopt;
  };
  work.done = [&](const study::SweepBlock& block) {
    const Clock::time_point start = Clock::now();
    store.append(stored_runs(block), block.recorded.series);
    const std::lock_guard lock(mutex);
    writing_s += seconds_since(start) / job.threads;
    progress.set(order.n_old() + store.n_stored(), store.n_failed());
  };
  run_sweep(job.sweep, work);
  return order.n_old() + store.n_stored() == order.n_runs();
}

Exit say_stopped(const Job& job, std::uint64_t n_stored, const std::string& why) {
  std::cerr << fmt::format("hindlimb: {}: {} of {} runs are stored in {}; the same command goes on from there\n", why,
                           job.order.n_old() + n_stored, job.order.n_runs(), job.work().string());
  return Exit::stopped;
}

void say_done(const Job& job, std::uint64_t n_computed, std::uint64_t n_failed, double seconds, double writing_s) {
  if (!job.is_quiet) {
    const std::string& title = job.sweep.base().title;
    std::cout << fmt::format("{}{}{}, {}: {} of {} in {:.3g} s, {:.2g} s of them to write\nwritten to {} ({})\n", title,
                             title.empty() ? "" : ": ", plural(job.sweep.n_points(), "point"),
                             plural(static_cast<std::size_t>(job.sweep.plan().replicates), "replicate"), n_computed,
                             plural(job.sweep.n_runs(), "run"), seconds, writing_s, job.file.string(),
                             size_text(static_cast<double>(fs::file_size(job.file))));
  }
  if (n_failed > 0) {
    std::cerr << fmt::format("hindlimb: in {} simulations failed and are NaN; `hindlimb status {}` says which\n",
                             plural(n_failed, "run"), job.file.string());
  }
}

Exit carry_out(const Job& job, io::WorkingStore& store) {
  const Clock::time_point start = Clock::now();
  double writing_s = 0.0;
  const std::uint64_t n_before = store.n_stored();
  if (store.n_damaged_bytes() > 0)
    std::cerr << fmt::format("hindlimb: {}: {} bytes are damaged; their runs are computed again\n",
                             store.file().string(), store.n_damaged_bytes());
  if (!store.why_not_locked().empty())
    std::cerr << fmt::format("hindlimb: {}: cannot be locked ({}); start no second process on it\n",
                             store.file().string(), store.why_not_locked());
  if (!job.is_quiet && n_before > 0)
    std::cerr << fmt::format("hindlimb: goes on with {} of {} runs in {}\n", n_before,
                             job.order.n_runs() - job.order.n_old(), store.file().string());
  try {
    const bool is_whole = simulate_missing(job, store, writing_s);
    const Clock::time_point assembling = Clock::now();
    if (!is_whole) {
      store.sync();
      return say_stopped(job, store.n_stored(), "stopped");
    }
    write_sweep(job.file, fs::path(job.file).concat(".part"), whole_form(job), job.runs(store));
    writing_s += seconds_since(assembling);
  } catch (const Stopped&) {
    return say_stopped(job, store.n_stored(), "stopped");
  } catch (const NoRoomError& error) {
    return say_stopped(job, store.n_stored(), error.what());
  } catch (const Error& error) {
    say_stopped(job, store.n_stored(), error.what());
    return Exit::failed;
  }
  store.remove();
  say_done(job, store.n_stored() - n_before, store.n_failed(), seconds_since(start), writing_s);
  return Exit::ok;
}

/// "x.partial.h5" of "x.h5"
fs::path partial_path(fs::path file) {
  if (file.extension() == ".h5") file.replace_extension();
  return file.concat(".partial.h5");
}

Exit assemble_partial(const Job& job, bool is_forced) {
  io::WorkingStore store(job.work());
  store.require_identity(job.identity);
  const fs::path file = partial_path(job.file);
  const io::FileLock lock(fs::path(file).concat(".lock"));
  if (!is_forced) require_renewable(file, job.sweep);
  io::SweepForm form = whole_form(job);
  const std::uint64_t n_there = job.order.n_old() + store.n_stored();
  form.attributes["partial"] = fmt::format("{} of {} runs", n_there, job.order.n_runs());
  try {
    write_sweep(file, fs::path(file).concat(".part"), form, job.runs(store));
  } catch (const Stopped&) {
    std::cerr << fmt::format("hindlimb: stopped: {} was not made\n", file.string());
    return Exit::stopped;
  } catch (const NoRoomError& error) {
    std::cerr << fmt::format("hindlimb: {}\n", error.what());
    return Exit::stopped;
  }
  if (!job.is_quiet)
    std::cout << fmt::format("{} of {}\nwritten to {}\n", n_there, plural(job.order.n_runs(), "run"), file.string());
  return Exit::ok;
}

std::string command_line(const std::string& file, const po::variables_map& options) {
  std::string line = "hindlimb sweep " + file;
  for (const std::string& change : changes(options)) line += " --set " + change;
  if (has(options, "extend")) line += " --extend";
  return line;
}

/// The store of a sweep, opened to go on; nothing if there is no room for it.
std::unique_ptr<io::WorkingStore> open_store(const Job& job, const std::string& about, bool is_forced) {
  try {
    return std::make_unique<io::WorkingStore>(job.work(), store_form(job.order, job.identity, about),
                                              start_of(job.work(), job.identity, is_forced));
  } catch (const NoRoomError& error) {
    say_stopped(job, 0, error.what());
    return nullptr;
  }
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const bool is_forced = has(options, "force");
  if (has(options, "extend") && is_forced)
    throw InputError("--extend", "keeps what --force would drop; give one of them");
  catch_stop_signals();
  const SweepInput input = read_sweep(files[0], changes(options));
  const study::Sweep& sweep = input.sweep;
  const fs::path file = output_path(files[0], options);
  require_no_input(file, input.files);
  settle_what_was_killed(file);
  const FileStamp read(file);
  const std::optional<io::RunsFile> there = existing(file, is_forced);
  if (there && is_finished(*there, sweep)) {
    remove_what_was_left(file, *there, sweep);
    if (!has(options, "quiet")) std::cout << fmt::format("{}: is finished; nothing to do\n", file.string());
    return Exit::ok;
  }
  if (there && !has(options, "extend")) {
    throw InputError({{file.string(), "", "holds another study or sweep",
                       "--extend adds runs to a sweep, --force starts anew, -o FILE writes elsewhere"}});
  }
  const study::SweepOrder order = there ? extended_order(sweep, *there) : study::SweepOrder(sweep);
  const Job job{.sweep = sweep,
                .order = order,
                .extended = there ? &*there : nullptr,
                .identity = there ? sha256(sweep.identity() + there->digest()) : sweep.identity(),
                .file = file,
                .command_line = command_line(files[0], options),
                .threads = thread_count(options),
                .is_quiet = has(options, "quiet")};
  if (has(options, "partial")) return assemble_partial(job, is_forced);
  auto store = open_store(job, fmt::format("{} ({})", sweep.base().title, files[0]), is_forced);
  if (!store) return Exit::stopped;
  if (!is_forced && FileStamp(file) != read) {  // another process has finished or extended it meanwhile
    if (store->n_stored() == 0) store->remove();
    store.reset();  // and its lock
    return execute(files, options);
  }
  return carry_out(job, *store);
}

}  // namespace

const Command sweep_command{
    "sweep",
    "SWEEP.toml [OPTION ...]",
    "simulate a study at many points of its keys; a sweep that was stopped goes on",
    "  hindlimb sweep configs/sweep_dose_timing.toml\n"
    "  hindlimb compare results/sweep_dose_timing.h5 --along massage_force_N\n"
    "  hindlimb sweep configs/sweep_dose_timing.toml --extend      after a value or a replicate was added\n"
    "  hindlimb sweep configs/sweep_dose_timing.toml --partial     a look at a sweep that is not finished\n",
    1,
    1,
    options,
    execute,
    "Simulates every point of the axes, with the same rats at every point. What is done is kept in FILE.work and\n"
    "survives signals, kills and full disks; the same command goes on from there, and the finished file is that of a\n"
    "sweep that was never interrupted.\n"};

}  // namespace hindlimb::app
