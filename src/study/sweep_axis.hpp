#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/study/sweep_plan.hpp"

/// What an axis of a sweep says of its values.
namespace hindlimb::study {

/// An axis for each column of a list.
/// @throws InputError if it has no rows
std::vector<SweepAxis> axes_of(const CsvTable& list);

/// Whether the ends of its distribution are values themselves.
bool has_ends(const SweepAxis& axis);

/// @param share  0 to 1, the ends only where the distribution has them
double quantile(const SweepAxis& axis, double share);

/// Values of a grid: from end to end where there are ends, else the middles of equally likely parts.
double level_of(const SweepAxis& axis, std::size_t level);

/// A value as a file would have it: a number, a text or a list of these.
std::string to_text(const scenario::Node& value);

}  // namespace hindlimb::study
