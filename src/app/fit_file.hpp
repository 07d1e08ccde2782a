#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "hindlimb/study/fit.hpp"

namespace hindlimb::app {

/// Writes a fit as labelled numbers over parameters, data and searches: HDF5, whole or not at all.
void write_fit(const std::filesystem::path& file, const study::FitPlan& plan, const study::Fit& fit,
               const std::map<std::string, std::string>& attributes);

}  // namespace hindlimb::app
