#include "hindlimb/scenario/document.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace hindlimb::scenario {

const Node* Node::find(std::string_view key) const {
  const Table* entries = table();
  if (entries == nullptr) return nullptr;
  const auto entry = std::ranges::find(*entries, key, &Entry::key);
  return entry == entries->end() ? nullptr : &entry->node;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

void Node::set(std::string_view key, Node node) {
  assert(table() != nullptr);
  if (Node* present = find(key)) {
    *present = std::move(node);
  } else {
    table()->push_back({std::string(key), std::move(node)});
  }
}

std::string_view type_name(const Node& node) {
  constexpr std::array<std::string_view, 7> names{"a date or time", "true or false", "a whole number", "a number",
                                                  "text",           "a list",        "a table"};
  return names[node.value.index()];
}

}  // namespace hindlimb::scenario
