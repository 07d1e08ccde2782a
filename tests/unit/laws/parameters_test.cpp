#include "hindlimb/laws/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

namespace hindlimb::laws {
namespace {

TEST(EveryParameter, HasFiniteDefaultsWithinItsFiniteBounds) {
  for (const ParameterInfo& info : parameter_table) {
    EXPECT_TRUE(std::isfinite(info.low) && std::isfinite(info.high) && info.low < info.high) << info.name;
    for (const double value : info.defaults)
      EXPECT_TRUE(info.low <= value && value <= info.high) << info.name << " = " << value;
  }
}

TEST(EveryParameter, HasANameAndASymbolOfItsOwn) {
  std::set<std::string_view> names;
  std::set<std::string_view> symbols;
  for (const ParameterInfo& info : parameter_table) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_TRUE(symbols.insert(info.symbol).second) << info.name << ": " << info.symbol;
  }
}

TEST(EveryParameter, IsNamedLikeNoMuscle) {
  for (const ParameterInfo& info : parameter_table)
    EXPECT_THAT(muscle_names, testing::Not(testing::Contains(info.name)));
}

TEST(EveryParameter, HasAUnitAMeaningAndASource) {
  for (const ParameterInfo& info : parameter_table) {
    EXPECT_FALSE(info.unit.empty() || info.meaning.empty() || info.source.empty()) << info.name;
  }
}

/// What ends the name of a parameter of this unit.
std::string_view suffix_of(std::string_view unit) {
  if (unit == "1/d") return "_per_d";
  if (unit == "1/month") return "_per_month";
  if (unit == "1/mm2") return "_per_mm2";
  if (unit == "N/cm2") return "_N_per_cm2";
  if (unit == "month") return "_months";
  return unit;
}

TEST(EveryParameter, CarriesItsUnitInItsName) {
  for (const ParameterInfo& info : parameter_table) {
    if (info.unit != "1") {
      EXPECT_TRUE(info.name.ends_with(suffix_of(info.unit))) << info.name << " [" << info.unit << "]";
    }
    if (info.unit == "1") {
      EXPECT_FALSE(info.name.ends_with("_d") || info.name.ends_with("_N") || info.name.ends_with("_Hz")) << info.name;
    }
  }
}

TEST(EveryParameter, IsOneNumberForAllMusclesUnlessItIsPerMuscle) {
  for (const ParameterInfo& info : parameter_table) {
    if (!info.per_muscle) {
      EXPECT_THAT(info.defaults, testing::Each(info.defaults[0])) << info.name;
    }
  }
}

TEST(EveryTime, IsGreaterThanZeroEverywhereInItsBounds) {
  for (const ParameterInfo& info : parameter_table) {
    if (info.name.ends_with("_time_d")) {
      EXPECT_GT(info.low, 0.0) << info.name;
    }
  }
}

TEST(EveryMember, IsADoubleOfItsOwnInTheOrderOfTheTable) {
  static_assert(sizeof(Parameters<double>) == n_parameters * sizeof(double));
  Parameters<double> p{};
  for (std::size_t i = 0; i < n_parameters; ++i) p.*parameter_members<double>[i] = 0.3 + static_cast<double>(i);
  for (std::size_t i = 0; i < n_parameters; ++i)
    EXPECT_EQ(p.*parameter_members<double>[i], 0.3 + static_cast<double>(i));
}

TEST(EveryMember, BelongsToTheNameInTheTable) {
  const auto member_of = [](std::string_view name) {
    std::size_t i = 0;
    while (parameter_table[i].name != name) ++i;
    return parameter_members<double>[i];
  };
  EXPECT_TRUE(member_of("load_signal_time_d") == &Parameters<double>::load_signal_time_d);
  EXPECT_TRUE(member_of("humoral_gain") == &Parameters<double>::humoral_gain);
  EXPECT_TRUE(member_of("csa_type_IIx_um2") == &Parameters<double>::csa_type_IIx_um2);
  EXPECT_TRUE(member_of("myonuclei_per_fibre") == &Parameters<double>::myonuclei_per_fibre);
  EXPECT_TRUE(member_of("collagen_dynamic_fraction") == &Parameters<double>::collagen_dynamic_fraction);
}

TEST(DefaultParameters, AreThoseOfTheMuscle) {
  EXPECT_EQ(default_parameters(Muscle::soleus).csa_type_I_um2, 1948.5);
  EXPECT_EQ(default_parameters(Muscle::edl).wet_mass_mg, 112.5);
  EXPECT_EQ(default_parameters(Muscle::tibialis_anterior).fibre_length_mm, 20.0);
  EXPECT_EQ(default_parameters(Muscle::plantaris).damage_time_d, default_parameters(Muscle::soleus).damage_time_d);
}

}  // namespace
}  // namespace hindlimb::laws
