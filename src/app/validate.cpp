#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "app/command.hpp"
#include "app/data_files.hpp"
#include "app/progress.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/study/validation.hpp"

namespace hindlimb::app {
namespace {

/// A section of 1,000 fibres takes as long as 10,000 muscles of the mean field.
constexpr std::int64_t rats_of_agents = 32;

po::options_description options() {
  po::options_description description;
  description.add_options()("facts", po::value<std::string>()->value_name("FILE"),
                            "table of facts (default: data/facts.csv)")(
      "set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
      "change a key of the study, as for `hindlimb run`")("agents", agents_help)(
      "threads", po::value<std::string>()->value_name("N"), "threads to use (default: all cores); changes no number")(
      "markdown", "print the table as Markdown")("quiet,q", "print nothing but errors");
  return description;
}

CsvTable read_table(const std::filesystem::path& file) { return CsvTable::parse(io::read_text(file), file.string()); }

/// The facts that the program brings concern the arms and days of the study that it brings.
std::vector<study::Fact> shipped_facts(const std::string& study_file, const scenario::Study& study) {
  const CsvTable table = read_table(shipped_file("data/facts.csv"));
  try {
    return study::read_facts(table, study);
  } catch (const InputError&) {
    throw InputError({{study_file, "", "has other arms or days than the published facts speak of",
                       "give the facts to hold it against with --facts FILE"}});
  }
}

std::vector<study::Fact> facts_for(const std::vector<std::string>& files, const po::variables_map& options,
                                   const scenario::Study& study) {
  if (const auto table = text_option(options, "facts")) return study::read_facts(read_table(*table), study);
  return shipped_facts(files.empty() ? "configs/validation.toml" : files[0], study);
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  std::vector<std::string> changed = changes(options);
  if (has(options, "agents")) changed.insert(changed.begin(), fmt::format("animals.per_arm={}", rats_of_agents));
  const scenario::Study study = io::read_study(
      files.empty() ? shipped_file("configs/validation.toml") : std::filesystem::path(files[0]), changed);
  const std::vector<study::Fact> facts = facts_for(files, options, study);
  const bool is_quiet = has(options, "quiet");
  study::ValidationOptions how{.threads = thread_count(options), .on_progress = {}};
  Progress progress;
  if (!is_quiet && isatty(STDERR_FILENO) != 0)
    how.on_progress = [&progress](auto done, auto total) { progress.show(done, total); };
  const std::vector<study::Finding> findings = study::validate(study, facts, how);
  progress.clear();
  if (!is_quiet) std::cout << (has(options, "markdown") ? to_markdown(findings) : to_table(findings));
  const bool is_by_agents = study.fidelity == scenario::Fidelity::agents;
  const std::int64_t enough = is_by_agents ? rats_of_agents : 1000;
  if (study.animals.per_arm < enough && !is_quiet)
    std::cerr << fmt::format("hindlimb: {} rats in each arm; a verdict needs {}\n", study.animals.per_arm, enough);
  return all_pass(findings) ? Exit::ok : Exit::fact_failed;
}

}  // namespace

const Command validate_command{
    "validate",
    "[STUDY.toml] [OPTION ...]",
    "hold the published facts against the model, one by one; exit code 3 if one fails",
    "  hindlimb validate\n"
    "  hindlimb validate --set animals.per_arm=5000\n"
    "  hindlimb validate --agents      (32 rats, sections of 1,000 fibres)\n"
    "  hindlimb validate --set parameters.file=../results/fit_reference.toml\n",
    0,
    1,
    options,
    execute,
    "Simulates the study and holds each row of a table of facts against it: the band low to high of a quantity of an\n"
    "arm, limb, muscle and day. The facts that come with the program are those of the literature; --facts FILE takes\n"
    "measurements of your own: `hindlimb init own-data` writes such a table with every column explained.\n"};

}  // namespace hindlimb::app
