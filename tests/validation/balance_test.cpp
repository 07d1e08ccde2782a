#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "invariants/laws.hpp"

/// A pool changes by what is made less what is broken down, as the recorded rates tell it.
namespace hindlimb::invariants {
namespace {

using Values = muscle::Observables<double>;

double net_myofibrillar_per_d(const Values& values) {
  return (values.at(Observable::myofibrillar_synthesis) - values.at(Observable::myofibrillar_breakdown)) *
         values.at(Observable::myofibrillar_protein);
}

double net_cytosolic_per_d(const Values& values) {
  return (values.at(Observable::cytosolic_synthesis) - values.at(Observable::cytosolic_breakdown)) *
         values.at(Observable::cytosolic_protein);
}

double net_rna_per_d(const Values& values) {
  return values.at(Observable::rna_synthesis) - values.at(Observable::rna_degradation) * values.at(Observable::rna);
}

class Balance : public testing::TestWithParam<std::string> {
 protected:
  /// Largest difference between the change of a pool since the start and the integral of its net rate, minute by
  /// minute, over all muscles and limbs of the first rat of every arm.
  template <class NetRate>
  double error(Observable pool, NetRate net_per_d) const {
    const Study study = read_config(GetParam());
    double largest = 0.0;
    for (const Arm& arm : study.arms)
      for (const Muscle muscle : heads_in(study))
        for (const Limb limb : scenario::limbs)
          largest = std::max(largest, error_of_one(study, arm, muscle, limb, pool, net_per_d));
    return largest;
  }

 private:
  template <class NetRate>
  static double error_of_one(const Study& study, const Arm& arm, Muscle muscle, Limb limb, Observable pool,
                             NetRate net_per_d) {
    const laws::Coefficients<double> p = coefficients_of(study, arm, 0, muscle, limb);
    const std::vector<sim::Segment<double>> protocol = sim::segments(study, arm, muscle, limb, p);
    std::vector<Minutes> times;
    for (Minutes time{0}; time <= protocol.back().end; ++time) times.push_back(time);
    double start = 0.0, integral = 0.0, previous = 0.0, largest = 0.0;
    const auto on_record = [&](std::size_t i, const muscle::StateVector<double>& y) {
      const Values now = muscle::observe(y, 0.0, p);
      const double rate = net_per_d(now);
      if (i == 0) start = now.at(pool);
      if (i > 0) integral += 0.5 * (previous + rate) / minutes_per_day;
      largest = std::max(largest, std::fabs(now.at(pool) - start - integral));
      previous = rate;
    };
    EXPECT_EQ(sim::integrate_muscle(std::span(protocol), p, study.solver, times, on_record).outcome,
              ode::Outcome::reached);
    return largest;
  }
};

INSTANTIATE_TEST_SUITE_P(Configs, Balance, testing::ValuesIn(config_names()),
                         [](const auto& file) { return file.param; });

/// In multiples of the set point. The trapezoid over a minute errs by 4e-8 d2 x the change of the slope of the rate,
/// which is below 20 /d2, and the integrator by some of its tolerance of 1e-7.
constexpr double atol = 2e-6;

TEST_P(Balance, OfMyofibrillarProteinIsSynthesisLessBreakdown) {
  EXPECT_LT(error(Observable::myofibrillar_protein, net_myofibrillar_per_d), atol);
}

TEST_P(Balance, OfCytosolicProteinIsSynthesisLessBreakdown) {
  EXPECT_LT(error(Observable::cytosolic_protein, net_cytosolic_per_d), atol);
}

TEST_P(Balance, OfRnaIsSynthesisLessDegradation) { EXPECT_LT(error(Observable::rna, net_rna_per_d), atol); }

}  // namespace
}  // namespace hindlimb::invariants
