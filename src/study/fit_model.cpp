#include "study/fit_model.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "hindlimb/core/math.hpp"
#include "hindlimb/core/threads.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/integrate.hpp"

namespace hindlimb::study {
namespace {

using scenario::Limb;
using scenario::Muscle;

/// Derivatives that one pass carries along. Eight fill a register of AVX-512 and keep the states in the cache.
constexpr int block_width = 8;
using Dual = ceres::Jet<double, block_width>;

std::vector<Limb> limbs_of(MeasuredLimb limb) {
  if (limb == MeasuredLimb::left) return {Limb::left};
  if (limb == MeasuredLimb::right) return {Limb::right};
  return {Limb::left, Limb::right};
}

bool is_symmetric(const scenario::Arm& arm) {
  const auto on_both = [](const auto& intervention) { return intervention.limb == scenario::LimbChoice::both; };
  return std::ranges::all_of(
             arm.phases,
             [](const scenario::Phase& phase) { return phase.load[Limb::left] == phase.load[Limb::right]; }) &&
         std::ranges::all_of(arm.massages, on_both) && std::ranges::all_of(arm.trainings, on_both);
}

/// ln of the standard normal distribution function, also far below where it underflows.
double log_normal_cdf(double x) {
  constexpr double far_below = -30.0;
  if (x < far_below) {
    const double q = 1.0 / (x * x);
    return -0.5 * x * x - std::log(-x * std::sqrt(2.0 * std::numbers::pi)) + std::log1p(q * (-1.0 + 3.0 * q));
  }
  return std::log(0.5 * std::erfc(-x / std::numbers::sqrt2));
}

double log_normal_density(double x) { return -0.5 * x * x - 0.5 * std::log(2.0 * std::numbers::pi); }

/// The residual of a number above the band, in logarithms, so that it holds however far off. a < b < 0 are the limits
/// less the number, in standard deviations; a may be -inf.
BandResidual residual_above(double a, double b, double sigma) {
  const double log_below_high = log_normal_cdf(b);
  const double log_below_low = std::isinf(a) ? a : log_normal_cdf(a);
  const double log_probability = log_below_high + std::log1p(-std::exp(log_below_low - log_below_high));
  const double density_high = std::exp(log_normal_density(b) - log_probability);
  const double density_low = std::isinf(a) ? 0.0 : std::exp(log_normal_density(a) - log_probability);
  const double residual = std::sqrt(-2.0 * log_probability);
  return {residual, (density_high - density_low) / (sigma * residual)};
}

}  // namespace

BandResidual band_residual(double x, double low, double high, double sigma) {
  const double a = (low - x) / sigma;
  const double b = (high - x) / sigma;
  const double below = std::isinf(low) ? 0.0 : 0.5 * std::erfc(-a / std::numbers::sqrt2);
  const double above = std::isinf(high) ? 0.0 : 0.5 * std::erfc(b / std::numbers::sqrt2);
  const double outside = below + above;  // small numbers are kept, unlike in 1 - outside
  constexpr double negligible = 1e-14;
  if (outside < negligible) return {0.0, 0.0};
  if (x > high) return residual_above(a, b, sigma);
  if (x < low) {
    const BandResidual mirrored = residual_above(-b, -a, sigma);
    return {mirrored.residual, -mirrored.slope};
  }
  const double residual = std::sqrt(-2.0 * std::log1p(-outside));
  const double density_low = std::isinf(low) ? 0.0 : std::exp(log_normal_density(a));
  const double density_high = std::isinf(high) ? 0.0 : std::exp(log_normal_density(b));
  return {residual, (density_high - density_low) / (sigma * (1.0 - outside) * residual)};
}

template <class Scalar>
struct FitModel::Outcome {
  laws::Coefficients<Scalar> coefficients;
  std::vector<muscle::Observables<Scalar>> observed;  ///< at the recorded times of the arm
};

/// The simulations of one set of parameters, as a Reading wants them.
template <class Scalar>
class FitModel::Source {
 public:
  Source(const FitModel& model, const std::map<Simulation, Outcome<Scalar>>& outcomes, scenario::MuscleName muscle)
      : model_(model), outcomes_(outcomes), heads_(scenario::heads_of(muscle)) {}

  Scalar value(const std::string& arm_name, Limb limb, muscle::Observable observable, Minutes time) const {
    const std::size_t arm = model_.arm_index(arm_name);
    const std::vector<Minutes>& times = model_.times_.at(arm);
    const auto at = static_cast<std::size_t>(std::ranges::lower_bound(times, time) - times.begin());
    const Limb side = model_.representative(arm, limb);
    const Outcome<Scalar>& first = outcomes_.at({arm, heads_[0], side});
    if (heads_.size() == 1) return first.observed[at].at(observable);
    const Outcome<Scalar>& second = outcomes_.at({arm, heads_[1], side});
    return muscle::combine(muscle::observable_table[static_cast<std::size_t>(observable)].weight,
                           first.observed[at].at(observable), first.coefficients, second.observed[at].at(observable),
                           second.coefficients);
  }

  std::vector<Minutes> times(const std::string& arm_name, Minutes from, Minutes to) const {
    std::vector<Minutes> all = model_.times_.at(model_.arm_index(arm_name));
    std::erase_if(all, [from, to](Minutes time) { return time < from || time > to; });
    return all;
  }

  const scenario::Arm& arm(const std::string& name) const { return model_.study_.arms[model_.arm_index(name)]; }

 private:
  const FitModel& model_;
  const std::map<Simulation, Outcome<Scalar>>& outcomes_;
  std::vector<Muscle> heads_;
};

FitModel::FitModel(const FitPlan& plan, const scenario::Study& study, unsigned threads)
    : plan_(plan), study_(study), threads_(threads) {
  const Minutes end = horizon(study_);
  std::vector<Measurement> measurements;
  for (const Datum& datum : plan.data) measurements.push_back(datum.measurement);
  for (scenario::Arm& arm : study_.arms) {
    if (!arm.phases.back().duration) arm.phases.back().duration = end - start_of(arm, arm.phases.size() - 1);
    arm_is_symmetric_.push_back(is_symmetric(arm));
  }
  for (std::size_t arm = 0; arm < study_.arms.size(); ++arm) {
    const auto is_of_arm = [&](const Measurement& m) {
      return m.arm == study_.arms[arm].name || m.reference_arm == study_.arms[arm].name;
    };
    std::vector<Measurement> own;
    std::ranges::copy_if(measurements, std::back_inserter(own), is_of_arm);
    std::vector<Minutes> times = times_needed(own, study_);
    std::erase_if(times, [&](Minutes time) { return time > end_of(study_, study_.arms[arm]); });
    times_[arm] = std::move(times);
  }
  for (const Measurement& measurement : measurements) add_simulations(measurement);
}

void FitModel::add_simulations(const Measurement& m) {
  add_simulations(m.arm, m.muscle, m.limb);
  if (!m.reference_arm.empty()) add_simulations(m.reference_arm, m.muscle, m.limb);
}

void FitModel::add_simulations(const std::string& arm_name, scenario::MuscleName muscle, MeasuredLimb limb) {
  const std::size_t arm = arm_index(arm_name);
  for (const Muscle head : scenario::heads_of(muscle)) {
    for (const Limb side : limbs_of(limb)) {
      const Simulation simulation{arm, head, representative(arm, side)};
      if (std::ranges::find(simulations_, simulation) == simulations_.end()) simulations_.push_back(simulation);
    }
  }
}

std::size_t FitModel::arm_index(const std::string& name) const {
  return static_cast<std::size_t>(std::ranges::find(study_.arms, name, &scenario::Arm::name) - study_.arms.begin());
}

/// Without random effects both limbs of a symmetric arm are the same.
Limb FitModel::representative(std::size_t arm, Limb limb) const { return arm_is_symmetric_[arm] ? Limb::left : limb; }

template <class Scalar>
std::optional<FitModel::Outcome<Scalar>> FitModel::simulate(const Simulation& simulation,
                                                            const std::vector<Scalar>& parameters) const {
  const auto muscle = static_cast<std::size_t>(simulation.muscle);
  laws::Parameters<Scalar> p{};
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    p.*laws::parameter_members<Scalar>[i] = Scalar(study_.parameters[muscle].*laws::parameter_members<double>[i]);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const FittedParameter& fitted = plan_.parameters[i];
    const bool is_meant = fitted.muscles.empty() || std::ranges::find(fitted.muscles, muscle) != fitted.muscles.end();
    if (is_meant) p.*laws::parameter_members<Scalar>[fitted.index] = parameters[i];
  }
  sim::scale_to_animals(p, study_.animals);

  Outcome<Scalar> outcome{laws::coefficients(p), {}};
  const scenario::Arm& arm = study_.arms[simulation.arm];
  const std::vector<Minutes>& times = times_.at(simulation.arm);
  outcome.observed.resize(times.size());
  const std::vector<sim::Segment<Scalar>> protocol =
      sim::segments(study_, arm, simulation.muscle, simulation.limb, outcome.coefficients);
  const Minutes label_start = scenario::label_start(arm);
  const auto on_record = [&](std::size_t i, const muscle::StateVector<Scalar>& state) {
    outcome.observed[i] = muscle::observe_means(state, to_days(times[i] - label_start), outcome.coefficients);
  };
  const sim::MuscleOutcome result =
      sim::integrate_muscle(std::span<const sim::Segment<Scalar>>(protocol), outcome.coefficients, study_.solver,
                            std::span<const Minutes>(times), on_record);
  return result.outcome == ode::Outcome::reached ? std::optional(std::move(outcome)) : std::nullopt;
}

template <class Scalar>
std::optional<std::vector<Scalar>> FitModel::read_data(const std::vector<Scalar>& parameters) const {
  std::map<Simulation, Outcome<Scalar>> outcomes;
  for (const Simulation& simulation : simulations_) {
    std::optional<Outcome<Scalar>> outcome = simulate(simulation, parameters);
    if (!outcome) return std::nullopt;
    outcomes.emplace(simulation, std::move(*outcome));
  }
  std::vector<Scalar> simulated;
  for (const Datum& datum : plan_.data) {
    const Source<Scalar> source(*this, outcomes, datum.measurement.muscle);
    simulated.push_back(Reading<Source<Scalar>, Scalar>(datum.measurement, source).value());
  }
  return simulated;
}

bool FitModel::evaluate_block(const Eigen::VectorXd& log_parameters, std::size_t first, Eigen::VectorXd& simulated,
                              Eigen::MatrixXd& derivatives) const {
  std::vector<Dual> parameters(n_parameters());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i] = Dual(math::exp(log_parameters[static_cast<Eigen::Index>(i)]));
    if (i >= first && i < first + block_width) parameters[i].v[static_cast<int>(i - first)] = parameters[i].a;
  }
  const std::optional<std::vector<Dual>> data = read_data(parameters);
  if (!data) return false;
  const auto width = static_cast<Eigen::Index>(std::min<std::size_t>(block_width, n_parameters() - first));
  for (std::size_t i = 0; i < data->size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    if (first == 0) simulated[row] = (*data)[i].a;
    derivatives.row(row).segment(static_cast<Eigen::Index>(first), width) = (*data)[i].v.head(width).transpose();
  }
  return true;
}

std::optional<FitModel::Evaluation> FitModel::evaluate(const Eigen::VectorXd& log_parameters,
                                                       bool with_jacobian) const {
  const auto n = static_cast<Eigen::Index>(n_parameters());
  const auto m = static_cast<Eigen::Index>(n_data());
  Evaluation result{Eigen::VectorXd(m), Eigen::VectorXd::Zero(m + n), {}, {}};
  Eigen::MatrixXd derivatives = Eigen::MatrixXd::Zero(m, n);
  if (with_jacobian) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> is_good = true;
    const auto work = [&] {
      for (std::size_t first = next.fetch_add(block_width); first < n_parameters();
           first = next.fetch_add(block_width)) {
        if (!evaluate_block(log_parameters, first, result.simulated, derivatives)) is_good = false;
      }
    };
    on_threads(threads_, work, [&] { next = n_parameters(); });
    if (!is_good) return std::nullopt;
    result.jacobian = Eigen::MatrixXd::Zero(m + n, n);
  } else {
    std::vector<double> parameters(n_parameters());
    for (std::size_t i = 0; i < parameters.size(); ++i)
      parameters[i] = math::exp(log_parameters[static_cast<Eigen::Index>(i)]);
    const std::optional<std::vector<double>> data = read_data(parameters);
    if (!data) return std::nullopt;
    result.simulated = Eigen::VectorXd::Map(data->data(), m);
  }
  for (Eigen::Index i = 0; i < m; ++i) {
    const Datum& datum = plan_.data[static_cast<std::size_t>(i)];
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const BandResidual r = datum.kind == DatumKind::value
                               ? BandResidual{(result.simulated[i] - datum.value) / datum.sigma, 1.0 / datum.sigma}
                               : band_residual(result.simulated[i], datum.low.value_or(-infinity),
                                               datum.high.value_or(infinity), datum.sigma);
    result.residuals[i] = r.residual;
    if (with_jacobian) result.jacobian.row(i) = r.slope * derivatives.row(i);
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const FittedParameter& parameter = plan_.parameters[static_cast<std::size_t>(i)];
    const double sd = math::log(parameter.prior_factor);
    result.residuals[m + i] = (log_parameters[i] - math::log(*parameter.start)) / sd;
    if (with_jacobian) result.jacobian(m + i, i) = 1.0 / sd;
  }
  if (with_jacobian) result.influence = std::move(derivatives);
  return result;
}

}  // namespace hindlimb::study
