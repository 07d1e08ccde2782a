#include "io/labelled_file.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cassert>
#include <limits>

namespace hindlimb::io {
namespace {

using hdf5::Handle;
using hdf5::Shape;

constexpr unsigned deflate_level = 1;
constexpr hsize_t largest_chunk = 1 << 17;  ///< values, 1 MB as f8

/// Whole trailing axes as long as they fit; one value of each axis before them.
Shape chunk_of(Shape shape) {
  if (hdf5::size_of(shape) == 0) return shape;
  hsize_t size = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    shape[i] = std::clamp<hsize_t>(largest_chunk / size, 1, shape[i]);
    size *= shape[i];
  }
  return shape;
}

/// What has no values has no chunks either.
void set_storage(hid_t properties, const Shape& chunk, bool is_compressed) {
  if (hdf5::size_of(chunk) == 0) return;
  hdf5::check(H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), "set chunks");
  if (!is_compressed) return;
  hdf5::check(H5Pset_shuffle(properties), "set shuffling");
  hdf5::check(H5Pset_deflate(properties, deflate_level), "set compression");
}

}  // namespace

Shape LabelledFile::shape_of(const Axes& axes) const {
  Shape shape;
  for (const std::string& axis : axes) shape.push_back(lengths_.at(axis));
  return shape;
}

Handle LabelledFile::create(const std::string& name, hid_t type, const Axes& axes, hid_t properties,
                            const std::string& long_name) {
  Handle variable = hdf5::create_variable(root_, name, type, shape_of(axes), properties);
  if (axes == Axes{name}) {
    hdf5::check(H5DSset_scale(variable, name.c_str()), "make a dimension of '" + name + "'");
  } else {
    for (unsigned i = 0; i < axes.size(); ++i)
      hdf5::check(H5DSattach_scale(variable, hdf5::open_variable(root_, axes[i]), i), "label '" + name + "'");
  }
  hdf5::set_text(variable, "long_name", long_name);
  return variable;
}

Handle LabelledFile::create_series(const std::string& name, const Axes& axes, const std::string& unit,
                                   const std::string& long_name, const Storage& storage) {
  const bool is_f4 = storage.precision == Precision::f4;
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const Handle properties = hdf5::variable_properties();
  set_storage(properties, storage.chunk, storage.is_compressed);
  hdf5::check(H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &missing), "set a fill value");

  Handle variable = create(name, is_f4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, axes, properties, long_name);
  hdf5::set_text(variable, "units", unit);
  if (is_f4) {
    const float missing_f4 = std::numeric_limits<float>::quiet_NaN();
    hdf5::set_numbers(variable, "_FillValue", H5T_NATIVE_FLOAT, &missing_f4, 1);
  } else {
    hdf5::set_numbers(variable, "_FillValue", H5T_NATIVE_DOUBLE, &missing, 1);
  }
  return variable;
}

void LabelledFile::add_series(const sim::Series& series, Precision precision) {
  const Axes& axes = series.by_fibre_type ? typed_series_axes : series_axes;
  add_measure(series.name, axes, series.unit, series.long_name, series.values, precision);
}

void LabelledFile::add_measure(const std::string& name, const Axes& axes, const std::string& unit,
                               const std::string& long_name, std::span<const double> values, Precision precision) {
  const Shape shape = shape_of(axes);
  assert(values.size() == hdf5::size_of(shape));
  const Handle variable = create_series(name, axes, unit, long_name, {precision, true, chunk_of(shape)});
  hdf5::write_numbers(variable, H5T_NATIVE_DOUBLE, values.data());
}

Handle LabelledFile::compressed(const Shape& shape) {
  Handle properties = hdf5::variable_properties();
  set_storage(properties, chunk_of(shape), true);
  return properties;
}

void LabelledFile::add_unlabelled_dimension(const std::string& name, std::size_t length) {
  add_dimension(name, length);
  // These are netCDF-4's words and type for it; without values, it takes no room.
  const std::string title = fmt::format("This is a netCDF dimension but not a netCDF variable.{:10d}", length);
  const Handle variable = hdf5::create_variable(root_, name, H5T_IEEE_F32BE, {length}, hdf5::variable_properties());
  hdf5::check(H5DSset_scale(variable, title.c_str()), "make a dimension of '" + name + "'");
}

void write_labels(const sim::Labels& labels, LabelledFile& file) {
  if (!labels.times_d.empty()) {
    file.add_dimension("time", labels.times_d.size());
    hdf5::set_text(file.add<double>("time", {"time"}, "time from the start of the study", labels.times_d), "units",
                   "d");
  }
  file.add_dimension("arm", labels.arms.size());
  file.add_dimension("limb", labels.limbs.size());
  file.add_dimension("muscle", labels.muscles.size());
  file.add_text("arm", {"arm"}, "arm of the study", labels.arms);
  file.add_text("limb", {"limb"}, "hindlimb", labels.limbs);
  file.add_text("muscle", {"muscle"}, "muscle", labels.muscles);
  if (!labels.animals.empty()) {
    file.add_dimension("animal", labels.animals.size());
    file.add<std::int32_t>("animal", {"animal"}, "animal", labels.animals);
  }
  if (!labels.fibre_types.empty()) {
    file.add_dimension("fibre_type", labels.fibre_types.size());
    file.add_text("fibre_type", {"fibre_type"}, "type of muscle fibre", labels.fibre_types);
  }
}

void set_flags(hid_t variable, const std::string& meanings) {
  std::vector<std::int8_t> values(1, 0);
  for (const char letter : meanings) {
    if (letter == ' ') values.push_back(static_cast<std::int8_t>(values.size()));
  }
  hdf5::set_numbers(variable, "flag_values", H5T_NATIVE_INT8, values.data(), values.size());
  hdf5::set_text(variable, "flag_meanings", meanings);
}

}  // namespace hindlimb::io
