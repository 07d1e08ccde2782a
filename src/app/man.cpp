#include "app/man.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>

#include "app/build_info.hpp"
#include "app/commands.hpp"
#include "app/key_groups.hpp"
#include "app/option_table.hpp"
#include "app/output.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view study_page = "study";

/// A manual page in the macros of man(7).
class Page {
 public:
  Page(const std::string& name, int section, std::string_view about) {
    text_ = fmt::format(".\\\" Written by `hindlimb man`.\n.TH {} {} {} \"hindlimb {}\" \"{}\"\n", upper(name), section,
                        date, version, section == 1 ? "User Commands" : "File Formats");
    heading("name");
    text_ += fmt::format("{} \\- {}\n", escaped(name), escaped(about));
  }

  void heading(std::string_view title) {
    text_ += fmt::format(".SH {}\n", upper(title));
    is_section_empty_ = true;
  }
  void subheading(std::string_view title) { text_ += fmt::format(".SS {}\n", escaped(title)); }

  /// Text that is filled; what stands in backticks is bold.
  void paragraph(std::string_view text) {
    begin_paragraph();
    text_ += fmt::format("{}\n", filled(text));
  }

  /// A tag, and a text beside it; a second one begins a line of its own.
  void item(std::string_view tag, std::string_view text, std::string_view more = "") {
    text_ += fmt::format(".TP\n{}\n{}\n", tag, filled(text));
    if (!more.empty()) text_ += fmt::format(".br\n{}\n", filled(more));
  }

  /// Lines as they are.
  void lines(std::string_view text) {
    begin_paragraph();
    text_ += ".nf\n";
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      text_ += fmt::format("{}\n", escaped(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    text_ += ".fi\n";
  }

  void synopsis(std::string_view command, std::string_view arguments) {
    heading("synopsis");
    text_ += fmt::format("\\fB{}\\fP {}\n", escaped(command), escaped(arguments));
  }

  static std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fP", escaped(text)); }
  static std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fP", escaped(text)); }

  const std::string& text() const { return text_; }

 private:
  static std::string upper(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return escaped(result);
  }

  /// A minus is one, and no line begins a request.
  static std::string escaped(std::string_view text) {
    std::string result = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
    for (const char c : text) {
      if (c == '-') result += '\\';
      result += c;
      if (c == '\\') result += 'e';
    }
    return result;
  }

  static std::string filled(std::string_view text) {
    std::string result;
    bool is_code = false;
    while (!text.empty()) {
      const std::size_t mark = std::min(text.find_first_of("`\n"), text.size());
      result += escaped(text.substr(0, mark));
      if (mark == text.size()) break;
      if (text[mark] == '`') {
        is_code = !is_code;
        result += is_code ? "\\fB" : "\\fP";
      } else if (mark + 1 < text.size()) {
        result += '\n';
      }
      text.remove_prefix(mark + 1);
    }
    return result;
  }

  void begin_paragraph() {
    if (!is_section_empty_) text_ += ".PP\n";
    is_section_empty_ = false;
  }

  std::string text_;
  bool is_section_empty_ = true;
};

std::string sentence(std::string_view text) {
  std::string result(text);
  if (!result.empty()) result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
  return result + ".";
}

void add_exit_codes(Page& page) {
  page.heading("exit status");
  for (const auto& [code, meaning] : exit_meanings)
    page.item(Page::bold(std::to_string(static_cast<int>(code))), sentence(meaning));
}

void add_options(Page& page, const Command& command) {
  page.heading("options");
  for (const OptionInfo& option : options_of(command)) {
    std::string tag = option.letter.empty() ? "" : fmt::format("{}, ", Page::bold(fmt::format("-{}", option.letter)));
    tag += Page::bold(fmt::format("--{}", option.name));
    if (!option.value.empty()) tag += fmt::format(" {}", Page::italic(option.value));
    page.item(tag, sentence(option.description));
  }
}

void add_environment(Page& page) {
  page.heading("environment");
  page.item(Page::bold("HINDLIMB_ISA"),
            "The instruction set that simulations use: baseline, avx2 or avx512; by default the widest that the "
            "processor has. Changes no number.");
}

std::string command_page(const Command& command) {
  Page page(fmt::format("hindlimb-{}", command.name), 1, command.summary);
  page.synopsis(fmt::format("hindlimb {}", command.name), command.arguments);
  page.heading("description");
  page.paragraph(sentence(command.summary));
  if (!command.description.empty()) page.paragraph(command.description);
  add_options(page, command);
  add_exit_codes(page);
  page.heading("examples");
  page.lines(command.examples);
  page.heading("see also");
  page.paragraph("`hindlimb`(1), `hindlimb-study`(5)");
  return page.text();
}

std::string program_page() {
  Page page("hindlimb", 1, program_summary);
  page.synopsis("hindlimb", "COMMAND [OPTION ...]");
  page.heading("description");
  page.paragraph(
      fmt::format("`hindlimb` {}. A study is a TOML file of arms, phases, loads and bouts of massage; a "
                  "result is an HDF5 file that carries names and units.",
                  program_summary));
  page.paragraph(
      "`hindlimb COMMAND --help` prints options and examples of a command, `hindlimb --version` the version, "
      "the commit and the compiler. Errors go to the standard error, all of them at once, with file, line, "
      "key and what to do.");
  page.heading("commands");
  for (const Command* command : commands())
    page.item(fmt::format("{} {}", Page::bold(command->name), Page::italic(command->arguments)),
              sentence(command->summary));
  add_exit_codes(page);
  add_environment(page);
  page.heading("files");
  page.item(Page::italic("results/NAME.h5"), "The result of NAME.toml, unless `-o` says otherwise.");
  page.item(Page::italic("FILE.h5.sha256"), "Its SHA-256; a result file that has another one is refused.");
  page.item(Page::italic("FILE.h5.work"), "What is done of a sweep that goes on when it is started again.");
  page.item(Page::italic("FILE.h5.checkpoint"), "The same of a run with agents.");
  page.item(Page::italic("FILE.h5.journal"), "The same of a fit.");
  page.heading("examples");
  page.lines("  hindlimb init miller2018\n  hindlimb run miller2018.toml\n  hindlimb compare results/miller2018.h5\n");
  page.heading("see also");
  std::string others;
  for (const Command* command : commands()) others += fmt::format("`hindlimb-{}`(1), ", command->name);
  page.paragraph(others + "`hindlimb-study`(5)");
  return page.text();
}

void add_key(Page& page, const scenario::KeyEntry& key) {
  std::string text = key.type;
  const auto append = [&text](std::string_view label, std::string_view part) {
    if (!part.empty()) text += fmt::format("; {}{}", label, part);
  };
  append("unit ", key.unit);
  append("range ", key.range);
  append("default ", key.default_value);
  append("source: ", key.source);
  page.item(Page::bold(last_word(key.path)), key.meaning, text);
}

std::string study_file_page() {
  Page page("hindlimb-study", 5, "files that hindlimb reads: studies, sweeps and plans of a fit");
  page.heading("description");
  page.paragraph(
      "Files are TOML. A study needs only what differs from the defaults; unknown keys are errors. A sweep is a "
      "study with a table [sweep], or names one; a plan of a fit names a study and a table of observations. "
      "`hindlimb init` writes examples of all three, `hindlimb explain KEY` prints what stands here of one key, "
      "and `hindlimb check` says everything that is wrong with a study or a sweep.");
  page.paragraph("Parameters with a default for each muscle may be given for one of them: `[parameters.soleus]`.");
  for (const KeyGroup& group : key_groups()) {
    page.heading(fmt::format("keys of a {}", group.file));
    std::string before = "none";
    for (const scenario::KeyEntry& key : group.keys) {
      const std::string header = header_of(key.path);
      if (header != before) page.subheading(header.empty() ? "At the top" : header);
      before = header;
      add_key(page, key);
    }
  }
  page.heading("see also");
  page.paragraph("`hindlimb`(1), `hindlimb-explain`(1), `hindlimb-init`(1)");
  return page.text();
}

std::string page_of(const std::string& name) {
  if (name == study_page) return study_file_page();
  const auto found = std::ranges::find(commands(), name, &Command::name);
  if (found != commands().end()) return command_page(**found);
  const std::vector<std::string> known = page_names();
  const std::string guess = scenario::guess(name, {known.begin(), known.end()});
  throw InputError({{"hindlimb man", "", fmt::format("there is no page '{}'", name),
                     guess.empty() ? fmt::format("there are {}", fmt::join(known, ", ")) : guess}});
}

/// man1 and man5 in a folder, as man looks for them.
void write_all(const fs::path& folder) {
  for (const char* section : {"man1", "man5"}) make_folder(folder / section);
  write_text(folder / "man1" / "hindlimb.1", program_page());
  for (const std::string& name : page_names()) {
    const bool is_command = name != study_page;
    write_text(folder / (is_command ? "man1" : "man5") / fmt::format("hindlimb-{}.{}", name, is_command ? 1 : 5),
               page_of(name));
  }
}

po::options_description options() {
  po::options_description description;
  description.add_options()("all", po::value<std::string>()->value_name("DIRECTORY"),
                            "write all pages below a directory, as man1/hindlimb.1 and so on");
  return description;
}

Exit execute(const std::vector<std::string>& arguments, const po::variables_map& options) {
  if (const auto folder = text_option(options, "all")) {
    if (!arguments.empty()) throw InputError("--all", fmt::format("writes every page; leave out '{}'", arguments[0]));
    write_all(*folder);
  } else {
    std::cout << (arguments.empty() ? program_page() : page_of(arguments[0]));
  }
  return Exit::ok;
}

}  // namespace

std::vector<std::string> page_names() {
  std::vector<std::string> names;
  for (const Command* command : commands()) names.emplace_back(command->name);
  names.emplace_back(study_page);
  return names;
}

const Command man_command{
    "man",
    "[PAGE] [OPTION ...]",
    "print a man page: of the program, of a command, or of the files that it reads (study)",
    "  hindlimb man | man -l -\n"
    "  hindlimb man run | man -l -\n"
    "  hindlimb man study | man -l -\n"
    "  hindlimb man --all ~/.local/share/man\n",
    0,
    1,
    options,
    execute,
    "An installed hindlimb brings its pages; this is for one that runs from where it was built.\n"};

}  // namespace hindlimb::app
