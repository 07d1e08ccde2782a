#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hindlimb/scenario/build.hpp"

namespace hindlimb::scenario {
namespace {

const std::vector<std::string_view> names{"name", "load", "duration_d"};

TEST(Suggestion, IsTheWordOneOrTwoLettersAway) {
  EXPECT_EQ(suggestion("laod", names), "did you mean 'load'?");
  EXPECT_EQ(suggestion("nam", names), "did you mean 'name'?");
  EXPECT_EQ(suggestion("loads", names), "did you mean 'load'?");
}

TEST(Suggestion, AllowsAThirdOfALongWordToDiffer) {
  EXPECT_EQ(suggestion("durations", names), "did you mean 'duration_d'?");
  EXPECT_EQ(suggestion("turation-b", names), "did you mean 'duration_d'?");
  EXPECT_EQ(suggestion("turatio--b", names), "known here: name, load, duration_d");
}

TEST(Suggestion, CompletesTheBeginningOfAWord) {
  EXPECT_EQ(suggestion("duration_days", {"duration_d"}), "did you mean 'duration_d'?");
  EXPECT_EQ(suggestion("gastrocnemius", {"gastrocnemius_lateral"}), "did you mean 'gastrocnemius_lateral'?");
}

TEST(Suggestion, IsTheWholeListWhereNothingIsClose) {
  EXPECT_EQ(suggestion("frequency", names), "known here: name, load, duration_d");
}

TEST(Suggestion, DoesNotReplaceEveryLetterOfAShortWord) {
  EXPECT_EQ(suggestion("QQ", {"WB", "HS"}), "known here: WB, HS");
}

TEST(Suggestion, ForAnEmptyWordIsTheWholeList) { EXPECT_EQ(suggestion("", {"WB", "HS"}), "known here: WB, HS"); }

TEST(Suggestion, NeverOffersAnEmptyWord) {
  EXPECT_EQ(suggestion("RE", {""}), "");
  EXPECT_EQ(suggestion("RE", {"", "RX"}), "did you mean 'RX'?");
}

TEST(Suggestion, PointsElsewhereWhereTheListIsLong) {
  EXPECT_EQ(suggestion("frequency", std::vector<std::string_view>(13, "load")), "`hindlimb explain` lists all keys");
}

TEST(Suggestion, IsEmptyWhereNothingIsKnown) { EXPECT_EQ(suggestion("load", {}), ""); }

}  // namespace
}  // namespace hindlimb::scenario
