#include "hindlimb/io/result_file.hpp"

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cmath>
#include <limits>
#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checksum.hpp"
#include "io/durable_file.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

static_assert(std::endian::native == std::endian::little, "digests are taken over little-endian numbers");

template <class T>
void add_number(Sha256& hash, T value) {
  hash.add({reinterpret_cast<const char*>(&value), sizeof value});
}

void add_text(Sha256& hash, const std::string& text) {
  add_number(hash, std::uint64_t{text.size()});
  hash.add(text);
}

template <class T>
void add_all(Sha256& hash, const std::vector<T>& values) {
  add_number(hash, std::uint64_t{values.size()});
  for (const T& value : values) {
    if constexpr (std::is_same_v<T, std::string>)
      add_text(hash, value);
    else if constexpr (std::is_same_v<T, double>)
      add_number(hash, std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value);
    else
      add_number(hash, value);
  }
}

std::string digest_of(const sim::Series& series) {
  Sha256 hash;
  add_text(hash, series.name);
  add_text(hash, series.unit);
  add_all(hash, series.values);
  return hash.finish();
}

void add_labels(Sha256& hash, const sim::Labels& labels) {
  add_all(hash, labels.arms);
  add_all(hash, labels.animals);
  add_all(hash, labels.muscles);
  add_all(hash, labels.limbs);
  add_all(hash, labels.times_d);
  add_all(hash, labels.massaged);
  add_all(hash, labels.fibre_types);
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

void write_image(const std::string& image, const std::filesystem::path& file) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    throw Error(file.string() + ": cannot be written: it is a directory");
  DurableFile result(file, image);
  DurableFile checksum(checksum_path(file), checksum_line(sha256(image), file));
  remove_old_checksum(file);
  result.move_to_target();
  checksum.move_to_target();
  sync_directory_of(file);
}

void write_results(const sim::Results& results, const std::filesystem::path& file, Precision precision) {
  write_image(image_for(results, file, precision), file);
}

sim::Results read_results(const std::filesystem::path& file) {
  const std::string bytes = read_bytes(file);
  verify_checksum(file, sha256(bytes));
  try {
    return from_image(bytes);
  } catch (const Error& error) {
    throw InputError(file.string(), error.what());
  }
}

std::vector<std::string> digest_lines(const sim::Results& results) {
  Sha256 whole;
  add_number(whole, results.seed);
  add_text(whole, results.run_key);
  add_number(whole, static_cast<std::int8_t>(results.status));
  add_text(whole, results.message);
  add_labels(whole, results.labels);
  std::vector<std::string> lines(1);
  for (const sim::Series& series : results.series) {
    const std::string digest = digest_of(series);
    add_text(whole, digest);
    lines.push_back(digest + "  " + series.name);
  }
  lines.front() = whole.finish();
  return lines;
}

}  // namespace hindlimb::io
