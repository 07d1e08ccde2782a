#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

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
  description.add_options()("failed", "name every run in which simulations failed (default: the first 10)");
  return description;
}

void print_failed(const io::RunsFile& file, const std::vector<std::int8_t>& statuses, std::uint64_t most) {
  std::uint64_t n_named = 0;
  std::uint64_t n_failed = 0;
  for (std::uint64_t run = 0; run < statuses.size(); ++run) {
    if (statuses[run] != static_cast<std::int8_t>(sim::RunStatus::some_simulations_failed)) continue;
    if (++n_failed > most) continue;
    ++n_named;
    std::cout << fmt::format("  {}: {}\n", run_name(file, run), file.run(run).message);
  }
  if (n_named < n_failed) std::cout << fmt::format("  and {} more: --failed names all\n", n_failed - n_named);
}

void print_file(const fs::path& path, std::uint64_t most_failed) {
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
  print_failed(file, statuses, most_failed);
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
  if (file.extension() != ".work" && (fs::exists(file) || !has_store))
    print_file(file, has(options, "failed") ? ~std::uint64_t{0} : 10);
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
