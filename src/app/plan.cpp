#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "app/command.hpp"
#include "app/sweep_input.hpp"
#include "app/sweep_layout.hpp"
#include "app/sweep_pilot.hpp"
#include "app/sweep_progress.hpp"
#include "hindlimb/core/errors.hpp"

namespace hindlimb::app {
namespace {

po::options_description options() {
  po::options_description description;
  description.add_options()("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                            "change a key of the study, as for `hindlimb sweep`")("agents", agents_help)(
      "threads", po::value<std::string>()->value_name("N"), "threads that the sweep will use (default: all cores)");
  return description;
}

/// The values of one key, each once.
struct ValuesOfKey {
  std::set<double> numbers;
  std::set<std::string> texts;
};

std::vector<ValuesOfKey> values_of_keys(const study::Sweep& sweep) {
  std::vector<ValuesOfKey> keys(sweep.keys().size());
  for (std::uint64_t point = 0; point < sweep.n_points(); ++point) {
    const std::vector<scenario::Value> values = sweep.values(point);
    for (std::size_t key = 0; key < keys.size(); ++key) {
      const auto cell = cell_of(values[key]);
      if (const auto* number = std::get_if<double>(&cell)) {
        keys[key].numbers.insert(*number);
      } else {
        keys[key].texts.insert(std::get<std::string>(cell));
      }
    }
  }
  return keys;
}

std::string to_text(const ValuesOfKey& values) {
  constexpr std::size_t most_listed = 12;
  const std::set<double>& numbers = values.numbers;
  if (!values.texts.empty()) return fmt::format("{}", fmt::join(values.texts, ", "));
  if (numbers.size() <= most_listed) return fmt::format("{}", fmt::join(numbers, ", "));
  return fmt::format("{} values from {:.6g} to {:.6g}", numbers.size(), *numbers.begin(), *numbers.rbegin());
}

void print_axes(const study::Sweep& sweep) {
  const io::SweepForm form = sweep_form(sweep);
  const std::vector<ValuesOfKey> values = values_of_keys(sweep);
  for (std::size_t key = 0; key < form.coordinates.size(); ++key) {
    const io::RunCoordinate& coordinate = form.coordinates[key];
    const bool has_unit = !coordinate.unit.empty() && coordinate.unit != "1";
    std::cout << fmt::format("  axis         {}{}: {}\n               {}\n", coordinate.name,
                             has_unit ? " [" + coordinate.unit + "]" : "", to_text(values[key]), coordinate.key);
  }
}

void print_sizes(const study::Sweep& sweep, const SweepCost& cost, unsigned threads) {
  const scenario::Study& base = sweep.base();
  const std::uint64_t rats = base.arms.size() * static_cast<std::uint64_t>(base.animals.per_arm);
  std::cout << fmt::format("  design       {}, {}, {}\n",
                           study::design_names[static_cast<std::size_t>(sweep.plan().design)],
                           plural(sweep.n_points(), "point"),
                           plural(static_cast<std::size_t>(sweep.plan().replicates), "replicate"))
            << fmt::format("  runs         {}: {}, {} in each, {}\n", sweep.n_runs(), plural(base.arms.size(), "arm"),
                           plural(static_cast<std::size_t>(base.animals.per_arm), "rat"),
                           plural(base.muscles.size(), "muscle"))
            << fmt::format("  simulations  {} (a rat in an arm, both limbs)\n", sweep.n_runs() * rats)
            << fmt::format("  time         about {} on {}; {} runs took {:.2g} s on one\n",
                           duration_text(cost.total_s / threads), plural(threads, "thread"), cost.n_tried, cost.tried_s)
            << fmt::format("  disk         about {} for the result, and {} for the working store while it runs\n",
                           size_text(cost.result_bytes), size_text(cost.store_bytes));
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const study::Sweep sweep = read_sweep(files[0], changes(options)).sweep;
  const unsigned threads = thread_count(options);
  const SweepCost cost = try_out(sweep);
  const std::string& title = sweep.base().title;
  std::cout << fmt::format("{}{}{}\n", files[0], title.empty() ? "" : ": ", title);
  print_axes(sweep);
  print_sizes(sweep, cost, threads);
  return Exit::ok;
}

}  // namespace

const Command plan_command{
    "plan",
    "SWEEP.toml [OPTION ...]",
    "say what a sweep will take: axes, runs, simulations, time, disk; runs a short pilot only",
    "  hindlimb plan configs/sweep_dose_timing.toml\n",
    1,
    1,
    options,
    execute,
    "Prints the axes with their values, the numbers of points, runs and simulations, and what time and disk they will\n"
    "take, from a pilot of about a second.\n"};

}  // namespace hindlimb::app
