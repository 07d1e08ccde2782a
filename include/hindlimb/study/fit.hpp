#pragma once

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

#include "hindlimb/study/fit_plan.hpp"

namespace hindlimb::study {

/// Where a search for the best parameters ended.
struct Search {
  std::int64_t start = 0;  ///< 0: from the start values; others: from draws of the prior
  bool has_converged = false;
  double cost = 0.0;                    ///< half the sum of squared residuals, prior included
  std::vector<double> values;           ///< of the parameters, in their own units
  std::int64_t failed_evaluations = 0;  ///< sets of parameters at which a simulation failed; the search went on
};

/// How well the data tell one parameter: by how much they narrow its prior. The profile decides where there is one,
/// since a band that is well met has no slope at the optimum and yet forbids what lies beyond it.
enum class Identifiability { identified, partly, not_identified };
inline constexpr std::array<std::string_view, 3> identifiability_names{"identified", "partly identified",
                                                                       "not identified"};

/// One fitted parameter. Intervals are 95 %.
struct Estimate {
  std::string name;
  double value = 0.0;  ///< in the unit of the parameter
  double low = 0.0;    ///< from the curvature at the optimum, prior included
  double high = 0.0;
  /// From the profile likelihood: where twice the cost has risen by 3.84, or the bound of the parameter where it never
  /// does; NaN without a profile.
  double profile_low = 0.0;
  double profile_high = 0.0;
  double shrinkage = 1.0;          ///< posterior over prior standard deviation of the logarithm, by curvature
  double profile_shrinkage = 0.0;  ///< the same by the profile; NaN without one, or where a bound cut it short
  bool is_at_bound = false;
  Identifiability verdict = Identifiability::identified;
};

/// One datum at the optimum.
struct Residual {
  double simulated = 0.0;  ///< in the unit of the quantity
  double residual = 0.0;   ///< in standard deviations
};

struct Fit {
  std::vector<Search> searches;  ///< in the order of the starts
  std::size_t best = 0;          ///< index into searches
  std::vector<Estimate> estimates;
  std::vector<Residual> residuals;      ///< one for each datum of the plan
  Eigen::MatrixXd correlation;          ///< of the logarithms, shape [parameters][parameters]
  Eigen::VectorXd information;          ///< eigenvalues of the data's information in units of the prior's, ascending
  std::vector<std::string> trade_offs;  ///< directions that the data hardly tell, in words
  double wall_time_s = 0.0;
};

/// A step of a long computation that was finished and is kept, so that it need not be done again.
struct FitJournal {
  std::vector<std::string> lines;                  ///< of an earlier call with the same plan
  std::function<void(const std::string&)> append;  ///< called with each new line; may be empty
};

struct FitRun {
  unsigned threads = 1;
  std::function<void(const std::string&)> on_progress;  ///< called with a sentence now and then; may be empty
};

/// Fits a plan that was resolved: Levenberg-Marquardt (Ceres) from several starts, with exact gradients by dual
/// numbers through the rate laws and the integrator, then curvature, profiles and identifiability.
///
/// The result depends on the plan and the study alone, not on threads or on what the journal already held.
/// @throws InputError  naming every parameter that no datum depends on
/// @throws Error       if no search came to an end
Fit fit(const FitPlan& plan, const scenario::Study& study, const FitRun& run, FitJournal& journal);

/// The estimates as a parameter file that a study can name.
std::string to_parameter_file(const FitPlan& plan, const Fit& fit);

/// Everything a reader wants to know of a fit, as Markdown.
std::string to_report(const FitPlan& plan, const Fit& fit);

}  // namespace hindlimb::study
