#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/agents/settings.hpp"
#include "hindlimb/core/time.hpp"
#include "hindlimb/laws/parameters.hpp"
#include "hindlimb/muscle/observables.hpp"

/// What is to be simulated, as a description: no computation, no files.
namespace hindlimb::scenario {

using laws::Muscle;

/// What a study may name: each muscle, and the gastrocnemius as its two heads together.
enum class MuscleName : std::size_t {
  soleus = 0,
  gastrocnemius_medial = 1,
  gastrocnemius_lateral = 2,
  plantaris = 3,
  tibialis_anterior = 4,
  edl = 5,
  gastrocnemius = 6
};
inline constexpr std::array<std::string_view, laws::n_muscles + 1> muscle_names{
    "soleus", "gastrocnemius_medial", "gastrocnemius_lateral", "plantaris", "tibialis_anterior",
    "edl",    "gastrocnemius"};
/// The muscles that are simulated for a name: one, or the two heads.
std::vector<Muscle> heads_of(MuscleName name);

enum class Limb : std::size_t { left = 0, right = 1 };
inline constexpr std::array<Limb, 2> limbs{Limb::left, Limb::right};
inline constexpr std::array<std::string_view, 2> limb_names{"left", "right"};
constexpr Limb other(Limb limb) { return limb == Limb::left ? Limb::right : Limb::left; }

enum class LimbChoice : std::size_t { left = 0, right = 1, both = 2 };
inline constexpr std::array<std::string_view, 3> limb_choice_names{"left", "right", "both"};
constexpr bool includes(LimbChoice choice, Limb limb) {
  return choice == LimbChoice::both || static_cast<std::size_t>(choice) == static_cast<std::size_t>(limb);
}

/// common: the same rats in every arm; independent: other rats in every arm.
enum class Pairing : std::size_t { common = 0, independent = 1 };
inline constexpr std::array<std::string_view, 2> pairing_names{"common", "independent"};

/// mean_field: a muscle is its mean fibre; agents: a section of fibres and cells.
enum class Fidelity : std::size_t { mean_field = 0, agents = 1 };
inline constexpr std::array<std::string_view, 2> fidelity_names{"mean-field", "agents"};

enum class Sex : std::size_t { male = 0, female = 1 };
inline constexpr std::array<std::string_view, 2> sex_names{"male", "female"};

/// How numbers of series are stored.
enum class Precision : std::size_t { f4 = 0, f8 = 1 };
inline constexpr std::array<std::string_view, 2> precision_names{"f4", "f8"};

struct Animals {
  std::int64_t per_arm = 8;
  Pairing pairing = Pairing::common;
  Sex sex = Sex::male;
  double age_months = 10.0;
  double body_mass_g = 400.0;
  double set_point_cv = 0.105;          ///< coefficient of variation of a limb's muscle size between rats
  double unloading_response_cv = 0.15;  ///< the same of how strongly unloading acts
  double massage_response_cv = 0.15;    ///< the same of how strongly massage acts
  double limb_correlation = 0.8;        ///< of these effects between muscles and limbs of one rat
};

/// Weight borne by each limb, 1 = cage weight bearing, 0 = suspended.
struct Load {
  std::array<double, 2> by_limb{1.0, 1.0};
  double operator[](Limb limb) const { return by_limb[static_cast<std::size_t>(limb)]; }
  bool operator==(const Load&) const = default;
};

struct Phase {
  std::string name;
  Load load;
  std::optional<Minutes> duration;  ///< none: to the end of the longest arm
};

/// Cyclic compressive loading: equal bouts at equal intervals.
struct Massage {
  LimbChoice limb = LimbChoice::right;
  std::vector<MuscleName> muscles;  ///< empty: all in the study
  std::string phase;                ///< the times count from the start of this phase
  double force_N = 4.5;
  double frequency_Hz = 0.5;
  Minutes bout{30};
  Minutes first{0};
  Minutes every{2 * 1440};
  std::int64_t bouts = 4;
};

/// Sessions of another load on one limb: equal ones at equal intervals. All muscles of the limb take part.
struct Training {
  LimbChoice limb = LimbChoice::right;
  std::string phase;  ///< the times count from the start of this phase
  double load = 1.5;
  Minutes session{30};
  Minutes first{0};
  Minutes every{2 * 1440};
  std::int64_t sessions = 14;
};

/// When D2O is given: a bolus, and labelled drinking water from then on.
struct Label {
  std::string phase;  ///< from whose start first counts; empty: the arm's last phase
  Minutes first{0};
};

struct Arm {
  std::string name;
  std::vector<Phase> phases;
  std::vector<Massage> massages;
  std::vector<Training> trainings;
  Label label;
};

struct Record {
  Minutes every{1440};
  std::vector<Minutes> times;                   ///< if any: these instead of every
  std::vector<muscle::Observable> observables;  ///< empty: all
  Precision precision = Precision::f4;
};

/// Arms that `compare` measures the others against; empty: none.
struct Compare {
  std::string control;
  std::string untreated;
};

/// ensemble: as many muscles at once as the machine has lanes; scalar: one after the other, the same numbers to the
/// bit; cvode: SUNDIALS, where it was built in, to compare with.
enum class Method : std::size_t { ensemble = 0, scalar = 1, cvode = 2 };
inline constexpr std::array<std::string_view, 3> method_names{"ensemble", "scalar", "cvode"};

/// What the integration computes with. f32 is for screening: errors of 1e-4, twice the speed.
enum class Arithmetic : std::size_t { f64 = 0, f32 = 1 };
inline constexpr std::array<std::string_view, 2> arithmetic_names{"f64", "f32"};

struct Solver {
  Method method = Method::ensemble;
  Arithmetic precision = Arithmetic::f64;
  double rtol = 1e-7;
  double atol = 1e-7;
  std::int64_t max_steps = 1'000'000;  ///< per muscle and limb

  bool operator==(const Solver&) const = default;
};

/// Values of every model parameter for every muscle.
using ParameterSet = std::array<laws::Parameters<double>, laws::n_muscles>;
ParameterSet default_parameter_set();

/// One study: one run of all its arms, animals, muscles and limbs.
struct Study {
  std::string title;
  std::int64_t seed = 1;
  Fidelity fidelity = Fidelity::mean_field;
  std::vector<MuscleName> muscles{MuscleName::gastrocnemius_medial};
  Animals animals;
  std::vector<Arm> arms;
  ParameterSet parameters = default_parameter_set();
  Record record;
  Compare compare;
  Solver solver;
  agents::Settings agents;  ///< of Fidelity::agents
};

/// Start of a phase, from the start of the study. All phases before it have a duration.
Minutes start_of(const Arm& arm, std::size_t phase);

/// End of the longest arm whose phases all have a duration.
Minutes horizon(const Study& study);

/// End of an arm, from the start of the study.
Minutes end_of(const Study& study, const Arm& arm);

/// Start of a phase of that name; it must be there.
Minutes start_of(const Arm& arm, std::string_view phase);

/// When the D2O label of an arm is given, from the start of the study.
Minutes label_start(const Arm& arm);

/// All times that are recorded in some arm: ascending, each once.
std::vector<Minutes> recorded_times(const Study& study);

/// The observables that are recorded.
std::vector<muscle::Observable> recorded_observables(const Study& study);

/// Whether any muscle of that limb is massaged at all, force, frequency and bout length all being > 0.
bool is_massaged(const Arm& arm, Limb limb);

}  // namespace hindlimb::scenario
