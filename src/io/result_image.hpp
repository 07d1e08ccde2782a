#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/io/result_file.hpp"

namespace hindlimb::io {

/// The axes of a series, outermost first; each is a variable of the file too.
inline const std::vector<std::string> series_axes{"run", "arm", "animal", "muscle", "limb", "time"};
inline const std::vector<std::string> typed_series_axes{"run", "arm", "animal", "muscle", "limb", "fibre_type", "time"};

/// The variables that every result has besides its series.
inline constexpr const char* fixed_variables[] = {"run",     "time",     "arm",      "limb",   "muscle",
                                                  "animal",  "massaged", "run_key",  "status", "message",
                                                  "n_steps", "n_redone", "wall_time"};

/// The bytes of a result file.
/// @throws Error if HDF5 fails
std::string to_image(const sim::Results& results, Precision precision);

/// Writes the bytes of an HDF5 file and its checksum, whole or not at all.
/// @throws Error naming the file and what is in the way
void write_image(const std::string& image, const std::filesystem::path& file);

/// A result from the bytes of its file.
/// @throws Error if they are not HDF5 or not a result
sim::Results from_image(std::string_view bytes);

}  // namespace hindlimb::io
