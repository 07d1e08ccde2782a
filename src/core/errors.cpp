#include "hindlimb/core/errors.hpp"

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
  return text;
}

InputError::InputError(std::vector<Problem> problems) : Error(lines(problems)), problems_(std::move(problems)) {}

InputError::InputError(Place where, std::string what)
    : InputError(std::vector<Problem>{{std::move(where), {}, std::move(what), {}}}) {}

}  // namespace hindlimb
