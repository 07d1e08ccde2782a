#pragma once

#include "agents/kernels.hpp"
#include "hindlimb/core/pack.hpp"
#include "hindlimb/laws/fibre.hpp"
#include "hindlimb/laws/tissue.hpp"

/// It must not use anything that is not made from its own types, as the kernels of the ensemble.
namespace hindlimb::agents {

/// Steps of the classical Runge-Kutta method of order 4, as many fibres at once as there are lanes.
template <class Isa, std::size_t n_lanes>
class FibreKernel {
  using Real = Pack<Isa, double, n_lanes>;
  struct States {
    Real values[n_fibre_states];
    Real& operator[](std::size_t i) { return values[i]; }
    const Real& operator[](std::size_t i) const { return values[i]; }
  };

 public:
  FibreKernel(const FibreArrays& fibres, const FibreStep& step) : fibres_(fibres), step_(step) {
    for (std::size_t i = 0; i < laws::n_parameters; ++i) {
      p_.*laws::parameter_members<Real>[i] = Real(step.coefficients->*laws::parameter_members<double>[i]);
    }
#define HINDLIMB_DERIVED(name, ...) p_.name = Real(step.coefficients->name);
#include "hindlimb/laws/derived.def"
  }

  void run() {
    for (std::size_t first = 0; first < fibres_.n; first += n_lanes) advance(first);
  }

 private:
  static Real load(const double* numbers) {
    Real pack;
    __builtin_memcpy(&pack.v, numbers, sizeof pack.v);
    return pack;
  }
  static void store(double* numbers, const Real& pack) { __builtin_memcpy(numbers, &pack.v, sizeof pack.v); }

  /// What these fibres have of their own among the coefficients.
  void take(std::size_t first) {
    const laws::Coefficients<double>& p = *step_.coefficients;
    const Real sensitivity = load(fibres_.sensitivity + first);
    p_.own_efficiency_loss = p.efficiency_loss * sensitivity;
    p_.own_rna_synthesis_loss = p.rna_synthesis_loss * sensitivity;
    p_.own_rna_pulse_gain = p.rna_pulse_gain * sensitivity;
    p_.own_proteolysis_gain = p.proteolysis_gain * sensitivity;
    p_.myofibrillar_turnover_per_d = load(fibres_.turnover_per_d + first);
    p_.cytosolic_turnover_per_d = p.cytosolic_turnover_ratio * p_.myofibrillar_turnover_per_d;
    p_.mitochondrial_turnover_per_d = p.mitochondrial_turnover_ratio * p_.myofibrillar_turnover_per_d;
    const Real response = load(fibres_.response + first);
    p_.drive_max = p.drive_max * response;
    p_.cytosolic_drive_max = p.cytosolic_drive_max * response;
    strain_ = load(fibres_.strain + first);
  }

  laws::FibreInput<Real> input(const Signals& s) const {
    const Real memory = s.massage_memory * strain_;
    const Real perfusion = s.perfusion * strain_;
    const auto [massage, local] =
        laws::together(laws::massage_drive(memory, perfusion, Real(s.humoral_signal), Real(s.neural_signal), p_),
                       laws::cytosolic_drive(memory, perfusion, p_));
    return {.load_signal = Real(s.load_signal),
            .load_history = Real(s.load_history),
            .unloading = laws::unloading(Real(s.load_signal)),
            .readiness = Real(s.readiness),
            .massage_drive = massage,
            .local_drive = local};
  }

  void rates(const States& y, const laws::FibreInput<Real>& in, const Signals& signals, States& dy) const {
    const laws::FibreStates<Real> fibre{y[efficiency],   y[rna],       y[rna_saved],     y[proteolysis],
                                        y[myofibrillar], y[cytosolic], y[mitochondrial], y[myonuclei]};
    const laws::FibreFluxes<Real> s = laws::fibre_fluxes(fibre, in, p_);
    const laws::FibreRates<Real> r = laws::fibre_rates(fibre, in, s, p_);
    dy[efficiency] = r.efficiency;
    dy[rna] = r.rna;
    dy[rna_saved] = r.rna_saved;
    dy[proteolysis] = r.proteolysis;
    dy[myofibrillar] = r.myofibrillar;
    dy[cytosolic] = r.cytosolic;
    dy[mitochondrial] = r.mitochondrial;
    dy[damage] = Real(laws::damage_rate(in.load_signal, Real(signals.tolerance), s.deficit, p_)) -
                 y[damage] * p_.damage_repair_per_d;
    dy[myonuclei] = (1.0 - y[myonuclei]) * p_.myonuclear_loss_per_d;
    const Real water(signals.body_water);
    dy[labelled_myofibrillar] = laws::label_rate(p_.myofibrillar_turnover_per_d, s.myofibrillar_synthesis,
                                                 s.myofibrillar_breakdown, water, y[labelled_myofibrillar]);
    dy[labelled_cytosolic] = laws::label_rate(p_.cytosolic_turnover_per_d, s.cytosolic_synthesis, s.cytosolic_breakdown,
                                              water, y[labelled_cytosolic]);
    dy[labelled_mitochondrial] = laws::label_rate(p_.mitochondrial_turnover_per_d, s.cytosolic_synthesis,
                                                  s.mitochondrial_breakdown, water, y[labelled_mitochondrial]);
    dy[labelled_rna] =
        laws::label_rate(p_.rna_turnover_per_d, s.rna_synthesis, s.rna_degradation, water, y[labelled_rna]);
  }

  static void add(const States& y, double h, const States& dy, States& sum) {
    for (std::size_t i = 0; i < n_fibre_states; ++i) sum[i] = y[i] + h * dy[i];
  }

  void advance(std::size_t first) {
    take(first);
    States y;
    for (std::size_t i = 0; i < n_fibre_states; ++i) y[i] = load(fibres_.states[i] + first);
    const double h = step_.length_d;
    States k;
    States at;
    States sum;
    const auto& [start, middle, end] = step_.signals;
    const laws::FibreInput<Real> in_middle = input(middle);
    rates(y, input(start), start, k);
    add(y, 0.5 * h, k, at);
    add(y, h / 6.0, k, sum);
    rates(at, in_middle, middle, k);
    add(y, 0.5 * h, k, at);
    add(sum, h / 3.0, k, sum);
    rates(at, in_middle, middle, k);
    add(y, h, k, at);
    add(sum, h / 3.0, k, sum);
    rates(at, input(end), end, k);
    add(sum, h / 6.0, k, sum);
    for (std::size_t i = 0; i < n_fibre_states; ++i) store(fibres_.states[i] + first, sum[i]);
  }

  const FibreArrays& fibres_;
  const FibreStep& step_;
  laws::Coefficients<Real> p_{};
  Real strain_{1.0};
};

template <class Isa>
class FieldKernel {
  using Fields = Pack<Isa, double, field_lanes>;

 public:
  explicit FieldKernel(const FieldStep& step) : step_(step), ratio_(load(step.ratio)) {}

  void run() {
    const std::size_t n = step_.n;
    secrete();
    take_up();
    constexpr std::size_t rows_at_once = 8;  // enough to hide that each value waits for the one before it
    for (std::size_t row = 0; row < n; row += rows_at_once) {
      diffuse(row * n * field_lanes, field_lanes, n - row < rows_at_once ? n - row : rows_at_once, n * field_lanes);
    }
    diffuse(0, n * field_lanes, n, field_lanes);
  }

 private:
  static Fields load(const double* numbers) {
    Fields pack;
    __builtin_memcpy(&pack.v, numbers, sizeof pack.v);
    return pack;
  }
  static void store(double* numbers, const Fields& pack) { __builtin_memcpy(numbers, &pack.v, sizeof pack.v); }

  /// What cells of all kinds do at a point.
  /// @param by_one  what one does, shape [n_kinds][field_lanes]
  template <std::size_t n_kinds>
  static Fields sum(const std::uint16_t (&counts)[n_kinds], const double* by_one) {
    Fields all(0.0);
    for (std::size_t kind = 0; kind < n_kinds; ++kind)
      all = all + load(by_one + kind * field_lanes) * static_cast<double>(counts[kind]);
    return all;
  }

  void secrete() {
    for (std::size_t i = 0; i < step_.n * step_.n; ++i)
      store(step_.sources + i * field_lanes, sum(step_.occupants[i].sources, step_.secreted));
    const Fields by_fibre = load(step_.by_fibre);
    const Fields by_damage = load(step_.by_damage);
    const Fields by_strain = load(step_.by_strain);
    for (std::size_t fibre = 0; fibre < step_.n_fibres; ++fibre) {
      double* const at = step_.sources + step_.points[fibre] * field_lanes;
      store(at, load(at) + (by_fibre + by_damage * step_.damage[fibre] + by_strain * step_.strain[fibre]));
    }
  }

  /// After decay and secretion.
  void take_up() {
    const Fields decay = load(step_.decay);
    for (std::size_t i = 0; i < step_.n * step_.n; ++i) {
      double* const at = step_.values + i * field_lanes;
      store(at, (load(at) * decay + load(step_.sources + i * field_lanes)) /
                    (1.0 + sum(step_.occupants[i].readers, step_.taken_up)));
    }
  }

  /// Some lines of the grid, side by side: forward elimination, then back.
  /// @param along  from a point of a line to the next
  /// @param across  from a line to the next
  void diffuse(std::size_t first, std::size_t along, std::size_t n_lines, std::size_t across) {
    const std::size_t n = step_.n;
    double* const lines = step_.values + first;
    for (std::size_t i = 0; i < n; ++i) {
      const Fields pivot = load(step_.pivots + i * field_lanes);
      for (std::size_t line = 0; line < n_lines; ++line) {
        double* const at = lines + i * along + line * across;
        const Fields before = i == 0 ? Fields(0.0) : load(at - along);
        store(at, (load(at) + ratio_ * before) * pivot);
      }
    }
    for (std::size_t i = n - 1; i-- > 0;) {
      const Fields factor = ratio_ * load(step_.pivots + i * field_lanes);
      for (std::size_t line = 0; line < n_lines; ++line) {
        double* const at = lines + i * along + line * across;
        store(at, load(at) + factor * load(at + along));
      }
    }
  }

  const FieldStep& step_;
  Fields ratio_;
};

}  // namespace hindlimb::agents
