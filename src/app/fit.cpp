#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/command.hpp"
#include "app/fit_file.hpp"
#include "app/output.hpp"
#include "app/provenance.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/version.hpp"
#include "hindlimb/study/fit.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

po::options_description options() {
  po::options_description description;
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE"),
                            "result file (default: results/<name of the plan>.h5); the parameter file and the report "
                            "stand beside it as .toml and .md")(
      "threads", po::value<std::string>()->value_name("N"), "threads to use (default: all cores); changes no number")(
      "force", "replace the result files if they exist")("quiet,q", "print nothing but errors");
  return description;
}

/// Everything that the numbers of a fit follow from, as one hash.
std::string identity(const std::string& plan, const scenario::Study& study, const std::string& observations) {
  return sha256(
      fmt::format("{}\n{}\n{}\nmodel_version = {}\n", plan, to_toml(study), observations, sim::model_version));
}

/// The steps of a fit that are done, in a file that outlives the program. A file of another fit is started anew.
class JournalFile {
 public:
  JournalFile(fs::path path, const std::string& identity) : path_(std::move(path)) {
    std::ifstream old(path_);
    std::string line;
    const bool continues = std::getline(old, line) && line == identity;
    for (; continues && std::getline(old, line);) {
      if (line.ends_with(" ."))
        journal.lines.push_back(line.substr(0, line.size() - 2));  // a line cut short has no end
    }
    old.close();
    stream_.open(path_, continues ? std::ios::app : std::ios::trunc);
    if (!continues)
      stream_ << identity << '\n' << std::flush;
    else
      stream_ << '\n';
    if (!stream_) throw Error(fmt::format("{}: cannot be written", path_.string()));
    journal.append = [this](const std::string& text) {
      stream_ << text << " .\n" << std::flush;
      if (!stream_) throw Error(fmt::format("{}: cannot be written", path_.string()));
    };
  }

  void remove() {
    stream_.close();
    fs::remove(path_);
  }

  study::FitJournal journal;

 private:
  fs::path path_;
  std::ofstream stream_;
};

/// Refuses to write where one of the inputs stands, --force or not, or where something stands without --force.
void require_free(const std::vector<fs::path>& outputs, const std::vector<fs::path>& inputs,
                  const po::variables_map& options) {
  std::vector<Problem> problems;
  for (const fs::path& output : outputs) {
    if (!fs::exists(output)) continue;
    require_no_input(output, inputs);
    if (const auto problem = already_there(output, options)) problems.push_back(*problem);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

/// What is finished is in the journal already, so a signal may end the program where it stands.
extern "C" void stop_resumable(int) {
  constexpr std::string_view text = "hindlimb: stopped; the same command goes on from here\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
  _exit(static_cast<int>(Exit::stopped));
}

void stop_on_signals() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, stop_resumable);
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const fs::path plan_file = files[0];
  const scenario::Node document = io::read_toml(plan_file);
  if (document.find("arm") != nullptr || document.find("sweep") != nullptr)
    throw InputError({{files[0], "", "is no plan of a fit", "`hindlimb init own-data` writes one to start from"}});
  study::FitPlan plan = study::read_fit_plan(document);
  const auto named = [&](const char* key) { return io::named_file(*document.find(key), key, plan_file); };
  const fs::path study_file = named("study");
  const fs::path table_file = named("observations");
  const scenario::Study study = io::read_study(study_file);
  const std::string observations = io::read_text(table_file);
  study::resolve(plan, study, CsvTable::parse(observations, table_file.string()));
  const fs::path output = output_file(files[0], options);
  const fs::path parameter_file = fs::path(output).replace_extension(".toml");
  const fs::path report_file = fs::path(output).replace_extension(".md");
  require_free({output, parameter_file, report_file}, {plan_file, study_file, table_file}, options);
  const bool is_quiet = has(options, "quiet");

  JournalFile journal(fs::path(output).concat(".journal"), identity(io::read_text(plan_file), study, observations));
  stop_on_signals();
  study::FitRun run{.threads = thread_count(options), .on_progress = {}};
  if (!is_quiet) run.on_progress = [](const std::string& text) { std::cerr << text << std::endl; };
  const study::Fit fit = study::fit(plan, study, run, journal.journal);

  const std::string report = to_report(plan, fit);
  write_fit(output, plan, fit, fit_attributes(plan.title, io::read_text(plan_file), "hindlimb fit " + files[0]));
  write_text(parameter_file, to_parameter_file(plan, fit));
  write_text(report_file, report);
  journal.remove();
  if (!is_quiet)
    std::cout << report
              << fmt::format(
                     "\nwall time {:.0f} s; written to {} and, beside it, .toml (parameters) and .md (this report)\n",
                     fit.wall_time_s, output.string());
  return Exit::ok;
}

}  // namespace

const Command fit_command{
    "fit",
    "PLAN.toml [OPTION ...]",
    "fit parameters of the model to published observations; a fit that was stopped goes on",
    "  hindlimb fit configs/fit_reference.toml\n"
    "  hindlimb run configs/miller2018.toml --set parameters.file=../results/fit_reference.toml -o fitted.h5\n",
    1,
    1,
    options,
    execute,
    "A plan names a study, a table of observations, parameters with priors, and the rows to fit them to; `hindlimb\n"
    "explain datum` and `hindlimb explain parameter` list its keys, `hindlimb init own-data` writes one to start "
    "from.\n"
    "The parameter file that is written can be given to any study as parameters.file.\n"};

}  // namespace hindlimb::app
