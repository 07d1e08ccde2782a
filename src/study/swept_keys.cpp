#include "study/swept_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "hindlimb/core/errors.hpp"
#include "study/sweep_axis.hpp"

namespace hindlimb::study {
namespace {

using scenario::Node;
using scenario::Setting;

/// "arm.REM.massage.force_N" -> "massage.force_N"; empty if the key is of no arm.
std::string without_arm(const std::string& key) {
  if (!key.starts_with("arm.")) return "";
  const std::size_t dot = key.find('.', 4);
  return dot == std::string::npos ? "" : key.substr(dot + 1);
}

std::string variable_name(const std::string& key) {
  std::string name = key;
  for (char& c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_plain) c = '_';
  }
  return name;
}

std::set<std::string> paths_of(const std::vector<Setting>& settings) {
  std::set<std::string> paths;
  for (const Setting& setting : settings) paths.insert(setting.path);
  return paths;
}

/// The path, and those of which it is a limb or that are its limbs.
std::vector<std::string> overlapping_paths(const std::string& path) {
  std::vector<std::string> paths{path};
  for (const std::string_view limb : scenario::limb_names) {
    const std::string end = fmt::format(".{}", limb);
    paths.push_back(path.ends_with(end) ? path.substr(0, path.size() - end.size()) : path + end);
  }
  return paths;
}

/// The study that keys are looked up in.
struct Lookup {
  const Node& document;
  const Node* parameter_file;

  std::vector<Setting> settings(const std::string& key, const Node& value) const {
    return settings_of(document, parameter_file, key, value);
  }
};

/// A value that one key of an axis may have.
Node example_of(const SweepAxis& axis, std::size_t element) {
  if (axis.values.empty()) return {quantile(axis, 0.5), axis.where};
  const Node& first = axis.values.front();
  return first.array() != nullptr ? (*first.array())[element] : first;
}

/// The same as a whole number, which some keys need.
Node rounded(const Node& value) {
  const auto* number = std::get_if<double>(&value.value);
  return number == nullptr ? value
                           : Node{static_cast<std::int64_t>(std::llround(*number)), value.where, value.key_where};
}

/// A key, and the value by which it was found.
struct FoundKey {
  SweptKey key;
  Node example;
};

FoundKey find_key(const SweepAxis& axis, std::size_t number, std::size_t element, const Lookup& lookup) {
  const std::string key = axis.all_keys()[element];
  Node example = example_of(axis, element);
  example.key_where = axis.key_where;
  std::vector<Setting> settings;
  try {
    settings = lookup.settings(key, example);
  } catch (const InputError&) {
    if (!axis.values.empty()) throw;
    example = rounded(example);
    settings = lookup.settings(key, example);
  }
  return {{"", key, std::move(settings), axis.where, number, element}, std::move(example)};
}

/// "massage_force_N": without its arm where every arm that has the key is set.
std::string name_of(const FoundKey& found, const Lookup& lookup) {
  const std::string first = found.key.key.substr(0, found.key.key.find(' '));
  const std::string tail = without_arm(first);
  if (tail.empty()) return variable_name(first);
  const bool are_all_arms = paths_of(lookup.settings("arm.*." + tail, found.example)) == paths_of(found.key.settings);
  return variable_name(are_all_arms ? tail : first);
}

std::vector<SweptKey> keys_of_axis(const SweepAxis& axis, std::size_t number, const Lookup& lookup) {
  const bool have_one_value =
      std::ranges::none_of(axis.values, [](const Node& value) { return value.array() != nullptr; });
  std::vector<FoundKey> found;
  for (std::size_t element = 0; element < axis.all_keys().size(); ++element) {
    FoundKey next = find_key(axis, number, element, lookup);
    if (element == 0 || !have_one_value) {
      found.push_back(std::move(next));
      continue;
    }
    SweptKey& together = found[0].key;
    together.key += " " + next.key.key;
    std::ranges::move(next.key.settings, std::back_inserter(together.settings));
  }
  std::vector<SweptKey> keys;
  for (FoundKey& each : found) {
    each.key.name = name_of(each, lookup);
    keys.push_back(std::move(each.key));
  }
  return keys;
}

/// What is wrong with keys by themselves and beside each other.
std::vector<Problem> problems_with(const std::vector<SweptKey>& keys) {
  std::vector<Problem> problems;
  std::set<std::string> names;
  std::map<std::string, std::string> setters;  // of each path the key that sets it
  for (const SweptKey& key : keys) {
    std::set<std::string> reasons;
    for (const Setting& setting : key.settings) {
      if (const std::string why = why_no_axis(setting); !why.empty()) reasons.insert(why);
      for (const std::string& path : overlapping_paths(setting.path)) {
        const auto first = setters.find(path);
        if (first == setters.end() || first->second == key.key) continue;
        reasons.insert(fmt::format("sets what '{}' sets too", first->second));
      }
      setters.emplace(setting.path, key.key);
    }
    if (!names.insert(key.name).second) reasons = {fmt::format("would be a second variable '{}'", key.name)};
    for (const std::string& why : reasons) problems.push_back({key.where, key.key, why, ""});
  }
  return problems;
}

}  // namespace

std::string SweptKey::paths() const {
  std::vector<std::string> all;
  all.reserve(settings.size());
  for (const Setting& setting : settings) all.push_back(setting.path);
  return fmt::format("{}", fmt::join(all, " "));
}

std::vector<SweptKey> find_swept_keys(const std::vector<SweepAxis>& axes, const Node& document,
                                      const Node* parameter_file) {
  const Lookup lookup{document, parameter_file};
  std::vector<Problem> problems;
  std::vector<SweptKey> keys;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    collect(problems, [&] { std::ranges::move(keys_of_axis(axes[i], i, lookup), std::back_inserter(keys)); });
  }
  std::ranges::move(problems_with(keys), std::back_inserter(problems));
  if (!problems.empty()) throw InputError(std::move(problems));
  return keys;
}

}  // namespace hindlimb::study
