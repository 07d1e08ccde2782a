#include "agents/fibres.hpp"

#include <limits>
#include <numeric>

namespace hindlimb::agents {
namespace {

/// Numbers of fibres, filled up to whole packs.
std::vector<double> filled(std::vector<double> numbers, double filling) {
  numbers.resize((numbers.size() + widest_pack - 1) / widest_pack * widest_pack, filling);
  return numbers;
}

constexpr std::array<double, n_fibre_states> at_rest{1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0};

laws::FibreInput<double> input_of(const Signals& s, double strain, const laws::Coefficients<double>& p) {
  const double memory = s.massage_memory * strain;
  const double perfusion = s.perfusion * strain;
  return {.load_signal = s.load_signal,
          .load_history = s.load_history,
          .unloading = laws::unloading(s.load_signal),
          .readiness = s.readiness,
          .massage_drive = laws::massage_drive(memory, perfusion, s.humoral_signal, s.neural_signal, p),
          .local_drive = laws::cytosolic_drive(memory, perfusion, p)};
}

}  // namespace

Fibres::Fibres(const Tissue& tissue, const laws::Coefficients<double>& p, const Kernels& kernels)
    : tissue_(tissue),
      kernels_(kernels),
      p_(p),
      total_area_um2_(std::accumulate(tissue.areas_um2.begin(), tissue.areas_um2.end(), 0.0)),
      sensitivity_(filled(tissue.sensitivity, 0.0)),
      turnover_per_d_(filled(tissue.turnover_per_d, 0.0)),
      response_(filled(tissue.response, 1.0)),
      strain_(filled(tissue.strain, 1.0)) {
  for (std::size_t i = 0; i < n_fibre_states; ++i) states_[i].assign(sensitivity_.size(), at_rest[i]);
}

void Fibres::advance(const std::array<Signals, 3>& signals, double step_d) {
  FibreArrays arrays{.n = sensitivity_.size(),
                     .states = {},
                     .sensitivity = sensitivity_.data(),
                     .turnover_per_d = turnover_per_d_.data(),
                     .response = response_.data(),
                     .strain = strain_.data()};
  for (std::size_t i = 0; i < n_fibre_states; ++i) arrays.states[i] = states_[i].data();
  kernels_.advance_fibres(arrays, {step_d, {signals[0], signals[1], signals[2]}, &p_});
}

laws::FibreStates<double> Fibres::states_of(std::size_t i) const {
  return {states_[efficiency][i],   states_[rna][i],       states_[rna_saved][i],     states_[proteolysis][i],
          states_[myofibrillar][i], states_[cytosolic][i], states_[mitochondrial][i], states_[myonuclei][i]};
}

laws::Coefficients<double> Fibres::coefficients_of(std::size_t i) const {
  laws::Coefficients<double> p = p_;
  p.own_efficiency_loss = p.efficiency_loss * sensitivity_[i];
  p.own_rna_synthesis_loss = p.rna_synthesis_loss * sensitivity_[i];
  p.own_rna_pulse_gain = p.rna_pulse_gain * sensitivity_[i];
  p.own_proteolysis_gain = p.proteolysis_gain * sensitivity_[i];
  p.drive_max *= response_[i];
  p.cytosolic_drive_max *= response_[i];
  return p;
}

double Fibres::size(std::size_t i) const { return 1.0 - laws::size_deficit(states_of(i), p_); }
double Fibres::gate(std::size_t i) const { return laws::gate(laws::size_deficit(states_of(i), p_), p_); }

double Fibres::mean_damage() const {
  const auto begin = states_[damage].begin();
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(n()), 0.0) / static_cast<double>(n());
}

double Fibres::mean(FibreState state) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < n(); ++i) sum += tissue_.areas_um2[i] * states_[state][i];
  return sum / total_area_um2_;
}

double Fibres::mean_deficit() const {
  // mean() of three states at once: a sum waits for itself alone
  double of_myofibrillar = 0.0;
  double of_cytosolic = 0.0;
  double of_mitochondrial = 0.0;
  for (std::size_t i = 0; i < n(); ++i) {
    of_myofibrillar += tissue_.areas_um2[i] * states_[myofibrillar][i];
    of_cytosolic += tissue_.areas_um2[i] * states_[cytosolic][i];
    of_mitochondrial += tissue_.areas_um2[i] * states_[mitochondrial][i];
  }
  return p_.myofibrillar_fraction * (1.0 - of_myofibrillar / total_area_um2_) +
         p_.cytosolic_fraction * (1.0 - of_cytosolic / total_area_um2_) +
         p_.mitochondrial_fraction * (1.0 - of_mitochondrial / total_area_um2_);
}

void Fibres::measure(const Signals& now, Means& means) const {
  for (std::size_t i = 0; i < n_fibre_states; ++i) means.fibre[i] = mean(static_cast<FibreState>(i));
  laws::FibreFluxes<double>& sum = means.fluxes;
  sum = {};
  laws::ByType<double> areas{};
  laws::ByType<double> counts{};
  for (std::size_t i = 0; i < n(); ++i) {
    const laws::Coefficients<double> p = coefficients_of(i);
    const laws::FibreStates<double> y = states_of(i);
    const laws::FibreFluxes<double> s = laws::fibre_fluxes(y, input_of(now, strain_[i], p), p);
    const double share = tissue_.areas_um2[i] / total_area_um2_;
    const double turnover = share * turnover_per_d_[i] / p_.myofibrillar_turnover_per_d;
    sum.deficit += share * s.deficit;
    sum.gate += share * s.gate;
    sum.rna_synthesis += share * s.rna_synthesis;
    sum.rna_degradation += share * s.rna_degradation * y.rna;
    sum.rna_saving += share * s.rna_saving;
    sum.myofibrillar_synthesis += turnover * s.myofibrillar_synthesis;
    sum.myofibrillar_breakdown += turnover * s.myofibrillar_breakdown * y.myofibrillar;
    sum.cytosolic_synthesis += turnover * s.cytosolic_synthesis;
    sum.cytosolic_breakdown += turnover * s.cytosolic_breakdown * y.cytosolic;
    sum.mitochondrial_breakdown += turnover * s.mitochondrial_breakdown * y.mitochondrial;
    areas[tissue_.types[i]] += tissue_.areas_um2[i] * (1.0 - s.deficit);
    counts[tissue_.types[i]] += 1.0;
  }
  sum.rna_degradation /= means.fibre[rna];
  sum.myofibrillar_breakdown /= means.fibre[myofibrillar];
  sum.cytosolic_breakdown /= means.fibre[cytosolic];
  sum.mitochondrial_breakdown /= means.fibre[mitochondrial];
  means.csa_um2 = std::accumulate(areas.begin(), areas.end(), 0.0) / static_cast<double>(n());
  for (std::size_t type = 0; type < areas.size(); ++type) {
    means.csa_by_type_um2[type] =
        counts[type] > 0.0 ? areas[type] / counts[type] : std::numeric_limits<double>::quiet_NaN();
  }
}

}  // namespace hindlimb::agents
