#pragma once

#include <vector>

#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/scenario/protocol.hpp"

/// The one place where limbs meet. What crosses follows from the protocol and the parameters, not from the tissue of
/// the other limb, so that each muscle of each limb is integrated alone.
namespace hindlimb::sim {

/// A stretch of time in which nothing changes for one muscle of one limb.
template <class Scalar>
struct Segment {
  Minutes start;
  Minutes end;
  laws::Stimulus<Scalar> stimulus;
  Scalar bolus{0.0};  ///< D2O that body water gains at the start, as a share of the plateau

  bool operator==(const Segment&) const = default;
};

/// All of the protocol that reaches one muscle of one limb, before parameters say how strongly it acts.
struct Inputs {
  std::vector<scenario::LoadSpan> loads;
  std::vector<scenario::Bout> own;        ///< on this muscle
  std::vector<scenario::Bout> this_limb;  ///< on any muscle of this limb, if anything of it comes back through the body
  std::vector<scenario::Bout> other_limb;  ///< on any muscle of the other limb, if anything of it crosses
  std::vector<scenario::Session> own_sessions;
  std::vector<scenario::Session> other_sessions;  ///< if anything of them crosses
  Minutes label_start;
};

/// Which routes are open: those with a gain > 0.
struct Routes {
  bool humoral;
  bool neural;
  bool behavioural;
  bool cross_education;
};

Inputs gather_inputs(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle,
                     scenario::Limb limb, const Routes& routes);

/// Times at which anything changes, the first and the last included, ascending.
std::vector<Minutes> stops_of(const Inputs& inputs);

/// Dose rate of massage at a time, 0 between bouts. Where bouts on several muscles of a limb coincide, the strongest
/// counts: what a limb sends does not depend on how many of its muscles are listed.  [1/d]
template <class Scalar>
Scalar dose_rate(const std::vector<scenario::Bout>& bouts, Minutes time, const laws::Coefficients<Scalar>& p) {
  Scalar strongest(0.0);
  for (const scenario::Bout& bout : bouts) {
    if (bout.start > time || time >= bout.end) continue;
    const Scalar rate = laws::massage_dose_rate(bout.force_N, bout.frequency_Hz, p);
    if (rate > strongest) strongest = rate;
  }
  return strongest;
}

/// Dose rate of training at a time, 0 between sessions.  [1/d]
double training_rate(const std::vector<scenario::Session>& sessions, Minutes time);

/// Weight borne at a time.
double load_at(const std::vector<scenario::LoadSpan>& loads, Minutes time);

template <class Scalar>
laws::Stimulus<Scalar> stimulus_at(const Inputs& inputs, Minutes time, const laws::Coefficients<Scalar>& p) {
  const Scalar here = dose_rate(inputs.this_limb, time, p);
  const Scalar there = dose_rate(inputs.other_limb, time, p);
  return {.load = Scalar(load_at(inputs.loads, time)),
          .massage = dose_rate(inputs.own, time, p),
          .humoral = p.humoral_gain * (here + there),
          .neural = p.neural_gain * there,
          .behavioural = p.behavioural_gain * (here + there),
          .training = p.training_gain * training_rate(inputs.own_sessions, time) +
                      p.cross_education_gain * training_rate(inputs.other_sessions, time),
          .label = Scalar(time >= inputs.label_start ? 1.0 : 0.0)};
}

/// The protocol as one muscle of one limb meets it, without gaps from the start of the study to the end of the arm.
///
/// It is cut at the limb's own changes of load, at both ends of bouts on this muscle, at both ends of the bouts and
/// sessions that a route with a gain > 0 brings here, and when the label is given, and nowhere else: a route without
/// gain leaves no trace.
template <class Scalar>
std::vector<Segment<Scalar>> segments(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle,
                                      scenario::Limb limb, const laws::Coefficients<Scalar>& p) {
  const Inputs inputs = gather_inputs(study, arm, muscle, limb,
                                      {.humoral = p.humoral_gain > 0.0,
                                       .neural = p.neural_gain > 0.0,
                                       .behavioural = p.behavioural_gain > 0.0,
                                       .cross_education = p.cross_education_gain > 0.0});
  const std::vector<Minutes> times = stops_of(inputs);
  std::vector<Segment<Scalar>> result;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const Scalar bolus = times[i] == inputs.label_start ? p.label_bolus : Scalar(0.0);
    result.push_back({times[i], times[i + 1], stimulus_at(inputs, times[i], p), bolus});
  }
  return result;
}

}  // namespace hindlimb::sim
