#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/random.hpp"
#include "invariants/laws.hpp"
#include "validation/solved_states.hpp"

namespace hindlimb::invariants {
namespace {

using scenario::Arithmetic;
using scenario::Method;

constexpr std::uint64_t few_rats = 5;

Study with_method(Study study, Method method) {
  study.solver.method = method;
  return study;
}

/// Equal to the bit: NaN counts as itself.
testing::AssertionResult have_equal_bits(const std::vector<double>& a, const std::vector<double>& b) {
  const auto differ = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) != std::bit_cast<std::uint64_t>(y);
  };
  if (a.size() != b.size()) return testing::AssertionFailure() << a.size() << " and " << b.size() << " numbers";
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!differ(a[i], b[i])) continue;
    return testing::AssertionFailure() << muscle::state_table[i % muscle::n_states].name << " is " << a[i] << " and "
                                       << b[i] << " in row " << i / muscle::n_states;
  }
  return testing::AssertionSuccess();
}

/// Largest error: absolute in states below their weight-bearing size, else relative.
double largest_error(const std::vector<double>& values, const std::vector<double>& exact) {
  EXPECT_EQ(values.size(), exact.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const double error = std::fabs(values[i] - exact[i]) / std::max(1.0, std::fabs(exact[i]));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

class Lanes : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Configs, Lanes, testing::ValuesIn(config_names()),
                         [](const auto& file) { return file.param; });

TEST_P(Lanes, HaveTheBitsOfThePlainPath) {
  const Study study = read_config(GetParam());
  EXPECT_TRUE(have_equal_bits(SolvedStates(study, few_rats).all(),
                              SolvedStates(with_method(study, Method::scalar), few_rats).all()));
}

TEST_P(Lanes, HaveTheSameBitsWhateverTheirNeighboursAre) {
  const Study study = read_config(GetParam());
  const std::vector<double> in_turn = SolvedStates(study, few_rats).all();
  for (const std::uint64_t shuffle : {1U, 2U, 3U}) {
    EXPECT_TRUE(have_equal_bits(SolvedStates(study, few_rats, shuffle).all(), in_turn));
  }
}

Study in_single_precision(Study study) {
  study.solver = {.precision = Arithmetic::f32, .rtol = 3e-5, .atol = 3e-5};
  return study;
}

TEST_P(Lanes, HaveTheSameBitsInSinglePrecisionToo) {
  const Study study = in_single_precision(read_config(GetParam()));
  const std::vector<double> in_turn = SolvedStates(study, few_rats).all();
  EXPECT_TRUE(have_equal_bits(SolvedStates(study, few_rats, 1).all(), in_turn));
  const WithEnvironment isa("HINDLIMB_ISA", "baseline");
  EXPECT_TRUE(have_equal_bits(SolvedStates(study, few_rats).all(), in_turn));
}

TEST_P(Lanes, HaveTheSameBitsOnEveryInstructionSet) {
  const Study study = read_config(GetParam());
  const auto by = [&](const char* instruction_set) {
    const WithEnvironment isa("HINDLIMB_ISA", instruction_set);
    return SolvedStates(study, few_rats).all();
  };
  const std::vector<double> baseline = by("baseline");
  for (const char* wider : {"avx2", "avx512"}) {
    const std::string flag = std::string(wider) == "avx2" ? "avx2" : "avx512dq";
    const bool is_there = flag == "avx2" ? __builtin_cpu_supports("avx2") : __builtin_cpu_supports("avx512dq");
    if (!is_there) continue;
    EXPECT_TRUE(have_equal_bits(by(wider), baseline)) << wider;
  }
}

#ifdef HINDLIMB_HAS_CVODE
/// Errors of steps add up: 10 x the tolerance.
TEST_P(Lanes, AgreeWithCvode) {
  Study study = read_config(GetParam());
  Study by_cvode = with_method(study, Method::cvode);
  by_cvode.solver.rtol = 1e-12;
  by_cvode.solver.atol = 1e-13;
  const std::vector<double> expected = SolvedStates(by_cvode, few_rats).all();
  EXPECT_LT(largest_error(SolvedStates(study, few_rats).all(), expected), 10.0 * study.solver.rtol);
  study.solver.rtol = study.solver.atol = 1e-10;
  EXPECT_LT(largest_error(SolvedStates(study, few_rats).all(), expected), 10.0 * study.solver.rtol);
}
#else
TEST(Cvode, IsRefusedWhereItWasNotBuiltIn) {
  EXPECT_THROW(sim::run_study(with_method(read_config("miller2018"), Method::cvode), {}), Error);
}
#endif

/// Parameters spread around the defaults, with a coefficient of variation of 0.25 as between animals and laboratories.
scenario::ParameterSet spread_parameters(std::uint64_t number) {
  scenario::ParameterSet set = scenario::default_parameter_set();
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    const double z = random::normal({number, random::Purpose::set_point}, {0, 0, 0, i});
    for (laws::Parameters<double>& p : set) {
      double& value = p.*laws::parameter_members<double>[i];
      value = std::clamp(value * std::exp(0.25 * z), info.low, info.high);
    }
  }
  return set;
}

TEST(ThousandParameterSets, ErrLessThanTenTimesTheToleranceInAll) {
  Study study = read_config("miller2018");
  study.arms.erase(study.arms.begin(), study.arms.end() - 1);
  study.compare = {};
  for (const double rtol : {1e-5, 1e-7}) {
    double worst = 0.0;
    for (std::uint64_t number = 1; number <= 1000; ++number) {
      study.parameters = spread_parameters(number);
      study.solver = {.rtol = rtol, .atol = rtol};
      const std::vector<double> values = SolvedStates(study, 1).all();
      study.solver.rtol = study.solver.atol = 1e-12;
      const double error = largest_error(values, SolvedStates(study, 1).all());
      ASSERT_LT(error, 10.0 * rtol) << "parameter set " << number;
      worst = std::max(worst, error);
    }
    EXPECT_GT(worst, 0.1 * rtol);  // the comparison sees errors
  }
}

TEST(SinglePrecision, ErrsLessThanOneInTenThousandAndIsNotDoublePrecision) {
  Study study = read_config("miller2018");
  study.solver = {.rtol = 1e-12, .atol = 1e-12};
  const std::vector<double> exact = SolvedStates(study, few_rats).all();
  study.solver = {.precision = Arithmetic::f32, .rtol = 3e-5, .atol = 3e-5};
  const std::vector<double> values = SolvedStates(study, few_rats).all();
  EXPECT_LT(largest_error(values, exact), 1.1e-4);
  EXPECT_EQ(values[0], static_cast<double>(static_cast<float>(values[0])));
}

/// A lane whose numbers are broken, between lanes whose numbers are not.
TEST(BrokenLane, IsToldAndLeavesTheOthersUntouched) {
  struct Queue {
    std::vector<ensemble::Job> jobs;
    std::size_t next = 0;
  };
  const Study study = read_config("miller2018");
  const sim::Histories histories = histories_of({&study});
  const sim::Stretch& stretch = histories.stretches()[histories.roots().front()];
  const muscle::StateVector<double> start = muscle::weight_bearing_state<double>();
  const auto good = laws::coefficients(study.parameters[1]);
  laws::Coefficients<double> broken = good;
  broken.fast_turnover_per_d = broken.myofibrillar_turnover_per_d = std::numeric_limits<double>::quiet_NaN();
  constexpr std::size_t n_jobs = 20;
  std::vector<std::vector<double>> ends(n_jobs, std::vector<double>(muscle::n_states));
  Queue queue;
  for (std::size_t i = 0; i < n_jobs; ++i) {
    queue.jobs.push_back({.coefficients = i % 3 == 1 ? &broken : &good,
                          .spans = stretch.spans.data(),
                          .n_spans = stretch.spans.size(),
                          .start = start.data(),
                          .end = ends[i].data(),
                          .max_steps = 100'000});
  }
  const auto next = [](void* owner) -> ensemble::Job* {
    Queue& q = *static_cast<Queue*>(owner);
    return q.next < q.jobs.size() ? &q.jobs[q.next++] : nullptr;
  };
  ensemble::integrate(chosen_instruction_set(), ensemble::Precision::f64, {1e-7, 1e-7},
                      {&queue, next, [](void*, ensemble::Job*) {}});
  for (std::size_t i = 0; i < n_jobs; ++i) {
    SCOPED_TRACE(i);
    if (i % 3 == 1) {
      EXPECT_EQ(queue.jobs[i].outcome, ode::Outcome::not_finite);
    } else {
      EXPECT_EQ(queue.jobs[i].outcome, ode::Outcome::reached);
      EXPECT_EQ(ends[i], ends[0]);
      EXPECT_EQ(queue.jobs[i].statistics.accepted, queue.jobs[0].statistics.accepted);
    }
  }
}

/// A corner of the box so stiff that no step is small enough: told, and the others go on.
TEST(StiffCorner, IsRedoneAloneAndToldWhereThatDoesNotHelp) {
  Study study = read_config("miller2018");
  study.muscles = {MuscleName::soleus, MuscleName::plantaris};
  study.parameters[static_cast<std::size_t>(Muscle::soleus)].load_signal_time_d = 1e-18;
  const Results results = sim::run_study(study, {});
  EXPECT_EQ(results.status, sim::RunStatus::some_simulations_failed);
  EXPECT_THAT(results.message, testing::HasSubstr("soleus, left limb: needs steps too small for the clock"));
  EXPECT_THAT(results.message, testing::Not(testing::HasSubstr("plantaris")));
  EXPECT_EQ(results.n_redone, 12);  // two rats and limbs in the three arms that are unloaded
}

/// A rate of damage that single precision has no number for: every segment is stuck, and done in double precision.
TEST(MuscleThatIsRedone, GoesOnAsBeforeWhateverItSharesAStretchWith) {
  Study study = in_single_precision(read_config("miller2018"));
  study.compare = {};
  for (laws::Parameters<double>& p : study.parameters) p.damage_rate_per_d = 1e39;
  Study alone = study;
  alone.arms = {study.arms.back()};
  const Results together = sim::run_study(study, {});
  const Results one = sim::run_study(alone, {});
  EXPECT_EQ(together.status, sim::RunStatus::ok) << together.message;
  EXPECT_EQ(together.n_redone, 16);  // two rats and limbs in four arms
  EXPECT_EQ(one.n_redone, 4);
  for (const char* series : {"csa", "neutrophils", "ed1", "myofibrillar_fsr"}) {
    for (const Limb limb : scenario::limbs) {
      for (std::size_t time = 0; time < one.labels.times_d.size(); ++time) {
        const double a = one.find(series).values[one.labels.index(0, 1, 0, static_cast<std::size_t>(limb), time)];
        const double b =
            together.find(series).values[together.labels.index(3, 1, 0, static_cast<std::size_t>(limb), time)];
        EXPECT_TRUE(have_equal_bits({a}, {b})) << series << " at time " << time;
      }
    }
  }
}

TEST(MaxSteps, ThatAreSpentNearAForkAreToldAlikeByAllMethodsAndAlone) {
  Study study = read_config("miller2018");
  study.animals.per_arm = 1;
  study.compare = {};
  const SolvedStates solved(study, 1);
  const sim::Histories histories = histories_of({&study});
  const std::size_t shared = histories.path_to({0, 3, Muscle::gastrocnemius_medial, Limb::right})[0];
  const ode::Statistics& at_fork = solved.rats()[0]->tasks[shared].statistics;
  for (std::int64_t more = -2; more <= 2; ++more) {
    study.solver.max_steps = at_fork.accepted + at_fork.rejected + more;
    Study alone = study;
    alone.arms = {study.arms.back()};
    const std::string message = sim::run_study(with_method(study, Method::scalar), {}).message;
    EXPECT_EQ(sim::run_study(study, {}).message, message);
    EXPECT_THAT(message, testing::HasSubstr(sim::run_study(alone, {}).message));
    EXPECT_THAT(message, testing::HasSubstr("arm REM"));
  }
}

TEST(MaxSteps, CountsTheStepsOfAllStretches) {
  Study study = read_config("miller2018");
  study.animals.per_arm = 1;
  study.arms.erase(study.arms.begin(), study.arms.end() - 1);
  study.compare = {};
  const SolvedStates solved(study, 1);
  std::int64_t needed = 0;
  for (const sim::Task& task : solved.rats()[0]->tasks) {
    needed = std::max(needed, task.statistics.accepted + task.statistics.rejected);
  }
  for (const Method method : {Method::ensemble, Method::scalar}) {
    study.solver.method = method;
    study.solver.max_steps = needed;
    EXPECT_EQ(sim::run_study(study, {}).status, sim::RunStatus::ok);
    study.solver.max_steps = needed - 1;
    const Results results = sim::run_study(study, {});
    EXPECT_THAT(results.message, testing::HasSubstr("needs more steps than solver.max_steps"));
  }
}

TEST(InstructionSet, IsRefusedByNameIfItIsNoneOrNotThere) {
  const WithEnvironment isa("HINDLIMB_ISA", "sse9");
  try {
    chosen_instruction_set();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith(
                                  "HINDLIMB_ISA: is 'sse9', which is no instruction set; this machine has: baseline"));
  }
}

TEST(Stretches, AreSharedUpToWhereArmsPart) {
  const Study study = read_config("miller2018");
  const sim::Histories histories = histories_of({&study});
  const auto arm = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(study.arms, name, &Arm::name) - study.arms.begin());
  };
  for (const Limb limb : scenario::limbs) {
    const auto re = histories.path_to({0, arm("RE"), Muscle::gastrocnemius_medial, limb});
    const auto rem = histories.path_to({0, arm("REM"), Muscle::gastrocnemius_medial, limb});
    EXPECT_EQ(re.size(), 2);
    EXPECT_EQ(re[0], rem[0]);
    EXPECT_NE(re[1], rem[1]);
    EXPECT_EQ(to_days(histories.stretches()[re[0]].segments.back().end), 14.0);
  }
}

TEST(Stretches, OfAnUntouchedLimbAreThoseOfTheUntreatedArmWithoutCrossover) {
  Study study = read_config("miller2018");
  for (laws::Parameters<double>& p : study.parameters) p.humoral_gain = 0.0;
  const sim::Histories histories = histories_of({&study});
  EXPECT_EQ(histories.path_to({0, 2, Muscle::gastrocnemius_medial, Limb::left}),
            histories.path_to({0, 3, Muscle::gastrocnemius_medial, Limb::left}));
}

TEST(Stretches, WithoutRandomEffectsAreThoseOfOneRatWithTwoLimbsAlike) {
  Study study = read_config("miller2018");
  study.animals.set_point_cv = study.animals.unloading_response_cv = study.animals.massage_response_cv = 0.0;
  const sim::Histories histories = histories_of({&study});
  EXPECT_TRUE(histories.has_one_rat());
  EXPECT_EQ(histories.parameters_from().size(), 1);
  EXPECT_EQ(histories.path_to({0, 2, Muscle::gastrocnemius_medial, Limb::left}),
            histories.path_to({0, 2, Muscle::gastrocnemius_medial, Limb::right}));
}

TEST(Stretches, OfIndependentRatsAreNotShared) {
  Study study = read_config("miller2018");
  study.animals.pairing = Pairing::independent;
  const sim::Histories histories = histories_of({&study});
  EXPECT_EQ(histories.parameters_from().size(), 8);
  EXPECT_NE(histories.path_to({0, 2, Muscle::gastrocnemius_medial, Limb::left})[0],
            histories.path_to({0, 3, Muscle::gastrocnemius_medial, Limb::left})[0]);
}

TEST(Stretches, OfRunsThatDifferInMassageAloneAreSharedBeforeIt) {
  const Study study = read_config("miller2018");
  Study stronger = study;
  stronger.arms[3].massages[0].force_N = 9.0;
  const std::vector<sim::Run> runs{{&study}, {&stronger}};
  const sim::Histories histories(runs, {});
  const auto path = [&](std::size_t run, std::size_t arm) {
    return histories.path_to({run, arm, Muscle::gastrocnemius_medial, Limb::right});
  };
  for (const std::size_t untreated : {0U, 1U, 2U}) EXPECT_EQ(path(0, untreated), path(1, untreated));
  EXPECT_EQ(path(0, 3)[0], path(1, 3)[0]);
  EXPECT_NE(path(0, 3).back(), path(1, 3).back());
  const std::vector<sim::Run> replicates{{&study, 0}, {&study, 1}};
  EXPECT_EQ(sim::Histories(replicates, {}).parameters_from().size(), 4);
}

}  // namespace
}  // namespace hindlimb::invariants
