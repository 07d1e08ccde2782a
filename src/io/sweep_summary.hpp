#pragma once

#include "io/labelled_file.hpp"
#include "io/sweep_rows.hpp"

namespace hindlimb::io {

/// Writes /summary: of each point, once all its runs are there, mean, standard deviation and quantiles over the rats of
/// its replicates; simulations that failed are left out.
/// @param points  of each run, from 1
void write_summary(hid_t file, const SweepForm& form, const SweepRuns& runs, SweepRows& rows,
                   const std::vector<std::int64_t>& points);

}  // namespace hindlimb::io
