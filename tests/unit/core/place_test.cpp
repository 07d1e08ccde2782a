#include "hindlimb/core/place.hpp"

#include <gtest/gtest.h>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {
namespace {

/// A part of a line of a file of that text.
Place in(std::string text, std::size_t line, std::size_t column, std::size_t width) {
  return {std::make_shared<SourceText>(SourceText{"s.toml", std::move(text)}), line, column, width};
}

TEST(Place, IsNowhereByItself) {
  EXPECT_TRUE(Place().empty());
  EXPECT_EQ(Place().to_string(), "");
  EXPECT_EQ(Place().excerpt(), "");
}

TEST(Place, MayBeANameAlone) {
  const Place place("--set");
  EXPECT_FALSE(place.empty());
  EXPECT_EQ(place.to_string(), "--set");
  EXPECT_EQ(place.line(), 0);
  EXPECT_EQ(place.excerpt(), "");
}

TEST(Place, MayBeALineWhoseTextIsNotAtHand) {
  const Place place("facts.csv", 14);
  EXPECT_EQ(place.to_string(), "facts.csv:14");
  EXPECT_EQ(place.excerpt(), "");
}

TEST(Place, MarksWhatIsMeantInItsLine) {
  const Place place = in("a = 1\nseed = -7 # low\nb = 2\n", 2, 8, 2);
  EXPECT_EQ(place.to_string(), "s.toml:2");
  EXPECT_EQ(place.excerpt(),
            "    2 | seed = -7 # low\n"
            "      |        ^~");
}

TEST(Place, MarksTheFirstAndTheLastLineAlike) {
  EXPECT_EQ(in("a = 1\nb = 2", 1, 1, 1).excerpt(), "    1 | a = 1\n      | ^");
  EXPECT_EQ(in("a = 1\nb = 2", 2, 5, 1).excerpt(), "    2 | b = 2\n      |     ^");
}

TEST(Place, LeavesTheLineEndsOfWindowsOut) {
  EXPECT_EQ(in("a = 1\r\nb = 2\r\n", 2, 5, 700).excerpt(), "    2 | b = 2\n      |     ^");
}

TEST(Place, CountsLettersAndNotBytes) {
  EXPECT_EQ(in("title = \"Größe µm\", 4", 1, 19, 1).excerpt(),
            "    1 | title = \"Größe µm\", 4\n"
            "      |                   ^");
}

TEST(Place, CountsTwoColumnsForLettersThatAreWide) {
  EXPECT_EQ(in("name = \"筋肉\", 骨4", 1, 14, 2).excerpt(),
            "    1 | name = \"筋肉\", 骨4\n"
            "      |                ^~~");
}

TEST(Place, ShowsTabsAsSpaces) { EXPECT_EQ(in("\ta =\t7", 1, 6, 1).excerpt(), "    1 |  a = 7\n      |      ^"); }

TEST(Place, MayBeJustBehindTheLine) { EXPECT_EQ(in("a =", 1, 4, 1).excerpt(), "    1 | a =\n      |    ^"); }

TEST(Place, EndsWithItsLine) { EXPECT_EQ(in("a = [1,\n2]", 1, 5, 700).excerpt(), "    1 | a = [1,\n      |     ^~~"); }

TEST(Place, ShowsAtMostAHundredLettersOfALine) {
  const std::string line = std::string(70, 'a') + "bad" + std::string(90, 'c');
  EXPECT_EQ(in(line, 1, 71, 3).excerpt(), "    1 | ..." + std::string(40, 'a') + "bad" + std::string(57, 'c') +
                                              "...\n      |    " + std::string(40, ' ') + "^~~");
  EXPECT_EQ(in(line, 1, 1, 1).excerpt(),
            "    1 | " + line.substr(0, 70) + "bad" + std::string(27, 'c') + "...\n      | ^");
  EXPECT_TRUE(
      in(line, 1, 71, 700).excerpt().ends_with("\n      |    " + std::string(40, ' ') + "^" + std::string(59, '~')));
}

TEST(Place, ShowsNothingOfWhatIsNoText) {
  EXPECT_EQ(in("a = \x1b[31m", 1, 1, 1).excerpt(), "");
  EXPECT_EQ(in(std::string("a\0b", 3), 1, 1, 1).excerpt(), "");
  for (const char* broken : {"\x89HDF", "a\xc3", "\xc3\x28", "\xe2\x82", "\xf0\x9f\x90", "\xff", "\xc0\x80"})
    EXPECT_EQ(in(broken, 1, 1, 1).excerpt(), "") << broken;
}

TEST(Place, OutsideItsTextIsShownWithoutHarm) {
  EXPECT_EQ(in("a", 7, 7, 7).excerpt(), "    7 | \n      | ^");
  EXPECT_EQ(in("", 1, 1, 1).excerpt(), "    1 | \n      | ^");
}

TEST(InputError, ShowsTheLineOfEachProblem) {
  const InputError error({{in("seed = x", 1, 8, 1), "seed", "is text", "a number"}, {"--set", "", "is wrong", ""}});
  EXPECT_STREQ(error.what(),
               "s.toml:1: seed: is text; a number\n"
               "    1 | seed = x\n"
               "      |        ^\n"
               "--set: is wrong");
}

}  // namespace
}  // namespace hindlimb
