#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/laws/parameters.hpp"
#include "hindlimb/muscle/states.hpp"
#include "hindlimb/scenario/reference.hpp"

namespace hindlimb::scenario {
namespace {

constexpr std::string_view first_marker = "<!-- tables: begin -->\n";
constexpr std::string_view last_marker = "<!-- tables: end -->\n";

constexpr std::string_view how_to_renew =
    "docs/model.md does not show the tables of the code. Renew them in the project's folder with\n"
    "  hindlimb explain --model | sed -i -e '/^<!-- tables: begin/r /dev/stdin' "
    "-e '/^<!-- tables: begin/,/^<!-- tables: end/{//!d}' docs/model.md";

struct Page {
  std::string prose;
  std::string tables;
};

Page read_page() {
  std::ifstream file(HINDLIMB_SOURCE_DIR "/docs/model.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = text.find(first_marker);
  const std::size_t end = text.find(last_marker);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {text, ""};
  const std::size_t tables = begin + first_marker.size();
  return {text.substr(0, begin) + text.substr(end), text.substr(tables, end - tables)};
}

/// What stands between dollar signs, single or double.
std::string mathematics(std::string_view text) {
  std::string result;
  bool is_inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$') {
      if (i + 1 < text.size() && text[i + 1] == '$') ++i;
      is_inside = !is_inside;
    }
    if (is_inside) result += text[i];
  }
  return result;
}

/// Whether TeX contains a symbol, and not merely a longer one that it is a part of.
bool contains_symbol(std::string_view tex, std::string_view symbol) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  for (std::size_t at = tex.find(symbol); at != std::string_view::npos; at = tex.find(symbol, at + 1)) {
    const char before = at == 0 ? ' ' : tex[at - 1];
    const char after = at + symbol.size() == tex.size() ? ' ' : tex[at + symbol.size()];
    if (!is_letter(before) && before != '\\' && before != '_' && !is_letter(after) && after != '_') return true;
  }
  return false;
}

std::vector<std::string_view> symbols() {
  std::vector<std::string_view> all;
  all.reserve(std::size(muscle::state_table) + std::size(laws::parameter_table));
  for (const muscle::StateInfo& state : muscle::state_table) all.push_back(state.symbol);
  for (const laws::ParameterInfo& parameter : laws::parameter_table) all.push_back(parameter.symbol);
  return all;
}

TEST(ModelPage, ShowsTheTablesOfTheCode) { EXPECT_EQ(read_page().tables, model_tables_markdown()) << how_to_renew; }

TEST(ModelPage, HasEveryStateAndParameterInItsEquations) {
  const std::string equations = mathematics(read_page().prose);
  std::vector<std::string_view> missing;
  for (const std::string_view symbol : symbols()) {
    if (!contains_symbol(equations, symbol)) missing.push_back(symbol);
  }
  EXPECT_THAT(missing, testing::IsEmpty()) << "docs/model.md has no equation with these symbols";
}

TEST(ModelTables, UseNoSymbolTwice) {
  std::set<std::string_view> seen;
  for (const std::string_view symbol : symbols()) EXPECT_TRUE(seen.insert(symbol).second) << symbol;
}

}  // namespace
}  // namespace hindlimb::scenario
