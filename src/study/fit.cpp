#include "hindlimb/study/fit.hpp"

#include <ceres/ceres.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <sstream>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/math.hpp"
#include "hindlimb/core/random.hpp"
#include "study/fit_model.hpp"

namespace hindlimb::study {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double z_95 = 1.959963984540054;
constexpr double chi_squared_95 = 3.841458820694124;  // one degree of freedom

/// What Ceres minimises, over those parameters that are free.
class Cost : public ceres::CostFunction {
 public:
  Cost(const FitModel& model, VectorXd fixed, std::vector<Index> free, std::int64_t& failures)
      : model_(model), fixed_(std::move(fixed)), free_(std::move(free)), failures_(failures) {
    set_num_residuals(static_cast<int>(model.n_residuals()));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(free_.size()));
  }

  bool Evaluate(double const* const* parameters, double* residuals, double** jacobians) const override {
    VectorXd x = fixed_;
    for (std::size_t i = 0; i < free_.size(); ++i) x[free_[i]] = parameters[0][i];
    const bool with_jacobian = jacobians != nullptr && jacobians[0] != nullptr;
    const std::optional<FitModel::Evaluation> evaluation = model_.evaluate(x, with_jacobian);
    if (!evaluation || !evaluation->residuals.allFinite()) {
      ++failures_;
      return false;
    }
    VectorXd::Map(residuals, evaluation->residuals.size()) = evaluation->residuals;
    if (with_jacobian) {
      using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
      Eigen::Map<RowMajor> jacobian(jacobians[0], evaluation->residuals.size(), static_cast<Index>(free_.size()));
      for (std::size_t i = 0; i < free_.size(); ++i)
        jacobian.col(static_cast<Index>(i)) = evaluation->jacobian.col(free_[i]);
    }
    return true;
  }

 private:
  const FitModel& model_;
  VectorXd fixed_;
  std::vector<Index> free_;
  std::int64_t& failures_;
};

struct Minimum {
  VectorXd x;
  double cost = std::numeric_limits<double>::infinity();
  bool has_converged = false;
  std::int64_t failures = 0;
};

/// Fits with everything that does not change from search to search.
class Fitter {
 public:
  Fitter(const FitPlan& plan, const scenario::Study& study, const FitRun& run, FitJournal& journal)
      : plan_(plan),
        run_(run),
        journal_(journal),
        model_(plan, study, run.threads),
        n_(static_cast<Index>(plan.parameters.size())) {}

  Fit go() {
    const auto begin = std::chrono::steady_clock::now();
    require_influence();
    Fit fit;
    for (std::int64_t start = 0; start < plan_.options.starts; ++start) fit.searches.push_back(search(start));
    fit.best =
        static_cast<std::size_t>(std::ranges::min_element(fit.searches, {}, &Search::cost) - fit.searches.begin());
    if (!std::isfinite(fit.searches[fit.best].cost))
      throw Error("no search of the fit came to an end: every one met parameters at which a simulation fails");
    const VectorXd best = logs(fit.searches[fit.best].values);
    analyse(fit, best);
    if (plan_.options.profiles) profiles(fit, best);
    fit.wall_time_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return fit;
  }

 private:
  static VectorXd logs(const std::vector<double>& values) {
    VectorXd x(static_cast<Index>(values.size()));
    std::ranges::transform(values, x.data(), math::log);
    return x;
  }

  const FittedParameter& parameter(Index i) const { return plan_.parameters[static_cast<std::size_t>(i)]; }
  double prior_sd(Index i) const { return math::log(parameter(i).prior_factor); }

  void say(const std::string& text) const {
    if (run_.on_progress) run_.on_progress(text);
  }

  void require_influence() const {
    VectorXd x(n_);
    for (Index i = 0; i < n_; ++i) x[i] = math::log(*parameter(i).start);
    const std::optional<FitModel::Evaluation> evaluation = model_.evaluate(x, true);
    if (!evaluation) throw Error("the simulation fails at the start values of the fit");
    std::vector<Problem> problems;
    for (Index i = 0; i < n_; ++i) {
      if (!evaluation->influence.col(i).isZero(0.0)) continue;
      const std::string key = fmt::format("parameter.{}", i + 1);
      problems.push_back({scenario::nearest_position(plan_.positions, key), key,
                          fmt::format("{} has no influence on any datum", parameter(i).name), "leave it out"});
    }
    if (!problems.empty()) throw InputError(std::move(problems));
  }

  /// From the start values, or from a draw of the prior within the bounds.
  VectorXd starting_point(std::int64_t start) const {
    VectorXd x(n_);
    for (Index i = 0; i < n_; ++i) {
      const random::Counter counter{0, static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(i), 0};
      const double z =
          start == 0
              ? 0.0
              : random::normal({static_cast<std::uint64_t>(plan_.options.seed), random::Purpose::fit_start}, counter);
      x[i] = std::clamp(math::log(*parameter(i).start) + prior_sd(i) * z, math::log(*parameter(i).low),
                        math::log(*parameter(i).high));
    }
    return x;
  }

  Minimum minimise(const VectorXd& from, std::optional<Index> fixed, std::int64_t max_iterations) const {
    std::vector<Index> free;
    for (Index i = 0; i < n_; ++i) {
      if (i != fixed) free.push_back(i);
    }
    Minimum minimum;
    VectorXd x = from(free);
    ceres::Problem problem;
    problem.AddResidualBlock(new Cost(model_, from, free, minimum.failures), nullptr, x.data());
    for (std::size_t i = 0; i < free.size(); ++i) {
      problem.SetParameterLowerBound(x.data(), static_cast<int>(i), math::log(*parameter(free[i]).low));
      problem.SetParameterUpperBound(x.data(), static_cast<int>(i), math::log(*parameter(free[i]).high));
    }
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::DENSE_QR;
    options.max_num_iterations = static_cast<int>(max_iterations);
    options.function_tolerance = 1e-7;
    options.parameter_tolerance = 1e-7;
    options.logging_type = ceres::SILENT;
    options.num_threads = 1;
    ceres::Solver::Summary summary;
    ceres::Solve(options, &problem, &summary);
    minimum.x = from;
    for (std::size_t i = 0; i < free.size(); ++i) minimum.x[free[i]] = x[static_cast<Index>(i)];
    minimum.has_converged = summary.termination_type == ceres::CONVERGENCE;
    if (summary.IsSolutionUsable()) minimum.cost = summary.final_cost;
    return minimum;
  }

  // --- the journal: "search 3 1 12.5 0 0.81 ..." and "profile 7 1 0.4 ..."
  // --------------------------------------------

  std::optional<std::vector<double>> recall(const std::string& head) const {
    for (const std::string& line : journal_.lines) {
      if (!line.starts_with(head + " ")) continue;
      std::istringstream stream(line.substr(head.size()));
      std::vector<double> numbers;
      for (std::string word; stream >> word;) numbers.push_back(std::stod(word));
      return numbers;
    }
    return std::nullopt;
  }

  void remember(const std::string& head, const std::vector<double>& numbers) {
    std::string line = head;
    for (const double number : numbers) line += fmt::format(" {}", number);
    journal_.lines.push_back(line);
    if (journal_.append) journal_.append(line);
  }

  Search search(std::int64_t start) {
    const std::string head = fmt::format("search {}", start);
    std::optional<std::vector<double>> numbers = recall(head);
    if (!numbers) {
      const Minimum minimum = minimise(starting_point(start), std::nullopt, plan_.options.max_iterations);
      numbers = {minimum.has_converged ? 1.0 : 0.0, minimum.cost, static_cast<double>(minimum.failures)};
      for (const double x : minimum.x) numbers->push_back(math::exp(x));
      remember(head, *numbers);
    }
    Search result{start,
                  (*numbers)[0] == 1.0,
                  (*numbers)[1],
                  {numbers->begin() + 3, numbers->end()},
                  static_cast<std::int64_t>((*numbers)[2])};
    say(fmt::format("search {} of {}: cost {:.4g}{}", start + 1, plan_.options.starts, result.cost,
                    result.has_converged ? "" : ", not converged"));
    return result;
  }

  // --- at the optimum ----------------------------------------------------------------------------------------------

  void analyse(Fit& fit, const VectorXd& best) const {
    const std::optional<FitModel::Evaluation> evaluation = model_.evaluate(best, true);
    if (!evaluation) throw Error("the simulation fails at the optimum of the fit");
    const auto n_data = static_cast<Index>(model_.n_data());
    for (Index i = 0; i < n_data; ++i) fit.residuals.push_back({evaluation->simulated[i], evaluation->residuals[i]});
    const MatrixXd covariance = (evaluation->jacobian.transpose() * evaluation->jacobian).inverse();
    const VectorXd sd = covariance.diagonal().cwiseSqrt();
    fit.correlation = sd.cwiseInverse().asDiagonal() * covariance * sd.cwiseInverse().asDiagonal();
    for (Index i = 0; i < n_; ++i) fit.estimates.push_back(estimate(i, best[i], sd[i]));
    trade_offs(fit, evaluation->jacobian.topRows(n_data));
  }

  static Identifiability verdict_of(double shrinkage) {
    constexpr double told = 0.5;
    constexpr double hardly_told = 0.9;
    if (shrinkage < told) return Identifiability::identified;
    return shrinkage < hardly_told ? Identifiability::partly : Identifiability::not_identified;
  }

  Estimate estimate(Index i, double x, double sd) const {
    constexpr double near_bound = 1e-3;
    const FittedParameter& p = parameter(i);
    Estimate e;
    e.name = p.name;
    e.value = math::exp(x);
    e.low = math::exp(x - z_95 * sd);
    e.high = math::exp(x + z_95 * sd);
    e.profile_low = e.profile_high = nan;
    e.shrinkage = sd / prior_sd(i);
    e.is_at_bound = x - math::log(*p.low) < near_bound || math::log(*p.high) - x < near_bound;
    e.profile_shrinkage = nan;
    e.verdict = verdict_of(e.shrinkage);
    return e;
  }

  /// Directions of the parameters, in units of their priors, in which the data say less than the prior does.
  void trade_offs(Fit& fit, MatrixXd jacobian) const {
    for (Index i = 0; i < n_; ++i) jacobian.col(i) *= prior_sd(i);
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(jacobian.transpose() * jacobian);
    fit.information = solver.eigenvalues();
    for (Index k = 0; k < n_ && solver.eigenvalues()[k] < 1.0; ++k) {
      fit.trade_offs.push_back(direction(solver.eigenvectors().col(k), solver.eigenvalues()[k]));
    }
  }

  /// The parameters that take part most, with the sign in which they move together.
  std::string direction(const VectorXd& vector, double information) const {
    constexpr double takes_part = 0.3;
    std::vector<Index> order(static_cast<std::size_t>(n_));
    for (Index i = 0; i < n_; ++i) order[static_cast<std::size_t>(i)] = i;
    std::ranges::sort(order, std::greater{}, [&](Index i) { return std::fabs(vector[i]); });
    const double sign = vector[order[0]] < 0.0 ? -1.0 : 1.0;
    std::string text = fmt::format("information {:.2g}:", information);
    for (const Index i : order) {
      if (std::fabs(vector[i]) < takes_part) break;
      text += fmt::format(" {}{}", sign * vector[i] > 0.0 ? "+" : "-", parameter(i).name);
    }
    return text;
  }

  // --- profiles ----------------------------------------------------------------------------------------------------

  void profiles(Fit& fit, const VectorXd& best) {
    for (Index i = 0; i < n_; ++i) {
      Estimate& e = fit.estimates[static_cast<std::size_t>(i)];
      const std::string head = fmt::format("profile {}", i);
      std::optional<std::vector<double>> numbers = recall(head);
      if (!numbers) {
        const double sd = e.shrinkage * prior_sd(i);
        numbers = {profile_limit(i, -1.0, sd, best, fit.searches[fit.best].cost),
                   profile_limit(i, 1.0, sd, best, fit.searches[fit.best].cost)};
        remember(head, *numbers);
      }
      take_profile(e, i, (*numbers)[0], (*numbers)[1]);
      say(fmt::format("profile {} of {}: {} {:.4g} ({:.4g} to {:.4g})", i + 1, n_, e.name, e.value, e.profile_low,
                      e.profile_high));
    }
  }

  void take_profile(Estimate& e, Index i, double low, double high) const {
    constexpr double at_bound = 1.0 + 1e-6;
    e.profile_low = low;
    e.profile_high = high;
    if (low <= *parameter(i).low * at_bound || high * at_bound >= *parameter(i).high) return;
    e.profile_shrinkage = (math::log(high) - math::log(low)) / (2.0 * z_95 * prior_sd(i));
    e.verdict = verdict_of(e.profile_shrinkage);
  }

  /// Where twice the cost, minimised over the other parameters, has risen by the 95 % quantile of chi-squared.
  double profile_limit(Index i, double sign, double sd, const VectorXd& best, double best_cost) const {
    constexpr int most_steps = 6;
    constexpr std::int64_t iterations = 12;
    const double end = sign < 0.0 ? math::log(*parameter(i).low) : math::log(*parameter(i).high);
    VectorXd x = best;
    double previous = best[i];
    double previous_rise = 0.0;
    double step = z_95 * sd;
    for (int k = 0; k < most_steps; ++k) {
      const double next = sign < 0.0 ? std::max(end, previous - step) : std::min(end, previous + step);
      if (next == previous) return math::exp(end);
      x[i] = next;
      const Minimum minimum = minimise(x, i, iterations);
      const double rise = 2.0 * (minimum.cost - best_cost);
      if (rise >= chi_squared_95) {
        // the rise goes about with the square of the distance
        const double a = std::sqrt(std::max(0.0, previous_rise));
        const double share = (std::sqrt(chi_squared_95) - a) / (std::sqrt(rise) - a);
        return math::exp(previous + share * (next - previous));
      }
      x = minimum.x;
      previous = next;
      previous_rise = rise;
      step *= 0.75;
    }
    return math::exp(previous);
  }

  const FitPlan& plan_;
  const FitRun& run_;
  FitJournal& journal_;
  FitModel model_;
  Index n_;
};

}  // namespace

Fit fit(const FitPlan& plan, const scenario::Study& study, const FitRun& run, FitJournal& journal) {
  return Fitter(plan, study, run, journal).go();
}

}  // namespace hindlimb::study
