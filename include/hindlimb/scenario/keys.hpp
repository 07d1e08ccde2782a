#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hindlimb/scenario/document.hpp"
#include "hindlimb/scenario/study.hpp"

/// The table of all keys of a study: reader, writer, `hindlimb explain`, configs/reference.toml and docs read it.
namespace hindlimb::scenario {

enum class KeyType { integer, number, days, minutes, text, texts, choice, choices, days_list, load };

/// The values a number may have. Times are checked before they are rounded to minutes.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_is_open = false;
};

/// What a user is told about a key.
struct KeyInfo {
  std::string_view name;  ///< within its table: "force_N"
  KeyType type;
  std::string_view unit;  ///< empty where there is none
  Range range;
  std::span<const std::string_view> choices;
  std::string_view meaning;
  std::string_view source;   ///< of the default, empty where it needs none
  std::string_view example;  ///< as it would stand in a file, where the default is none
  bool is_required = false;
};

/// The value of a key, whatever its type; times in the unit of the key.
using Value = std::variant<std::int64_t, double, std::string, std::vector<std::string>, std::vector<double>, Load>;

/// A key that belongs to one struct of a study.
template <class Owner>
struct Key : KeyInfo {
  void (*set)(Owner&, const Value&);
  std::optional<Value> (*get)(const Owner&);  ///< nothing where the file may leave the key out and does
};

/// The keys of one table of a study file; Owner: Study, Animals, Arm, Phase, Massage, Training, Label, Record, Compare,
/// Solver, agents::Settings.
template <class Owner>
std::span<const Key<Owner>> keys();
template <>
std::span<const Key<Study>> keys<Study>();
template <>
std::span<const Key<Animals>> keys<Animals>();
template <>
std::span<const Key<Arm>> keys<Arm>();
template <>
std::span<const Key<Phase>> keys<Phase>();
template <>
std::span<const Key<Massage>> keys<Massage>();
template <>
std::span<const Key<Training>> keys<Training>();
template <>
std::span<const Key<Label>> keys<Label>();
template <>
std::span<const Key<Record>> keys<Record>();
template <>
std::span<const Key<Compare>> keys<Compare>();
template <>
std::span<const Key<Solver>> keys<Solver>();
template <>
std::span<const Key<agents::Settings>> keys<agents::Settings>();

/// Parameters that may also be set as [crossover].
inline constexpr std::array<std::string_view, 3> crossover_keys{"humoral_gain", "neural_gain", "behavioural_gain"};

/// A key with its place in the file, as `hindlimb explain` and the documentation show it.
struct KeyEntry {
  std::string path;  ///< "arm.massage.force_N"
  std::string type;  ///< "number"
  std::string unit;
  std::string range;          ///< ">= 0"
  std::string default_value;  ///< as it would stand in a file; "required" or "optional" where there is none
  std::string meaning;
  std::string source;
  std::string example;  ///< as it would stand in a file
};

/// What is told of a key; `value` is its default, if it has one.
KeyEntry entry_of(const KeyInfo& key, std::string_view prefix, const std::optional<Value>& value);

/// The keys of a table, behind a prefix such as "arm.".
template <class Owner>
std::vector<KeyEntry> entries_of(std::string_view prefix) {
  std::vector<KeyEntry> entries;
  for (const Key<Owner>& key : keys<Owner>()) entries.push_back(entry_of(key, prefix, key.get(Owner{})));
  return entries;
}

/// All keys, model parameters included, in the order of a study file.
std::vector<KeyEntry> all_keys();

/// "> 0", "0 to 2", ...; empty where every number will do.
std::string range_text(const Range& range);
bool contains(const Range& range, double value);

/// A value as it would stand in a file.
std::string to_toml(const Value& value);

}  // namespace hindlimb::scenario
