#include "hindlimb/scenario/table_reader.hpp"

#include <fmt/format.h>

namespace hindlimb::scenario {
namespace {

/// Whatever has no line comes first.
std::pair<std::string_view, std::size_t> place(const Problem& problem) {
  return {problem.where.name(), problem.where.line()};
}

}  // namespace

const Array& TableReader::entries(const Node& parent, std::string_view name, const std::string& path) {
  static const Array none;
  const Node* node = parent.find(name);
  if (node == nullptr) return none;
  if (node->array() != nullptr) return *node->array();
  report(*node, path, fmt::format("is {}, must be a list of tables", type_name(*node)),
         fmt::format("write [[{}]] in double brackets", name));
  return none;
}

bool TableReader::is_table(const Node& node, const std::string& path) {
  remember(path, node);
  if (node.table() != nullptr) return true;
  report(node, path, fmt::format("is {}, must be a table", type_name(node)), "");
  return false;
}

bool TableReader::is_known(const std::string& key) const {
  constexpr std::string_view unnamed = "..";  // a name that is missing or no text was reported as such
  const auto explains = [&](const Problem& known) { return known.key == key || key.starts_with(known.key + "."); };
  return key.find(unnamed) != std::string::npos || std::ranges::any_of(problems_, explains);
}

void TableReader::add(std::vector<Problem> problems) {
  if (!problems_.empty()) std::erase_if(problems, [this](const Problem& problem) { return is_known(problem.key); });
  for (Problem& problem : problems) {
    problem.where = nearest_position(positions_, problem.key);
    problems_.push_back(std::move(problem));
  }
}

void TableReader::throw_if_any() {
  if (problems_.empty()) return;
  std::ranges::stable_sort(problems_, {}, place);
  throw InputError(std::move(problems_));
}

std::string TableReader::join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

Place nearest_position(const Positions& positions, std::string key) {
  for (;;) {
    if (const auto found = positions.find(key); found != positions.end()) return found->second;
    const std::size_t dot = key.rfind('.');
    if (dot == std::string::npos) break;
    key.resize(dot);
  }
  const auto root = positions.find("");
  return root == positions.end() ? Place() : root->second;
}

}  // namespace hindlimb::scenario
