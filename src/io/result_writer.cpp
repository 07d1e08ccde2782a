#include <hdf5_hl.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <span>

#include "io/hdf5.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;
using hdf5::Shape;
using Axes = std::vector<std::string>;

constexpr unsigned deflate_level = 1;
constexpr hsize_t largest_chunk = 1 << 17;  ///< values, 1 MB as f8

/// A file in the making: its variables share dimension scales by name.
class ResultFile {
 public:
  explicit ResultFile(Precision precision) : precision_(precision) {}

  hid_t root() const { return file_; }

  template <class T>
  Handle add(const std::string& name, const Axes& axes, const std::string& long_name, std::span<const T> values) {
    const hid_t type = hdf5::memory_type<T>();
    Handle variable = create(name, type, axes, hdf5::variable_properties(), long_name);
    hdf5::write_numbers(variable, type, values.data());
    return variable;
  }
  void add_text(const std::string& name, const Axes& axes, const std::string& long_name,
                const std::vector<std::string>& texts) {
    const Handle variable = create(name, hdf5::text_type(), axes, hdf5::variable_properties(), long_name);
    hdf5::write_texts(variable, texts);
  }
  void add_series(const sim::Series& series);

  /// Makes a dimension of that length, to be given its labels by add() or add_text() under the same name.
  void add_dimension(const std::string& name, std::size_t length) { lengths_[name] = length; }

 private:
  Handle create(const std::string& name, hid_t type, const Axes& axes, hid_t properties, const std::string& long_name);
  Shape shape_of(const Axes& axes) const;

  Handle file_ = hdf5::create_file();
  Precision precision_;
  std::map<std::string, hsize_t> lengths_;
};

Shape ResultFile::shape_of(const Axes& axes) const {
  Shape shape;
  for (const std::string& axis : axes) shape.push_back(lengths_.at(axis));
  return shape;
}

Handle ResultFile::create(const std::string& name, hid_t type, const Axes& axes, hid_t properties,
                          const std::string& long_name) {
  Handle variable = hdf5::create_variable(file_, name, type, shape_of(axes), properties);
  if (axes == Axes{name}) {
    hdf5::check(H5DSset_scale(variable, name.c_str()), "make a dimension of '" + name + "'");
  } else {
    for (unsigned i = 0; i < axes.size(); ++i)
      hdf5::check(H5DSattach_scale(variable, hdf5::open_variable(file_, axes[i]), i), "label '" + name + "'");
  }
  hdf5::set_text(variable, "long_name", long_name);
  return variable;
}

/// Whole trailing axes as long as they fit; one value of each axis before them.
Shape chunk_of(Shape shape) {
  hsize_t size = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    shape[i] = std::clamp<hsize_t>(largest_chunk / size, 1, shape[i]);
    size *= shape[i];
  }
  return shape;
}

void ResultFile::add_series(const sim::Series& series) {
  const Axes& axes = series.by_fibre_type ? typed_series_axes : series_axes;
  const Shape shape = shape_of(axes);
  assert(series.values.size() == hdf5::size_of(shape));
  const Shape chunk = chunk_of(shape);
  const hid_t type = precision_ == Precision::f4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
  const double missing = std::numeric_limits<double>::quiet_NaN();

  const Handle properties = hdf5::variable_properties();
  hdf5::check(H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), "set chunks");
  hdf5::check(H5Pset_shuffle(properties), "set shuffling");
  hdf5::check(H5Pset_deflate(properties, deflate_level), "set compression");
  hdf5::check(H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &missing), "set a fill value");

  const Handle variable = create(series.name, type, axes, properties, series.long_name);
  hdf5::set_text(variable, "units", series.unit);
  if (precision_ == Precision::f4) {
    const float missing_f4 = std::numeric_limits<float>::quiet_NaN();
    hdf5::set_numbers(variable, "_FillValue", H5T_NATIVE_FLOAT, &missing_f4, 1);
  } else {
    hdf5::set_numbers(variable, "_FillValue", H5T_NATIVE_DOUBLE, &missing, 1);
  }
  hdf5::write_numbers(variable, H5T_NATIVE_DOUBLE, series.values.data());
}

void set_flags(hid_t variable, const std::string& meanings) {
  constexpr std::int8_t values[] = {0, 1};
  hdf5::set_numbers(variable, "flag_values", H5T_NATIVE_INT8, values, std::size(values));
  hdf5::set_text(variable, "flag_meanings", meanings);
}

void write_root(const sim::Results& results, hid_t root) {
  hdf5::set_text(root, "Conventions", "CF-1.11");
  for (const auto& [name, text] : results.attributes)
    if (name != "Conventions" && name != "seed") hdf5::set_text(root, name, text);
  hdf5::set_number(root, "seed", results.seed);
}

void write_labels(const sim::Labels& labels, ResultFile& file) {
  constexpr std::int64_t run = 1;
  file.add_dimension("run", 1);
  file.add_dimension("time", labels.times_d.size());
  file.add_dimension("arm", labels.arms.size());
  file.add_dimension("limb", labels.limbs.size());
  file.add_dimension("muscle", labels.muscles.size());
  file.add_dimension("animal", labels.animals.size());
  file.add<std::int64_t>("run", {"run"}, "run of the study", {&run, 1});
  const Handle time = file.add<double>("time", {"time"}, "time from the start of the study", labels.times_d);
  hdf5::set_text(time, "units", "d");
  file.add_text("arm", {"arm"}, "arm of the study", labels.arms);
  file.add_text("limb", {"limb"}, "hindlimb", labels.limbs);
  file.add_text("muscle", {"muscle"}, "muscle", labels.muscles);
  file.add<std::int32_t>("animal", {"animal"}, "animal", labels.animals);
  if (!labels.fibre_types.empty()) {
    file.add_dimension("fibre_type", labels.fibre_types.size());
    file.add_text("fibre_type", {"fibre_type"}, "type of muscle fibre", labels.fibre_types);
  }
  const Handle massaged =
      file.add<std::int8_t>("massaged", {"arm", "limb"}, "whether the limb is massaged in the arm", labels.massaged);
  set_flags(massaged, "not_massaged massaged");
}

void write_outcome(const sim::Results& results, ResultFile& file) {
  const auto code = static_cast<std::int8_t>(results.status);
  file.add_text("run_key", {"run"}, "hash of what was asked for", {results.run_key});
  const Handle status = file.add<std::int8_t>("status", {"run"}, "how the run ended", {&code, 1});
  set_flags(status, "ok some_simulations_failed");
  file.add_text("message", {"run"}, "which simulations failed and why", {results.message});
  const Handle n_steps =
      file.add<std::int64_t>("n_steps", {"run"}, "accepted steps of all simulations", {&results.n_steps, 1});
  hdf5::set_text(n_steps, "units", "1");
  const Handle wall_time = file.add<double>("wall_time", {"run"}, "wall-clock time", {&results.wall_time_s, 1});
  hdf5::set_text(wall_time, "units", "s");
}

}  // namespace

std::string to_image(const sim::Results& results, Precision precision) {
  assert(results.labels.series_size() > 0);
  assert(results.labels.massaged.size() == results.labels.arms.size() * results.labels.limbs.size());
  const hdf5::Quiet quiet;
  ResultFile file(precision);
  write_root(results, file.root());
  write_labels(results.labels, file);
  write_outcome(results, file);
  for (const sim::Series& series : results.series) file.add_series(series);
  return hdf5::image_of(file.root());
}

}  // namespace hindlimb::io
