#include "io/labelled_file.hpp"

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
  hsize_t size = 1;
  for (std::size_t i = shape.size(); i-- > 0;) {
    shape[i] = std::clamp<hsize_t>(largest_chunk / size, 1, shape[i]);
    size *= shape[i];
  }
  return shape;
}

}  // namespace

Shape LabelledFile::shape_of(const Axes& axes) const {
  Shape shape;
  for (const std::string& axis : axes) shape.push_back(lengths_.at(axis));
  return shape;
}

Handle LabelledFile::create(const std::string& name, hid_t type, const Axes& axes, hid_t properties,
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

void LabelledFile::add_series(const sim::Series& series) {
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

}  // namespace hindlimb::io
