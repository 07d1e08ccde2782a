#include "hindlimb/scenario/protocol.hpp"

#include <algorithm>

namespace hindlimb::scenario {
namespace {

bool is_for(const Massage& massage, Muscle muscle) {
  return massage.muscles.empty() || std::ranges::find(massage.muscles, muscle) != massage.muscles.end();
}

Minutes phase_start(const Arm& arm, const std::string& phase) {
  const auto found = std::ranges::find(arm.phases, phase, &Phase::name);
  return start_of(arm, static_cast<std::size_t>(found - arm.phases.begin()));
}

template <class Selection>
std::vector<Bout> select_bouts(const Arm& arm, Limb limb, Selection is_selected) {
  std::vector<Bout> bouts;
  for (const Massage& massage : arm.massages) {
    if (!has_effect(massage) || !includes(massage.limb, limb) || !is_selected(massage)) continue;
    Minutes start = phase_start(arm, massage.phase) + massage.first;
    for (std::int64_t i = 0; i < massage.bouts; ++i, start += massage.every) {
      bouts.push_back({start, start + massage.bout, massage.force_N, massage.frequency_Hz});
    }
  }
  std::ranges::sort(bouts, {}, &Bout::start);
  return bouts;
}

}  // namespace

bool has_effect(const Massage& massage) {
  return massage.force_N > 0.0 && massage.frequency_Hz > 0.0 && massage.bout > Minutes{0} && massage.bouts > 0;
}

std::vector<LoadSpan> load_spans(const Study& study, const Arm& arm, Limb limb) {
  std::vector<LoadSpan> spans;
  Minutes start{0};
  for (const Phase& phase : arm.phases) {
    const Minutes end = phase.duration ? start + *phase.duration : horizon(study);
    if (!spans.empty() && spans.back().load == phase.load[limb]) {
      spans.back().end = end;
    } else {
      spans.push_back({start, end, phase.load[limb]});
    }
    start = end;
  }
  return spans;
}

std::vector<Bout> bouts_on(const Arm& arm, Limb limb, Muscle muscle) {
  return select_bouts(arm, limb, [muscle](const Massage& massage) { return is_for(massage, muscle); });
}

std::vector<Bout> bouts_on(const Arm& arm, Limb limb) {
  return select_bouts(arm, limb, [](const Massage&) { return true; });
}

}  // namespace hindlimb::scenario
