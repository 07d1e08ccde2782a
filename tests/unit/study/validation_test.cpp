#include "hindlimb/study/validation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hindlimb/sim/run.hpp"
#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using scenario::MuscleName;
using testing::SizeIs;

constexpr Minutes days(double number) { return Minutes(static_cast<std::int64_t>(number * 1440.0)); }

Fact fact_of(const std::string& quantity, const std::string& arm, MeasuredLimb limb, double day,
             const std::string& reference, MuscleName muscle = MuscleName::gastrocnemius_medial) {
  Fact fact;
  fact.measurement = {.quantity = quantity_named(quantity, ""),
                      .arm = arm,
                      .limb = limb,
                      .muscle = muscle,
                      .time = days(day),
                      .reference_arm = reference,
                      .reference_time = {}};
  fact.low = 0.0;
  fact.high = 0.0;
  return fact;
}

double simulated(const scenario::Study& study, const Fact& fact) { return validate(study, {fact}, {}).at(0).simulated; }

/// The few arms with massage of some muscles of the right limb only.
scenario::Study with_massage_of(std::vector<MuscleName> muscles) {
  scenario::Study study = study_of(few_arms);
  study.arms[3].massages[0].muscles = std::move(muscles);
  for (auto& p : study.parameters) p.humoral_gain = 1.3;
  return study;
}

TEST(Validate, SaysOfAMuscleWhatARunOfItSays) {
  scenario::Study study = study_of(few_arms);
  const double change =
      simulated(study, fact_of("mass_change", "HS", MeasuredLimb::left, 14, "WB", MuscleName::soleus));
  study.record.times = {days(14)};
  study.record.observables = {muscle::Observable::wet_mass};
  const sim::Results results = sim::run_study(study, {});
  const auto mass = [&](std::size_t arm) { return results.series[0].values[results.labels.index(arm, 0, 0, 0, 0)]; };
  EXPECT_DOUBLE_EQ(change, 100.0 * (mass(1) / mass(0) - 1.0));
}

TEST(Validate, CountsMassageOfTheWholeGastrocnemiusForItsHeads) {
  const Fact fact = fact_of("csa_change", "REM", MeasuredLimb::massaged, 22, "RE");
  const double of_all = simulated(with_massage_of({}), fact);
  EXPECT_GT(of_all, 1.0);
  EXPECT_EQ(simulated(with_massage_of({MuscleName::gastrocnemius}), fact), of_all);
}

TEST(Validate, KeepsWhatCrossesFromOtherMuscles) {
  const Fact fact = fact_of("csa_change", "REM", MeasuredLimb::contralateral, 22, "RE");
  EXPECT_EQ(simulated(with_massage_of({MuscleName::soleus}), fact), simulated(with_massage_of({}), fact));
}

TEST(Validate, PassesABandWithItsEndsFailsOthersAndOnlyReportsPredictions) {
  const scenario::Study study = study_of(few_arms);
  Fact fact = fact_of("csa_ratio", "WB", MeasuredLimb::both, 22, "WB");  // 1
  fact.low = fact.high = 1.0;
  Fact failing = fact;
  failing.low = failing.high = 1.1;
  Fact prediction = failing;
  prediction.is_prediction = true;
  const std::vector<Finding> findings = validate(study, {fact, failing, prediction}, {});
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_EQ(findings[0].verdict, Verdict::pass);
  EXPECT_EQ(findings[1].verdict, Verdict::fail);
  EXPECT_EQ(findings[2].verdict, Verdict::prediction);
  EXPECT_FALSE(all_pass(findings));
  EXPECT_TRUE(all_pass({findings[0], findings[2]}));
}

TEST(Validate, TakesTheAnimalsOfAFact) {
  const scenario::Study study = study_of(few_arms);
  Fact fact = fact_of("csa_change", "REM", MeasuredLimb::massaged, 22, "RE");
  const double adult = simulated(study, fact);
  fact.animals = {{"age_months", "30"}};
  scenario::Study aged = study;
  aged.animals.age_months = 30.0;
  const double old = simulated(study, fact);
  EXPECT_NE(old, adult);
  fact.animals.clear();
  EXPECT_EQ(simulated(aged, fact), old);
}

TEST(Validate, GivesNoSpreadOfAVariation) {
  scenario::Study study = study_of(few_arms);
  study.animals.per_arm = 7;
  study.animals.set_point_cv = 0.1;
  const Finding finding = validate(study, {fact_of("csa_cv", "WB", MeasuredLimb::both, 0, "")}, {}).at(0);
  EXPECT_GT(finding.simulated, 0.02);
  EXPECT_TRUE(std::isnan(finding.animals_low) && std::isnan(finding.animals_high));
}

TEST(Validate, AddsTheOrderOfTheMusclesWhereTheirLossesAreKnown) {
  const scenario::Study study = study_of(few_arms);
  std::vector<Fact> facts;
  for (const MuscleName muscle : {MuscleName::soleus, MuscleName::gastrocnemius, MuscleName::tibialis_anterior}) {
    facts.push_back(fact_of("mass_change", "HS", MeasuredLimb::both, 14, "WB", muscle));
  }
  EXPECT_THAT(validate(study, facts, {}), SizeIs(3));
  facts.push_back(fact_of("mass_change", "HS", MeasuredLimb::both, 14, "WB", MuscleName::edl));
  const std::vector<Finding> findings = validate(study, facts, {});
  ASSERT_THAT(findings, SizeIs(5));
  double least = 100.0;
  for (std::size_t i = 0; i < 3; ++i) least = std::min(least, findings[i + 1].simulated - findings[i].simulated);
  EXPECT_DOUBLE_EQ(findings[4].simulated, least);
  EXPECT_EQ(findings[4].verdict, least > 0.0 ? Verdict::pass : Verdict::fail);
}

}  // namespace
}  // namespace hindlimb::study
