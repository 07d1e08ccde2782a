#include "hindlimb/scenario/build.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hindlimb/scenario/keys.hpp"
#include "hindlimb/scenario/table_reader.hpp"

namespace hindlimb::scenario {
namespace {

/// Reads what a study has beside plain tables: arms with their names, and parameters.
class StudyReader : public TableReader {
 public:
  void read_arms(const Node& document, Study& study) {
    std::size_t number = 0;
    for (const Node& node : entries(document, "arm", "arm")) {
      read_arm(node, fmt::format("arm.{}", name_or_number(node, ++number)), study.arms.emplace_back());
    }
  }

  void read_parameters(const Node& table, const std::string& path, ParameterSet& set) {
    if (!is_table(table, path)) return;
    for (const auto& [name, node] : *table.table()) {
      if (name != "file" && heads_named(name).empty()) read_parameter(node, join(path, name), name, set, {});
    }
    // What holds for fewer muscles counts, wherever it stands.
    for (const std::size_t n_heads : {std::size_t{2}, std::size_t{1}}) {
      for (const auto& [name, node] : *table.table()) {
        const std::vector<Muscle> heads = heads_named(name);
        if (heads.size() == n_heads) read_muscle_parameters(node, join(path, name), set, heads);
      }
    }
  }

  void read_crossover(const Node& document, ParameterSet& set) {
    const Node* table = document.find("crossover");
    if (table == nullptr) return;
    if (!is_table(*table, "crossover")) return;
    const Node* parameters = document.find("parameters");
    for (const auto& [name, node] : *table->table()) {
      const std::string path = join("crossover", name);
      if (std::ranges::find(crossover_keys, name) == crossover_keys.end()) {
        report_key(node, path, "unknown key", suggestion(name, {crossover_keys.begin(), crossover_keys.end()}));
      } else if (parameters != nullptr && parameters->find(name) != nullptr) {
        report_key(node, path, "is given twice", fmt::format("parameters.{} is the same number", name));
      } else {
        read_parameter(node, path, name, set, {});
      }
    }
  }

 private:
  static std::string name_or_number(const Node& node, std::size_t number) {
    const Node* name = node.find("name");
    return name != nullptr && name->text() != nullptr && !name->text()->empty() ? *name->text()
                                                                                : fmt::format("{}", number);
  }

  void read_arm(const Node& node, const std::string& path, Arm& arm) {
    read(node, path, arm, {"phase", "massage", "training", "label"});
    std::size_t number = 0;
    for (const Node& phase : entries(node, "phase", path + ".phase")) {
      read(phase, fmt::format("{}.phase.{}", path, name_or_number(phase, ++number)), arm.phases.emplace_back());
    }
    read_numbered(node, path, "massage", arm.massages);
    read_numbered(node, path, "training", arm.trainings);
    if (const Node* label = node.find("label")) read(*label, path + ".label", arm.label);
  }

  /// The muscles that a table of parameters is for; none if the name is no muscle.
  static std::vector<Muscle> heads_named(std::string_view name) {
    const auto found = std::ranges::find(muscle_names, name);
    if (found == muscle_names.end()) return {};
    return heads_of(static_cast<MuscleName>(found - muscle_names.begin()));
  }

  void read_muscle_parameters(const Node& table, const std::string& path, ParameterSet& set,
                              const std::vector<Muscle>& muscles) {
    if (!is_table(table, path)) return;
    for (const auto& [name, node] : *table.table()) read_parameter(node, join(path, name), name, set, muscles);
  }

  /// Without muscles, all of them take the value.
  void read_parameter(const Node& node, const std::string& path, std::string_view name, ParameterSet& set,
                      const std::vector<Muscle>& muscles) {
    remember(path, node);
    const auto* info = std::ranges::find(laws::parameter_table, name, &laws::ParameterInfo::name);
    if (info == std::end(laws::parameter_table))
      return report_key(node, path, "unknown parameter", suggestion(name, parameter_names()));
    if (!muscles.empty() && !info->per_muscle) {
      return report_key(node, path, "is the same for all muscles", fmt::format("write parameters.{}", name));
    }
    const NumberConversion number = convert_number(node, {info->low, info->high}, info->unit);
    if (!number.value) return report(node, path, number.problem, std::string(info->meaning));
    const auto member = laws::parameter_members<double>[static_cast<std::size_t>(info - laws::parameter_table)];
    for (std::size_t i = 0; i < set.size(); ++i) {
      const bool is_meant = muscles.empty() || std::ranges::find(muscles, static_cast<Muscle>(i)) != muscles.end();
      if (is_meant) set[i].*member = *number.value;
    }
  }

  static std::vector<std::string_view> parameter_names() {
    std::vector<std::string_view> names(muscle_names.begin(), muscle_names.end());
    for (const laws::ParameterInfo& info : laws::parameter_table) names.push_back(info.name);
    return names;
  }
};

void read_parameter_file(StudyReader& reader, const Node& document, ParameterSet& set) {
  for (const auto& [name, node] : *document.table()) {
    if (name == "parameters") {
      reader.read_parameters(node, "parameters", set);
      if (const Node* file = node.find("file")) {
        reader.report_key(*file, "parameters.file", "does not belong in a parameter file",
                          "it cannot name another one");
      }
    } else if (name != "title") {
      reader.report_key(node, name, "does not belong in a parameter file", "it holds one table, [parameters]");
    }
  }
}

}  // namespace

Study build_study(const Node& document, const Node* parameter_file, Check check) {
  StudyReader reader;
  Study study;
  reader.read(document, "", study,
              {"animals", "arm", "crossover", "parameters", "record", "compare", "solver", "agents"});
  if (parameter_file != nullptr) read_parameter_file(reader, *parameter_file, study.parameters);
  if (const Node* table = document.find("parameters")) reader.read_parameters(*table, "parameters", study.parameters);
  reader.read_crossover(document, study.parameters);
  reader.read_section(document, "animals", study.animals);
  reader.read_arms(document, study);
  reader.read_section(document, "record", study.record);
  reader.read_section(document, "compare", study.compare);
  reader.read_section(document, "solver", study.solver);
  reader.read_section(document, "agents", study.agents);
  if (check == Check::whole) reader.add(reader.found_problems() ? find_name_problems(study) : find_problems(study));
  reader.throw_if_any();
  return study;
}

}  // namespace hindlimb::scenario
