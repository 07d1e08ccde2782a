#include "hindlimb/scenario/convert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hindlimb/scenario/build.hpp"

namespace hindlimb::scenario {
namespace {

Conversion wrong_type(const Node& node, std::string_view wanted) {
  const auto* number = std::get_if<double>(&node.value);
  return {std::nullopt,
          fmt::format("is {}, must be {}", number != nullptr ? fmt::format("{:#}", *number) : type_name(node), wanted)};
}

std::string out_of_range(std::string_view written, const Range& range, std::string_view unit) {
  const std::string allowed = range_text(range);
  const bool is_comparison = allowed.starts_with('>') || allowed.starts_with('<');
  const bool has_unit = !unit.empty() && unit != "1";
  return fmt::format("is {}, must be {}{}{}{}", written, is_comparison ? "" : "from ", allowed, has_unit ? " " : "",
                     has_unit ? unit : "");
}

Conversion convert_integer(const Node& node, const KeyInfo& key) {
  const auto* value = std::get_if<std::int64_t>(&node.value);
  if (value == nullptr) return wrong_type(node, "a whole number");
  if (contains(key.range, static_cast<double>(*value))) return {*value, ""};
  return {std::nullopt, out_of_range(fmt::format("{}", *value), key.range, key.unit)};
}

Conversion from_number(const NumberConversion& number) {
  return number.value ? Conversion{*number.value, ""} : Conversion{std::nullopt, number.problem};
}

/// A time, and that it does not vanish when it is rounded to whole minutes.
NumberConversion convert_time(const Node& node, const KeyInfo& key, double minutes_per_unit) {
  NumberConversion number = convert_number(node, key.range, key.unit);
  if (number.value && *number.value > 0.0 && std::llround(*number.value * minutes_per_unit) == 0) {
    return {std::nullopt, fmt::format("is {} {}, which is less than half a minute", *number.value, key.unit)};
  }
  return number;
}

Conversion convert_text(const Node& node, const KeyInfo& key) {
  if (node.text() == nullptr) return wrong_type(node, "text in quotes");
  if (key.is_required && node.text()->empty()) return {std::nullopt, "is empty"};
  return {*node.text(), ""};
}

Conversion convert_choice(const Node& node, const KeyInfo& key) {
  if (node.text() == nullptr) return wrong_type(node, "text in quotes");
  if (std::ranges::find(key.choices, *node.text()) != key.choices.end()) return {*node.text(), ""};
  return {std::nullopt, fmt::format("is '{}', must be one of {}", *node.text(), fmt::join(key.choices, ", "))};
}

Conversion convert_choices(const Node& node, const KeyInfo& key) {
  if (node.array() == nullptr)
    return wrong_type(node, "a list of texts, such as [\"" + std::string(key.choices[0]) + "\"]");
  if (node.array()->empty()) return {std::nullopt, "is an empty list"};
  std::vector<std::string> values;
  for (const Node& element : *node.array()) {
    Conversion conversion = convert_choice(element, key);
    if (!conversion.value) return conversion;
    values.push_back(std::get<std::string>(*conversion.value));
    if (std::ranges::count(values, values.back()) > 1)
      return {std::nullopt, fmt::format("names '{}' twice", values.back())};
  }
  return {values, ""};
}

Conversion convert_texts(const Node& node) {
  if (node.array() == nullptr) return wrong_type(node, "a list of texts in quotes");
  if (node.array()->empty()) return {std::nullopt, "is an empty list"};
  std::vector<std::string> values;
  for (const Node& element : *node.array()) {
    if (element.text() == nullptr) return wrong_type(element, "text in quotes");
    values.push_back(*element.text());
  }
  return {values, ""};
}

Conversion convert_days_list(const Node& node, const KeyInfo& key) {
  if (node.array() == nullptr) return wrong_type(node, "a list of numbers, such as [0, 7, 14]");
  if (node.array()->empty()) return {std::nullopt, "is an empty list"};
  std::vector<double> values;
  for (const Node& element : *node.array()) {
    const NumberConversion number = convert_number(element, key.range, key.unit);
    if (!number.value) return {std::nullopt, number.problem};
    values.push_back(*number.value);
  }
  return {values, ""};
}

Conversion convert_load(const Node& node, const KeyInfo& key) {
  if (node.table() == nullptr) {
    const NumberConversion number = convert_number(node, key.range, key.unit);
    if (!number.value) return {std::nullopt, number.problem};
    return {Load{{*number.value, *number.value}}, ""};
  }
  for (const auto& [name, part] : *node.table()) {
    if (std::ranges::find(limb_names, name) == limb_names.end())
      return {std::nullopt, fmt::format("has a '{}', must have '{}' alone", name, fmt::join(limb_names, "' and '"))};
  }
  Load load;
  for (std::size_t limb = 0; limb < limb_names.size(); ++limb) {
    const Node* part = node.find(limb_names[limb]);
    if (part == nullptr) return {std::nullopt, fmt::format("has no '{}'", limb_names[limb])};
    const NumberConversion number = convert_number(*part, key.range, key.unit);
    if (!number.value) return {std::nullopt, fmt::format("{} {}", limb_names[limb], number.problem)};
    load.by_limb[limb] = *number.value;
  }
  return {load, ""};
}

}  // namespace

NumberConversion convert_number(const Node& node, const Range& range, std::string_view unit) {
  double value = 0.0;
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) {
    value = static_cast<double>(*whole);
  } else if (const auto* real = std::get_if<double>(&node.value)) {
    value = *real;
  } else {
    return {std::nullopt, fmt::format("is {}, must be a number", type_name(node))};
  }
  if (!std::isfinite(value)) return {std::nullopt, fmt::format("is {}, must be a finite number", value)};
  if (!contains(range, value)) return {std::nullopt, out_of_range(fmt::format("{}", value), range, unit)};
  return {value, ""};
}

Conversion convert(const Node& node, const KeyInfo& key) {
  switch (key.type) {
    case KeyType::integer:
      return convert_integer(node, key);
    case KeyType::number:
      return from_number(convert_number(node, key.range, key.unit));
    case KeyType::days:
      return from_number(convert_time(node, key, minutes_per_day));
    case KeyType::minutes:
      return from_number(convert_time(node, key, 1.0));
    case KeyType::text:
      return convert_text(node, key);
    case KeyType::texts:
      return convert_texts(node);
    case KeyType::choice:
      return convert_choice(node, key);
    case KeyType::choices:
      return convert_choices(node, key);
    case KeyType::days_list:
      return convert_days_list(node, key);
    case KeyType::load:
      return convert_load(node, key);
  }
  return wrong_type(node, "something else");
}

}  // namespace hindlimb::scenario
