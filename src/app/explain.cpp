#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <regex>
#include <set>

#include "app/command.hpp"
#include "app/key_groups.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/reference.hpp"
#include "hindlimb/study/fit_plan.hpp"
#include "hindlimb/study/measurement.hpp"
#include "hindlimb/study/sweep_plan.hpp"

namespace hindlimb::app {
namespace {

using muscle::ObservableInfo;
using scenario::KeyEntry;

po::options_description options() {
  po::options_description description;
  description.add_options()("observables", "list what is recorded, with units")(
      "reference", "print a study file with every key (configs/reference.toml)")(
      "markdown", "print all keys as a page of tables (docs/keys.md)")(
      "model", "print the states and parameters of the model as tables (part of docs/model.md)")(
      "agents", "print the rules, fields and parameters of agents as tables (part of docs/ODD.md)");
  return description;
}

/// A key as --set and error messages write it, without the names and numbers of its arm, phase, massage or muscle.
std::string without_names(const std::string& key) {
  static const std::regex phase(R"(^arm\.[^.]+\.phase\.[^.]+(\.|$))");
  static const std::regex massage(R"(^arm\.[^.]+\.(massage|training)(\.\d+)?(\.|$))");
  static const std::regex arm(R"(^arm\.(?!phase|massage|training|label|name$)[^.]+(\.|$))");
  static const std::regex number(R"(^(sweep\.axis|parameter|datum|unused)\.\d+(\.|$))");
  std::string plain = std::regex_replace(key, phase, "arm.phase$1");
  plain = std::regex_replace(plain, massage, "arm.$1$3");
  plain = std::regex_replace(plain, arm, "arm$1");
  plain = std::regex_replace(plain, number, "$1$2");
  for (const std::string_view name : laws::muscle_names) {
    if (plain == name) return "muscles";
    const std::string of_muscle = fmt::format("parameters.{}", name);
    if (plain == of_muscle) return "parameters";
    if (plain.starts_with(of_muscle + ".")) return "parameters" + plain.substr(of_muscle.size());
    if (plain.starts_with(fmt::format("{}.", name))) return "parameters" + plain.substr(name.size());
  }
  return plain;
}

void print_field(std::string_view label, std::string_view text) {
  if (!text.empty()) std::cout << fmt::format("  {:<9}{}\n", label, text);
}

/// A key, and the kind of file that has it.
struct Found {
  const KeyEntry* key;
  std::string_view file;
};

std::string place_of(const Found& found) {
  const std::string header = header_of(found.key->path);
  const auto* parameter =
      std::ranges::find(laws::parameter_table, last_word(found.key->path), &laws::ParameterInfo::name);
  const bool is_of_muscle = parameter != std::end(laws::parameter_table) && parameter->per_muscle;
  return fmt::format("{} of a {}{}", header.empty() ? "at the top" : fmt::format("in {}", header), found.file,
                     is_of_muscle ? "; in [parameters.soleus] of that muscle alone" : "");
}

void print_whole(const Found& found) {
  const KeyEntry& key = *found.key;
  const bool has_default = key.default_value != "required" && key.default_value != "optional";
  const auto or_else = [](std::string_view text, std::string_view otherwise) {
    return text.empty() ? otherwise : text;
  };
  std::cout << key.path << '\n';
  print_field("meaning", key.meaning);
  print_field("type", key.type);
  print_field("unit", or_else(key.unit, "none"));
  print_field("range", or_else(key.range, "whatever the type allows"));
  print_field("default", key.default_value);
  print_field("source", or_else(key.source, has_default ? "a choice, not a measurement" : "none: there is no default"));
  print_field("example", fmt::format("{} = {}", last_word(key.path), key.example));
  print_field("stands", place_of(found));
}

void print_line(std::string_view name, std::string_view meaning, std::string_view unit) {
  std::cout << fmt::format("{:<42}{}{}\n", name, meaning, unit.empty() ? "" : fmt::format(" [{}]", unit));
}

void print_line(const Found& found) { print_line(found.key->path, found.key->meaning, found.key->unit); }

void print_observable(const ObservableInfo& info) {
  constexpr std::array<std::string_view, 4> heads{"added", "averaged by their numbers of fibres",
                                                  "averaged by their protein", "averaged by their section areas"};
  const bool is_by_type = info.width > 1;
  std::cout << info.name << '\n';
  print_field("meaning", info.long_name);
  print_field("type", fmt::format("observable: a number for each arm, animal, muscle, limb{} and time",
                                  is_by_type ? ", fibre type" : ""));
  print_field("unit", info.unit);
  print_field("range", "computed, not set");
  print_field("heads",
              fmt::format("of the gastrocnemius as a whole: {}", heads[static_cast<std::size_t>(info.weight)]));
  print_field("default", "recorded, unless record.observables names others");
  print_field("source", "docs/model.md has its equation");
  print_field("example", fmt::format("observables = [\"{}\"]", info.name));
  print_field("stands", is_by_type ? "in [record] of a study, and as a variable of result files"
                                   : "in [record] of a study, as a variable of result files, and in fits and facts");
}

void print_quantity(const study::Quantity& quantity) {
  const ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(quantity.observable)];
  constexpr std::array<std::string_view, 4> forms{"the number itself", "its ratio to the reference arm",
                                                  "its change from the reference arm",
                                                  "its coefficient of variation between rats"};
  constexpr std::array<std::string_view, 3> times{"on that day", "as a mean from the start of the phase to that day",
                                                  "at its largest from the start of the phase to that day"};
  constexpr std::array<std::string_view, 4> units{"", "1", "%", "1"};
  const auto form = static_cast<std::size_t>(quantity.form);
  std::cout << quantity.name << '\n';
  print_field("meaning",
              fmt::format("{}: {}, {}", info.long_name, forms[form], times[static_cast<std::size_t>(quantity.over)]));
  print_field("type", fmt::format("quantity of the observable {}", info.name));
  print_field("unit", quantity.form == study::Form::value ? info.unit : units[form]);
  print_field("example", fmt::format("quantity = \"{}\"", quantity.name));
  print_field("stands", "in [[datum]] of a fit, and in the column quantity of a table of facts");
}

/// "csa_by_type" of "csa_by_type.IIa"
std::string_view without_fibre_type(std::string_view name) {
  const auto ends_name = [&](std::string_view type) {
    return name.ends_with(type) && name.size() > type.size() && name[name.size() - type.size() - 1] == '.';
  };
  const auto* type = std::ranges::find_if(laws::fibre_type_names, ends_name);
  return type == std::end(laws::fibre_type_names) ? name : name.substr(0, name.size() - type->size() - 1);
}

/// Finds what a user may mean by a word.
class Explanation {
 public:
  explicit Explanation(std::string asked) : asked_(std::move(asked)), key_(without_names(asked_)) {
    for (const KeyGroup& group : groups_) {
      for (const KeyEntry& entry : group.keys) all_.push_back({&entry, group.file});
    }
  }

  void print() const {
    const std::vector<Found> exact = keys_where([&](const std::string& path) { return path == key_; });
    const std::vector<Found> within = keys_where([&](const std::string& path) { return path.starts_with(key_ + "."); });
    if (!exact.empty()) return print_keys(exact);
    if (!within.empty()) return print_lines(within);
    if (print_what_is_computed()) return;
    print_by_last_words();
  }

  void print_all() const {
    for (const KeyGroup& group : groups_) {
      std::cout << fmt::format("{}# keys of a {}\n", &group == &groups_.front() ? "" : "\n", group.file);
      for (const KeyEntry& entry : group.keys) print_line({&entry, group.file});
    }
  }

 private:
  template <class Condition>
  std::vector<Found> keys_where(Condition is_such) const {
    std::vector<Found> found;
    std::ranges::copy_if(all_, std::back_inserter(found), [&](const Found& each) { return is_such(each.key->path); });
    return found;
  }

  static void print_lines(const std::vector<Found>& keys) {
    for (const Found& found : keys) print_line(found);
  }

  /// Keys in full, and the names of others that are called alike.
  void print_keys(const std::vector<Found>& keys) const {
    for (const Found& found : keys) {
      if (&found != &keys.front()) std::cout << '\n';
      print_whole(found);
    }
    std::set<std::string> others;
    const std::string ending = fmt::format(".{}", last_word(key_));
    if (asked_.find('.') == std::string::npos) {
      for (const Found& found : keys_where([&](const std::string& path) { return path.ends_with(ending); }))
        others.insert(found.key->path);
    }
    for (const Found& found : keys) others.erase(found.key->path);
    if (!others.empty()) print_field("also", fmt::format("{}", fmt::join(others, ", ")));
  }

  bool print_what_is_computed() const {
    const auto* info = std::ranges::find(muscle::observable_table, without_fibre_type(key_), &ObservableInfo::name);
    if (info != std::end(muscle::observable_table)) {
      print_observable(*info);
      return true;
    }
    try {
      print_quantity(study::quantity_named(key_, ""));
      return true;
    } catch (const InputError&) {
      return false;
    }
  }

  /// "drive_max", "massage", "phase.load": keys and tables by the end of their paths.
  void print_by_last_words() const {
    const std::string ending = "." + key_;
    const std::vector<Found> parameter =
        keys_where([&](const std::string& path) { return path == "parameters" + ending; });
    if (!parameter.empty()) return print_keys(parameter);
    const std::vector<Found> named = keys_where([&](const std::string& path) { return path.ends_with(ending); });
    const std::vector<Found> inside =
        keys_where([&](const std::string& path) { return path.find(ending + ".") != std::string::npos; });
    if (named.empty() && inside.empty()) throw_unknown();
    if (named.size() == 1 && inside.empty()) return print_keys(named);
    if (!named.empty())
      std::cout << fmt::format("'{}' may be one of these; `hindlimb explain KEY` has more:\n", asked_);
    print_lines(named);
    print_lines(inside);
  }

  [[noreturn]] void throw_unknown() const {
    std::vector<std::string_view> known;
    for (const Found& found : all_) {
      const std::string_view path = found.key->path;
      const std::size_t dot = path.rfind('.');
      known.push_back(path);
      if (dot == std::string_view::npos) continue;
      known.push_back(path.substr(dot + 1));
      const std::string_view table = path.substr(0, dot);
      known.push_back(table);
      known.push_back(table.substr(table.rfind('.') + 1));
    }
    for (const ObservableInfo& info : muscle::observable_table) known.push_back(info.name);
    throw InputError({{"hindlimb explain", asked_, "unknown key", scenario::suggestion(key_, known)}});
  }

  std::string asked_;
  std::string key_;
  std::vector<KeyGroup> groups_ = key_groups();
  std::vector<Found> all_;
};

Exit execute(const std::vector<std::string>& arguments, const po::variables_map& options) {
  if (has(options, "observables")) {
    for (const ObservableInfo& info : muscle::observable_table) print_line(info.name, info.long_name, info.unit);
  } else if (has(options, "reference")) {
    std::cout << scenario::reference_toml();
  } else if (has(options, "markdown")) {
    std::cout << scenario::reference_markdown(study::sweep_keys(), study::fit_keys());
  } else if (has(options, "model")) {
    std::cout << scenario::model_tables_markdown();
  } else if (has(options, "agents")) {
    std::cout << scenario::agent_tables_markdown();
  } else if (!arguments.empty()) {
    Explanation(arguments[0]).print();
  } else {
    Explanation("").print_all();
  }
  return Exit::ok;
}

}  // namespace

const Command explain_command{
    "explain",
    "[KEY] [OPTION ...]",
    "say what a key, parameter or observable means: unit, range, default, source; without one, list all keys",
    "  hindlimb explain\n"
    "  hindlimb explain animals\n"
    "  hindlimb explain arm.REM.massage.force_N\n"
    "  hindlimb explain drive_max\n"
    "  hindlimb explain csa\n"
    "  hindlimb explain --reference > all-keys.toml\n",
    0,
    1,
    options,
    execute,
    "A key may be written as in a file (arm.massage.force_N), as --set and error messages do "
    "(arm.REM.massage.2.force_N),\n"
    "or by its last word alone where that is enough (force_N). A table (massage) is listed key by key. Keys of "
    "studies,\n"
    "of sweeps and of plans of a fit are known, the parameters of the model, what is recorded, and what facts and "
    "fits\n"
    "compute of it (csa_change).\n"};

}  // namespace hindlimb::app
