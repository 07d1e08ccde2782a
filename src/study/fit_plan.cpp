#include "hindlimb/study/fit_plan.hpp"

#include "hindlimb/scenario/field.hpp"
#include "hindlimb/scenario/table_reader.hpp"

namespace hindlimb::scenario {
namespace {

using study::Datum;
using study::FitOptions;
using study::FitPlan;
using study::FittedParameter;
using study::Unused;

constexpr Range any{};
constexpr Range positive{0.0, std::numeric_limits<double>::infinity(), true};
constexpr Range days{0.0, 36500.0};

template <auto Member>
void set_flag(OwnerOf<Member>& owner, const Value& value) {
  owner.*Member = std::get<std::string>(value) == "yes";
}
template <auto Member>
std::optional<Value> get_flag(const OwnerOf<Member>& owner) {
  return std::string(owner.*Member ? "yes" : "no");
}
void set_studies(FitPlan& owner, const Value& value) { owner.studies = std::get<std::vector<std::string>>(value); }
std::optional<Value> get_studies(const FitPlan& owner) {
  return owner.studies.empty() ? std::nullopt : std::optional<Value>(owner.studies);
}
void set_rows(Unused& owner, const Value& value) { owner.rows = std::get<std::vector<std::string>>(value); }
std::optional<Value> get_rows(const Unused& owner) {
  return owner.rows.empty() ? std::nullopt : std::optional<Value>(owner.rows);
}

constexpr std::array<std::string_view, 2> yes_no{"no", "yes"};

// clang-format off: a line for each key
constexpr Key<FitPlan> plan_keys[] = {
    {{"title", KeyType::text, "", any, {}, "what the fit is about", "", "\"Fit to my experiment\""},
     set_field<&FitPlan::title>,
     get_field<&FitPlan::title>},
    {{"study",
      KeyType::text,
      "",
      any,
      {},
      "study file whose arms the data are about, relative to this file",
      "",
      "\"validation.toml\"",
      true},
     set_field<&FitPlan::study_file>,
     get_text<&FitPlan::study_file>},
    {{"observations",
      KeyType::text,
      "",
      any,
      {},
      "table of observations (CSV), relative to this file",
      "",
      "\"../data/observations.csv\"",
      true},
     set_field<&FitPlan::observations_file>,
     get_text<&FitPlan::observations_file>},
    {{"studies",
      KeyType::texts,
      "",
      any,
      {},
      "studies whose observations may be used; all where left out",
      "",
      "[\"Miller2018_JPhysiol\"]"},
     set_studies,
     get_studies},
};
constexpr Key<FitOptions> option_keys[] = {
    {{"seed", KeyType::integer, "", {0, 9.2e18}, {}, "start of the draws of starting points", "", ""},
     set_field<&FitOptions::seed>,
     get_field<&FitOptions::seed>},
    {{"starts",
      KeyType::integer,
      "",
      {1, 10000},
      {},
      "searches: the first from the start values, the others from draws of the prior",
      "",
      ""},
     set_field<&FitOptions::starts>,
     get_field<&FitOptions::starts>},
    {{"max_iterations", KeyType::integer, "", {1, 10000}, {}, "steps of a search", "", ""},
     set_field<&FitOptions::max_iterations>,
     get_field<&FitOptions::max_iterations>},
    {{"profiles", KeyType::choice, "", any, yes_no, "profile likelihood of every parameter", "", ""},
     set_flag<&FitOptions::profiles>,
     get_flag<&FitOptions::profiles>},
    {{"laboratory_noise",
      KeyType::number,
      "%",
      {0, 100},
      {},
      "standard deviation between laboratories",
      "@assumed",
      ""},
     set_field<&FitOptions::laboratory_noise>,
     get_field<&FitOptions::laboratory_noise>},
    {{"growing_noise",
      KeyType::number,
      "%",
      {0, 100},
      {},
      "the same of what growth that failed adds in young rats",
      "@assumed",
      ""},
     set_field<&FitOptions::growing_noise>,
     get_field<&FitOptions::growing_noise>},
};
constexpr Key<FittedParameter> parameter_keys[] = {
    {{"name",
      KeyType::text,
      "",
      any,
      {},
      "model parameter, such as drive_max, or soleus.postural_share for one muscle",
      "",
      "\"drive_max\"",
      true},
     set_field<&FittedParameter::name>,
     get_text<&FittedParameter::name>},
    {{"low", KeyType::number, "", positive, {}, "lower bound; the model's own where left out", "", "0.1"},
     set_optional<&FittedParameter::low>,
     get_optional<&FittedParameter::low>},
    {{"high", KeyType::number, "", positive, {}, "upper bound; the model's own where left out", "", "5.0"},
     set_optional<&FittedParameter::high>,
     get_optional<&FittedParameter::high>},
    {{"start",
      KeyType::number,
      "",
      positive,
      {},
      "median of the prior, and where the first search starts; the study's value where left out",
      "",
      "1.5"},
     set_optional<&FittedParameter::start>,
     get_optional<&FittedParameter::start>},
    {{"prior_factor",
      KeyType::number,
      "",
      {1, 1000, true},
      {},
      "one standard deviation of the log-normal prior, as a factor",
      "",
      ""},
     set_field<&FittedParameter::prior_factor>,
     get_field<&FittedParameter::prior_factor>},
};
constexpr Key<Datum> datum_keys[] = {
    {{"row",
      KeyType::text,
      "",
      any,
      {},
      "id of the row in the table of observations; a band needs none",
      "",
      "\"O0001\""},
     set_field<&Datum::row>,
     get_text<&Datum::row>},
    {{"kind", KeyType::choice, "", any, study::datum_kind_names,
      "value: that number; above, below, unchanged: the sign of the row, by low and high; band: from low to high", "",
      ""},
     set_choice<&Datum::kind, study::datum_kind_names>,
     get_choice<&Datum::kind, study::datum_kind_names>},
    {{"quantity",
      KeyType::text,
      "",
      any,
      {},
      "an observable, alone or with _ratio, _change, _peak_ratio, _mean_ratio, _ratio_max",
      "",
      "\"csa_change\"",
      true},
     set_field<&Datum::quantity_name>,
     get_text<&Datum::quantity_name>},
    {{"arm", KeyType::text, "", any, {}, "arm of the study", "", "\"REM\"", true},
     set_field<&Datum::arm>,
     get_text<&Datum::arm>},
    {{"limb", KeyType::choice, "", any, study::measured_limb_names, "limb of the arm", "", ""},
     set_choice<&Datum::limb, study::measured_limb_names>,
     get_choice<&Datum::limb, study::measured_limb_names>},
    {{"muscle", KeyType::choice, "", any, muscle_names, "muscle of the study", "", ""},
     set_choice<&Datum::muscle, muscle_names>,
     get_choice<&Datum::muscle, muscle_names>},
    {{"day", KeyType::days, "d", days, {}, "from the start of the study", "", "22", true},
     set_days<&Datum::day>,
     get_days<&Datum::day>},
    {{"reference",
      KeyType::text,
      "",
      any,
      {},
      "arm that the number is relative to; a ratio or change needs one",
      "",
      "\"RE\""},
     set_field<&Datum::reference>,
     get_text<&Datum::reference>},
    {{"reference_day", KeyType::days, "d", days, {}, "its day, where it is another", "", "14"},
     set_days<&Datum::reference_day>,
     get_days<&Datum::reference_day>},
    {{"low", KeyType::number, "", any, {}, "lower limit, in the unit of the quantity", "", "-30.0"},
     set_optional<&Datum::low>,
     get_optional<&Datum::low>},
    {{"high", KeyType::number, "", any, {}, "upper limit, likewise", "", "-3.0"},
     set_optional<&Datum::high>,
     get_optional<&Datum::high>},
    {{"noise",
      KeyType::number,
      "",
      positive,
      {},
      "standard error of the measurement, likewise; from the row where left out",
      "",
      "6.5"},
     set_optional<&Datum::noise>,
     get_optional<&Datum::noise>},
    {{"growing", KeyType::choice, "", any, yes_no, "whether the rats were young and growing", "", ""},
     set_flag<&Datum::growing>,
     get_flag<&Datum::growing>},
    {{"source", KeyType::text, "", any, {}, "where a band without a row comes from", "", "\"band of fact 6\""},
     set_field<&Datum::source>,
     get_text<&Datum::source>},
};
constexpr Key<Unused> unused_keys[] = {
    {{"rows", KeyType::texts, "", any, {}, "ids of rows that are not used", "", "[\"O0055-O0062\"]", true},
     set_rows,
     get_rows},
    {{"reason", KeyType::text, "", any, {}, "why they are not used", "", "\"another strain\"", true},
     set_field<&Unused::reason>,
     get_text<&Unused::reason>},
};

}  // namespace

template <>
std::span<const Key<FitPlan>> keys<FitPlan>() {
  return plan_keys;
}
template <>
std::span<const Key<FitOptions>> keys<FitOptions>() {
  return option_keys;
}
template <>
std::span<const Key<FittedParameter>> keys<FittedParameter>() {
  return parameter_keys;
}
template <>
std::span<const Key<Datum>> keys<Datum>() {
  return datum_keys;
}
template <>
std::span<const Key<Unused>> keys<Unused>() {
  return unused_keys;
}

}  // namespace hindlimb::scenario

namespace hindlimb::study {

std::vector<scenario::KeyEntry> fit_keys() {
  std::vector<scenario::KeyEntry> all = scenario::entries_of<FitPlan>("");
  for (const auto& more :
       {scenario::entries_of<FitOptions>("fit."), scenario::entries_of<FittedParameter>("parameter."),
        scenario::entries_of<Datum>("datum."), scenario::entries_of<Unused>("unused.")}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

FitPlan read_fit_plan(const scenario::Node& document) {
  scenario::TableReader reader;
  FitPlan plan;
  reader.read(document, "", plan, {"fit", "parameter", "datum", "unused"});
  reader.read_section(document, "fit", plan.options);
  reader.read_numbered(document, "", "parameter", plan.parameters);
  reader.read_numbered(document, "", "datum", plan.data);
  reader.read_numbered(document, "", "unused", plan.unused);
  if (plan.parameters.empty() && !reader.found_problems())
    reader.add({{"", "parameter", "there is none", "a fit needs at least one [[parameter]]"}});
  if (plan.data.empty() && !reader.found_problems())
    reader.add({{"", "datum", "there is none", "a fit needs at least one [[datum]]"}});
  reader.throw_if_any();
  plan.positions = reader.positions();
  return plan;
}

}  // namespace hindlimb::study
