#include "agents/fibres.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "hindlimb/laws/tissue.hpp"
#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

constexpr double step_d = 0.025;

using AllStates = std::array<std::vector<double>, n_fibre_states>;

/// Fibres that are small, short of RNA and damaged, each differently.
void make_atrophied(Fibres& fibres) {
  for (std::size_t i = 0; i < fibres.n(); ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(fibres.n());
    AllStates& y = fibres.states();
    y[efficiency][i] = 0.7 + 0.1 * part;
    y[rna][i] = 0.6 + 0.2 * part;
    y[rna_saved][i] = 0.05 * part;
    y[proteolysis][i] = 1.2 - 0.1 * part;
    y[myofibrillar][i] = 0.6 + 0.2 * part;
    y[cytosolic][i] = 0.7;
    y[mitochondrial][i] = 0.65;
    y[damage][i] = 0.1 * part;
    y[myonuclei][i] = 1.0 + 0.1 * part;
  }
}

/// Smooth, with all that can act on a fibre: nothing crosses a threshold of the laws.
Signals smooth(double time_d) {
  const double wave = std::sin(2.0 * time_d);
  return {.load_signal = 0.6 + 0.2 * wave,
          .load_history = 0.9 + 0.02 * wave,
          .readiness = 0.5 + 0.3 * wave,
          .tolerance = 0.2 + 0.05 * wave,
          .massage_memory = 0.7 + 0.3 * wave,
          .perfusion = 0.3 + 0.1 * wave,
          .humoral_signal = 0.2 + 0.1 * wave,
          .neural_signal = 0.1,
          .body_water = 0.5 + 0.2 * wave};
}

AllStates after(const Example& example, double end_d, int steps) {
  Fibres fibres(example.tissue, example.p);
  make_atrophied(fibres);
  const double h = end_d / steps;
  for (int i = 0; i < steps; ++i) fibres.advance({smooth(i * h), smooth((i + 0.5) * h), smooth((i + 1) * h)}, h);
  return fibres.states();
}

double difference(const AllStates& a, const AllStates& b) {
  double largest = 0.0;
  for (std::size_t s = 0; s < n_fibre_states; ++s) {
    for (std::size_t i = 0; i < a[s].size(); ++i) largest = std::max(largest, std::fabs(a[s][i] - b[s][i]));
  }
  return largest;
}

TEST(Fibres, StayOnWeightBearingToTheBit) {
  Settings settings = with_fibres(37);
  settings.size_cv = 0.4;
  settings.unloading_response_cv = settings.massage_response_cv = 0.5;
  const Example example(settings);
  Fibres fibres(example.tissue, example.p);
  const AllStates start = fibres.states();
  for (int step = 0; step < 300; ++step) fibres.advance(steady({}), step_d);
  EXPECT_EQ(fibres.states(), start);
  for (std::size_t i = 0; i < fibres.n(); ++i) {
    EXPECT_EQ(fibres.size(i), 1.0);
    EXPECT_EQ(fibres.gate(i), 0.0);
  }
}

TEST(Fibres, AtRestHaveMeansOfTheSetPoint) {
  const Example example(with_fibres(37));
  const Fibres fibres(example.tissue, example.p);
  Means means;
  fibres.measure({}, means);
  EXPECT_EQ(means.fibre[myofibrillar], 1.0);
  EXPECT_EQ(means.fibre[damage], 0.0);
  EXPECT_EQ(fibres.mean_deficit(), 0.0);
  EXPECT_NEAR(means.csa_um2, mean_of(example.tissue.areas_um2), 1e-9);
}

TEST(Fibres, ShrinkUnloadedAndMoreTheMoreSensitiveTheyAre) {
  Settings settings = without_effects(with_fibres(50));
  settings.unloading_response_cv = 0.5;
  const Example example(settings);
  Fibres fibres(example.tissue, example.p);
  for (int step = 0; step < 400; ++step) fibres.advance(steady(suspended()), step_d);
  const auto is_fast = [&](std::size_t i) { return example.tissue.types[i] != 0; };
  for (std::size_t i = 0; i < fibres.n(); ++i) {
    EXPECT_LT(fibres.size(i), 1.0);
    EXPECT_GT(fibres.gate(i), 0.0);
    for (std::size_t j = 0; j < fibres.n(); ++j) {
      if (!is_fast(i) || !is_fast(j)) continue;
      EXPECT_EQ(fibres.size(i) < fibres.size(j), example.tissue.sensitivity[i] > example.tissue.sensitivity[j]);
    }
  }
}

/// Massage acts by the strain of the fibre.
TEST(Fibres, GrowByMassageMoreWhereItStrainsThem) {
  Settings settings = without_effects(with_fibres(50));
  settings.massage_depth = 0.5;
  const Example example(settings);
  const auto size_after = [&](double memory) {
    Fibres fibres(example.tissue, example.p);
    std::ranges::fill(fibres.states()[myofibrillar], 0.7);
    Signals signals = reloaded();
    signals.massage_memory = memory;
    for (int step = 0; step < 100; ++step) fibres.advance(steady(signals), step_d);
    std::vector<double> sizes;
    for (std::size_t i = 0; i < fibres.n(); ++i) sizes.push_back(fibres.size(i));
    return sizes;
  };
  const std::vector<double> massaged = size_after(0.4);
  const std::vector<double> untouched = size_after(0.0);
  for (std::size_t i = 0; i < massaged.size(); ++i) {
    EXPECT_GT(massaged[i], untouched[i]);
    for (std::size_t j = 0; j < massaged.size(); ++j) {
      if (example.tissue.types[i] == 0 || example.tissue.types[j] == 0) continue;
      EXPECT_EQ(massaged[i] < massaged[j], example.tissue.strain[i] < example.tissue.strain[j]);
    }
  }
}

/// Halving the step divides the error by 2^4: between 2^3.7 and 2^4.5.
TEST(Fibres, AreIntegratedWithOrderFour) {
  const Example example(with_fibres(21));
  const AllStates exact = after(example, 1.0, 1024);
  double coarse = difference(after(example, 1.0, 16), exact);
  for (const int steps : {32, 64, 128}) {
    const double fine = difference(after(example, 1.0, steps), exact);
    EXPECT_GT(std::log2(coarse / fine), 3.7) << steps;
    EXPECT_LT(std::log2(coarse / fine), 4.5) << steps;
    coarse = fine;
  }
}

/// At the default step errors are far below those of the mean field's default tolerance.
TEST(Fibres, ErrLittleAtTheDefaultStep) {
  const Example example(with_fibres(21));
  EXPECT_LT(difference(after(example, 2.0, 80), after(example, 2.0, 2560)), 1e-6);
}

/// The same laws on plain numbers, step by step.
class PlainFibre {
 public:
  PlainFibre(const Fibres& fibres, const Example& example, std::size_t i)
      : p_(example.p), strain_(example.tissue.strain[i]) {
    for (std::size_t s = 0; s < n_fibre_states; ++s) y_[s] = fibres.states()[s][i];
    const double sensitivity = example.tissue.sensitivity[i];
    p_.own_efficiency_loss = p_.efficiency_loss * sensitivity;
    p_.own_rna_synthesis_loss = p_.rna_synthesis_loss * sensitivity;
    p_.own_rna_pulse_gain = p_.rna_pulse_gain * sensitivity;
    p_.own_proteolysis_gain = p_.proteolysis_gain * sensitivity;
    p_.drive_max *= example.tissue.response[i];
    p_.cytosolic_drive_max *= example.tissue.response[i];
    p_.myofibrillar_turnover_per_d = example.tissue.turnover_per_d[i];
    p_.cytosolic_turnover_per_d = p_.cytosolic_turnover_ratio * p_.myofibrillar_turnover_per_d;
    p_.mitochondrial_turnover_per_d = p_.mitochondrial_turnover_ratio * p_.myofibrillar_turnover_per_d;
  }

  void advance(const std::array<Signals, 3>& signals, double h) {
    const Numbers k1 = rates(y_, signals[0]);
    const Numbers k2 = rates(moved(0.5 * h, k1), signals[1]);
    const Numbers k3 = rates(moved(0.5 * h, k2), signals[1]);
    const Numbers k4 = rates(moved(h, k3), signals[2]);
    for (std::size_t i = 0; i < y_.size(); ++i) y_[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
  }
  double operator[](std::size_t state) const { return y_[state]; }

 private:
  using Numbers = std::array<double, n_fibre_states>;

  Numbers moved(double h, const Numbers& dy) const {
    Numbers y = y_;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += h * dy[i];
    return y;
  }

  Numbers rates(const Numbers& y, const Signals& s) const {
    const double memory = s.massage_memory * strain_;
    const double perfusion = s.perfusion * strain_;
    const laws::FibreInput<double> input{s.load_signal,
                                         s.load_history,
                                         laws::unloading(s.load_signal),
                                         s.readiness,
                                         laws::massage_drive(memory, perfusion, s.humoral_signal, s.neural_signal, p_),
                                         laws::cytosolic_drive(memory, perfusion, p_)};
    const laws::FibreStates<double> fibre{y[efficiency],   y[rna],       y[rna_saved],     y[proteolysis],
                                          y[myofibrillar], y[cytosolic], y[mitochondrial], y[myonuclei]};
    const auto f = laws::fibre_fluxes(fibre, input, p_);
    const auto r = laws::fibre_rates(fibre, input, f, p_);
    const double water = s.body_water;
    return {
        r.efficiency,
        r.rna,
        r.rna_saved,
        r.proteolysis,
        r.myofibrillar,
        r.cytosolic,
        r.mitochondrial,
        laws::damage_rate(s.load_signal, s.tolerance, f.deficit, p_) - y[damage] / p_.damage_time_d,
        (1.0 - y[myonuclei]) / p_.myonuclear_time_d,
        p_.myofibrillar_turnover_per_d *
            (f.myofibrillar_synthesis * water - f.myofibrillar_breakdown * y[labelled_myofibrillar]),
        p_.cytosolic_turnover_per_d * (f.cytosolic_synthesis * water - f.cytosolic_breakdown * y[labelled_cytosolic]),
        p_.mitochondrial_turnover_per_d *
            (f.cytosolic_synthesis * water - f.mitochondrial_breakdown * y[labelled_mitochondrial]),
        p_.rna_turnover_per_d * (f.rna_synthesis * water - f.rna_degradation * y[labelled_rna])};
  }

  laws::Coefficients<double> p_;
  double strain_;
  Numbers y_{};
};

TEST(Fibres, FollowTheLawsOfTheMeanField) {
  laws::Parameters<double> parameters = laws::default_parameters(medial);
  parameters.perfusion_gain = 0.4;
  parameters.neural_gain = 0.7;
  const Example example(with_fibres(21), medial, laws::coefficients(parameters), luck_of(3));
  Fibres fibres(example.tissue, example.p);
  make_atrophied(fibres);
  std::vector<PlainFibre> plain;
  for (std::size_t i = 0; i < fibres.n(); ++i) plain.emplace_back(fibres, example, i);
  for (int step = 0; step < 60; ++step) {
    const double t = step * step_d;
    const std::array<Signals, 3> signals{smooth(t), smooth(t + 0.5 * step_d), smooth(t + step_d)};
    fibres.advance(signals, step_d);
    for (PlainFibre& one : plain) one.advance(signals, step_d);
  }
  for (std::size_t s = 0; s < n_fibre_states; ++s) {
    for (std::size_t i = 0; i < fibres.n(); ++i) EXPECT_NEAR(fibres.states()[s][i], plain[i][s], 1e-13) << s;
  }
}

TEST(Fibres, HaveTheSameBitsOnEveryInstructionSet) {
  const Example example(with_fibres(21));
  const auto by = [&](const char* instruction_set) {
    const WithEnvironment isa("HINDLIMB_ISA", instruction_set);
    return after(example, 3.0, 120);
  };
  const AllStates baseline = by("baseline");
  if (has(InstructionSet::avx2)) {
    EXPECT_EQ(by("avx2"), baseline);
  }
  if (has(InstructionSet::avx512)) {
    EXPECT_EQ(by("avx512"), baseline);
  }
}

TEST(Fibres, AreMeasuredByTheirAreas) {
  const Example example(with_fibres(40));
  Fibres fibres(example.tissue, example.p);
  make_atrophied(fibres);
  Means means;
  fibres.measure(smooth(0.3), means);
  double area = 0.0;
  double weighted = 0.0;
  double csa = 0.0;
  laws::ByType<double> csa_of_type{};
  laws::ByType<double> n_of_type{};
  for (std::size_t i = 0; i < 40; ++i) {
    area += example.tissue.areas_um2[i];
    weighted += example.tissue.areas_um2[i] * fibres.at(rna, i);
    csa += example.tissue.areas_um2[i] * fibres.size(i) / 40.0;
    csa_of_type[example.tissue.types[i]] += example.tissue.areas_um2[i] * fibres.size(i);
    ++n_of_type[example.tissue.types[i]];
  }
  EXPECT_NEAR(means.fibre[rna], weighted / area, 1e-14);
  EXPECT_NEAR(means.csa_um2, csa, 1e-9);
  EXPECT_NEAR(means.fluxes.deficit, fibres.mean_deficit(), 1e-14);
  for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
    if (n_of_type[type] == 0.0) {
      EXPECT_TRUE(std::isnan(means.csa_by_type_um2[type]));
    } else {
      EXPECT_NEAR(means.csa_by_type_um2[type], csa_of_type[type] / n_of_type[type], 1e-9);
    }
  }
}

TEST(Fibres, OfATypeThatIsNotThereHaveNoArea) {
  const Example example(with_fibres(40), laws::Muscle::soleus);
  Means means;
  Fibres(example.tissue, example.p).measure({}, means);
  EXPECT_TRUE(std::isnan(means.csa_by_type_um2[3]));
  EXPECT_FALSE(std::isnan(means.csa_by_type_um2[0]));
}

TEST(Fibres, GainAMyonucleus) {
  const Example example(with_fibres(12));
  Fibres fibres(example.tissue, example.p);
  fibres.add_myonucleus(5, 0.3);
  EXPECT_EQ(fibres.at(myonuclei, 5), 1.3);
  EXPECT_EQ(fibres.at(myonuclei, 4), 1.0);
  fibres.states()[damage][7] = 0.6;
  EXPECT_NEAR(fibres.mean_damage(), 0.05, 1e-16);  // a mean over the fibres, whatever their areas
}

}  // namespace
}  // namespace hindlimb::agents
