#include "hindlimb/study/sweep_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hindlimb/scenario/field.hpp"

namespace hindlimb::scenario {
namespace {

using study::SweepAxis;
using study::SweepPlan;

constexpr Range any{};
constexpr Range at_least_one{1, 9e15};
constexpr std::array<std::string_view, 2> compress_names{"none", "gzip"};

void set_compress(SweepPlan& plan, const Value& value) { plan.compress = std::get<std::string>(value) == "gzip"; }
std::optional<Value> get_compress(const SweepPlan& plan) { return std::string(plan.compress ? "gzip" : "none"); }

// clang-format off: a line for each key
constexpr Key<SweepPlan> plan_keys[] = {
    {{"study",
      KeyType::text,
      "",
      any,
      {},
      "study file that is swept, relative to this file; without it the study stands in this file",
      "",
      "\"miller2018.toml\""},
     set_field<&SweepPlan::study_file>,
     get_text<&SweepPlan::study_file>},
    {{"design", KeyType::choice, "", any, study::design_names, "how points are chosen from the axes", "", ""},
     set_choice<&SweepPlan::design, study::design_names>,
     get_choice<&SweepPlan::design, study::design_names>},
    {{"points",
      KeyType::integer,
      "",
      at_least_one,
      {},
      "number of points of a random, latin-hypercube or sobol design",
      "",
      "1000"},
     set_optional<&SweepPlan::points>,
     get_optional<&SweepPlan::points>},
    {{"trajectories",
      KeyType::integer,
      "",
      at_least_one,
      {},
      "number of trajectories of a morris design, each of one point more than there are axes",
      "",
      "20"},
     set_optional<&SweepPlan::trajectories>,
     get_optional<&SweepPlan::trajectories>},
    {{"levels", KeyType::integer, "", {2, 1000}, {}, "levels of each axis of a morris design, even; else 4", "", "4"},
     set_optional<&SweepPlan::levels>,
     get_optional<&SweepPlan::levels>},
    {{"replicates",
      KeyType::integer,
      "",
      at_least_one,
      {},
      "runs of each point, each with rats of its own; the same rats at every point",
      "",
      ""},
     set_field<&SweepPlan::replicates>,
     get_field<&SweepPlan::replicates>},
    {{"seed",
      KeyType::integer,
      "",
      {0, 9.2e18},
      {},
      "start of the draws of points; those of rats follow from the study's seed",
      "",
      ""},
     set_field<&SweepPlan::seed>,
     get_field<&SweepPlan::seed>},
    {{"file",
      KeyType::text,
      "",
      any,
      {},
      "CSV of a list design, relative to this file: a column for each key, a row for each point",
      "",
      "\"points.csv\""},
     set_field<&SweepPlan::list_file>,
     get_text<&SweepPlan::list_file>},
    {{"keep", KeyType::choice, "", any, study::keep_names,
      "what is kept of every run: all recorded times, the end of each arm, or nothing but the summary of each point",
      "", ""},
     set_choice<&SweepPlan::keep, study::keep_names>,
     get_choice<&SweepPlan::keep, study::keep_names>},
    {{"compress", KeyType::choice, "", any, compress_names, "compression of the result", "", ""},
     set_compress,
     get_compress},
};
constexpr Key<SweepAxis> axis_keys[] = {
    {{"key", KeyType::text, "", any, {}, "key of the study, as --set says it", "", "\"arm.REM.massage.force_N\""},
     set_field<&SweepAxis::key>,
     get_text<&SweepAxis::key>},
    {{"keys",
      KeyType::texts,
      "",
      any,
      {},
      "several keys that go together",
      "",
      "[\"arm.REM.massage.first_d\", \"arm.REM.massage.every_d\"]"},
     set_field<&SweepAxis::keys>,
     [](const SweepAxis& axis) { return axis.keys.empty() ? std::nullopt : std::optional<Value>(axis.keys); }},
    {{"distribution", KeyType::choice, "", any, study::distribution_names,
      "distribution of the key, in place of values", "", "\"log-uniform\""},
     set_optional<&SweepAxis::distribution>,
     get_optional<&SweepAxis::distribution>},
    {{"low", KeyType::number, "", any, {}, "lower end of a uniform or log-uniform distribution", "", "1.0"},
     set_optional<&SweepAxis::low>,
     get_optional<&SweepAxis::low>},
    {{"high", KeyType::number, "", any, {}, "upper end of the same", "", "9.0"},
     set_optional<&SweepAxis::high>,
     get_optional<&SweepAxis::high>},
    {{"mean", KeyType::number, "", any, {}, "mean of a normal distribution", "", "4.5"},
     set_optional<&SweepAxis::mean>,
     get_optional<&SweepAxis::mean>},
    {{"sd", KeyType::number, "", {0, 1e300, true}, {}, "standard deviation of the same", "", "0.5"},
     set_optional<&SweepAxis::sd>,
     get_optional<&SweepAxis::sd>},
    {{"median", KeyType::number, "", {0, 1e300, true}, {}, "median of a log-normal distribution", "", "4.5"},
     set_optional<&SweepAxis::median>,
     get_optional<&SweepAxis::median>},
    {{"cv", KeyType::number, "", {0, 1e3, true}, {}, "coefficient of variation of the same", "", "0.3"},
     set_optional<&SweepAxis::cv>,
     get_optional<&SweepAxis::cv>},
    {{"count",
      KeyType::integer,
      "",
      at_least_one,
      {},
      "number of values that a grid takes from the distribution",
      "",
      "5"},
     set_optional<&SweepAxis::count>,
     get_optional<&SweepAxis::count>},
};
// clang-format on

}  // namespace

template <>
std::span<const Key<SweepPlan>> keys<SweepPlan>() {
  return plan_keys;
}
template <>
std::span<const Key<SweepAxis>> keys<SweepAxis>() {
  return axis_keys;
}

}  // namespace hindlimb::scenario

namespace hindlimb::study {
namespace {

using scenario::Node;

/// Reads a sweep and checks what can be told without its study.
class PlanReader : public scenario::TableReader {
 public:
  SweepPlan read_plan(const Node& table) {
    SweepPlan plan;
    read(table, "sweep", plan, {"axis", "set"});
    read_axes(table, plan);
    if (const Node* set = table.find("set")) read_changes(*set, plan);
    if (!found_problems()) check(table, plan);
    throw_if_any();
    return plan;
  }

 private:
  static const Place& where_the_key_is_said(const Node& axis) {
    for (const char* name : {"key", "keys"}) {
      if (const Node* said = axis.find(name)) return said->where;
    }
    return axis.where;
  }

  void read_axes(const Node& table, SweepPlan& plan) {
    const scenario::Array& tables = entries(table, "axis", "sweep.axis");
    for (std::size_t i = 0; i < tables.size(); ++i) {
      SweepAxis& axis = plan.axes.emplace_back();
      axis.where = tables[i].where;
      axis.key_where = where_the_key_is_said(tables[i]);
      const std::string path = fmt::format("sweep.axis.{}", i + 1);
      read(tables[i], path, axis, {"values"});
      if (const Node* values = tables[i].find("values")) read_values(*values, path + ".values", axis);
    }
  }

  void read_values(const Node& node, const std::string& path, SweepAxis& axis) {
    remember(path, node);
    if (node.array() == nullptr) {
      return report(node, path, fmt::format("is {}, must be a list", type_name(node)), "such as [1, 2, 4.5]");
    }
    if (node.array()->empty()) return report(node, path, "is an empty list", "an axis needs at least one value");
    axis.values = *node.array();
  }

  void read_changes(const Node& table, SweepPlan& plan) {
    if (!is_table(table, "sweep.set")) return;
    for (const auto& [key, value] : *table.table()) {
      if (value.table() != nullptr) {
        report(value, "sweep.set." + key, "is a table", "put the whole key in quotes: \"animals.per_arm\" = 20");
        continue;
      }
      plan.changes.emplace_back(key, value);
    }
  }

  void check(const Node& table, const SweepPlan& plan) {
    check_design(table, plan);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < plan.axes.size(); ++i) {
      const std::string path = fmt::format("sweep.axis.{}", i + 1);
      check_axis(plan, plan.axes[i], path);
      for (const std::string& key : plan.axes[i].all_keys()) {
        if (!seen.insert(key).second) say(path, fmt::format("'{}' is in two axes", key), "");
      }
    }
  }

  void say(const std::string& path, std::string what, std::string hint) {
    add({{"", path, std::move(what), std::move(hint)}});
  }

  void check_design(const Node& table, const SweepPlan& plan) {
    const std::string_view name = design_names[static_cast<std::size_t>(plan.design)];
    const bool is_list = plan.design == Design::list;
    const bool is_morris = plan.design == Design::morris;
    const bool has_points = !is_list && !is_morris && plan.design != Design::grid;
    const auto needs = [&](const char* key, bool wanted) {
      const bool is_there = table.find(key) != nullptr;
      if (wanted && !is_there)
        say(fmt::format("sweep.{}", key), "is missing", fmt::format("design = \"{}\" needs it", name));
      if (!wanted && is_there)
        say(fmt::format("sweep.{}", key), fmt::format("does not belong to design = \"{}\"", name), "leave it out");
    };
    needs("points", has_points);
    needs("trajectories", is_morris);
    needs("file", is_list);
    if (!is_morris && table.find("levels") != nullptr) needs("levels", false);
    if (plan.levels && *plan.levels % 2 != 0) say("sweep.levels", fmt::format("is {}, must be even", *plan.levels), "");
    if (is_list && !plan.axes.empty())
      say("sweep.axis", "does not belong to design = \"list\"", "its columns are the axes");
    if (!is_list && plan.axes.empty()) say("sweep.axis", "there is none", "a sweep needs at least one [[sweep.axis]]");
  }

  void check_axis(const SweepPlan& plan, const SweepAxis& axis, const std::string& path) {
    if (axis.key.empty() == axis.keys.empty())
      return say(path, axis.key.empty() ? "has no key" : "has both key and keys", "key = \"...\", or keys = [...]");
    if (axis.values.empty() == !axis.distribution) {
      return say(path, axis.distribution ? "has both values and a distribution" : "has no values",
                 "values = [...], or distribution = \"uniform\" with low and high");
    }
    if (axis.distribution) {
      check_distribution(plan, axis, path);
    } else {
      check_values(axis, path);
    }
  }

  void check_values(const SweepAxis& axis, const std::string& path) {
    if (axis.low || axis.high || axis.mean || axis.sd || axis.median || axis.cv || axis.count)
      say(path, "has values, so what describes a distribution says nothing", "leave it out");
    const std::size_t n_keys = axis.all_keys().size();
    const auto is_plain = [](const Node& node) {
      return node.text() != nullptr || std::holds_alternative<double>(node.value) ||
             std::holds_alternative<std::int64_t>(node.value);
    };
    for (const Node& value : axis.values) {
      const scenario::Array* several = value.array();
      const bool is_right = several == nullptr ? is_plain(value) : std::ranges::all_of(*several, is_plain);
      if (!is_right)
        return say(path + ".values", "are not all numbers or texts", "a load for each limb is no value of an axis");
      if (several == nullptr || (axis.key.empty() && several->size() == n_keys)) continue;
      say(path + ".values",
          axis.key.empty() ? fmt::format("has a list of {} for {} keys", several->size(), n_keys)
                           : std::string("has a list where one value is needed"),
          "several keys that go together: keys = [...]");
    }
  }

  void check_distribution(const SweepPlan& plan, const SweepAxis& axis, const std::string& path) {
    const std::string& name = *axis.distribution;
    const bool has_ends = name == "uniform" || name == "log-uniform";
    const auto need = [&](const char* key, const auto& number, bool wanted) {
      if (wanted && !number) say(path + "." + key, "is missing", fmt::format("a {} distribution needs it", name));
      if (!wanted && number)
        say(path + "." + key, fmt::format("does not belong to a {} distribution", name), "leave it out");
    };
    need("low", axis.low, has_ends);
    need("high", axis.high, has_ends);
    need("mean", axis.mean, name == "normal");
    need("sd", axis.sd, name == "normal");
    need("median", axis.median, name == "log-normal");
    need("cv", axis.cv, name == "log-normal");
    if (axis.low && axis.high && !(*axis.low < *axis.high))
      say(path + ".high", fmt::format("is {}, must be above low, {}", *axis.high, *axis.low), "");
    if (name == "log-uniform" && axis.low && !(*axis.low > 0.0))
      say(path + ".low", fmt::format("is {}, must be > 0", *axis.low),
          "a log-uniform distribution has no logarithm of 0");
    if (plan.design == Design::grid && !axis.count)
      say(path + ".count", "is missing", "a grid takes so many values from it");
    if (plan.design != Design::grid && axis.count)
      say(path + ".count", "belongs to a grid", "sweep.points is the number of points");
  }
};

}  // namespace

std::vector<scenario::KeyEntry> sweep_keys() {
  std::vector<scenario::KeyEntry> all = scenario::entries_of<SweepPlan>("sweep.");
  all.push_back({"sweep.set", "table", "", "", "optional", "changes of the study, as --set makes them", "",
                 "{ \"animals.per_arm\" = 20 }"});
  const std::vector<scenario::KeyEntry> axis = scenario::entries_of<SweepAxis>("sweep.axis.");
  all.insert(all.end(), axis.begin(), axis.end());
  all.push_back(
      {"sweep.axis.values", "list", "", "", "optional",
       "values of the key: numbers or choices; of several keys that go together one value for all of them, or "
       "lists with one for each",
       "", "[1.4, 4.5, 11]"});
  return all;
}

SweepPlan read_sweep_plan(const Node& table) { return PlanReader().read_plan(table); }

}  // namespace hindlimb::study
