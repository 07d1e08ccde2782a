#pragma once

#include <vector>

#include "hindlimb/study/sweep.hpp"

namespace hindlimb::study {

/// What the keys of axes set in a study, and the names of their variables.
/// @throws InputError with every key that is unknown or no axis, or gets in the way of another
std::vector<SweptKey> find_swept_keys(const std::vector<SweepAxis>& axes, const scenario::Node& document,
                                      const scenario::Node* parameter_file);

}  // namespace hindlimb::study
