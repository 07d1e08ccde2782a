#include "hindlimb/muscle/observables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "hindlimb/muscle/rates.hpp"
#include "unit/laws/draws.hpp"

namespace hindlimb::muscle {
namespace {

using laws::Coefficients;
using laws::Draws;
using laws::Muscle;

constexpr double window_d = 3.7;  ///< since labelling began

double value_of(const Observables<double>& values, Observable observable) { return values.at(observable); }

Coefficients<double> defaults(Muscle muscle) { return laws::coefficients(laws::default_parameters(muscle)); }

std::string_view unit_of(Observable observable) { return observable_table[static_cast<std::size_t>(observable)].unit; }

TEST(Observables, AtWeightBearingAreTheSetPointsOfEveryMuscle) {
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
    const Coefficients<double> p = defaults(Muscle{muscle});
    const Observables<double> values = observe(weight_bearing_state<double>(), window_d, p);
    EXPECT_EQ(value_of(values, Observable::csa), p.csa_um2);
    EXPECT_DOUBLE_EQ(value_of(values, Observable::wet_mass), p.wet_mass_mg);  // a sum of two shares
    EXPECT_EQ(value_of(values, Observable::myofibrillar_protein), 1.0);
    EXPECT_EQ(value_of(values, Observable::cytosolic_protein), 1.0);
    EXPECT_EQ(value_of(values, Observable::mitochondrial_protein), 1.0);
    EXPECT_EQ(value_of(values, Observable::collagen), 1.0);
    EXPECT_EQ(value_of(values, Observable::extracellular_water), 1.0);
    EXPECT_EQ(value_of(values, Observable::cytosolic_synthesis), p.cytosolic_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::cytosolic_breakdown), p.cytosolic_turnover_per_d);
    EXPECT_EQ(value_of(values, Observable::dna_synthesis), p.dna_turnover_per_d);
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
  const auto name_of = [](Observable observable) {
    return observable_table[static_cast<std::size_t>(observable)].name;
  };
#define HINDLIMB_OBSERVABLE(name, ...) EXPECT_EQ(name_of(Observable::name), #name);
#define HINDLIMB_OBSERVABLE_BY_TYPE(name, ...) EXPECT_EQ(name_of(Observable::name), #name);
#include "hindlimb/muscle/observables.def"
}

TEST(Csa, FollowsTheSizeOfTheFibre) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = 0.7;
  Coefficients<double> p = defaults(Muscle::gastrocnemius_medial);
  p.cytosolic_fraction = 0.3;
  p.mitochondrial_fraction = 0.1;
  p = laws::coefficients(p);
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::csa), p.csa_um2 * (0.6 * 0.7 + 0.4));
}

TEST(WetMass, CountsFibresAndTheSpaceBetweenThem) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = y[cytosolic] = y[mitochondrial] = 0.7;
  y[extracellular] = 1.3;
  Coefficients<double> p = defaults(Muscle::soleus);
  p.extracellular_fraction = 0.2;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::wet_mass), p.wet_mass_mg * (0.8 * 0.7 + 0.2 * 1.3));
}

TEST(FractionalSynthesis, IsPerProteinThatIsThere) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = y[cytosolic] = y[mitochondrial] = 0.3;
  y[readiness] = 0.0;
  const Coefficients<double> p = defaults(Muscle::soleus);
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::myofibrillar_synthesis),
                   p.myofibrillar_turnover_per_d / 0.3);
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::cytosolic_synthesis),
                   p.cytosolic_turnover_per_d / 0.3);
}

TEST(Pfak, AddsTheMassageMemoryToTheLoadSignal) {
  StateVector<double> y = weight_bearing_state<double>();
  y[load_signal] = 0.3;
  y[massage_memory] = 0.7;
  Coefficients<double> p = defaults(Muscle::edl);
  p.pfak_floor = 0.2;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::pfak), 0.2 + 0.8 * 0.3 + 0.7 * p.pfak_massage_gain);
}

TEST(Force, IsSpecificTensionTimesPhysiologicalCrossSection) {
  Coefficients<double> p = defaults(Muscle::soleus);
  p.wet_mass_mg = 159.0;  // 150 mm3
  p.fibre_length_mm = 12.0;
  p.specific_tension_N_per_cm2 = 20.0;
  EXPECT_DOUBLE_EQ(value_of(observe(weight_bearing_state<double>(), window_d, p), Observable::force), 20.0 * 0.125);
}

TEST(Force, FollowsMyofibrillarProteinAndStrengthAlsoTheNeuralDrive) {
  StateVector<double> y = weight_bearing_state<double>();
  const Coefficients<double> p = defaults(Muscle::plantaris);
  const double rested_N = value_of(observe(y, window_d, p), Observable::force);
  y[myofibrillar] = 0.7;
  y[neural_drive] = 0.9;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::force), 0.7 * rested_N);
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::voluntary_strength), 0.63 * rested_N);
  y[training_adaptation] = 0.2;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::force), 0.7 * rested_N);
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::voluntary_strength), 1.2 * 0.63 * rested_N);
}

TEST(Collagen, IsTheSumOfItsPools) {
  StateVector<double> y = weight_bearing_state<double>();
  y[collagen_dynamic] = 0.7;
  y[collagen_stable] = 1.1;
  Coefficients<double> p = defaults(Muscle::edl);
  p.collagen_dynamic_fraction = 0.3;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::collagen), 0.3 * 0.7 + 0.7 * 1.1);
}

// --- what a laboratory computes from D2O -------------------------------------------------------------------------

TEST(MeasuredSynthesis, IsTheLabelledShareOverTheMeanEnrichmentAndTheTime) {
  StateVector<double> y = weight_bearing_state<double>();
  y[label_exposure] = 2.9;  // of 3.7 d at the plateau
  y[myofibrillar] = 0.7;
  y[labelled_myofibrillar] = 0.3;
  y[cytosolic] = 0.8;
  y[labelled_cytosolic] = 0.31;
  y[mitochondrial] = 0.6;
  y[labelled_mitochondrial] = 0.32;
  y[rna] = 0.9;
  y[labelled_rna] = 0.33;
  y[dna] = 1.1;
  y[labelled_dna] = 0.34;
  const Observables<double> values = observe(y, window_d, defaults(Muscle::soleus));
  EXPECT_DOUBLE_EQ(value_of(values, Observable::myofibrillar_fsr), 0.3 / (0.7 * 2.9));
  EXPECT_DOUBLE_EQ(value_of(values, Observable::cytosolic_fsr), 0.31 / (0.8 * 2.9));
  EXPECT_DOUBLE_EQ(value_of(values, Observable::mitochondrial_fsr), 0.32 / (0.6 * 2.9));
  EXPECT_DOUBLE_EQ(value_of(values, Observable::rna_fsr), 0.33 / (0.9 * 2.9));
  EXPECT_DOUBLE_EQ(value_of(values, Observable::dna_fsr), 0.34 / (1.1 * 2.9));
}

TEST(MeasuredSynthesis, OfCollagenIsDilutedByThePoolThatHardlyTurnsOver) {
  StateVector<double> y = weight_bearing_state<double>();
  y[label_exposure] = 2.9;
  y[collagen_dynamic] = 0.7;
  y[collagen_stable] = 1.1;
  y[labelled_collagen] = 0.2;
  Coefficients<double> p = defaults(Muscle::edl);
  p.collagen_dynamic_fraction = 0.3;
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, p), Observable::collagen_fsr),
                   0.3 * 0.2 / ((0.3 * 0.7 + 0.7 * 1.1) * 2.9));
}

TEST(MeasuredSynthesis, IsNoNumberBeforeThereIsAnyLabel) {
  const Observables<double> values = observe(weight_bearing_state<double>(), -7.0, defaults(Muscle::soleus));
  for (const Observable observable :
       {Observable::myofibrillar_fsr, Observable::cytosolic_fsr, Observable::mitochondrial_fsr,
        Observable::collagen_fsr, Observable::rna_fsr, Observable::dna_fsr, Observable::myofibrillar_kdeg_d2o}) {
    EXPECT_TRUE(std::isnan(value_of(values, observable)))
        << observable_table[static_cast<std::size_t>(observable)].name;
  }
}

TEST(MeasuredBreakdown, IsMeasuredSynthesisLessGrowth) {
  StateVector<double> y = weight_bearing_state<double>();
  y[label_exposure] = 2.9;
  y[labelled_myofibrillar] = 0.3;
  y[label_growth] = -0.2;  // a muscle that shrank
  EXPECT_DOUBLE_EQ(value_of(observe(y, window_d, defaults(Muscle::soleus)), Observable::myofibrillar_kdeg_d2o),
                   0.3 / 2.9 + 0.2 / 3.7);
}

// --- fibre types ---------------------------------------------------------------------------------------------------

TEST(AreasByType, AreThoseOfTheSetPointAtTheSetPoint) {
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
    const Coefficients<double> p = defaults(Muscle{muscle});
    const laws::ByType<double> areas = areas_by_type(1.0, p);
    for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
      if (p.type_fraction[type] > 0.0) {
        EXPECT_DOUBLE_EQ(areas[type], p.type_csa_um2[type]);
      }
    }
  }
}

TEST(AreasByType, ArePositiveAndHaveTheMeanOfTheMuscle) {
  Draws draw(1);
  for (int set = 0; set < 1000; ++set) {
    const Coefficients<double> p = laws::coefficients(laws::random_parameters(draw));
    const double size = draw.between(0.05, 1.7);
    const laws::ByType<double> areas = areas_by_type(size, p);
    double mean = 0.0;
    for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
      EXPECT_GT(areas[type], 0.0);
      mean += p.type_fraction[type] * areas[type];
    }
    EXPECT_NEAR(mean, p.csa_um2 * size, 1e-13 * p.csa_um2 * size);  // a sum of four products, scaled
  }
}

TEST(AreasByType, ShrinkMoreWhereAFibreIsMoreSensitive) {
  Coefficients<double> p = defaults(Muscle::plantaris);
  p.type_sensitivity = {1.3, 0.9, 0.9, 0.9};
  const laws::ByType<double> areas = areas_by_type(0.6, p);
  EXPECT_LT(areas[0] / p.type_csa_um2[0], areas[1] / p.type_csa_um2[1]);
  EXPECT_DOUBLE_EQ(areas[0] / p.type_csa_um2[0] / (areas[1] / p.type_csa_um2[1]), std::pow(0.6, 0.4));
  EXPECT_DOUBLE_EQ(areas[1] / p.type_csa_um2[1], areas[3] / p.type_csa_um2[3]);
}

TEST(AreasByType, AreNoNumbersForTypesThatTheMuscleDoesNotHave) {
  const laws::ByType<double> areas = areas_by_type(0.7, defaults(Muscle::soleus));
  EXPECT_FALSE(std::isnan(areas[0]) || std::isnan(areas[1]));
  EXPECT_TRUE(std::isnan(areas[2]) && std::isnan(areas[3]));
}

TEST(AreasByType, OfAMuscleOfOneTypeAreItsMean) {
  laws::Parameters<double> parameters = laws::default_parameters(Muscle::soleus);
  parameters.fraction_type_I = 0.3;  // of nothing else: scaled to 1
  parameters.fraction_type_IIa = 0.0;
  const Coefficients<double> p = laws::coefficients(parameters);
  EXPECT_DOUBLE_EQ(areas_by_type(0.7, p)[0], 0.7 * p.csa_type_I_um2);
}

TEST(Observables, HoldTheAreasOfAllFibreTypes) {
  StateVector<double> y = weight_bearing_state<double>();
  y[myofibrillar] = y[cytosolic] = y[mitochondrial] = 0.7;
  const Coefficients<double> p = defaults(Muscle::plantaris);
  const Observables<double> values = observe(y, window_d, p);
  const laws::ByType<double> areas = areas_by_type(value_of(values, Observable::csa) / p.csa_um2, p);
  for (std::size_t type = 0; type < laws::n_fibre_types; ++type)
    EXPECT_EQ(values.at(Observable::csa_by_type, type), areas[type]);
  EXPECT_EQ(value_of(values, Observable::wet_mass), observe_means(y, window_d, p).at(Observable::wet_mass));
}

TEST(Observables, OverlapNowhere) {
  Observables<double> values;
  double number = 0.0;
  for (std::size_t i = 0; i < n_observables; ++i) {
    for (std::size_t type = 0; type < observable_table[i].width; ++type)
      values.at(static_cast<Observable>(i), type) = ++number;
  }
  number = 0.0;
  for (std::size_t i = 0; i < n_observables; ++i) {
    for (std::size_t type = 0; type < observable_table[i].width; ++type)
      EXPECT_EQ(values.at(static_cast<Observable>(i), type), ++number);
  }
}

// --- a muscle of two heads -----------------------------------------------------------------------------------------

class Heads : public testing::Test {
 protected:
  double combined(Weight weight) const { return combine(weight, 0.3, medial_, 0.7, lateral_); }
  static double mean(double wa, double wb) { return (0.3 * wa + 0.7 * wb) / (wa + wb); }
  Coefficients<double> medial_ = defaults(Muscle::gastrocnemius_medial);
  Coefficients<double> lateral_ = defaults(Muscle::gastrocnemius_lateral);
};

TEST_F(Heads, AddUpWhereTheyGiveATotal) { EXPECT_DOUBLE_EQ(combined(Weight::total), 1.0); }

TEST_F(Heads, AreWeightedByTheirFibres) {
  const auto fibres = [](const Coefficients<double>& p) {
    return (1.0 - p.extracellular_fraction) * p.wet_mass_mg / (p.csa_um2 * p.fibre_length_mm);
  };
  EXPECT_DOUBLE_EQ(combined(Weight::fibres), mean(fibres(medial_), fibres(lateral_)));
}

TEST_F(Heads, AreWeightedByTheirProtein) {
  EXPECT_DOUBLE_EQ(combined(Weight::protein), mean(medial_.wet_mass_mg, lateral_.wet_mass_mg));
}

TEST_F(Heads, AreWeightedByTheAreaOfTheirSection) {
  const auto area = [](const Coefficients<double>& p) {
    return (1.0 - p.extracellular_fraction) * p.wet_mass_mg / p.fibre_length_mm;
  };
  EXPECT_DOUBLE_EQ(combined(Weight::area), mean(area(medial_), area(lateral_)));
}

TEST_F(Heads, ThatAreEqualGiveTheValueOfEither) {
  for (const Weight weight : {Weight::fibres, Weight::protein, Weight::area}) {
    EXPECT_DOUBLE_EQ(combine(weight, 0.3, medial_, 0.3, lateral_), 0.3);
    EXPECT_DOUBLE_EQ(combine(weight, 0.3, medial_, 0.7, medial_), 0.5);
  }
}

TEST(FibreNumber, IsTheVolumeOfFibresOverThatOfOne) {
  Coefficients<double> p = defaults(Muscle::soleus);
  p.wet_mass_mg = 159.0;  // 150 mm3
  p.extracellular_fraction = 0.2;
  p.csa_um2 = 1500.0;
  p.fibre_length_mm = 16.0;
  EXPECT_DOUBLE_EQ(fibre_number(p), 120.0 / (0.0015 * 16.0));
}

TEST(FibreNumber, IsInTheThousandsInEveryMuscle) {
  for (std::size_t muscle = 0; muscle < laws::n_muscles; ++muscle) {
    EXPECT_GT(fibre_number(defaults(Muscle{muscle})), 1e3) << laws::muscle_names[muscle];
    EXPECT_LT(fibre_number(defaults(Muscle{muscle})), 3e4) << laws::muscle_names[muscle];
  }
}

}  // namespace
}  // namespace hindlimb::muscle
