#include "hindlimb/scenario/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hindlimb::scenario {
namespace {

std::string type_text(const KeyInfo& key) {
  switch (key.type) {
    case KeyType::integer:
      return "whole number";
    case KeyType::number:
      return "number";
    case KeyType::days:
      return "number, rounded to whole minutes";
    case KeyType::minutes:
      return "number, rounded to a whole one";
    case KeyType::text:
      return "text";
    case KeyType::texts:
      return "list of texts";
    case KeyType::choice:
      return fmt::format("one of {}", fmt::join(key.choices, ", "));
    case KeyType::choices:
      return fmt::format("list of {}", fmt::join(key.choices, ", "));
    case KeyType::days_list:
      return "list of numbers, rounded to whole minutes";
    case KeyType::load:
      return "number, or { left = number, right = number }";
  }
  return "";
}

template <class Owner>
void append(std::vector<KeyEntry>& entries, std::string_view prefix) {
  const std::vector<KeyEntry> more = entries_of<Owner>(prefix);
  entries.insert(entries.end(), more.begin(), more.end());
}

KeyEntry parameter_entry(const laws::ParameterInfo& info, std::string path) {
  const std::string value =
      info.per_muscle ? fmt::format("{} ({})", fmt::join(info.defaults, ", "), fmt::join(laws::muscle_names, ", "))
                      : fmt::format("{}", info.defaults[0]);
  return {std::move(path),
          "number",
          std::string(info.unit),
          fmt::format("{} to {}", info.low, info.high),
          value,
          std::string(info.meaning),
          std::string(info.source),
          fmt::format("{}", info.defaults[0])};
}

}  // namespace

KeyEntry entry_of(const KeyInfo& key, std::string_view prefix, const std::optional<Value>& value) {
  const std::string default_value = value ? to_toml(*value) : key.is_required ? "required" : "optional";
  return {fmt::format("{}{}", prefix, key.name),
          type_text(key),
          std::string(key.unit),
          range_text(key.range),
          default_value,
          std::string(key.meaning),
          std::string(key.source),
          key.example.empty() ? default_value : std::string(key.example)};
}

std::vector<KeyEntry> all_keys() {
  std::vector<KeyEntry> entries;
  append<Study>(entries, "");
  append<Animals>(entries, "animals.");
  append<Arm>(entries, "arm.");
  append<Phase>(entries, "arm.phase.");
  append<Massage>(entries, "arm.massage.");
  append<Training>(entries, "arm.training.");
  append<Label>(entries, "arm.label.");
  append<Record>(entries, "record.");
  append<Compare>(entries, "compare.");
  append<Solver>(entries, "solver.");
  append<agents::Settings>(entries, "agents.");
  for (const laws::ParameterInfo& info : laws::parameter_table) {
    if (std::ranges::find(crossover_keys, info.name) != crossover_keys.end()) {
      entries.push_back(parameter_entry(info, fmt::format("crossover.{}", info.name)));
    }
  }
  for (const laws::ParameterInfo& info : laws::parameter_table) {
    entries.push_back(parameter_entry(info, fmt::format("parameters.{}", info.name)));
  }
  entries.push_back({"parameters.file", "text", "", "", "optional",
                     "TOML file with a [parameters] table, applied before this one; relative to the study file", "",
                     "\"fit.toml\""});
  return entries;
}

std::string range_text(const Range& range) {
  const bool has_low = std::isfinite(range.low);
  const bool has_high = std::isfinite(range.high);
  if (has_low && has_high && !range.low_is_open) return fmt::format("{} to {}", range.low, range.high);
  if (has_low && has_high) return fmt::format("> {} and <= {}", range.low, range.high);
  if (has_low) return fmt::format("{} {}", range.low_is_open ? ">" : ">=", range.low);
  if (has_high) return fmt::format("<= {}", range.high);
  return "";
}

bool contains(const Range& range, double value) {
  return value <= range.high && (range.low_is_open ? value > range.low : value >= range.low);
}

namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      result += c;
    }
  }
  return result + '"';
}

struct ToToml {
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(const std::vector<std::string>& values) const {
    std::vector<std::string> parts(values.size());
    std::ranges::transform(values, parts.begin(), quoted);
    return fmt::format("[{}]", fmt::join(parts, ", "));
  }
  std::string operator()(const std::vector<double>& values) const {
    return fmt::format("[{}]", fmt::join(values, ", "));
  }
  std::string operator()(const Load& load) const {
    if (load.by_limb[0] == load.by_limb[1]) return fmt::format("{}", load.by_limb[0]);
    return fmt::format("{{ left = {}, right = {} }}", load.by_limb[0], load.by_limb[1]);
  }
};

}  // namespace

std::string to_toml(const Value& value) { return std::visit(ToToml{}, value); }

}  // namespace hindlimb::scenario
