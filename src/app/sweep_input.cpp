#include "app/sweep_input.hpp"

#include <fmt/format.h>

#include <optional>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;
using scenario::Node;

constexpr std::uintmax_t most_bytes_of_list = 2'000'000'000;

/// The file without its [sweep], or the file that it names.
Node study_document(const Node& document, const study::SweepPlan& plan, const fs::path& file) {
  if (plan.study_file.empty()) {
    Node study = document;
    std::erase_if(*study.table(), [](const scenario::Entry& entry) { return entry.key == "sweep"; });
    return study;
  }
  std::vector<Problem> problems;
  for (const auto& [key, value] : *document.table()) {
    if (key == "sweep") continue;
    problems.push_back({value.where, key, fmt::format("belongs to a study, and that is {}", plan.study_file),
                        fmt::format("[sweep.set] changes it: \"{}\" = ...", key)});
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return io::read_toml(io::named_file(*document.find("sweep")->find("study"), "sweep.study", file));
}

void apply_changes(Node& document, const study::SweepPlan& plan, const std::vector<std::string>& changes) {
  std::vector<Problem> problems;
  for (const auto& [key, value] : plan.changes) {
    const std::vector<Problem> found = apply_override(document, key, value);
    problems.insert(problems.end(), found.begin(), found.end());
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  for (const std::string& change : changes) io::apply_change(document, change);
}

/// The file that parameters.file names; empty if there is none.
std::string parameter_file_of(const Node& study) {
  const Node* parameters = study.find("parameters");
  const Node* name = parameters == nullptr ? nullptr : parameters->find("file");
  return name == nullptr || name->text() == nullptr ? "" : *name->text();
}

}  // namespace

SweepInput read_sweep(const fs::path& file, const std::vector<std::string>& changes) {
  const Node document = io::read_toml(file);
  const Node* table = document.find("sweep");
  if (table == nullptr)
    throw InputError({{file.string(), "sweep", "is missing", "`hindlimb run` runs a study without [sweep]"}});
  study::SweepPlan plan = study::read_sweep_plan(*table);
  Node study = study_document(document, plan, file);
  apply_changes(study, plan, changes);
  const fs::path study_file = plan.study_file.empty() ? file : file.parent_path() / plan.study_file;
  std::vector<fs::path> files{file, study_file};
  if (const std::string name = parameter_file_of(study); !name.empty())
    files.push_back(study_file.parent_path() / name);
  const io::StudyDocument read = io::with_parameter_file(std::move(study), study_file);
  std::optional<CsvTable> list;
  if (plan.design == study::Design::list) {
    const fs::path list_file = io::named_file(*table->find("file"), "sweep.file", file);
    files.push_back(list_file);
    list = CsvTable::parse(io::read_text(list_file, most_bytes_of_list), list_file.string());
  }
  return {{std::move(plan), read.document, read.parameters(), list ? &*list : nullptr}, std::move(files)};
}

}  // namespace hindlimb::app
