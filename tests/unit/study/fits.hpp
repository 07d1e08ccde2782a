#pragma once

#include <string>

#include "hindlimb/study/fit_plan.hpp"
#include "unit/study/studies.hpp"

/// Plans of a fit, made from text or shipped.
namespace hindlimb::study {

inline const std::string observations_header = "id,study,muscle,quantity,unit,value,error,error_type,n,derived_from\n";

/// Two parameters and three numbers about suspension, all of them told well by the data.
inline const std::string small_plan = R"(
study = "study.toml"
observations = "observations.csv"
[fit]
starts = 2
profiles = "yes"
[[parameter]]
name = "efficiency_loss"
start = 0.7
low = 0.05
high = 2
prior_factor = 30
[[parameter]]
name = "proteolysis_gain"
start = 0.4
low = 0.05
high = 2
prior_factor = 30
[[datum]]
row = "O1"
quantity = "myofibrillar_synthesis_ratio"
arm = "HS"
muscle = "soleus"
day = 7
reference = "WB"
[[datum]]
row = "O2"
quantity = "myofibrillar_breakdown_ratio"
arm = "HS"
muscle = "soleus"
day = 7
reference = "WB"
[[datum]]
row = "O3"
quantity = "csa_change"
arm = "HS"
muscle = "gastrocnemius"
day = 14
reference = "WB"
)";

inline const std::string small_observations = observations_header +
                                              "O1,A,soleus,synthesis,ratio,0.7,0.03,SEM,7,\n"
                                              "O2,A,soleus,breakdown,percent,40,6,SD,9,\n"
                                              "O3,B,gastrocnemius,area,percent,-30,3,SEM,7,\n";

inline FitPlan plan_of(const std::string& toml) { return read_fit_plan(io::parse_toml(toml, "fit.toml")); }

inline FitPlan resolved(const std::string& toml, const std::string& observations = small_observations) {
  FitPlan plan = plan_of(toml);
  resolve(plan, study_of(few_arms), CsvTable::parse(observations, "observations.csv"));
  return plan;
}

inline scenario::Study reference_study() { return io::read_study(HINDLIMB_SOURCE_DIR "/configs/validation.toml"); }

inline FitPlan reference_plan() {
  FitPlan plan = read_fit_plan(io::read_toml(HINDLIMB_SOURCE_DIR "/configs/fit_reference.toml"));
  resolve(plan, reference_study(), file_table("data/observations.csv"));
  return plan;
}

/// The text with one piece of it replaced; it must be there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace hindlimb::study
