#include "hindlimb/io/runs_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/checksum.hpp"
#include "io/durable_file.hpp"
#include "io/guarded_reading.hpp"
#include "io/hdf5.hpp"
#include "io/result_layout.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";

void require_hdf5(const std::filesystem::path& file) {
  std::string start(signature.size(), '\0');
  std::ifstream(file, std::ios::binary).read(start.data(), static_cast<std::streamsize>(start.size()));
  if (start != signature) throw Error("is not an HDF5 file");
}

void require_result(hid_t file) {
  std::vector<std::string> missing;
  for (const char* name : fixed_variables)
    if (!hdf5::has_variable(file, name)) missing.push_back(fmt::format("'{}'", name));
  if (!hdf5::has_attribute(file, "seed")) missing.emplace_back("the attribute 'seed'");
  if (!missing.empty() && hdf5::has_variable(file, "residual") && hdf5::has_variable(file, "correlation"))
    throw Error("is the result of a fit, which has no runs: h5dump, xarray or R read it");
  if (!missing.empty())
    throw Error(fmt::format("is HDF5, but not a result of hindlimb: without {}", fmt::join(missing, ", ")));
}

void require_size(hid_t file, const std::string& name, std::size_t size) {
  const std::size_t found = hdf5::size_in(file, name);
  if (found != size) throw Error(fmt::format("'{}' has {} values where {} were expected", name, found, size));
}

std::map<std::string, std::string> read_root(hid_t file) {
  std::map<std::string, std::string> attributes;
  for (const std::string& name : hdf5::text_attributes_of(file)) attributes[name] = hdf5::text_of(file, name);
  attributes.erase("Conventions");
  return attributes;
}

std::size_t axes_of(hid_t variable) { return hdf5::shape_of(variable).size(); }

/// Those of the names that are variables and not ones that every result has.
std::vector<std::string> other_variables(hid_t file) {
  std::vector<std::string> names = hdf5::names_in(file);
  std::erase_if(names, [&](const std::string& name) {
    const bool is_fixed = std::ranges::find(fixed_variables, name) != std::end(fixed_variables);
    return is_fixed || !hdf5::has_variable(file, name);
  });
  return names;
}

/// What read(this) gives, with the name of the file before what is wrong with it.
template <class Read>
auto naming(const std::filesystem::path& file, Read read) {
  const hdf5::Quiet quiet;
  try {
    return read();
  } catch (const InputError&) {
    throw;
  } catch (const Error& error) {
    throw InputError(file.string(), error.what());
  }
}

/// Far more than it takes; a file that is not read by then is never read.
std::chrono::milliseconds time_to_read(const std::filesystem::path& file) {
  constexpr std::uintmax_t slowest_bytes_per_ms = 2000;
  std::error_code unknown;
  return std::chrono::seconds(10) +
         std::chrono::milliseconds(std::filesystem::file_size(file, unknown) / slowest_bytes_per_ms);
}

}  // namespace

std::string_view status_word(std::int8_t status) {
  const auto place = static_cast<std::uint8_t>(status);
  return place < status_words.size() ? status_words[place] : "unknown";
}

struct RunsFile::Contents {
  std::filesystem::path path;
  std::string digest;
  bool is_proven;
  Handle file;
  std::map<std::string, std::string> attributes;
  std::int64_t seed = 0;
  std::uint64_t n_runs = 0;
  sim::Labels labels;
  bool has_ends_only = false;
  std::vector<SeriesInfo> series;
  Precision precision = Precision::f4;
  std::uint64_t runs_per_chunk = 1;
  std::vector<RunCoordinate> coordinates;
  std::vector<std::int64_t> points;
  std::vector<std::int64_t> replicates;

  Contents(std::filesystem::path where, std::string checksum, bool has_proof)
      : path(std::move(where)), digest(std::move(checksum)), is_proven(has_proof), file(hdf5::open_file(path)) {
    require_result(file);
    attributes = read_root(file);
    hdf5::read_number_attribute(file, "seed", hdf5::memory_type<std::int64_t>(), &seed);
    n_runs = hdf5::size_in(file, "run");
    for (const char* name : {"run_key", "status", "message", "n_steps", "n_redone", "wall_time"})
      require_size(file, name, n_runs);
    read_labels();
    points = read_counts("point");
    replicates = read_counts("replicate");
    for (const std::string& name : other_variables(file)) read_variable(name);
    if (!series.empty()) {
      const Handle type(H5Dget_type(hdf5::open_variable(file, series[0].name)), H5Tclose, "read a type");
      precision = H5Tget_size(type) == sizeof(float) ? Precision::f4 : Precision::f8;
      runs_per_chunk = hdf5::rows_per_chunk(hdf5::open_variable(file, series[0].name));
    }
  }

  /// Of each run; 1 in the file of a study, which does not say it.
  std::vector<std::int64_t> read_counts(const std::string& name) const {
    if (!hdf5::has_variable(file, name)) return std::vector<std::int64_t>(n_runs, 1);
    require_size(file, name, n_runs);
    return hdf5::numbers_in<std::int64_t>(file, name);
  }

  void read_labels() {
    labels.arms = hdf5::texts_in(file, "arm");
    labels.animals = hdf5::numbers_in<std::int32_t>(file, "animal");
    labels.muscles = hdf5::texts_in(file, "muscle");
    labels.limbs = hdf5::texts_in(file, "limb");
    has_ends_only = !hdf5::has_variable(file, "time");
    labels.times_d = has_ends_only ? std::vector<double>{std::numeric_limits<double>::quiet_NaN()}
                                   : hdf5::numbers_in<double>(file, "time");
    if (hdf5::has_variable(file, "fibre_type")) labels.fibre_types = hdf5::texts_in(file, "fibre_type");
    const std::size_t size = labels.arms.size() * labels.limbs.size();
    const bool varies = axes_of(hdf5::open_variable(file, "massaged")) == massaged_axes.size() + 1;
    require_size(file, "massaged", size * (varies ? n_runs : 1));
    labels.massaged = hdf5::numbers_in<std::int8_t>(file, "massaged");
    labels.massaged.resize(size);
  }

  void read_variable(const std::string& name) {
    const Handle variable = hdf5::open_variable(file, name);
    if (hdf5::has_attribute(variable, "key")) return read_coordinate(name, variable);
    const std::size_t ends = has_ends_only ? 1 : 0;
    const std::size_t axes = axes_of(variable) + ends;
    const bool is_typed = axes == typed_series_axes.size();
    if (axes != series_axes.size() && !is_typed) return;
    require_size(file, name, n_runs * labels.series_size() * (is_typed ? labels.fibre_types.size() : 1));
    series.push_back({name, hdf5::text_of(variable, "units"), hdf5::text_of(variable, "long_name"), is_typed});
  }

  void read_coordinate(const std::string& name, hid_t variable) {
    require_size(file, name, n_runs);
    RunCoordinate coordinate{.name = name,
                             .key = hdf5::text_of(variable, "key"),
                             .sets = hdf5::text_of(variable, "sets"),
                             .unit = hdf5::has_attribute(variable, "units") ? hdf5::text_of(variable, "units") : "",
                             .long_name = hdf5::text_of(variable, "long_name"),
                             .is_text = !hdf5::has_attribute(variable, "units"),
                             .numbers = {},
                             .texts = {}};
    if (coordinate.is_text) {
      coordinate.texts = hdf5::texts_in(file, name);
    } else {
      coordinate.numbers = hdf5::numbers_in<double>(file, name);
    }
    coordinates.push_back(std::move(coordinate));
  }
};

RunsFile::RunsFile(std::filesystem::path file, Proof proof) {
  const std::string digest = sha256_of(file);
  const bool is_proven = proof == Proof::checksum || has_checksum(file);
  const auto open = [&] {
    contents_ = naming(file, [&] {
      require_hdf5(file);
      return std::make_unique<Contents>(file, digest, is_proven);
    });
  };
  if (is_proven) {
    verify_checksum(file, digest);
  } else {
    try_in_a_process(file, time_to_read(file), [&] {
      open();
      read_everything();
    });
  }
  open();
}
/// Whatever a command may read later.
void RunsFile::read_everything() const {
  keys();
  statuses();
  massaged();
  ends_d();
  for (std::uint64_t first = 0; first < n_runs(); first += runs_per_chunk())
    runs(first, std::min(runs_per_chunk(), n_runs() - first));
}

RunsFile::RunsFile(RunsFile&&) noexcept = default;
RunsFile& RunsFile::operator=(RunsFile&&) noexcept = default;
RunsFile::~RunsFile() = default;

const std::filesystem::path& RunsFile::path() const { return contents_->path; }
const std::string& RunsFile::digest() const { return contents_->digest; }
bool RunsFile::is_proven() const { return contents_->is_proven; }
const std::map<std::string, std::string>& RunsFile::attributes() const { return contents_->attributes; }
std::string RunsFile::attribute(const std::string& name) const {
  const auto found = contents_->attributes.find(name);
  return found == contents_->attributes.end() ? "" : found->second;
}
std::int64_t RunsFile::seed() const { return contents_->seed; }
std::uint64_t RunsFile::n_runs() const { return contents_->n_runs; }
const sim::Labels& RunsFile::labels() const { return contents_->labels; }
bool RunsFile::has_ends_only() const { return contents_->has_ends_only; }
const std::vector<SeriesInfo>& RunsFile::series() const { return contents_->series; }
Precision RunsFile::precision() const { return contents_->precision; }
const std::vector<RunCoordinate>& RunsFile::coordinates() const { return contents_->coordinates; }

const std::vector<std::int64_t>& RunsFile::points() const { return contents_->points; }
const std::vector<std::int64_t>& RunsFile::replicates() const { return contents_->replicates; }
std::vector<std::string> RunsFile::keys() const {
  return naming(path(), [&] { return hdf5::texts_in(contents_->file, "run_key"); });
}
std::vector<std::int8_t> RunsFile::statuses() const {
  return naming(path(), [&] { return hdf5::numbers_in<std::int8_t>(contents_->file, "status"); });
}

std::vector<RunsFile::Outcome> RunsFile::outcomes(std::uint64_t first_run, std::uint64_t n_runs) const {
  return naming(path(), [&] {
    const hdf5::Rows rows{first_run, n_runs};
    const auto open = [&](const char* name) { return hdf5::open_variable(contents_->file, name); };
    const std::vector<std::string> keys = hdf5::text_rows_in(open("run_key"), rows);
    const std::vector<std::int8_t> statuses = hdf5::rows_in<std::int8_t>(open("status"), rows);
    const std::vector<std::string> messages = hdf5::text_rows_in(open("message"), rows);
    const std::vector<std::int64_t> n_steps = hdf5::rows_in<std::int64_t>(open("n_steps"), rows);
    const std::vector<std::int64_t> n_redone = hdf5::rows_in<std::int64_t>(open("n_redone"), rows);
    const std::vector<double> wall_times_s = hdf5::rows_in<double>(open("wall_time"), rows);
    std::vector<Outcome> all;
    for (std::size_t i = 0; i < n_runs; ++i)
      all.push_back({keys[i], statuses[i], messages[i], n_steps[i], n_redone[i], wall_times_s[i]});
    return all;
  });
}

std::vector<std::int8_t> RunsFile::massaged() const {
  std::vector<std::int8_t> all =
      naming(path(), [&] { return hdf5::numbers_in<std::int8_t>(contents_->file, "massaged"); });
  const std::size_t size = labels().massaged.size();
  while (all.size() < n_runs() * size) all.push_back(all[all.size() - size]);
  return all;
}

std::vector<double> RunsFile::ends_d() const {
  if (!has_ends_only()) return {};
  std::vector<double> all = naming(path(), [&] { return hdf5::numbers_in<double>(contents_->file, "end"); });
  const std::size_t size = labels().arms.size();
  while (all.size() < n_runs() * size) all.push_back(all[all.size() - size]);
  return all;
}

std::vector<double> RunsFile::numbers(const std::string& series, std::uint64_t first_run, std::uint64_t n_runs) const {
  return naming(path(), [&] {
    return hdf5::rows_in<double>(hdf5::open_variable(contents_->file, series), {first_run, n_runs});
  });
}

std::vector<double> RunsFile::numbers_at(const std::string& series, std::size_t time) const {
  return naming(path(), [&] {
    const Handle variable = hdf5::open_variable(contents_->file, series);
    const hdf5::Rows all{0, n_runs()};
    return has_ends_only() ? hdf5::rows_in<double>(variable, all) : hdf5::rows_at(variable, all, time);
  });
}

std::vector<double> RunsFile::last_numbers(const std::string& series) const {
  if (has_ends_only()) return numbers_at(series, 0);
  const std::size_t n_times = labels().times_d.size();
  std::vector<double> all;
  for (std::uint64_t first = 0; first < n_runs(); first += runs_per_chunk()) {
    const std::vector<double> some = numbers(series, first, std::min(runs_per_chunk(), n_runs() - first));
    for (std::size_t course = 0; course < some.size(); course += n_times) {
      std::size_t time = n_times - 1;
      while (time > 0 && std::isnan(some[course + time])) --time;
      all.push_back(some[course + time]);
    }
  }
  return all;
}

std::vector<SeriesInfo> RunsFile::summarised() const {
  return naming(path(), [&] {
    std::vector<SeriesInfo> all;
    if (!hdf5::has_group(contents_->file, summary_group)) return all;
    const Handle group = hdf5::open_group(contents_->file, summary_group);
    for (const std::string& name : hdf5::names_in(group)) {
      const Handle variable = hdf5::open_variable(group, name);
      const std::size_t axes = axes_of(variable) + (has_ends_only() ? 1 : 0);
      if (axes < series_axes.size()) continue;  // as many as a series: point and statistic for run and animal
      all.push_back({name, hdf5::text_of(variable, "units"), hdf5::text_of(variable, "long_name"),
                     axes == typed_series_axes.size()});
    }
    return all;
  });
}

std::vector<double> RunsFile::summary(const std::string& series, std::uint64_t point) const {
  return naming(path(), [&] {
    const Handle group = hdf5::open_group(contents_->file, summary_group);
    return hdf5::rows_in<double>(hdf5::open_variable(group, series), {point, 1});
  });
}

std::uint64_t RunsFile::runs_per_chunk() const { return contents_->runs_per_chunk; }

sim::Results RunsFile::run(std::uint64_t run) const { return runs(run, 1).front(); }

std::vector<sim::Results> RunsFile::runs(std::uint64_t first_run, std::uint64_t n_runs) const {
  return naming(path(), [&] {
    const hdf5::Rows rows{first_run, n_runs};
    const Handle massaged = hdf5::open_variable(contents_->file, "massaged");
    const bool massage_varies = axes_of(massaged) > massaged_axes.size();
    const auto massages = massage_varies ? hdf5::rows_in<std::int8_t>(massaged, rows) : std::vector<std::int8_t>();
    std::vector<sim::Results> results;
    for (const Outcome& outcome : outcomes(first_run, n_runs)) {
      sim::Labels its_labels = labels();
      const std::size_t limbs = its_labels.massaged.size();
      if (massage_varies) {
        const auto first = massages.begin() + static_cast<std::ptrdiff_t>(results.size() * limbs);
        std::copy_n(first, limbs, its_labels.massaged.begin());
      }
      results.push_back({.attributes = attributes(),
                         .seed = seed(),
                         .run_key = outcome.run_key,
                         .labels = std::move(its_labels),
                         .series = {},
                         .status = static_cast<sim::RunStatus>(outcome.status),
                         .message = outcome.message,
                         .n_steps = outcome.n_steps,
                         .n_redone = outcome.n_redone,
                         .wall_time_s = outcome.wall_time_s});
    }
    for (const SeriesInfo& info : series()) {
      const std::vector<double> all = numbers(info.name, first_run, n_runs);
      const std::size_t size = all.size() / n_runs;
      for (std::size_t i = 0; i < n_runs; ++i) {
        const auto start = all.begin() + static_cast<std::ptrdiff_t>(i * size);
        results[i].series.push_back({info.name,
                                     info.unit,
                                     info.long_name,
                                     {start, start + static_cast<std::ptrdiff_t>(size)},
                                     info.by_fibre_type});
      }
    }
    return results;
  });
}

}  // namespace hindlimb::io
