#include "hindlimb/scenario/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "hindlimb/scenario/keys.hpp"

namespace hindlimb::scenario {
namespace {

std::string file_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(HINDLIMB_SOURCE_DIR "/" + path).rdbuf();
  return text.str();
}

/// The first line in which two texts differ: all of it would be too much to read.
std::string first_difference(const std::string& text, const std::string& expected) {
  std::istringstream lines(text);
  std::istringstream expected_lines(expected);
  std::string line;
  std::string expected_line;
  for (int number = 1;; ++number) {
    const bool has_line = static_cast<bool>(std::getline(lines, line));
    const bool has_expected = static_cast<bool>(std::getline(expected_lines, expected_line));
    if (!has_line && !has_expected) return text == expected ? "" : "the last line break differs";
    if (has_line != has_expected || line != expected_line) {
      return "line " + std::to_string(number) + ": '" + (has_line ? line : "") + "' must be '" +
             (has_expected ? expected_line : "") + "'";
    }
  }
}

TEST(ReferenceToml, IsTheFileInConfigs) {
  EXPECT_EQ(first_difference(file_text("configs/reference.toml"), reference_toml()), "")
      << "renew it: hindlimb explain --reference > configs/reference.toml";
}

TEST(ReferenceToml, NamesEveryKey) {
  for (const KeyEntry& key : all_keys()) {
    EXPECT_THAT(reference_toml(), testing::HasSubstr(key.path.substr(key.path.rfind('.') + 1) + " = ")) << key.path;
  }
}

TEST(ReferenceToml, ExplainsTheUnitRangeAndSourceOfAKey) {
  EXPECT_THAT(reference_toml(), testing::HasSubstr("# compressive force; 0 is no massage; unit N; 0 to 100; "
                                                   "source: Miller 2018: 4.5\nforce_N = 4.5\n"));
}

TEST(ReferenceToml, HasLinesThatFitAScreen) {
  std::istringstream lines(reference_toml());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 110u) << line;
}

TEST(ReferenceMarkdown, HasARowOfSevenCellsForEveryKey) {
  std::istringstream lines(reference_markdown({}, {}));
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    ++rows;
    EXPECT_EQ(std::ranges::count(line, '|') - std::ranges::count(line, '\\'), 8) << line;
  }
  EXPECT_EQ(rows, all_keys().size());
}

}  // namespace
}  // namespace hindlimb::scenario
