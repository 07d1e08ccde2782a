#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "app/build_info.hpp"
#include "app/command.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

const std::array commands{&run_command,      &plan_command,  &sweep_command,  &status_command,
                          &compare_command,  &rerun_command, &verify_command, &digest_command,
                          &validate_command, &fit_command,   &check_command,  &explain_command};

void print_help() {
  std::cout << "hindlimb simulates rats whose hindlimbs are unloaded, reloaded and massaged.\n\n"
               "usage: hindlimb COMMAND [OPTION ...]\n\n";
  for (const Command* command : commands) std::cout << fmt::format("  {:<9}{}\n", command->name, command->summary);
  std::cout << "\n  hindlimb COMMAND --help   options and examples of a command\n"
               "  hindlimb --version        version, commit, compiler\n\n"
               "exit codes: 0 ok, 1 failed while running or some simulations failed, 2 bad input, 3 a fact failed,\n"
               "            75 stopped by a signal and resumable\n";
}

Exit dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help();
    return arguments.empty() ? Exit::bad_input : Exit::ok;
  }
  if (arguments[0] == "--version") {
    std::cout << fmt::format("hindlimb {} git {}, {}, {}\n", version, commit, compiler, flags);
    return Exit::ok;
  }
  const auto command = std::ranges::find(commands, arguments[0], &Command::name);
  if (command == commands.end()) {
    std::vector<std::string_view> names(commands.size());
    std::ranges::transform(commands, names.begin(), &Command::name);
    throw InputError(
        {{"hindlimb", "", fmt::format("'{}' is no command", arguments[0]), scenario::suggestion(arguments[0], names)}});
  }
  return execute(**command, {arguments.begin() + 1, arguments.end()});
}

int run(const std::vector<std::string>& arguments) {
  try {
    const Exit result = dispatch(arguments);
    std::cout.flush();
    return std::cout ? static_cast<int>(result) : static_cast<int>(Exit::failed);
  } catch (const InputError& error) {
    const std::size_t n = error.problems().size();
    std::cerr << error.what() << fmt::format("\nhindlimb: {} error{}, nothing was run\n", n, n == 1 ? "" : "s");
    return static_cast<int>(Exit::bad_input);
  } catch (const std::bad_alloc&) {
    std::cerr << "hindlimb: not enough memory\n";
  } catch (const std::exception& error) {
    std::cerr << fmt::format("hindlimb: {}\n", error.what());
  }
  return static_cast<int>(Exit::failed);
}

}  // namespace
}  // namespace hindlimb::app

int main(int argc, char** argv) { return hindlimb::app::run({argv + 1, argv + argc}); }
