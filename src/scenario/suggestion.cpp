#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "hindlimb/scenario/build.hpp"

namespace hindlimb::scenario {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Letters to insert, delete or change (Levenshtein 1966), capital or not.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::string guess(std::string_view word, const std::vector<std::string_view>& known) {
  const auto distance_of = [word](std::string_view name) {
    return name.empty() ? std::string_view::npos : edit_distance(word, name);
  };
  const auto begins = [word](std::string_view name) { return name.starts_with(word); };
  const bool is_begun = !word.empty() && std::ranges::count_if(known, begins) == 1;  // "--out" of "--output"
  const auto nearest =
      is_begun ? std::ranges::find_if(known, begins) : std::ranges::min_element(known, {}, distance_of);
  if (nearest == known.end() || nearest->empty()) return "";
  const std::size_t distance = edit_distance(word, *nearest);
  const bool extends = !word.empty() && (nearest->starts_with(word) || word.starts_with(*nearest));
  const bool shares_letters = distance < std::max(word.size(), nearest->size());
  if (extends || (shares_letters && distance <= std::max<std::size_t>(2, nearest->size() / 3))) {
    return fmt::format("did you mean '{}'?", *nearest);
  }
  return "";
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t longest_list = 12;
  if (std::string guessed = guess(word, known); !guessed.empty()) return guessed;
  if (std::ranges::all_of(known, &std::string_view::empty)) return "";
  if (known.size() > longest_list) return "`hindlimb explain` lists all keys";
  return fmt::format("known here: {}", fmt::join(known, ", "));
}

}  // namespace hindlimb::scenario
