#pragma once

#include <string>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"

/// Studies, plans and tables made from text.
namespace hindlimb::study {

inline scenario::Study study_of(const std::string& toml) {
  return scenario::build_study(io::parse_toml(toml, "study.toml"));
}

/// Weight bearing, suspension for 14 d, reloading for 8 d after it, the same with massage of the right limb, and
/// training of the left limb. Without random effects.
inline const std::string few_arms = R"(
muscles = ["soleus", "gastrocnemius_medial", "gastrocnemius"]
[animals]
per_arm = 1
set_point_cv = 0
unloading_response_cv = 0
massage_response_cv = 0
[[arm]]
name = "WB"
[[arm.phase]]
name = "cage"
[[arm]]
name = "HS"
[[arm.phase]]
name = "suspension"
load = 0
duration_d = 14
[[arm]]
name = "RE"
[[arm.phase]]
name = "suspension"
load = 0
duration_d = 14
[[arm.phase]]
name = "reload"
duration_d = 8
[[arm]]
name = "REM"
[[arm.phase]]
name = "suspension"
load = 0
duration_d = 14
[[arm.phase]]
name = "reload"
duration_d = 8
[[arm.massage]]
phase = "reload"
[[arm]]
name = "TRAIN"
[[arm.phase]]
name = "cage"
duration_d = 22
[[arm.training]]
limb = "left"
phase = "cage"
sessions = 7
)";

inline CsvTable file_table(const std::string& path) {
  return CsvTable::parse(io::read_text(HINDLIMB_SOURCE_DIR "/" + path), path);
}

/// Every problem of the InputError that the call throws, as its user reads it; none if it throws none.
template <class Call>
std::vector<std::string> problems_of(const Call& call) {
  std::vector<std::string> lines;
  try {
    call();
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) lines.push_back(to_string(problem));
  }
  return lines;
}

}  // namespace hindlimb::study
