#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "hindlimb/scenario/build.hpp"

/// Documents made by hand, as a reader would make them from the file s.toml.
namespace hindlimb::scenario {

/// A value that stands in this line.
template <class T>
Node at(int line, T value) {
  Place where("s.toml", static_cast<std::size_t>(line));
  if constexpr (std::is_same_v<T, int>) {
    return {std::int64_t{value}, std::move(where)};
  } else if constexpr (std::is_same_v<T, const char*>) {
    return {std::string(value), std::move(where)};
  } else {
    return {std::move(value), std::move(where)};
  }
}

/// A value without quotes of `--set`.
template <class T>
Node set_to(T value) {
  Node node = at(0, std::move(value));
  node.where = "--set";
  return node;
}

/// The node at the end of a path of keys and positions.
inline Node& in(Node& node) { return node; }
template <class... Rest>
Node& in(Node& node, const char* key, Rest... rest);
template <class... Rest>
Node& in(Node& node, int position, Rest... rest) {
  return in(node.array()->at(static_cast<std::size_t>(position)), rest...);
}
template <class... Rest>
Node& in(Node& node, const char* key, Rest... rest) {
  return in(*node.find(key), rest...);
}

/// Weight bearing for 22 d; 14 d of suspension, then 8 d of reloading with massage. Lines 1 to 20.
inline Node massage_study() {
  Node cage = at(5, Table{{"name", at(6, "cage")}});
  Node suspension = at(9, Table{{"name", at(10, "suspension")}, {"load", at(11, 0)}, {"duration_d", at(12, 14)}});
  Node reload = at(13, Table{{"name", at(14, "reload")}, {"duration_d", at(15, 8)}});
  Node massage = at(16, Table{{"phase", at(17, "reload")}, {"force_N", at(18, 3.5)}});
  Node untreated = at(3, Table{{"name", at(4, "WB")}, {"phase", at(5, Array{cage})}});
  Node treated = at(
      7,
      Table{{"name", at(8, "REM")}, {"phase", at(9, Array{suspension, reload})}, {"massage", at(16, Array{massage})}});
  return at(1, Table{{"seed", at(2, 7)},
                     {"arm", at(3, Array{untreated, treated})},
                     {"solver", at(19, Table{{"rtol", at(20, 1e-5)}})}});
}

/// The same with two massages in the arm REM, at lines 16 and 21.
inline Node study_with_two_massages() {
  Node document = massage_study();
  Node second = at(21, Table{{"phase", at(22, "suspension")}, {"force_N", at(23, 0.3)}});
  in(document, "arm", 1, "massage").array()->push_back(second);
  return document;
}

/// The massage study with the arm REM trained twice on its left limb, at lines 41 and 44, and labelled, at line 47.
inline Node study_with_training() {
  Node document = massage_study();
  Node first = at(41, Table{{"limb", at(42, "left")}, {"phase", at(43, "reload")}, {"sessions", at(43, 3)}});
  Node second = at(44, Table{{"limb", at(45, "left")}, {"phase", at(46, "suspension")}, {"sessions", at(46, 7)}});
  in(document, "arm", 1).set("training", at(41, Array{first, second}));
  in(document, "arm", 1).set("label", at(47, Table{{"phase", at(48, "reload")}, {"first_d", at(49, 1.5)}}));
  return document;
}

/// What is wrong with a study, each problem as its user reads it.
inline std::vector<std::string> texts(const std::vector<Problem>& problems) {
  std::vector<std::string> lines;
  lines.reserve(problems.size());
  for (const Problem& problem : problems) lines.push_back(to_string(problem));
  return lines;
}

inline std::vector<std::string> problems_of(const Node& document, const Node* parameter_file = nullptr) {
  try {
    build_study(document, parameter_file);
  } catch (const InputError& error) {
    return texts(error.problems());
  }
  return {};
}

}  // namespace hindlimb::scenario
