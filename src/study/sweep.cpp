#include "hindlimb/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <unordered_set>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/math.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/scenario/field.hpp"
#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/sim/version.hpp"
#include "study/design.hpp"

namespace hindlimb::study {
namespace {

using scenario::KeyType;
using scenario::Node;
using scenario::Setting;
using scenario::Study;
using scenario::Value;

constexpr std::uint64_t courses_per_block = 4096;    ///< muscles of limbs: some ten milliseconds of work
constexpr std::uint64_t most_runs_per_block = 1024;  ///< a chunk of a series that is one number long is still 8 kB
constexpr std::uint64_t least_blocks = 16;  ///< where there are as many runs: work for all threads, and progress
constexpr double most_block_bytes = 128e6;
constexpr std::size_t most_times = 10'000;

/// A cell of a table as a file of TOML would have it.
Node to_node(const std::string& cell, const std::string& where) {
  std::int64_t whole = 0;
  double number = 0.0;
  const char* const end = cell.data() + cell.size();
  if (const auto [last, error] = std::from_chars(cell.data(), end, whole); error == std::errc() && last == end)
    return {whole, where};
  if (const auto [last, error] = std::from_chars(cell.data(), end, number); error == std::errc() && last == end)
    return {number, where};
  return {cell, where};
}

std::vector<SweepAxis> axes_of(const CsvTable& list) {
  if (list.rows().empty()) throw InputError(list.name(), "has no rows, so there are no points");
  std::vector<SweepAxis> axes;
  for (const std::string& key : list.header()) {
    SweepAxis& axis = axes.emplace_back();
    axis.key = key;
    axis.where = list.name() + ":1";
    for (const CsvRow& row : list.rows()) axis.values.push_back(to_node(list.cell(row, key), list.where(row)));
  }
  return axes;
}

double along(double low, double high, double share) { return low + (high - low) * share; }

/// @param share  0 to 1, the ends only where the distribution has them
double quantile(const SweepAxis& axis, double share) {
  const std::string& name = *axis.distribution;
  if (name == "uniform") return std::clamp(along(*axis.low, *axis.high, share), *axis.low, *axis.high);
  if (name == "log-uniform") {
    if (share == 0.0 || share == 1.0) return share == 0.0 ? *axis.low : *axis.high;
    const double number = math::exp(along(math::log(*axis.low), math::log(*axis.high), share));
    return std::clamp(number, *axis.low, *axis.high);
  }
  if (name == "normal") return *axis.mean + *axis.sd * math::inverse_normal(share);
  const double sigma = std::sqrt(math::log(1.0 + *axis.cv * *axis.cv));
  return *axis.median * math::exp(sigma * math::inverse_normal(share));
}

bool has_ends(const SweepAxis& axis) {
  return !axis.distribution || *axis.distribution == "uniform" || *axis.distribution == "log-uniform";
}

/// Values of a grid: from end to end where there are ends, else the middles of equally likely parts.
double level_of(const SweepAxis& axis, std::size_t level) {
  const auto n = static_cast<double>(*axis.count);
  const auto i = static_cast<double>(level);
  if (*axis.count == 1 || !has_ends(axis)) return quantile(axis, (i + 0.5) / n);
  if (level + 1 == static_cast<std::size_t>(*axis.count)) return *axis.high;
  return level == 0 ? *axis.low : quantile(axis, i / (n - 1.0));
}

/// "arm.REM.massage.force_N" -> "massage.force_N"; empty if the key is of no arm.
std::string without_arm(const std::string& key) {
  if (!key.starts_with("arm.")) return "";
  const std::size_t dot = key.find('.', 4);
  return dot == std::string::npos ? "" : key.substr(dot + 1);
}

std::string variable_name(const std::string& key) {
  std::string name = key;
  for (char& c : name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!is_plain) c = '_';
  }
  return name;
}

std::set<std::string> paths_of(const std::vector<Setting>& settings) {
  std::set<std::string> paths;
  for (const Setting& setting : settings) paths.insert(setting.path);
  return paths;
}

/// The path, and those of which it is a limb or that are its limbs.
std::vector<std::string> overlapping_paths(const std::string& path) {
  std::vector<std::string> paths{path};
  for (const std::string_view limb : scenario::limb_names) {
    const std::string end = fmt::format(".{}", limb);
    paths.push_back(path.ends_with(end) ? path.substr(0, path.size() - end.size()) : path + end);
  }
  return paths;
}

std::string to_text(const Node& node) {
  if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return fmt::format("{}", *whole);
  if (const auto* number = std::get_if<double>(&node.value)) return fmt::format("{}", *number);
  if (node.text() != nullptr) return scenario::to_toml(Value(*node.text()));
  std::vector<std::string> parts;
  if (node.array() != nullptr) {
    for (const Node& element : *node.array()) parts.push_back(to_text(element));
  }
  return fmt::format("[{}]", fmt::join(parts, ", "));
}

template <class Owner>
std::string written_keys(const Owner& owner) {
  std::string text;
  for (const scenario::Key<Owner>& key : scenario::keys<Owner>()) {
    if (const auto value = key.get(owner)) text += fmt::format("{} = {}\n", key.name, scenario::to_toml(*value));
  }
  return text;
}

/// Collects what is wrong with several things.
template <class Action>
void collect(std::vector<Problem>& problems, Action action) {
  try {
    action();
  } catch (const InputError& error) {
    problems.insert(problems.end(), error.problems().begin(), error.problems().end());
  }
}

}  // namespace

/// What is wrong with many points: the first few in full, and how many there are.
class SweepProblems {
 public:
  explicit SweepProblems(std::string where) : where_(std::move(where)) {}

  void add(std::vector<Problem> found) {
    if (found.empty()) return;
    if (++n_wrong_ <= most_named) problems_.insert(problems_.end(), found.begin(), found.end());
  }
  /// @param of_what  "points are"
  void throw_if_any(std::string_view of_what) {
    if (n_wrong_ > most_named)
      problems_.push_back({where_, "sweep", fmt::format("{} {} wrong in all", n_wrong_, of_what), ""});
    if (!problems_.empty()) throw InputError(std::move(problems_));
  }

 private:
  static constexpr std::size_t most_named = 5;
  std::string where_;
  std::vector<Problem> problems_;
  std::size_t n_wrong_ = 0;
};

std::string SweptKey::paths() const {
  std::vector<std::string> all;
  for (const Setting& setting : settings) all.push_back(setting.path);
  return fmt::format("{}", fmt::join(all, " "));
}

Sweep::Sweep(SweepPlan plan, const Node& document, const Node* parameter_file, const CsvTable* list)
    : plan_(std::move(plan)), base_(build_study(document, parameter_file, scenario::Check::values)) {
  if (plan_.design == Design::list) plan_.axes = axes_of(*list);
  find_keys(document, parameter_file);
  std::vector<DesignAxis> axes;
  for (const SweepAxis& axis : plan_.axes) {
    axes.push_back({fmt::format("{}", fmt::join(axis.all_keys(), " ")), levels_of(axis), has_ends(axis)});
  }
  design_ = std::make_unique<PointDesign>(plan_, axes, list == nullptr ? 0 : list->rows().size());
  require_countable(axes);
  n_points_ = static_cast<std::uint64_t>(design_->size());
  set_recording();
  check_values();
  check_studies();
}

Sweep::Sweep(Sweep&&) noexcept = default;
Sweep& Sweep::operator=(Sweep&&) noexcept = default;
Sweep::~Sweep() = default;

/// Refuses more runs than there is any hope for, with what they are made of.
void Sweep::require_countable(const std::vector<DesignAxis>& axes) const {
  const double n_runs = design_->size() * static_cast<double>(plan_.replicates);
  if (n_runs <= most_points) return;
  std::vector<std::string> parts;
  if (plan_.design == Design::grid) {
    for (const DesignAxis& axis : axes) parts.push_back(fmt::format("{} values of {}", axis.n_levels, axis.name));
  } else {
    parts.push_back(fmt::format("{:.6g} points", design_->size()));
  }
  throw InputError({{plan_.axes[0].where, "sweep",
                     fmt::format("would be {:.6g} runs ({} x {} replicates); {:g} are the limit", n_runs,
                                 fmt::join(parts, " x "), plan_.replicates, most_points),
                     "fewer values, or points drawn at random: design = \"sobol\", points = 10000"}});
}

std::size_t Sweep::levels_of(const SweepAxis& axis) const {
  if (!axis.values.empty()) return axis.values.size();
  return plan_.design == Design::grid ? static_cast<std::size_t>(*axis.count) : 0;
}

void Sweep::find_keys(const Node& document, const Node* parameter_file) {
  std::vector<Problem> problems;
  for (std::size_t axis = 0; axis < plan_.axes.size(); ++axis) {
    collect(problems, [&] {
      for (SweptKey& key : keys_of_axis(document, parameter_file, axis)) keys_.push_back(std::move(key));
    });
  }
  std::set<std::string> names;
  std::map<std::string, std::string> setters;  // of each path the key that sets it
  for (const SweptKey& key : keys_) {
    std::set<std::string> reasons;
    for (const Setting& setting : key.settings) {
      if (const std::string why = why_no_axis(setting); !why.empty()) reasons.insert(why);
      for (const std::string& path : overlapping_paths(setting.path)) {
        const auto first = setters.find(path);
        if (first == setters.end() || first->second == key.key) continue;
        reasons.insert(fmt::format("sets what '{}' sets too", first->second));
      }
      setters.emplace(setting.path, key.key);
    }
    if (!names.insert(key.name).second) reasons = {fmt::format("would be a second variable '{}'", key.name)};
    for (const std::string& why : reasons) problems.push_back({key.where, key.key, why, ""});
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

std::vector<SweptKey> Sweep::keys_of_axis(const Node& document, const Node* parameter_file, std::size_t axis) const {
  const SweepAxis& described = plan_.axes[axis];
  const std::vector<std::string> all = described.all_keys();
  const bool have_one_value =
      std::ranges::none_of(described.values, [](const Node& value) { return value.array() != nullptr; });
  std::vector<SweptKey> found;
  std::vector<Node> examples;  // a value of each
  for (std::size_t i = 0; i < all.size(); ++i) {
    Node example{0.0, described.where};
    if (described.values.empty()) {
      example.value = quantile(described, 0.5);
      if (const double number = std::get<double>(example.value); number == std::round(number))
        example.value = static_cast<std::int64_t>(number);
    } else {
      const Node& first = described.values.front();
      example = first.array() != nullptr ? (*first.array())[i] : first;
    }
    std::vector<Setting> settings;
    try {
      settings = settings_of(document, parameter_file, all[i], example);
    } catch (const InputError&) {  // a whole number may be needed
      if (!described.values.empty() || !std::holds_alternative<double>(example.value)) throw;
      example.value = static_cast<std::int64_t>(std::llround(std::get<double>(example.value)));
      settings = settings_of(document, parameter_file, all[i], example);
    }
    if (i > 0 && have_one_value) {
      found[0].key += " " + all[i];
      for (Setting& setting : settings) found[0].settings.push_back(std::move(setting));
    } else {
      found.push_back({"", all[i], std::move(settings), described.where, axis, i});
      examples.push_back(example);
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    SweptKey& key = found[i];
    const std::string first = key.key.substr(0, key.key.find(' '));
    const std::string tail = without_arm(first);
    const bool all_arms = !tail.empty() && paths_of(settings_of(document, parameter_file, "arm.*." + tail,
                                                                examples[i])) == paths_of(key.settings);
    key.name = variable_name(all_arms ? tail : first);
  }
  return found;
}

SweepRow Sweep::row(std::uint64_t run) const {
  const auto replicates = static_cast<std::uint64_t>(plan_.replicates);
  return {run / replicates, run % replicates};
}

double Sweep::number_of(std::uint64_t point, const SweepAxis& axis) const {
  const Coordinate at = design_->at(point, static_cast<std::size_t>(&axis - plan_.axes.data()));
  return axis.count ? level_of(axis, at.level) : quantile(axis, at.share);
}

Node Sweep::node_of(std::uint64_t point, const SweptKey& key, const Setting& setting) const {
  const SweepAxis& axis = plan_.axes[key.axis];
  if (!axis.values.empty()) {
    const Node& value = axis.values[design_->at(point, key.axis).level];
    return value.array() != nullptr ? (*value.array())[key.element] : value;
  }
  const double number = number_of(point, axis);
  if (setting.info.type == KeyType::integer) return {std::llround(number), key.where};
  return {number, key.where};
}

std::vector<Value> Sweep::values(std::uint64_t point) const {
  const Study study = this->study(point);
  std::vector<Value> values;
  for (const SweptKey& key : keys_) values.push_back(key.settings[0].get(study));
  return values;
}

Study Sweep::study(std::uint64_t point) const {
  Study study = base_;
  for (const SweptKey& key : keys_) {
    std::optional<Value> value;
    for (std::size_t i = 0; i < key.settings.size(); ++i) {
      const Setting& setting = key.settings[i];
      const bool is_as_before = i > 0 && setting.info.type == key.settings[i - 1].info.type;
      if (!is_as_before) value = convert(node_of(point, key, setting), setting.info).value;
      setting.set(study, value.value());
    }
  }
  return study;
}

void Sweep::set_recording() {
  recording_.observables = scenario::recorded_observables(base_);
  recording_.ends_only = plan_.keep == Keep::final;
}

/// Whether the values of all points are values of their keys: each level of an axis, and every point of a distribution.
void Sweep::check_values() const {
  SweepProblems problems(keys_[0].where);
  for (const SweptKey& key : keys_) {
    for (std::size_t i = 0; i < key.settings.size(); ++i) {
      const bool is_as_before = i > 0 && key.settings[i].info.name == key.settings[i - 1].info.name;
      if (!is_as_before) check_values_of(key, key.settings[i], problems);
    }
  }
  problems.throw_if_any("values are");
}

void Sweep::check_values_of(const SweptKey& key, const Setting& setting, SweepProblems& problems) const {
  const SweepAxis& axis = plan_.axes[key.axis];
  const scenario::KeyInfo& info = setting.info;
  const auto check = [&](const Node& node) {
    const scenario::Conversion conversion = convert(node, info);
    const std::string name = key.key.find(' ') == std::string::npos ? key.key : setting.path;
    if (!conversion.value) problems.add({{node.where, name, conversion.problem, std::string(info.meaning)}});
  };
  for (const Node& value : axis.values) check(value.array() != nullptr ? (*value.array())[key.element] : value);
  if (!axis.values.empty()) return;
  for (std::uint64_t point = 0; point < n_points_; ++point) {
    const double number = number_of(point, axis);
    const bool is_plainly_right = info.type == KeyType::number && contains(info.range, number);
    if (!is_plainly_right) check(node_of(point, key, setting));
  }
}

bool Sweep::changes(std::string_view part) const {
  return std::ranges::any_of(keys_, [&](const SweptKey& key) {
    return std::ranges::any_of(key.settings,
                               [&](const Setting& setting) { return setting.path.find(part) != std::string::npos; });
  });
}

/// What of a point matters to whether its study holds together, what it records and which limbs are massaged: all but
/// the sizes of loads, forces, frequencies and parameters.
std::string Sweep::form_of(std::uint64_t point, const Study& study) const {
  std::string form;
  for (const SweptKey& key : keys_) {
    const auto counts = [](const Setting& setting) {
      const bool is_size = setting.info.type == KeyType::number || setting.info.type == KeyType::load;
      return !is_size || setting.path.starts_with("solver.") || setting.path.find("fraction_type") != std::string::npos;
    };
    if (std::ranges::any_of(key.settings, counts)) form += to_text(node_of(point, key, key.settings[0])) + " ";
  }
  for (const scenario::Arm& arm : study.arms) {
    for (const scenario::Massage& massage : arm.massages) form += has_effect(massage) ? '1' : '0';
  }
  return form;
}

/// "point 40 (arm.REM.massage.force_N = 7, ...)"
std::string Sweep::described(std::uint64_t point) const {
  std::vector<std::string> parts;
  for (const SweptKey& key : keys_)
    parts.push_back(fmt::format("{} = {}", key.key, to_text(node_of(point, key, key.settings[0]))));
  return fmt::format("point {} ({})", point + 1, fmt::join(parts, ", "));
}

/// Looks at one study of each form: whether it holds together, what it records.
void Sweep::check_studies() {
  ends_vary_ = changes(".duration_d");
  std::set<std::vector<std::int8_t>> massages;
  std::unordered_set<std::string> seen;
  std::set<Minutes> times;
  SweepProblems problems(keys_[0].where);
  for (std::uint64_t point = 0; point < n_points_; ++point) {
    const Study study = this->study(point);
    if (!seen.insert(form_of(point, study)).second) continue;
    std::vector<Problem> found = find_problems(study);
    for (Problem& problem : found) problem.where = fmt::format("{}: {}", keys_[0].where, described(point));
    if (found.empty()) {
      for (const Minutes time : scenario::recorded_times(study)) times.insert(time);
      massages.insert(sim::labels_of(study).massaged);
    }
    problems.add(std::move(found));
  }
  problems.throw_if_any("kinds of points are");
  if (!find_problems(base_).empty()) base_ = study(0);  // what the axes leave open, or put right
  massages_vary_ = massages != std::set{sim::labels_of(base_).massaged};
  if (times.size() > most_times && !recording_.ends_only) {
    throw InputError(
        {{keys_[0].where, "record",
          fmt::format("points end at different times, {} in all; {} are the limit", times.size(), most_times),
          "durations of whole days, or keep = \"final\""}});
  }
  if (!recording_.ends_only) recording_.times.assign(times.begin(), times.end());
}

std::size_t Sweep::numbers_per_run(muscle::Observable observable) const {
  const std::size_t width = muscle::observable_table[static_cast<std::size_t>(observable)].width;
  const std::size_t columns = recording_.ends_only ? 1 : recording_.times.size();
  return base_.arms.size() * static_cast<std::size_t>(base_.animals.per_arm) * base_.muscles.size() *
         scenario::limbs.size() * width * columns;
}

std::size_t Sweep::numbers_per_run() const {
  std::size_t sum = 0;
  for (const muscle::Observable observable : recording_.observables) sum += numbers_per_run(observable);
  return sum;
}

std::uint64_t Sweep::runs_per_block() const {
  const std::uint64_t courses = base_.arms.size() * static_cast<std::uint64_t>(base_.animals.per_arm) *
                                base_.muscles.size() * scenario::limbs.size();
  const double states = static_cast<double>(courses) * static_cast<double>(recording_.times.size() + 2) *
                        static_cast<double>(muscle::n_states);
  const double bytes_per_run = (states + static_cast<double>(numbers_per_run())) * sizeof(double);
  const auto by_memory = static_cast<std::uint64_t>(most_block_bytes / bytes_per_run);
  const std::uint64_t by_number = std::min(most_runs_per_block, std::max<std::uint64_t>(1, n_runs() / least_blocks));
  return std::clamp<std::uint64_t>(std::min(courses_per_block / courses, by_memory), 1, by_number);
}

std::string Sweep::identity() const {
  Study study = base_;
  study.title.clear();
  Sha256 hash;
  hash.add(to_toml(study));
  hash.add(to_toml(*this));
  hash.add(fmt::format("model_version = {}\n", sim::model_version));
  return hash.finish();
}

std::string to_toml(const Sweep& sweep) {
  SweepPlan plan = sweep.plan();
  plan.study_file.clear();
  plan.list_file.clear();
  std::string text = "[sweep]\n" + written_keys(plan);
  for (const SweepAxis& axis : plan.axes) {
    text += "\n[[sweep.axis]]\n" + written_keys(axis);
    if (axis.values.empty()) continue;
    Node values{scenario::Array(axis.values), ""};
    text += fmt::format("values = {}\n", to_text(values));
  }
  return text;
}

}  // namespace hindlimb::study
