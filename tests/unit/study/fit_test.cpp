#include "hindlimb/study/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "hindlimb/core/math.hpp"
#include "study/fit_model.hpp"
#include "unit/study/fits.hpp"

namespace hindlimb::study {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr double true_values[] = {0.31, 0.83};

/// The small plan with the numbers that the model itself gives for the true values.
FitPlan recoverable_plan() {
  FitPlan plan = resolved(small_plan);
  const FitModel model(plan, study_of(few_arms), 1);
  const Eigen::Vector2d x(math::log(true_values[0]), math::log(true_values[1]));
  const auto truth = model.evaluate(x, false);
  for (std::size_t i = 0; i < plan.data.size(); ++i) {
    plan.data[i].value = truth->simulated[static_cast<Eigen::Index>(i)];
    plan.data[i].sigma = 1e-4 * std::fabs(plan.data[i].value);  // so that the prior pulls by nothing
  }
  return plan;
}

Fit fit_with(const FitPlan& plan, unsigned threads, FitJournal& journal) {
  return fit(plan, study_of(few_arms), FitRun{.threads = threads, .on_progress = {}}, journal);
}

void expect_same(const Search& a, const Search& b) {
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.has_converged, b.has_converged);
}

void expect_same(const Estimate& a, const Estimate& b) {
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.profile_low, b.profile_low);
  EXPECT_EQ(a.profile_high, b.profile_high);
}

void expect_same(const Fit& a, const Fit& b) {
  EXPECT_EQ(a.best, b.best);
  ASSERT_EQ(a.searches.size(), b.searches.size());
  for (std::size_t i = 0; i < a.searches.size(); ++i) expect_same(a.searches[i], b.searches[i]);
  ASSERT_EQ(a.estimates.size(), b.estimates.size());
  for (std::size_t i = 0; i < a.estimates.size(); ++i) expect_same(a.estimates[i], b.estimates[i]);
  EXPECT_EQ(a.correlation, b.correlation);
}

TEST(Fit, RecoversTheValuesThatItsDataComeFrom) {
  const FitPlan plan = recoverable_plan();
  FitJournal journal;
  const Fit result = fit_with(plan, 1, journal);
  ASSERT_THAT(result.estimates, SizeIs(2));
  for (std::size_t i = 0; i < 2; ++i) {
    // rtol: the prior, 30-fold, against data known to 1e-4
    EXPECT_NEAR(result.estimates[i].value, true_values[i], 1e-4 * true_values[i]);
    EXPECT_LT(result.estimates[i].profile_low, true_values[i]);
    EXPECT_GT(result.estimates[i].profile_high, true_values[i]);
    EXPECT_EQ(result.estimates[i].verdict, Identifiability::identified);
    EXPECT_FALSE(result.estimates[i].is_at_bound);
  }
  for (const Search& search : result.searches) EXPECT_TRUE(search.has_converged) << search.start;
}

TEST(Fit, DoesNotDependOnThreads) {
  const FitPlan plan = recoverable_plan();
  FitJournal one;
  FitJournal two;
  expect_same(fit_with(plan, 1, one), fit_with(plan, 2, two));
}

TEST(Fit, GoesOnFromAnyLineOfItsJournal) {
  const FitPlan plan = recoverable_plan();
  FitJournal whole;
  const Fit expected = fit_with(plan, 1, whole);
  ASSERT_THAT(whole.lines, SizeIs(4));  // two searches, two profiles
  for (const std::size_t kept : {1u, 3u, 4u}) {
    FitJournal journal;
    journal.lines.assign(whole.lines.begin(), whole.lines.begin() + static_cast<std::ptrdiff_t>(kept));
    std::vector<std::string> added;
    journal.append = [&](const std::string& line) { added.push_back(line); };
    expect_same(expected, fit_with(plan, 1, journal));
    EXPECT_EQ(journal.lines, whole.lines);
    EXPECT_THAT(added, SizeIs(4 - kept));
  }
}

TEST(Fit, RefusesAParameterWithoutInfluenceByName) {
  FitPlan plan = resolved(small_plan + "[[parameter]]\nname = \"drive_max\"\n");  // no datum of a massaged arm
  FitJournal journal;
  EXPECT_THAT(problems_of([&] { fit_with(plan, 1, journal); }),
              ElementsAre("fit.toml:40: parameter.3: drive_max has no influence on any datum; leave it out"));
}

TEST(Fit, TakesAParameterThatOnlyBandsDependOnWhichAreMetAtTheStart) {
  const FitPlan plan = resolved(R"(
study = "study.toml"
observations = "observations.csv"
[fit]
starts = 1
profiles = "no"
[[parameter]]
name = "efficiency_loss"
[[datum]]
kind = "band"
quantity = "mass_change"
arm = "HS"
muscle = "soleus"
day = 14
reference = "WB"
low = -90
high = 40
noise = 0.5
source = "anybody"
)");
  FitJournal journal;
  EXPECT_THAT(fit_with(plan, 1, journal).residuals.at(0).residual, 0.0);
}

TEST(LongReferenceFit, FindsTheShippedParameters) {
  FitPlan plan = reference_plan();
  plan.options.starts = 1;
  plan.options.profiles = false;
  const scenario::ParameterSet shipped = scenario::default_parameter_set();
  FitJournal journal;
  const Fit result = fit(plan, reference_study(), FitRun{.threads = 2, .on_progress = {}}, journal);
  EXPECT_TRUE(result.searches[0].has_converged);
  for (std::size_t i = 0; i < plan.parameters.size(); ++i) {
    const FittedParameter& p = plan.parameters[i];
    const double value = shipped[p.muscles.empty() ? 0 : p.muscles[0]].*laws::parameter_members<double>[p.index];
    // rtol: four digits are shipped, and a search ends where a step lowers the cost by less than 1e-7 of it
    EXPECT_NEAR(result.estimates[i].value, value, 0.005 * value) << p.name;
  }
}

}  // namespace
}  // namespace hindlimb::study
