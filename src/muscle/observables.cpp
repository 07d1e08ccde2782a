#include "hindlimb/muscle/observables.hpp"

#include <limits>

#include "hindlimb/core/math.hpp"

namespace hindlimb::muscle {

laws::ByType<double> areas_by_type(double size, const laws::Coefficients<double>& p) {
  laws::ByType<double> areas;
  areas.fill(std::numeric_limits<double>::quiet_NaN());
  double mean = 0.0;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (p.type_fraction[i] == 0.0) continue;
    areas[i] = p.type_csa_um2[i] * math::pow(size, p.type_sensitivity[i]);
    mean += p.type_fraction[i] * areas[i];
  }
  for (double& area : areas) area *= p.csa_um2 * size / mean;
  return areas;
}

Observables<double> observe(const StateVector<double>& y, double window_d, const laws::Coefficients<double>& p,
                            bool wants_types) {
  Observables<double> observables = observe_means(y, window_d, p);
  if (!wants_types) return observables;
  const laws::ByType<double> areas = areas_by_type(observables.at(Observable::csa) / p.csa_um2, p);
  for (std::size_t type = 0; type < areas.size(); ++type) observables.at(Observable::csa_by_type, type) = areas[type];
  return observables;
}

}  // namespace hindlimb::muscle
