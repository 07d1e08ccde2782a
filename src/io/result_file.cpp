#include "hindlimb/io/result_file.hpp"

#include <fmt/format.h>

#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checksum.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "io/durable_file.hpp"
#include "io/publish.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

std::string image_for(const sim::Results& results, const std::filesystem::path& file, Precision precision) {
  try {
    return to_image(results, precision);
  } catch (const Error& error) {
    throw Error(file.string() + ": cannot be written: " + error.what());
  }
}

}  // namespace

void write_image(const std::string& image, const std::filesystem::path& file) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    throw Error(file.string() + ": cannot be written: it is a directory");
  DurableFile result(file, image);
  publish(result, sha256(image), file, part_name(checksum_path(file)));
}

void write_results(const sim::Results& results, const std::filesystem::path& file, Precision precision) {
  write_image(image_for(results, file, precision), file);
}

sim::Results read_results(const std::filesystem::path& file) {
  const RunsFile runs(file);
  if (runs.n_runs() == 1) return runs.run(0);
  throw InputError(file.string(), fmt::format("is a sweep of {} runs, where one run is needed", runs.n_runs()));
}

}  // namespace hindlimb::io
