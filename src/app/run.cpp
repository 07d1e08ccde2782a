#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/progress.hpp"
#include "app/provenance.hpp"
#include "app/stop_signal.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checkpoint_file.hpp"
#include "hindlimb/io/checksum.hpp"
#include "hindlimb/io/result_file.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/run.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

po::options_description options() {
  po::options_description description;
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE"),
                            "result file (default: results/<name of the study>.h5)")(
      "set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
      "change a key; may be repeated. Arms and phases by name, massages by number where there are several, * for every "
      "arm that has the key")("agents", agents_help)(
      "checkpoint-every", po::value<std::string>()->value_name("SECONDS"),
      "with agents: how often what is done goes to FILE.checkpoint (default: 10)")(
      "threads", po::value<std::string>()->value_name("N"), "threads to use (default: all cores); changes no number")(
      "force", "replace the result file if it exists")("quiet,q", "print nothing but errors");
  return description;
}

std::string command_line(const std::string& study, const po::variables_map& options) {
  std::string line = "hindlimb run " + study;
  for (const std::string& change : changes(options)) line += " --set " + change;
  return line;
}

void print_summary(const sim::Results& results, const fs::path& file) {
  const sim::Labels& labels = results.labels;
  const std::string& title = results.attributes.at("title");
  std::cout << fmt::format("{}{}{}, {} in each, {}, {:g} d: {} in {:.3f} s\nwritten to {}\n", title,
                           title.empty() ? "" : ": ", plural(labels.arms.size(), "arm"),
                           plural(labels.animals.size(), "rat"), plural(labels.muscles.size(), "muscle"),
                           labels.times_d.back(), plural(labels.arms.size() * labels.animals.size(), "simulation"),
                           results.wall_time_s, file.string());
}

void print_warnings(const sim::Results& results) {
  if (results.attributes.contains("screening")) {
    std::cerr << fmt::format("hindlimb: for screening: {}\n", results.attributes.at("screening"));
  }
  if (results.n_redone > 0) {
    std::cerr << fmt::format("hindlimb: {} could not go on at solver.rtol and was done again at a hundredth of it\n",
                             plural(static_cast<std::size_t>(results.n_redone), "muscle"));
  }
}

using Seconds = std::chrono::duration<double>;

std::optional<Seconds> checkpoint_interval(const po::variables_map& options) {
  const auto text = text_option(options, "checkpoint-every");
  if (!text) return std::nullopt;
  return Seconds(number_option(*text, "--checkpoint-every", 0, 86400));
}

/// Agents take long enough to be worth keeping on the way; nothing for the mean field.
std::unique_ptr<io::CheckpointFile> open_checkpoint(const scenario::Study& study, const fs::path& file,
                                                    std::optional<Seconds> interval, const po::variables_map& options) {
  if (study.fidelity == scenario::Fidelity::mean_field) return nullptr;
  catch_stop_signals();
  io::CheckpointFile::Behaviour behaviour{.stop_was_asked = stop_was_asked, .on_problem = [](const std::string& what) {
                                            std::cerr << fmt::format("hindlimb: no checkpoint for now: {}\n", what);
                                          }};
  if (interval) behaviour.interval = *interval;
  const std::string identity = sha256(scenario::to_toml(study) + std::string(sim::model_version));
  auto checkpoint = std::make_unique<io::CheckpointFile>(io::checkpoint_path(file), identity, std::move(behaviour),
                                                         has(options, "force"));
  if (checkpoint->n_sections() > 0 && !has(options, "quiet"))
    std::cerr << fmt::format("hindlimb: goes on with {} in {}\n", plural(checkpoint->n_sections(), "section"),
                             io::checkpoint_path(file).string());
  return checkpoint;
}

/// Whether a file with a checkpoint beside it is the end of that run, which was killed before it could say so: it is
/// then written again.
bool is_left_by_a_killed_run(const fs::path& file, const scenario::Study& study, const io::CheckpointFile* checkpoint) {
  if (checkpoint == nullptr || checkpoint->n_sections() == 0 || !fs::exists(file)) return false;
  if (!io::has_checksum(file)) return true;
  try {
    return io::RunsFile(file).attribute("config") == scenario::to_toml(study);
  } catch (const InputError&) {
    return false;
  }
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const scenario::Study study = io::read_study(files[0], changes(options));
  const bool is_quiet = has(options, "quiet");
  sim::RunOptions run{.threads = thread_count(options), .on_progress = {}, .sections = nullptr};
  const std::optional<Seconds> interval = checkpoint_interval(options);
  const fs::path file = output_path(files[0], options);
  require_no_input(file, {files[0]});
  const std::unique_ptr<io::CheckpointFile> checkpoint = open_checkpoint(study, file, interval, options);
  if (!is_left_by_a_killed_run(file, study, checkpoint.get())) output_file(files[0], options);
  Progress progress;
  if (!is_quiet && isatty(STDERR_FILENO) != 0)
    run.on_progress = [&progress](auto done, auto total) { progress.show(done, total); };

  run.sections = checkpoint.get();
  sim::Results results;
  try {
    results = sim::run_study(study, run);
  } catch (const io::CheckpointFile::Stopped&) {
    progress.clear();
    std::cerr << fmt::format("hindlimb: stopped: what is done is in {}; the same command goes on from there\n",
                             io::checkpoint_path(file).string());
    return Exit::stopped;
  }
  progress.clear();
  add_provenance(results, study, command_line(files[0], options));
  io::write_results(results, file, study.record.precision);
  if (checkpoint) checkpoint->remove();
  if (!is_quiet) print_summary(results, file);
  print_warnings(results);
  if (results.status == sim::RunStatus::ok) return Exit::ok;
  std::cerr << fmt::format("hindlimb: some simulations failed and are NaN in the file: {}\n", results.message);
  return Exit::failed;
}

}  // namespace

const Command run_command{
    "run",
    "STUDY.toml [OPTION ...]",
    "simulate a study and write its result file",
    "  hindlimb run configs/miller2018.toml\n"
    "  hindlimb run configs/miller2018.toml --set animals.per_arm=100 -o hundred.h5\n"
    "  hindlimb run configs/miller2018.toml --agents --set 'agents.snapshots_d=[14, 22]'\n"
    "  hindlimb run configs/miller2018.toml --set arm.REM.massage.force_N=0 -o without.h5\n"
    "  hindlimb run configs/miller2018.toml --set 'arm.*.phase.suspension.duration_d=7' -o week.h5\n"
    "  HINDLIMB_ISA=avx2 hindlimb run configs/miller2018.toml   (baseline, avx2 or avx512; changes no number)\n",
    1,
    1,
    options,
    execute,
    "Writes one HDF5 file with every recorded series of every arm, rat, muscle and limb, and its SHA-256 beside it\n"
    "as FILE.sha256. The same study gives the same numbers, to the bit, for any number of threads. With --agents, "
    "what\n"
    "is done is kept on the way in FILE.checkpoint: after a signal or a kill the same command goes on from there.\n"};

}  // namespace hindlimb::app
