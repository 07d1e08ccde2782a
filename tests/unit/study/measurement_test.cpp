#include "hindlimb/study/measurement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using muscle::Observable;
using scenario::Limb;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr Minutes days(double number) { return Minutes(static_cast<std::int64_t>(number * 1440.0)); }

Quantity quantity(const std::string& name) { return quantity_named(name, "here"); }

void expect_quantity(const std::string& name, Observable observable, Form form, Over over) {
  const Quantity q = quantity(name);
  EXPECT_EQ(q.name, name);
  EXPECT_EQ(q.observable, observable) << name;
  EXPECT_EQ(q.form, form) << name;
  EXPECT_EQ(q.over, over) << name;
}

// --- names -----------------------------------------------------------------------------------------------------------

TEST(QuantityNamed, IsAnObservableWithAnEnding) {
  expect_quantity("csa", Observable::csa, Form::value, Over::day);
  expect_quantity("csa_ratio", Observable::csa, Form::ratio, Over::day);
  expect_quantity("wet_mass_change", Observable::wet_mass, Form::percent_change, Over::day);
  expect_quantity("csa_cv", Observable::csa, Form::variation, Over::day);
  expect_quantity("ed1_mean_ratio", Observable::ed1, Form::ratio, Over::phase_mean);
  expect_quantity("ed1_peak_ratio", Observable::ed1, Form::ratio, Over::phase_largest);
  expect_quantity("csa_ratio_max", Observable::csa, Form::ratio, Over::phase_largest);
}

TEST(QuantityNamed, KnowsTheWordsOfTheField) {
  expect_quantity("mass_change", Observable::wet_mass, Form::percent_change, Over::day);
  expect_quantity("neutrophil_ratio", Observable::neutrophils, Form::ratio, Over::day);
  expect_quantity("neutrophils_ratio", Observable::neutrophils, Form::ratio, Over::day);
}

TEST(QuantityNamed, MeansFluxesOfRnaOverTheirPhase) {
  expect_quantity("rna_synthesis_ratio", Observable::rna_synthesis, Form::ratio, Over::phase_mean);
  expect_quantity("rna_degradation", Observable::rna_degradation, Form::value, Over::phase_mean);
  expect_quantity("rna_degradation_peak_ratio", Observable::rna_degradation, Form::ratio, Over::phase_largest);
  expect_quantity("rna_ratio", Observable::rna, Form::ratio, Over::day);
}

TEST(QuantityNamed, IsEveryObservableThatIsOneNumber) {
  for (std::size_t i = 0; i < muscle::n_observables; ++i) {
    const muscle::ObservableInfo& info = muscle::observable_table[i];
    if (info.width == 1) {
      EXPECT_EQ(quantity(std::string(info.name) + "_ratio").observable, static_cast<Observable>(i));
    }
  }
}

TEST(QuantityNamed, IsEveryQuantityInTheTableOfFacts) {
  const CsvTable facts = file_table("data/facts.csv");
  ASSERT_THAT(facts.rows(), Not(testing::IsEmpty()));
  for (const CsvRow& row : facts.rows()) EXPECT_NO_THROW(quantity_named(facts.cell(row, "quantity"), facts.where(row)));
}

TEST(QuantityNamed, RefusesWhatIsNone) {
  const auto problems = [](const std::string& name) {
    return problems_of([&] { quantity_named(name, "facts.csv:7"); });
  };
  const std::string what =
      ": is no quantity: an observable, alone or with _ratio, _change, _peak_ratio, _mean_ratio, _ratio_max or _cv";
  EXPECT_THAT(problems("cza_ratio"), ElementsAre("facts.csv:7: cza_ratio" + what + "; did you mean 'csa_ratio'?"));
  EXPECT_THAT(problems("ed1_ration"), ElementsAre("facts.csv:7: ed1_ration" + what + "; did you mean 'ed1_ratio'?"));
  EXPECT_THAT(problems("bone"), ElementsAre("facts.csv:7: bone" + what + "; `hindlimb explain` lists all keys"));
  for (const std::string name : {"", "_ratio", "CSA", "csa_", "csa_ratio_ratio"})
    EXPECT_THAT(problems(name), testing::SizeIs(1)) << name;
}

TEST(QuantityNamed, RefusesAnObservableOfSeveralNumbers) {
  for (const std::string name : {"csa_by_type", "csa_by_type_ratio"}) {
    EXPECT_THROW(quantity(name), InputError) << name;
  }
}

// --- readings of a made-up simulation --------------------------------------------------------------------------------

using Curve = std::function<double(const std::string& arm, Limb limb, double day)>;

class MadeUp {
 public:
  MadeUp(scenario::Study study, Curve curve) : study_(std::move(study)), curve_(std::move(curve)) {}

  double value(const std::string& arm, Limb limb, Observable observable, Minutes time) const {
    EXPECT_EQ(observable, Observable::csa);
    return curve_(arm, limb, to_days(time));
  }
  /// Days that are not equally far apart.
  std::vector<Minutes> times(const std::string&, Minutes from, Minutes to) const {
    std::vector<Minutes> known;
    for (const double day : {0.0, 3.0, 14.0, 15.0, 18.0, 22.0}) {
      if (days(day) >= from && days(day) <= to) known.push_back(days(day));
    }
    return known;
  }
  const scenario::Arm& arm(const std::string& name) const {
    return *std::ranges::find(study_.arms, name, &scenario::Arm::name);
  }

 private:
  scenario::Study study_;
  Curve curve_;
};

/// 7 in the arms of reference; in others 3 on the left and 5 on the right, and that much more for each day.
double made_up(const std::string& arm, Limb limb, double day) {
  if (arm == "WB") return 7.0 + 0.01 * day;
  return (limb == Limb::left ? 3.0 : 5.0) + 0.1 * day;
}

class AReading : public testing::Test {
 protected:
  double read() const { return Reading<MadeUp, double>(m_, source_).value(); }
  double read(MeasuredLimb limb) {
    m_.limb = limb;
    return read();
  }

  Measurement m_{.quantity = quantity("csa"),
                 .arm = "REM",
                 .limb = MeasuredLimb::both,
                 .time = days(22),
                 .reference_arm = "WB",
                 .reference_time = {}};
  MadeUp source_{study_of(few_arms), made_up};
};

TEST_F(AReading, OfALimbIsThatOfTheLimb) {
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::left), 5.2);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 7.2);
}

TEST_F(AReading, OfBothLimbsIsTheirMean) { EXPECT_DOUBLE_EQ(read(MeasuredLimb::both), 6.2); }

TEST_F(AReading, KnowsTheMassagedLimbAndTheOther) {
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::massaged), 7.2);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::contralateral), 5.2);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::difference), 2.0);
}

TEST_F(AReading, TakesTheTrainedLimbWhereNoneIsMassaged) {
  m_.arm = "TRAIN";
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::massaged), 5.2);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::contralateral), 7.2);
}

TEST_F(AReading, IsRelativeToTheReference) {
  m_.quantity = quantity("csa_ratio");
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 7.2 / 7.22);
  m_.quantity = quantity("csa_change");
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 100.0 * (7.2 / 7.22 - 1.0));
}

TEST_F(AReading, OfBothLimbsIsARatioOfMeans) {
  m_.quantity = quantity("csa_ratio");
  m_.reference_arm = "RE";
  m_.reference_time = days(0);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::both), 6.2 / 4.0);  // not the mean of 5.2 / 3 and 7.2 / 5
}

TEST_F(AReading, DifferenceIsThatOfChanges) {
  m_.quantity = quantity("csa_change");
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::difference), 100.0 * (7.2 / 7.22 - 1.0) - 100.0 * (5.2 / 7.22 - 1.0));
}

TEST_F(AReading, ReadsTheSameSidesOfTheReference) {
  m_.quantity = quantity("csa_ratio");
  m_.reference_arm = "RE";  // of which no limb is massaged
  m_.reference_time = days(0);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::massaged), 7.2 / 5.0);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::contralateral), 5.2 / 3.0);
}

TEST_F(AReading, TakesTheReferenceAtItsOwnTimeWhereItHasOne) {
  m_.quantity = quantity("csa_ratio");
  m_.reference_time = days(0);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 7.2 / 7.0);
}

TEST_F(AReading, OfAMeanBeginsWithTheLastPhase) {
  m_.quantity.over = Over::phase_mean;
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 5.0 + 0.1 * 18.0);  // days 14 to 22 of a straight line
  m_.time = days(14);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 5.0 + 0.1 * 7.0);  // the end of a phase belongs to it
  m_.time = days(15);
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 5.0 + 0.1 * 14.5);
}

TEST_F(AReading, OfAMeanWeighsUnequalIntervalsByTheirLength) {
  source_ = MadeUp(study_of(few_arms), [](const std::string&, Limb, double day) { return day == 15.0 ? 10.0 : 2.0; });
  m_.quantity.over = Over::phase_mean;
  EXPECT_DOUBLE_EQ(read(), (6.0 * 1.0 + 6.0 * 3.0 + 2.0 * 4.0) / 8.0);
}

TEST_F(AReading, OfAMeanAtTheStartOfTheStudyIsTheNumberItself) {
  m_.quantity.over = Over::phase_mean;
  m_.time = days(0);
  EXPECT_EQ(read(MeasuredLimb::right), 5.0);
}

TEST_F(AReading, OfTheLargestIsThatOfThePhaseOnly) {
  source_ = MadeUp(study_of(few_arms), [](const std::string&, Limb, double day) {
    return day == 3.0 ? 70.0 : day == 18.0 ? 9.0 : -day;
  });
  m_.quantity.over = Over::phase_largest;
  EXPECT_EQ(read(), 9.0);
  m_.time = days(15);
  EXPECT_EQ(read(), -14.0);
  m_.time = days(14);
  EXPECT_EQ(read(), 70.0);
}

TEST_F(AReading, OfTheLargestIsRelativeToTheLargestOfTheReference) {
  m_.quantity = quantity("csa_ratio_max");
  EXPECT_DOUBLE_EQ(read(MeasuredLimb::right), 7.2 / 7.22);
}

// --- times -----------------------------------------------------------------------------------------------------------

TEST(TimesNeeded, AreTheDaysOfTheMeasurementsAndOfTheirReferences) {
  const Measurement m{.quantity = quantity("csa_ratio"),
                      .arm = "RE",
                      .time = days(18.3),
                      .reference_arm = "HS",
                      .reference_time = days(14)};
  const Measurement other{
      .quantity = quantity("csa"), .arm = "HS", .time = days(7), .reference_arm = {}, .reference_time = {}};
  EXPECT_THAT(times_needed({m, other, m}, study_of(few_arms)), ElementsAre(days(7), days(14), days(18.3)));
}

TEST(TimesNeeded, AreAFineGridWithThePhasesOfBothArmsWhereAMeanIsAskedFor) {
  scenario::Study study = study_of(few_arms);
  study.arms[2].phases[0].duration = days(14) + Minutes(7);   // RE
  study.arms[3].phases[0].duration = days(14) + Minutes(11);  // REM
  const Measurement m{.quantity = quantity("ed1_mean_ratio"),
                      .arm = "REM",
                      .time = days(18),
                      .reference_arm = "RE",
                      .reference_time = {}};
  const std::vector<Minutes> times = times_needed({m}, study);
  EXPECT_THAT(times, Contains(days(14) + Minutes(11)));
  EXPECT_THAT(times, Contains(days(14) + Minutes(7)));
  EXPECT_EQ(times.front(), Minutes(0));
  EXPECT_EQ(times.back(), days(18));
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_LE(times[i] - times[i - 1], days(0.05));
}

TEST(TimesNeeded, AreFineUpToTheTimeOfTheReference) {
  const Measurement m{.quantity = quantity("ed1_mean_ratio"),
                      .arm = "HS",
                      .time = days(7),
                      .reference_arm = "RE",
                      .reference_time = days(18)};
  const std::vector<Minutes> times = times_needed({m}, study_of(few_arms));
  EXPECT_EQ(times.back(), days(18));
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_LE(times[i] - times[i - 1], days(0.05));
}

}  // namespace
}  // namespace hindlimb::study
