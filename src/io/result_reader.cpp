#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "hindlimb/core/errors.hpp"
#include "io/hdf5.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";

void require_result(hid_t file) {
  std::vector<std::string> missing;
  for (const char* name : fixed_variables)
    if (!hdf5::has_variable(file, name)) missing.push_back(fmt::format("'{}'", name));
  if (!hdf5::has_attribute(file, "seed")) missing.emplace_back("the attribute 'seed'");
  if (!missing.empty())
    throw Error(fmt::format("is HDF5, but not a result of hindlimb: without {}", fmt::join(missing, ", ")));
}

void require_size(hid_t file, const std::string& name, std::size_t size) {
  const std::size_t found = hdf5::size_in(file, name);
  if (found != size) throw Error(fmt::format("'{}' has {} values where {} were expected", name, found, size));
}

void require_one_run(hid_t file) {
  for (const char* name : {"run", "run_key", "status", "message", "n_steps", "n_redone", "wall_time"}) {
    require_size(file, name, 1);
  }
}

std::map<std::string, std::string> read_root(hid_t file) {
  std::map<std::string, std::string> attributes;
  for (const std::string& name : hdf5::text_attributes_of(file)) attributes[name] = hdf5::text_of(file, name);
  attributes.erase("Conventions");
  return attributes;
}

sim::Labels read_labels(hid_t file) {
  sim::Labels labels;
  labels.arms = hdf5::texts_in(file, "arm");
  labels.animals = hdf5::numbers_in<std::int32_t>(file, "animal");
  labels.muscles = hdf5::texts_in(file, "muscle");
  labels.limbs = hdf5::texts_in(file, "limb");
  labels.times_d = hdf5::numbers_in<double>(file, "time");
  if (hdf5::has_variable(file, "fibre_type")) labels.fibre_types = hdf5::texts_in(file, "fibre_type");
  require_size(file, "massaged", labels.arms.size() * labels.limbs.size());
  labels.massaged = hdf5::numbers_in<std::int8_t>(file, "massaged");
  return labels;
}

/// Number of axes, 0 for what is no variable or one that every result has.
std::size_t axes_of(hid_t file, const std::string& name) {
  const bool is_fixed = std::ranges::find(fixed_variables, name) != std::end(fixed_variables);
  return is_fixed || !hdf5::has_variable(file, name) ? 0 : hdf5::shape_of(hdf5::open_variable(file, name)).size();
}

std::vector<sim::Series> read_series(hid_t file, const sim::Labels& labels) {
  std::vector<sim::Series> all;
  for (const std::string& name : hdf5::names_in(file)) {
    const std::size_t axes = axes_of(file, name);
    const bool is_typed = axes == typed_series_axes.size();
    if (axes != series_axes.size() && !is_typed) continue;
    require_size(file, name, labels.series_size() * (is_typed ? labels.fibre_types.size() : 1));
    const Handle variable = hdf5::open_variable(file, name);
    all.push_back({name, hdf5::text_of(variable, "units"), hdf5::text_of(variable, "long_name"),
                   hdf5::numbers_in<double>(file, name), is_typed});
  }
  return all;
}

}  // namespace

sim::Results from_image(std::string_view bytes) {
  if (!bytes.starts_with(signature)) throw Error("is not an HDF5 file");
  const hdf5::Quiet quiet;
  const Handle file = hdf5::open_image(bytes);
  require_result(file);
  require_one_run(file);
  sim::Results results;
  results.attributes = read_root(file);
  hdf5::read_number_attribute(file, "seed", hdf5::memory_type<std::int64_t>(), &results.seed);
  results.labels = read_labels(file);
  results.series = read_series(file, results.labels);
  results.run_key = hdf5::texts_in(file, "run_key").front();
  results.status = static_cast<sim::RunStatus>(hdf5::numbers_in<std::int8_t>(file, "status").front());
  results.message = hdf5::texts_in(file, "message").front();
  results.n_steps = hdf5::numbers_in<std::int64_t>(file, "n_steps").front();
  results.n_redone = hdf5::numbers_in<std::int64_t>(file, "n_redone").front();
  results.wall_time_s = hdf5::numbers_in<double>(file, "wall_time").front();
  return results;
}

}  // namespace hindlimb::io
