#include "hindlimb/io/result_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checksum.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "io/durable_file.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

/// The bytes of the checksum beside a file; empty if there is none.
std::string old_checksum(const std::filesystem::path& file) {
  std::error_code unknown;
  const std::filesystem::path beside = checksum_path(file);
  return std::filesystem::is_regular_file(beside, unknown) ? read_bytes(beside) : "";
}

void remove_old_checksum(const std::filesystem::path& file) {
  if (::unlink(checksum_path(file).c_str()) == 0 || errno == ENOENT) return;
  throw Error(file.string() + ": its old checksum cannot be removed: " + std::generic_category().message(errno));
}

std::string image_for(const sim::Results& results, const std::filesystem::path& file, Precision precision) {
  try {
    return to_image(results, precision);
  } catch (const Error& error) {
    throw Error(file.string() + ": cannot be written: " + error.what());
  }
}

}  // namespace

void publish(DurableFile& result, const std::string& digest, const std::filesystem::path& file,
             const std::filesystem::path& checksum_part) {
  DurableFile checksum(checksum_path(file), checksum_part, checksum_line(digest, file));
  const std::string old = old_checksum(file);
  remove_old_checksum(file);
  try {
    result.move_to_target();
  } catch (const Error&) {
    if (!old.empty()) std::ofstream(checksum_path(file), std::ios::binary) << old;
    throw;
  }
  checksum.move_to_target();
  sync_directory_of(file);
}

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
