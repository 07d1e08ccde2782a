#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <regex>

#include "app/command.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/keys.hpp"
#include "hindlimb/scenario/reference.hpp"
#include "hindlimb/study/sweep_plan.hpp"

namespace hindlimb::app {
namespace {

using scenario::KeyEntry;

po::options_description options() {
  po::options_description description;
  description.add_options()("reference", "print a study file with every key (configs/reference.toml)")(
      "markdown", "print all keys as a page of tables (docs/keys.md)")(
      "model", "print the states and parameters of the model as tables (part of docs/model.md)")(
      "agents", "print the rules, fields and parameters of agents as tables (part of docs/ODD.md)");
  return description;
}

/// A key as --set and error messages write it, without the names and numbers of its arm, phase, massage or muscle.
std::string without_names(const std::string& key) {
  static const std::regex phase(R"(^arm\.[^.]+\.phase\.[^.]+(\.|$))");
  static const std::regex massage(R"(^arm\.[^.]+\.massage(\.\d+)?(\.|$))");
  static const std::regex arm(R"(^arm\.(?!phase|massage|name$)[^.]+(\.|$))");
  std::string plain = std::regex_replace(key, phase, "arm.phase$1");
  plain = std::regex_replace(plain, massage, "arm.massage$2");
  plain = std::regex_replace(plain, arm, "arm$1");
  for (const std::string_view muscle : laws::muscle_names) {
    const std::string prefix = fmt::format("parameters.{}.", muscle);
    if (plain.starts_with(prefix)) return "parameters." + plain.substr(prefix.size());
  }
  return plain;
}

void print_whole(const KeyEntry& key) {
  const auto line = [](std::string_view label, std::string_view text) {
    if (!text.empty()) std::cout << fmt::format("  {:<9}{}\n", label, text);
  };
  std::cout << key.path << '\n';
  line("meaning", key.meaning);
  line("type", key.type);
  line("unit", key.unit);
  line("range", key.range);
  line("default", key.default_value);
  line("source", key.source);
  line("example", fmt::format("{} = {}", key.path.substr(key.path.rfind('.') + 1), key.example));
}

void print_line(const KeyEntry& key) {
  const std::string unit = key.unit.empty() ? "" : fmt::format(" [{}]", key.unit);
  std::cout << fmt::format("{:<42}{}{}\n", key.path, key.meaning, unit);
}

std::vector<KeyEntry> all_keys() {
  std::vector<KeyEntry> all = scenario::all_keys();
  const std::vector<KeyEntry> sweep = study::sweep_keys();
  all.insert(all.end(), sweep.begin(), sweep.end());
  return all;
}

void explain(const std::string& asked) {
  const std::vector<KeyEntry> all = all_keys();
  const std::string key = without_names(asked);
  if (const auto exact = std::ranges::find(all, key, &KeyEntry::path); exact != all.end()) return print_whole(*exact);
  const auto is_within = [&key](const KeyEntry& entry) { return entry.path.starts_with(key + "."); };
  if (std::ranges::any_of(all, is_within)) {
    for (const KeyEntry& entry : all) {
      if (is_within(entry)) print_line(entry);
    }
    return;
  }
  std::vector<std::string_view> paths;
  for (const KeyEntry& entry : all) paths.push_back(entry.path);
  for (const KeyEntry& entry : all) {
    const std::size_t dot = entry.path.rfind('.');
    paths.push_back(std::string_view(entry.path).substr(dot + 1));
    if (dot != std::string::npos) paths.push_back(std::string_view(entry.path).substr(0, dot));
  }
  throw InputError({{"hindlimb explain", asked, "unknown key", scenario::suggestion(key, paths)}});
}

Exit execute(const std::vector<std::string>& arguments, const po::variables_map& options) {
  if (has(options, "reference")) {
    std::cout << scenario::reference_toml();
  } else if (has(options, "markdown")) {
    std::cout << scenario::reference_markdown(study::sweep_keys());
  } else if (has(options, "model")) {
    std::cout << scenario::model_tables_markdown();
  } else if (has(options, "agents")) {
    std::cout << scenario::agent_tables_markdown();
  } else if (!arguments.empty()) {
    explain(arguments[0]);
  } else {
    for (const KeyEntry& key : all_keys()) print_line(key);
  }
  return Exit::ok;
}

}  // namespace

const Command explain_command{
    "explain",
    "[KEY] [OPTION ...]",
    "say what a key of a study or a sweep means: unit, range, default, source; without a key, list all",
    "  hindlimb explain\n"
    "  hindlimb explain animals\n"
    "  hindlimb explain arm.REM.massage.force_N\n"
    "  hindlimb explain --reference > all-keys.toml\n",
    0,
    1,
    options,
    execute};

}  // namespace hindlimb::app
