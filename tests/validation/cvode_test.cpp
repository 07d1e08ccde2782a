#ifdef HINDLIMB_HAS_CVODE

#include <cvode/cvode.h>
#include <gtest/gtest.h>
#include <nvector/nvector_serial.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "hindlimb/muscle/rates.hpp"
#include "invariants/laws.hpp"
#include "invariants/random_study.hpp"

/// The program's integration against that of SUNDIALS: Adams methods of variable order, restarted at every segment.
namespace hindlimb::invariants {
namespace {

using State = muscle::StateVector<double>;

struct FreeContext {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
};
struct FreeVector {
  void operator()(N_Vector vector) const { N_VDestroy(vector); }
};
struct FreeSolver {
  void operator()(SUNNonlinearSolver solver) const { SUNNonlinSolFree(solver); }
};
struct FreeMemory {
  void operator()(void* memory) const { CVodeFree(&memory); }
};

void check(int flag) {
  if (flag < 0) throw Error(CVodeGetReturnFlagName(flag));
}

class Cvode {
 public:
  explicit Cvode(const laws::Coefficients<double>& parameters) : parameters_(parameters) {
    SUNContext context = nullptr;
    check(SUNContext_Create(nullptr, &context));
    context_.reset(context);
    y_.reset(N_VNew_Serial(muscle::n_states, context));
    set(muscle::weight_bearing_state<double>());
    memory_.reset(CVodeCreate(CV_ADAMS, context));
    check(CVodeInit(memory_.get(), &Cvode::rates, 0.0, y_.get()));
    check(CVodeSStolerances(memory_.get(), 1e-11, 1e-13));
    check(CVodeSetUserData(memory_.get(), this));
    check(CVodeSetMaxNumSteps(memory_.get(), 1'000'000));
    solver_.reset(SUNNonlinSol_FixedPoint(y_.get(), 0, context));
    check(CVodeSetNonlinearSolver(memory_.get(), solver_.get()));
  }

  /// Forgets what lies before the segment and never looks beyond it.
  void enter(const sim::Segment<double>& segment) {
    stimulus_ = segment.stimulus;
    N_VGetArrayPointer(y_.get())[muscle::body_water] += segment.bolus;
    check(CVodeReInit(memory_.get(), to_days(segment.start), y_.get()));
    check(CVodeSetStopTime(memory_.get(), to_days(segment.end)));
  }

  State go_to(Minutes time) {
    double reached = 0.0;
    check(CVode(memory_.get(), to_days(time), y_.get(), &reached, CV_NORMAL));
    return get(y_.get());
  }

 private:
  static State get(N_Vector vector) { return Eigen::Map<const State>(N_VGetArrayPointer(vector)); }
  void set(const State& state) { Eigen::Map<State>(N_VGetArrayPointer(y_.get())) = state; }

  static int rates(double, N_Vector y, N_Vector dy, void* self) {
    const Cvode& cvode = *static_cast<const Cvode*>(self);
    State result;
    muscle::rates(get(y), cvode.stimulus_, cvode.parameters_, result);
    Eigen::Map<State>(N_VGetArrayPointer(dy)) = result;
    return 0;
  }

  laws::Coefficients<double> parameters_;
  laws::Stimulus<double> stimulus_;
  std::unique_ptr<std::remove_pointer_t<SUNContext>, FreeContext> context_;
  std::unique_ptr<std::remove_pointer_t<N_Vector>, FreeVector> y_;
  std::unique_ptr<std::remove_pointer_t<SUNNonlinearSolver>, FreeSolver> solver_;
  std::unique_ptr<void, FreeMemory> memory_;
};

/// States at the ends of all segments and every 8 h.
struct Samples {
  std::vector<Minutes> times;
  std::vector<State> states;
};

std::vector<Minutes> sample_times(const std::vector<sim::Segment<double>>& protocol) {
  std::vector<Minutes> times;
  for (Minutes time{480}; time <= protocol.back().end; time += Minutes{480}) times.push_back(time);
  for (const sim::Segment<double>& segment : protocol) times.push_back(segment.end);
  std::ranges::sort(times);
  const auto repeated = std::ranges::unique(times);
  times.erase(repeated.begin(), repeated.end());
  return times;
}

std::vector<State> by_cvode(const std::vector<sim::Segment<double>>& protocol, const laws::Coefficients<double>& p,
                            const std::vector<Minutes>& times) {
  std::vector<State> states;
  Cvode cvode(p);
  for (const sim::Segment<double>& segment : protocol) {
    cvode.enter(segment);
    while (states.size() < times.size() && times[states.size()] <= segment.end)
      states.push_back(cvode.go_to(times[states.size()]));
  }
  return states;
}

/// How far two states may differ: atol + rtol x state.
struct Allowed {
  double rtol;
  double atol;
};

/// Tolerance to load is gained faster than it is lost: where it meets the load signal its slope has a kink, in
/// reloading and twice in every session of training, and the step that holds the kink does not see all of its error.
/// Damage and the cells that it calls follow.
double kink(std::size_t state) {
  constexpr muscle::State follow_the_kink[] = {muscle::tolerance, muscle::damage, muscle::neutrophils, muscle::ed1,
                                               muscle::ed2};
  return std::ranges::find(follow_the_kink, state) != std::end(follow_the_kink) ? 30.0 : 1.0;
}

void expect_near_cvode(const Study& study, const Arm& arm, Muscle muscle, Limb limb, Allowed allowed) {
  const laws::Coefficients<double> p = coefficients_of(study, arm, 0, muscle, limb);
  const std::vector<sim::Segment<double>> protocol = sim::segments(study, arm, muscle, limb, p);
  const std::vector<Minutes> times = sample_times(protocol);
  const std::vector<State> expected = by_cvode(protocol, p, times);
  const auto outcome =
      sim::integrate_muscle(std::span(protocol), p, study.solver, times, [&](std::size_t t, const State& y) {
        for (std::size_t i = 0; i < muscle::n_states; ++i) {
          const auto index = static_cast<Eigen::Index>(i);
          EXPECT_NEAR(y[index], expected[t][index],
                      kink(i) * (allowed.atol + allowed.rtol * std::fabs(expected[t][index])))
              << muscle::state_table[i].name << " of "
              << to_string(Place{arm.name, 0, std::string(laws::muscle_names[static_cast<std::size_t>(muscle)]), limb})
              << " on day " << to_days(times[t]);
        }
      });
  EXPECT_EQ(outcome.outcome, ode::Outcome::reached);
}

void expect_near_cvode(const Study& study, Allowed allowed) {
  for (const Arm& arm : study.arms)
    for (const Muscle muscle : heads_in(study))
      for (const Limb limb : scenario::limbs) expect_near_cvode(study, arm, muscle, limb, allowed);
}

/// Errors of steps add up: 10 x the solver's rtol. As much in absolute terms, not a multiple of the solver's atol,
/// since an error of rtol in a state of size 1 is an error of that size in the small states that follow it.
Allowed a_few_steps_of(const scenario::Solver& solver) { return {10.0 * solver.rtol, 10.0 * solver.rtol}; }

class AgainstCvode : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Configs, AgainstCvode, testing::ValuesIn(config_names()),
                         [](const auto& file) { return file.param; });

TEST_P(AgainstCvode, HasTheSameStatesAtTheToleranceOfTheFile) {
  const Study study = read_config(GetParam());
  expect_near_cvode(study, a_few_steps_of(study.solver));
}

TEST_P(AgainstCvode, HasTheSameStatesAtATightTolerance) {
  Study study = read_config(GetParam());
  study.solver.rtol = 1e-10;
  study.solver.atol = 1e-12;
  expect_near_cvode(study, a_few_steps_of(study.solver));
}

/// Anywhere in their bounds, parameters make some muscles so sensitive that both solvers' errors grow ten thousandfold,
/// in proportion to their tolerances. At 1e-10 that is 1e-6, the worst of 1000 sets; a wrong term of a rate is wrong by
/// 1e-3.
constexpr Allowed sensitive{.rtol = 1e-5, .atol = 1e-5};

TEST(FiftyRandomParameterSets, HaveTheStatesOfCvode) {
  Study study = read_config("miller2018");
  study.arms.erase(study.arms.begin(), study.arms.end() - 1);
  study.compare = {};
  study.solver.rtol = 1e-10;
  study.solver.atol = 1e-12;
  for (std::uint64_t number = 1; number <= 50; ++number) {
    Dice dice(number);
    study.parameters = random_parameters(dice, 1.0);
    SCOPED_TRACE(testing::Message() << "random_parameters(Dice(" << number << "), 1.0):\n" << scenario::to_toml(study));
    expect_near_cvode(study, sensitive);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace hindlimb::invariants

#endif
