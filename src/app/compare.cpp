#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "app/command.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/result_file.hpp"
#include "hindlimb/study/comparison.hpp"

namespace hindlimb::app {
namespace {

constexpr double last_possible_day = 1e6;

po::options_description options() {
  po::options_description description;
  description.add_options()("day", po::value<std::string>()->value_name("DAY"),
                            "compare all arms on this day (default: each arm on its own last day)")(
      "observable", po::value<std::vector<std::string>>()->value_name("NAME"),
      "what to compare; may be repeated (default: csa and wet_mass)")("csv",
                                                                      "print a tidy table for other programs instead");
  return description;
}

study::CompareOptions compare_options(const po::variables_map& options) {
  study::CompareOptions result;
  if (const auto names = list_option(options, "observable"); !names.empty()) result.observables = names;
  if (const auto day = text_option(options, "day")) result.day = number_option(*day, "--day", 0.0, last_possible_day);
  return result;
}

/// What is compared when nothing is asked for: area and mass where they were recorded, else the first of all.
std::vector<std::string> usual_observables(const sim::Results& results) {
  std::vector<std::string> usual = study::CompareOptions{}.observables;
  std::erase_if(usual, [&](const std::string& name) {
    return std::ranges::find(results.series, name, &sim::Series::name) == results.series.end();
  });
  if (usual.empty()) usual.push_back(results.series.front().name);
  return usual;
}

void require_recorded(const std::vector<std::string>& observables, const sim::Results& results) {
  std::vector<std::string_view> recorded;
  for (const sim::Series& series : results.series) recorded.push_back(series.name);
  std::vector<Problem> problems;
  for (const std::string& name : observables) {
    if (std::ranges::find(recorded, name) == recorded.end())
      problems.push_back(
          {"--observable", name, "was not recorded", fmt::format("recorded are {}", fmt::join(recorded, ", "))});
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  study::CompareOptions how = compare_options(options);
  const sim::Results results = io::read_results(files[0]);
  if (!has(options, "observable")) how.observables = usual_observables(results);
  require_recorded(how.observables, results);
  const study::Comparison comparison = study::compare(results, how);
  if (results.attributes.contains("screening")) {
    std::cerr << "hindlimb: for screening: " << results.attributes.at("screening") << '\n';
  }
  std::cout << (has(options, "csv") ? to_csv(comparison) : to_table(comparison));
  return Exit::ok;
}

}  // namespace

const Command compare_command{
    "compare",
    "RESULT.h5 [OPTION ...]",
    "compare the arms of a study: means, per cent of control and of untreated, massaged with contralateral limb",
    "  hindlimb compare results/miller2018.h5\n"
    "  hindlimb compare results/miller2018.h5 --day 18 --observable ed1 --observable rna\n"
    "  hindlimb compare results/miller2018.h5 --csv > miller2018.csv\n",
    1,
    1,
    options,
    execute};

}  // namespace hindlimb::app
