#include "app/text.hpp"

#include <fmt/format.h>

namespace hindlimb::app {

std::string replaced(std::string_view text, std::string_view old, std::string_view by) {
  std::string result;
  for (std::size_t at = text.find(old); at != std::string_view::npos; at = text.find(old)) {
    result += text.substr(0, at);
    result += by;
    text.remove_prefix(at + old.size());
  }
  return result += text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string shell_quoted(std::string_view text) { return fmt::format("'{}'", replaced(text, "'", "'\\''")); }

}  // namespace hindlimb::app
