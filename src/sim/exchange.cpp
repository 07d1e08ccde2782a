#include "hindlimb/sim/exchange.hpp"

#include <algorithm>
#include <set>

namespace hindlimb::sim {

using Bouts = std::vector<scenario::Bout>;
using Sessions = std::vector<scenario::Session>;

Inputs gather_inputs(const scenario::Study& study, const scenario::Arm& arm, scenario::Muscle muscle,
                     scenario::Limb limb, const Routes& routes) {
  const scenario::Limb other = scenario::other(limb);
  const bool reaches_both = routes.humoral || routes.behavioural;
  const bool crosses = reaches_both || routes.neural;
  return {.loads = scenario::load_spans(study, arm, limb),
          .own = scenario::bouts_on(arm, limb, muscle),
          .this_limb = reaches_both ? scenario::bouts_on(arm, limb) : Bouts{},
          .other_limb = crosses ? scenario::bouts_on(arm, other) : Bouts{},
          .own_sessions = scenario::sessions_of(arm, limb),
          .other_sessions = routes.cross_education ? scenario::sessions_of(arm, other) : Sessions{},
          .label_start = scenario::label_start(arm)};
}

std::vector<Minutes> stops_of(const Inputs& inputs) {
  std::set<Minutes> times{Minutes{0}, inputs.label_start};
  for (const scenario::LoadSpan& span : inputs.loads) times.insert(span.end);
  for (const Sessions* sessions : {&inputs.own_sessions, &inputs.other_sessions}) {
    for (const scenario::Session& session : *sessions) times.insert({session.start, session.end});
  }
  for (const Bouts* bouts : {&inputs.own, &inputs.this_limb, &inputs.other_limb}) {
    for (const scenario::Bout& bout : *bouts) times.insert({bout.start, bout.end});
  }
  return {times.begin(), times.end()};
}

double training_rate(const Sessions& sessions, Minutes time) {
  for (const scenario::Session& session : sessions) {
    if (session.start <= time && time < session.end) return laws::training_dose_rate(session.load);
  }
  return 0.0;
}

double load_at(const std::vector<scenario::LoadSpan>& loads, Minutes time) {
  return std::ranges::find_if(loads, [time](const scenario::LoadSpan& span) { return time < span.end; })->load;
}

}  // namespace hindlimb::sim
