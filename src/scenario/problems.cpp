#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "hindlimb/agents/tissue.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/protocol.hpp"

namespace hindlimb::scenario {
namespace {

constexpr double largest_result_bytes = 4e9;

std::string numbered_path(const Arm& arm, std::string_view table, std::size_t n, std::size_t i) {
  const std::string path = fmt::format("arm.{}.{}", arm.name, table);
  return n == 1 ? path : fmt::format("{}.{}", path, i + 1);
}

std::vector<std::string_view> phase_names(const Arm& arm) {
  std::vector<std::string_view> names(arm.phases.size());
  std::ranges::transform(arm.phases, names.begin(), &Phase::name);
  return names;
}

class Inspection {
 public:
  explicit Inspection(const Study& study) : study_(study) {}

  std::vector<Problem> names_alone() {
    names();
    compare();
    solver();
    return std::move(problems_);
  }

  std::vector<Problem> run() {
    names();
    for (const Arm& arm : study_.arms) durations(arm);
    if (problems_.empty()) horizon_is_known();
    if (problems_.empty()) {
      for (const Arm& arm : study_.arms) interventions(arm);
      fibre_types();
      record();
      size();
      agents();
    }
    compare();
    solver();
    return std::move(problems_);
  }

 private:
  void report(std::string key, std::string what, std::string hint = "") {
    problems_.push_back({"", std::move(key), std::move(what), std::move(hint)});
  }

  /// A name that can stand in a key.
  void name(const std::string& path, const std::string& name) {
    const bool is_plain = std::ranges::all_of(
        name, [](unsigned char c) { return c > 0x20 && c != '.' && c != '*' && c != '=' && c != 0x7f; });
    if (name.empty() || !is_plain) {
      report(path + ".name", fmt::format("is '{}'", name),
             "a name has no dots, stars, equals signs, spaces or control characters, so that --set can say it");
    }
  }

  void names() {
    if (study_.arms.empty()) report("arm", "there is none", "a study needs at least one [[arm]]");
    std::set<std::string_view> seen;
    for (const Arm& arm : study_.arms) {
      name("arm." + arm.name, arm.name);
      if (!seen.insert(arm.name).second) report("arm." + arm.name, "there are two arms of this name");
    }
    for (const Arm& arm : study_.arms) {
      const std::size_t before = problems_.size();
      phases(arm);
      if (problems_.size() == before) named_phases(arm);
    }
  }

  void phases(const Arm& arm) {
    const std::string path = "arm." + arm.name;
    if (arm.phases.empty()) report(path + ".phase", "there is none", "an arm needs at least one [[arm.phase]]");
    std::set<std::string_view> seen;
    for (const Phase& phase : arm.phases) {
      const std::string phase_path = fmt::format("{}.phase.{}", path, phase.name);
      name(phase_path, phase.name);
      if (!seen.insert(phase.name).second) report(phase_path, "there are two phases of this name in the arm");
    }
  }

  void durations(const Arm& arm) {
    for (const Phase& phase : arm.phases) {
      if (phase.duration || &phase == &arm.phases.back()) continue;
      report(fmt::format("arm.{}.phase.{}.duration_d", arm.name, phase.name), "is missing",
             "only an arm's last phase may leave it out");
    }
  }

  void horizon_is_known() {
    const Minutes end = horizon(study_);
    if (end == Minutes{0})
      return report("arm", "no arm has an end", "give the last phase of at least one arm a duration_d");
    for (const Arm& arm : study_.arms) {
      const std::size_t last = arm.phases.size() - 1;
      if (!arm.phases[last].duration && start_of(arm, last) >= end) {
        report(fmt::format("arm.{}.phase.{}.duration_d", arm.name, arm.phases[last].name),
               fmt::format("is missing, and the phase would start on day {}, when the longest arm has ended (day {})",
                           to_days(start_of(arm, last)), to_days(end)));
      }
    }
  }

  void interventions(const Arm& arm) {
    bool in_time = true;
    for (std::size_t i = 0; i < arm.massages.size(); ++i) in_time = massage(arm, i) && in_time;
    for (std::size_t i = 0; i < arm.trainings.size(); ++i) in_time = training(arm, i) && in_time;
    if (in_time) overlaps(arm);
    label(arm);
  }

  /// @return whether its bouts have a place in time
  bool massage(const Arm& arm, std::size_t i) {
    const Massage& massage = arm.massages[i];
    const std::string path = numbered_path(arm, "massage", arm.massages.size(), i);
    for (const MuscleName muscle : massage.muscles) {
      if (std::ranges::find(study_.muscles, muscle) == study_.muscles.end()) {
        report(path + ".muscles", fmt::format("names '{}', which is not among the study's muscles",
                                              muscle_names[static_cast<std::size_t>(muscle)]));
      }
    }
    if (!has_effect(massage)) return true;
    const Minutes start = start_of(arm, massage.phase);
    return fits(arm, path, "bout", start + massage.first + (massage.bouts - 1) * massage.every + massage.bout);
  }

  bool training(const Arm& arm, std::size_t i) {
    const Training& training = arm.trainings[i];
    const std::string path = numbered_path(arm, "training", arm.trainings.size(), i);
    if (training.sessions == 0) return true;
    return fits(
        arm, path, "session",
        start_of(arm, training.phase) + training.first + (training.sessions - 1) * training.every + training.session);
  }

  void label(const Arm& arm) {
    const std::string path = fmt::format("arm.{}.label", arm.name);
    if (label_start(arm) >= end_of(study_, arm)) {
      report(path, fmt::format("begins on day {}, when the arm has ended (day {})", to_days(label_start(arm)),
                               to_days(end_of(study_, arm))));
    }
  }

  /// Phases that interventions and the label name.
  void named_phases(const Arm& arm) {
    for (std::size_t i = 0; i < arm.massages.size(); ++i)
      named_phase(arm, arm.massages[i].phase, numbered_path(arm, "massage", arm.massages.size(), i));
    for (std::size_t i = 0; i < arm.trainings.size(); ++i)
      named_phase(arm, arm.trainings[i].phase, numbered_path(arm, "training", arm.trainings.size(), i));
    if (!arm.label.phase.empty()) named_phase(arm, arm.label.phase, fmt::format("arm.{}.label", arm.name));
  }

  void named_phase(const Arm& arm, const std::string& phase, const std::string& path) {
    if (std::ranges::find(arm.phases, phase, &Phase::name) != arm.phases.end()) return;
    report(path + ".phase", fmt::format("names '{}', which the arm does not have", phase),
           suggestion(phase, phase_names(arm)));
  }

  bool fits(const Arm& arm, const std::string& path, std::string_view what, Minutes end) {
    if (end <= end_of(study_, arm)) return true;
    report(path,
           fmt::format("the last {} ends on day {}, after the arm's last phase (day {})", what, to_days(end),
                       to_days(end_of(study_, arm))),
           fmt::format("fewer {}s, an earlier first_d or a shorter every_d", what));
    return false;
  }

  void overlaps(const Arm& arm) {
    for (const Limb limb : limbs) {
      no_overlap(arm, limb, sessions_of(arm, limb), "training", "session");
      for (const MuscleName name : study_.muscles) {
        for (const Muscle muscle : heads_of(name))
          no_overlap(arm, limb, bouts_on(arm, limb, muscle), "massage", "bout");
      }
    }
  }

  template <class Event>
  void no_overlap(const Arm& arm, Limb limb, const std::vector<Event>& events, std::string_view table,
                  std::string_view what) {
    const auto overlap =
        std::ranges::adjacent_find(events, [](const Event& a, const Event& b) { return b.start < a.end; });
    if (overlap == events.end()) return;
    const std::string key = fmt::format("arm.{}.{}", arm.name, table);
    if (!problems_.empty() && problems_.back().key == key) return;
    report(key,
           fmt::format("{}s on the {} limb overlap on day {}", what, limb_names[static_cast<std::size_t>(limb)],
                       to_days(std::next(overlap)->start)),
           fmt::format("a longer every_d, or other times for the second {}", table));
  }

  void fibre_types() {
    for (const MuscleName name : study_.muscles) {
      for (const Muscle muscle : heads_of(name)) {
        const laws::Parameters<double>& p = study_.parameters[static_cast<std::size_t>(muscle)];
        if (p.fraction_type_I + p.fraction_type_IIa + p.fraction_type_IIx + p.fraction_type_IIb > 0.0) continue;
        report(fmt::format("parameters.{}.fraction_type_I", laws::muscle_names[static_cast<std::size_t>(muscle)]),
               "all fibre types have a share of 0");
      }
    }
  }

  void record() {
    const Minutes end = horizon(study_);
    for (const Minutes time : study_.record.times) {
      if (time > end)
        report("record.times_d",
               fmt::format("day {} is after the end of the study (day {})", to_days(time), to_days(end)));
    }
  }

  /// Numbers that are recorded of one muscle at one time.
  std::size_t numbers_at_a_time() const {
    std::size_t sum = 0;
    for (const muscle::Observable observable : recorded_observables(study_)) {
      sum += muscle::observable_table[static_cast<std::size_t>(observable)].width;
    }
    return sum;
  }

  void size() {
    const double times = study_.record.times.empty()
                             ? static_cast<double>(horizon(study_) / study_.record.every + 2)
                             : static_cast<double>(study_.record.times.size() + study_.arms.size());
    const double numbers = times * static_cast<double>(study_.arms.size()) *
                           static_cast<double>(study_.animals.per_arm) * static_cast<double>(study_.muscles.size()) *
                           static_cast<double>(limbs.size()) * static_cast<double>(numbers_at_a_time());
    const double bytes = numbers * sizeof(double);
    if (bytes > largest_result_bytes) {
      report("animals.per_arm",
             fmt::format("the study would record {:.3g} numbers, {:.1f} GB; {:.0f} GB is the limit", numbers,
                         bytes / 1e9, largest_result_bytes / 1e9),
             "fewer animals, recorded times or observables");
    }
  }

  void compare() {
    compared("compare.control", study_.compare.control);
    compared("compare.untreated", study_.compare.untreated);
  }

  void solver() {
    if (study_.solver.precision == Arithmetic::f64) return;
    if (study_.solver.method != Method::ensemble) {
      report("solver.precision", "is f32, which solver.method = ensemble alone computes in");
    }
    constexpr double least_rtol = 1e-5;
    if (study_.solver.rtol < least_rtol || study_.solver.atol < least_rtol) {
      report("solver.precision",
             fmt::format("is f32, which cannot keep rtol {:g} and atol {:g}", study_.solver.rtol, study_.solver.atol),
             "solver.rtol and solver.atol of 1e-5 or more; 3e-5 is usual");
    }
  }

  void agents() {
    if (study_.fidelity == Fidelity::mean_field) return;
    const Minutes step = study_.agents.step;
    if (step.count() % 2 != 0)
      report("agents.step_min", fmt::format("is {}, which cannot be halved", step.count()),
             "an even number of minutes");
    const auto is_on_step = [step](Minutes time) { return time % step == Minutes{0}; };
    for (const Minutes time : recorded_times(study_)) {
      if (is_on_step(time)) continue;
      report(
          "agents.step_min",
          fmt::format("is {}, and day {} is recorded, which is no whole number of steps", step.count(), to_days(time)),
          "a step that divides all recorded times, or other times");
      break;
    }
    for (const Minutes time : study_.agents.snapshots) {
      if (time > horizon(study_))
        report("agents.snapshots_d", fmt::format("has day {}, after the end of the study on day {}", to_days(time),
                                                 to_days(horizon(study_))));
      else if (!is_on_step(time))
        report("agents.snapshots_d",
               fmt::format("has day {}, which is no whole number of steps of {} min", to_days(time), step.count()));
    }
    if (study_.solver.precision == Arithmetic::f32) {
      report("solver.precision", "is f32, which is for screening by the mean field", "f64 with fidelity = \"agents\"");
    }
    fastest_rate();
    capillaries();
  }

  /// Steps of fixed length must be shorter than the fastest time of a fibre.
  void fastest_rate() {
    const laws::Parameters<double>& p = study_.parameters[0];  // these times are the same for all muscles
    const double fastest_d = std::min({p.efficiency_time_d, p.proteolysis_time_d, p.damage_time_d});
    const double step_d = to_days(study_.agents.step);
    if (step_d <= fastest_d) return;
    report("agents.step_min",
           fmt::format("is {}, longer than the fastest time of a fibre, {:.3g} min", study_.agents.step.count(),
                       fastest_d * minutes_per_day),
           "a shorter step, or longer parameters.efficiency_time_d, proteolysis_time_d, damage_time_d");
  }

  void capillaries() {
    for (const MuscleName name : study_.muscles) {
      for (const Muscle muscle : heads_of(name)) {
        const auto p = laws::coefficients(study_.parameters[static_cast<std::size_t>(muscle)]);
        const std::string_view its_name = laws::muscle_names[static_cast<std::size_t>(muscle)];
        const double share = agents::capillary_share(study_.agents, muscle, p);
        if (agents::capillary_count(study_.agents, muscle) == 0) {
          report("agents.capillary_scale", fmt::format("leaves the section of {} without a capillary", its_name),
                 "more, or more fibres: cells arrive through capillaries");
        } else if (share > 1.0) {
          report("agents.capillary_scale",
                 fmt::format("gives {} more capillaries than find room between its fibres: they would take {:.0f} % of "
                             "it",
                             its_name, 100 * share),
                 "fewer, or a larger parameters.extracellular_fraction");
        }
      }
    }
  }

  void compared(const std::string& key, const std::string& name) {
    if (name.empty() || std::ranges::find(study_.arms, name, &Arm::name) != study_.arms.end()) return;
    std::vector<std::string_view> arms(study_.arms.size());
    std::ranges::transform(study_.arms, arms.begin(), &Arm::name);
    report(key, fmt::format("names '{}', which is no arm of the study", name), suggestion(name, arms));
  }

  const Study& study_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> find_problems(const Study& study) { return Inspection(study).run(); }

std::vector<Problem> find_name_problems(const Study& study) { return Inspection(study).names_alone(); }

}  // namespace hindlimb::scenario
