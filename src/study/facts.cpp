#include "hindlimb/study/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/scenario/convert.hpp"

namespace hindlimb::study {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::array<std::string_view, 2> kind_names{"pass", "predict"};

/// The finite number that a text is, if it is one.
std::optional<double> number_in(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return is_number ? std::optional(value) : std::nullopt;
}

/// Reads the cells of one row.
class Cells {
 public:
  Cells(const CsvTable& table, const CsvRow& row) : table_(table), row_(row) {}

  const std::string& text(std::string_view column) const { return table_.cell(row_, column); }

  double number(std::string_view column, double if_empty) const {
    const std::string& cell = text(column);
    if (cell.empty()) return if_empty;
    const std::optional<double> value = number_in(cell);
    if (!value) wrong(column, fmt::format("is '{}', must be a number", cell), "");
    return *value;
  }

  template <class Names>
  std::size_t choice(std::string_view column, const std::string& value, const Names& names) const {
    const auto found = std::ranges::find(names, value);
    if (found == std::end(names)) {
      wrong(column, fmt::format("is '{}'", value), scenario::suggestion(value, {std::begin(names), std::end(names)}));
    }
    return static_cast<std::size_t>(found - std::begin(names));
  }

  [[noreturn]] void wrong(std::string_view column, std::string what, std::string hint) const {
    throw InputError({{table_.where(row_), std::string(column), std::move(what), std::move(hint)}});
  }

  std::string where() const { return table_.where(row_); }

 private:
  const CsvTable& table_;
  const CsvRow& row_;
};

std::vector<std::string_view> arm_names(const scenario::Study& study) {
  std::vector<std::string_view> names;
  for (const scenario::Arm& arm : study.arms) names.push_back(arm.name);
  return names;
}

Minutes minutes(double days) { return Minutes(std::llround(days * minutes_per_day)); }

/// "WB", "WB day 0", "HS day 14" or nothing.
void read_reference(const Cells& cells, const scenario::Study& study, Measurement& m) {
  std::string text = cells.text("reference");
  if (const std::size_t at = text.find(" day "); at != std::string::npos) {
    const std::optional<double> day = number_in(text.substr(at + 5));
    if (!day) cells.wrong("reference", fmt::format("is '{}'", text), "such as 'HS day 14'");
    m.reference_time = minutes(*day);
    text.resize(at);
  }
  if (!text.empty()) cells.choice("reference", text, arm_names(study));
  m.reference_arm = text;
}

/// What stands behind a ";" in the protocol: "reloading; age_months=30".
std::vector<std::pair<std::string, std::string>> animals_of(const std::string& protocol) {
  std::vector<std::pair<std::string, std::string>> keys;
  std::size_t at = protocol.find(';');
  while (at != std::string::npos) {
    const std::size_t next = protocol.find(';', at + 1);
    std::string part = protocol.substr(at + 1, next == std::string::npos ? next : next - at - 1);
    part.erase(0, part.find_first_not_of(' '));
    const std::size_t sign = part.find('=');
    if (sign != std::string::npos) keys.emplace_back(part.substr(0, sign), part.substr(sign + 1));
    at = next;
  }
  return keys;
}

/// What `hindlimb run` would say of these keys of [animals].
void check_animals(const Cells& cells, const std::vector<std::pair<std::string, std::string>>& animals) {
  constexpr std::string_view column = "protocol";
  const auto keys = scenario::keys<scenario::Animals>();
  for (const auto& [name, text] : animals) {
    const auto key = std::ranges::find(keys, name, &scenario::KeyInfo::name);
    if (key == keys.end()) {
      std::vector<std::string_view> known;
      known.reserve(keys.size());
      for (const auto& each : keys) known.push_back(each.name);
      cells.wrong(column, fmt::format("'{}' is no key of [animals]", name), scenario::suggestion(name, known));
    }
    const std::optional<double> number =
        key->type == scenario::KeyType::number ? number_in(text) : std::optional<double>();
    const scenario::Node node = number ? scenario::Node{*number, ""} : scenario::Node{text, ""};
    const scenario::Conversion conversion = convert(node, *key);
    if (!conversion.value) cells.wrong(column, fmt::format("{} {}", name, conversion.problem), "");
  }
}

void check_days(const Cells& cells, const scenario::Study& study, const Measurement& m) {
  const auto end = [&](const std::string& name) {
    return end_of(study, *std::ranges::find(study.arms, name, &scenario::Arm::name));
  };
  const auto late = [&](Minutes time, const std::string& arm) {
    return fmt::format("day {} is after the end of arm '{}' (day {})", to_days(time), arm, to_days(end(arm)));
  };
  const Minutes reference_time = m.reference_time.value_or(m.time);
  if (std::min(m.time, reference_time) < Minutes{0}) {
    cells.wrong(m.time < Minutes{0} ? "day_unloading" : "reference",
                fmt::format("day {} is before the start of the study", to_days(std::min(m.time, reference_time))), "");
  }
  if (m.time > end(m.arm)) cells.wrong("day_unloading", late(m.time, m.arm), "");
  if (!m.reference_arm.empty() && reference_time > end(m.reference_arm)) {
    cells.wrong("reference", late(reference_time, m.reference_arm), "such as 'HS day 14'");
  }
}

Fact read_fact(const Cells& cells, const scenario::Study& study) {
  Fact fact;
  fact.number = cells.text("fact");
  fact.title = cells.text("title");
  fact.low = cells.number("low", -infinity);
  fact.high = cells.number("high", infinity);
  fact.unit = cells.text("unit");
  fact.is_prediction = cells.choice("kind", cells.text("kind"), kind_names) == 1;
  fact.source = cells.text("source");
  if (fact.low > fact.high)
    cells.wrong("low", fmt::format("is {}, must not be above high, {}", fact.low, fact.high), "");
  fact.animals = animals_of(cells.text("protocol"));
  check_animals(cells, fact.animals);
  Measurement& m = fact.measurement;
  m.quantity = quantity_named(cells.text("quantity"), cells.where());
  m.arm = cells.text("arm");
  cells.choice("arm", m.arm, arm_names(study));
  m.limb = static_cast<MeasuredLimb>(cells.choice("limb", cells.text("limb"), measured_limb_names));
  const auto arm = std::ranges::find(study.arms, m.arm, &scenario::Arm::name);
  if (const std::string problem = missing_limb(m.limb, *arm); !problem.empty())
    cells.wrong("limb", problem, "left, right or both");
  m.time = minutes(cells.number("day_unloading", 0.0) + cells.number("day_reloading", 0.0));
  read_reference(cells, study, m);
  check_days(cells, study, m);
  const bool needs_reference = m.quantity.form == Form::ratio || m.quantity.form == Form::percent_change;
  if (needs_reference && m.reference_arm.empty())
    cells.wrong("reference", "is empty", "a ratio needs an arm to refer to");
  return fact;
}

}  // namespace

std::vector<Fact> read_facts(const CsvTable& table, const scenario::Study& study) {
  table.require({"fact", "title", "arm", "reference", "limb", "muscle", "protocol", "day_unloading", "day_reloading",
                 "quantity", "unit", "low", "high", "kind", "source"});
  if (table.rows().empty()) throw InputError(table.name(), "has no rows, so there are no facts");
  std::vector<Fact> facts;
  std::vector<Problem> problems;
  for (const CsvRow& row : table.rows()) {
    try {
      const Cells cells(table, row);
      Fact fact = read_fact(cells, study);
      const std::string& muscle = cells.text("muscle");
      if (muscle != "all") {
        fact.measurement.muscle =
            static_cast<scenario::MuscleName>(cells.choice("muscle", muscle, scenario::muscle_names));
        facts.push_back(std::move(fact));
        continue;
      }
      for (const scenario::MuscleName each : study.muscles) {
        fact.measurement.muscle = each;
        facts.push_back(fact);
      }
    } catch (const InputError& error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return facts;
}

}  // namespace hindlimb::study
