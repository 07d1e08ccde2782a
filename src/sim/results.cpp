#include "hindlimb/sim/results.hpp"

#include <algorithm>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::sim {

const Series& Results::find(const std::string& name) const {
  const auto found = std::ranges::find(series, name, &Series::name);
  if (found != series.end()) return *found;
  std::string known;
  for (const Series& one : series) known += (known.empty() ? "" : ", ") + one.name;
  throw Error("no series '" + name + "' in these results; there is " + (known.empty() ? "none" : known));
}

}  // namespace hindlimb::sim
