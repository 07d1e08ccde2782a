#include "hindlimb/scenario/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "hindlimb/muscle/states.hpp"
#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {
namespace {

constexpr std::size_t width = 110;

/// The text as comment lines of at most `width` letters.
std::string comment(std::string_view text) {
  std::string result;
  std::string line = "#";
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (line.size() + 1 + word.size() > width) {
      result += line;
      result += '\n';
      line.resize(1);
    }
    line += fmt::format(" {}", word);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return fmt::format("{}{}\n", result, line);
}

std::string description(const KeyEntry& key) {
  std::string text = key.meaning;
  const auto append = [&text](std::string_view label, std::string_view part) {
    if (!part.empty()) text += fmt::format("; {}{}", label, part);
  };
  append("", key.type.starts_with("number") || key.type == "text" || key.type == "whole number" ? "" : key.type);
  append("unit ", key.unit);
  append("", key.range);
  append("source: ", key.source);
  return text;
}

/// A file that uses every kind of table once.
Study example_study() {
  Study study;
  study.title = "Every key there is";
  Arm arm{.name = "massaged", .phases = {}, .massages = {}, .trainings = {}, .label = {}};
  arm.phases.push_back({.name = "suspension", .load = {{0.0, 0.0}}, .duration = Minutes(14 * 1440)});
  arm.phases.push_back({.name = "reload", .load = {{1.0, 1.0}}, .duration = Minutes(8 * 1440)});
  arm.massages.push_back({.muscles = {}, .phase = "reload"});
  arm.trainings.push_back({.phase = "reload", .sessions = 4});
  study.arms.push_back(std::move(arm));
  return study;
}

class Reference {
 public:
  std::string text =
      "# Written by `hindlimb explain --reference`: every key of a study, with its default where it has one.\n"
      "# A study file needs only what differs; keys that are optional are shown behind a #.\n\n";

  template <class Owner>
  void section(std::string_view header, std::string_view prefix, const Owner& owner) {
    if (!header.empty()) text += fmt::format("\n{}\n", header);
    for (const Key<Owner>& key : keys<Owner>()) {
      const KeyEntry& entry = find(fmt::format("{}{}", prefix, key.name));
      text += comment(description(entry));
      const std::optional<Value> value = key.get(owner);
      text += value ? fmt::format("{} = {}\n", key.name, to_toml(*value))
                    : fmt::format("# {} = {}\n", key.name, entry.example);
    }
  }

  void crossover() {
    text +=
        "\n# The gains of the routes to the other limb may also be written here; 0 is no such route.\n# [crossover]\n";
    for (const std::string_view name : crossover_keys) {
      text += fmt::format("# {} = {}\n", name, find(fmt::format("crossover.{}", name)).example);
    }
  }

  void parameters() {
    text += "\n[parameters]\n";
    const KeyEntry& file = find("parameters.file");
    text += comment(description(file)) + fmt::format("# file = {}\n", file.example);
    for (const laws::ParameterInfo& info : laws::parameter_table) {
      if (!info.per_muscle) parameter(info, info.defaults[0], true);
    }
    for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
      text += fmt::format("\n[parameters.{}]\n", laws::muscle_names[muscle]);
      for (const laws::ParameterInfo& info : laws::parameter_table) {
        if (info.per_muscle) parameter(info, info.defaults[muscle], muscle == 0);
      }
    }
  }

 private:
  const KeyEntry& find(const std::string& path) const { return *std::ranges::find(all_, path, &KeyEntry::path); }

  void parameter(const laws::ParameterInfo& info, double value, bool is_described) {
    if (is_described) text += comment(description(find(fmt::format("parameters.{}", info.name))));
    text += fmt::format("{} = {}\n", info.name, value);
  }

  std::vector<KeyEntry> all_ = all_keys();
};

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

std::string keys_markdown(const std::vector<KeyEntry>& keys) {
  std::string text = "| key | type | unit | range | default | meaning | source |\n|---|---|---|---|---|---|---|\n";
  for (const KeyEntry& key : keys) {
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", key.path, cell(key.type), cell(key.unit),
                        cell(key.range), cell(key.default_value), cell(key.meaning), cell(key.source));
  }
  return text;
}

std::string states_markdown() {
  std::string text = "| state | symbol | weight bearing | meaning |\n|---|---|---|---|\n";
  for (const muscle::StateInfo& state : muscle::state_table) {
    text +=
        fmt::format("| `{}` | ${}$ | {} | {} |\n", state.name, state.symbol, state.weight_bearing, cell(state.meaning));
  }
  return text;
}

std::string parameter_row(const laws::ParameterInfo& info, std::span<const double> defaults) {
  return fmt::format("| `{}` | ${}$ | {} | {} | {} to {} | {} | {} |\n", info.name, info.symbol, info.unit,
                     fmt::join(defaults, " | "), info.low, info.high, cell(info.meaning), cell(info.source));
}

std::string shared_parameters_markdown() {
  std::string text =
      "| parameter | symbol | unit | default | bounds | meaning | source |\n|---|---|---|---|---|---|---|\n";
  for (const laws::ParameterInfo& info : laws::parameter_table) {
    if (!info.per_muscle) text += parameter_row(info, std::span(info.defaults).first(1));
  }
  return text;
}

std::string muscle_parameters_markdown() {
  std::string text = fmt::format("| parameter | symbol | unit | {} | bounds | meaning | source |\n|",
                                 fmt::join(laws::muscle_names, " | "));
  for (std::size_t column = 0; column < laws::n_muscles + 6; ++column) text += "---|";
  text += '\n';
  for (const laws::ParameterInfo& info : laws::parameter_table) {
    if (info.per_muscle) text += parameter_row(info, info.defaults);
  }
  return text;
}

/// The numbers of a study whose source is such, each once; model parameters without a prefix.
template <class Condition>
std::string sources_markdown(Condition is_such) {
  constexpr std::string_view prefix = "parameters.";
  std::string text = "| number | source |\n|---|---|\n";
  for (const KeyEntry& key : all_keys()) {
    if (!is_such(key.source) || key.path.starts_with("crossover.")) continue;
    const std::string_view path = key.path;
    text += fmt::format("| `{}` | {} |\n", path.substr(path.starts_with(prefix) ? prefix.size() : 0), cell(key.source));
  }
  return text;
}

}  // namespace

std::string reference_toml() {
  const Study study = example_study();
  const Arm& arm = study.arms[0];
  Reference reference;
  reference.section("", "", study);
  reference.section("[animals]", "animals.", study.animals);
  reference.section("[[arm]]", "arm.", arm);
  reference.section("[[arm.phase]]", "arm.phase.", arm.phases[0]);
  reference.text += fmt::format("\n[[arm.phase]]\nname = \"{}\"\nload = 1\nduration_d = {}\n", arm.phases[1].name,
                                to_days(*arm.phases[1].duration));
  reference.section("[[arm.massage]]", "arm.massage.", arm.massages[0]);
  reference.section("[[arm.training]]", "arm.training.", arm.trainings[0]);
  reference.section("[arm.label]", "arm.label.", arm.label);
  reference.section("[record]", "record.", study.record);
  reference.section("[compare]", "compare.", study.compare);
  reference.section("[solver]", "solver.", study.solver);
  reference.section("[agents]", "agents.", study.agents);
  reference.crossover();
  reference.parameters();
  return reference.text;
}

std::string reference_markdown(const std::vector<KeyEntry>& sweep_keys, const std::vector<KeyEntry>& fit_keys) {
  return "# Keys of a study\n\nWritten by `hindlimb explain --markdown` from the table that the reader uses.\n"
         "Parameters may also be given for one muscle: `parameters.soleus.postural_share`.\n\n" +
         keys_markdown(all_keys()) +
         "\n# Keys of a sweep\n\nA sweep is a study, or names one, and has these keys besides; docs/sweeps.md shows "
         "them at work.\n\n" +
         keys_markdown(sweep_keys) +
         "\n# Keys of a fit\n\nA plan of `hindlimb fit` names a study and a table of observations; "
         "configs/fit_reference.toml is one.\n\n" +
         keys_markdown(fit_keys);
}

std::string model_tables_markdown() {
  const auto is_assumed = [](std::string_view source) { return source.find("@assumed") != std::string_view::npos; };
  const auto is_fitted = [](std::string_view source) { return source.find("fitted") != std::string_view::npos; };
  return fmt::format(
      "### States\n\n{}\n### Parameters that are the same for all muscles\n\n{}\n### Parameters of each muscle\n\n{}\n"
      "### Assumed\n\nNo measurement stands behind these values, or behind those of the muscles named.\n\n{}\n"
      "### Fitted\n\nThese values are the output of `hindlimb fit configs/fit_reference.toml`.\n\n{}",
      states_markdown(), shared_parameters_markdown(), muscle_parameters_markdown(), sources_markdown(is_assumed),
      sources_markdown(is_fitted));
}

}  // namespace hindlimb::scenario
