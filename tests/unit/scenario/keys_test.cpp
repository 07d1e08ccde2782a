#include "hindlimb/scenario/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace hindlimb::scenario {
namespace {

using testing::Not;

/// A value that no key has by default.
Value awkward(const KeyInfo& key) {
  switch (key.type) {
    case KeyType::integer:
      return std::int64_t{17};
    case KeyType::number:
      return 0.0073;
    case KeyType::days:
      return 5.0;
    case KeyType::minutes:
      return 17.0;
    case KeyType::text:
      return std::string("awkward");
    case KeyType::texts:
      return std::vector<std::string>{"awkward", "text"};
    case KeyType::choice:
      return std::string(key.choices.back());
    case KeyType::choices:
      return std::vector<std::string>{std::string(key.choices.back())};
    case KeyType::days_list:
      return std::vector<double>{0.5, 7.0};
    case KeyType::load:
      return Load{{0.3, 0.7}};
  }
  return 0.0;
}

template <class Owner>
class EveryKey : public testing::Test {};
using Owners = testing::Types<Study, Animals, Arm, Phase, Massage, Training, Label, Record, Compare, Solver>;
TYPED_TEST_SUITE(EveryKey, Owners);

TYPED_TEST(EveryKey, GivesBackWhatItWasSetTo) {
  for (const Key<TypeParam>& key : keys<TypeParam>()) {
    TypeParam owner;
    key.set(owner, awkward(key));
    EXPECT_EQ(key.get(owner), awkward(key)) << key.name;
  }
}

TYPED_TEST(EveryKey, LeavesEveryOtherKeyAsItWas) {
  for (const Key<TypeParam>& key : keys<TypeParam>()) {
    TypeParam owner;
    key.set(owner, awkward(key));
    for (const Key<TypeParam>& other : keys<TypeParam>()) {
      if (other.name != key.name) {
        EXPECT_EQ(other.get(owner), other.get(TypeParam{})) << key.name << " changes " << other.name;
      }
    }
  }
}

TYPED_TEST(EveryKey, CanBeSetToItsDefault) {
  for (const Key<TypeParam>& key : keys<TypeParam>()) {
    const std::optional<Value> value = key.get(TypeParam{});
    if (!value) continue;
    TypeParam owner;
    key.set(owner, awkward(key));
    key.set(owner, *value);
    EXPECT_EQ(key.get(owner), value) << key.name;
  }
}

TYPED_TEST(EveryKey, HasADefaultWithinItsRange) {
  for (const Key<TypeParam>& key : keys<TypeParam>()) {
    const std::optional<Value> value = key.get(TypeParam{});
    if (!value) continue;
    if (const auto* number = std::get_if<double>(&*value)) {
      EXPECT_TRUE(contains(key.range, *number)) << key.name;
    } else if (const auto* whole = std::get_if<std::int64_t>(&*value)) {
      EXPECT_TRUE(contains(key.range, static_cast<double>(*whole))) << key.name;
    }
  }
}

TYPED_TEST(EveryKey, ShowsAnExampleWhereItHasNoDefault) {
  for (const Key<TypeParam>& key : keys<TypeParam>()) {
    EXPECT_TRUE(key.get(TypeParam{}).has_value() || !key.example.empty()) << key.name;
    EXPECT_FALSE(key.meaning.empty()) << key.name;
  }
}

std::vector<std::string> paths() {
  std::vector<std::string> result;
  for (const KeyEntry& key : all_keys()) result.push_back(key.path);
  return result;
}

TEST(AllKeys, HavePathsOfTheirOwn) {
  const std::vector<std::string> all = paths();
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
}

TEST(AllKeys, HoldEveryTableAndEveryParameter) {
  EXPECT_THAT(paths(), testing::IsSupersetOf({"title", "seed", "muscles", "animals.per_arm", "arm.name",
                                              "arm.phase.load", "arm.massage.force_N", "arm.training.load",
                                              "arm.label.first_d", "record.every_d", "compare.control", "solver.rtol",
                                              "crossover.humoral_gain", "parameters.humoral_gain", "parameters.file"}));
  for (const laws::ParameterInfo& info : laws::parameter_table) {
    EXPECT_THAT(paths(), testing::Contains("parameters." + std::string(info.name)));
  }
}

TEST(AllKeys, AreInTheOrderOfAStudyFile) {
  EXPECT_EQ(paths().front(), "title");
  const std::vector<std::string> all = paths();
  const auto place = [&](std::string_view path) { return std::ranges::find(all, path) - all.begin(); };
  EXPECT_LT(place("animals.per_arm"), place("arm.name"));
  EXPECT_LT(place("arm.massage.bouts"), place("arm.training.limb"));
  EXPECT_LT(place("arm.training.sessions"), place("arm.label.phase"));
  EXPECT_LT(place("arm.label.first_d"), place("record.every_d"));
  EXPECT_LT(place("solver.rtol"), place("parameters.load_signal_time_d"));
}

TEST(AllKeys, TellUnitRangeDefaultAndSource) {
  const std::vector<KeyEntry> all = all_keys();
  const auto find = [&](std::string_view path) { return *std::ranges::find(all, path, &KeyEntry::path); };
  const KeyEntry force = find("arm.massage.force_N");
  EXPECT_EQ(force.type, "number");
  EXPECT_EQ(force.unit, "N");
  EXPECT_EQ(force.range, "0 to 100");
  EXPECT_EQ(force.default_value, "4.5");
  EXPECT_EQ(force.source, "Miller 2018: 4.5");
  EXPECT_EQ(find("arm.name").default_value, "required");
  EXPECT_EQ(find("arm.phase.duration_d").default_value, "optional");
  EXPECT_EQ(find("arm.phase.duration_d").example, "14");
  EXPECT_THAT(find("parameters.csa_type_I_um2").default_value, testing::StartsWith("1948.5, 1850.7, "));
}

TEST(AllKeys, ShowNoTextThatBreaksATableInMarkdown) {
  for (const KeyEntry& key : all_keys())
    EXPECT_THAT(key.meaning + key.source, Not(testing::HasSubstr("\n"))) << key.path;
}

TEST(CrossoverKeys, AreParameters) {
  for (const std::string_view name : crossover_keys) {
    EXPECT_EQ(std::ranges::count(laws::parameter_table, name, &laws::ParameterInfo::name), 1) << name;
  }
}

TEST(RangeText, SaysWhichNumbersAreAllowed) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(range_text({0.3, 7.0}), "0.3 to 7");
  EXPECT_EQ(range_text({0.0, 7.0, true}), "> 0 and <= 7");
  EXPECT_EQ(range_text({0.3}), ">= 0.3");
  EXPECT_EQ(range_text({0.3, infinity, true}), "> 0.3");
  EXPECT_EQ(range_text({-infinity, 7.0}), "<= 7");
  EXPECT_EQ(range_text({}), "");
}

TEST(Range, ContainsItsClosedEndsAndNotItsOpenOne) {
  EXPECT_TRUE(contains({0.3, 7.0}, 0.3));
  EXPECT_TRUE(contains({0.3, 7.0}, 7.0));
  EXPECT_FALSE(contains({0.3, 7.0, true}, 0.3));
  EXPECT_FALSE(contains({0.3, 7.0}, std::nextafter(7.0, 8.0)));
  EXPECT_FALSE(contains({}, std::numeric_limits<double>::quiet_NaN()));
}

TEST(ToToml, WritesNumbersThatReadBackAsTheSame) {
  EXPECT_EQ(to_toml(std::int64_t{9'200'000'000'000'000'000}), "9200000000000000000");
  EXPECT_EQ(to_toml(0.1), "0.1");
  EXPECT_EQ(to_toml(1.0 / 3.0), "0.3333333333333333");
  EXPECT_EQ(to_toml(1e-9), "1e-09");
}

TEST(ToToml, QuotesText) {
  EXPECT_EQ(to_toml(std::string("cage")), "\"cage\"");
  EXPECT_EQ(to_toml(std::string("a \"b\" \\ c")), R"("a \"b\" \\ c")");
  EXPECT_EQ(to_toml(std::string("a\tb\nc\x7f")), R"("a\u0009b\u000Ac\u007F")");
  EXPECT_EQ(to_toml(std::string("Ångström µm")), "\"Ångström µm\"");
}

TEST(ToToml, WritesLists) {
  EXPECT_EQ(to_toml(std::vector<std::string>{"soleus", "a\"b"}), R"(["soleus", "a\"b"])");
  EXPECT_EQ(to_toml(std::vector<double>{0.0, 14.5}), "[0, 14.5]");
}

TEST(ToToml, WritesALoadOnceWhereBothLimbsBearTheSame) {
  EXPECT_EQ(to_toml(Load{{0.3, 0.3}}), "0.3");
  EXPECT_EQ(to_toml(Load{{0.0, 0.7}}), "{ left = 0, right = 0.7 }");
}

}  // namespace
}  // namespace hindlimb::scenario
