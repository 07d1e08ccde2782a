#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hindlimb::io {

/// A dimension and its labels.
struct TableAxis {
  std::string name;
  std::string long_name;
  std::vector<std::string> labels;
};

/// Numbers over some of the axes of a file.
struct TableVariable {
  std::string name;
  std::string unit;
  std::string long_name;
  std::vector<std::string> axes;  ///< names, outermost first; none for a single number is not possible
  std::vector<double> values;     ///< in the order of the axes
};

/// Writes labelled numbers that are no run of a study, such as a fit, under the same rules as a result file: HDF5 that
/// netCDF readers open with names and units, whole or not at all, with a checksum beside it.
/// @throws Error naming the file and what is in the way
void write_table(const std::filesystem::path& file, const std::map<std::string, std::string>& attributes,
                 const std::vector<TableAxis>& axes, const std::vector<TableVariable>& variables);

}  // namespace hindlimb::io
