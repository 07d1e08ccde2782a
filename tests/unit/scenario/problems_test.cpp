#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hindlimb/scenario/build.hpp"
#include "unit/scenario/nodes.hpp"

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class WrongStudy : public testing::Test {
 protected:
  std::vector<std::string> problems() const { return texts(find_problems(study_)); }
  Study study_ = build_study(massage_study());
  Arm& cage_ = study_.arms[0];
  Arm& treated_ = study_.arms[1];  // 14 d of suspension, then 8 d of reloading
  Massage& massage_ = treated_.massages[0];
};

TEST_F(WrongStudy, IsNoneOfThese) { EXPECT_THAT(problems(), IsEmpty()); }

TEST_F(WrongStudy, HasNoArms) {
  study_.arms.clear();
  EXPECT_THAT(problems(), testing::Contains("arm: there is none; a study needs at least one [[arm]]"));
}

TEST_F(WrongStudy, HasTwoArmsOfOneName) {
  cage_.name = "REM";
  EXPECT_THAT(problems(), ElementsAre("arm.REM: there are two arms of this name"));
}

TEST_F(WrongStudy, HasNamesThatNoKeyCanSay) {
  const std::string hint = "a name has no dots, stars, equals signs, spaces or control characters, so that --set can say it";
  for (const std::string name : {"", "W.B", "W*", "W B", "W\tB", "W\x7f", "W=B"}) {
    cage_.name = name;
    EXPECT_THAT(problems(), ElementsAre("arm." + name + ".name: is '" + name + "'; " + hint));
  }
  cage_.name = "WB";
  treated_.phases[1].name = "re.load";
  EXPECT_THAT(problems(), ElementsAre("arm.REM.phase.re.load.name: is 're.load'; " + hint));
}

TEST_F(WrongStudy, MayHaveNamesInAnyLanguage) {
  cage_.name = "Käfig-2/重力";
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, HasAnArmWithoutPhases) {
  cage_.phases.clear();
  EXPECT_THAT(problems(), ElementsAre("arm.WB.phase: there is none; an arm needs at least one [[arm.phase]]"));
}

TEST_F(WrongStudy, HasTwoPhasesOfOneNameInAnArm) {
  treated_.phases[1].name = "suspension";
  EXPECT_THAT(problems(), ElementsAre("arm.REM.phase.suspension: there are two phases of this name in the arm"));
}

TEST_F(WrongStudy, HasAnOpenPhaseThatIsNotTheLast) {
  treated_.phases[0].duration.reset();
  EXPECT_THAT(problems(),
              ElementsAre("arm.REM.phase.suspension.duration_d: is missing; only an arm's last phase may leave it out"));
}

TEST_F(WrongStudy, HasNoEnd) {
  treated_.phases[1].duration.reset();
  EXPECT_THAT(problems(), ElementsAre("arm: no arm has an end; give the last phase of at least one arm a duration_d"));
}

TEST_F(WrongStudy, HasAnOpenPhaseAfterTheEnd) {
  cage_.phases[0].duration = Minutes(22 * 1440);
  cage_.phases.push_back({.name = "rest", .load = {}, .duration = {}});
  EXPECT_THAT(problems(),
              ElementsAre("arm.WB.phase.rest.duration_d: is missing, and the phase would start on day 22, when the longest "
                          "arm has ended (day 22)"));
}

TEST_F(WrongStudy, MassagesInAPhaseThatIsNotThere) {
  massage_.phase = "reloading";
  EXPECT_THAT(problems(),
              ElementsAre("arm.REM.massage.phase: names 'reloading', which the arm does not have; did you mean 'reload'?"));
}

TEST_F(WrongStudy, MassagesAMuscleThatIsNotInIt) {
  massage_.muscles = {Muscle::gastrocnemius_medial, Muscle::edl};
  EXPECT_THAT(problems(), ElementsAre("arm.REM.massage.muscles: names 'edl', which is not among the study's muscles"));
}

TEST_F(WrongStudy, MassagesAfterTheEndOfItsArm) {
  massage_.first = Minutes(3 * 1440);
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.massage: the last bout ends on day 23.02")));
  EXPECT_THAT(problems(),
              ElementsAre(HasSubstr(", after the arm's last phase (day 22); "
                                    "fewer bouts, an earlier first_d or a shorter every_d")));
}

TEST_F(WrongStudy, MayMassageUpToTheVeryEnd) {
  massage_.first = Minutes(2 * 1440 - 30);
  EXPECT_THAT(problems(), IsEmpty());
  massage_.first += Minutes(1);
  EXPECT_THAT(problems(), testing::SizeIs(1));
}

TEST_F(WrongStudy, MayPlaceAMassageOfNoEffectAnywhere) {
  massage_.first = Minutes(300 * 1440);
  massage_.force_N = 0.0;
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, HasBoutsThatRunIntoTheNext) {
  massage_.every = Minutes(29);
  EXPECT_THAT(problems(),
              ElementsAre("arm.REM.massage: bouts on the right limb overlap on day 14.020138888888889; "
                          "a longer every_d, or other times for the second massage"));
}

TEST_F(WrongStudy, MayHaveBoutsThatTouch) {
  massage_.every = Minutes(30);
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, HasTwoMassagesAtOneTimeOnOneLimb) {
  treated_.massages.push_back(massage_);
  treated_.massages[1].limb = LimbChoice::both;
  treated_.massages[1].first = Minutes(17);
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.massage: bouts on the right limb overlap on day 14.01")));
}

TEST_F(WrongStudy, MayMassageTwoLimbsOrTwoMusclesAtOneTime) {
  study_.muscles = {Muscle::soleus, Muscle::edl};
  treated_.massages.push_back(massage_);
  treated_.massages[1].limb = LimbChoice::left;
  EXPECT_THAT(problems(), IsEmpty());
  treated_.massages[0].muscles = {Muscle::soleus};
  treated_.massages[1] = treated_.massages[0];
  treated_.massages[1].muscles = {Muscle::edl};
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, NumbersItsMassagesWhereThereAreSeveral) {
  treated_.massages.push_back(massage_);
  treated_.massages[1].phase = "cage";
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.massage.2.phase: names 'cage'")));
}

TEST_F(WrongStudy, RecordsAfterItsEnd) {
  study_.record.times = {Minutes(7), Minutes(22 * 1440 + 36)};
  EXPECT_THAT(problems(), ElementsAre("record.times_d: day 22.025 is after the end of the study (day 22)"));
}

TEST_F(WrongStudy, WouldRecordATrillionNumbers) {
  study_.animals.per_arm = 1'000'000;
  study_.record.every = Minutes(1);
  // 31,682 times x 2 arms x 10^6 rats x 1 muscle x 2 limbs x 17 observables
  EXPECT_THAT(problems(),
              ElementsAre("animals.per_arm: the study would record 2.15e+12 numbers, 17235.0 GB; 4 GB is the limit; "
                          "fewer animals, recorded times or observables"));
}

TEST_F(WrongStudy, MayRecordAsMuchAsTheLimit) {
  study_.animals.per_arm = 300'000;
  study_.record.times = {Minutes(0)};  // and the ends of two arms: 3 times
  study_.record.observables = {muscle::Observable::csa};
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, ComparesWithAnArmThatIsNotThere) {
  study_.compare = {.control = "wb", .untreated = "RE"};
  EXPECT_THAT(problems(), ElementsAre("compare.control: names 'wb', which is no arm of the study; known here: WB, REM",
                                      "compare.untreated: names 'RE', which is no arm of the study; did you mean 'REM'?"));
}

TEST_F(WrongStudy, HasAllItsMistakesNamed) {
  cage_.name = "a.b";
  treated_.phases[0].duration.reset();
  study_.compare.control = "none";
  EXPECT_THAT(problems(),
              ElementsAre(StartsWith("arm.a.b.name: "), StartsWith("arm.REM.phase.suspension.duration_d: "), StartsWith("compare.control: ")));
}

}  // namespace
}  // namespace hindlimb::scenario
