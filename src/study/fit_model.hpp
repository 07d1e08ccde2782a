#pragma once

#include <ceres/jet.h>

#include <Eigen/Core>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "hindlimb/study/fit_plan.hpp"

namespace hindlimb::study {

/// The residuals of a plan as a function of the logarithms of its parameters.
class FitModel {
 public:
  FitModel(const FitPlan& plan, const scenario::Study& study, unsigned threads);

  std::size_t n_parameters() const { return plan_.parameters.size(); }
  std::size_t n_data() const { return plan_.data.size(); }
  /// Data, then one residual of the prior for each parameter.
  std::size_t n_residuals() const { return n_data() + n_parameters(); }

  /// What the data say of the simulation, in the unit of each quantity.
  struct Evaluation {
    Eigen::VectorXd simulated;  ///< shape [n_data]
    Eigen::VectorXd residuals;  ///< shape [n_residuals], in standard deviations
    Eigen::MatrixXd jacobian;   ///< d residuals / d log parameter; empty unless asked for
    Eigen::MatrixXd influence;  ///< d simulated / d log parameter; likewise
  };

  /// @return nothing if a simulation failed
  std::optional<Evaluation> evaluate(const Eigen::VectorXd& log_parameters, bool with_jacobian) const;

 private:
  /// One muscle or head of one limb of one arm.
  struct Simulation {
    std::size_t arm;
    scenario::Muscle muscle;
    scenario::Limb limb;
    auto operator<=>(const Simulation&) const = default;
  };
  template <class Scalar>
  struct Outcome;
  template <class Scalar>
  class Source;

  void add_simulations(const Measurement& measurement);
  void add_simulations(const std::string& arm, scenario::MuscleName muscle, MeasuredLimb limb);
  std::size_t arm_index(const std::string& name) const;
  scenario::Limb representative(std::size_t arm, scenario::Limb limb) const;

  template <class Scalar>
  std::optional<Outcome<Scalar>> simulate(const Simulation& simulation, const std::vector<Scalar>& parameters) const;
  template <class Scalar>
  std::optional<std::vector<Scalar>> read_data(const std::vector<Scalar>& parameters) const;
  /// Values and derivatives with respect to parameters [first, first + width).
  bool evaluate_block(const Eigen::VectorXd& log_parameters, std::size_t first, Eigen::VectorXd& simulated,
                      Eigen::MatrixXd& derivatives) const;

  const FitPlan& plan_;
  scenario::Study study_;
  unsigned threads_;
  std::vector<Simulation> simulations_;
  std::vector<bool> arm_is_symmetric_;
  std::map<std::size_t, std::vector<Minutes>> times_;  ///< recorded, for each arm
};

/// Residual of a number that should lie between two limits, seen with normal noise: sqrt(-2 ln probability).
struct BandResidual {
  double residual;
  double slope;  ///< d residual / d x
};
BandResidual band_residual(double x, double low, double high, double sigma);

}  // namespace hindlimb::study
