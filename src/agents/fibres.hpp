#pragma once

#include <array>
#include <vector>

#include "agents/kernels.hpp"
#include "hindlimb/agents/section.hpp"

namespace hindlimb::agents {

/// The fibres of a section.
class Fibres {
 public:
  Fibres(const Tissue& tissue, const laws::Coefficients<double>& p, const Kernels& kernels = chosen_kernels());

  void advance(const std::array<Signals, 3>& signals, double step_d);
  std::size_t n() const { return tissue_.n_fibres(); }
  double at(FibreState state, std::size_t fibre) const { return states_[state][fibre]; }
  void add_myonucleus(std::size_t fibre, double share) { states_[myonuclei][fibre] += share; }

  /// Size as a share of the fibre's set point.
  double size(std::size_t fibre) const;
  double gate(std::size_t fibre) const;
  /// Mean over the fibres.
  double mean_damage() const;
  /// Mean weighted by areas at the set point.
  double mean(FibreState state) const;
  double mean_deficit() const;

  /// Sets the part of the means that fibres have.
  void measure(const Signals& now, Means& means) const;

  std::array<std::vector<double>, n_fibre_states>& states() { return states_; }
  const std::array<std::vector<double>, n_fibre_states>& states() const { return states_; }

 private:
  laws::FibreStates<double> states_of(std::size_t fibre) const;
  laws::Coefficients<double> coefficients_of(std::size_t fibre) const;

  const Tissue& tissue_;
  const Kernels& kernels_;
  laws::Coefficients<double> p_;
  double total_area_um2_;
  std::array<std::vector<double>, n_fibre_states> states_;  ///< filled up to whole packs
  std::vector<double> sensitivity_;
  std::vector<double> turnover_per_d_;
  std::vector<double> response_;
  std::vector<double> strain_;
};

}  // namespace hindlimb::agents
