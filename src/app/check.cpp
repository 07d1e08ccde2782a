#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "app/command.hpp"
#include "app/sweep_input.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

po::options_description options() {
  po::options_description description;
  description.add_options()("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                            "change a key, as for `hindlimb run`")(
      "resolved", "print the whole study with every default and parameter spelled out");
  return description;
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  const std::vector<std::string> changes = list_option(options, "set");
  const bool is_sweep = io::read_toml(files[0]).find("sweep") != nullptr;
  const std::optional<study::Sweep> sweep =
      is_sweep ? std::optional(read_sweep(files[0], changes).sweep) : std::nullopt;
  const scenario::Study study = sweep ? sweep->base() : io::read_study(files[0], changes);
  if (has(options, "resolved")) {
    std::cout << to_toml(study);
    if (sweep) std::cout << '\n' << to_toml(*sweep);
  } else if (sweep) {
    std::cout << fmt::format("{}: ok; {}, {} in each; `hindlimb plan` says what that takes\n", files[0],
                             plural(sweep->n_points(), "point"),
                             plural(static_cast<std::size_t>(sweep->plan().replicates), "run"));
  } else {
    std::cout << fmt::format("{}: ok; {}, {} in each, {}, {:g} d\n", files[0], plural(study.arms.size(), "arm"),
                             plural(static_cast<std::size_t>(study.animals.per_arm), "rat"),
                             plural(study.muscles.size(), "muscle"), to_days(horizon(study)));
  }
  return Exit::ok;
}

}  // namespace

const Command check_command{
    "check",
    "FILE.toml [OPTION ...]",
    "read a study or a sweep, say everything that is wrong with it, run nothing",
    "  hindlimb check configs/miller2018.toml\n"
    "  hindlimb check configs/miller2018.toml --set arm.REM.massage.force_N=3 --resolved\n",
    1,
    1,
    options,
    execute,
    "Every mistake is printed with its file, line and key, and what to do about it. --resolved prints the study with\n"
    "every default and parameter spelled out, as it goes into result files.\n"};

}  // namespace hindlimb::app
