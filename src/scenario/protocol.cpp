#include "hindlimb/scenario/protocol.hpp"

#include <algorithm>

namespace hindlimb::scenario {
namespace {

bool is_for(const Massage& massage, Muscle muscle) {
  const auto holds_muscle = [muscle](MuscleName name) { return std::ranges::count(heads_of(name), muscle) > 0; };
  return massage.muscles.empty() || std::ranges::any_of(massage.muscles, holds_muscle);
}

void append(std::vector<LoadSpan>& spans, LoadSpan span) {
  if (span.start == span.end) return;
  if (!spans.empty() && spans.back().load == span.load) {
    spans.back().end = span.end;
  } else {
    spans.push_back(span);
  }
}

std::vector<LoadSpan> phase_spans(const Study& study, const Arm& arm, Limb limb) {
  std::vector<LoadSpan> spans;
  Minutes start{0};
  for (const Phase& phase : arm.phases) {
    const Minutes end = phase.duration ? start + *phase.duration : horizon(study);
    append(spans, {start, end, phase.load[limb]});
    start = end;
  }
  return spans;
}

template <class Selection>
std::vector<Bout> select_bouts(const Arm& arm, Limb limb, Selection is_selected) {
  std::vector<Bout> bouts;
  for (const Massage& massage : arm.massages) {
    if (!has_effect(massage) || !includes(massage.limb, limb) || !is_selected(massage)) continue;
    Minutes start = start_of(arm, massage.phase) + massage.first;
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

std::vector<Session> sessions_of(const Arm& arm, Limb limb) {
  std::vector<Session> sessions;
  for (const Training& training : arm.trainings) {
    if (!includes(training.limb, limb) || training.session == Minutes{0}) continue;
    Minutes start = start_of(arm, training.phase) + training.first;
    for (std::int64_t i = 0; i < training.sessions; ++i, start += training.every) {
      sessions.push_back({start, start + training.session, training.load});
    }
  }
  std::ranges::sort(sessions, {}, &Session::start);
  return sessions;
}

std::vector<LoadSpan> load_spans(const Study& study, const Arm& arm, Limb limb) {
  const std::vector<Session> sessions = sessions_of(arm, limb);
  std::vector<LoadSpan> spans;
  auto session = sessions.begin();
  Minutes start{0};
  for (const LoadSpan& phase : phase_spans(study, arm, limb)) {
    start = std::max(start, phase.start);
    for (; session != sessions.end() && session->start < phase.end; ++session) {
      append(spans, {start, session->start, phase.load});
      append(spans, {session->start, session->end, session->load});
      start = session->end;
    }
    append(spans, {std::min(start, phase.end), phase.end, phase.load});
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
