#include "hindlimb/study/sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

#include "hindlimb/core/math.hpp"
#include "hindlimb/sim/run_key.hpp"
#include "hindlimb/study/statistics.hpp"
#include "study/design.hpp"
#include "unit/study/studies.hpp"

namespace hindlimb::study {
namespace {

using scenario::Node;
using scenario::Study;
using scenario::Value;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Ne;
using testing::SizeIs;
using testing::StartsWith;

/// The arms of `few_arms` with rats that differ, two in each arm, and little of them recorded.
const std::string rats = R"(
seed = 71
muscles = ["soleus", "gastrocnemius"]
[animals]
per_arm = 2
[[arm]]
name = "WB"
[[arm.phase]]
name = "cage"
[[arm]]
name = "RE"
[[arm.phase]]
name = "suspension"
load = 0
duration_d = 5
[[arm.phase]]
name = "reload"
duration_d = 4
[[arm]]
name = "REM"
[[arm.phase]]
name = "suspension"
load = 0
duration_d = 5
[[arm.phase]]
name = "reload"
duration_d = 4
[[arm.massage]]
phase = "reload"
every_d = 0.5
[[arm.training]]
limb = "left"
phase = "reload"
sessions = 2
every_d = 1
[record]
every_d = 2
observables = ["csa", "csa_by_type", "myofibrillar_fsr"]
[solver]
rtol = 1e-5
atol = 1e-5
)";

/// [sweep] stands in line 1.
Sweep sweep_of(const std::string& plan, const std::string& study = few_arms, const Node* parameter_file = nullptr,
               const CsvTable* list = nullptr) {
  return {read_sweep_plan(*io::parse_toml("[sweep]\n" + plan, "sweep.toml").find("sweep")),
          io::parse_toml(study, "study.toml"), parameter_file, list};
}

Sweep sweep_over(const CsvTable& list, const std::string& study = few_arms) {
  return sweep_of("design = \"list\"\nfile = \"points.csv\"\n", study, nullptr, &list);
}

CsvTable points(const std::string& text) { return CsvTable::parse(text, "points.csv"); }

std::vector<std::string> problems_in(const std::string& plan, const std::string& study = few_arms) {
  return problems_of([&] { sweep_of(plan, study); });
}

/// Three lines.
std::string axis(const std::string& key, const std::string& values) {
  return "[[sweep.axis]]\nkey = \"" + key + "\"\nvalues = " + values + "\n";
}
std::string linked(const std::string& keys, const std::string& values) {
  return "[[sweep.axis]]\nkeys = " + keys + "\nvalues = " + values + "\n";
}
/// Three lines.
std::string drawn(const std::string& key, const std::string& distribution) {
  return "[[sweep.axis]]\nkey = \"" + key + "\"\ndistribution = " + distribution + "\n";
}
std::string uniform(const std::string& low, const std::string& high) {
  return "\"uniform\"\nlow = " + low + "\nhigh = " + high;
}

const std::string force = "arm.REM.massage.force_N";

std::vector<std::string> names(const Sweep& sweep) {
  std::vector<std::string> all;
  for (const SweptKey& key : sweep.keys()) all.push_back(key.name);
  return all;
}

std::vector<std::string> names(const std::string& plan, const std::string& study = few_arms) {
  return names(sweep_of(plan, study));
}

double number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

/// The numbers of one key at all points.
std::vector<double> numbers(const Sweep& sweep, std::size_t key = 0) {
  std::vector<double> all;
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) all.push_back(number(sweep.values(point).at(key)));
  return all;
}

std::vector<std::string> texts(const Sweep& sweep, std::size_t key = 0) {
  std::vector<std::string> all;
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point)
    all.push_back(std::get<std::string>(sweep.values(point).at(key)));
  return all;
}

std::vector<SweepRow> all_rows(const Sweep& sweep) {
  std::vector<SweepRow> rows;
  for (std::uint64_t run = 0; run < sweep.n_runs(); ++run) rows.push_back(sweep.row(run));
  return rows;
}

std::vector<double> days(const sim::Recording& recording) {
  std::vector<double> all;
  for (const Minutes time : recording.times) all.push_back(to_days(time));
  return all;
}

// --- names -----------------------------------------------------------------------------------------------------------

TEST(ASweptKey, IsNamedWithoutItsArmWhereNoOtherArmHasIt) {
  EXPECT_THAT(names(axis("arm.REM.massage.force_N", "[1.4]")), ElementsAre("massage_force_N"));
  EXPECT_THAT(names(axis("arm.TRAIN.training.load", "[1.4]")), ElementsAre("training_load"));
  EXPECT_THAT(names(axis("arm.TRAIN.phase.cage.duration_d", "[23]"), few_arms + "[[arm]]\nname = \"X\"\n"
                                                                                "[[arm.phase]]\nname = \"other\"\n"),
              ElementsAre("arm_TRAIN_phase_cage_duration_d"));
}

TEST(ASweptKey, IsNamedWithItsArmWhereAnotherArmHasItToo) {
  EXPECT_THAT(names(axis("arm.REM.phase.reload.duration_d", "[9]")), ElementsAre("arm_REM_phase_reload_duration_d"));
  EXPECT_THAT(names(axis("arm.REM.label.first_d", "[0.7]")), ElementsAre("arm_REM_label_first_d"));
}

TEST(ASweptKey, IsNamedWithoutTheStarOfAllArms) {
  EXPECT_THAT(names(axis("arm.*.phase.reload.duration_d", "[9]")), ElementsAre("phase_reload_duration_d"));
  EXPECT_THAT(names(axis("arm.*.label.first_d", "[0.7]")), ElementsAre("label_first_d"));
}

TEST(ASweptKey, IsNamedAsItIsWhereItBelongsToNoArm) {
  EXPECT_THAT(names(axis("parameters.drive_max", "[0.7]") + axis("parameters.soleus.wet_mass_mg", "[107]") +
                    axis("animals.age_months", "[17]") + axis("solver.rtol", "[1e-6]") +
                    axis("crossover.neural_gain", "[0.7]")),
              ElementsAre("parameters_drive_max", "parameters_soleus_wet_mass_mg", "animals_age_months", "solver_rtol",
                          "crossover_neural_gain"));
}

TEST(ASweptKey, OfOneOfSeveralMassagesHasItsNumber) {
  const std::string twice = rats +
                            "[[arm]]\nname = \"M\"\n[[arm.phase]]\nname = \"cage\"\n[[arm.massage]]\n"
                            "phase = \"cage\"\nbouts = 1\n[[arm.massage]]\nphase = \"cage\"\nbouts = 1\n"
                            "first_d = 3\n";
  EXPECT_THAT(names(axis("arm.M.massage.2.force_N", "[7]"), twice), ElementsAre("massage_2_force_N"));
  EXPECT_THAT(names(axis("arm.M.massage.force_N", "[7]"), twice), ElementsAre("arm_M_massage_force_N"));
  EXPECT_THAT(names(axis("arm.M.massage.1.force_N", "[7]"), twice), ElementsAre("arm_M_massage_1_force_N"));
}

TEST(ASweptKey, HasUnderscoresForAllThatIsNoLetterOrNumber) {
  const std::string study =
      "[[arm]]\nname = \"+50%\"\n[[arm.phase]]\nname = \"a-b\"\nduration_d = 3\n"
      "[[arm]]\nname = \"x\"\n[[arm.phase]]\nname = \"a-b\"\n";
  EXPECT_THAT(names(axis("arm.+50%.phase.a-b.duration_d", "[7]"), study), ElementsAre("arm__50__phase_a_b_duration_d"));
  EXPECT_THAT(names(axis("arm.*.phase.a-b.load", "[0.7]"), study), ElementsAre("phase_a_b_load"));
}

const std::string two_durations = "[\"arm.RE.phase.reload.duration_d\", \"arm.REM.phase.reload.duration_d\"]";

TEST(KeysThatGoTogether, AreOneVariableWhereTheyHaveOneValue) {
  const Sweep sweep = sweep_of(linked(two_durations, "[8.5, 9]"));
  ASSERT_THAT(sweep.keys(), SizeIs(1));
  EXPECT_EQ(sweep.keys()[0].name, "phase_reload_duration_d");
  EXPECT_EQ(sweep.keys()[0].key, "arm.RE.phase.reload.duration_d arm.REM.phase.reload.duration_d");
  EXPECT_EQ(sweep.keys()[0].paths(), "arm.RE.phase.reload.duration_d arm.REM.phase.reload.duration_d");
  const Study study = sweep.study(1);
  EXPECT_EQ(study.arms[2].phases[1].duration, Minutes(9 * 1440));
  EXPECT_EQ(study.arms[3].phases[1].duration, Minutes(9 * 1440));
}

TEST(KeysThatGoTogether, AreNamedAfterTheFirstWhereAnotherArmHasIt) {
  const std::string third = few_arms + "[[arm]]\nname = \"X\"\n[[arm.phase]]\nname = \"reload\"\n";
  EXPECT_THAT(names(linked(two_durations, "[8.5, 9]"), third), ElementsAre("arm_RE_phase_reload_duration_d"));
}

TEST(KeysThatGoTogether, AreSeveralVariablesWhereTheyHaveLists) {
  const Sweep sweep =
      sweep_of(linked("[\"arm.REM.massage.first_d\", \"arm.REM.massage.force_N\"]", "[[0, 7], [0.25, 3], [1, 0.7]]"));
  EXPECT_THAT(names(sweep), ElementsAre("massage_first_d", "massage_force_N"));
  EXPECT_EQ(sweep.n_points(), 3U);
  EXPECT_THAT(numbers(sweep, 0), ElementsAre(0.0, 0.25, 1.0));
  EXPECT_THAT(numbers(sweep, 1), ElementsAre(7.0, 3.0, 0.7));
}

TEST(KeysThatGoTogether, TakeOneValueAmongListsForAll) {
  const Sweep sweep = sweep_of(linked(two_durations, "[[8.5, 9], 7]"));
  EXPECT_THAT(names(sweep), ElementsAre("arm_RE_phase_reload_duration_d", "arm_REM_phase_reload_duration_d"));
  EXPECT_THAT(numbers(sweep, 0), ElementsAre(8.5, 7.0));
  EXPECT_THAT(numbers(sweep, 1), ElementsAre(9.0, 7.0));
}

TEST(KeysThatGoTogether, AreDrawnTogether) {
  const Sweep sweep = sweep_of("design = \"random\"\npoints = 7\n[[sweep.axis]]\nkeys = " + two_durations +
                               "\ndistribution = " + uniform("7", "9") + "\n");
  ASSERT_THAT(sweep.keys(), SizeIs(1));
  for (std::uint64_t point = 0; point < 7; ++point) {
    const Study study = sweep.study(point);
    EXPECT_EQ(study.arms[2].phases[1].duration, study.arms[3].phases[1].duration);
  }
}

TEST(KeysThatGoTogether, MayBeOfOtherTypes) {
  const Sweep sweep = sweep_of(linked("[\"arm.REM.massage.bouts\", \"arm.REM.massage.every_d\"]", "[2, 1]"));
  EXPECT_EQ(sweep.study(0).arms[3].massages[0].bouts, 2);
  EXPECT_EQ(sweep.study(0).arms[3].massages[0].every, Minutes(2 * 1440));
}

TEST(KeysThatGoTogether, AreRoundedEachAsItIsMeant) {
  const Sweep sweep = sweep_of(linked("[\"arm.REM.massage.force_N\", \"arm.REM.massage.bout_min\"]", "[7.3]"));
  EXPECT_EQ(sweep.study(0).arms[3].massages[0].force_N, 7.3);
  EXPECT_EQ(sweep.study(0).arms[3].massages[0].bout, Minutes(7));
}

TEST(KeysThatGoTogether, MustAllBeAbleToHaveTheValue) {
  EXPECT_THAT(problems_in(linked("[\"crossover.humoral_gain\", \"crossover.behavioural_gain\"]", "[0.7, 7]")),
              ElementsAre(StartsWith("sweep.toml:4: parameters.behavioural_gain: is 7, must be from 0 to 1")));
}

TEST(KeysThatGoTogether, AreLookedAtForWhetherTheyFitWhateverTheFirstIs) {
  EXPECT_THAT(
      problems_in(linked("[\"arm.REM.massage.force_N\", \"arm.REM.massage.every_d\"]", "[1, 2, 3]")),
      ElementsAre(HasSubstr("the last bout ends on day 23.020833333333332, after the arm's last phase (day 22)")));
}

// --- values and studies ----------------------------------------------------------------------------------------------

/// A key and values that it may have, in a study that has them all.
struct Values {
  std::string key;
  std::string values;
};

void PrintTo(const Values& values, std::ostream* stream) { *stream << values.key << " = " << values.values; }

class SweptValues : public testing::TestWithParam<Values> {};

/// The study that --set makes.
Study changed(const std::string& study, const std::string& key, const Node& value,
              const Node* parameter_file = nullptr) {
  Node document = io::parse_toml(study, "study.toml");
  EXPECT_THAT(apply_override(document, key, value), IsEmpty());
  return build_study(document, parameter_file);
}

TEST_P(SweptValues, GiveTheStudyThatSettingTheKeyGives) {
  const auto& [key, values] = GetParam();
  const Sweep sweep = sweep_of(axis(key, values), rats);
  const Node written = io::parse_toml("values = " + values, "values.toml");
  const scenario::Array& each = *written.find("values")->array();
  ASSERT_EQ(sweep.n_points(), each.size());
  Study used = sweep.study(each.size() - 1);
  for (std::uint64_t point = 0; point < each.size(); ++point) {
    const Study expected = changed(rats, key, each[point]);
    EXPECT_EQ(to_toml(sweep.study(point)), to_toml(expected)) << "point " << point;
    sweep.set_point(used, point);
    EXPECT_EQ(to_toml(used), to_toml(expected)) << "point " << point;
    EXPECT_EQ(sim::run_key(sweep.study(point), 3), sim::run_key(expected, 3));
    EXPECT_EQ(sweep.values(point).at(0), sweep.keys()[0].settings[0].get(expected));
  }
}

TEST(StudiesOfPoints, AreTheSameMadeOutOfAnyOther) {
  const Sweep sweep =
      sweep_of(axis("arm.RE.phase.suspension.load.left", "[0, 0.3]") + axis("parameters.drive_max", "[0.2, 0.4]") +
                   axis("parameters.soleus.postural_share", "[0.3, 0.9]") +
                   axis("arm.*.phase.reload.duration_d", "[4, 7]") + axis("animals.sex", "[\"male\", \"female\"]"),
               rats);
  Study study = sweep.base();
  for (std::uint64_t i = 0; i < sweep.n_points(); ++i) {
    const std::uint64_t point = 13 * i % sweep.n_points();
    sweep.set_point(study, point);
    EXPECT_EQ(to_toml(study), to_toml(sweep.study(point))) << "point " << point;
  }
}

const Values swept_values[] = {
    {"arm.REM.massage.force_N", "[0, 1.4, 100, 4.5]"},
    {"arm.REM.massage.frequency_Hz", "[0.5, 0, 7]"},
    {"arm.REM.massage.bouts", "[0, 4, 1]"},
    {"arm.REM.massage.bout_min", "[30, 7.4, 0, 90]"},
    {"arm.REM.massage.first_d", "[0, 0.3333, 1]"},
    {"arm.*.massage.every_d", "[0.71, 0.5]"},
    {"arm.REM.massage.limb", "[\"right\", \"left\", \"both\"]"},
    {"arm.REM.training.load", "[0, 1.7]"},
    {"arm.REM.training.sessions", "[0, 1, 2]"},
    {"arm.REM.training.session_min", "[17, 0]"},
    {"arm.RE.phase.suspension.load", "[0, 0.3]"},
    {"arm.*.phase.*.load", "[0.7, 1]"},
    {"arm.*.phase.suspension.duration_d", "[5, 3.1]"},
    {"arm.REM.phase.reload.duration_d", "[4, 6.5, 7]"},
    {"arm.*.label.first_d", "[0, 0.7]"},
    {"animals.age_months", "[10, 17.3, 28]"},
    {"animals.body_mass_g", "[317]"},
    {"animals.set_point_cv", "[0, 0.07]"},
    {"animals.sex", "[\"male\", \"female\"]"},
    {"animals.pairing", "[\"independent\", \"common\"]"},
    {"solver.method", "[\"scalar\", \"ensemble\"]"},
    {"solver.precision", "[\"f32\", \"f64\"]"},
    {"solver.rtol", "[1e-5, 3e-6]"},
    {"solver.max_steps", "[100000, 7000]"},
    {"parameters.drive_max", "[0, 0.7, 5]"},
    {"parameters.postural_share", "[1, 0.7]"},
    {"parameters.soleus.postural_share", "[0.3, 2]"},
    {"parameters.gastrocnemius.postural_share", "[0.3, 2]"},
    {"parameters.efficiency_time_d", "[1, 0.7]"},
    {"crossover.neural_gain", "[0, 0.7, 3]"},
};
INSTANTIATE_TEST_SUITE_P(OfEveryType, SweptValues, testing::ValuesIn(swept_values));

TEST(SweptValues, OfAnEndThatTheStudyLeavesOpen) {
  const Sweep sweep = sweep_of(axis("arm.WB.phase.cage.duration_d", "[7, 9]"), rats);
  EXPECT_THAT(names(sweep), ElementsAre("phase_cage_duration_d"));
  EXPECT_THAT(numbers(sweep), ElementsAre(7.0, 9.0));
  EXPECT_EQ(sweep.study(0).arms[0].phases[0].duration, Minutes(7 * 1440));
}

TEST(SweptValues, MayPutRightWhatTheStudyLacks) {
  std::string study = rats;
  study.replace(study.rfind("duration_d = 5\n"), 15, "");
  const Sweep sweep = sweep_of(axis("arm.REM.phase.suspension.duration_d", "[6, 5]"), study);
  EXPECT_EQ(to_toml(sweep.study(1)), to_toml(build_study(io::parse_toml(rats, "study.toml"))));
  EXPECT_THAT(days(sweep.recording()), ElementsAre(0, 2, 4, 6, 8, 9, 10));
  EXPECT_THAT(find_problems(sweep.base()), IsEmpty());
}

/// The study with the load of the suspended limbs of one arm, or of both, given limb by limb.
std::string with_loads_by_limb(int n_arms) {
  std::string study = rats;
  for (int arm = 0; arm < n_arms; ++arm)
    study.replace(study.find("load = 0\n"), 8, "load = { left = 0.3, right = 0.7 }");
  return study;
}

TEST(SweptValues, OfOneLimbLeaveTheOtherAsItIs) {
  const Sweep sweep = sweep_of(axis("arm.RE.phase.suspension.load.right", "[0, 0.5]"), with_loads_by_limb(2));
  EXPECT_EQ(sweep.study(1).arms[1].phases[0].load.by_limb, (std::array{0.3, 0.5}));
  EXPECT_EQ(sweep.study(1).arms[2].phases[0].load.by_limb, (std::array{0.3, 0.7}));
}

TEST(SweptValues, OfOneLimbMayBeInAnArmThatAloneTellsLimbsApart) {
  const Sweep sweep = sweep_of(axis("arm.RE.phase.suspension.load.right", "[0, 0.5]"), with_loads_by_limb(1));
  EXPECT_EQ(sweep.study(1).arms[1].phases[0].load.by_limb, (std::array{0.3, 0.5}));
}

TEST(SweptValues, AreNumbersOrChoicesAndNoTables) {
  EXPECT_THAT(problems_in(axis("arm.RE.phase.suspension.load", "[0, { left = 0, right = 1 }]"), rats), SizeIs(1));
}

TEST(SweptValues, AreOfTheMusclesThatHaveNoneOfTheirOwn) {
  const std::string study = rats + "[parameters.soleus]\npostural_share = 0.3\n";
  const Sweep sweep = sweep_of(axis("parameters.postural_share", "[0.7, 2]"), study);
  EXPECT_EQ(to_toml(sweep.study(1)), to_toml(changed(study, "parameters.postural_share", {2.0, "x"})));
  EXPECT_EQ(sweep.study(1).parameters[0].postural_share, 0.3);
}

TEST(SweptValues, ComeBeforeAFileOfParameters) {
  const Node file = io::parse_toml("[parameters.soleus]\npostural_share = 0.3\n", "fit.toml");
  const Sweep sweep = sweep_of(axis("parameters.soleus.postural_share", "[0.7, 2]"), rats, &file);
  EXPECT_EQ(to_toml(sweep.base()), to_toml(build_study(io::parse_toml(rats, "study.toml"), &file)));
  EXPECT_EQ(to_toml(sweep.study(0)), to_toml(changed(rats, "parameters.soleus.postural_share", {0.7, "x"}, &file)));
}

TEST(SweptValues, OfSeveralAxesAreSetTogether) {
  const Sweep sweep = sweep_of(axis(force, "[0, 1.4, 7]") + axis("animals.sex", "[\"male\", \"female\"]") +
                                   axis("arm.REM.massage.bouts", "[1, 3]"),
                               rats);
  ASSERT_EQ(sweep.n_points(), 12U);
  EXPECT_THAT(numbers(sweep, 0), ElementsAre(0, 0, 0, 0, 1.4, 1.4, 1.4, 1.4, 7, 7, 7, 7));
  EXPECT_THAT(texts(sweep, 1), ElementsAre("male", "male", "female", "female", "male", "male", "female", "female",
                                           "male", "male", "female", "female"));
  EXPECT_THAT(numbers(sweep, 2), ElementsAre(1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3));
  Node document = io::parse_toml(rats, "study.toml");
  apply_override(document, force, {1.4, "x"});
  apply_override(document, "animals.sex", {std::string("female"), "x"});
  apply_override(document, "arm.REM.massage.bouts", {std::int64_t{3}, "x"});
  EXPECT_EQ(to_toml(sweep.study(7)), to_toml(build_study(document)));
}

TEST(SweptValues, AreTimesInWholeMinutes) {
  EXPECT_EQ(numbers(sweep_of(axis("arm.REM.massage.first_d", "[0.3333]"), rats)).at(0), 480.0 / 1440.0);
  EXPECT_EQ(numbers(sweep_of(axis("arm.REM.massage.bout_min", "[7.6]"), rats)).at(0), 8.0);
}

TEST(SweptValues, KeepTheirTypes) {
  EXPECT_EQ(sweep_of(axis("arm.REM.massage.bouts", "[3]"), rats).values(0).at(0), Value(std::int64_t{3}));
  EXPECT_EQ(sweep_of(axis(force, "[3]"), rats).values(0).at(0), Value(3.0));
  EXPECT_EQ(sweep_of(axis("arm.RE.phase.reload.load", "[0.3]"), rats).values(0).at(0),
            Value(scenario::Load{{0.3, 0.3}}));
}

TEST(ASweptKey, KnowsWhetherItIsANumber) {
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.bouts", "[3]"), rats).keys()[0].is_number());
  EXPECT_FALSE(sweep_of(axis("animals.sex", "[\"female\"]"), rats).keys()[0].is_number());
}

TEST(ASweptKey, KnowsWhereItStandsAndAllThatItSets) {
  const Sweep sweep = sweep_of(axis(force, "[3]") + axis("parameters.gastrocnemius.postural_share", "[0.7]"), rats);
  EXPECT_EQ(sweep.keys()[1].where.to_string(), "sweep.toml:5");
  EXPECT_EQ(sweep.keys()[1].key, "parameters.gastrocnemius.postural_share");
  EXPECT_EQ(sweep.keys()[1].paths(),
            "parameters.gastrocnemius_medial.postural_share parameters.gastrocnemius_lateral.postural_share");
}

TEST(TheRunsOfASweep, HaveReplicatesOfAPointTogether) {
  const Sweep sweep = sweep_of("replicates = 3\n" + axis(force, "[0, 7]"));
  EXPECT_EQ(sweep.n_points(), 2U);
  EXPECT_EQ(sweep.n_runs(), 6U);
  EXPECT_THAT(all_rows(sweep), ElementsAre(SweepRow{0, 0}, SweepRow{0, 1}, SweepRow{0, 2}, SweepRow{1, 0},
                                           SweepRow{1, 1}, SweepRow{1, 2}));
}

// --- lists -----------------------------------------------------------------------------------------------------------

TEST(AListOfPoints, HasAPointInEachRow) {
  const CsvTable list = points(force + ",animals.sex,arm.REM.massage.bouts\n1.4,female,3\n0,male,1\n1e1,female,2\n");
  const Sweep sweep = sweep_over(list, rats);
  EXPECT_EQ(sweep.n_points(), 3U);
  EXPECT_THAT(names(sweep), ElementsAre("massage_force_N", "animals_sex", "massage_bouts"));
  EXPECT_THAT(numbers(sweep, 0), ElementsAre(1.4, 0.0, 10.0));
  EXPECT_THAT(texts(sweep, 1), ElementsAre("female", "male", "female"));
  EXPECT_THAT(numbers(sweep, 2), ElementsAre(3.0, 1.0, 2.0));
}

TEST(AListOfPoints, NamesTheLinesOfItsMistakes) {
  const auto problems = [](const std::string& text) {
    const CsvTable list = points(text);
    return problems_of([&] { sweep_over(list, rats); });
  };
  EXPECT_THAT(problems(force + ",arm.REM.massage.bouts\n1.4,2\n-1,2\n7,2.5\n,1\n"),
              ElementsAre("points.csv:3: arm.REM.massage.force_N: is -1, must be from 0 to 100 N; compressive force; 0 "
                          "is no massage",
                          "points.csv:5: arm.REM.massage.force_N: is text, must be a number; compressive force; 0 is "
                          "no massage",
                          "points.csv:4: arm.REM.massage.bouts: is 2.5, must be a whole number; number of bouts; "
                          "0 is no massage"));
  EXPECT_THAT(problems(force + "\n"), ElementsAre("points.csv: has no rows, so there are no points"));
  EXPECT_THAT(problems("arm.REM.massage.force_M\n3\n"),
              ElementsAre("points.csv:2: arm.REM.massage.force_M: unknown key; did you mean 'force_N'?"));
  EXPECT_THAT(problems(force + "," + force + "\n3,4\n"),
              ElementsAre("points.csv:1: arm.REM.massage.force_N: would be a second variable 'massage_force_N'"));
}

// --- what is refused -------------------------------------------------------------------------------------------------

TEST(ASweep, RefusesKeysThatThereAreNot) {
  EXPECT_THAT(problems_in(axis("arm.REM.massage.force_M", "[3]") + axis("arm.RAM.massage.force_N", "[3]")),
              ElementsAre("sweep.toml:3: arm.REM.massage.force_M: unknown key; did you mean 'force_N'?",
                          "sweep.toml:6: arm.RAM.massage.force_N: there is no arm 'RAM'; did you mean 'REM'?"));
}

TEST(ASweep, RefusesKeysThatAreNoNumbers) {
  EXPECT_THAT(problems_in(axis("title", "[\"a\"]")),
              ElementsAre("sweep.toml:2: title: is no number and no choice, so it cannot be an axis"));
  EXPECT_THAT(problems_in(axis("arm.REM.massage.phase", "[\"suspension\"]")),
              ElementsAre("sweep.toml:2: arm.REM.massage.phase: is no number and no choice, so it cannot be an axis"));
}

TEST(ASweep, RefusesAxesThatChangeTheLengthOfADimension) {
  const std::string why = ": changes the length of a dimension of the result, so it cannot be an axis";
  EXPECT_THAT(problems_in(axis("animals.per_arm", "[3, 7]") + axis("record.every_d", "[1, 2]") +
                          axis("record.precision", "[\"f8\"]")),
              ElementsAre("sweep.toml:2: animals.per_arm" + why, "sweep.toml:5: record.every_d" + why,
                          "sweep.toml:8: record.precision" + why));
}

TEST(ASweep, RefusesTheSeedAsAnAxis) {
  EXPECT_THAT(
      problems_in(axis("seed", "[3, 7]")),
      ElementsAre("sweep.toml:2: seed: cannot be an axis: every point has the same rats; replicates gives others"));
}

TEST(ASweep, RefusesAKeyThatChangesNothing) {
  std::string study = rats;
  for (const std::string_view muscle : laws::muscle_names)
    study += "[parameters." + std::string(muscle) + "]\npostural_share = 0.7\n";
  EXPECT_THAT(problems_in(axis("parameters.postural_share", "[0.3, 2]"), study),
              ElementsAre("sweep.toml:4: parameters.postural_share: changes nothing in this study; a parameter that "
                          "[parameters.<muscle>] gives is set there: parameters.<muscle>.<name>"));
}

TEST(ASweep, RefusesTwoVariablesOfOneName) {
  EXPECT_THAT(problems_in(axis(force, "[3]") + axis("arm.*.massage.force_N", "[7]")),
              ElementsAre("sweep.toml:5: arm.*.massage.force_N: would be a second variable 'massage_force_N'"));
}

/// The points would be those of the second axis, each several times.
TEST(ASweep, RefusesTwoAxesThatSetTheSame) {
  EXPECT_THAT(problems_in(axis("crossover.humoral_gain", "[0, 3]") + axis("parameters.humoral_gain", "[0, 7]")),
              SizeIs(1));
  EXPECT_THAT(problems_in(axis("arm.REM.massage.1.force_N", "[0, 3]") + axis(force, "[0, 7]")), SizeIs(1));
  const std::string load = "arm.RE.phase.suspension.load";
  EXPECT_THAT(problems_in(axis(load + ".right", "[0, 0.3]") + axis(load, "[0, 0.7]")), SizeIs(1));
  EXPECT_THAT(problems_in(axis(load + ".right", "[0, 0.3]") + axis(load + ".left", "[0, 0.7]")), IsEmpty());
}

TEST(ASweep, RefusesValuesOutOfRangeAtTheirLines) {
  EXPECT_THAT(problems_in("[[sweep.axis]]\nkey = \"" + force + "\"\nvalues = [\n3,\n-0.5,\n100.5,\n\"much\",\nnan]\n"),
              ElementsAre("sweep.toml:6: arm.REM.massage.force_N: is -0.5, must be from 0 to 100 N; compressive force; "
                          "0 is no massage",
                          "sweep.toml:7: arm.REM.massage.force_N: is 100.5, must be from 0 to 100 N; compressive "
                          "force; 0 is no massage",
                          "sweep.toml:8: arm.REM.massage.force_N: is text, must be a number; compressive force; 0 is "
                          "no massage",
                          "sweep.toml:9: arm.REM.massage.force_N: is nan, must be a finite number; compressive force; "
                          "0 is no massage"));
  EXPECT_THAT(problems_in(axis("animals.sex", "[\"male\", \"hermaphrodite\"]")),
              ElementsAre("sweep.toml:4: animals.sex: is 'hermaphrodite', must be one of male, female; of all rats; "
                          "its effect is a prediction"));
  EXPECT_THAT(problems_in(axis("arm.REM.massage.every_d", "[1, 0.0001]")),
              ElementsAre(HasSubstr("sweep.toml:4: arm.REM.massage.every_d: is 0.0001 d, which is less than half a "
                                    "minute")));
}

TEST(ASweep, RefusesTheFirstValueOutOfRangeAtItsLine) {
  EXPECT_THAT(problems_in(axis(force, "[-0.5, 3]")),
              ElementsAre("sweep.toml:4: arm.REM.massage.force_N: is -0.5, must be from 0 to 100 N; compressive force; "
                          "0 is no massage"));
}

TEST(ASweep, NamesTheFirstFiveOfManyWrongValues) {
  const std::vector<std::string> problems =
      problems_in(axis(force, "[3, -1, -2, -3, -4, -5, -6, -7]") + axis("animals.age_months", "[10, 99, 98]"));
  ASSERT_THAT(problems, SizeIs(6));
  EXPECT_THAT(problems[4], HasSubstr("is -5, must be"));
  EXPECT_EQ(problems[5], "sweep.toml:2: sweep: 9 values are wrong in all");
}

TEST(ASweep, RefusesADistributionThatLeavesTheRange) {
  const std::vector<std::string> problems =
      problems_in("design = \"sobol\"\npoints = 64\n" + drawn(force, "\"normal\"\nmean = 4\nsd = 2"));
  ASSERT_THAT(problems, SizeIs(testing::Ge(1U)));
  EXPECT_THAT(problems[0],
              AllOf(StartsWith("sweep.toml:4: arm.REM.massage.force_N: is -"), HasSubstr(", must be from 0 to 100 N")));
}

TEST(ASweep, RefusesADistributionOfChoices) {
  EXPECT_THAT(problems_in(drawn("animals.sex", uniform("0", "1") + "\ncount = 2")),
              ElementsAre("sweep.toml:2: animals.sex: is a whole number, must be text in quotes; of all rats; its "
                          "effect is a prediction"));
}

TEST(ASweep, RefusesMoreRunsThanThereIsHopeFor) {
  const std::string count = "\ncount = 100000";
  const std::string hint =
      "; 1e+08 are the limit; fewer values, or points drawn at random: design = \"sobol\", points "
      "= 10000";
  EXPECT_THAT(problems_in("replicates = 7\n" + drawn(force, uniform("0", "7") + count) +
                          drawn("animals.age_months", uniform("2", "7") + count) +
                          axis("animals.sex", "[\"male\", \"female\"]")),
              ElementsAre("sweep.toml:3: sweep: would be 1.4e+11 runs (100000 values of arm.REM.massage.force_N x "
                          "100000 values of animals.age_months x 2 values of animals.sex x 7 replicates)" +
                          hint));
  EXPECT_THAT(problems_in("design = \"sobol\"\npoints = 50000000\nreplicates = 3\n" + drawn(force, uniform("0", "7"))),
              ElementsAre("sweep.toml:5: sweep: would be 1.5e+08 runs (5e+07 points x 3 replicates)" + hint));
}

TEST(ASweep, RefusesPointsWhoseMassagesDoNotFit) {
  EXPECT_THAT(problems_in(axis("arm.REM.massage.bouts", "[4, 7]") + axis(force, "[1.4, 0]")),
              ElementsAre("sweep.toml:2: point 3 (arm.REM.massage.bouts = 7, arm.REM.massage.force_N = 1.4): "
                          "arm.REM.massage: the last bout ends on day 26.020833333333332, after the arm's last phase "
                          "(day 22); fewer bouts, an earlier first_d or a shorter every_d"));
}

TEST(ASweep, RefusesPointsWhoseMassagesOverlap) {
  EXPECT_THAT(problems_in(axis("arm.REM.massage.bout_min", "[30, 90]") + axis("arm.REM.massage.every_d", "[0.05, 2]")),
              ElementsAre(AllOf(StartsWith("sweep.toml:2: point 3 (arm.REM.massage.bout_min = 90, "
                                           "arm.REM.massage.every_d = 0.05): arm.REM.massage: bouts on the right limb "
                                           "overlap on day 14.05"),
                                EndsWith("a longer every_d, or other times for the second massage"))));
}

TEST(ASweep, NamesTheFirstFiveOfManyPointsThatDoNotFit) {
  const std::vector<std::string> problems =
      problems_in(axis("arm.REM.massage.bouts", "[4, 7, 8, 9, 10, 11, 12, 13]") + axis(force, "[1.4, 7]"));
  ASSERT_THAT(problems, SizeIs(6));
  EXPECT_THAT(problems[4], StartsWith("sweep.toml:2: point 11 (arm.REM.massage.bouts = 11, arm.REM.massage.force_N = "
                                      "1.4): "));
  EXPECT_EQ(problems[5], "sweep.toml:2: sweep: 7 kinds of points are wrong in all");
}

TEST(ASweep, FindsTheFibresThatAddUpToNothing) {
  std::string study = rats +
                      "[parameters.soleus]\nfraction_type_IIa = 0\nfraction_type_IIx = 0\n"
                      "fraction_type_IIb = 0\n";
  EXPECT_THAT(problems_in(axis("parameters.soleus.fraction_type_I", "[0.7, 0]"), study),
              ElementsAre("sweep.toml:2: point 2 (parameters.soleus.fraction_type_I = 0): "
                          "parameters.soleus.fraction_type_I: all fibre types have a share of 0"));
}

TEST(ASweep, FindsTheToleranceThatSinglePrecisionCannotKeep) {
  EXPECT_THAT(problems_in(axis("solver.rtol", "[2e-5, 1e-7]") + axis("solver.precision", "[\"f64\", \"f32\"]"), rats),
              ElementsAre(StartsWith("sweep.toml:2: point 4 (solver.rtol = 1e-07, solver.precision = \"f32\"): "
                                     "solver.precision: is f32, which cannot keep rtol 1e-07")));
}

TEST(ASweep, RefusesAStudyThatDoesNotHoldTogetherWhateverThePoint) {
  EXPECT_THAT(problems_in(axis(force, "[1.4]"), few_arms + "[compare]\ncontrol = \"CON\"\n"),
              ElementsAre(StartsWith("sweep.toml:2: point 1 (arm.REM.massage.force_N = 1.4): compare.control: names "
                                     "'CON', which is no arm of the study")));
}

TEST(ASweep, RefusesAStudyWithAnArmWhoseEndNobodyKnows) {
  std::string study = rats;
  study.replace(study.rfind("duration_d = 5\n"), 15, "");
  EXPECT_THAT(problems_in(axis(force, "[1.4]"), study),
              ElementsAre(HasSubstr("arm.REM.phase.suspension.duration_d: is missing; only an arm's last phase may "
                                    "leave it out")));
}

TEST(ASweep, RefusesAStudyWithAnArmWithoutPhases) {
  EXPECT_THAT(problems_in(axis(force, "[1.4]"), rats + "[[arm]]\nname = \"X\"\n"),
              ElementsAre(HasSubstr("arm.X.phase: there is none; an arm needs at least one [[arm.phase]]")));
}

TEST(ASweep, RefusesValuesThatAreWrongInTheStudyItself) {
  EXPECT_THAT(problems_in(axis(force, "[1.4]"), few_arms + "[solver]\nrtol = 7\n"),
              ElementsAre(StartsWith("study.toml:48: solver.rtol: is 7, must be from 1e-13 to 0.0001")));
}

// --- distributions ---------------------------------------------------------------------------------------------------

/// The share of the axis at each point of a design with this axis alone.
std::vector<double> shares(const Sweep& sweep, bool has_ends) {
  const PointDesign design(sweep.plan(), {{sweep.plan().axes[0].key, 0, has_ends}}, 0);
  std::vector<double> all;
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) all.push_back(design.at(point, 0).share);
  return all;
}

double normal_share(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

const std::string random_points = "design = \"random\"\npoints = 500\nseed = 71\n";

TEST(AUniformAxis, GoesFromEndToEndInEqualSteps) {
  const Sweep sweep = sweep_of(random_points + drawn(force, uniform("0.7", "9")));
  const std::vector<double> share = shares(sweep, true);
  const std::vector<double> value = numbers(sweep);
  for (std::size_t i = 0; i < share.size(); ++i) ASSERT_NEAR(value[i], 0.7 + 8.3 * share[i], 1e-14);
}

TEST(ALogUniformAxis, GoesFromEndToEndInEqualRatios) {
  const Sweep sweep = sweep_of(random_points + drawn(force, "\"log-uniform\"\nlow = 0.03\nhigh = 70"));
  const std::vector<double> share = shares(sweep, true);
  const std::vector<double> value = numbers(sweep);
  for (std::size_t i = 0; i < share.size(); ++i)
    ASSERT_NEAR(value[i], 0.03 * std::pow(70.0 / 0.03, share[i]), 1e-13 * value[i]);
}

TEST(ANormalAxis, HasTheSharesOfTheNormalDistribution) {
  const Sweep sweep = sweep_of(random_points + drawn(force, "\"normal\"\nmean = 45\nsd = 7"));
  const std::vector<double> share = shares(sweep, false);
  const std::vector<double> value = numbers(sweep);
  for (std::size_t i = 0; i < share.size(); ++i) ASSERT_NEAR(normal_share((value[i] - 45.0) / 7.0), share[i], 1e-13);
}

TEST(ALogNormalAxis, HasTheSharesOfTheNormalDistributionInItsLogarithm) {
  const Sweep sweep = sweep_of(random_points + drawn(force, "\"log-normal\"\nmedian = 4.5\ncv = 0.3"));
  const std::vector<double> share = shares(sweep, false);
  const std::vector<double> value = numbers(sweep);
  const double sigma = std::sqrt(std::log(1.0 + 0.3 * 0.3));
  for (std::size_t i = 0; i < share.size(); ++i)
    ASSERT_NEAR(normal_share(std::log(value[i] / 4.5) / sigma), share[i], 1e-13);
}

TEST(ALogNormalAxis, HasItsMedianAndItsCoefficientOfVariation) {
  const Sweep sweep =
      sweep_of("design = \"sobol\"\npoints = 16384\n" + drawn(force, "\"log-normal\"\nmedian = 4.5\ncv = 0.3"));
  std::vector<double> value = numbers(sweep);
  EXPECT_NEAR(sd(value) / mean(value), 0.3, 0.001);
  std::ranges::sort(value);
  EXPECT_NEAR(value[value.size() / 2], 4.5, 0.001);
}

TEST(AGridOfADistribution, GoesFromEndToEnd) {
  const std::vector<double> even = numbers(sweep_of(drawn(force, uniform("0.1", "0.7") + "\ncount = 4")));
  ASSERT_THAT(even, SizeIs(4));
  EXPECT_EQ(even[0], 0.1);
  EXPECT_DOUBLE_EQ(even[1], 0.3);
  EXPECT_DOUBLE_EQ(even[2], 0.5);
  EXPECT_EQ(even[3], 0.7);
  const std::vector<double> ratios =
      numbers(sweep_of(drawn(force, "\"log-uniform\"\nlow = 0.1\nhigh = 100\ncount = 4")));
  ASSERT_THAT(ratios, SizeIs(4));
  EXPECT_EQ(ratios[0], 0.1);
  EXPECT_DOUBLE_EQ(ratios[1], 1.0);
  EXPECT_DOUBLE_EQ(ratios[2], 10.0);
  EXPECT_EQ(ratios[3], 100.0);
}

TEST(AGridOfADistribution, HasTheMiddlesOfEqualPartsWhereThereAreNoEnds) {
  const std::vector<double> normal = numbers(sweep_of(drawn(force, "\"normal\"\nmean = 45\nsd = 7\ncount = 5")));
  ASSERT_THAT(normal, SizeIs(5));
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(normal_share((normal[i] - 45.0) / 7.0), (static_cast<double>(i) + 0.5) / 5.0, 1e-14);
  const std::vector<double> ratios =
      numbers(sweep_of(drawn(force, "\"log-normal\"\nmedian = 4.5\ncv = 0.3\ncount = 2")));
  EXPECT_NEAR(std::sqrt(ratios.at(0) * ratios.at(1)), 4.5, 1e-14);
  const double sigma = std::sqrt(std::log(1.09));
  EXPECT_NEAR(normal_share(std::log(ratios.at(0) / 4.5) / sigma), 0.25, 1e-14);
}

TEST(AGridOfADistribution, OfOneValueHasTheMiddle) {
  EXPECT_THAT(numbers(sweep_of(drawn(force, uniform("0.5", "7") + "\ncount = 1"))), ElementsAre(3.75));
  EXPECT_THAT(numbers(sweep_of(drawn(force, "\"normal\"\nmean = 4.5\nsd = 7\ncount = 1"))), ElementsAre(4.5));
}

TEST(AGridOfADistribution, CountsAmongOtherAxes) {
  const Sweep sweep = sweep_of(axis("animals.age_months", "[3, 7]") + drawn(force, uniform("1", "5") + "\ncount = 3"));
  EXPECT_THAT(numbers(sweep, 0), ElementsAre(3, 3, 3, 7, 7, 7));
  EXPECT_THAT(numbers(sweep, 1), ElementsAre(1, 3, 5, 1, 3, 5));
}

TEST(ADistributionOfWholeNumbers, IsRounded) {
  const Sweep sweep =
      sweep_of("design = \"sobol\"\npoints = 64\n" + drawn("arm.REM.massage.bouts", uniform("0.5", "4.5")));
  std::map<double, int> drawn_numbers;
  for (const double bouts : numbers(sweep)) ++drawn_numbers[bouts];
  EXPECT_THAT(drawn_numbers,
              ElementsAre(std::pair(1.0, 16), std::pair(2.0, 16), std::pair(3.0, 16), std::pair(4.0, 16)));
}

TEST(ADistributionOfTimes, IsRoundedToMinutes) {
  const Sweep sweep =
      sweep_of("design = \"random\"\npoints = 17\n" + drawn("arm.REM.massage.first_d", uniform("0", "1")));
  for (const double day : numbers(sweep)) EXPECT_EQ(day, std::round(day * 1440.0) / 1440.0);
}

TEST(ADistributionOfMorris, ReachesItsEndsAndNothingBeyond) {
  const std::string plan = "design = \"morris\"\ntrajectories = 20\n";
  for (const auto& [low, high] : {std::pair("0.1", "0.7"), std::pair("0.3", "100"), std::pair("0.7", "1.1")}) {
    for (const std::string name : {"\"uniform\"", "\"log-uniform\""}) {
      const std::string distribution = name + "\nlow = " + low + "\nhigh = " + high;
      const Sweep sweep = sweep_of(plan + drawn(force, distribution));
      const std::vector<double> value = numbers(sweep);
      EXPECT_EQ(std::ranges::min(value), std::stod(low)) << name;
      EXPECT_EQ(std::ranges::max(value), std::stod(high)) << name;
    }
  }
}

/// The largest frequency that there may be.
TEST(ADistributionOfMorris, MayEndWhereTheRangeOfItsKeyEnds) {
  EXPECT_THAT(problems_in("design = \"morris\"\ntrajectories = 20\n" +
                          drawn("arm.REM.massage.frequency_Hz", "\"log-uniform\"\nlow = 0.3\nhigh = 100")),
              IsEmpty());
}

// --- what varies, what is recorded -----------------------------------------------------------------------------------

TEST(TheEndsOfArms, VaryWithTheDurationsOfPhases) {
  EXPECT_TRUE(sweep_of(axis("arm.RE.phase.reload.duration_d", "[7, 8]")).ends_vary());
  EXPECT_TRUE(sweep_of(axis(force, "[7, 8]") + axis("arm.*.phase.suspension.duration_d", "[12, 14]")).ends_vary());
  EXPECT_FALSE(sweep_of(axis(force, "[7, 8]") + axis("arm.REM.massage.every_d", "[1, 2]")).ends_vary());
}

TEST(TheMassagesOfLimbs, VaryWithTheLimbAndWithDosesOfZero) {
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.limb", "[\"right\", \"left\"]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis(force, "[1.4, 0]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis(force, "[0, 1.4]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.bouts", "[1, 0]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.bout_min", "[1, 0]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.frequency_Hz", "[1, 0]")).massages_vary());
  EXPECT_FALSE(sweep_of(axis(force, "[1.4, 0.1, 11]") + axis("arm.REM.massage.bouts", "[1, 2]")).massages_vary());
  EXPECT_FALSE(sweep_of(axis("arm.TRAIN.training.sessions", "[0, 2]")).massages_vary());
}

TEST(TheMassagesOfLimbs, VaryWhereNoPointHasThoseOfTheStudy) {
  EXPECT_TRUE(sweep_of(axis(force, "[0]")).massages_vary());
  EXPECT_TRUE(sweep_of(axis("arm.REM.massage.limb", "[\"left\"]")).massages_vary());
}

TEST(TheRecording, IsThatOfTheStudyWhereAllPointsEndTogether) {
  const Sweep sweep = sweep_of(axis(force, "[1.4, 0]"), rats);
  EXPECT_EQ(sweep.recording().times, scenario::recorded_times(sweep.base()));
  EXPECT_EQ(sweep.recording().observables, scenario::recorded_observables(sweep.base()));
  EXPECT_FALSE(sweep.recording().ends_only);
}

TEST(TheRecording, HasTheTimesOfAllPoints) {
  EXPECT_THAT(days(sweep_of(axis("arm.REM.phase.reload.duration_d", "[4, 2.25, 6.5]"), rats).recording()),
              ElementsAre(0, 2, 4, 6, 7.25, 8, 9, 10, 11.5));
}

TEST(TheRecording, OfEndsHasNoTimes) {
  const Sweep sweep = sweep_of("keep = \"final\"\n" + axis("arm.REM.phase.reload.duration_d", "[4, 2.25]"), rats);
  EXPECT_TRUE(sweep.recording().ends_only);
  EXPECT_THAT(sweep.recording().times, IsEmpty());
}

TEST(TheRecording, OfASummaryHasAllTimes) {
  EXPECT_THAT(days(sweep_of("keep = \"summary\"\n" + axis(force, "[4, 2.25]"), rats).recording()),
              ElementsAre(0, 2, 4, 6, 8, 9));
}

/// Ends on day 9 and each minute after it, and day 0.
TEST(TheRecording, OfTooManyTimesIsRefused) {
  const auto with = [](const std::string& keep, int n) {
    std::string study = rats;
    study.replace(study.find("every_d = 2\nobs"), 11, "times_d = [0]");
    const std::string last_d = std::to_string(4.0 + (n - 1) / 1440.0);
    return problems_in(
        keep + drawn("arm.REM.phase.reload.duration_d", uniform("4", last_d) + "\ncount = " + std::to_string(n)),
        study);
  };
  EXPECT_THAT(with("", 9999), IsEmpty());
  EXPECT_THAT(with("", 10'000),
              ElementsAre("sweep.toml:2: record: points end at different times, 10001 in all; 10000 are the limit; "
                          "durations of whole days, or keep = \"final\""));
  EXPECT_THAT(with("keep = \"final\"\n", 10'000), IsEmpty());
}

TEST(NumbersOfARun, AreCounted) {
  const Sweep series = sweep_of(axis(force, "[1.4, 0]"), rats);  // 3 arms, 2 rats, 2 muscles, 2 limbs, 6 times
  EXPECT_EQ(series.numbers_per_run(muscle::Observable::csa), 144U);
  EXPECT_EQ(series.numbers_per_run(muscle::Observable::csa_by_type), 576U);
  EXPECT_EQ(series.numbers_per_run(), 864U);
  EXPECT_EQ(sweep_of("keep = \"final\"\n" + axis(force, "[1.4, 0]"), rats).numbers_per_run(), 144U);
}

TEST(RunsOfABlock, AreOfAboutAsMuchWorkWhateverTheSizeOfARun) {
  const auto with = [](const std::string& n_rats, const std::string& keep) {
    std::string study = rats;
    study.replace(study.find("per_arm = 2"), 11, "per_arm = " + n_rats);
    return sweep_of("design = \"random\"\npoints = 5000\n" + keep + drawn(force, uniform("0", "7")), study)
        .runs_per_block();
  };
  EXPECT_EQ(with("2", ""), 4096U / 24U);
  EXPECT_EQ(with("70", ""), 4U);
  EXPECT_EQ(with("1000", ""), 1U);
}

/// Work for sixteen threads, and progress to be seen.
TEST(RunsOfABlock, LeaveSixteenBlocksWhereThereAreAsManyRuns) {
  for (const std::uint64_t n : {16U, 100U, 1000U}) {
    const Sweep sweep =
        sweep_of("design = \"random\"\npoints = " + std::to_string(n) + "\n" + drawn(force, uniform("0", "7")));
    EXPECT_GE((n + sweep.runs_per_block() - 1) / sweep.runs_per_block(), 16U) << n;
  }
}

// --- identity --------------------------------------------------------------------------------------------------------

std::string identity(const std::string& plan, const std::string& study = rats) {
  return sweep_of(plan, study).identity();
}

class TheIdentityOfASweep : public testing::Test {
 protected:
  std::string plan_ = "design = \"sobol\"\npoints = 7\nseed = 3\nreplicates = 2\n" + axis("animals.sex", "[\"male\"]") +
                      drawn(force, uniform("0.5", "7"));
  std::string with(const std::string& from, const std::string& to) const {
    std::string plan = plan_;
    return identity(plan.replace(plan.find(from), from.size(), to));
  }
  std::string with_study(const std::string& from, const std::string& to) const {
    std::string study = rats;
    return identity(plan_, study.replace(study.find(from), from.size(), to));
  }
};

TEST_F(TheIdentityOfASweep, IsAChecksum) {
  EXPECT_THAT(identity(plan_), testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_THAT(identity(plan_), SizeIs(64));
  EXPECT_EQ(identity(plan_), identity(plan_));
}

TEST_F(TheIdentityOfASweep, IsAnotherWithAnotherPlan) {
  const std::set<std::string> all{identity(plan_),
                                  with("seed = 3", "seed = 4"),
                                  with("replicates = 2", "replicates = 3"),
                                  with("points = 7", "points = 8"),
                                  with("sobol", "random"),
                                  with("[\"male\"]", "[\"female\"]"),
                                  with("[\"male\"]", "[\"male\", \"female\"]"),
                                  with("low = 0.5", "low = 0.25"),
                                  with("\"uniform\"", "\"log-uniform\""),
                                  with("seed = 3", "seed = 3\nkeep = \"final\""),
                                  with(force, "arm.REM.massage.frequency_Hz")};
  EXPECT_EQ(all.size(), 11U);
}

TEST_F(TheIdentityOfASweep, IsAnotherWithAnotherStudy) {
  const std::set<std::string> all{identity(plan_),
                                  with_study("seed = 71", "seed = 72"),
                                  with_study("per_arm = 2", "per_arm = 3"),
                                  with_study("every_d = 2\n", "every_d = 3\n"),
                                  with_study("rtol = 1e-5", "rtol = 2e-5"),
                                  with_study("[record]", "[crossover]\nhumoral_gain = 3\n[record]")};
  EXPECT_EQ(all.size(), 6U);
}

TEST_F(TheIdentityOfASweep, DoesNotFollowFromTitlesAndNamesOfFiles) {
  EXPECT_EQ(with_study("seed = 71", "title = \"x\"\nseed = 71"), identity(plan_));
  EXPECT_EQ(with("seed = 3", "seed = 3\nstudy = \"x.toml\""), identity(plan_));
  const CsvTable one = CsvTable::parse(force + "\n3\n", "one.csv");
  const CsvTable other = CsvTable::parse(force + "\n3.0\n", "other.csv");
  EXPECT_EQ(sweep_over(one).identity(), sweep_over(other).identity());
}

TEST_F(TheIdentityOfASweep, FollowsFromThePointsOfAList) {
  const CsvTable one = points(force + "\n3\n4\n");
  const CsvTable other = points(force + "\n3\n5\n");
  EXPECT_THAT(sweep_over(one).identity(), Ne(sweep_over(other).identity()));
}

TEST_F(TheIdentityOfASweep, IsTheSameHoweverAStudyIsWritten) {
  EXPECT_EQ(identity(axis(force, "[3, 4.50]")), identity("# of forces\n" + axis(force, "[3.0, 4.5]"), "\n\n" + rats));
}

// --- rats ------------------------------------------------------------------------------------------------------------

TEST(RunKeys, AreThoseOfTheStudiesOfTheirPointsAndReplicates) {
  const Sweep sweep = sweep_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]"), rats);
  const SweepBlock block = simulate_block(sweep, all_rows(sweep), 17);
  EXPECT_EQ(block.first_run, 17U);
  ASSERT_THAT(block.keys, SizeIs(6));
  for (std::uint64_t run = 0; run < 6; ++run)
    EXPECT_EQ(block.keys[run], sim::run_key(sweep.study(run / 2), run % 2)) << run;
  EXPECT_THAT(std::set(block.keys.begin(), block.keys.end()), SizeIs(6));
}

/// Of each run the numbers of one observable, bit by bit.
std::vector<std::vector<std::uint64_t>> bits(const SweepBlock& block, std::size_t series) {
  const std::vector<double>& all = block.recorded.series.at(series);
  const std::size_t size = all.size() / block.keys.size();
  std::vector<std::vector<std::uint64_t>> runs(block.keys.size());
  for (std::size_t i = 0; i < all.size(); ++i) runs[i / size].push_back(std::bit_cast<std::uint64_t>(all[i]));
  return runs;
}

std::vector<double> at_time_zero(const Sweep& sweep, std::uint64_t point, std::uint64_t replicate) {
  const SweepBlock block = simulate_block(sweep, {{point, replicate}}, 0);
  std::vector<double> values;
  const std::size_t n_times = sweep.recording().times.size();
  for (std::size_t i = 0; i < block.recorded.series[0].size(); i += n_times)
    values.push_back(block.recorded.series[0][i]);
  return values;
}

TEST(TheRatsOfASweep, AreTheSameAtEveryPoint) {
  const Sweep sweep =
      sweep_of("replicates = 2\n" + axis(force, "[0, 1.4, 7]") + axis("crossover.humoral_gain", "[0, 3]"), rats);
  for (const std::uint64_t replicate : {0U, 1U}) {
    const std::vector<double> first = at_time_zero(sweep, 0, replicate);
    for (std::uint64_t point = 1; point < sweep.n_points(); ++point)
      EXPECT_EQ(at_time_zero(sweep, point, replicate), first) << point;
  }
}

TEST(TheRatsOfASweep, AreOthersInEachReplicate) {
  const Sweep sweep = sweep_of("replicates = 3\n" + axis(force, "[0, 7]"), rats);
  std::set<double> seen;
  for (std::uint64_t replicate = 0; replicate < 3; ++replicate) {
    for (const double csa : at_time_zero(sweep, 1, replicate)) seen.insert(csa);
  }
  EXPECT_THAT(seen, SizeIs(3 * 2 * 2 * 2));  // replicates, rats, muscles, limbs; the same in all arms
}

// --- blocks ----------------------------------------------------------------------------------------------------------

/// A sweep whose runs share as much and as little as can be: at half of its points all rats are alike.
const std::string all_sorts =
    "replicates = 2\n" + axis(force, "[0, 1.4, 7]") +
    linked("[\"animals.set_point_cv\", \"animals.unloading_response_cv\", \"animals.massage_response_cv\"]",
           "[0, 0.07]") +
    axis("solver.rtol", "[1e-5, 3e-6]") + axis("animals.sex", "[\"male\", \"female\"]");

void expect_same_runs(const SweepBlock& block, std::size_t run, const SweepBlock& other, std::size_t other_run) {
  EXPECT_EQ(block.keys[run], other.keys[other_run]);
  EXPECT_EQ(block.recorded.outcomes[run], other.recorded.outcomes[other_run]);
  for (std::size_t series = 0; series < block.recorded.series.size(); ++series)
    EXPECT_EQ(bits(block, series)[run], bits(other, series)[other_run]) << "series " << series;
}

TEST(ARunOfABlock, DoesNotDependOnTheOthers) {
  const Sweep sweep = sweep_of(all_sorts, rats);
  const std::vector<SweepRow> rows = all_rows(sweep);
  ASSERT_THAT(rows, SizeIs(48));
  const SweepBlock together = simulate_block(sweep, rows, 0);
  for (std::size_t run = 0; run < rows.size(); ++run)
    expect_same_runs(simulate_block(sweep, {rows[run]}, run), 0, together, run);
}

TEST(ARunOfABlock, DoesNotDependOnTheOrder) {
  const Sweep sweep = sweep_of(all_sorts, rats);
  const std::vector<SweepRow> rows = all_rows(sweep);
  const SweepBlock together = simulate_block(sweep, rows, 0);
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) order[i] = i * 29 % rows.size();
  std::vector<SweepRow> shuffled;
  shuffled.reserve(rows.size());
  for (const std::size_t run : order) shuffled.push_back(rows[run]);
  const SweepBlock other = simulate_block(sweep, shuffled, 0);
  for (std::size_t i = 0; i < order.size(); ++i) expect_same_runs(other, i, together, order[i]);
}

TEST(ARunOfABlock, MayHaveASolverOfItsOwn) {
  const Sweep sweep = sweep_of(axis("solver.method", "[\"ensemble\", \"scalar\"]") +
                                   axis("solver.precision", "[\"f64\"]") + axis("solver.rtol", "[1e-5, 3e-6]") +
                                   axis("solver.atol", "[1e-5, 3e-6]") + axis("solver.max_steps", "[7, 1000000]"),
                               rats);
  const std::vector<SweepRow> rows = all_rows(sweep);
  const SweepBlock together = simulate_block(sweep, rows, 0);
  for (std::size_t run = 0; run < rows.size(); ++run)
    expect_same_runs(simulate_block(sweep, {rows[run]}, run), 0, together, run);
  for (std::size_t run = 0; run < rows.size(); ++run) {
    const bool gives_up = run % 2 == 0;
    EXPECT_EQ(together.recorded.outcomes[run].status == sim::RunStatus::ok, !gives_up) << run;
  }
  EXPECT_EQ(bits(together, 0)[1], bits(together, 0)[9]);  // ensemble and scalar
  EXPECT_NE(bits(together, 0)[1], bits(together, 0)[5]);  // rtol
}

TEST(ARunOfABlock, MayBeInSinglePrecision) {
  const Sweep sweep = sweep_of(axis("solver.precision", "[\"f64\", \"f32\"]") + axis(force, "[0, 7]"), rats);
  const std::vector<SweepRow> rows = all_rows(sweep);
  const SweepBlock together = simulate_block(sweep, rows, 0);
  for (std::size_t run = 0; run < rows.size(); ++run)
    expect_same_runs(simulate_block(sweep, {rows[run]}, run), 0, together, run);
  EXPECT_NE(bits(together, 0)[0], bits(together, 0)[2]);
}

/// Numbers of a run at the times that a study records by itself, NaN left out: the sweep may record others as well.
std::vector<std::uint64_t> at_times(const std::vector<double>& series, std::size_t n_times,
                                    const std::vector<double>& all_times, const std::vector<double>& wanted) {
  std::vector<std::uint64_t> found;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (std::ranges::find(wanted, all_times[i % n_times]) != wanted.end() && !std::isnan(series[i]))
      found.push_back(std::bit_cast<std::uint64_t>(series[i]));
  }
  return found;
}

void expect_runs_of_their_studies(const Sweep& sweep) {
  std::vector<SweepRow> rows;
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) rows.push_back({point, 0});
  const SweepBlock block = simulate_block(sweep, rows, 0);
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) {
    const sim::Results alone = sim::run_study(sweep.study(point), {});
    EXPECT_EQ(block.keys[point], alone.run_key);
    EXPECT_EQ(block.recorded.outcomes[point],
              (sim::RunOutcome{alone.status, alone.message, alone.n_steps, alone.n_redone}));
    ASSERT_EQ(block.recorded.series.size(), alone.series.size());
    const std::vector<double> times = days(sweep.recording());
    for (std::size_t s = 0; s < alone.series.size(); ++s) {
      const std::vector<double>& all = block.recorded.series[s];
      const auto size = static_cast<std::ptrdiff_t>(all.size() / rows.size());
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(point) * size;
      EXPECT_EQ(
          at_times({begin, begin + size}, times.size(), times, alone.labels.times_d),
          at_times(alone.series[s].values, alone.labels.times_d.size(), alone.labels.times_d, alone.labels.times_d))
          << "point " << point << ", series " << s;
    }
  }
}

TEST(ARunOfASweep, IsThatOfItsStudyAlone) { expect_runs_of_their_studies(sweep_of(all_sorts, rats)); }

TEST(ARunOfASweep, IsThatOfItsStudyAloneWhereArmsEndOnOtherDays) {
  expect_runs_of_their_studies(sweep_of(
      axis("arm.*.phase.reload.duration_d", "[4, 2.25, 6.5]") + axis("arm.REM.massage.limb", "[\"left\", \"both\"]"),
      rats));
}

TEST(ARunOfASweep, HasNoNumbersAfterTheEndsOfItsArms) {
  const Sweep sweep = sweep_of(axis("arm.REM.phase.reload.duration_d", "[2.25, 6.5]"), rats);
  const SweepBlock block = simulate_block(sweep, {{0, 0}}, 0);
  const std::vector<double> times = days(sweep.recording());
  const std::size_t per_arm = sweep.numbers_per_run(muscle::Observable::csa) / 3;
  for (std::size_t i = 0; i < 3 * per_arm; ++i) {
    const double end = i / per_arm == 2 ? 7.25 : 9.0;
    EXPECT_EQ(std::isnan(block.recorded.series[0][i]), times[i % times.size()] > end) << i;
  }
}

TEST(ARunOfWhichTheEndsAreKept, HasTheLastNumbersOfEachArm) {
  const std::string plan = axis("arm.REM.phase.reload.duration_d", "[4, 2.25, 6.5]");
  const Sweep series = sweep_of(plan, rats);
  const Sweep ends = sweep_of("keep = \"final\"\n" + plan, rats);
  const SweepBlock all = simulate_block(series, all_rows(series), 0);
  const SweepBlock last = simulate_block(ends, all_rows(ends), 0);
  const std::size_t n_times = series.recording().times.size();
  for (std::size_t s = 0; s < all.recorded.series.size(); ++s) {
    ASSERT_EQ(last.recorded.series[s].size() * n_times, all.recorded.series[s].size());
    for (std::size_t i = 0; i < last.recorded.series[s].size(); ++i) {
      double expected = std::numeric_limits<double>::quiet_NaN();  // fibres of a type that the muscle has not
      for (std::size_t time = 0; time < n_times; ++time) {
        const double value = all.recorded.series[s][i * n_times + time];
        if (!std::isnan(value)) expected = value;
      }
      ASSERT_EQ(std::bit_cast<std::uint64_t>(last.recorded.series[s][i]), std::bit_cast<std::uint64_t>(expected))
          << "series " << s << ", number " << i;
    }
  }
}

// --- all blocks ------------------------------------------------------------------------------------------------------

/// Gives out blocks of a few runs and collects what becomes of them.
struct Blocks {
  explicit Blocks(const Sweep& sweep, unsigned threads) : sweep_(sweep) {
    work.threads = threads;
    work.next = [this](std::uint64_t& first_run) -> std::optional<std::vector<SweepRow>> {
      if (next_run >= sweep_.n_runs()) return std::nullopt;
      first_run = next_run;
      std::vector<SweepRow> rows;
      for (; rows.size() < 5 && next_run < sweep_.n_runs(); ++next_run) rows.push_back(sweep_.row(next_run));
      return rows;
    };
    work.done = [this](const SweepBlock& block) {
      const std::lock_guard lock(mutex);
      for (std::size_t run = 0; run < block.keys.size(); ++run) {
        EXPECT_TRUE(keys.emplace(block.first_run + run, block.keys[run]).second);
        numbers[block.first_run + run] = bits(block, 0)[run];
      }
    };
  }

  SweepWork work;
  std::uint64_t next_run = 0;
  std::mutex mutex;
  std::map<std::uint64_t, std::string> keys;
  std::map<std::uint64_t, std::vector<std::uint64_t>> numbers;

 private:
  const Sweep& sweep_;
};

TEST(RunningASweep, SimulatesEveryRunOnceWhateverTheThreads) {
  const Sweep sweep = sweep_of(all_sorts, rats);
  const SweepBlock together = simulate_block(sweep, all_rows(sweep), 0);
  for (const unsigned threads : {1U, 3U}) {
    Blocks blocks(sweep, threads);
    run_sweep(sweep, blocks.work);
    ASSERT_THAT(blocks.keys, SizeIs(sweep.n_runs()));
    for (std::uint64_t run = 0; run < sweep.n_runs(); ++run) {
      EXPECT_EQ(blocks.keys[run], together.keys[run]);
      EXPECT_EQ(blocks.numbers[run], bits(together, 0)[run]);
    }
  }
}

TEST(RunningASweep, StopsAllThreadsWhenABlockCannotBeStored) {
  const Sweep sweep = sweep_of(all_sorts, rats);
  Blocks blocks(sweep, 3);
  std::atomic<int> n_done = 0;
  blocks.work.done = [&](const SweepBlock&) {
    if (++n_done == 2) throw std::runtime_error("the disk is full");
  };
  EXPECT_THAT([&] { run_sweep(sweep, blocks.work); }, testing::ThrowsMessage<std::runtime_error>("the disk is full"));
  EXPECT_LE(n_done, 2 + 2);  // what the other threads had begun
  EXPECT_LT(blocks.next_run, sweep.n_runs());
}

TEST(RunningASweep, StopsAllThreadsWhenThereAreNoMoreToldOf) {
  const Sweep sweep = sweep_of(all_sorts, rats);
  Blocks blocks(sweep, 3);
  blocks.work.next = [&](std::uint64_t&) -> std::optional<std::vector<SweepRow>> {
    throw std::runtime_error("no more");
  };
  EXPECT_THAT([&] { run_sweep(sweep, blocks.work); }, testing::ThrowsMessage<std::runtime_error>("no more"));
}

}  // namespace
}  // namespace hindlimb::study
