#pragma once

#include <vector>

#include "hindlimb/scenario/study.hpp"

/// The protocol of an arm as one muscle of one limb meets it.
namespace hindlimb::scenario {

/// A stretch of constant load. They follow each other without gaps.
struct LoadSpan {
  Minutes start;
  Minutes end;
  double load;
};

/// One bout of massage.
struct Bout {
  Minutes start;
  Minutes end;
  double force_N;
  double frequency_Hz;
  bool operator==(const Bout&) const = default;
};

/// One session of training.
struct Session {
  Minutes start;
  Minutes end;
  double load;
  bool operator==(const Session&) const = default;
};

/// All sessions of a limb, in order of time.
std::vector<Session> sessions_of(const Arm& arm, Limb limb);

/// Whether a massage does anything: 0 N, 0 Hz, 0 min or no bouts are no massage at all.
bool has_effect(const Massage& massage);

/// The load on a limb from the start of the study to the end of the arm. Equal neighbours are one span, so that a
/// phase that changes nothing for a limb adds no stop. Sessions of training stand above the load of their phase.
std::vector<LoadSpan> load_spans(const Study& study, const Arm& arm, Limb limb);

/// All bouts on one muscle of a limb, in order of time.
std::vector<Bout> bouts_on(const Arm& arm, Limb limb, Muscle muscle);

/// All bouts on a limb, whichever of its muscles they are for, in order of time; they may overlap.
std::vector<Bout> bouts_on(const Arm& arm, Limb limb);

}  // namespace hindlimb::scenario
