#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace hindlimb::io {

inline constexpr std::array<std::string_view, 7> statistic_names{"mean", "sd", "q025", "q25", "q50", "q75", "q975"};

/// Statistics over the rats of a point, as /summary has them: mean, standard deviation with n - 1, and quantiles
/// between the two nearest values (type 7 of Hyndman and Fan 1996, Am Stat 50:361, as R and NumPy have them).
/// @param numbers         as they are stored, shape [arm][rat][course]; NaN is left out
/// @param n_arms, n_rats  > 0
/// @return                shape [statistic][arm][course], NaN of nothing
std::vector<double> point_statistics(std::span<const double> numbers, std::size_t n_arms, std::size_t n_rats);

}  // namespace hindlimb::io
