#include "hindlimb/scenario/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <tuple>
#include <vector>

namespace hindlimb::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Minutes days(double number) { return Minutes(static_cast<std::int64_t>(number * 1440.0)); }

using Span = std::tuple<Minutes, Minutes, double>;

std::vector<Span> spans_of(const Study& study, const Arm& arm, Limb limb) {
  std::vector<Span> spans;
  for (const LoadSpan& span : load_spans(study, arm, limb)) spans.emplace_back(span.start, span.end, span.load);
  return spans;
}

/// The left limb is suspended for 3 d, then bears 0.7 for 5 d; the right limb bears 0.7 all the time.
Arm one_limb_suspended() {
  return {.name = "HS",
          .phases = {{.name = "suspension", .load = {{0.0, 0.7}}, .duration = days(3)},
                     {.name = "reload", .load = {{0.7, 0.7}}, .duration = days(5)}},
          .massages = {},
          .trainings = {},
          .label = {}};
}

using Change = std::function<void(Massage&)>;

/// The same with 4 bouts on the right limb from the start of reloading on, and what else is changed.
Arm massaged(const Change& change) {
  Massage massage;
  massage.phase = "reload";
  change(massage);
  Arm arm = one_limb_suspended();
  arm.massages = {massage};
  return arm;
}
void unchanged(Massage&) {}

Study study_of(const Arm& arm) {
  Study study;
  study.arms = {arm};
  return study;
}

TEST(LoadSpans, FollowThePhasesOfTheLimb) {
  const Arm arm = one_limb_suspended();
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::left),
              ElementsAre(Span{days(0), days(3), 0.0}, Span{days(3), days(8), 0.7}));
}

TEST(LoadSpans, MergeEqualNeighbours) {
  const Arm arm = one_limb_suspended();
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::right), ElementsAre(Span{days(0), days(8), 0.7}));
}

TEST(LoadSpans, OfAnOpenPhaseEndWithTheLongestArm) {
  Study study = study_of(one_limb_suspended());
  study.arms.push_back({.name = "WB",
                        .phases = {{.name = "cage", .load = {}, .duration = {}}},
                        .massages = {},
                        .trainings = {},
                        .label = {}});
  EXPECT_THAT(spans_of(study, study.arms[1], Limb::left), ElementsAre(Span{days(0), days(8), 1.0}));
}

TEST(Bouts, StartInTheirPhaseAtEqualIntervals) {
  const Arm arm = massaged([](Massage& massage) {
    massage.force_N = 3.5;
    massage.frequency_Hz = 0.3;
    massage.bout = Minutes(17);
    massage.first = days(0.5);
    massage.every = days(1.5);
    massage.bouts = 3;
  });
  EXPECT_THAT(bouts_on(arm, Limb::right), ElementsAre(Bout{days(3.5), days(3.5) + Minutes(17), 3.5, 0.3},
                                                      Bout{days(5), days(5) + Minutes(17), 3.5, 0.3},
                                                      Bout{days(6.5), days(6.5) + Minutes(17), 3.5, 0.3}));
}

TEST(Bouts, AreOnTheChosenLimbOnly) {
  const Arm left = massaged([](Massage& massage) { massage.limb = LimbChoice::left; });
  EXPECT_THAT(bouts_on(left, Limb::right), IsEmpty());
  EXPECT_THAT(bouts_on(left, Limb::left), SizeIs(4));
}

TEST(Bouts, MayBeOnBothLimbs) {
  const Arm both = massaged([](Massage& massage) { massage.limb = LimbChoice::both; });
  EXPECT_THAT(bouts_on(both, Limb::left), SizeIs(4));
  EXPECT_EQ(bouts_on(both, Limb::left), bouts_on(both, Limb::right));
}

TEST(Bouts, AreOnTheChosenMusclesOnly) {
  const Arm arm = massaged([](Massage& massage) { massage.muscles = {MuscleName::soleus, MuscleName::edl}; });
  EXPECT_THAT(bouts_on(arm, Limb::right, Muscle::edl), SizeIs(4));
  EXPECT_THAT(bouts_on(arm, Limb::right, Muscle::plantaris), IsEmpty());
  EXPECT_THAT(bouts_on(arm, Limb::right), SizeIs(4));
}

TEST(Bouts, AreOnAllMusclesWhereNoneIsNamed) {
  for (std::size_t i = 0; i < laws::n_muscles; ++i)
    EXPECT_THAT(bouts_on(massaged(unchanged), Limb::right, Muscle{i}), SizeIs(4));
}

TEST(Bouts, OfTwoMassagesAreInOrderOfTime) {
  Arm arm = massaged([](Massage& massage) { massage.bouts = 2; });  // days 3 and 5
  arm.massages.push_back(arm.massages[0]);
  arm.massages[1].phase = "suspension";
  arm.massages[1].every = days(4);  // days 0 and 4
  std::vector<Minutes> starts;
  for (const Bout& bout : bouts_on(arm, Limb::right)) starts.push_back(bout.start);
  EXPECT_THAT(starts, ElementsAre(days(0), days(3), days(4), days(5)));
}

class MassageOfNoEffect : public testing::TestWithParam<Change> {};

TEST_P(MassageOfNoEffect, IsNoMassage) {
  const Arm arm = massaged(GetParam());
  EXPECT_FALSE(has_effect(arm.massages[0]));
  EXPECT_THAT(bouts_on(arm, Limb::right), IsEmpty());
  EXPECT_FALSE(is_massaged(arm, Limb::right));
}

INSTANTIATE_TEST_SUITE_P(Force, MassageOfNoEffect, testing::Values([](Massage& massage) { massage.force_N = 0.0; }));
INSTANTIATE_TEST_SUITE_P(Frequency, MassageOfNoEffect,
                         testing::Values([](Massage& massage) { massage.frequency_Hz = 0.0; }));
INSTANTIATE_TEST_SUITE_P(Length, MassageOfNoEffect,
                         testing::Values([](Massage& massage) { massage.bout = Minutes(0); }));
INSTANTIATE_TEST_SUITE_P(Number, MassageOfNoEffect, testing::Values([](Massage& massage) { massage.bouts = 0; }));

TEST(Massage, HasAnEffectByDefaultOnItsLimb) {
  EXPECT_TRUE(has_effect({}));
  EXPECT_TRUE(is_massaged(massaged(unchanged), Limb::right));
  EXPECT_FALSE(is_massaged(massaged(unchanged), Limb::left));
}

// --- the gastrocnemius -----------------------------------------------------------------------------------------------

TEST(HeadsOf, AreTheTwoOfTheGastrocnemiusAndTheMuscleItselfOfEveryOther) {
  EXPECT_THAT(heads_of(MuscleName::gastrocnemius),
              ElementsAre(Muscle::gastrocnemius_medial, Muscle::gastrocnemius_lateral));
  for (std::size_t i = 0; i < laws::n_muscles; ++i) {
    EXPECT_THAT(heads_of(MuscleName{i}), ElementsAre(Muscle{i}));
    EXPECT_EQ(muscle_names[i], laws::muscle_names[i]);
  }
}

TEST(Bouts, OnTheGastrocnemiusAreOnBothHeads) {
  const Arm arm = massaged([](Massage& massage) { massage.muscles = {MuscleName::gastrocnemius}; });
  EXPECT_THAT(bouts_on(arm, Limb::right, Muscle::gastrocnemius_medial), SizeIs(4));
  EXPECT_THAT(bouts_on(arm, Limb::right, Muscle::gastrocnemius_lateral), SizeIs(4));
  EXPECT_THAT(bouts_on(arm, Limb::right, Muscle::soleus), IsEmpty());
}

// --- training --------------------------------------------------------------------------------------------------------

/// Suspension for 3 d, then a load of 0.7 for 5 d, with sessions on the right limb.
Arm trained(const std::function<void(Training&)>& change) {
  Training training;
  training.phase = "reload";
  training.session = Minutes(45);
  training.load = 1.7;
  training.every = days(1.5);
  training.sessions = 3;
  change(training);
  Arm arm = one_limb_suspended();
  arm.phases[0].load = {{0.0, 0.0}};
  arm.trainings = {training};
  return arm;
}
void as_it_is(Training&) {}

TEST(Sessions, StartInTheirPhaseAtEqualIntervals) {
  const Arm arm = trained([](Training& training) { training.first = days(0.5); });
  EXPECT_THAT(sessions_of(arm, Limb::right), ElementsAre(Session{days(3.5), days(3.5) + Minutes(45), 1.7},
                                                         Session{days(5), days(5) + Minutes(45), 1.7},
                                                         Session{days(6.5), days(6.5) + Minutes(45), 1.7}));
}

TEST(Sessions, AreOnTheChosenLimbOnly) {
  EXPECT_THAT(sessions_of(trained(as_it_is), Limb::left), IsEmpty());
  const Arm both = trained([](Training& training) { training.limb = LimbChoice::both; });
  EXPECT_EQ(sessions_of(both, Limb::left), sessions_of(both, Limb::right));
}

TEST(Sessions, OfNoLengthOrNumberAreNone) {
  EXPECT_THAT(sessions_of(trained([](Training& training) { training.session = Minutes(0); }), Limb::right), IsEmpty());
  EXPECT_THAT(sessions_of(trained([](Training& training) { training.sessions = 0; }), Limb::right), IsEmpty());
}

TEST(Sessions, OfTwoTrainingsAreInOrderOfTime) {
  Arm arm = trained([](Training& training) { training.sessions = 2; });  // days 3 and 4.5
  arm.trainings.push_back(arm.trainings[0]);
  arm.trainings[1].phase = "suspension";
  arm.trainings[1].every = days(4);  // days 0 and 4
  std::vector<Minutes> starts;
  for (const Session& session : sessions_of(arm, Limb::right)) starts.push_back(session.start);
  EXPECT_THAT(starts, ElementsAre(days(0), days(3), days(4), days(4.5)));
}

TEST(LoadSpans, RiseToTheLoadOfASession) {
  const Arm arm = trained([](Training& training) { training.sessions = 2; });
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::right),
              ElementsAre(Span{days(0), days(3), 0.0}, Span{days(3), days(3) + Minutes(45), 1.7},
                          Span{days(3) + Minutes(45), days(4.5), 0.7}, Span{days(4.5), days(4.5) + Minutes(45), 1.7},
                          Span{days(4.5) + Minutes(45), days(8), 0.7}));
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::left),
              ElementsAre(Span{days(0), days(3), 0.0}, Span{days(3), days(8), 0.7}));
}

TEST(LoadSpans, OfASessionAcrossTheStartOfAPhaseIsItsOwn) {
  const Arm arm = trained([](Training& training) {
    training.phase = "suspension";
    training.first = days(3) - Minutes(20);
    training.sessions = 1;
  });
  EXPECT_THAT(
      spans_of(study_of(arm), arm, Limb::right),
      ElementsAre(Span{days(0), days(3) - Minutes(20), 0.0}, Span{days(3) - Minutes(20), days(3) + Minutes(25), 1.7},
                  Span{days(3) + Minutes(25), days(8), 0.7}));
}

TEST(LoadSpans, OfASessionThatOutlastsAWholePhaseSkipsIt) {
  Arm arm = trained([](Training& training) {
    training.phase = "suspension";
    training.first = days(3) - Minutes(10);
    training.sessions = 1;
  });
  arm.phases.insert(arm.phases.begin() + 1, Phase{.name = "short", .load = {{0.3, 0.3}}, .duration = Minutes(20)});
  EXPECT_THAT(
      spans_of(study_of(arm), arm, Limb::right),
      ElementsAre(Span{days(0), days(3) - Minutes(10), 0.0}, Span{days(3) - Minutes(10), days(3) + Minutes(35), 1.7},
                  Span{days(3) + Minutes(35), days(8) + Minutes(20), 0.7}));
}

TEST(LoadSpans, OfASessionUpToTheEndOfTheArmEndWithIt) {
  const Arm arm = trained([](Training& training) {
    training.first = days(5) - Minutes(45);
    training.sessions = 1;
  });
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::right),
              ElementsAre(Span{days(0), days(3), 0.0}, Span{days(3), days(8) - Minutes(45), 0.7},
                          Span{days(8) - Minutes(45), days(8), 1.7}));
}

TEST(LoadSpans, AtTheLoadOfThePhaseShowNoSession) {
  const Arm arm = trained([](Training& training) { training.load = 0.7; });
  EXPECT_THAT(spans_of(study_of(arm), arm, Limb::right),
              ElementsAre(Span{days(0), days(3), 0.0}, Span{days(3), days(8), 0.7}));
}

// --- label -----------------------------------------------------------------------------------------------------------

TEST(LabelStart, IsThatOfTheLastPhaseUnlessOneIsNamed) {
  Arm arm = one_limb_suspended();
  EXPECT_EQ(label_start(arm), days(3));
  arm.label.first = days(0.5);
  EXPECT_EQ(label_start(arm), days(3.5));
  arm.label.phase = "suspension";
  EXPECT_EQ(label_start(arm), days(0.5));
}

TEST(Phases, StartWhereTheOnesBeforeThemEnd) {
  EXPECT_EQ(start_of(one_limb_suspended(), 0), days(0));
  EXPECT_EQ(start_of(one_limb_suspended(), 1), days(3));
}

TEST(RecordedTimes, AreEqualIntervalsAndTheEndOfEveryArm) {
  Study study = study_of(one_limb_suspended());
  study.arms.push_back({.name = "short",
                        .phases = {{.name = "cage", .load = {}, .duration = Minutes(1441)}},
                        .massages = {},
                        .trainings = {},
                        .label = {}});
  study.record.every = days(3);
  EXPECT_THAT(recorded_times(study), ElementsAre(days(0), Minutes(1441), days(3), days(6), days(8)));
}

TEST(RecordedTimes, ThatAreListedComeInOrderEachOnce) {
  Study study = study_of(one_limb_suspended());
  study.record.times = {days(7), days(0.5), days(7)};
  EXPECT_THAT(recorded_times(study), ElementsAre(days(0.5), days(7), days(8)));
}

}  // namespace
}  // namespace hindlimb::scenario
