#pragma once

#include <string>
#include <utility>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/study/measurement.hpp"

namespace hindlimb::study {

/// A published fact, as a band for one number of a simulation.
struct Fact {
  std::string number;  ///< "8": facts of one number belong together
  std::string title;
  Measurement measurement;
  double low = 0.0;   ///< -inf where the band is open
  double high = 0.0;  ///< +inf likewise
  std::string unit;
  bool is_prediction = false;  ///< reported, never passed
  std::vector<std::pair<std::string, std::string>>
      animals;  ///< keys of [animals] that the fact is about: age_months = 30
  std::string source;
};

/// Reads the table of facts; a muscle "all" becomes one fact for each muscle of the study.
/// @throws InputError with every cell that makes no sense: unknown arm, limb, muscle or quantity, text for a number
std::vector<Fact> read_facts(const CsvTable& table, const scenario::Study& study);

}  // namespace hindlimb::study
