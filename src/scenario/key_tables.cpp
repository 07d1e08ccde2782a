#include "hindlimb/scenario/keys.hpp"

#include "hindlimb/scenario/field.hpp"

namespace hindlimb::scenario {
namespace {

constexpr double century_d = 36500.0;
constexpr Range any{};
constexpr Range any_text{};
constexpr Range duration{0.0, century_d, true};
constexpr Range from_zero_d{0.0, century_d};
constexpr Range load_range{0.0, 2.0};
constexpr Range cv_range{0.0, 1.0};

constexpr auto observable_names = [] {
  std::array<std::string_view, muscle::n_observables> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = muscle::observable_table[i].name;
  return names;
}();

// clang-format off: a line for what a key is, a line for where it goes
constexpr Key<Study> study_keys[] = {
    {{"title",
      KeyType::text,
      "",
      any_text,
      {},
      "what the study is about, for tables and pictures",
      "",
      "\"Massage of 2 N\""},
     set_field<&Study::title>,
     get_field<&Study::title>},
    {{"seed", KeyType::integer, "", {0, 9.2e18}, {}, "start of all random draws", "", ""},
     set_field<&Study::seed>,
     get_field<&Study::seed>},
    {{"fidelity", KeyType::choice, "", any, fidelity_names,
      "mean-field: a muscle is its mean fibre; agents: a section of fibres and cells (docs/agents.md)", "", ""},
     set_choice<&Study::fidelity, fidelity_names>,
     get_choice<&Study::fidelity, fidelity_names>},
    {{"muscles", KeyType::choices, "", any, muscle_names,
      "the muscles that are simulated, each by itself; gastrocnemius is its two heads put together", "", ""},
     set_choices<&Study::muscles, muscle_names>,
     get_choices<&Study::muscles, muscle_names>},
};

constexpr Key<Animals> animal_keys[] = {
    {{"per_arm", KeyType::integer, "", {1, 1e6}, {}, "rats in each arm", "Miller 2018: 8", ""},
     set_field<&Animals::per_arm>,
     get_field<&Animals::per_arm>},
    {{"pairing", KeyType::choice, "", any, pairing_names,
      "common: the same rats in every arm; independent: other rats in every arm", "", ""},
     set_choice<&Animals::pairing, pairing_names>,
     get_choice<&Animals::pairing, pairing_names>},
    {{"sex", KeyType::choice, "", any, sex_names, "of all rats; its effect is a prediction", "", ""},
     set_choice<&Animals::sex, sex_names>,
     get_choice<&Animals::sex, sex_names>},
    {{"age_months",
      KeyType::number,
      "month",
      {1, 40},
      {},
      "of all rats; growth of young rats is not modelled, the effect of old age is a prediction",
      "Miller 2018: 10",
      ""},
     set_field<&Animals::age_months>,
     get_field<&Animals::age_months>},
    {{"body_mass_g",
      KeyType::number,
      "g",
      {50, 1000},
      {},
      "of all rats; muscles scale with it, masses in proportion, areas with its 2/3 power",
      "@assumed: adult male F344BN",
      ""},
     set_field<&Animals::body_mass_g>,
     get_field<&Animals::body_mass_g>},
    {{"set_point_cv",
      KeyType::number,
      "",
      cv_range,
      {},
      "coefficient of variation between rats of muscle size at the set point",
      "MoTrPAC, Schenk 2024 (O0189, O0200, O0211, O0222): 0.08 to 0.115",
      ""},
     set_field<&Animals::set_point_cv>,
     get_field<&Animals::set_point_cv>},
    {{"unloading_response_cv",
      KeyType::number,
      "",
      cv_range,
      {},
      "coefficient of variation between rats of how strongly unloading acts",
      "@assumed",
      ""},
     set_field<&Animals::unloading_response_cv>,
     get_field<&Animals::unloading_response_cv>},
    {{"massage_response_cv",
      KeyType::number,
      "",
      cv_range,
      {},
      "coefficient of variation between rats of how strongly massage acts",
      "@assumed",
      ""},
     set_field<&Animals::massage_response_cv>,
     get_field<&Animals::massage_response_cv>},
    {{"limb_correlation",
      KeyType::number,
      "",
      {0, 1},
      {},
      "correlation of these effects between the muscles and limbs of one rat",
      "@assumed",
      ""},
     set_field<&Animals::limb_correlation>,
     get_field<&Animals::limb_correlation>},
};

constexpr Key<Arm> arm_keys[] = {
    {{"name", KeyType::text, "", any_text, {}, "of the arm, unique in the study; without dots", "", "\"REM\"", true},
     set_field<&Arm::name>,
     get_text<&Arm::name>},
};

constexpr Key<Phase> phase_keys[] = {
    {{"name",
      KeyType::text,
      "",
      any_text,
      {},
      "of the phase, unique in the arm; without dots",
      "",
      "\"suspension\"",
      true},
     set_field<&Phase::name>,
     get_text<&Phase::name>},
    {{"load",
      KeyType::load,
      "",
      load_range,
      {},
      "weight borne by the limbs: 1 cage weight bearing, 0 suspended, between them partial weight bearing; a number, "
      "or one for each limb",
      "",
      "{ left = 0.0, right = 1.0 }"},
     set_field<&Phase::load>,
     get_field<&Phase::load>},
    {{"duration_d",
      KeyType::days,
      "d",
      duration,
      {},
      "length of the phase; an arm's last phase may leave it out and then lasts to the end of the longest arm",
      "",
      "14"},
     set_days<&Phase::duration>,
     get_days<&Phase::duration>},
};

constexpr Key<Massage> massage_keys[] = {
    {{"limb", KeyType::choice, "", any, limb_choice_names, "the limb that is massaged", "Miller 2018: right", ""},
     set_choice<&Massage::limb, limb_choice_names>,
     get_choice<&Massage::limb, limb_choice_names>},
    {{"muscles", KeyType::choices, "", any, muscle_names,
      "the muscles that are massaged; all in the study where left out", "", "[\"gastrocnemius_medial\"]"},
     set_choices<&Massage::muscles, muscle_names>,
     get_choices<&Massage::muscles, muscle_names>},
    {{"phase", KeyType::text, "", any_text, {}, "the phase from whose start first_d counts", "", "\"reload\"", true},
     set_field<&Massage::phase>,
     get_text<&Massage::phase>},
    {{"force_N", KeyType::number, "N", {0, 100}, {}, "compressive force; 0 is no massage", "Miller 2018: 4.5", ""},
     set_field<&Massage::force_N>,
     get_field<&Massage::force_N>},
    {{"frequency_Hz",
      KeyType::number,
      "Hz",
      {0, 100},
      {},
      "loading cycles per second; 0 is no massage",
      "Miller 2018: 0.5",
      ""},
     set_field<&Massage::frequency_Hz>,
     get_field<&Massage::frequency_Hz>},
    {{"bout_min", KeyType::minutes, "min", {0, 1440}, {}, "length of a bout; 0 is no massage", "Miller 2018: 30", ""},
     set_minutes<&Massage::bout>,
     get_minutes<&Massage::bout>},
    {{"first_d", KeyType::days, "d", from_zero_d, {}, "start of the first bout, from the start of the phase", "", ""},
     set_days<&Massage::first>,
     get_days<&Massage::first>},
    {{"every_d",
      KeyType::days,
      "d",
      duration,
      {},
      "time from the start of a bout to the start of the next",
      "Miller 2018: every other day",
      ""},
     set_days<&Massage::every>,
     get_days<&Massage::every>},
    {{"bouts", KeyType::integer, "", {0, 100000}, {}, "number of bouts; 0 is no massage", "Miller 2018: 4", ""},
     set_field<&Massage::bouts>,
     get_field<&Massage::bouts>},
};

constexpr Key<Training> training_keys[] = {
    {{"limb", KeyType::choice, "", any, limb_choice_names, "the limb that is trained", "@assumed: right", ""},
     set_choice<&Training::limb, limb_choice_names>,
     get_choice<&Training::limb, limb_choice_names>},
    {{"phase", KeyType::text, "", any_text, {}, "the phase from whose start first_d counts", "", "\"cage\"", true},
     set_field<&Training::phase>,
     get_text<&Training::phase>},
    {{"load",
      KeyType::number,
      "",
      load_range,
      {},
      "weight borne by the limb in a session, 1 = cage weight bearing",
      "@assumed",
      ""},
     set_field<&Training::load>,
     get_field<&Training::load>},
    {{"session_min", KeyType::minutes, "min", {0, 1440}, {}, "length of a session; 0 is no training", "@assumed", ""},
     set_minutes<&Training::session>,
     get_minutes<&Training::session>},
    {{"first_d",
      KeyType::days,
      "d",
      from_zero_d,
      {},
      "start of the first session, from the start of the phase",
      "",
      ""},
     set_days<&Training::first>,
     get_days<&Training::first>},
    {{"every_d",
      KeyType::days,
      "d",
      duration,
      {},
      "time from the start of a session to the start of the next",
      "@assumed",
      ""},
     set_days<&Training::every>,
     get_days<&Training::every>},
    {{"sessions", KeyType::integer, "", {0, 100000}, {}, "number of sessions; 0 is no training", "@assumed", ""},
     set_field<&Training::sessions>,
     get_field<&Training::sessions>},
};

constexpr Key<Label> label_keys[] = {
    {{"phase",
      KeyType::text,
      "",
      any_text,
      {},
      "the phase from whose start first_d counts; the arm's last where left out",
      "",
      "\"reload\""},
     set_field<&Label::phase>,
     get_text<&Label::phase>},
    {{"first_d",
      KeyType::days,
      "d",
      from_zero_d,
      {},
      "when the bolus of D2O is given and labelled drinking water begins, from the start of the phase",
      "",
      ""},
     set_days<&Label::first>,
     get_days<&Label::first>},
};

constexpr Key<Record> record_keys[] = {
    {{"every_d",
      KeyType::days,
      "d",
      duration,
      {},
      "interval between recorded times; each arm's end is recorded too",
      "",
      ""},
     set_days<&Record::every>,
     get_days<&Record::every>},
    {{"times_d",
      KeyType::days_list,
      "d",
      from_zero_d,
      {},
      "recorded times, instead of every_d; each arm's end is recorded too",
      "",
      "[0, 14, 14.5, 22]"},
     set_days<&Record::times>,
     get_days<&Record::times>},
    {{"observables", KeyType::choices, "", any, observable_names, "what is recorded; everything where left out", "",
      "[\"csa\", \"wet_mass\"]"},
     set_choices<&Record::observables, observable_names>,
     get_choices<&Record::observables, observable_names>},
    {{"precision", KeyType::choice, "", any, precision_names, "of the recorded series: f4 single, f8 double", "", ""},
     set_choice<&Record::precision, precision_names>,
     get_choice<&Record::precision, precision_names>},
};

constexpr Key<Compare> compare_keys[] = {
    {{"control",
      KeyType::text,
      "",
      any_text,
      {},
      "the arm that others are given in per cent of; none where left out",
      "",
      "\"WB\""},
     set_field<&Compare::control>,
     get_text<&Compare::control>},
    {{"untreated", KeyType::text, "", any_text, {}, "the arm without the treatment; none where left out", "", "\"RE\""},
     set_field<&Compare::untreated>,
     get_text<&Compare::untreated>},
};

constexpr Key<Solver> solver_keys[] = {
    {{"method", KeyType::choice, "", any, method_names,
      "ensemble: many muscles at once; scalar: one by one, the same to the bit; cvode: SUNDIALS, where built in", "",
      ""},
     set_choice<&Solver::method, method_names>,
     get_choice<&Solver::method, method_names>},
    {{"precision", KeyType::choice, "", any, arithmetic_names,
      "f64, or f32 for screening: about 1e-4 of error, and the result says so", "", ""},
     set_choice<&Solver::precision, arithmetic_names>,
     get_choice<&Solver::precision, arithmetic_names>},
    {{"rtol", KeyType::number, "", {1e-13, 1e-4}, {}, "relative error allowed per step", "", ""},
     set_field<&Solver::rtol>,
     get_field<&Solver::rtol>},
    {{"atol",
      KeyType::number,
      "",
      {0, 1e-2, true},
      {},
      "absolute error allowed per step, in multiples of the set point",
      "",
      ""},
     set_field<&Solver::atol>,
     get_field<&Solver::atol>},
    {{"max_steps",
      KeyType::integer,
      "",
      {1, 1e12},
      {},
      "steps after which the simulation of a muscle is given up",
      "",
      ""},
     set_field<&Solver::max_steps>,
     get_field<&Solver::max_steps>},
};

using agents::Settings;

constexpr Key<Settings> agent_keys[] = {
    {{"fibres", KeyType::integer, "", {10, 1e6}, {}, "fibres of each section", "a section of histology", ""},
     set_field<&Settings::fibres>,
     get_field<&Settings::fibres>},
    {{"step_min",
      KeyType::minutes,
      "min",
      {1, 240},
      {},
      "step of the rules; what is recorded must lie on it",
      "40 steps a day: every fastest rate is below 0.3 per step",
      ""},
     set_minutes<&Settings::step>,
     get_minutes<&Settings::step>},
    {{"snapshots_d",
      KeyType::days_list,
      "d",
      from_zero_d,
      {},
      "days on which all fibres, cells and fields are kept, in /agents",
      "",
      "[14, 16, 22]"},
     set_days<&Settings::snapshots>,
     get_days<&Settings::snapshots>},
    {{"snapshot_rats",
      KeyType::integer,
      "",
      {1, 1e6},
      {},
      "rats of each arm, the first ones, whose sections are kept",
      "",
      ""},
     set_field<&Settings::snapshot_rats>,
     get_field<&Settings::snapshot_rats>},
#define HINDLIMB_AGENT_PARAMETER(name, symbol, unit, low, high, value, source, meaning)                         \
  {{#name, KeyType::number, std::string_view(unit) == "1" ? "" : (unit), {low, high}, {}, meaning, source, ""}, \
   set_field<&Settings::name>,                                                                                  \
   get_field<&Settings::name>},
#include "hindlimb/agents/parameters.def"
#define HINDLIMB_FIELD(name, long_name, ...)                  \
  {{#name "_diffusivity_um2_per_s",                           \
    KeyType::number,                                          \
    "um2/s",                                                  \
    {0, 1000},                                                \
    {},                                                       \
    "how fast " long_name " spreads",                         \
    "@assumed: a tenth of that in water, general literature", \
    ""},                                                      \
   set_field<&Settings::name##_diffusivity_um2_per_s>,        \
   get_field<&Settings::name##_diffusivity_um2_per_s>},       \
      {{#name "_half_life_h",                                 \
        KeyType::number,                                      \
        "h",                                                  \
        {0.01, 1000},                                         \
        {},                                                   \
        "time in which half of " long_name " has decayed",    \
        "@assumed",                                           \
        ""},                                                  \
       set_field<&Settings::name##_half_life_h>,              \
       get_field<&Settings::name##_half_life_h>},
#include "hindlimb/agents/fields.def"
};
// clang-format on

}  // namespace

template <>
std::span<const Key<Study>> keys<Study>() {
  return study_keys;
}
template <>
std::span<const Key<Animals>> keys<Animals>() {
  return animal_keys;
}
template <>
std::span<const Key<Arm>> keys<Arm>() {
  return arm_keys;
}
template <>
std::span<const Key<Phase>> keys<Phase>() {
  return phase_keys;
}
template <>
std::span<const Key<Massage>> keys<Massage>() {
  return massage_keys;
}
template <>
std::span<const Key<Training>> keys<Training>() {
  return training_keys;
}
template <>
std::span<const Key<Label>> keys<Label>() {
  return label_keys;
}
template <>
std::span<const Key<Record>> keys<Record>() {
  return record_keys;
}
template <>
std::span<const Key<Compare>> keys<Compare>() {
  return compare_keys;
}
template <>
std::span<const Key<Solver>> keys<Solver>() {
  return solver_keys;
}
template <>
std::span<const Key<agents::Settings>> keys<agents::Settings>() {
  return agent_keys;
}

}  // namespace hindlimb::scenario
