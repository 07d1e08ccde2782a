#include "hindlimb/muscle/observables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "hindlimb/muscle/rates.hpp"

namespace hindlimb::muscle {
namespace {

using laws::Muscle;
using laws::Parameters;

double value_of(const Observables& values, Observable observable) { return values[static_cast<std::size_t>(observable)]; }

std::string_view unit_of(Observable observable) { return observable_table[static_cast<std::size_t>(observable)].unit; }

TEST(Observables, AtWeightBearingAreTheSetPointsOfEveryMuscle) {
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
    const Parameters<double> p = laws::default_parameters(Muscle{muscle});
    const Observables values = observe(weight_bearing_state<double>(), p);
    EXPECT_EQ(value_of(values, Observable::csa), p.csa_um2);
    EXPECT_DOUBLE_EQ(value_of(values, Observable::wet_mass), p.wet_mass_mg);  // a sum of two shares
    EXPECT_EQ(value_of(values, Observable::myofibrillar_protein), 1.0);
    EXPECT_EQ(value_of(values, Observable::cytosolic_protein), 1.0);
    EXPECT_EQ(value_of(values, Observable::myofibrillar_synthesis), p.myofibrillar_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::myofibrillar_breakdown), p.myofibrillar_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::rna), 1.0);
    EXPECT_EQ(value_of(values, Observable::rna_synthesis), p.rna_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::rna_degradation), p.rna_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::pfak), 1.0);
    EXPECT_EQ(value_of(values, Observable::pax7), p.pax7_per_fibre);
    EXPECT_EQ(value_of(values, Observable::myonuclei), p.myonuclei_per_fibre);
    EXPECT_EQ(value_of(values, Observable::neutrophils), p.neutrophils_per_mm2);
    EXPECT_EQ(value_of(values, Observable::ed1), p.ed1_per_mm2);
    EXPECT_EQ(value_of(values, Observable::ed2), p.ed2_per_mm2);
  }
}

TEST(Observables, HaveTheUnitsOfTheirSetPoints) {
  EXPECT_EQ(unit_of(Observable::csa), "um2");
  EXPECT_EQ(unit_of(Observable::wet_mass), "mg");
  EXPECT_EQ(unit_of(Observable::myofibrillar_synthesis), "1/d");
  EXPECT_EQ(unit_of(Observable::rna_degradation), "1/d");
  EXPECT_EQ(unit_of(Observable::pax7), "1");
  EXPECT_EQ(unit_of(Observable::neutrophils), "1/mm2");
  EXPECT_EQ(unit_of(Observable::force), "N");
}

TEST(Observables, HaveANameAndALongNameOfTheirOwn) {
  for (const ObservableInfo& info : observable_table) {
    EXPECT_EQ(std::ranges::count(observable_table, info.name, &ObservableInfo::name), 1) << info.name;
    EXPECT_EQ(std::ranges::count(observable_table, info.long_name, &ObservableInfo::long_name), 1) << info.name;
    EXPECT_FALSE(info.unit.empty() || info.long_name.empty()) << info.name;
  }
}

TEST(Observables, StandInTheTableInTheOrderOfTheirEnumerators) {
  const auto name_of = [](Observable observable) { return observable_table[static_cast<std::size_t>(observable)].name; };
#define HINDLIMB_OBSERVABLE(name, ...) EXPECT_EQ(name_of(Observable::name), #name);
#include "hindlimb/muscle/observables.def"
}

TEST(Csa, FollowsTheSizeOfTheFibre) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = 0.7;
  Parameters<double> p = laws::default_parameters(Muscle::gastrocnemius_medial);
  p.cytosolic_fraction = 0.3;
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::csa), p.csa_um2 * (0.7 * 0.7 + 0.3));
}

TEST(WetMass, CountsFibresAndTheSpaceBetweenThem) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = y[cytosolic] = 0.7;
  y[extracellular] = 1.3;
  Parameters<double> p = laws::default_parameters(Muscle::soleus);
  p.extracellular_fraction = 0.2;
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::wet_mass), p.wet_mass_mg * (0.8 * 0.7 + 0.2 * 1.3));
}

TEST(FractionalSynthesis, IsPerProteinThatIsThere) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = y[cytosolic] = 0.3;
  const Parameters<double> p = laws::default_parameters(Muscle::soleus);
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::myofibrillar_synthesis), p.myofibrillar_turnover_per_d / 0.3);
}

TEST(Pfak, AddsTheMassageMemoryToTheLoadSignal) {
  StateVector<double> y = weight_bearing_state<double>();
  y[load_signal] = 0.3;
  y[massage_memory] = 0.7;
  const Parameters<double> p = laws::default_parameters(Muscle::edl);
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::pfak), 0.3 + 0.7 * p.pfak_massage_gain);
}

TEST(Force, IsSpecificTensionTimesPhysiologicalCrossSection) {
  Parameters<double> p = laws::default_parameters(Muscle::soleus);
  p.wet_mass_mg = 159.0;  // 150 mm3
  p.fibre_length_mm = 12.0;
  p.specific_tension_N_per_cm2 = 20.0;
  EXPECT_DOUBLE_EQ(value_of(observe(weight_bearing_state<double>(), p), Observable::force), 20.0 * 0.125);
}

TEST(Force, FollowsMyofibrillarProteinAndStrengthAlsoTheNeuralDrive) {
  StateVector<double> y = weight_bearing_state<double>();
  const Parameters<double> p = laws::default_parameters(Muscle::plantaris);
  const double rested_N = value_of(observe(y, p), Observable::force);
  y[myofibrillar] = 0.7;
  y[neural_drive] = 0.9;
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::force), 0.7 * rested_N);
  EXPECT_DOUBLE_EQ(value_of(observe(y, p), Observable::voluntary_strength), 0.63 * rested_N);
}

}  // namespace
}  // namespace hindlimb::muscle
