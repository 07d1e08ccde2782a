#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <system_error>

#include "app/build_info.hpp"
#include "app/commands.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/instruction_set.hpp"

namespace hindlimb::app {
namespace {

void print_help() {
  std::size_t width = 0;
  for (const Command* command : commands()) width = std::max(width, command->name.size());
  std::cout << fmt::format("hindlimb {}.\n\nusage: hindlimb COMMAND [OPTION ...]\n\n", program_summary);
  for (const Command* command : commands())
    std::cout << fmt::format("  {:<{}}  {}\n", command->name, width, command->summary);
  std::cout
      << "\n  hindlimb COMMAND --help   options and examples of a command; `hindlimb man` has the same as man pages\n"
         "  hindlimb --version        version, commit, compiler\n\nexit codes: ";
  for (const auto& [code, meaning] : exit_meanings) {
    const std::string_view before = code == Exit::ok ? "" : code == Exit::stopped ? ",\n            " : ", ";
    std::cout << fmt::format("{}{} {}", before, static_cast<int>(code), meaning);
  }
  std::cout << '\n';
}

Exit dispatch(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "help") return execute(command_named(arguments[1]), {"--help"});
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help();
    return arguments.empty() ? Exit::bad_input : Exit::ok;
  }
  if (arguments[0] == "--version") {
    std::cout << fmt::format("hindlimb {} git {}, {}, {}\n", version, commit, compiler, flags);
    return Exit::ok;
  }
  return execute(command_named(arguments[0]), {arguments.begin() + 1, arguments.end()});
}

int run(const std::vector<std::string>& arguments) {
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is told as a full disk is
  try {
    chosen_instruction_set();  // a wrong HINDLIMB_ISA is told before anything is done
    const Exit result = dispatch(arguments);
    if (std::cout.flush()) return static_cast<int>(result);
    // A command that has failed has said so, or was left by its reader.
    if (result != Exit::failed)
      std::cerr << fmt::format("hindlimb: standard output: cannot be written: {}\n",
                               std::generic_category().message(errno));
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
