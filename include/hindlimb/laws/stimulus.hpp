#pragma once

#include "hindlimb/laws/coefficients.hpp"
#include "hindlimb/laws/scalar.hpp"

namespace hindlimb::laws {

/// What acts on one muscle of one limb while nothing in the protocol changes.
template <class Scalar>
struct Stimulus {
  Scalar load{1.0};         ///< weight borne, 1 = cage weight bearing, 0 = suspended          [1], 0 to 2
  Scalar massage{0.0};      ///< dose rate of this limb's own massage                         [1/d]
  Scalar humoral{0.0};      ///< dose rate through the circulation, gain included             [1/d]
  Scalar neural{0.0};       ///< dose rate from the other limb through the cord, gain included  [1/d]
  Scalar behavioural{0.0};  ///< dose rate on how much the rat loads its limbs, gain included   [1/d]
  Scalar training{0.0};     ///< rate at which training of either limb raises activation        [1/d]
  Scalar label{0.0};        ///< 1 while the drinking water is labelled with D2O, else 0

  bool operator==(const Stimulus&) const = default;
};

/// The massage of Miller et al. 2018, doi:10.1113/JP275089: a bout of it is the unit of dose.
inline constexpr double reference_force_N = 4.5;
inline constexpr double reference_frequency_Hz = 0.5;
inline constexpr double reference_bout_d = 30.0 / 1440.0;

/// Dose rate during a bout: 0 at 0 N or 0 Hz, saturating in both; 30 min of 4.5 N at 0.5 Hz are a dose of 1.  [1/d]
/// How growth depends on force or frequency is not published: every optimum that follows from this is a prediction.
template <class Scalar>
Scalar massage_dose_rate(double force_N, double frequency_Hz, const Coefficients<Scalar>& p) {
  const auto share = [](double amount, double reference, const Scalar& half) {
    return Scalar(saturation(Scalar(amount), half)) / Scalar(saturation(Scalar(reference), half));
  };
  return share(force_N, reference_force_N, p.massage_half_force_N) *
         share(frequency_Hz, reference_frequency_Hz, p.massage_half_frequency_Hz) / reference_bout_d;
}

/// The unit of training: half an hour at 1.5 times cage load.
inline constexpr double reference_overload = 0.5;
inline constexpr double reference_session_d = 30.0 / 1440.0;

/// Dose rate of training while a weight-bearing limb bears more than its cage load.  [1/d]
inline double training_dose_rate(double load) {
  return positive_part(load - 1.0) / reference_overload / reference_session_d;
}

}  // namespace hindlimb::laws
