#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {
namespace {

using Words = std::span<const std::string_view>;

std::vector<std::string_view> split(std::string_view key) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t dot = key.find('.');
    words.push_back(key.substr(0, dot));
    if (dot == std::string_view::npos) return words;
    key.remove_prefix(dot + 1);
  }
}

std::string_view name_of(const Node& table) {
  const Node* name = table.find("name");
  return name != nullptr && name->text() != nullptr ? std::string_view(*name->text()) : std::string_view();
}

std::vector<std::string_view> names_of(const Array& tables) {
  std::vector<std::string_view> names(tables.size());
  std::ranges::transform(tables, names.begin(), name_of);
  return names;
}

/// The number that a word is, if it is one.
std::optional<std::size_t> whole_number(std::string_view word) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() ? std::optional(number) : std::nullopt;
}

/// Whether tables of this name stand in an arm without names of their own.
bool is_numbered(std::string_view table) { return table == "massage" || table == "training"; }

/// One override on its way down the document.
class Override {
 public:
  Override(std::string_view key, const Node& value) : key_(key), value_(value) {}

  void apply(Node& document) {
    const std::vector<std::string_view> words = split(key_);
    if (std::ranges::any_of(words, &std::string_view::empty)) return report("has an empty part between dots", "");
    if (words[0] == "arm") return apply_to_arms(document, Words(words).subspan(1));
    if (words.size() == 2) forget_other_place(document, words[0], words[1]);
    set_nested(document, words);
  }

  std::vector<Problem> problems;

 private:
  void report(std::string what, std::string hint) {
    problems.push_back({value_.place_of_key(), std::string(key_), std::move(what), std::move(hint)});
  }

  /// A gain of the crossover may stand in two tables: what is set in one takes the place of the other.
  static void forget_other_place(Node& document, std::string_view table, std::string_view name) {
    if (std::ranges::find(crossover_keys, name) == crossover_keys.end()) return;
    Node* other = document.find(table == "crossover" ? "parameters" : "crossover");
    if (other == nullptr || other->table() == nullptr) return;
    std::erase_if(*other->table(), [&](const Entry& entry) { return entry.key == name; });
  }

  void set_nested(Node& table, Words words) {
    if (table.table() == nullptr) return report(fmt::format("stands in {}, not in a table", type_name(table)), "");
    if (words.size() == 1) return table.set(words[0], value_);
    Node* inner = table.find(words[0]);
    if (inner == nullptr) {
      const bool is_load = words[0] == "load";  // cage load unless it is said
      table.set(words[0], is_load ? Node{Load{}.by_limb[0], value_.where} : Node{Table{}, value_.where});
      inner = table.find(words[0]);
    }
    if (words[0] == "load" && inner->table() == nullptr) {  // the same for both limbs
      const Node both = *inner;
      *inner = Node{Table{{"left", both}, {"right", both}}, both.where};
    }
    if (inner->table() == nullptr)
      return report(fmt::format("'{}' is {}, not a table", words[0], type_name(*inner)), "");
    set_nested(*inner, words.subspan(1));
  }

  void apply_to_arms(Node& document, Words words) {
    Node* arms = document.find("arm");
    if (arms == nullptr || arms->array() == nullptr) return report("the study has no arms", "");
    if (words.size() < 2) return report("is incomplete", "write arm.NAME.KEY, or arm.*.KEY for every arm that has it");
    if (words.size() == 3 && words[1] == "phase") return report("is incomplete", "write arm.NAME.phase.NAME.KEY");
    if (words.size() == 3 && is_numbered(words[1]) && whole_number(words[2])) {
      return report("is incomplete",
                    fmt::format("write arm.NAME.{0}.KEY, or arm.NAME.{0}.NUMBER.KEY for one of several", words[1]));
    }
    const Node* found_arm = nullptr;
    bool found_key = false;
    for (Node& arm : *arms->array()) {
      if (words[0] != "*" && words[0] != name_of(arm)) continue;
      found_arm = &arm;
      found_key = apply_to_arm(arm, words.subspan(1)) || found_key;
    }
    if (found_arm == nullptr)
      return report(fmt::format("there is no arm '{}'", words[0]), suggestion(words[0], names_of(*arms->array())));
    if (found_key || !problems.empty()) return;
    if (words[0] == "*") return report(fmt::format("no arm has such a {}", words[1]), "");
    report(fmt::format("the arm has no such {}", words[1]), what_there_is(*found_arm, words.subspan(1)));
  }

  /// What may be written instead of a phase, massage or training that an arm does not have.
  static std::string what_there_is(const Node& arm, Words words) {
    const Node* tables = arm.find(words[0]);
    const std::size_t n = tables == nullptr || tables->array() == nullptr ? 0 : tables->array()->size();
    if (n == 0) return fmt::format("[[arm.{}]] in the file adds one", words[0]);
    if (!is_numbered(words[0])) return suggestion(words[1], names_of(*tables->array()));
    if (n > 1) return fmt::format("it has {}, and their numbers are 1 to {}", n, n);
    return fmt::format("it has one: arm.{}.{}.{}", name_of(arm), words[0], fmt::join(words.subspan(2), "."));
  }

  /// @return whether the arm has the key
  bool apply_to_arm(Node& arm, Words words) {
    if (words[0] == "phase" && words.size() >= 2) return apply_to_phases(arm, words.subspan(1));
    if (is_numbered(words[0]) && words.size() >= 2) {
      return apply_to_numbered(arm, words[0], words.subspan(1));
    }
    set_nested(arm, words);
    return true;
  }

  bool apply_to_phases(Node& arm, Words words) {
    Node* phases = arm.find("phase");
    if (phases == nullptr || phases->array() == nullptr) return false;
    bool found = false;
    for (Node& phase : *phases->array()) {
      if (words[0] != "*" && words[0] != name_of(phase)) continue;
      found = true;
      set_nested(phase, words.subspan(1));
    }
    return found;
  }

  /// Tables without names: all of them, or one by its number.
  bool apply_to_numbered(Node& arm, std::string_view name, Words words) {
    Node* tables = arm.find(name);
    if (tables == nullptr || tables->array() == nullptr) return false;
    const std::optional<std::size_t> number = whole_number(words[0]);
    if (number) words = words.subspan(1);
    bool found = false;
    for (std::size_t i = 0; i < tables->array()->size(); ++i) {
      if (number && i + 1 != *number) continue;
      found = true;
      set_nested((*tables->array())[i], words);
    }
    return found;
  }

  std::string_view key_;
  const Node& value_;
};

}  // namespace

std::vector<Problem> apply_override(Node& document, std::string_view key, const Node& value) {
  Override change(key, value);
  change.apply(document);
  return std::move(change.problems);
}

}  // namespace hindlimb::scenario
