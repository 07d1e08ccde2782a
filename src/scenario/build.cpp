#include "hindlimb/scenario/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "hindlimb/scenario/keys.hpp"
#include "scenario/convert.hpp"

namespace hindlimb::scenario {
namespace {

/// Collects problems, and where each key was read from.
class Reader {
 public:
  void report(const Node& node, std::string path, std::string what, std::string hint) {
    problems_.push_back({node.where, std::move(path), std::move(what), std::move(hint)});
  }

  /// Reads the keys of one table into their owner; tables within it, named in `inner`, are read by others.
  template <class Owner>
  void read(const Node& table, const std::string& path, Owner& owner, const std::vector<std::string_view>& inner = {}) {
    positions_[path] = table.where;
    if (table.table() == nullptr) return report(table, path, fmt::format("is {}, must be a table", type_name(table)), "");
    for (const auto& [name, node] : *table.table()) {
      const auto key = std::ranges::find(keys<Owner>(), name, &KeyInfo::name);
      if (key != keys<Owner>().end()) {
        read_value(node, join(path, name), *key, owner);
      } else if (std::ranges::find(inner, name) == inner.end()) {
        report_unknown<Owner>(node, join(path, name), name, inner);
      }
    }
    for (const Key<Owner>& key : keys<Owner>()) {
      if (key.is_required && table.find(key.name) == nullptr) {
        report(table, join(path, key.name), "is missing", std::string(key.meaning));
      }
    }
  }

  /// The entries of a list of tables such as [[arm]].
  const Array& entries(const Node& parent, std::string_view name, const std::string& path) {
    static const Array none;
    const Node* node = parent.find(name);
    if (node == nullptr) return none;
    if (node->array() != nullptr) return *node->array();
    report(*node, path, fmt::format("is {}, must be a list of tables", type_name(*node)),
           fmt::format("write [[{}]] in double brackets", name));
    return none;
  }

  void read_arms(const Node& document, Study& study) {
    std::size_t number = 0;
    for (const Node& node : entries(document, "arm", "arm")) {
      read_arm(node, fmt::format("arm.{}", name_or_number(node, ++number)), study.arms.emplace_back());
    }
  }

  void read_parameters(const Node& table, const std::string& path, ParameterSet& set) {
    positions_[path] = table.where;
    if (table.table() == nullptr) return report(table, path, fmt::format("is {}, must be a table", type_name(table)), "");
    for (const auto& [name, node] : *table.table()) {
      if (name != "file" && !muscle_named(name)) read_parameter(node, join(path, name), name, set, std::nullopt);
    }
    for (const auto& [name, node] : *table.table()) {  // after what holds for all muscles, wherever they stand
      if (const auto muscle = muscle_named(name)) read_muscle_parameters(node, join(path, name), set, *muscle);
    }
  }

  void read_crossover(const Node& document, ParameterSet& set) {
    const Node* table = document.find("crossover");
    if (table == nullptr) return;
    positions_["crossover"] = table->where;
    if (table->table() == nullptr) return report(*table, "crossover", fmt::format("is {}, must be a table", type_name(*table)), "");
    const Node* parameters = document.find("parameters");
    for (const auto& [name, node] : *table->table()) {
      const std::string path = join("crossover", name);
      if (std::ranges::find(crossover_keys, name) == crossover_keys.end()) {
        report(node, path, "unknown key", suggestion(name, {crossover_keys.begin(), crossover_keys.end()}));
      } else if (parameters != nullptr && parameters->find(name) != nullptr) {
        report(node, path, "is given twice", fmt::format("parameters.{} is the same number", name));
      } else {
        read_parameter(node, path, name, set, std::nullopt);
      }
    }
  }

  /// Adds what is wrong with the study as a whole, each problem at the nearest place that is known.
  void add(std::vector<Problem> problems) {
    for (Problem& problem : problems) {
      problem.where = position(problem.key);
      problems_.push_back(std::move(problem));
    }
  }

  bool found_problems() const { return !problems_.empty(); }
  void throw_if_any() {
    std::ranges::stable_sort(problems_, {}, place);
    if (found_problems()) throw InputError(std::move(problems_));
  }

 private:
  /// "study.toml:14" as its file and line; whatever has no line comes first.
  static std::pair<std::string_view, std::size_t> place(const Problem& problem) {
    const std::string_view where = problem.where;
    const std::size_t colon = where.rfind(':');
    if (colon == std::string_view::npos) return {where, 0};
    std::size_t line = 0;
    std::from_chars(where.data() + colon + 1, where.data() + where.size(), line);
    return {where.substr(0, colon), line};
  }

  static std::string join(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
  }

  static std::string name_or_number(const Node& node, std::size_t number) {
    const Node* name = node.find("name");
    return name != nullptr && name->text() != nullptr && !name->text()->empty() ? *name->text() : fmt::format("{}", number);
  }

  template <class Owner>
  void read_value(const Node& node, const std::string& path, const Key<Owner>& key, Owner& owner) {
    positions_[path] = node.where;
    const Conversion conversion = convert(node, key);
    if (conversion.value) {
      key.set(owner, *conversion.value);
    } else {
      report(node, path, conversion.problem, std::string(key.meaning));
    }
  }

  template <class Owner>
  void report_unknown(const Node& node, std::string path, std::string_view name, std::vector<std::string_view> known) {
    for (const Key<Owner>& key : keys<Owner>()) known.push_back(key.name);
    report(node, std::move(path), "unknown key", suggestion(name, known));
  }

  void read_arm(const Node& node, const std::string& path, Arm& arm) {
    read(node, path, arm, {"phase", "massage"});
    std::size_t number = 0;
    for (const Node& phase : entries(node, "phase", path + ".phase")) {
      read(phase, fmt::format("{}.phase.{}", path, name_or_number(phase, ++number)), arm.phases.emplace_back());
    }
    number = 0;
    const Array& massages = entries(node, "massage", path + ".massage");
    for (const Node& massage : massages) {
      ++number;
      const std::string massage_path = massages.size() == 1 ? path + ".massage" : fmt::format("{}.massage.{}", path, number);
      read(massage, massage_path, arm.massages.emplace_back());
    }
  }

  static std::optional<std::size_t> muscle_named(std::string_view name) {
    const auto muscle = std::ranges::find(laws::muscle_names, name);
    if (muscle == laws::muscle_names.end()) return std::nullopt;
    return static_cast<std::size_t>(muscle - laws::muscle_names.begin());
  }

  void read_muscle_parameters(const Node& table, const std::string& path, ParameterSet& set, std::size_t muscle) {
    if (table.table() == nullptr) return report(table, path, fmt::format("is {}, must be a table", type_name(table)), "");
    for (const auto& [name, node] : *table.table()) read_parameter(node, join(path, name), name, set, muscle);
  }

  /// Without a muscle, all of them take the value.
  void read_parameter(const Node& node, const std::string& path, std::string_view name, ParameterSet& set,
                      std::optional<std::size_t> muscle) {
    positions_[path] = node.where;
    const auto* info = std::ranges::find(laws::parameter_table, name, &laws::ParameterInfo::name);
    if (info == std::end(laws::parameter_table)) return report(node, path, "unknown parameter", suggestion(name, parameter_names()));
    if (muscle && !info->per_muscle) {
      return report(node, path, "is the same for all muscles", fmt::format("write parameters.{}", name));
    }
    const NumberConversion number = convert_number(node, {info->low, info->high}, info->unit);
    if (!number.value) return report(node, path, number.problem, std::string(info->meaning));
    const auto member = laws::parameter_members<double>[static_cast<std::size_t>(info - laws::parameter_table)];
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (!muscle || *muscle == i) set[i].*member = *number.value;
    }
  }

  static std::vector<std::string_view> parameter_names() {
    std::vector<std::string_view> names(laws::muscle_names.begin(), laws::muscle_names.end());
    for (const laws::ParameterInfo& info : laws::parameter_table) names.push_back(info.name);
    return names;
  }

  std::string position(std::string path) const {
    for (;;) {
      if (const auto found = positions_.find(path); found != positions_.end()) return found->second;
      const std::size_t dot = path.rfind('.');
      if (dot == std::string::npos) break;
      path.resize(dot);
    }
    const auto root = positions_.find("");
    return root == positions_.end() ? "" : root->second;
  }

  std::vector<Problem> problems_;
  std::map<std::string, std::string, std::less<>> positions_;
};

template <class Owner>
void read_section(Reader& reader, const Node& document, const std::string& name, Owner& owner) {
  if (const Node* table = document.find(name)) reader.read(*table, name, owner);
}

void read_parameter_file(Reader& reader, const Node& document, ParameterSet& set) {
  for (const auto& [name, node] : *document.table()) {
    if (name == "parameters") {
      reader.read_parameters(node, "parameters", set);
      if (const Node* file = node.find("file")) {
        reader.report(*file, "parameters.file", "does not belong in a parameter file", "it cannot name another one");
      }
    } else if (name != "title") {
      reader.report(node, name, "does not belong in a parameter file", "it holds one table, [parameters]");
    }
  }
}

}  // namespace

Study build_study(const Node& document, const Node* parameter_file) {
  Reader reader;
  Study study;
  reader.read(document, "", study,
              {"animals", "arm", "crossover", "parameters", "record", "compare", "solver"});
  if (parameter_file != nullptr) read_parameter_file(reader, *parameter_file, study.parameters);
  if (const Node* table = document.find("parameters")) reader.read_parameters(*table, "parameters", study.parameters);
  reader.read_crossover(document, study.parameters);
  read_section(reader, document, "animals", study.animals);
  reader.read_arms(document, study);
  read_section(reader, document, "record", study.record);
  read_section(reader, document, "compare", study.compare);
  read_section(reader, document, "solver", study.solver);
  if (!reader.found_problems()) reader.add(find_problems(study));
  reader.throw_if_any();
  return study;
}

}  // namespace hindlimb::scenario
