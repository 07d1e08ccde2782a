#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "app/command.hpp"
#include "app/result_input.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/study/comparison.hpp"
#include "hindlimb/study/sweep_comparison.hpp"

namespace hindlimb::app {
namespace {

constexpr double last_possible_day = 1e6;

po::options_description options() {
  po::options_description description;
  description.add_options()("day", po::value<std::string>()->value_name("DAY"),
                            "compare all arms on this day (default: each arm on its own last day)")(
      "observable", po::value<std::vector<std::string>>()->value_name("OBSERVABLE"),
      "what to compare; may be repeated; csa_by_type.I is one fibre type of csa_by_type (default: csa and wet_mass)")(
      "csv", "print a tidy table for other programs instead")(
      "along", po::value<std::string>()->value_name("NAME"),
      "of a sweep: the axis along which limbs are compared (default: the first)")(
      "where", po::value<std::vector<std::string>>()->value_name("NAME=VALUE"),
      "of a sweep: only runs with that value of an axis; may be repeated")(
      "bins", po::value<std::string>()->value_name("N"),
      "of a sweep: parts of an axis that has more than 25 values (default: 10)");
  return description;
}

study::CompareOptions compare_options(const po::variables_map& options) {
  study::CompareOptions result;
  if (const auto day = text_option(options, "day")) result.day = number_option(*day, "--day", 0.0, last_possible_day);
  return result;
}

/// What is compared: what was asked for; else area and mass where they were recorded, else the first of all.
std::vector<std::string> observables_to_compare(const io::RunsFile& file, const po::variables_map& options) {
  const std::vector<std::string> recorded = recorded_observables(file);
  if (has(options, "observable")) {
    std::vector<std::string> asked = list_option(options, "observable");
    require_recorded(asked, observables_to_choose(file), "--observable");
    return asked;
  }
  std::vector<std::string> usual = study::CompareOptions{}.observables;
  std::erase_if(usual, [&](const std::string& name) { return std::ranges::find(recorded, name) == recorded.end(); });
  return usual.empty() ? std::vector{recorded.front()} : usual;
}

/// The series that were asked for, whole or by one of their fibre types, each once.
std::vector<std::string> series_of_all(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    if (std::ranges::find(all, series_of(name)) == all.end()) all.push_back(series_of(name));
  }
  return all;
}

std::vector<double> numbers_on(const io::RunsFile& file, const std::string& series, std::optional<double> day) {
  if (!day) return file.last_numbers(series);
  if (file.has_ends_only())
    throw InputError({{file.path().string(), "", "keeps the end of each arm alone", "leave out --day"}});
  return file.numbers_at(series, study::recorded_time(file.labels().times_d, *day));
}

study::SweptRuns swept_runs(const io::RunsFile& file) {
  study::SweptRuns runs{file.labels(),       file.massaged(), file.replicates(), {}, file.attribute("untreated"),
                        file.path().string()};
  for (const io::RunCoordinate& coordinate : file.coordinates())
    runs.axes.push_back({coordinate.name, coordinate.unit, coordinate.numbers, coordinate.texts});
  return runs;
}

study::SweepComparison compare_sweep(const io::RunsFile& file, const std::vector<std::string>& names,
                                     const po::variables_map& options) {
  study::SweepCompareOptions how;
  how.along = text_option(options, "along").value_or("");
  how.where = list_option(options, "where");
  constexpr double most_bins = 1000;
  if (const auto bins = text_option(options, "bins"))
    how.bins = static_cast<std::size_t>(number_option(*bins, "--bins", 1, most_bins));
  std::vector<study::SweptObservable> observables;
  for (const std::string& name : series_of_all(names)) {
    const io::SeriesInfo& info = *std::ranges::find(file.series(), name, &io::SeriesInfo::name);
    observables.push_back(
        {name, info.long_name, info.unit, numbers_on(file, name, compare_options(options).day), info.by_fibre_type});
  }
  return study::compare(swept_runs(file), observables, how);
}

study::Comparison compare_study(const io::RunsFile& file, const std::vector<std::string>& names,
                                const po::variables_map& options) {
  for (const char* option : {"along", "where", "bins"}) {
    if (has(options, option)) throw InputError(fmt::format("--{}", option), "belongs to a sweep, and this is one run");
  }
  study::CompareOptions how = compare_options(options);
  how.observables = series_of_all(names);
  return study::compare(file.run(0), how);
}

/// @param names  what was asked for: of a series by fibre type perhaps some types alone
template <class Comparison>
void print(Comparison comparison, const std::vector<std::string>& names, const po::variables_map& options) {
  std::erase_if(comparison.tables, [&](const auto& table) {
    return std::ranges::find(names, table.observable) == names.end() &&
           std::ranges::find(names, series_of(table.observable)) == names.end();
  });
  std::cout << (has(options, "csv") ? to_csv(comparison) : to_table(comparison));
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const io::RunsFile file = open_result(files[0]);
  const std::vector<std::string> names = observables_to_compare(file, options);
  say_reservations(file);
  if (file.coordinates().empty()) {
    print(compare_study(file, names, options), names, options);
  } else {
    print(compare_sweep(file, names, options), names, options);
  }
  return Exit::ok;
}

}  // namespace

const Command compare_command{
    "compare",
    "RESULT.h5 [OPTION ...]",
    "compare the arms of a study, or along an axis of a sweep: massaged with contralateral limb",
    "  hindlimb compare results/miller2018.h5\n"
    "  hindlimb compare results/miller2018.h5 --day 18 --observable ed1 --observable rna\n"
    "  hindlimb compare results/miller2018.h5 --csv > miller2018.csv\n"
    "  hindlimb compare results/sweep_dose_timing.h5 --along massage_force_N --where massage_every_d=2\n",
    1,
    1,
    options,
    execute,
    "Of a study, prints mean and SD of every arm and limb, per cent of the control and of the untreated arm with 95 %\n"
    "intervals over the rats, and the paired difference between the massaged and the contralateral limb. Of a sweep, "
    "the\n"
    "effect of massage in both limbs along one of its axes.\n"};

}  // namespace hindlimb::app
