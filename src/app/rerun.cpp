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

/// @return how many differences there are
std::size_t repeat_and_print(const io::RunsFile& file, std::uint64_t run) {
  const Repetition repetition = repeat(file, run);
  if (repetition.differences.empty()) {
    std::cout << fmt::format("{}: {} numbers, every bit the same\n", run_name(file, run), repetition.n_numbers);
  } else {
    std::cout << fmt::format("{}: differs\n", run_name(file, run));
    for (const std::string& difference : repetition.differences) std::cout << "  " << difference << '\n';
  }
  return repetition.differences.size();
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
  const std::uint64_t run =
      has(options, "run") ? whole_option(options, "run", 1, static_cast<double>(file.n_runs())) : 1;
  return repeat_and_print(file, run - 1) == 0 ? Exit::ok : Exit::failed;
}

po::options_description verify_options() {
  po::options_description description;
  description.add_options()("sample", po::value<std::string>()->value_name("K"),
                            "how many runs are repeated, drawn at random (default: 10)");
  return description;
}

/// Runs that were run, at most n of them, drawn without replacement, ascending.
std::vector<std::uint64_t> draw_runs(const io::RunsFile& file, std::uint64_t n) {
  const std::vector<std::int8_t> statuses = file.statuses();
  std::vector<std::uint64_t> runs;
  for (std::uint64_t run = 0; run < statuses.size(); ++run) {
    if (statuses[run] != io::not_run) runs.push_back(run);
  }
  std::vector<std::uint64_t> drawn;
  std::ranges::sample(runs, std::back_inserter(drawn), static_cast<std::ptrdiff_t>(n),
                      std::mt19937_64(std::random_device{}()));
  return drawn;
}

Exit execute_verify(const std::vector<std::string>& files, const po::variables_map& options) {
  constexpr std::uint64_t usual_sample = 10;
  const std::uint64_t n = has(options, "sample") ? whole_option(options, "sample", 0, most_runs) : usual_sample;
  const io::RunsFile file(files[0], io::Proof::checksum);
  std::cout << fmt::format("{}: SHA-256 as beside it, {}\n", files[0], file.digest());
  std::size_t n_different = 0;
  const std::vector<std::uint64_t> runs = draw_runs(file, n);
  for (const std::uint64_t run : runs) n_different += repeat_and_print(file, run) == 0 ? 0U : 1U;
  std::cout << fmt::format("{} of {} repeated, {}\n", runs.size(), plural(file.n_runs(), "run"),
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
    "Exit code 1 if the file was changed or broken, or if a run that is repeated differs in any bit.\n"};

}  // namespace hindlimb::app
