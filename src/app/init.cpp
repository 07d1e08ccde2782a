#include "app/init.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iostream>
#include <span>

#include "app/command.hpp"
#include "app/embedded.hpp"
#include "app/output.hpp"
#include "app/text.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

/// A file of a template: its name is that of the study with an ending of its own.
struct TemplateFile {
  std::string_view ending;
  std::string_view text;
  std::string_view what;
};

/// A command of the program, with {places} for names of files, and what it does.
struct NextCommand {
  std::string_view text;
  std::string_view what;
};

struct Template {
  std::string_view name;
  std::string_view stem;  ///< of its files, which refer to each other by it
  std::string_view summary;
  std::span<const TemplateFile> files;
  std::span<const NextCommand> next;  ///< to go on with
};

constexpr std::array study_files{
    TemplateFile{".toml", embedded::miller2018_toml, "the study: 4 arms of 8 rats, massage in one of them"}};
constexpr std::array sweep_files{
    TemplateFile{".toml", embedded::dose_toml, "the sweep, and the study that it varies: 12 doses of massage"}};
constexpr std::array own_files{
    TemplateFile{".toml", embedded::own_data_toml, "the study: your rats, groups and days"},
    TemplateFile{"_measurements.csv", embedded::own_data_measurements_csv, "your measurements, one in a row"},
    TemplateFile{"_fit.toml", embedded::own_data_fit_toml, "which parameters to fit to which of them"}};

constexpr std::array study_commands{
    NextCommand{"check {study}", "says what is wrong with it, once you have changed it"},
    NextCommand{"run {study}", "simulates it"},
    NextCommand{"compare {result}", "means, and what massage changed in both limbs"},
    NextCommand{"explain arm.massage.force_N", "what a key means"}};
constexpr std::array sweep_commands{
    NextCommand{"plan {study}", "what it will take"},
    NextCommand{"sweep {study}", "simulates it; killed or stopped, the same command goes on"},
    NextCommand{"compare {result} --along massage_force_N", "what each force gains, in both limbs"},
    NextCommand{"compare {result} --along massage_every_d --where massage_force_N=4.5", "what each interval gains"}};
constexpr std::array own_commands{
    NextCommand{"check {study}", "says what is wrong with it, once you have changed it"},
    NextCommand{"run {study}", "simulates it"},
    NextCommand{"compare {result}", "means, and what massage changed in both limbs"},
    NextCommand{"validate {study} --facts {measurements} --set animals.per_arm=1000",
                "ends with 3 if a measurement fails"},
    NextCommand{"fit {plan}", "finds parameters that agree with your measurements"},
    NextCommand{"run {study} --set parameters.file={parameters} -o {fitted}", "simulates it with them"},
    NextCommand{"compare {fitted}", ""}};

constexpr std::array templates{
    Template{"miller2018", "miller2018",
             "the main study: suspension, reloading and massage, after Miller et al. 2018; change it into yours",
             study_files, study_commands},
    Template{"dose", "dose", "a sweep: massage of several forces and intervals, and what each of them gains",
             sweep_files, sweep_commands},
    Template{"own-data", "own_data",
             "a study of your own experiment, with a table of your measurements to hold it against", own_files,
             own_commands}};

po::options_description options() {
  po::options_description description;
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE.toml"),
                            "the study to write (default: the template's name, here); other files stand beside it")(
      "force", "replace files that exist");
  return description;
}

void print_templates() {
  for (const Template& each : templates) std::cout << fmt::format("  {:<12}{}\n", each.name, each.summary);
  std::cout
      << "\n`hindlimb init TEMPLATE` writes one here, and says how to go on; -o FILE.toml gives it another name.\n";
}

const Template& template_named(const std::string& name) {
  const auto found = std::ranges::find(templates, name, &Template::name);
  if (found != templates.end()) return *found;
  throw InputError(
      {{"hindlimb init", "", fmt::format("'{}' is no template", name), scenario::suggestion(name, template_names())}});
}

/// @throws InputError if the texts of a template could not refer to it
void require_plain_name(const fs::path& file) {
  const std::string stem = file.stem().string();
  if (file.extension() != ".toml" || stem.empty())
    throw InputError("--output", fmt::format("is '{}', must end in .toml", file.string()));
  const auto is_special = [](unsigned char c) { return c < ' ' || c == '"' || c == '\\'; };
  if (std::ranges::any_of(stem, is_special))
    throw InputError("--output", fmt::format("is '{}', must be without quotes and backslashes", file.string()));
}

/// As a shell takes it for one word.
std::string quoted(const fs::path& file) {
  const std::string text = file.string();
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("/._-+:,@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  return std::ranges::all_of(text, is_plain) ? text : shell_quoted(text);
}

/// Where `hindlimb run` and `hindlimb fit` write.
fs::path result_of(const fs::path& study, std::string_view ending) {
  return fs::path("results") / (study.stem().string() + std::string(ending));
}

/// A command with the names of files in their places.
std::string filled(std::string_view text, const fs::path& study) {
  const auto beside = [&](std::string_view ending) {
    return quoted(fs::path(study).replace_extension().concat(ending));
  };
  const fs::path folder = study.has_parent_path() ? study.parent_path() : fs::path(".");
  return fmt::format(fmt::runtime(text), fmt::arg("study", quoted(study)),
                     fmt::arg("result", quoted(result_of(study, ".h5"))),
                     fmt::arg("measurements", beside("_measurements.csv")), fmt::arg("plan", beside("_fit.toml")),
                     fmt::arg("parameters", quoted(fs::proximate(result_of(study, "_fit.toml"), folder))),
                     fmt::arg("fitted", quoted(result_of(study, "_fitted.h5"))));
}

void print_next(const Template& chosen, const fs::path& study) {
  std::vector<std::string> lines;
  for (const NextCommand& command : chosen.next) lines.push_back(filled(command.text, study));
  constexpr std::size_t widest = 44;  // what is longer has its comment right behind it
  const std::size_t width = std::min(widest, std::ranges::max(lines, {}, &std::string::size).size());
  std::cout << "\nNext:\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view what = chosen.next[i].what;
    std::cout << (what.empty() ? fmt::format("  hindlimb {}\n", lines[i])
                               : fmt::format("  hindlimb {:<{}}  # {}\n", lines[i], width, what));
  }
}

/// The text of a file, which refers to the others by the names that they have now.
std::string text_of(const Template& chosen, const TemplateFile& file, const std::string& stem) {
  std::string text(file.text);
  for (const TemplateFile& other : chosen.files) {
    text = replaced(text, fmt::format("{}{}", chosen.stem, other.ending), fmt::format("{}{}", stem, other.ending));
  }
  return text;
}

void write_template(const Template& chosen, const fs::path& study, const po::variables_map& options) {
  std::vector<fs::path> paths;
  std::vector<Problem> problems;
  for (const TemplateFile& file : chosen.files) {
    paths.push_back(fs::path(study).replace_extension().concat(file.ending));
    require_writable(paths.back());
    if (const auto problem = already_there(paths.back(), options)) problems.push_back(*problem);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    write_text(paths[i], text_of(chosen, chosen.files[i], study.stem().string()));
    std::cout << fmt::format("written to {}: {}\n", paths[i].string(), chosen.files[i].what);
  }
}

Exit execute(const std::vector<std::string>& arguments, const po::variables_map& options) {
  const std::optional<std::string> output = text_option(options, "output");
  if (arguments.empty()) {
    if (output)
      throw InputError({{"hindlimb init", "", "has a file to write, but no template", "`hindlimb init` lists them"}});
    print_templates();
    return Exit::ok;
  }
  const Template& chosen = template_named(arguments[0]);
  const fs::path study = output ? fs::path(*output) : fs::path(chosen.stem).concat(".toml");
  require_plain_name(study);
  write_template(chosen, study, options);
  print_next(chosen, study);
  return Exit::ok;
}

}  // namespace

std::vector<std::string_view> template_names() {
  std::vector<std::string_view> names(templates.size());
  std::ranges::transform(templates, names.begin(), &Template::name);
  return names;
}

const Command init_command{
    "init",
    "[TEMPLATE] [OPTION ...]",
    "write a commented study to start from: miller2018, dose or own-data",
    "  hindlimb init\n"
    "  hindlimb init miller2018\n"
    "  hindlimb init dose -o forces.toml\n"
    "  hindlimb init own-data -o experiment.toml\n",
    0,
    1,
    options,
    execute,
    "Without a template, lists them. A template runs as it is, with the commands that are printed\n"
    "when it was written. Files that exist are left alone.\n"};

}  // namespace hindlimb::app
