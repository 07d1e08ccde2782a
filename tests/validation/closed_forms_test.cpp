#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "hindlimb/sim/exchange.hpp"
#include "hindlimb/sim/integrate.hpp"

/// States that are linear in the protocol have closed forms.
namespace hindlimb::sim {
namespace {

using scenario::Limb;
using scenario::LimbChoice;
using scenario::Muscle;
using scenario::MuscleName;
using scenario::Study;

/// States at the end of every hour, from protocol to state: only what a run does.
class LinearStates : public testing::Test {
 protected:
  LinearStates() {
    p_.load_signal_time_d = 0.17;
    p_.load_history_time_d = 1.3;
    p_.massage_memory_time_d = 1.7;
    p_.humoral_gain = 0.3;
    p_.humoral_time_d = 0.7;
    p_.neural_gain = 0.9;
    p_.neural_time_d = 2.3;
    p_.behavioural_gain = 0.0;
    p_.training_gain = 0.07;
    p_.cross_education_gain = 0.03;
    p_.training_time_d = 19.0;
    p_.label_bolus = 0.7;
    p_.body_water_turnover_per_d = 0.23;
    p_ = laws::coefficients(p_);
    study_.muscles = {MuscleName::soleus};
    study_.arms = {{"HS", {{"suspension", {{0.0, 0.0}}, Minutes{9 * 1440}}}, {}, {}, {}}};
  }

  /// Bouts of 4.0 N at 0.7 Hz on the left limb, the first after 100 min.
  void massage(Minutes bout, Minutes every, std::int64_t bouts) {
    study_.arms[0].massages = {{LimbChoice::left, {}, "suspension", 4.0, 0.7, bout, Minutes{100}, every, bouts}};
  }

  void set_tolerance(double rtol) { study_.solver = {.rtol = rtol, .atol = 0.01 * rtol}; }

  double dose_per_d() const { return laws::massage_dose_rate(4.0, 0.7, p_); }

  /// Largest difference between a state and its closed form, over the whole arm.
  double error(muscle::State state, Limb limb, const std::function<double(double)>& closed_form) const {
    std::vector<Minutes> times;
    for (Minutes time{0}; time <= Minutes{9 * 1440}; time += Minutes{60}) times.push_back(time);
    double largest = 0.0;
    const auto on_record = [&](std::size_t i, const muscle::StateVector<double>& y) {
      largest = std::max(largest, std::fabs(y[static_cast<Eigen::Index>(state)] - closed_form(to_days(times[i]))));
    };
    const std::vector<Segment<double>> protocol = segments(study_, study_.arms[0], Muscle::soleus, limb, p_);
    const auto outcome = integrate_muscle(std::span(protocol), p_, study_.solver, times, on_record);
    EXPECT_EQ(outcome.outcome, ode::Outcome::reached);
    return largest;
  }

  /// A store that bouts fill at a rate and that decays: sum over the bouts of what is left of each.
  std::function<double(double)> store(double rate_per_d, double time_d) const {
    const scenario::Massage& massage = study_.arms[0].massages[0];
    return store(rate_per_d, time_d, {massage.first, massage.every, massage.bout, massage.bouts});
  }

  struct Pulses {
    Minutes first;
    Minutes every;
    Minutes length;
    std::int64_t count;
  };

  static std::function<double(double)> store(double rate_per_d, double time_d, Pulses pulses) {
    return [=](double t) {
      double sum = 0.0;
      for (std::int64_t i = 0; i < pulses.count; ++i) {
        const double start = to_days(pulses.first + i * pulses.every);
        const double since_start = std::max(0.0, t - start);
        const double since_end = std::max(0.0, t - start - to_days(pulses.length));
        sum += rate_per_d * time_d * (std::exp(-since_end / time_d) - std::exp(-since_start / time_d));
      }
      return sum;
    };
  }

  double body_water_after_label(double t) const {
    return 1.0 - (1.0 - p_.label_bolus) * std::exp(-p_.body_water_turnover_per_d * t);
  }

  double exposure_d_after_label(double t) const {
    const double rate_per_d = p_.body_water_turnover_per_d;
    return t - (1.0 - p_.label_bolus) * (1.0 - std::exp(-rate_per_d * t)) / rate_per_d;
  }

  /// Labelled share of a pool in weight bearing, whose turnover differs from that of body water.
  double labelled_share(double turnover_per_d, double t) const {
    const double water_per_d = p_.body_water_turnover_per_d;
    const double pool = std::exp(-turnover_per_d * t);
    const double water = std::exp(-water_per_d * t);
    return 1.0 - pool - (1.0 - p_.label_bolus) * turnover_per_d * (water - pool) / (turnover_per_d - water_per_d);
  }

  double load_signal_after_unloading(double t) const { return std::exp(-t / p_.load_signal_time_d); }

  double load_history_after_unloading(double t) const {
    const double fast = p_.load_signal_time_d;
    const double slow = p_.load_history_time_d;
    return (slow * std::exp(-t / slow) - fast * std::exp(-t / fast)) / (slow - fast);
  }

  Study study_;
  laws::Coefficients<double> p_ = laws::coefficients(laws::default_parameters(Muscle::soleus));
};

/// At a tolerance of 1e-10 per step, in a unit of 1; a wrong time by 1 % would be wrong by more than 1e-3.
constexpr double few_steps_of_1e_10 = 1e-8;

TEST_F(LinearStates, FollowUnloadingAsAnExponential) {
  set_tolerance(1e-10);
  EXPECT_LT(error(muscle::load_signal, Limb::left, [&](double t) { return load_signal_after_unloading(t); }),
            few_steps_of_1e_10);
}

TEST_F(LinearStates, GetUsedToUnloadingInTwoStages) {
  set_tolerance(1e-10);
  EXPECT_LT(error(muscle::load_history, Limb::left, [&](double t) { return load_history_after_unloading(t); }),
            few_steps_of_1e_10);
}

TEST_F(LinearStates, RememberThePulsesOfEveryBout) {
  set_tolerance(1e-10);
  massage(Minutes{30}, Minutes{2000}, 4);
  EXPECT_LT(error(muscle::massage_memory, Limb::left, store(dose_per_d(), 1.7)), few_steps_of_1e_10);
  EXPECT_EQ(error(muscle::massage_memory, Limb::right, [](double) { return 0.0; }), 0.0);
}

TEST_F(LinearStates, CarryTheHumoralSignalToBothLimbs) {
  set_tolerance(1e-10);
  massage(Minutes{30}, Minutes{2000}, 4);
  EXPECT_LT(error(muscle::humoral_signal, Limb::left, store(0.3 * dose_per_d(), 0.7)), few_steps_of_1e_10);
  EXPECT_LT(error(muscle::humoral_signal, Limb::right, store(0.3 * dose_per_d(), 0.7)), few_steps_of_1e_10);
}

TEST_F(LinearStates, CarryTheNeuralSignalToTheOtherLimb) {
  set_tolerance(1e-10);
  massage(Minutes{30}, Minutes{2000}, 4);
  EXPECT_LT(error(muscle::neural_signal, Limb::right, store(0.9 * dose_per_d(), 2.3)), few_steps_of_1e_10);
  EXPECT_EQ(error(muscle::neural_signal, Limb::left, [](double) { return 0.0; }), 0.0);
}

/// A session of 40 min at 1.3 times cage load: 0.3 / 0.5 of the unit dose, 48 times a day while it lasts.
TEST_F(LinearStates, RaiseActivationWithEverySessionInBothLimbs) {
  set_tolerance(1e-10);
  study_.arms[0].trainings = {{LimbChoice::left, "suspension", 1.3, Minutes{40}, Minutes{100}, Minutes{2000}, 4}};
  const Pulses sessions{Minutes{100}, Minutes{2000}, Minutes{40}, 4};
  EXPECT_LT(error(muscle::training_adaptation, Limb::left, store(0.07 * 0.6 * 48.0, 19.0, sessions)),
            few_steps_of_1e_10);
  EXPECT_LT(error(muscle::training_adaptation, Limb::right, store(0.03 * 0.6 * 48.0, 19.0, sessions)),
            few_steps_of_1e_10);
}

/// In weight bearing, after a bolus on day 2.
class Label : public LinearStates {
 protected:
  Label() {
    set_tolerance(1e-10);
    study_.arms = {{"WB", {{"cage", {}, Minutes{9 * 1440}}}, {}, {}, {"cage", Minutes{2 * 1440}}}};
    p_.myofibrillar_turnover_per_d = 0.07;
    p_.collagen_turnover_per_d = 0.011;
    p_.rna_turnover_per_d = 0.13;
  }

  /// What is recorded on day 2 itself is the end of the time without label.
  static std::function<double(double)> from_day_2(const std::function<double(double)>& since) {
    return [=](double t) { return t <= 2.0 ? 0.0 : since(t - 2.0); };
  }
};

TEST_F(Label, FillsBodyWaterFromTheBolusToThePlateau) {
  EXPECT_LT(error(muscle::body_water, Limb::left, from_day_2([&](double t) { return body_water_after_label(t); })),
            few_steps_of_1e_10);
  EXPECT_LT(error(muscle::label_exposure, Limb::left, from_day_2([&](double t) { return exposure_d_after_label(t); })),
            few_steps_of_1e_10);
}

TEST_F(Label, EntersEachPoolWithItsTurnover) {
  const std::pair<muscle::State, double> pools[] = {
      {muscle::labelled_myofibrillar, 0.07}, {muscle::labelled_collagen, 0.011}, {muscle::labelled_rna, 0.13}};
  for (const auto& [pool, turnover_per_d] : pools) {
    EXPECT_LT(
        error(pool, Limb::left, from_day_2([&, rate = turnover_per_d](double t) { return labelled_share(rate, t); })),
        few_steps_of_1e_10)
        << muscle::state_table[pool].name;
  }
}

/// The dose of a minute is 1/1440 of a day: a step over it would lose it all.
TEST_F(LinearStates, FeelABoutOfOneMinuteInNineDays) {
  set_tolerance(1e-10);
  massage(Minutes{1}, Minutes{2000}, 1);
  EXPECT_LT(error(muscle::massage_memory, Limb::left, store(dose_per_d(), 1.7)), few_steps_of_1e_10);
  study_.solver.rtol = study_.solver.atol = 1e-3;  // coarse: the dose is exact all the same, but for the decay
  EXPECT_LT(error(muscle::massage_memory, Limb::left, store(dose_per_d(), 1.7)), 2e-3);
}

/// Without a perceptible decay the whole dose stays, whatever the tolerance: rate x time, to rounding.
TEST_F(LinearStates, KeepExactlyTheDoseOfABoutThatDoesNotDecay) {
  p_.massage_memory_time_d = 1e15;  // beyond its bounds, to leave the dose alone
  p_ = laws::coefficients(p_);
  for (const double rtol : {1e-3, 1e-6, 1e-9}) {
    set_tolerance(rtol);
    massage(Minutes{1}, Minutes{2000}, 1);
    const double dose = dose_per_d() / 1440.0;
    const auto after = [&](double t) { return t < to_days(Minutes{101}) ? 0.0 : dose; };
    EXPECT_LT(error(muscle::massage_memory, Limb::left, after), 1e-12 * dose);
  }
}

/// Each step errs by less than rtol; errors of steps add up and decay, hence a factor of 10, and each hundredth of rtol
/// gives at least a tenth of the error.
TEST_F(LinearStates, ComeNearerTheClosedFormTheSmallerTheTolerance) {
  massage(Minutes{30}, Minutes{2000}, 4);
  double previous = std::numeric_limits<double>::infinity();
  for (const double rtol : {1e-4, 1e-6, 1e-8, 1e-10}) {
    set_tolerance(rtol);
    const double largest =
        std::max({error(muscle::load_signal, Limb::left, [&](double t) { return load_signal_after_unloading(t); }),
                  error(muscle::load_history, Limb::left, [&](double t) { return load_history_after_unloading(t); }),
                  error(muscle::massage_memory, Limb::left, store(dose_per_d(), 1.7)),
                  error(muscle::neural_signal, Limb::right, store(0.9 * dose_per_d(), 2.3))});
    EXPECT_LT(largest, 10.0 * rtol);
    EXPECT_LT(largest, 0.1 * previous) << rtol;
    previous = largest;
  }
}

}  // namespace
}  // namespace hindlimb::sim
