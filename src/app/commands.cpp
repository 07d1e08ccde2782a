#include "app/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

constexpr std::array table{&init_command,   &run_command,     &plan_command,     &sweep_command,
                           &status_command, &compare_command, &export_command,   &rerun_command,
                           &verify_command, &digest_command,  &validate_command, &fit_command,
                           &check_command,  &explain_command, &man_command,      &completion_command};

}  // namespace

std::span<const Command* const> commands() { return table; }

const Command& command_named(const std::string& name) {
  const auto command = std::ranges::find(table, name, &Command::name);
  if (command != table.end()) return **command;
  std::vector<std::string_view> names(table.size());
  std::ranges::transform(table, names.begin(), &Command::name);
  const std::string guess = scenario::guess(name, names);
  throw InputError({{"hindlimb", "", fmt::format("'{}' is no command", name),
                     guess.empty() ? "`hindlimb --help` lists them" : guess}});
}

}  // namespace hindlimb::app
