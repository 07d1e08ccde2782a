#include "app/command.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <charconv>
#include <iostream>
#include <thread>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

constexpr const char* file_option = "file";

/// Cores that this process may run on: a scheduler may have given it fewer than there are.
unsigned usable_cores() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return static_cast<unsigned>(CPU_COUNT(&cores));
  return std::max(1U, std::thread::hardware_concurrency());  // more than a cpu_set_t can say
}

void print_help(const Command& command, const po::options_description& visible) {
  std::cout << fmt::format("usage: hindlimb {} {}\n\n{}\n\n", command.name, command.arguments, command.summary);
  if (!command.description.empty()) std::cout << command.description << '\n';
  std::cout << visible << fmt::format("\nexamples:\n{}", command.examples);
}

po::variables_map parse(const std::vector<std::string>& arguments, const po::options_description& visible) {
  po::options_description all;
  all.add(visible).add_options()(file_option, po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add(file_option, -1);
  namespace style = po::command_line_style;
  po::variables_map options;
  po::store(po::command_line_parser(arguments)
                .options(all)
                .positional(positional)
                .style(style::unix_style & ~style::allow_guessing)
                .run(),
            options);
  po::notify(options);
  return options;
}

/// The option that was probably meant, or where all of them stand.
std::string option_hint(const std::string& wrong, const po::options_description& visible, const std::string& command) {
  std::vector<std::string> names;
  for (const auto& option : visible.options()) names.push_back("--" + option->long_name());
  const std::string guess = scenario::guess(wrong, {names.begin(), names.end()});
  return guess.empty() ? fmt::format("`{} --help` lists the options", command) : guess;
}

}  // namespace

po::options_description visible_options(const Command& command) {
  po::options_description visible("options");
  const po::options_description own = command.options();
  for (const auto& option : own.options()) visible.add(option);
  visible.add_options()("help,h", "this text");
  return visible;
}

Exit execute(const Command& command, const std::vector<std::string>& arguments) {
  const po::options_description visible = visible_options(command);
  const std::string name = fmt::format("hindlimb {}", command.name);
  po::variables_map options;
  try {
    options = parse(arguments, visible);
  } catch (const po::unknown_option& error) {
    const std::string wrong = error.get_option_name();
    throw InputError({{name, "", fmt::format("there is no option '{}'", wrong), option_hint(wrong, visible, name)}});
  } catch (const po::error& error) {
    throw InputError(name, fmt::format("{}; `{} --help` lists the options", error.what(), name));
  }
  if (has(options, "help")) {
    print_help(command, visible);
    return Exit::ok;
  }
  const std::vector<std::string> files = list_option(options, file_option);
  if (files.size() < command.least_files || files.size() > command.most_files) {
    throw InputError(name, fmt::format("{} arguments, but the usage is: {} {}", files.size(), name, command.arguments));
  }
  return command.execute(files, options);
}

std::optional<std::string> text_option(const po::variables_map& options, const char* name) {
  return has(options, name) ? std::optional(options[name].as<std::string>()) : std::nullopt;
}

std::vector<std::string> list_option(const po::variables_map& options, const char* name) {
  return has(options, name) ? options[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

bool has(const po::variables_map& options, const char* name) { return options.count(name) > 0; }

std::vector<std::string> changes(const po::variables_map& options) {
  std::vector<std::string> all;
  if (has(options, "agents")) all.emplace_back("fidelity=agents");
  const std::vector<std::string> set = list_option(options, "set");
  all.insert(all.end(), set.begin(), set.end());
  return all;
}

std::string plural(std::size_t n, std::string_view word) { return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s"); }

unsigned thread_count(const po::variables_map& options) {
  const std::optional<std::string> text = text_option(options, "threads");
  if (!text) return usable_cores();
  const double number = number_option(*text, "--threads", 1, 1024);
  if (number != static_cast<unsigned>(number))
    throw InputError("--threads", fmt::format("is '{}', must be a whole number", *text));
  return static_cast<unsigned>(number);
}

double number_option(const std::string& text, const std::string& name, double low, double high) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !(value >= low && value <= high)) {
    throw InputError(name, fmt::format("is '{}', must be a number from {} to {}", text, low, high));
  }
  return value;
}

}  // namespace hindlimb::app
