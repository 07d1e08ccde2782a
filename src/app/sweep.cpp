#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/provenance.hpp"
#include "app/stop_signal.hpp"
#include "app/sweep_input.hpp"
#include "app/sweep_layout.hpp"
#include "app/sweep_progress.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

po::options_description options() {
  po::options_description description;
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE"),
                            "result file (default: results/<name of the sweep>.h5)")(
      "set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
      "change a key of the study, as for `hindlimb run`; makes it another sweep")(
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

/// The sweep, the place of its result, and what is there of it.
struct Job {
  const study::Sweep& sweep;
  fs::path file;
  std::string command_line;
  unsigned threads;
  bool is_quiet;
};

/// The result file, unless there is none or it is to be dropped.
std::optional<io::RunsFile> existing(const fs::path& file, const po::variables_map& options) {
  if (!fs::exists(file) || has(options, "force")) return std::nullopt;
  try {
    return io::RunsFile(file);
  } catch (const InputError& error) {
    std::vector<Problem> problems = error.problems();
    for (Problem& problem : problems) problem.hint = "--force replaces it, -o FILE writes elsewhere";
    throw InputError(std::move(problems));
  }
}

/// If a process was killed while it put a file in its place, its checksum may be missing.
void settle_what_was_killed(const fs::path& file) {
  const fs::path work = io::working_store_path(file);
  if (!fs::is_regular_file(work) || !fs::is_regular_file(file)) return;
  try {
    settle(file, io::WorkingStore(work));
  } catch (const InputError&) {
    return;  // no store: said when it is opened to go on
  }
}

bool is_finished(const io::RunsFile& there, const study::Sweep& sweep) {
  return there.attribute("sweep_identity") == sweep.identity() && there.attribute("partial").empty();
}

std::string differing_part(const io::RunsFile& there, const io::SweepForm& form) {
  if (!there.attribute("partial").empty()) return "is partial";
  const std::string version = there.attribute("model_version");
  if (version != sim::model_version)
    return fmt::format("was made by model_version {}, and this is {}: their runs do not belong together", version,
                       sim::model_version);
  if (there.attribute("sweep").empty()) return "is no sweep";
  if (there.series().empty()) return "keeps summaries alone, and the runs that new ones would join are gone";
  if (there.seed() != form.seed) return "has another seed";
  if (there.series() != form.series) return "records other observables";
  if (there.has_ends_only() != form.has_ends_only) return "keeps something else of each run";
  sim::Labels labels = there.labels();
  labels.massaged = form.labels.massaged;
  if (form.has_ends_only) labels.times_d.clear();
  if (labels.times_d != form.labels.times_d) return "records other times";
  return labels == form.labels ? "" : "has other arms, muscles or numbers of rats";
}

study::SweepOrder extended_order(const study::Sweep& sweep, const io::RunsFile& there) {
  const std::string difference = differing_part(there, sweep_form(sweep));
  if (!difference.empty()) {
    throw InputError({{there.path().string(), "", "cannot be extended: it " + difference,
                       "--force starts anew, -o FILE writes elsewhere"}});
  }
  const std::vector<std::string> keys = there.keys();
  const std::vector<std::int64_t> points = there.points();
  std::vector<study::OldRun> old;
  for (std::size_t i = 0; i < keys.size(); ++i) old.push_back({keys[i], points[i]});
  return {sweep, old, there.path().string()};
}

io::SweepForm whole_form(const Job& job) {
  io::SweepForm form = sweep_form(job.sweep);
  form.attributes.merge(study_attributes(job.sweep.base(), job.command_line));
  return form;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Simulates what is missing in the store.
/// @param[out] writing_s  share of the time that went into storing, on average over the threads
/// @return whether all is there now; else a signal came
bool simulate_missing(const Job& job, const study::SweepOrder& order, io::WorkingStore& store, double& writing_s) {
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
    progress.show(order.n_old() + store.n_stored(), store.n_failed());
  };
  run_sweep(job.sweep, work);
  progress.clear();
  return order.n_old() + store.n_stored() == order.n_runs();
}

Exit say_stopped(const study::SweepOrder& order, const io::WorkingStore& store, const std::string& why) {
  std::cerr << fmt::format("hindlimb: {}: {} of {} runs are stored in {}; the same command goes on from there\n", why,
                           order.n_old() + store.n_stored(), order.n_runs(), store.file().string());
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

Exit carry_out(const Job& job, const study::SweepOrder& order, io::WorkingStore& store, const io::RunsFile* extended) {
  const Clock::time_point start = Clock::now();
  double writing_s = 0.0;
  const std::uint64_t n_before = store.n_stored();
  if (!store.why_not_locked().empty())
    std::cerr << fmt::format("hindlimb: {}: cannot be locked ({}); start no second process on it\n",
                             store.file().string(), store.why_not_locked());
  if (!job.is_quiet && n_before > 0)
    std::cerr << fmt::format("hindlimb: goes on with {} of {} runs in {}\n", n_before, order.n_runs() - order.n_old(),
                             store.file().string());
  try {
    const bool is_whole = simulate_missing(job, order, store, writing_s);
    const Clock::time_point assembling = Clock::now();
    if (!is_whole) {
      store.sync();
      return say_stopped(order, store, "stopped");
    }
    write_sweep(job.file, fs::path(job.file).concat(".part"), whole_form(job),
                {store, extended, [&](std::uint64_t run) { return sweep_row(order, run); }, pause});
    writing_s += seconds_since(assembling);
  } catch (const Stopped&) {
    return say_stopped(order, store, "stopped");
  } catch (const NoRoomError& error) {
    return say_stopped(order, store, error.what());
  } catch (const Error& error) {
    say_stopped(order, store, error.what());
    return Exit::failed;
  }
  store.remove();
  say_done(job, store.n_stored() - n_before, store.n_failed(), seconds_since(start), writing_s);
  return Exit::ok;
}

Exit assemble_partial(const Job& job, const study::SweepOrder& order, const io::RunsFile* extended,
                      const std::string& identity) {
  io::WorkingStore store(io::working_store_path(job.file));
  if (store.form().identity != identity)
    throw InputError({{store.file().string(), "", fmt::format("holds runs of another sweep ({})", store.form().about),
                       "--force starts anew and drops them, -o FILE writes elsewhere"}});
  const fs::path file = fs::path(job.file).replace_extension(".partial.h5");
  io::SweepForm form = whole_form(job);
  const std::uint64_t n_there = order.n_old() + store.n_stored();
  form.attributes["partial"] = fmt::format("{} of {} runs", n_there, order.n_runs());
  try {
    write_sweep(file, fs::path(file).concat(".part"), form,
                {store, extended, [&](std::uint64_t run) { return sweep_row(order, run); }, pause});
  } catch (const Stopped&) {
    std::cerr << fmt::format("hindlimb: stopped: {} was not made\n", file.string());
    return Exit::stopped;
  } catch (const NoRoomError& error) {
    std::cerr << fmt::format("hindlimb: {}\n", error.what());
    return Exit::stopped;
  }
  if (!job.is_quiet)
    std::cout << fmt::format("{} of {}\nwritten to {}\n", n_there, plural(order.n_runs(), "run"), file.string());
  return Exit::ok;
}

/// A process that was killed at its very end leaves behind the store of which the file was made; a store of something
/// else stays.
void remove_what_was_left(const Job& job, const io::RunsFile& there) {
  const fs::path work = io::working_store_path(job.file);
  if (!fs::exists(work)) return;
  try {
    const io::WorkingStore left(work);
    const bool is_of_file = !left.digests().empty() && left.digests().front() == there.digest();
    if (is_of_file || left.form().identity == job.sweep.identity())
      io::WorkingStore(work, left.form(), io::WorkingStore::Start::go_on).remove();
  } catch (const InputError&) {
    return;
  }
}

Exit say_finished(const Job& job, const io::RunsFile& there) {
  remove_what_was_left(job, there);
  if (!job.is_quiet) std::cout << fmt::format("{}: is finished; nothing to do\n", job.file.string());
  return Exit::ok;
}

std::string command_line(const std::string& file, const po::variables_map& options) {
  std::string line = "hindlimb sweep " + file;
  for (const std::string& change : list_option(options, "set")) line += " --set " + change;
  if (has(options, "extend")) line += " --extend";
  return line;
}

/// With --force the store of another sweep is dropped; that of this one goes on.
io::WorkingStore::Start start_of(const fs::path& work, const std::string& identity, const po::variables_map& options) {
  if (!has(options, "force")) return io::WorkingStore::Start::go_on;
  try {
    if (fs::exists(work) && io::WorkingStore(work).form().identity == identity) return io::WorkingStore::Start::go_on;
  } catch (const InputError&) {
    return io::WorkingStore::Start::anew;
  }
  return io::WorkingStore::Start::anew;
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  if (has(options, "extend") && has(options, "force"))
    throw InputError("--extend", "keeps what --force would drop; give one of them");
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is told as a full disk is
  const SweepInput input = read_sweep(files[0], list_option(options, "set"));
  const study::Sweep& sweep = input.sweep;
  const Job job{sweep, output_path(files[0], options), command_line(files[0], options), thread_count(options),
                has(options, "quiet")};
  require_no_input(job.file, input.files);
  settle_what_was_killed(job.file);
  const std::optional<io::RunsFile> there = existing(job.file, options);
  if (there && is_finished(*there, sweep)) return say_finished(job, *there);
  if (there && !has(options, "extend")) {
    throw InputError({{job.file.string(), "", "holds another study or sweep",
                       "--extend adds runs to a sweep, --force starts anew, -o FILE writes elsewhere"}});
  }
  const study::SweepOrder order = there ? extended_order(sweep, *there) : study::SweepOrder(sweep);
  const std::string identity = there ? sha256(sweep.identity() + there->digest()) : sweep.identity();
  catch_stop_signals();
  if (has(options, "partial")) return assemble_partial(job, order, there ? &*there : nullptr, identity);
  const fs::path work = io::working_store_path(job.file);
  const io::StoreForm form = store_form(order, identity, fmt::format("{} ({})", sweep.base().title, files[0]));
  std::optional<io::WorkingStore> opened;
  try {
    opened.emplace(work, form, start_of(work, identity, options));
  } catch (const NoRoomError& error) {
    std::cerr << fmt::format("hindlimb: {}: {} of {} runs are stored in {}; the same command goes on from there\n",
                             error.what(), order.n_old(), order.n_runs(), work.string());
    return Exit::stopped;
  }
  io::WorkingStore& store = *opened;
  if (!there && fs::exists(job.file) && !has(options, "force")) {  // another process has finished it meanwhile
    store.remove();
    return execute(files, options);
  }
  return carry_out(job, order, store, there ? &*there : nullptr);
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
    execute};

}  // namespace hindlimb::app
