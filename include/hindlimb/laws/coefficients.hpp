#pragma once

#include <array>

#include "hindlimb/laws/parameters.hpp"

namespace hindlimb::laws {

inline constexpr std::array<std::string_view, 4> fibre_type_names{"I", "IIa", "IIx", "IIb"};
inline constexpr std::size_t n_fibre_types = fibre_type_names.size();

/// One number for each fibre type, in the order of fibre_type_names.
template <class Scalar>
using ByType = std::array<Scalar, n_fibre_types>;

/// Parameters of one muscle of one animal together with what follows from its make-up of fibre types.
template <class Scalar>
struct Coefficients : Parameters<Scalar> {
  ByType<Scalar> type_fraction;  ///< share of the fibres; sum 1
  ByType<Scalar> type_csa_um2;   ///< at the set point                                     [um2]
  ByType<Scalar>
      type_sensitivity;          ///< to unloading, as a multiple of the muscle's mean; weighted by area the mean is 1
  Scalar csa_um2;                ///< mean over the fibres at the set point                [um2]
  Scalar unloading_sensitivity;  ///< postural share x mean sensitivity of its types
  Scalar myofibrillar_turnover_per_d;
  Scalar cytosolic_turnover_per_d;
  Scalar mitochondrial_turnover_per_d;
#define HINDLIMB_DERIVED(name, ...) Scalar name;
#include "hindlimb/laws/derived.def"
};

/// A muscle's turnover and sensitivity are those of its fibre types, weighted by the area they take.
template <class Scalar>
Coefficients<Scalar> coefficients(const Parameters<Scalar>& parameters) {
  Coefficients<Scalar> c{};
  static_cast<Parameters<Scalar>&>(c) = parameters;
  c.type_fraction = {c.fraction_type_I, c.fraction_type_IIa, c.fraction_type_IIx, c.fraction_type_IIb};
  c.type_csa_um2 = {c.csa_type_I_um2, c.csa_type_IIa_um2, c.csa_type_IIx_um2, c.csa_type_IIb_um2};
  const Scalar sum = c.type_fraction[0] + c.type_fraction[1] + c.type_fraction[2] + c.type_fraction[3];
  c.csa_um2 = Scalar(0.0);
  for (std::size_t i = 0; i < n_fibre_types; ++i) {
    c.type_fraction[i] = c.type_fraction[i] / sum;
    c.csa_um2 = c.csa_um2 + c.type_fraction[i] * c.type_csa_um2[i];
  }
  const Scalar slow = c.type_fraction[0] * c.type_csa_um2[0] / c.csa_um2;
  const Scalar mean_sensitivity = 1.0 + slow * (c.slow_sensitivity - 1.0);
  c.type_sensitivity.fill(1.0 / mean_sensitivity);
  c.type_sensitivity[0] = c.slow_sensitivity / mean_sensitivity;
  c.unloading_sensitivity = c.postural_share * mean_sensitivity;
  c.myofibrillar_turnover_per_d = c.fast_turnover_per_d + slow * (c.slow_turnover_per_d - c.fast_turnover_per_d);
  c.cytosolic_turnover_per_d = c.cytosolic_turnover_ratio * c.myofibrillar_turnover_per_d;
  c.mitochondrial_turnover_per_d = c.mitochondrial_turnover_ratio * c.myofibrillar_turnover_per_d;
#define HINDLIMB_DERIVED(name, expression) c.name = expression;
#include "hindlimb/laws/derived.def"
  return c;
}

}  // namespace hindlimb::laws
