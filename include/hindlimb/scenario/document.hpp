#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hindlimb/core/place.hpp"

namespace hindlimb::scenario {

struct Node;
struct Entry;
using Array = std::vector<Node>;
/// Keys in the order in which they were written.
using Table = std::vector<Entry>;

/// One value of a configuration with the place it was read from; knows no file format.
struct Node {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table> value;
  Place where;
  Place key_where{};  ///< where the key stands that the value belongs to; empty where it has none

  /// Where the key stands, or the value where that is not known.
  const Place& place_of_key() const { return key_where.empty() ? where : key_where; }

  const Node* find(std::string_view key) const;  ///< nullptr if this is no table or has no such key
  Node* find(std::string_view key);
  const Table* table() const { return std::get_if<Table>(&value); }
  Table* table() { return std::get_if<Table>(&value); }
  const Array* array() const { return std::get_if<Array>(&value); }
  Array* array() { return std::get_if<Array>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }

  /// Adds the key, or replaces its value.  This must be a table.
  void set(std::string_view key, Node node);
};

/// One line of a table.
struct Entry {
  std::string key;
  Node node;
};

/// "a table", "a number", ...: for messages.
std::string_view type_name(const Node& node);

}  // namespace hindlimb::scenario
