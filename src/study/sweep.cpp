#include "hindlimb/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/scenario/protocol.hpp"
#include "hindlimb/sim/version.hpp"
#include "study/design.hpp"
#include "study/sweep_axis.hpp"
#include "study/swept_keys.hpp"

namespace hindlimb::study {
namespace {

using scenario::KeyType;
using scenario::Node;
using scenario::Setting;
using scenario::Study;
using scenario::Value;

constexpr std::uint64_t courses_per_block = 4096;    ///< muscles of limbs: some ten milliseconds of work
constexpr std::uint64_t sections_per_block = 8;      ///< the same of agents: a second of work
constexpr std::uint64_t most_runs_per_block = 1024;  ///< a chunk of a series that is one number long is still 8 kB
constexpr std::uint64_t least_blocks = 16;  ///< where there are as many runs: work for all threads, and progress
constexpr double most_block_bytes = 128e6;
constexpr std::size_t most_times = 10'000;

template <class Owner>
std::string written_keys(const Owner& owner) {
  std::string text;
  for (const scenario::Key<Owner>& key : scenario::keys<Owner>()) {
    if (const auto value = key.get(owner)) text += fmt::format("{} = {}\n", key.name, scenario::to_toml(*value));
  }
  return text;
}

/// A list as a grid of one axis, on which all its keys go together.
void make_grid_of_list(SweepPlan& plan) {
  SweepAxis together;
  for (const SweepAxis& column : plan.axes) together.keys.push_back(column.key);
  for (std::size_t row = 0; row < plan.axes[0].values.size(); ++row) {
    scenario::Array values;
    for (const SweepAxis& column : plan.axes) values.push_back(column.values[row]);
    together.values.push_back({std::move(values), plan.axes[0].where});
  }
  plan.design = Design::grid;
  if (plan.axes.size() > 1) plan.axes = {together};
}

}  // namespace

/// What is wrong with many points: the first few in full, and how many there are.
class SweepProblems {
 public:
  explicit SweepProblems(Place where) : where_(std::move(where)) {}

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
  Place where_;
  std::vector<Problem> problems_;
  std::size_t n_wrong_ = 0;
};

Sweep::Sweep(SweepPlan plan, const Node& document, const Node* parameter_file, const CsvTable* list)
    : plan_(std::move(plan)), base_(build_study(document, parameter_file, scenario::Check::values)) {
  if (plan_.design == Design::list) plan_.axes = axes_of(*list);
  keys_ = find_swept_keys(plan_.axes, document, parameter_file);
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
  set_point(study, point);
  return study;
}

void Sweep::set_point(Study& study, std::uint64_t point) const {
  for (const SweptKey& key : keys_) {
    std::optional<Value> value;
    for (std::size_t i = 0; i < key.settings.size(); ++i) {
      const Setting& setting = key.settings[i];
      const bool is_as_before = i > 0 && setting.info.type == key.settings[i - 1].info.type;
      if (!is_as_before) value = convert(node_of(point, key, setting), setting.info).value;
      setting.set(study, value.value());
    }
  }
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
  Study study = base_;
  for (std::uint64_t point = 0; point < n_points_; ++point) {
    set_point(study, point);
    if (!seen.insert(form_of(point, study)).second) continue;
    std::vector<Problem> found = find_problems(study);
    for (Problem& problem : found)
      problem.where = Place(fmt::format("{}: {}", keys_[0].where.to_string(), described(point)));
    if (found.empty()) {
      for (const Minutes time : scenario::recorded_times(study)) times.insert(time);
      massages.insert(sim::labels_of(study).massaged);
    }
    problems.add(std::move(found));
  }
  problems.throw_if_any("kinds of points are");
  if (!find_problems(base_).empty()) base_ = this->study(0);  // what the axes leave open, or put right
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
  const std::uint64_t work = base_.fidelity == scenario::Fidelity::agents ? sections_per_block : courses_per_block;
  return std::clamp<std::uint64_t>(std::min(work / courses, by_memory), 1, by_number);
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
  if (plan.design == Design::list) make_grid_of_list(plan);
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
