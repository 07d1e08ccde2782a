#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hindlimb::app {

namespace po = boost::program_options;

/// How the program ends.
enum class Exit { ok = 0, failed = 1, bad_input = 2, fact_failed = 3, stopped = 75 };

/// A subcommand: what a user is told about it, and what it does.
struct Command {
  std::string_view name;
  std::string_view arguments;  ///< "FILE.toml"
  std::string_view summary;    ///< one line
  std::string_view examples;   ///< lines as typed
  std::size_t least_files;     ///< positional arguments it needs
  std::size_t most_files;
  po::options_description (*options)();
  Exit (*execute)(const std::vector<std::string>& files, const po::variables_map& options);
  std::string_view description = {};  ///< a paragraph or two, lines broken, for --help and the man page
};

extern const Command init_command;
extern const Command man_command;
extern const Command completion_command;
extern const Command run_command;
extern const Command sweep_command;
extern const Command plan_command;
extern const Command status_command;
extern const Command rerun_command;
extern const Command verify_command;
extern const Command check_command;
extern const Command explain_command;
extern const Command compare_command;
extern const Command export_command;
extern const Command validate_command;
extern const Command fit_command;
extern const Command digest_command;

/// The options of a command, --help last.
po::options_description visible_options(const Command& command);

/// Parses the arguments after the name of the command and executes it.
/// @throws InputError if they make no sense
Exit execute(const Command& command, const std::vector<std::string>& arguments);

/// The text of an option, or nothing if it was not given.
std::optional<std::string> text_option(const po::variables_map& options, const char* name);
std::vector<std::string> list_option(const po::variables_map& options, const char* name);
bool has(const po::variables_map& options, const char* name);

/// What is changed of a study: --set, and --agents.
std::vector<std::string> changes(const po::variables_map& options);
inline constexpr const char* agents_help = "simulate sections of fibres and cells: --set fidelity=agents";

/// "1 arm", "4 arms".
std::string plural(std::size_t n, std::string_view word);

/// The number of threads: --threads, or all cores that this process may run on.
/// @throws InputError if it makes no sense
unsigned thread_count(const po::variables_map& options);

/// A number given on the command line. Boost alone would accept nan, and -1 for an unsigned.
/// @throws InputError unless it is a number from low to high
double number_option(const std::string& text, const std::string& name, double low, double high);

}  // namespace hindlimb::app
