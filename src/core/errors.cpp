#include "hindlimb/core/errors.hpp"

#include <string_view>

namespace hindlimb {
namespace {

std::string lines(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_string(problem);
    if (const std::string excerpt = problem.where.excerpt(); !excerpt.empty()) text += "\n" + excerpt;
  }
  return text;
}

/// What a file or a command line holds must not reach a terminal as orders to it.
std::string without_control_characters(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= ' ' && code != 0x7f) {
      shown += c;
    } else {
      shown += {'\\', 'x', digits[code / 16], digits[code % 16]};
    }
  }
  return shown;
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string text = problem.where.to_string();
  const auto append = [&text](const std::string& separator, const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += separator;
    text += part;
  };
  append(": ", problem.key);
  append(": ", problem.what);
  append("; ", problem.hint);
  return without_control_characters(text);
}

InputError::InputError(std::vector<Problem> problems) : Error(lines(problems)), problems_(std::move(problems)) {}

InputError::InputError(Place where, std::string what)
    : InputError(std::vector<Problem>{{std::move(where), {}, std::move(what), {}}}) {}

}  // namespace hindlimb
