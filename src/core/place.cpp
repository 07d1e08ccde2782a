#include "hindlimb/core/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace hindlimb {
namespace {

constexpr std::size_t most_letters = 100;
constexpr std::size_t letters_before = 40;  ///< the part that is meant, where the line is cut
constexpr std::string_view cut = "...";

std::string_view line_of(std::string_view text, std::size_t line) {
  for (std::size_t i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// Code points of UTF-8, tabs as spaces so that what stands under them is under them.
std::vector<std::string> letters_of(std::string_view line) {
  std::vector<std::string> letters;
  for (const char c : line) {
    const bool goes_on = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
    if (goes_on && !letters.empty()) {
      letters.back() += c;
    } else {
      letters.emplace_back(1, c == '\t' ? ' ' : c);
    }
  }
  return letters;
}

/// Whether a letter is whole and no control character.
bool can_be_shown(const std::string& letter) {
  const auto lead = static_cast<unsigned char>(letter[0]);
  if (lead < 0x80) return letter.size() == 1 && lead >= ' ' && lead != 0x7f;
  if (lead < 0xC2 || lead > 0xF4) return false;
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return letter.size() == size;
}

/// How many columns of a terminal letters take, as fmt counts them: those of Chinese, Japanese and Korean two, most
/// one.
std::size_t columns_of(std::span<const std::string> letters) {
  std::size_t columns = 0;
  for (const std::string& letter : letters) columns += 2 - (fmt::format("{:2}", letter).size() - letter.size());
  return columns;
}

}  // namespace

std::string Place::to_string() const { return line_ == 0 ? name() : fmt::format("{}:{}", name(), line_); }

std::string Place::excerpt() const {
  if (source_ == nullptr || line_ == 0 || column_ == 0) return "";
  const std::vector<std::string> letters = letters_of(line_of(source_->text, line_));
  if (!std::ranges::all_of(letters, can_be_shown)) return "";
  const std::size_t begin = std::min(column_ - 1, letters.size());
  const bool is_long = letters.size() > most_letters;
  const std::size_t from = is_long && begin > letters_before ? begin - letters_before : 0;
  const std::size_t to = std::min(letters.size(), from + most_letters);
  const std::size_t end = std::clamp(begin + width_, begin, to);
  const std::string_view before = from > 0 ? cut : "";
  const std::string_view after = to < letters.size() ? cut : "";
  const std::span all(letters);
  const std::size_t blank = before.size() + columns_of(all.subspan(from, begin - from));
  const std::size_t marked = columns_of(all.subspan(begin, end - begin));
  return fmt::format("{:>5} | {}{}{}\n      | {}^{}", line_, before, fmt::join(all.subspan(from, to - from), ""), after,
                     std::string(blank, ' '), std::string(std::max<std::size_t>(marked, 1) - 1, '~'));
}

}  // namespace hindlimb
