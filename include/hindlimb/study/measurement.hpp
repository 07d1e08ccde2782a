#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/core/place.hpp"
#include "hindlimb/core/time.hpp"
#include "hindlimb/muscle/observables.hpp"
#include "hindlimb/scenario/study.hpp"

/// What a published number says of a simulation: which observable of which limb on which day, against what.
namespace hindlimb::study {

/// How a number is made of an observable.
enum class Form {
  value,           ///< as it is
  ratio,           ///< to the reference
  percent_change,  ///< from the reference
  variation        ///< coefficient of variation over the animals
};

/// Over which times.
enum class Over {
  day,            ///< at that time
  phase_mean,     ///< mean from the start of the last phase to that time
  phase_largest,  ///< largest value from the start of the last phase to that time
};

/// A kind of number, such as csa_change or rna_degradation_peak_ratio.
struct Quantity {
  std::string name;
  muscle::Observable observable = muscle::Observable::csa;
  Form form = Form::value;
  Over over = Over::day;
};

/// @throws InputError with the quantities there are like it
Quantity quantity_named(const std::string& name, const Place& where);

/// Which limb of an arm.
enum class MeasuredLimb { left, right, both, massaged, contralateral, difference };
inline constexpr std::array<std::string_view, 6> measured_limb_names{"left",     "right",         "both",
                                                                     "massaged", "contralateral", "difference"};

struct Measurement {
  Quantity quantity;
  std::string arm;
  MeasuredLimb limb = MeasuredLimb::both;
  scenario::MuscleName muscle = scenario::MuscleName::gastrocnemius_medial;
  Minutes time{0};
  std::string reference_arm;              ///< empty for forms that need none
  std::optional<Minutes> reference_time;  ///< none: the same as `time`
};

/// The one limb that is massaged or, in an arm without massage, trained; nothing if none is or both are.
std::optional<scenario::Limb> treated_limb(const scenario::Arm& arm);

/// Why an arm has no such limb; empty if it has.
std::string missing_limb(MeasuredLimb limb, const scenario::Arm& arm);

/// Where the observables of a simulation come from: a mean over rats, one rat, or a typical one with its gradient.
///
/// A Source has
///   Scalar value(arm, limb, observable, time)           one limb of the measured muscle
///   std::vector<Minutes> times(arm, from, to)           the times that are known, ends included
///   const scenario::Arm& arm(name)
template <class Source, class Scalar>
class Reading {
 public:
  Reading(const Measurement& measurement, const Source& source) : m_(measurement), source_(source) {}

  Scalar value() const {
    if (m_.limb == MeasuredLimb::difference) return of(MeasuredLimb::massaged) - of(MeasuredLimb::contralateral);
    return of(m_.limb);
  }

 private:
  Scalar of(MeasuredLimb role) const {
    const std::vector<scenario::Limb> limbs = limbs_of(role);
    Scalar measured = mean(m_.arm, limbs, m_.time);
    if (m_.quantity.form == Form::value) return measured;
    const Scalar reference = mean(m_.reference_arm, limbs, m_.reference_time.value_or(m_.time));
    const Scalar ratio = measured / reference;
    return m_.quantity.form == Form::ratio ? ratio : Scalar(100.0 * (ratio - 1.0));
  }

  /// The sides that a role stands for in the measured arm; the same sides are read in the reference arm.
  std::vector<scenario::Limb> limbs_of(MeasuredLimb role) const {
    using scenario::Limb;
    if (role == MeasuredLimb::left) return {Limb::left};
    if (role == MeasuredLimb::right) return {Limb::right};
    if (role == MeasuredLimb::both) return {Limb::left, Limb::right};
    const Limb treated = treated_limb(source_.arm(m_.arm)).value();
    return {role == MeasuredLimb::massaged ? treated : scenario::other(treated)};
  }

  Scalar mean(const std::string& arm, const std::vector<scenario::Limb>& limbs, Minutes time) const {
    Scalar sum(0.0);
    for (const scenario::Limb limb : limbs) sum = sum + over_time(arm, limb, time);
    return sum / static_cast<double>(limbs.size());
  }

  Scalar over_time(const std::string& arm, scenario::Limb limb, Minutes time) const {
    const muscle::Observable observable = m_.quantity.observable;
    if (m_.quantity.over == Over::day) return source_.value(arm, limb, observable, time);
    const std::vector<Minutes> times = source_.times(arm, phase_start(source_.arm(arm), time), time);
    return m_.quantity.over == Over::phase_mean ? time_mean(arm, limb, times) : largest(arm, limb, times);
  }

  static Minutes phase_start(const scenario::Arm& arm, Minutes time) {
    Minutes start{0};
    for (std::size_t i = 0; i < arm.phases.size() && start_of(arm, i) < time; ++i) start = start_of(arm, i);
    return start;
  }

  /// By the trapezoidal rule over the times that are known.
  Scalar time_mean(const std::string& arm, scenario::Limb limb, const std::vector<Minutes>& times) const {
    Scalar area(0.0);
    Scalar before = source_.value(arm, limb, m_.quantity.observable, times.front());
    if (times.size() == 1) return before;  // the start of the study
    for (std::size_t i = 1; i < times.size(); ++i) {
      const Scalar now = source_.value(arm, limb, m_.quantity.observable, times[i]);
      area = area + 0.5 * to_days(times[i] - times[i - 1]) * (before + now);
      before = now;
    }
    return area / to_days(times.back() - times.front());
  }

  Scalar largest(const std::string& arm, scenario::Limb limb, const std::vector<Minutes>& times) const {
    Scalar top = source_.value(arm, limb, m_.quantity.observable, times.front());
    for (const Minutes time : times) {
      const Scalar now = source_.value(arm, limb, m_.quantity.observable, time);
      if (now > top) top = now;
    }
    return top;
  }

  const Measurement& m_;
  const Source& source_;
};

/// Times that a study must record so that all measurements can be read from it: their own days, and a fine grid where
/// a mean or a largest value is asked for.
std::vector<Minutes> times_needed(const std::vector<Measurement>& measurements, const scenario::Study& study);

}  // namespace hindlimb::study
