#include "hindlimb/io/table_file.hpp"

#include "hindlimb/core/errors.hpp"
#include "io/labelled_file.hpp"
#include "io/result_image.hpp"

namespace hindlimb::io {
namespace {

std::string image_of(const std::map<std::string, std::string>& attributes, const std::vector<TableAxis>& axes,
                     const std::vector<TableVariable>& variables) {
  const hdf5::Quiet quiet;
  LabelledFile file(hdf5::create_file());
  hdf5::set_text(file.root(), "Conventions", "CF-1.11");
  for (const auto& [name, text] : attributes) hdf5::set_text(file.root(), name, text);
  for (const TableAxis& axis : axes) file.add_dimension(axis.name, axis.labels.size());
  for (const TableAxis& axis : axes) file.add_text(axis.name, {axis.name}, axis.long_name, axis.labels);
  for (const TableVariable& variable : variables) {
    const hdf5::Handle written = file.add<double>(variable.name, variable.axes, variable.long_name, variable.values);
    hdf5::set_text(written, "units", variable.unit);
  }
  return hdf5::image_of(file.root());
}

}  // namespace

void write_table(const std::filesystem::path& file, const std::map<std::string, std::string>& attributes,
                 const std::vector<TableAxis>& axes, const std::vector<TableVariable>& variables) {
  std::string image;
  try {
    image = image_of(attributes, axes, variables);
  } catch (const Error& error) {
    throw Error(file.string() + ": cannot be written: " + error.what());
  }
  write_image(image, file);
}

}  // namespace hindlimb::io
