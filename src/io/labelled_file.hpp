#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "hindlimb/sim/results.hpp"
#include "io/hdf5.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {

using Axes = std::vector<std::string>;

/// A file in the making: its variables share dimension scales by name.
class LabelledFile {
 public:
  explicit LabelledFile(Precision precision) : precision_(precision) {}

  hid_t root() const { return file_; }

  template <class T>
  hdf5::Handle add(const std::string& name, const Axes& axes, const std::string& long_name, std::span<const T> values) {
    const hid_t type = hdf5::memory_type<T>();
    hdf5::Handle variable = create(name, type, axes, hdf5::variable_properties(), long_name);
    hdf5::write_numbers(variable, type, values.data());
    return variable;
  }
  void add_text(const std::string& name, const Axes& axes, const std::string& long_name,
                const std::vector<std::string>& texts) {
    const hdf5::Handle variable = create(name, hdf5::text_type(), axes, hdf5::variable_properties(), long_name);
    hdf5::write_texts(variable, texts);
  }
  void add_series(const sim::Series& series);

  /// Makes a dimension of that length, to be given its labels by add() or add_text() under the same name.
  void add_dimension(const std::string& name, std::size_t length) { lengths_[name] = length; }

 private:
  hdf5::Handle create(const std::string& name, hid_t type, const Axes& axes, hid_t properties,
                      const std::string& long_name);
  hdf5::Shape shape_of(const Axes& axes) const;

  hdf5::Handle file_ = hdf5::create_file();
  Precision precision_;
  std::map<std::string, hsize_t> lengths_;
};

}  // namespace hindlimb::io
