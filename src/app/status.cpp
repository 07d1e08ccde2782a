#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <map>

#include "app/command.hpp"
#include "app/repeated_run.hpp"
#include "app/result_input.hpp"
#include "app/sweep_progress.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/working_store.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

po::options_description options() {
  po::options_description description;
  description.add_options()("failed",
                            "name every run in which simulations failed, and what failed in it (default: the first "
                            "run of each reason)");
  return description;
}

struct FailedRun {
  std::uint64_t run;
  std::string message;  ///< "arm REM, animal 1, soleus, left limb: REASON after day 2; arm ...; and 3 more"
};

std::vector<FailedRun> failed_runs(const io::RunsFile& file) {
  constexpr std::uint64_t at_once = 4096;
  std::vector<FailedRun> failed;
  for (std::uint64_t first = 0; first < file.n_runs(); first += at_once) {
    std::uint64_t run = first;
    for (const io::RunsFile::Outcome& outcome : file.outcomes(first, std::min(at_once, file.n_runs() - first))) {
      if (outcome.status == static_cast<std::int8_t>(sim::RunStatus::some_simulations_failed))
        failed.push_back({run, outcome.message});
      ++run;
    }
  }
  return failed;
}

/// What a message tells of.
struct Failures {
  std::string first;
  std::size_t n_others;
};

Failures failures_in(const std::string& message) {
  constexpr std::string_view next = "; arm ";
  constexpr std::string_view counted = "; and ";  // as in "; and 3 more" at the end
  Failures failures{message.substr(0, message.find(next)), 0};
  for (std::size_t at = message.find(next); at != std::string::npos; at = message.find(next, at + 1))
    ++failures.n_others;
  const std::size_t last = message.rfind(counted);
  if (last == std::string::npos || !message.ends_with(" more")) return failures;
  std::size_t n = 0;
  std::from_chars(message.data() + last + counted.size(), message.data() + message.size(), n);
  return {failures.first.substr(0, last), failures.n_others + n};
}

std::string shortened(const std::string& message) {
  const Failures failures = failures_in(message);
  return failures.n_others == 0 ? message : fmt::format("{}; and {} more", failures.first, failures.n_others);
}

/// Why the first simulation failed, without whose it was and when.
std::string reason_of(const std::string& message) {
  constexpr std::string_view whose_end = " limb: ";
  const std::string failure = failures_in(message).first;
  const std::size_t whose = failure.rfind(whose_end);
  const std::size_t start = whose == std::string::npos ? 0 : whose + whose_end.size();
  return failure.substr(start, failure.rfind(" after day ") - start);
}

/// Of each reason the number of runs and the first of them.
void print_reasons(const io::RunsFile& file, const std::vector<FailedRun>& failed) {
  std::map<std::string, std::vector<const FailedRun*>> by_reason;
  for (const FailedRun& run : failed) by_reason[reason_of(run.message)].push_back(&run);
  for (const auto& [reason, runs] : by_reason) {
    const FailedRun& first = *runs.front();
    std::cout << fmt::format("  failed         {}: {}\n    {}: {}\n", plural(runs.size(), "run"), reason,
                             run_name(file, first.run), shortened(first.message));
  }
  if (by_reason.size() < failed.size()) std::cout << "  --failed names all runs and all that failed in them\n";
}

void print_all(const io::RunsFile& file, const std::vector<FailedRun>& failed) {
  for (const FailedRun& run : failed) std::cout << fmt::format("  {}: {}\n", run_name(file, run.run), run.message);
}

void print_file(const fs::path& path, bool names_all) {
  const io::RunsFile file = open_result(path);
  const std::vector<std::int8_t> statuses = file.statuses();
  const auto count = [&](std::int8_t status) {
    return static_cast<std::uint64_t>(std::ranges::count(statuses, status));
  };
  const std::uint64_t n_failed = count(static_cast<std::int8_t>(sim::RunStatus::some_simulations_failed));
  const std::string partial = file.attribute("partial");
  std::cout << fmt::format("{}: {}, {}\n", path.string(), partial.empty() ? "finished" : "partial, " + partial,
                           size_text(static_cast<double>(fs::file_size(path))))
            << fmt::format("  title          {}\n  made           {} by {}\n  model_version  {}\n",
                           file.attribute("title"), file.attribute("date_created"), file.attribute("source"),
                           file.attribute("model_version"))
            << fmt::format("  runs           {}: {} ok, {} with failed simulations, {} not run\n", file.n_runs(),
                           count(0), n_failed, count(io::not_run));
  for (const io::RunCoordinate& coordinate : file.coordinates())
    std::cout << fmt::format("  axis           {} ({})\n", coordinate.name, coordinate.key);
  const std::vector<FailedRun> failed = failed_runs(file);
  names_all ? print_all(file, failed) : print_reasons(file, failed);
}

void print_store(const fs::path& path) {
  const io::WorkingStore store(path);
  const io::StoreForm& form = store.form();
  std::cout << fmt::format("{}: not finished, {}\n  sweep          {}\n", path.string(),
                           size_text(static_cast<double>(fs::file_size(path))), form.about)
            << fmt::format("  runs           {} of {} are there, {} of them with failed simulations\n",
                           form.first_run + store.n_stored(), form.n_runs, store.n_failed())
            << "  `hindlimb sweep` with the same file goes on; with --partial it makes a file of what is there\n";
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const fs::path file = files[0];
  const fs::path work = file.extension() == ".work" ? file : io::working_store_path(file);
  const bool has_store = fs::exists(work);
  if (has_store) print_store(work);
  if (file.extension() == ".work" && !has_store) throw InputError(file.string(), "no such file");
  if (file.extension() != ".work" && (fs::exists(file) || !has_store)) print_file(file, has(options, "failed"));
  return Exit::ok;
}

}  // namespace

const Command status_command{
    "status",
    "FILE [OPTION ...]",
    "say how far a sweep is, or how its runs went: of a result file or a working store",
    "  hindlimb status results/sweep_dose_timing.h5\n",
    1,
    1,
    options,
    execute,
    "Of a sweep that is not finished, tells how many runs are stored; of a result file, how its runs went and which\n"
    "of them failed.\n"};

}  // namespace hindlimb::app
