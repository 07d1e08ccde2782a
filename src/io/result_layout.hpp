#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// The names that writers and readers of result files share.
namespace hindlimb::io {

/// The axes of a series, outermost first; each is a variable of the file too. Where only ends are kept, without time.
inline const std::vector<std::string> series_axes{"run", "arm", "animal", "muscle", "limb", "time"};
inline const std::vector<std::string> typed_series_axes{"run", "arm", "animal", "muscle", "limb", "fibre_type", "time"};
inline const std::vector<std::string> massaged_axes{"arm", "limb"};  ///< run before them where it changes

/// The variables that every result has besides its series.
inline constexpr const char* fixed_variables[] = {"run",     "arm",    "limb",    "muscle",  "animal",   "massaged",
                                                  "run_key", "status", "message", "n_steps", "n_redone", "wall_time"};

inline constexpr const char* summary_group = "summary";  ///< point, statistic, arm, muscle, limb(, fibre_type)(, time)

/// What a status means, by its number.
inline constexpr std::array<std::string_view, 3> status_words{"ok", "some_simulations_failed", "not_run"};
inline const std::string status_meanings = fmt::format("{}", fmt::join(status_words, " "));

}  // namespace hindlimb::io
