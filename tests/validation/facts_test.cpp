#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/laws/parameters.hpp"
#include "hindlimb/study/validation.hpp"

/// The published facts follow from the parameters that the project's own fit found, and not from any others.
namespace hindlimb::study {
namespace {

constexpr std::int64_t enough_rats = 200;  // means of single facts move by 0.5 % of themselves; bands are wider

scenario::Study facts_study() {
  scenario::Study study = io::read_study(HINDLIMB_SOURCE_DIR "/configs/validation.toml");
  study.animals.per_arm = enough_rats;
  return study;
}

std::vector<Finding> findings(const scenario::Study& study) {
  const std::string file = HINDLIMB_SOURCE_DIR "/data/facts.csv";
  const std::vector<Fact> facts = read_facts(CsvTable::parse(io::read_text(file), file), study);
  return validate(study, facts, {.threads = 2, .on_progress = {}});
}

bool some_fail(const std::vector<Finding>& all, std::string_view number) {
  return std::ranges::any_of(all, [number](const Finding& finding) {
    return finding.fact.number == number && finding.verdict == Verdict::fail;
  });
}

TEST(PublishedFacts, FollowFromTheShippedParameters) {
  const std::vector<Finding> all = findings(facts_study());
  EXPECT_GE(all.size(), 55U);  // a table that was not read has no fact that fails
  EXPECT_TRUE(all_pass(all)) << to_table(all);
}

TEST(PublishedFacts, AreNotExplainedByMassageWithoutASynthesisDrive) {
  scenario::Study study = facts_study();
  const auto drive_max = std::ranges::find(laws::parameter_table, "drive_max", &laws::ParameterInfo::name);
  for (laws::Parameters<double>& p : study.parameters) p.drive_max = drive_max->low;
  const std::vector<Finding> all = findings(study);
  EXPECT_FALSE(all_pass(all));
  EXPECT_TRUE(some_fail(all, "8")) << to_table(all);
  EXPECT_FALSE(some_fail(all, "2")) << "massage has no part in these\n" << to_table(all);
}

/// Muscles are simulated by themselves, yet massage of one reaches others through the blood, as in a run of all.
TEST(Validation, LetsMassageOfOneMuscleReachTheOthers) {
  scenario::Study study = facts_study();
  study.animals.per_arm = 3;
  const auto rem = std::ranges::find(study.arms, "REM", &scenario::Arm::name);
  rem->massages[0].muscles = {scenario::MuscleName::gastrocnemius_medial};
  for (laws::Parameters<double>& p : study.parameters) p.humoral_gain = 1.3;
  const std::string table =
      "fact,title,arm,reference,limb,muscle,protocol,day_unloading,day_reloading,quantity,unit,low,high,kind,source\n"
      "8,growth,REM,RE,massaged,plantaris,reloading,14,8,csa_ratio,1,1.01,,pass,test\n"
      "8,growth,REM,RE,massaged,gastrocnemius,reloading,14,8,csa_ratio,1,1.01,,pass,test\n";
  const std::vector<Finding> all = validate(study, read_facts(CsvTable::parse(table, "table"), study), {});
  EXPECT_EQ(all.size(), 2U);
  EXPECT_TRUE(all_pass(all)) << to_table(all);
}

}  // namespace
}  // namespace hindlimb::study
