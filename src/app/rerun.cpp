#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <random>

#include "app/command.hpp"
#include "app/repeated_run.hpp"
#include "app/result_input.hpp"
#include "hindlimb/core/errors.hpp"

namespace hindlimb::app {
namespace {

constexpr double most_runs = 1e15;

/// @param of_what  after the number of numbers
/// @return whether all is as it was
bool print(const std::string& name, const Repetition& repetition, const std::string& of_what = "") {
  if (repetition.differences.empty()) {
    std::cout << fmt::format("{}: {} numbers{}, every bit the same\n", name, repetition.n_numbers, of_what);
  } else {
    std::cout << fmt::format("{}: differs\n", name);
    for (const std::string& difference : repetition.differences) std::cout << "  " << difference << '\n';
  }
  return repetition.differences.empty();
}

bool repeat_and_print(const io::RunsFile& file, std::uint64_t run) {
  return print(run_name(file, run), repeat(file, run));
}

bool repeat_and_print_point(const io::RunsFile& file, std::uint64_t point) {
  const auto number = static_cast<std::int64_t>(point) + 1;
  return print(point_name(file, number), repeat_point(file, number), " of its summary");
}

std::uint64_t whole_option(const po::variables_map& options, const char* name, double low, double high) {
  const std::string text = text_option(options, name).value();
  const double number = number_option(text, fmt::format("--{}", name), low, high);
  if (number != std::floor(number))
    throw InputError(fmt::format("--{}", name), fmt::format("is '{}', must be a whole number", text));
  return static_cast<std::uint64_t>(number);
}

po::options_description rerun_options() {
  po::options_description description;
  description.add_options()("run", po::value<std::string>()->value_name("N"),
                            "which run, as the variable `run` counts them (default: 1)");
  return description;
}

Exit execute_rerun(const std::vector<std::string>& files, const po::variables_map& options) {
  const io::RunsFile file = open_result(files[0]);
  if (file.series().empty()) {
    throw InputError({{files[0], "", "keeps summaries alone: there are no numbers of runs to compare",
                       "`hindlimb verify` repeats all runs of a point and compares its summary"}});
  }
  const std::uint64_t run =
      has(options, "run") ? whole_option(options, "run", 1, static_cast<double>(file.n_runs())) : 1;
  return repeat_and_print(file, run - 1) ? Exit::ok : Exit::failed;
}

po::options_description verify_options() {
  po::options_description description;
  description.add_options()("sample", po::value<std::string>()->value_name("K"),
                            "how many runs are repeated, drawn at random (default: 10); points, of a file that keeps "
                            "summaries alone");
  return description;
}

std::size_t n_points(const io::RunsFile& file) {
  return file.points().empty() ? 0 : static_cast<std::size_t>(std::ranges::max(file.points()));
}

std::vector<std::uint64_t> runs_there(const io::RunsFile& file) {
  const std::vector<std::int8_t> statuses = file.statuses();
  std::vector<std::uint64_t> runs;
  for (std::uint64_t run = 0; run < statuses.size(); ++run) {
    if (statuses[run] != io::not_run) runs.push_back(run);
  }
  return runs;
}

/// Points of which all runs were run, counted from 0.
std::vector<std::uint64_t> points_there(const io::RunsFile& file) {
  const std::vector<std::int8_t> statuses = file.statuses();
  std::vector<bool> is_there(n_points(file), true);
  for (std::uint64_t run = 0; run < statuses.size(); ++run) {
    if (statuses[run] == io::not_run) is_there[static_cast<std::size_t>(file.points()[run] - 1)] = false;
  }
  std::vector<std::uint64_t> points;
  for (std::uint64_t point = 0; point < is_there.size(); ++point) {
    if (is_there[point]) points.push_back(point);
  }
  return points;
}

/// At most n of them, drawn without replacement, ascending.
std::vector<std::uint64_t> draw(const std::vector<std::uint64_t>& all, std::uint64_t n) {
  std::vector<std::uint64_t> drawn;
  std::ranges::sample(all, std::back_inserter(drawn), static_cast<std::ptrdiff_t>(n),
                      std::mt19937_64(std::random_device{}()));
  return drawn;
}

Exit execute_verify(const std::vector<std::string>& files, const po::variables_map& options) {
  constexpr std::uint64_t usual_sample = 10;
  const std::uint64_t n = has(options, "sample") ? whole_option(options, "sample", 0, most_runs) : usual_sample;
  const io::RunsFile file(files[0], io::Proof::checksum);
  std::cout << fmt::format("{}: SHA-256 as beside it, {}\n", files[0], file.digest());
  const bool has_runs = !file.series().empty();
  const std::vector<std::uint64_t> drawn = draw(has_runs ? runs_there(file) : points_there(file), n);
  std::size_t n_different = 0;
  for (const std::uint64_t place : drawn)
    n_different += (has_runs ? repeat_and_print(file, place) : repeat_and_print_point(file, place)) ? 0U : 1U;
  std::cout << fmt::format("{} of {} repeated, {}\n", drawn.size(),
                           has_runs ? plural(file.n_runs(), "run") : plural(n_points(file), "point"),
                           n_different == 0 ? "all the same" : fmt::format("{} not the same", n_different));
  return n_different == 0 ? Exit::ok : Exit::failed;
}

}  // namespace

const Command rerun_command{
    "rerun",
    "RESULT.h5 [OPTION ...]",
    "repeat a run from its file alone and compare every bit; exit code 1 if one differs",
    "  hindlimb rerun results/sweep_dose_timing.h5 --run 17\n",
    1,
    1,
    rerun_options,
    execute_rerun,
    "A result file holds its configuration and its seed; this simulates a run again from them and compares every\n"
    "number with what the file has.\n"};

const Command verify_command{
    "verify",
    "RESULT.h5 [OPTION ...]",
    "check the checksum of a file, repeat some of its runs and compare every bit",
    "  hindlimb verify results/sweep_dose_timing.h5 --sample 20\n",
    1,
    1,
    verify_options,
    execute_verify,
    "Exit code 1 if the file was changed or broken, or if a run that is repeated differs in any bit. Of a file that\n"
    "keeps summaries alone, points are repeated, each with all its runs, and their summaries compared.\n"};

}  // namespace hindlimb::app
