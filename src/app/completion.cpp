#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "app/commands.hpp"
#include "app/option_table.hpp"
#include "app/text.hpp"
#include "app/words.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

/// A function that prints the words of a list, for both shells.
std::string list_function() {
  std::string text = "_hindlimb_list() {\n  case $1 in\n";
  for (const WordList& list : word_lists())
    text += fmt::format("    {}) echo {} ;;\n", shell_quoted(list.place),
                        shell_quoted(fmt::format("{}", fmt::join(list.words, " "))));
  return text + "  esac\n}\n";
}

bool is_list(std::string_view place) {
  const std::vector<WordList> lists = word_lists();
  return std::ranges::find(lists, place, &WordList::place) != lists.end();
}

// --- bash ---------------------------------------------------------------------------------------------------------

/// The call that completes a place; empty where nothing is known of it.
std::string bash_call(const Place& place) {
  if (place.ending) return fmt::format("_hindlimb_files {}", shell_quoted(*place.ending));
  if (!place.choices.empty())
    return fmt::format("_hindlimb_words {}", shell_quoted(fmt::format("{}", fmt::join(place.choices, " "))));
  if (!is_list(place.name)) return ":";
  const std::string call = fmt::format("_hindlimb_{} \"$(_hindlimb_list {})\"",
                                       place.takes_several ? "several" : "words", shell_quoted(place.name));
  return place.name.ends_with("=VALUE") ? call + "; compopt -o nospace 2>/dev/null" : call;
}

std::string bash_command(const Command& command) {
  std::vector<std::string> names;
  std::string values;
  for (const OptionInfo& option : options_of(command)) {
    names.push_back(fmt::format("--{}", option.name));
    std::string pattern = names.back();
    if (!option.letter.empty()) {
      names.push_back(fmt::format("-{}", option.letter));
      pattern += " | " + names.back();
    }
    if (!option.value.empty())
      values += fmt::format("        {}) {}; return ;;\n", pattern, bash_call(place_of(option.value)));
  }
  const std::string argument = command.most_files == 0 ? ":" : bash_call(place_of(command.arguments));
  return fmt::format(
      "    {})\n      case $previous in\n{}      esac\n      if [[ $current == -* ]]; then _hindlimb_words {}; else "
      "{}; fi ;;\n",
      command.name, values, shell_quoted(fmt::format("{}", fmt::join(names, " "))), argument);
}

std::string bash_script() {
  std::vector<std::string_view> names;
  std::string cases;
  for (const Command* command : commands()) {
    names.push_back(command->name);
    cases += bash_command(*command);
  }
  return "# Completion of hindlimb in bash, written by `hindlimb completion bash`.\n\n" + list_function() +
         R"(
_hindlimb_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_hindlimb_several() { # words with commas between, each once
  local before= word rest=
  [[ $current == *,* ]] && before=${current%,*},
  for word in $1; do [[ ,$before == *,$word,* ]] || rest+=" $word"; done
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$rest" -- "${current##*,}")
  compopt -o nospace 2>/dev/null
}

_hindlimb_files() { # of an ending, and directories
  mapfile -t COMPREPLY < <(compgen -f -X "!*$1" -- "$current" | while read -r file; do
    [[ -d $file ]] || printf '%s\n' "$file"
  done; compgen -d -- "$current")
  compopt -o filenames 2>/dev/null
}

_hindlimb() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _hindlimb_words ')" +
         fmt::format("{}", fmt::join(names, " ")) + R"( --help --version'
    return
  fi
  # --option=value is three words
  if [[ $current == '=' ]]; then
    current=
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
    [[ $previous == -* ]] || return
  fi
  case ${COMP_WORDS[1]} in
)" + cases +
         "  esac\n}\n\ncomplete -F _hindlimb hindlimb\n";
}

// --- zsh ----------------------------------------------------------------------------------------------------------

/// A text within the brackets or between the colons of _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// ":message:action" of _arguments.
std::string zsh_action(const Place& place) {
  std::string action = " ";
  if (place.ending) {
    action = place.ending->empty() ? "_files" : fmt::format("_files -g \"*{}\"", *place.ending);
  } else if (!place.choices.empty()) {
    action = fmt::format("({})", fmt::join(place.choices, " "));
  } else if (is_list(place.name)) {
    action = fmt::format(" _hindlimb_{} {}", place.takes_several ? "several" : "words", place.name);
  }
  return fmt::format(":{}:{}", zsh_text(place.name), action);
}

std::string zsh_option(const OptionInfo& option) {
  const std::string ending = option.value.empty() ? "" : zsh_action(place_of(option.value));
  const std::string text = shell_quoted(fmt::format("[{}]{}", zsh_text(option.description), ending));
  const std::string name = fmt::format("--{}{}", option.name, option.value.empty() ? "" : "=");
  const std::string repeated = option.is_repeatable ? "'*'" : "";
  if (option.letter.empty()) return fmt::format("{}{}{}", repeated, name, text);
  const std::string excluded =
      option.is_repeatable ? repeated : fmt::format("'(-{} --{})'", option.letter, option.name);
  return fmt::format("{}{{-{},{}}}{}", excluded, option.letter, name, text);
}

std::string zsh_command(const Command& command) {
  std::string text = fmt::format("    {}) _arguments -s -S", command.name);
  for (const OptionInfo& option : options_of(command)) text += fmt::format(" \\\n      {}", zsh_option(option));
  if (command.most_files > 0)
    text += fmt::format(" \\\n      {}", shell_quoted(fmt::format("{}{}", command.most_files == 1 ? "1" : "*",
                                                                  zsh_action(place_of(command.arguments)))));
  return text + " ;;\n";
}

std::string zsh_script() {
  std::string names;
  std::string cases;
  for (const Command* command : commands()) {
    names += fmt::format("    {}\n", shell_quoted(fmt::format("{}:{}", command->name, zsh_text(command->summary))));
    cases += zsh_command(*command);
  }
  return "#compdef hindlimb\n# Completion of hindlimb in zsh, written by `hindlimb completion zsh`.\n\n" +
         list_function() +
         R"(
_hindlimb_words() {
  local -a known suffix
  known=($(_hindlimb_list $1))
  [[ $1 == *=VALUE ]] && suffix=(-S '')
  compadd $suffix -- $known
}

_hindlimb_several() { # with commas between
  local -a known
  known=($(_hindlimb_list $1))
  _values -s , $1 $known
}

_hindlimb_commands() {
  local -a commands=(
)" + names +
         R"(  )
  _describe command commands
}

_hindlimb() {
  local curcontext=$curcontext state
  _arguments -C '(- *)'{-h,--help}'[the commands]' '(- *)--version[version, commit, compiler]' \
    '1:command:_hindlimb_commands' '*::argument:->arguments' && return
  case $words[1] in
)" + cases +
         R"(  esac
}

if [[ $funcstack[1] == _hindlimb ]]; then _hindlimb "$@"; else compdef _hindlimb hindlimb; fi
)";
}

po::options_description options() { return {}; }

Exit execute(const std::vector<std::string>& arguments, const po::variables_map&) {
  const std::string& shell = arguments[0];
  if (shell != "bash" && shell != "zsh")
    throw InputError({{"hindlimb completion", "", fmt::format("'{}' is no shell that it knows", shell),
                       scenario::suggestion(shell, {"bash", "zsh"})}});
  std::cout << (shell == "bash" ? bash_script() : zsh_script());
  return Exit::ok;
}

}  // namespace

const Command completion_command{
    "completion",
    "bash|zsh",
    "print what completes commands, options, keys and files in a shell",
    "  hindlimb completion bash > ~/.local/share/bash-completion/completions/hindlimb\n"
    "  hindlimb completion zsh > ~/.zfunc/_hindlimb      (a directory of $fpath, before compinit)\n"
    "  source <(hindlimb completion bash)                (this shell only; zsh likewise)\n",
    1,
    1,
    options,
    execute,
    "An installed hindlimb brings both; this is for one that runs from where it was built.\n"};

}  // namespace hindlimb::app
