#include "hindlimb/scenario/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

TEST(Node, FindsTheKeysOfATable) {
  const Node table = at(3, Table{{"a", at(4, 7)}, {"b", at(5, "text")}});
  EXPECT_EQ(std::get<std::int64_t>(table.find("a")->value), 7);
  EXPECT_EQ(*table.find("b")->text(), "text");
  EXPECT_EQ(table.find("b")->where.to_string(), "s.toml:5");
  EXPECT_EQ(table.find("c"), nullptr);
}

TEST(Node, FindsNothingInWhatIsNoTable) {
  EXPECT_EQ(at(3, 7).find("a"), nullptr);
  EXPECT_EQ(at(3, Array{at(3, 7)}).find(""), nullptr);
  EXPECT_EQ(Node().find("a"), nullptr);
}

TEST(Node, IsOnlyWhatItIs) {
  EXPECT_EQ(at(3, 7).table(), nullptr);
  EXPECT_EQ(at(3, 7).array(), nullptr);
  EXPECT_EQ(at(3, 7).text(), nullptr);
  EXPECT_NE(at(3, Table{}).table(), nullptr);
  EXPECT_NE(at(3, Array{}).array(), nullptr);
}

TEST(Set, AddsAKeyAtTheEnd) {
  Node table = at(3, Table{{"b", at(4, 7)}});
  table.set("a", set_to(0.3));
  EXPECT_EQ(table.table()->back().key, "a");
  EXPECT_EQ(table.find("a")->where.to_string(), "--set");
}

TEST(Set, ReplacesAKeyWhereItStands) {
  Node table = at(3, Table{{"b", at(4, 7)}, {"a", at(5, 3)}});
  table.set("b", set_to("other"));
  EXPECT_THAT(*table.table(), testing::SizeIs(2));
  EXPECT_EQ(*table.table()->front().node.text(), "other");
}

TEST(TypeName, CallsEveryTypeWhatAUserCallsIt) {
  EXPECT_EQ(type_name(Node()), "a date or time");  // all that a reader leaves without a value
  EXPECT_EQ(type_name(at(1, true)), "true or false");
  EXPECT_EQ(type_name(at(1, 7)), "a whole number");
  EXPECT_EQ(type_name(at(1, 0.3)), "a number");
  EXPECT_EQ(type_name(at(1, "")), "text");
  EXPECT_EQ(type_name(at(1, Array{})), "a list");
  EXPECT_EQ(type_name(at(1, Table{})), "a table");
}

}  // namespace
}  // namespace hindlimb::scenario
