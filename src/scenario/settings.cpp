#include "hindlimb/scenario/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>

namespace hindlimb::scenario {
namespace {

std::string numbered(std::string_view table, std::size_t n, std::size_t i) {
  return n == 1 ? std::string(table) : fmt::format("{}.{}", table, i + 1);
}

/// Visits every table of a study: visit(path, access), where access(study) is the table in any study of that form.
template <class Visit>
void for_each_table(const Study& form, Visit visit) {
  visit(
      "", [](auto& study) -> auto& { return study; });
  visit(
      "animals.", [](auto& study) -> auto& { return study.animals; });
  for (std::size_t a = 0; a < form.arms.size(); ++a) {
    const Arm& arm = form.arms[a];
    const std::string path = fmt::format("arm.{}.", arm.name);
    visit(
        path, [a](auto& study) -> auto& { return study.arms[a]; });
    for (std::size_t i = 0; i < arm.phases.size(); ++i) {
      visit(
          fmt::format("{}phase.{}.", path, arm.phases[i].name),
          [ a, i ](auto& study) -> auto& { return study.arms[a].phases[i]; });
    }
    for (std::size_t i = 0; i < arm.massages.size(); ++i) {
      visit(
          fmt::format("{}{}.", path, numbered("massage", arm.massages.size(), i)),
          [ a, i ](auto& study) -> auto& { return study.arms[a].massages[i]; });
    }
    for (std::size_t i = 0; i < arm.trainings.size(); ++i) {
      visit(
          fmt::format("{}{}.", path, numbered("training", arm.trainings.size(), i)),
          [ a, i ](auto& study) -> auto& { return study.arms[a].trainings[i]; });
    }
    visit(
        path + "label.", [a](auto& study) -> auto& { return study.arms[a].label; });
  }
  visit(
      "record.", [](auto& study) -> auto& { return study.record; });
  visit(
      "compare.", [](auto& study) -> auto& { return study.compare; });
  visit(
      "solver.", [](auto& study) -> auto& { return study.solver; });
  visit(
      "agents.", [](auto& study) -> auto& { return study.agents; });
}

KeyInfo parameter_key(const laws::ParameterInfo& info) {
  return {.name = info.name,
          .type = KeyType::number,
          .unit = info.unit,
          .range = {info.low, info.high},
          .choices = {},
          .meaning = info.meaning,
          .source = info.source,
          .example = {}};
}

void add_parameters(std::vector<Setting>& settings, const Study& a, const Study& b) {
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    const auto member = laws::parameter_members<double>[i];
    const KeyInfo key = parameter_key(info);
    for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
      if (a.parameters[muscle].*member == b.parameters[muscle].*member) continue;
      if (!info.per_muscle) {
        const auto set_all = [member](Study& study, const Value& value) {
          for (laws::Parameters<double>& p : study.parameters) p.*member = std::get<double>(value);
        };
        const auto get = [member](const Study& study) -> Value { return study.parameters[0].*member; };
        settings.push_back({fmt::format("parameters.{}", info.name), key, set_all, get});
        break;
      }
      settings.push_back(
          {fmt::format("parameters.{}.{}", laws::muscle_names[muscle], info.name), key,
           [member, muscle](Study& s, const Value& value) { s.parameters[muscle].*member = std::get<double>(value); },
           [member, muscle](const Study& s) -> Value { return s.parameters[muscle].*member; }});
    }
  }
}

/// Values near another one or beside it, to see what changes.
std::vector<Node> others(const Node& value) {
  std::vector<Node> nodes;
  const auto add = [&](auto other) { nodes.push_back({other, value.where}); };
  if (const auto* whole = std::get_if<std::int64_t>(&value.value)) {
    for (const std::int64_t step : {1, -1}) add(*whole + step);
    for (const double factor : {1.01, 0.99}) add(static_cast<double>(*whole) * factor);
    for (const double step : {0.01, -0.01}) add(static_cast<double>(*whole) + step);
  } else if (const auto* number = std::get_if<double>(&value.value)) {
    for (const double factor : {1.01, 0.99}) add(*number * factor);
    for (const double step : {0.01, -0.01, 1.0, -1.0}) add(*number + step);
  } else if (value.text() != nullptr) {
    for (const auto names :
         {std::span<const std::string_view>(sex_names), std::span<const std::string_view>(pairing_names),
          std::span<const std::string_view>(limb_choice_names), std::span<const std::string_view>(method_names),
          std::span<const std::string_view>(arithmetic_names), std::span<const std::string_view>(fidelity_names),
          std::span<const std::string_view>(precision_names)}) {
      for (const std::string_view name : names) add(std::string(name));
    }
  }
  return nodes;
}

Study with(Node document, const Node* parameter_file, const std::string& key, const Node& value) {
  std::vector<Problem> problems = apply_override(document, key, value);
  if (!problems.empty()) throw InputError(std::move(problems));
  return build_study(document, parameter_file, Check::values);
}

std::optional<Study> try_with(const Node& document, const Node* parameter_file, const std::string& key,
                              const Node& value) {
  try {
    return with(document, parameter_file, key, value);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

namespace {

/// The limb in which alone two loads differ.
std::optional<std::size_t> single_limb(const std::optional<Value>& a, const std::optional<Value>& b) {
  const Load* one = a ? std::get_if<Load>(&*a) : nullptr;
  const Load* two = b ? std::get_if<Load>(&*b) : nullptr;
  if (one == nullptr || two == nullptr) return std::nullopt;
  const bool left = one->by_limb[0] != two->by_limb[0];
  const bool right = one->by_limb[1] != two->by_limb[1];
  if (left == right) return std::nullopt;
  return left ? 0 : 1;
}

template <class Owner, class Access>
Setting limb_setting(const std::string& path, const Key<Owner>& key, std::size_t limb, Access access) {
  KeyInfo info = key;
  info.type = KeyType::number;
  const auto load_of = [access, get = key.get](const Study& study) {
    return std::get<Load>(get(access(study)).value());
  };
  return {fmt::format("{}{}.{}", path, key.name, limb_names[limb]), info,
          [access, load_of, limb, set = key.set](Study& study, const Value& value) {
            Load load = load_of(study);
            load.by_limb[limb] = std::get<double>(value);
            set(access(study), load);
          },
          [load_of, limb](const Study& study) -> Value { return load_of(study).by_limb[limb]; }};
}

std::vector<double> numbers_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return {static_cast<double>(*whole)};
  if (const auto* number = std::get_if<double>(&value)) return {*number};
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) return *numbers;
  if (const auto* load = std::get_if<Load>(&value)) return {load->by_limb.begin(), load->by_limb.end()};
  return {};
}

void add_value_problems(std::vector<Problem>& problems, const std::string& path, const KeyInfo& key,
                        const Value& value) {
  for (const double number : numbers_of(value)) {
    const NumberConversion conversion = convert_number({number, ""}, key.range, key.unit);
    if (!conversion.value) problems.push_back({"", path, conversion.problem, std::string(key.meaning)});
  }
}

void add_parameter_problems(std::vector<Problem>& problems, const ParameterSet& set) {
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    for (std::size_t muscle = 0; muscle < (info.per_muscle ? laws::n_muscles : 1); ++muscle) {
      const std::string path = info.per_muscle ? fmt::format("parameters.{}.{}", laws::muscle_names[muscle], info.name)
                                               : fmt::format("parameters.{}", info.name);
      add_value_problems(problems, path, parameter_key(info), set[muscle].*laws::parameter_members<double>[i]);
    }
  }
}

}  // namespace

std::vector<Setting> differing_settings(const Study& a, const Study& b) {
  std::vector<Setting> settings;
  for_each_table(a, [&](const std::string& path, auto access) {
    using Owner = std::remove_cvref_t<decltype(access(a))>;
    for (const Key<Owner>& key : keys<Owner>()) {
      const std::optional<Value> in_a = key.get(access(a));
      const std::optional<Value> in_b = key.get(access(b));
      if (in_a == in_b) continue;
      if (const auto limb = single_limb(in_a, in_b)) {
        settings.push_back(limb_setting(
            path, key, *limb, [access](auto& study) -> auto& { return access(study); }));
        continue;
      }
      settings.push_back({path + std::string(key.name), key,
                          [access, set = key.set](Study& study, const Value& value) { set(access(study), value); },
                          [access, get = key.get](const Study& study) { return get(access(study)).value(); }});
    }
  });
  add_parameters(settings, a, b);
  return settings;
}

void require_sound(const Study& study) {
  std::vector<Problem> problems;
  for_each_table(study, [&](const std::string& path, auto access) {
    using Owner = std::remove_cvref_t<decltype(access(study))>;
    for (const Key<Owner>& key : keys<Owner>()) {
      if (const auto value = key.get(access(study)))
        add_value_problems(problems, path + std::string(key.name), key, *value);
    }
  });
  add_parameter_problems(problems, study.parameters);
  const std::vector<Problem> others = problems.empty() ? find_problems(study) : find_name_problems(study);
  problems.insert(problems.end(), others.begin(), others.end());
  if (!problems.empty()) throw InputError(std::move(problems));
}

std::vector<Setting> settings_of(const Node& document, const Node* parameter_file, const std::string& key,
                                 const Node& value) {
  const Study one = with(document, parameter_file, key, value);
  for (const Node& other : others(value)) {
    const std::optional<Study> two = try_with(document, parameter_file, key, other);
    if (!two) continue;
    std::vector<Setting> settings = differing_settings(one, *two);
    if (!settings.empty()) return settings;
  }
  const Study base = build_study(document, parameter_file, Check::values);
  std::vector<Setting> settings = differing_settings(base, one);
  if (settings.empty()) {
    throw InputError({{value.where, key, "changes nothing in this study",
                       "a parameter that [parameters.<muscle>] gives is set there: parameters.<muscle>.<name>"}});
  }
  return settings;
}

std::string why_no_axis(const Setting& setting) {
  const bool is_choice = setting.info.type == KeyType::choice;
  if (!is_number(setting.info) && !is_choice) return "is no number and no choice, so it cannot be an axis";
  if (setting.path == "animals.per_arm" || setting.path.starts_with("record."))
    return "changes the length of a dimension of the result, so it cannot be an axis";
  if (setting.path == "seed") return "cannot be an axis: every point has the same rats; replicates gives others";
  return "";
}

bool is_number(const KeyInfo& info) {
  switch (info.type) {
    case KeyType::integer:
    case KeyType::number:
    case KeyType::days:
    case KeyType::minutes:
    case KeyType::load:
      return true;
    default:
      return false;
  }
}

}  // namespace hindlimb::scenario
