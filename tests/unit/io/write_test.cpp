#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/keys.hpp"
#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/scenario/reference.hpp"

/// A study written by scenario::to_toml() must mean the same when it is read.
namespace hindlimb::io {
namespace {

using muscle::Observable;
using scenario::Arm;
using scenario::MuscleName;
using scenario::Study;

Study read_back(const std::string& text) { return scenario::build_study(parse_toml(text, "written.toml")); }

/// A study in which nothing has its default.
Study awkward_study() {
  Study study;
  study.title = "\"quotes\", \\ and\tµm\n";
  study.seed = 9'200'000'000'000'000'000;
  study.muscles = {MuscleName::edl, MuscleName::gastrocnemius};
  study.animals = {7,  scenario::Pairing::independent, scenario::Sex::female, 0.1 + 2.2, 1000.0 / 3.0, 0.07, 0.3, 1.0,
                   0.0};
  Arm open{.name = "Käfig",
           .phases = {{.name = "cage", .load = {{0.3, 1.7}}, .duration = {}}},
           .massages = {},
           .trainings = {},
           .label = {}};
  Arm massaged{.name = "REM",
               .phases = {{.name = "HS", .load = {{0.0, 0.0}}, .duration = Minutes(20161)}},
               .massages = {},
               .trainings = {},
               .label = {}};
  massaged.massages.push_back(
      {scenario::LimbChoice::both, {MuscleName::edl}, "HS", 0.1, 1e-9, Minutes(17), Minutes(1), Minutes(1441), 7});
  massaged.massages.push_back(
      {scenario::LimbChoice::left, {MuscleName::gastrocnemius}, "HS", 0.0, 7.0, Minutes(0), Minutes(0), Minutes(2), 0});
  massaged.trainings.push_back(
      {scenario::LimbChoice::both, "HS", 0.1 + 0.2, Minutes(17), Minutes(1), Minutes(1441), 7});
  massaged.trainings.push_back({scenario::LimbChoice::left, "HS", 2.0, Minutes(0), Minutes(0), Minutes(2), 0});
  massaged.label = {"HS", Minutes(4321)};
  study.arms = {open, massaged};
  for (std::size_t muscle = 0; muscle < study.parameters.size(); ++muscle) {
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      const laws::ParameterInfo& info = laws::parameter_table[i];
      const double share = info.per_muscle ? 1.0 / (3.0 + static_cast<double>(muscle)) : 1.0 / 7.0;
      study.parameters[muscle].*laws::parameter_members<double>[i] = info.low + share * (info.high - info.low);
    }
  }
  study.record = {
      Minutes(1), {Minutes(1), Minutes(20160)}, {Observable::rna, Observable::csa_by_type}, scenario::Precision::f8};
  study.compare = {"Käfig", "REM"};
  study.solver = {scenario::Method::scalar, scenario::Arithmetic::f64, 3e-13, 1e-300, 1'000'000'000'000};
  return study;
}

TEST(WrittenStudy, ReadsBackAsTheSameText) {
  const std::string text = to_toml(awkward_study());
  EXPECT_EQ(to_toml(read_back(text)), text);
}

TEST(WrittenStudy, ReadsBackEveryParameterToTheBit) {
  const Study study = awkward_study();
  const Study read = read_back(to_toml(study));
  for (std::size_t muscle = 0; muscle < study.parameters.size(); ++muscle) {
    for (const auto member : laws::parameter_members<double>) {
      EXPECT_EQ(read.parameters[muscle].*member, study.parameters[muscle].*member);
    }
  }
}

TEST(WrittenStudy, ReadsBackItsTimesTextsAndChoices) {
  const Study study = awkward_study();
  const Study read = read_back(to_toml(study));
  EXPECT_EQ(read.title, study.title);
  EXPECT_EQ(read.seed, study.seed);
  EXPECT_EQ(read.muscles, study.muscles);
  EXPECT_EQ(read.animals.sex, scenario::Sex::female);
  EXPECT_EQ(read.arms[0].phases[0].load, study.arms[0].phases[0].load);
  EXPECT_EQ(read.arms[0].phases[0].duration, std::nullopt);
  EXPECT_EQ(bouts_on(read.arms[1], scenario::Limb::left), bouts_on(study.arms[1], scenario::Limb::left));
  EXPECT_EQ(sessions_of(read.arms[1], scenario::Limb::left), sessions_of(study.arms[1], scenario::Limb::left));
  EXPECT_EQ(label_start(read.arms[1]), Minutes(4321));
  EXPECT_EQ(label_start(read.arms[0]), Minutes(0));
  EXPECT_EQ(read.record.times, study.record.times);
  EXPECT_EQ(read.solver.atol, 1e-300);
}

TEST(WrittenStudy, KeepsEveryMinuteOfACentury) {
  Study study = awkward_study();
  for (std::int64_t minute = 1; minute < std::int64_t{36500} * 1440; minute = minute * 3 / 2 + 1) {
    study.arms[1].phases[0].duration = Minutes(minute);
    study.arms[1].massages.clear();
    study.arms[1].trainings.clear();
    study.arms[1].label.first = Minutes(minute - 1);
    study.record.times = {Minutes(minute)};
    const Study read = read_back(to_toml(study));
    EXPECT_EQ(read.arms[1].phases[0].duration, Minutes(minute));
    EXPECT_EQ(read.arms[1].label.first, Minutes(minute - 1));
    EXPECT_EQ(read.record.times, study.record.times);
  }
}

TEST(WrittenStudy, SpellsOutWhatTheFileLeftToDefaults) {
  const Study study = read_study(HINDLIMB_SOURCE_DIR "/configs/miller2018.toml");
  const std::string text = to_toml(study);
  EXPECT_THAT(text, testing::HasSubstr("\nset_point_cv = 0.105\n"));
  EXPECT_THAT(text, testing::HasSubstr("\n[parameters.soleus]\nfraction_type_I = 0.89192\n"));
  EXPECT_EQ(to_toml(read_back(text)), text);
}

TEST(Reference, IsAStudyWithEveryDefault) {
  const Study study = read_back(scenario::reference_toml());
  EXPECT_EQ(study.animals.per_arm, scenario::Animals{}.per_arm);
  EXPECT_EQ(study.solver.rtol, scenario::Solver{}.rtol);
  for (std::size_t muscle = 0; muscle < study.parameters.size(); ++muscle) {
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      EXPECT_EQ(study.parameters[muscle].*laws::parameter_members<double>[i],
                laws::parameter_table[i].defaults[muscle]);
    }
  }
}

TEST(EveryExample, IsTomlForAValue) {
  for (const scenario::KeyEntry& key : scenario::all_keys()) {
    EXPECT_NO_THROW(parse_toml("value = " + key.example, key.path)) << key.path << " = " << key.example;
  }
}

}  // namespace
}  // namespace hindlimb::io
