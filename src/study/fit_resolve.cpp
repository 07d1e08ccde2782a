#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/study/fit_plan.hpp"

namespace hindlimb::study {
namespace {

/// What is wrong with one entry; caught where entries are gone through.
[[noreturn]] void wrong(const std::string& key, std::string what, std::string hint = "") {
  throw InputError({{"", key, std::move(what), std::move(hint)}});
}

double number_in(const CsvTable& table, const CsvRow& row, std::string_view column) {
  const std::string& cell = table.cell(row, column);
  double value = 0.0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) {
    throw InputError({{table.where(row), std::string(column), fmt::format("is '{}', must be a number", cell), ""}});
  }
  return value;
}

/// Units of the table of observations, and what turns such a number into one of a quantity.
struct UnitRule {
  std::string_view unit;
  Form form;
  std::string_view of_observable;  ///< unit that the observable has; empty where a ratio has none
  double factor;
  double offset;
};
constexpr UnitRule unit_rules[] = {
    {"percent", Form::percent_change, "", 1.0, 0.0},
    {"percent_of_WB", Form::percent_change, "", 1.0, 0.0},
    {"percent_of_RE", Form::percent_change, "", 1.0, 0.0},
    {"percent", Form::ratio, "", 0.01, 1.0},
    {"ratio", Form::ratio, "", 1.0, 0.0},
    {"percent_per_day", Form::value, "1/d", 0.01, 0.0},
    {"per_mm2", Form::value, "1/mm2", 1.0, 0.0},
    {"um2", Form::value, "um2", 1.0, 0.0},
    {"mg", Form::value, "mg", 1.0, 0.0},
    {"g", Form::value, "mg", 1000.0, 0.0},
};

const UnitRule* rule_for(const std::string& unit, const Quantity& quantity) {
  const std::string_view own = muscle::observable_table[static_cast<std::size_t>(quantity.observable)].unit;
  const auto* rule = std::ranges::find_if(unit_rules, [&](const UnitRule& r) {
    return r.unit == unit && r.form == quantity.form && (r.of_observable.empty() || r.of_observable == own);
  });
  return rule == std::end(unit_rules) ? nullptr : rule;
}

bool is_sign(DatumKind kind) {
  return kind == DatumKind::above || kind == DatumKind::below || kind == DatumKind::unchanged;
}

/// "O0055-O0062" or "O0055; O0062" as words and hyphens.
std::vector<std::string> words_in(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
      continue;
    }
    if (!word.empty()) words.push_back(std::exchange(word, ""));
    if (c == '-') words.emplace_back("-");
  }
  return words;
}

class Resolver {
 public:
  Resolver(FitPlan& plan, const scenario::Study& study, const CsvTable& table)
      : plan_(plan), study_(study), table_(table) {
    table.require({"id", "study", "muscle", "quantity", "unit", "value", "error", "error_type", "n", "derived_from"});
    for (const CsvRow& row : table.rows()) {
      if (rows_.emplace(table.cell(row, "id"), &row).second) continue;
      problems_.push_back({table.where(row), "id", fmt::format("'{}' stands there twice", table.cell(row, "id")), ""});
    }
  }

  void run() {
    for (std::size_t i = 0; i < plan_.parameters.size(); ++i) {
      collect([&] { parameter(plan_.parameters[i], fmt::format("parameter.{}", i + 1)); });
    }
    for (std::size_t i = 0; i < plan_.data.size(); ++i) {
      collect([&] { datum(plan_.data[i], fmt::format("datum.{}", i + 1)); });
    }
    collect([&] { coverage(); });
    if (!problems_.empty()) throw InputError(std::move(problems_));
  }

 private:
  template <class Step>
  void collect(Step step) {
    try {
      step();
    } catch (const InputError& error) {
      for (Problem problem : error.problems()) {
        if (problem.where.empty()) problem.where = scenario::nearest_position(plan_.positions, problem.key);
        problems_.push_back(std::move(problem));
      }
    }
  }

  void parameter(FittedParameter& p, const std::string& key) {
    const std::size_t dot = p.name.find('.');
    const std::string name = dot == std::string::npos ? p.name : p.name.substr(dot + 1);
    const auto* info = std::ranges::find(laws::parameter_table, name, &laws::ParameterInfo::name);
    if (info == std::end(laws::parameter_table)) {
      std::vector<std::string_view> known;
      for (const laws::ParameterInfo& each : laws::parameter_table) known.push_back(each.name);
      wrong(key + ".name", fmt::format("'{}' is no parameter", p.name), scenario::suggestion(name, known));
    }
    p.index = static_cast<std::size_t>(info - laws::parameter_table);
    if (dot != std::string::npos) muscles_of(p, *info, p.name.substr(0, dot), key);
    const double current =
        study_.parameters[p.muscles.empty() ? 0 : p.muscles[0]].*laws::parameter_members<double>[p.index];
    if (!p.start) p.start = current;
    if (!(*p.start > 0.0))
      wrong(key, fmt::format("{} starts at {}, must start above 0: it is fitted in the logarithm", p.name, *p.start),
            "give a start");
    constexpr double widest = 50.0;
    if (!p.low) p.low = std::max(info->low, *p.start / widest);
    if (!p.high) p.high = std::min(info->high, *p.start * widest);
    if (*p.low < info->low || *p.high > info->high)
      wrong(key, fmt::format("bounds of {} reach beyond those of the model, {} to {}", p.name, info->low, info->high));
    if (!(*p.low < *p.start && *p.start < *p.high))
      wrong(key, fmt::format("{} starts at {}, outside its bounds {} to {}", p.name, *p.start, *p.low, *p.high));
  }

  void muscles_of(FittedParameter& p, const laws::ParameterInfo& info, const std::string& name,
                  const std::string& key) {
    const auto found = std::ranges::find(scenario::muscle_names, name);
    if (found == scenario::muscle_names.end())
      wrong(key + ".name", fmt::format("'{}' is no muscle", name),
            scenario::suggestion(name, {scenario::muscle_names.begin(), scenario::muscle_names.end()}));
    if (!info.per_muscle) wrong(key + ".name", fmt::format("'{}' is the same for all muscles", info.name));
    for (const scenario::Muscle muscle :
         scenario::heads_of(static_cast<scenario::MuscleName>(found - scenario::muscle_names.begin()))) {
      p.muscles.push_back(static_cast<std::size_t>(muscle));
    }
  }

  void datum(Datum& d, const std::string& key) {
    d.measurement.quantity = quantity_named(d.quantity_name, key);
    d.measurement.arm = d.arm;
    d.measurement.limb = static_cast<MeasuredLimb>(d.limb);
    d.measurement.muscle = d.muscle;
    d.measurement.time = d.day;
    d.measurement.reference_arm = d.reference;
    d.measurement.reference_time = d.reference_day;
    d.label = fmt::format("{} {} of {} {}, {:g} d", d.quantity_name,
                          scenario::muscle_names[static_cast<std::size_t>(d.muscle)], d.arm,
                          measured_limb_names[d.limb], to_days(d.day));
    arms(d, key);
    limits(d, key);
    if (d.row.empty()) {
      if (d.kind != DatumKind::band)
        wrong(key, fmt::format("{} needs a row", datum_kind_names[static_cast<std::size_t>(d.kind)]),
              "only a band stands without one");
    } else {
      from_row(d, key);
    }
    noise(d, key);
  }

  void arms(const Datum& d, const std::string& key) {
    if (d.measurement.quantity.form == Form::variation)
      wrong(key + ".quantity", fmt::format("{} is of many rats, and a fit simulates a typical one", d.quantity_name));
    const bool needs_reference =
        d.measurement.quantity.form == Form::ratio || d.measurement.quantity.form == Form::percent_change;
    if (needs_reference && d.reference.empty())
      wrong(key + ".reference", "is missing", "a ratio or change needs an arm to refer to");
    known_arm(d.arm, d.day, key, "day");
    const auto arm = std::ranges::find(study_.arms, d.arm, &scenario::Arm::name);
    if (const std::string problem = missing_limb(d.measurement.limb, *arm); !problem.empty())
      wrong(key + ".limb", problem, "left, right or both");
    if (d.reference.empty()) return;
    known_arm(d.reference, d.reference_day.value_or(d.day), key, d.reference_day ? "reference_day" : "day");
  }

  void known_arm(const std::string& name, Minutes day, const std::string& key, std::string_view day_key) {
    const auto arm = std::ranges::find(study_.arms, name, &scenario::Arm::name);
    if (arm == study_.arms.end()) {
      std::vector<std::string_view> known;
      for (const scenario::Arm& each : study_.arms) known.push_back(each.name);
      wrong(key, fmt::format("the study has no arm '{}'", name), scenario::suggestion(name, known));
    }
    const Minutes end = end_of(study_, *arm);
    if (day > end) {
      wrong(fmt::format("{}.{}", key, day_key),
            fmt::format("is {}, after the end of arm '{}' (day {})", to_days(day), name, to_days(end)));
    }
  }

  static void limits(Datum& d, const std::string& key) {
    const double neutral = d.measurement.quantity.form == Form::ratio ? 1.0 : 0.0;
    if (d.kind == DatumKind::above && !d.low) d.low = neutral;
    if (d.kind == DatumKind::below && !d.high) d.high = neutral;
    const bool is_two_sided = d.kind == DatumKind::unchanged || d.kind == DatumKind::band;
    if (is_two_sided && !d.low && !d.high) wrong(key, "needs low, high or both");
    if (d.kind == DatumKind::value && (d.low || d.high)) wrong(key, "has limits, but its kind is value");
    if (d.low && d.high && !(*d.low < *d.high))
      wrong(key, fmt::format("low is {}, must be below high, {}", *d.low, *d.high));
  }

  void from_row(Datum& d, const std::string& key) {
    const auto found = rows_.find(d.row);
    if (found == rows_.end()) wrong(key + ".row", fmt::format("there is no row '{}' in {}", d.row, table_.name()));
    const CsvRow& row = *found->second;
    used_.insert(d.row);
    known_study(row);
    const std::string& unit = table_.cell(row, "unit");
    const double value = number_in(table_, row, "value");
    if (is_sign(d.kind)) return sign_row(d, key, unit, value);
    const UnitRule* rule = rule_for(unit, d.measurement.quantity);
    if (rule == nullptr) {
      throw InputError(
          {{table_.where(row), "unit", fmt::format("'{}' does not fit {}", unit, d.quantity_name), "used by " + key}});
    }
    d.value = value * rule->factor + rule->offset;
    if (!d.noise) d.noise = error_of(row, key) * rule->factor;
  }

  void known_study(const CsvRow& row) const {
    const std::string& name = table_.cell(row, "study");
    if (plan_.studies.empty() || std::ranges::find(plan_.studies, name) != plan_.studies.end()) return;
    throw InputError({{table_.where(row), "study", fmt::format("'{}' is not among the plan's studies", name),
                       scenario::suggestion(name, {plan_.studies.begin(), plan_.studies.end()})}});
  }

  /// A sign of the table must be the one that the datum says.
  static void sign_row(const Datum& d, const std::string& key, const std::string& unit, double value) {
    if (unit != "sign") wrong(key, fmt::format("row {} is no sign but a number in {}", d.row, unit));
    const double expected = d.kind == DatumKind::above ? 1.0 : d.kind == DatumKind::below ? -1.0 : 0.0;
    if (value != expected)
      wrong(key, fmt::format("row {} says {:+g}, but the kind is {}", d.row, value,
                             datum_kind_names[static_cast<std::size_t>(d.kind)]));
  }

  double error_of(const CsvRow& row, const std::string& key) {
    const std::string& type = table_.cell(row, "error_type");
    if (type == "SEM") return number_in(table_, row, "error");
    if (type == "SD") return number_in(table_, row, "error") / std::sqrt(number_in(table_, row, "n"));
    wrong(key + ".noise", fmt::format("is missing, and row {} has no error", table_.cell(row, "id")));
  }

  void noise(Datum& d, const std::string& key) {
    if (!d.noise) wrong(key + ".noise", "is missing");
    const double size = d.kind == DatumKind::value ? std::fabs(d.value) : 1.0;
    const double point = d.measurement.quantity.form == Form::percent_change ? 1.0 : 0.01 * size;
    const double laboratory = plan_.options.laboratory_noise * point;
    const double growing = d.growing ? plan_.options.growing_noise * point : 0.0;
    d.sigma = std::sqrt(*d.noise * *d.noise + laboratory * laboratory + growing * growing);
  }

  /// The rows that a text names, one by one or from one to another.
  std::vector<std::string> ids_in(const std::string& text, const std::string& key) const {
    const std::vector<std::string> words = words_in(text);
    for (const std::string& word : words) {
      if (word != "-" && !rows_.contains(word))
        wrong(key, fmt::format("there is no row '{}' in {}", word, table_.name()));
    }
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] != "-") {
        ids.push_back(words[i]);
        continue;
      }
      const bool is_range = i > 0 && i + 1 < words.size() && words[i - 1] < words[i + 1] && words[i - 1] != "-";
      if (!is_range) wrong(key, fmt::format("'{}' is no range of rows", text), "such as O0055-O0062");
      for (auto row = rows_.upper_bound(words[i - 1]); row->first < words[i + 1]; ++row) ids.push_back(row->first);
    }
    return ids;
  }

  /// Every row is used or has a reason not to be, and none counts twice.
  void coverage() {
    std::set<std::string> explained;
    for (const Unused& unused : plan_.unused) {
      for (const std::string& id : unused.rows) {
        if (words_in(id).empty()) wrong("unused.rows", "has an empty text", "such as O0055-O0062");
        for (const std::string& each : ids_in(id, "unused")) {
          if (used_.contains(each))
            wrong("unused", fmt::format("row {} is listed as unused, but a datum uses it", each));
          explained.insert(each);
        }
      }
    }
    std::vector<std::string> silent;
    for (const auto& [id, row] : rows_) {
      if (!used_.contains(id) && !explained.contains(id)) silent.push_back(id);
    }
    if (!silent.empty())
      plan_.remarks.push_back(fmt::format("rows neither used nor explained: {}", fmt::join(silent, ", ")));
    for (const std::string& id : used_) {
      const CsvRow& row = *rows_.at(id);
      for (const std::string& part : ids_in(table_.cell(row, "derived_from"), table_.where(row) + ": derived_from")) {
        if (used_.contains(part))
          wrong("datum", fmt::format("row {} is used, and so is {}, which it is derived from", id, part));
      }
    }
  }

  FitPlan& plan_;
  const scenario::Study& study_;
  const CsvTable& table_;
  std::map<std::string, const CsvRow*> rows_;
  std::set<std::string> used_;
  std::vector<Problem> problems_;
};

}  // namespace

void resolve(FitPlan& plan, const scenario::Study& study, const CsvTable& observations) {
  Resolver(plan, study, observations).run();
}

}  // namespace hindlimb::study
