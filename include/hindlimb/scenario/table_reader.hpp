#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/convert.hpp"
#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {

/// Where each table and key was read from: "arm.RE.phase.reload" -> line 14 of study.toml; "" is the document.
using Positions = std::map<std::string, Place, std::less<>>;

/// The place of a key, or of the nearest table around it that is known.
Place nearest_position(const Positions& positions, std::string key);

/// Fills structs from the tables of a document by their key tables, collects every problem on the way, and knows where
/// each key was read from.
class TableReader {
 public:
  void report(const Node& node, std::string path, std::string what, std::string hint) {
    problems_.push_back({node.where, std::move(path), std::move(what), std::move(hint)});
  }

  /// What is wrong with a key whatever its value: told where the key stands.
  void report_key(const Node& node, std::string path, std::string what, std::string hint) {
    problems_.push_back({node.place_of_key(), std::move(path), std::move(what), std::move(hint)});
  }

  /// Reads the keys of one table into their owner; tables within it, named in `inner`, are read by others.
  template <class Owner>
  void read(const Node& table, const std::string& path, Owner& owner, const std::vector<std::string_view>& inner = {}) {
    if (!is_table(table, path)) return;
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

  /// Reads a table that may be left out.
  template <class Owner>
  void read_section(const Node& parent, const std::string& name, Owner& owner) {
    if (const Node* table = parent.find(name)) read(*table, name, owner);
  }

  /// Reads tables without a name, such as [[arm.massage]], told apart by their number where there are several.
  template <class Owner>
  void read_numbered(const Node& parent, const std::string& parent_path, std::string_view name,
                     std::vector<Owner>& owners) {
    const std::string path = join(parent_path, name);
    const Array& tables = entries(parent, name, path);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      read(tables[i], tables.size() == 1 ? path : path + "." + std::to_string(i + 1), owners.emplace_back());
    }
  }

  /// The entries of a list of tables such as [[arm]]; none if it is left out.
  const Array& entries(const Node& parent, std::string_view name, const std::string& path);

  /// Remembers where a table stands, and reports what is none.
  bool is_table(const Node& node, const std::string& path);

  /// Remembers where a key stands.
  void remember(const std::string& path, const Node& node) { positions_[path] = node.where; }

  /// Adds problems of the whole, each at the nearest place that is known. What is about a key or table that
  /// was wrong by itself is left out.
  void add(std::vector<Problem> problems);

  const Positions& positions() const { return positions_; }

  bool found_problems() const { return !problems_.empty(); }

  /// @throws InputError with all problems in the order of the file, if there are any
  void throw_if_any();

  static std::string join(const std::string& path, std::string_view name);

 private:
  bool is_known(const std::string& key) const;

  template <class Owner>
  void read_value(const Node& node, const std::string& path, const Key<Owner>& key, Owner& owner) {
    remember(path, node);
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
    report_key(node, std::move(path), "unknown key", suggestion(name, known));
  }

  std::vector<Problem> problems_;
  Positions positions_;
};

}  // namespace hindlimb::scenario
