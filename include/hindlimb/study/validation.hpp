#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hindlimb/study/facts.hpp"

namespace hindlimb::study {

enum class Verdict { pass, fail, prediction };

/// A fact and what the simulation says of it.
struct Finding {
  Fact fact;
  double simulated;     ///< of arm means                                        [unit of the fact]
  double animals_low;   ///< 2.5 % quantile of the same number of single rats; NaN where it has no meaning
  double animals_high;  ///< 97.5 % quantile
  Verdict verdict;
};

struct ValidationOptions {
  unsigned threads = 1;
  std::function<void(std::int64_t done, std::int64_t total)> on_progress;  ///< in muscles; may be empty
};

/// Simulates a study muscle by muscle and holds every fact against it, in the order of the facts; last, the order of
/// the muscles by the mass they lose (soleus > gastrocnemius >= TA > EDL), if the facts give these on one day.
///
/// @throws Error if a simulation fails
std::vector<Finding> validate(const scenario::Study& study, const std::vector<Fact>& facts,
                              const ValidationOptions& options);

/// A table for a wide terminal, sources last, and how many passed.
std::string to_table(const std::vector<Finding>& findings);

/// The same as a Markdown table.
std::string to_markdown(const std::vector<Finding>& findings);

bool all_pass(const std::vector<Finding>& findings);

}  // namespace hindlimb::study
