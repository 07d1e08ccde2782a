#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hindlimb/sim/results.hpp"
#include "io/chunk_codec.hpp"
#include "io/hdf5.hpp"
#include "io/result_layout.hpp"

namespace hindlimb::io {

using Axes = std::vector<std::string>;

/// How a series is laid out on the disk.
struct Storage {
  Precision precision = Precision::f4;
  bool is_compressed = true;
  hdf5::Shape chunk;  ///< as long as the axes are many
};

/// A file or a group in the making: its variables share dimension scales by name.
class LabelledFile {
 public:
  explicit LabelledFile(hdf5::Handle root) : root_(std::move(root)) {}

  hid_t root() const { return root_; }

  template <class T>
  hdf5::Handle add(const std::string& name, const Axes& axes, const std::string& long_name, std::span<const T> values) {
    const hid_t type = hdf5::memory_type<T>();
    hdf5::Handle variable = create(name, type, axes, long_name);
    hdf5::write_numbers(variable, type, values.data());
    return variable;
  }
  void add_text(const std::string& name, const Axes& axes, const std::string& long_name,
                const std::vector<std::string>& texts) {
    hdf5::write_texts(create(name, hdf5::text_type(), axes, long_name), texts);
  }
  void add_series(const sim::Series& series, Precision precision);
  /// The same of any axes; NaN is what is missing.
  void add_measure(const std::string& name, const Axes& axes, const std::string& unit, const std::string& long_name,
                   std::span<const double> values, Precision precision = Precision::f4);
  /// Whole numbers, compressed: counts, indices, flags.
  template <class T>
  hdf5::Handle add_whole(const std::string& name, const Axes& axes, const std::string& long_name,
                         std::span<const T> values) {
    const hid_t type = hdf5::memory_type<T>();
    hdf5::Handle variable = create(name, type, axes, compressed(shape_of(axes)), long_name);
    hdf5::write_numbers(variable, type, values.data());
    return variable;
  }

  /// A variable without its values.
  hdf5::Handle create(const std::string& name, hid_t type, const Axes& axes, const std::string& long_name) {
    return create(name, type, axes, hdf5::variable_properties(), long_name);
  }
  /// A series without its values, which are NaN until they are written.
  hdf5::Handle create_series(const std::string& name, const Axes& axes, const std::string& unit,
                             const std::string& long_name, const Storage& storage);

  /// Makes a dimension of that length, to be given its labels by add() or add_text() under the same name.
  void add_dimension(const std::string& name, std::size_t length) { lengths_[name] = length; }
  /// Makes one whose places have no labels but their numbers.
  void add_unlabelled_dimension(const std::string& name, std::size_t length);
  hdf5::Shape shape_of(const Axes& axes) const;

 private:
  hdf5::Handle create(const std::string& name, hid_t type, const Axes& axes, hid_t properties,
                      const std::string& long_name);
  static hdf5::Handle compressed(const hdf5::Shape& shape);

  hdf5::Handle root_;
  std::map<std::string, hsize_t> lengths_;
};

/// The dimensions of a result but run, with their labels; those that have none are left out.
void write_labels(const sim::Labels& labels, LabelledFile& file);

/// Says what the numbers of a variable that stands for words mean: 0, 1, ...
/// @param meanings  one word each, blanks between
void set_flags(hid_t variable, const std::string& meanings);

}  // namespace hindlimb::io
