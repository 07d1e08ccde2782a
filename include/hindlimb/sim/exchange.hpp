#pragma once

#include <vector>

#include "hindlimb/laws/stimulus.hpp"
#include "hindlimb/scenario/study.hpp"

/// The one place where limbs meet. What crosses follows from the protocol and the parameters, not from the tissue of
/// the other limb, so that each muscle of each limb is integrated alone.
namespace hindlimb::sim {

/// A stretch of time in which nothing changes for one muscle of one limb.
struct Segment {
  Minutes start;
  Minutes end;
  laws::Stimulus<double> stimulus;
  double bolus = 0.0;  ///< D2O that body water gains at the start, as a share of the plateau
};

/// The protocol as one muscle of one limb meets it, without gaps from the start of the study to the end of the arm.
///
/// It is cut at the limb's own changes of load, at both ends of bouts on this muscle, at both ends of the bouts and
/// sessions that a route with a gain > 0 brings here, and when the label is given, and nowhere else: a route without
/// gain leaves no trace.
std::vector<Segment> segments(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle,
                              scenario::Limb limb, const laws::Coefficients<double>& coefficients);

}  // namespace hindlimb::sim
