#pragma once

#include <span>
#include <string>
#include <vector>

#include "hindlimb/study/statistics.hpp"

/// Tables for a terminal.
namespace hindlimb::study {

using Cells = std::vector<std::string>;

enum class Align { left, right };

/// Columns as wide as their widest cell; a heading is the first row.
std::string aligned(const std::vector<Cells>& rows, const std::vector<Align>& alignment);

/// "-" for NaN.
std::string number(double value, int decimals);

/// "3.14 [2.72, 3.56]"; the estimate alone where there are no limits.
std::string interval(const Interval& interval, int decimals);

/// Decimals that give the largest of some values four significant digits.
int decimals_for(std::span<const double> values);

}  // namespace hindlimb::study
