#include "hindlimb/sim/exchange.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "hindlimb/scenario/protocol.hpp"

namespace hindlimb::sim {
namespace {

using scenario::Bout;
using scenario::LoadSpan;
using Bouts = std::vector<Bout>;

/// All that reaches one muscle.
struct Inputs {
  std::vector<LoadSpan> loads;
  Bouts own;         ///< on this muscle
  Bouts this_limb;   ///< on any muscle of this limb, if anything of it comes back through the body
  Bouts other_limb;  ///< on any muscle of the other limb, if anything of it crosses
  std::vector<scenario::Session> own_sessions;
  std::vector<scenario::Session> other_sessions;  ///< if anything of them crosses
  Minutes label_start;
};

Inputs gather(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle, scenario::Limb limb,
              const laws::Coefficients<double>& p) {
  const bool reaches_both = p.humoral_gain > 0.0 || p.behavioural_gain > 0.0;
  const bool crosses = reaches_both || p.neural_gain > 0.0;
  return {scenario::load_spans(study, arm, limb), scenario::bouts_on(arm, limb, muscle),
          reaches_both ? scenario::bouts_on(arm, limb) : Bouts{},
          crosses ? scenario::bouts_on(arm, scenario::other(limb)) : Bouts{},
          scenario::sessions_of(arm, limb),
          p.cross_education_gain > 0.0 ? scenario::sessions_of(arm, scenario::other(limb)) : std::vector<scenario::Session>{},
          scenario::label_start(arm)};
}

std::vector<Minutes> stops(const Inputs& inputs) {
  std::set<Minutes> times{Minutes{0}, inputs.label_start};
  for (const LoadSpan& span : inputs.loads) times.insert(span.end);
  for (const scenario::Session& session : inputs.other_sessions) times.insert({session.start, session.end});
  for (const Bouts* bouts : {&inputs.own, &inputs.this_limb, &inputs.other_limb}) {
    for (const Bout& bout : *bouts) times.insert({bout.start, bout.end});
  }
  return {times.begin(), times.end()};
}

/// Dose rate at a time, 0 between bouts. Where bouts on several muscles of a limb coincide, the strongest counts: what
/// a limb sends does not depend on how many of its muscles are listed.  [1/d]
double dose_rate(const Bouts& bouts, Minutes time, const laws::Coefficients<double>& p) {
  double strongest = 0.0;
  for (const Bout& bout : bouts) {
    if (bout.start <= time && time < bout.end) {
      strongest = std::max(strongest, laws::massage_dose_rate(bout.force_N, bout.frequency_Hz, p));
    }
  }
  return strongest;
}

/// Dose rate of training at a time, 0 between sessions.  [1/d]
double training_rate(const std::vector<scenario::Session>& sessions, Minutes time) {
  for (const scenario::Session& session : sessions) {
    if (session.start <= time && time < session.end) return laws::training_dose_rate(session.load);
  }
  return 0.0;
}

laws::Stimulus<double> stimulus_at(const Inputs& inputs, Minutes time, const laws::Coefficients<double>& p) {
  const auto span = std::ranges::find_if(inputs.loads, [time](const LoadSpan& s) { return time < s.end; });
  const double here = dose_rate(inputs.this_limb, time, p);
  const double there = dose_rate(inputs.other_limb, time, p);
  return {.load = span->load,
          .massage = dose_rate(inputs.own, time, p),
          .humoral = p.humoral_gain * (here + there),
          .neural = p.neural_gain * there,
          .behavioural = p.behavioural_gain * (here + there),
          .training = p.training_gain * training_rate(inputs.own_sessions, time) +
                      p.cross_education_gain * training_rate(inputs.other_sessions, time),
          .label = time >= inputs.label_start ? 1.0 : 0.0};
}

}  // namespace

std::vector<Segment> segments(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle,
                              scenario::Limb limb, const laws::Coefficients<double>& p) {
  const Inputs inputs = gather(study, arm, muscle, limb, p);
  const std::vector<Minutes> times = stops(inputs);
  std::vector<Segment> result;
  for (auto start = times.begin(); std::next(start) != times.end(); ++start) {
    result.push_back({*start, *std::next(start), stimulus_at(inputs, *start, p), *start == inputs.label_start ? p.label_bolus : 0.0});
  }
  return result;
}

}  // namespace hindlimb::sim
