#include <unistd.h>

#include <algorithm>
#include <future>
#include <limits>
#include <numeric>
#include <optional>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/sweep_file.hpp"
#include "io/chunk_codec.hpp"
#include "io/durable_file.hpp"
#include "io/labelled_file.hpp"
#include "io/publish.hpp"
#include "io/sweep_rows.hpp"
#include "io/sweep_summary.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;

/// A file of a sweep in the making.
class SweepFile {
 public:
  /// @param file  new and empty
  SweepFile(Handle file, const SweepForm& form, const SweepRuns& runs)
      : form_(form), runs_(runs), rows_(runs), file_(std::move(file)) {}

  hid_t root() const { return file_.root(); }

  void write() {
    write_root();
    write_dimensions();
    write_runs();
    if (form_.keeps_series) {
      for (std::size_t i = 0; i < form_.series.size(); ++i) write_series(i);
    }
    if (form_.has_summary) write_summary(file_.root(), form_, runs_, rows_, points_);
    hdf5::check(H5Fflush(file_.root(), H5F_SCOPE_GLOBAL), "write the file");
  }

 private:
  void write_root() {
    hdf5::set_text(file_.root(), "Conventions", "CF-1.11");
    for (const auto& [name, text] : form_.attributes) hdf5::set_text(file_.root(), name, text);
    hdf5::set_number(file_.root(), "seed", form_.seed);
  }

  void write_dimensions() {
    file_.add_dimension("run", rows_.n_runs());
    write_labels(form_.labels, file_);
  }

  /// A variable over run, without its values.
  template <class T>
  Handle over_runs(const std::string& name, const std::string& long_name, const std::string& unit = "") {
    Handle variable = file_.create(name, hdf5::memory_type<T>(), {"run"}, long_name);
    if (!unit.empty()) hdf5::set_text(variable, "units", unit);
    return variable;
  }
  Handle text_over_runs(const std::string& name, const std::string& long_name) {
    return file_.create(name, hdf5::text_type(), {"run"}, long_name);
  }

  /// The variables over run, in the order of the file.
  struct RunVariables {
    Handle run;
    Handle point;
    Handle replicate;
    std::vector<Handle> coordinates;
    Handle massaged;
    std::optional<Handle> end;
    Handle key;
    Handle status;
    Handle message;
    Handle n_steps;
    Handle n_redone;
    Handle wall_time;
  };

  RunVariables create_run_variables() {
    return {.run = over_runs<std::int64_t>("run", "run of the sweep"),
            .point = over_runs<std::int64_t>("point", "point of the sweep"),
            .replicate = over_runs<std::int64_t>("replicate", "replicate of the point"),
            .coordinates = create_coordinates(),
            .massaged = create_massaged(),
            .end = create_end(),
            .key = text_over_runs("run_key", "hash of what was asked for"),
            .status = create_status(),
            .message = text_over_runs("message", "which simulations failed and why"),
            .n_steps = over_runs<std::int64_t>("n_steps", "accepted steps of all simulations", "1"),
            .n_redone = over_runs<std::int64_t>("n_redone", "muscles done again at a smaller tolerance", "1"),
            .wall_time = over_runs<double>("wall_time", "share of the wall-clock time of its block", "s")};
  }

  Handle create_massaged() {
    Axes axes = massaged_axes;
    if (form_.massages_vary) axes.insert(axes.begin(), "run");
    Handle massaged = file_.create("massaged", H5T_NATIVE_INT8, axes, "whether the limb is massaged in the arm");
    set_flags(massaged, "not_massaged massaged");
    return massaged;
  }

  Handle create_status() {
    Handle status = over_runs<std::int8_t>("status", "how the run ended");
    set_flags(status, status_meanings);
    return status;
  }

  void write_runs() {
    const RunVariables variables = create_run_variables();
    for (std::uint64_t first = 0; first < rows_.n_runs(); first += rows_.runs_per_chunk()) {
      runs_.pause();
      const hdf5::Rows rows{first, std::min(rows_.runs_per_chunk(), rows_.n_runs() - first)};
      write_known(variables, rows);
      write_outcomes(variables, rows);
    }
  }

  template <class T>
  static void write_rows(hid_t variable, hdf5::Rows rows, const std::vector<T>& values) {
    hdf5::write_rows(variable, rows, hdf5::memory_type<T>(), values.data());
  }

  /// What is known of runs before they are run.
  void write_known(const RunVariables& variables, hdf5::Rows rows) {
    std::vector<RunRow> known;
    for (std::uint64_t i = 0; i < rows.count; ++i) known.push_back(runs_.row(rows.first + i));
    for (const RunRow& row : known) points_.push_back(row.point);
    std::vector<std::int64_t> numbers(rows.count);
    std::iota(numbers.begin(), numbers.end(), static_cast<std::int64_t>(rows.first) + 1);
    write_rows(variables.run, rows, numbers);
    write_rows(variables.point, rows, column<std::int64_t>(known, [](const RunRow& row) { return row.point; }));
    write_rows(variables.replicate, rows, column<std::int64_t>(known, [](const RunRow& row) { return row.replicate; }));
    for (std::size_t i = 0; i < variables.coordinates.size(); ++i)
      write_coordinate(variables.coordinates[i], i, rows, known);
    const bool is_first = rows.first == 0;
    if (form_.massages_vary || is_first)
      write_flat(variables.massaged, form_.massages_vary, rows, known, &RunRow::massaged);
    if (variables.end && (form_.ends_vary || is_first))
      write_flat(*variables.end, form_.ends_vary, rows, known, &RunRow::ends_d);
  }

  void write_outcomes(const RunVariables& variables, hdf5::Rows rows) {
    const SweepRows::Outcomes outcomes = rows_.outcomes(rows.first, rows.count);
    hdf5::write_text_rows(variables.key, rows, outcomes.keys);
    write_rows(variables.status, rows, outcomes.statuses);
    hdf5::write_text_rows(variables.message, rows, outcomes.messages);
    write_rows(variables.n_steps, rows, outcomes.n_steps);
    write_rows(variables.n_redone, rows, outcomes.n_redone);
    write_rows(variables.wall_time, rows, outcomes.wall_times_s);
  }

  template <class T, class Get>
  static std::vector<T> column(const std::vector<RunRow>& known, Get get) {
    std::vector<T> values;
    values.reserve(known.size());
    for (const RunRow& row : known) values.push_back(static_cast<T>(get(row)));
    return values;
  }

  std::vector<Handle> create_coordinates() {
    std::vector<Handle> handles;
    for (const RunCoordinate& coordinate : form_.coordinates) {
      Handle variable = coordinate.is_text ? text_over_runs(coordinate.name, coordinate.long_name)
                                           : over_runs<double>(coordinate.name, coordinate.long_name, coordinate.unit);
      hdf5::set_text(variable, "key", coordinate.key);
      hdf5::set_text(variable, "sets", coordinate.sets);
      handles.push_back(std::move(variable));
      coordinate_names_ += " " + coordinate.name;
    }
    return handles;
  }

  /// Days on which arms end, where nothing but ends is kept.
  std::optional<Handle> create_end() {
    if (!form_.has_ends_only) return std::nullopt;
    Handle end = file_.create("end", H5T_NATIVE_DOUBLE, form_.ends_vary ? Axes{"run", "arm"} : Axes{"arm"},
                              "day on which the arm ends, of which its numbers are");
    hdf5::set_text(end, "units", "d");
    return end;
  }

  static void write_coordinate(hid_t variable, std::size_t i, hdf5::Rows rows, const std::vector<RunRow>& known) {
    if (std::holds_alternative<std::string>(known.front().values[i])) {
      std::vector<std::string> texts;
      texts.reserve(known.size());
      for (const RunRow& row : known) texts.push_back(std::get<std::string>(row.values[i]));
      hdf5::write_text_rows(variable, rows, texts);
    } else {
      const auto values = column<double>(known, [i](const RunRow& row) { return std::get<double>(row.values[i]); });
      hdf5::write_rows(variable, rows, H5T_NATIVE_DOUBLE, values.data());
    }
  }

  /// What every run has several of; of the first run alone where it is the same for all.
  template <class T>
  static void write_flat(hid_t variable, bool varies, hdf5::Rows rows, const std::vector<RunRow>& known,
                         std::vector<T> RunRow::*member) {
    if (!varies) return hdf5::write_numbers(variable, hdf5::memory_type<T>(), (known.front().*member).data());
    std::vector<T> values;
    values.reserve(known.size());
    for (const RunRow& row : known) values.insert(values.end(), (row.*member).begin(), (row.*member).end());
    hdf5::write_rows(variable, rows, hdf5::memory_type<T>(), values.data());
  }

  void write_series(std::size_t series) {
    const SeriesInfo& info = form_.series[series];
    const StoreForm& stored = runs_.store.form();
    Axes axes = info.by_fibre_type ? typed_series_axes : series_axes;
    if (form_.has_ends_only) axes.pop_back();
    hdf5::Shape chunk = file_.shape_of(axes);
    chunk[0] = rows_.runs_per_chunk();
    const Handle variable = file_.create_series(info.name, axes, info.unit, info.long_name,
                                                {stored.precision, stored.is_compressed, chunk});
    hdf5::set_text(variable, "coordinates", "point replicate" + coordinate_names_);
    const ChunkCodec codec{stored.precision, stored.is_compressed};
    std::vector<double> numbers;
    for (std::uint64_t first = 0; first < rows_.n_runs(); first += rows_.runs_per_chunk()) {
      runs_.pause();
      if (const auto whole = rows_.whole_chunk(series, first)) {
        hdf5::write_chunk(variable, first, *whole);
        continue;
      }
      const std::uint64_t count = std::min(rows_.runs_per_chunk(), rows_.n_runs() - first);
      if (!rows_.read(series, info.name, first, count, numbers)) continue;  // NaN, as all that is never written
      numbers.resize(rows_.runs_per_chunk() * rows_.size_of(series), std::numeric_limits<double>::quiet_NaN());
      hdf5::write_chunk(variable, first, codec.encode(numbers));
    }
  }

  const SweepForm& form_;
  const SweepRuns& runs_;
  SweepRows rows_;
  LabelledFile file_;
  std::vector<std::int64_t> points_;  ///< of each run
  std::string coordinate_names_;
};

/// Puts a file on the disk and takes its SHA-256 at the same time.
struct Sealed {
  Sealed(const std::filesystem::path& file, const std::filesystem::path& part)
      : hashing(std::async(std::launch::async, sha256_of, part)), result(file, Written{part}) {}

  std::future<std::string> hashing;
  DurableFile result;
};

}  // namespace

void write_sweep(const std::filesystem::path& file, const std::filesystem::path& part, const SweepForm& form,
                 const SweepRuns& runs) {
  try {
    const hdf5::Quiet quiet;
    hdf5::forget_close_failures();
    SweepFile(hdf5::create_file(part), form, runs).write();
    hdf5::require_closed();
  } catch (const NoRoomError& error) {
    ::unlink(part.c_str());
    throw NoRoomError(file.string() + ": cannot be written: " + error.what());
  } catch (const Error& error) {
    ::unlink(part.c_str());
    throw Error(file.string() + ": cannot be written: " + error.what());
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
  Sealed sealed(file, part);
  publish(sealed.result, sealed.hashing.get(), file, new_checksum_path(file));
}

std::uint64_t bytes_of_sweep(const SweepForm& form, const SweepRuns& runs) {
  const hdf5::Quiet quiet;
  SweepFile file(hdf5::create_file(), form, runs);
  file.write();
  return hdf5::image_of(file.root()).size();
}

}  // namespace hindlimb::io
