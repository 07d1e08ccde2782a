#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

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
  const auto refused = [](const std::string& path, const std::string& name) {
    return path + ".name: is '" + name +
           "'; a name has no dots, stars, equals signs, spaces or control characters, so that --set can say it";
  };
  for (const std::string name : {"", "W.B", "W*", "W B", "W=B"}) {
    cage_.name = name;
    EXPECT_THAT(problems(), ElementsAre(refused("arm." + name, name)));
  }
  for (const auto& [name, shown] : {std::pair("W\tB", "W\\x09B"), std::pair("W\x7f", "W\\x7f")}) {
    cage_.name = name;
    EXPECT_THAT(problems(), ElementsAre(refused(std::string("arm.") + shown, shown)));
  }
  cage_.name = "WB";
  treated_.phases[1].name = "re.load";
  EXPECT_THAT(problems(), ElementsAre(refused("arm.REM.phase.re.load", "re.load")));
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
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.REM.phase.suspension.duration_d: is missing; only an arm's last phase may leave it out"));
}

TEST_F(WrongStudy, HasNoEnd) {
  treated_.phases[1].duration.reset();
  EXPECT_THAT(problems(), ElementsAre("arm: no arm has an end; give the last phase of at least one arm a duration_d"));
}

TEST_F(WrongStudy, HasAnOpenPhaseAfterTheEnd) {
  cage_.phases[0].duration = Minutes(22 * 1440);
  cage_.phases.push_back({.name = "rest", .load = {}, .duration = {}});
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.WB.phase.rest.duration_d: is missing, and the phase would start on day 22, when the longest "
                  "arm has ended (day 22)"));
}

TEST_F(WrongStudy, MassagesInAPhaseThatIsNotThere) {
  massage_.phase = "reloading";
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.REM.massage.phase: names 'reloading', which the arm does not have; did you mean 'reload'?"));
}

TEST_F(WrongStudy, MassagesAMuscleThatIsNotInIt) {
  massage_.muscles = {MuscleName::gastrocnemius_medial, MuscleName::edl};
  EXPECT_THAT(problems(), ElementsAre("arm.REM.massage.muscles: names 'edl', which is not among the study's muscles"));
}

TEST_F(WrongStudy, MassagesAfterTheEndOfItsArm) {
  massage_.first = Minutes(3 * 1440);
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.massage: the last bout ends on day 23.02")));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr(", after the arm's last phase (day 22); "
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
  EXPECT_THAT(problems(), ElementsAre("arm.REM.massage: bouts on the right limb overlap on day 14.020138888888889; "
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
  study_.muscles = {MuscleName::soleus, MuscleName::edl};
  treated_.massages.push_back(massage_);
  treated_.massages[1].limb = LimbChoice::left;
  EXPECT_THAT(problems(), IsEmpty());
  treated_.massages[0].muscles = {MuscleName::soleus};
  treated_.massages[1] = treated_.massages[0];
  treated_.massages[1].muscles = {MuscleName::edl};
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

TEST_F(WrongStudy, ComputesInSinglePrecisionWhatThatCannotKeep) {
  study_.solver.precision = Arithmetic::f32;
  EXPECT_THAT(problems(),
              ElementsAre("solver.precision: is f32, which cannot keep rtol 1e-05 and atol 1e-07; solver.rtol "
                          "and solver.atol of 1e-5 or more; 3e-5 is usual"));
  study_.solver = {.method = Method::scalar, .precision = Arithmetic::f32, .rtol = 3e-5, .atol = 3e-5};
  EXPECT_THAT(problems(), ElementsAre("solver.precision: is f32, which solver.method = ensemble alone computes in"));
}

TEST_F(WrongStudy, WouldRecordATrillionNumbers) {
  study_.animals.per_arm = 1'000'000;
  study_.record.every = Minutes(1);
  // 31,682 times x 2 arms x 10^6 rats x 1 muscle x 2 limbs x 33 observables, one of which has 4 numbers
  EXPECT_THAT(problems(),
              ElementsAre("animals.per_arm: the study would record 4.56e+12 numbers, 36497.7 GB; 4 GB is the limit; "
                          "fewer animals, recorded times or observables"));
}

TEST_F(WrongStudy, MayRecordAsMuchAsTheLimit) {
  study_.animals.per_arm = 300'000;
  study_.record.times = {Minutes(0)};  // and the ends of two arms: 3 times
  study_.record.observables = {muscle::Observable::csa};
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, WouldRecordFourNumbersOfAnObservableByFibreType) {
  study_.animals.per_arm = 400'000;
  study_.record.times = {Minutes(0)};  // and the ends of two arms: 3 times
  study_.record.observables = {muscle::Observable::csa_by_type};
  for (std::size_t i = 0; i < 100; ++i)
    study_.record.times.push_back(Minutes(i));  // 103 times x 2 arms x 2 limbs x 4 types
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("the study would record 6.59e+08 numbers, 5.3 GB")));
}

TEST_F(WrongStudy, ComparesWithAnArmThatIsNotThere) {
  study_.compare = {.control = "wb", .untreated = "RE"};
  EXPECT_THAT(problems(),
              ElementsAre("compare.control: names 'wb', which is no arm of the study; did you mean 'WB'?",
                          "compare.untreated: names 'RE', which is no arm of the study; did you mean 'REM'?"));
}

TEST_F(WrongStudy, MassagesAHeadOfAMuscleThatIsInItAsAWhole) {
  study_.muscles = {MuscleName::gastrocnemius};
  massage_.muscles = {MuscleName::gastrocnemius_medial};
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.REM.massage.muscles: names 'gastrocnemius_medial', which is not among the study's muscles"));
}

TEST_F(WrongStudy, HasTwoMassagesAtOneTimeOnAHeadOfTheGastrocnemius) {
  study_.muscles = {MuscleName::gastrocnemius, MuscleName::gastrocnemius_lateral};
  massage_.muscles = {MuscleName::gastrocnemius};
  treated_.massages.push_back(massage_);
  treated_.massages[1].muscles = {MuscleName::gastrocnemius_lateral};
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.massage: bouts on the right limb overlap on day 14")));
}

// --- training --------------------------------------------------------------------------------------------------------

class WrongTraining : public WrongStudy {
 protected:
  WrongTraining() { treated_.trainings.push_back({.limb = LimbChoice::left, .phase = "reload", .sessions = 4}); }
  Training& training() { return treated_.trainings[0]; }
};

TEST_F(WrongTraining, IsNoneOfThese) { EXPECT_THAT(problems(), IsEmpty()); }

TEST_F(WrongTraining, IsInAPhaseThatIsNotThere) {
  training().phase = "reloading";
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.REM.training.phase: names 'reloading', which the arm does not have; did you mean 'reload'?"));
}

TEST_F(WrongTraining, EndsAfterItsArm) {
  training().sessions = 5;
  EXPECT_THAT(
      problems(),
      ElementsAre(
          "arm.REM.training: the last session ends on day 22.020833333333332, after the arm's last phase (day 22); "
          "fewer sessions, an earlier first_d or a shorter every_d"));
}

TEST_F(WrongTraining, MayEndWithItsArm) {
  training().first = Minutes(2 * 1440 - 30);
  EXPECT_THAT(problems(), IsEmpty());
  training().first += Minutes(1);
  EXPECT_THAT(problems(), testing::SizeIs(1));
}

TEST_F(WrongTraining, MayHaveNoSessionsAnywhere) {
  training().first = Minutes(300 * 1440);
  training().sessions = 0;
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongTraining, HasSessionsThatRunIntoTheNext) {
  training().every = Minutes(29);
  EXPECT_THAT(problems(), ElementsAre("arm.REM.training: sessions on the left limb overlap on day 14.020138888888889; "
                                      "a longer every_d, or other times for the second training"));
}

TEST_F(WrongTraining, HasTwoOfWhichOneIsWrong) {
  treated_.trainings.push_back(training());
  treated_.trainings[1].limb = LimbChoice::right;
  treated_.trainings[1].phase = "cage";
  EXPECT_THAT(
      problems(),
      ElementsAre(
          "arm.REM.training.2.phase: names 'cage', which the arm does not have; known here: suspension, reload"));
}

TEST_F(WrongTraining, HasTwoAtOneTimeOnOneLimb) {
  treated_.trainings.push_back(training());
  treated_.trainings[1].limb = LimbChoice::both;
  treated_.trainings[1].first = Minutes(17);
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.REM.training: sessions on the left limb overlap on day 14.01")));
}

TEST_F(WrongTraining, MayBeAtTheTimeOfAMassageOrOfTheOtherLimbsTraining) {
  training().limb = LimbChoice::right;
  treated_.trainings.push_back(training());
  treated_.trainings[1].limb = LimbChoice::left;
  EXPECT_THAT(problems(), IsEmpty());
}

// --- label -----------------------------------------------------------------------------------------------------------

TEST_F(WrongStudy, LabelsInAPhaseThatIsNotThere) {
  treated_.label.phase = "cage";
  EXPECT_THAT(
      problems(),
      ElementsAre("arm.REM.label.phase: names 'cage', which the arm does not have; known here: suspension, reload"));
}

TEST_F(WrongStudy, LabelsAfterTheEndOfItsArm) {
  treated_.label = {.phase = "suspension", .first = Minutes(22 * 1440)};
  EXPECT_THAT(problems(), ElementsAre("arm.REM.label: begins on day 22, when the arm has ended (day 22)"));
  treated_.label.first -= Minutes(1);
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, LabelsTheLastPhaseTooLate) {
  treated_.label.first = Minutes(9 * 1440);
  EXPECT_THAT(problems(), ElementsAre("arm.REM.label: begins on day 23, when the arm has ended (day 22)"));
}

// --- fibre types -----------------------------------------------------------------------------------------------------

class WrongFibres : public WrongStudy {
 protected:
  void remove_fibres(Muscle muscle) {
    laws::Parameters<double>& p = study_.parameters[static_cast<std::size_t>(muscle)];
    p.fraction_type_I = p.fraction_type_IIa = p.fraction_type_IIx = p.fraction_type_IIb = 0.0;
  }
};

TEST_F(WrongFibres, AreNoneAtAll) {
  study_.muscles = {MuscleName::soleus};
  remove_fibres(Muscle::soleus);
  EXPECT_THAT(problems(), ElementsAre("parameters.soleus.fraction_type_I: all fibre types have a share of 0"));
}

TEST_F(WrongFibres, AreThoseOfAHead) {
  study_.muscles = {MuscleName::gastrocnemius};
  remove_fibres(Muscle::gastrocnemius_lateral);
  EXPECT_THAT(problems(),
              ElementsAre("parameters.gastrocnemius_lateral.fraction_type_I: all fibre types have a share of 0"));
}

TEST_F(WrongFibres, DoNotMatterInAMuscleThatIsNotSimulated) {
  remove_fibres(Muscle::soleus);
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(WrongStudy, HasAllItsMistakesNamed) {
  cage_.name = "a.b";
  treated_.phases[0].duration.reset();
  study_.compare.control = "none";
  EXPECT_THAT(problems(), ElementsAre(StartsWith("arm.a.b.name: "), StartsWith("arm.REM.phase.suspension.duration_d: "),
                                      StartsWith("compare.control: ")));
}

TEST_F(WrongStudy, IsSoundAsItIsWhenMadeInCode) { EXPECT_NO_THROW(require_sound(study_)); }

TEST_F(WrongStudy, MadeInCodeIsRefusedWithEveryValueOutsideItsRange) {
  treated_.phases[0].load.by_limb = {0.3, -0.3};
  massage_.force_N = std::nan("");
  study_.animals.age_months = -7.0;
  study_.record.times = {Minutes{-7}};
  study_.parameters[1].wet_mass_mg = -0.3;
  study_.parameters[0].drive_max = -0.7;
  try {
    require_sound(study_);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(texts(error.problems()),
                testing::UnorderedElementsAre(
                    StartsWith("animals.age_months: is -7, must be "),
                    StartsWith("arm.REM.phase.suspension.load: is -0.3, must be "),
                    StartsWith("arm.REM.massage.force_N: is nan, must be a finite number"),
                    StartsWith("record.times_d: is -0.00"), StartsWith("parameters.drive_max: is -0.7, must be "),
                    StartsWith("parameters.gastrocnemius_medial.wet_mass_mg: is -0.3, must be ")));
  }
}

TEST_F(WrongStudy, MadeInCodeIsRefusedAsAWhole) {
  cage_.name = "REM";
  EXPECT_THAT([&] { require_sound(study_); }, testing::ThrowsMessage<InputError>(HasSubstr("two arms of this name")));
}

}  // namespace
}  // namespace hindlimb::scenario
