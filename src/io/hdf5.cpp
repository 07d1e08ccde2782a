#include "io/hdf5.hpp"

#include <fmt/format.h>

#include <functional>
#include <numeric>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::io::hdf5 {
namespace {

constexpr std::size_t growth_bytes = 4 << 20;  ///< by which a file in memory grows
constexpr unsigned in_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
constexpr const char* name_in_memory = "in memory";

herr_t keep_first_description(unsigned, const H5E_error2_t* error, void* text) {
  auto& kept = *static_cast<std::string*>(text);
  if (kept.empty() && error->desc != nullptr) kept = error->desc;
  return 0;
}

Handle in_memory_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "describe a file");
  check(H5Pset_fapl_core(access, growth_bytes, false), "keep a file in memory");
  return access;
}

Handle space_of(const Shape& shape) {
  return {
      shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
      H5Sclose, "describe a shape"};
}

Handle open_attribute(hid_t object, const std::string& name) {
  return {H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "find attribute '" + name + "'"};
}

bool is_variable_text(hid_t type) { return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0; }

void require_text(hid_t type, const std::string& name) {
  if (!is_variable_text(type)) throw Error(fmt::format("'{}' is not text", name));
}

/// Pointers that HDF5 filled in and takes back at the end.
class Texts {
 public:
  Texts(std::size_t size, hid_t space) : pointers_(size, nullptr), type_(text_type()), space_(space) {}
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;
  ~Texts() { H5Dvlen_reclaim(type_, space_, H5P_DEFAULT, pointers_.data()); }

  hid_t type() const { return type_; }
  void* data() { return pointers_.data(); }
  std::vector<std::string> copies() const {
    std::vector<std::string> texts;
    for (const char* pointer : pointers_) texts.emplace_back(pointer == nullptr ? "" : pointer);
    return texts;
  }

 private:
  std::vector<char*> pointers_;
  Handle type_;
  hid_t space_;
};

herr_t append_link(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

herr_t append_attribute(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

}  // namespace

Quiet::Quiet() {
  check(H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_), "tell how it prints errors");
  check(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "keep its errors from being printed");
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, print_data_); }

void fail(std::string_view what) {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first_description, &reason);
  throw Error(fmt::format("HDF5 could not {}{}{}", what, reason.empty() ? "" : ": ", reason));
}

std::size_t size_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "describe text");
  check(H5Tset_size(type, H5T_VARIABLE), "describe text of any length");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "describe UTF-8");
  return type;
}

Handle create_file() {
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "describe a new file");
  check(H5Pset_link_creation_order(creation, in_order), "keep the order of variables");
  check(H5Pset_attr_creation_order(creation, in_order), "keep the order of attributes");
  check(H5Pset_obj_track_times(creation, false), "leave out time stamps");
  return {H5Fcreate(name_in_memory, H5F_ACC_TRUNC, creation, in_memory_access()), H5Fclose, "create a file"};
}

std::string image_of(hid_t file) {
  check(H5Fflush(file, H5F_SCOPE_GLOBAL), "assemble the file");
  const ssize_t size = check(H5Fget_file_image(file, nullptr, 0), "measure the file");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  check(H5Fget_file_image(file, bytes.data(), bytes.size()), "copy the file");
  return bytes;
}

Handle open_image(std::string_view bytes) {
  const Handle access = in_memory_access();
  // HDF5 copies the bytes; its interface has no const.
  check(H5Pset_file_image(access, const_cast<char*>(bytes.data()), bytes.size()), "take the bytes of a file");
  return {H5Fopen(name_in_memory, H5F_ACC_RDONLY, access), H5Fclose, "open the file"};
}

Handle variable_properties() {
  Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "describe a variable");
  check(H5Pset_attr_creation_order(creation, in_order), "keep the order of attributes");
  check(H5Pset_obj_track_times(creation, false), "leave out time stamps");
  return creation;
}

Handle create_variable(hid_t file, const std::string& name, hid_t type, const Shape& shape, hid_t properties) {
  return {H5Dcreate2(file, name.c_str(), type, space_of(shape), H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
          "create '" + name + "'"};
}

Handle open_variable(hid_t file, const std::string& name) {
  return {H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, "open '" + name + "'"};
}

void write_numbers(hid_t variable, hid_t type, const void* values) {
  check(H5Dwrite(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "write numbers");
}

void write_texts(hid_t variable, const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  check(H5Dwrite(variable, text_type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write text");
}

Shape shape_of(hid_t variable) {
  const Handle space(H5Dget_space(variable), H5Sclose, "read a shape");
  Shape shape(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space), "count dimensions")));
  check(H5Sget_simple_extent_dims(space, shape.data(), nullptr), "read a shape");
  return shape;
}

void set_text(hid_t object, const std::string& name, const std::string& text) {
  const Handle type = text_type();
  const char* pointer = text.c_str();
  set_numbers(object, name, type, &pointer, 0);
}

void set_numbers(hid_t object, const std::string& name, hid_t type, const void* values, hsize_t length) {
  const Handle space = space_of(length == 0 ? Shape{} : Shape{length});
  const Handle attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "create attribute '" + name + "'");
  check(H5Awrite(attribute, type, values), "write attribute '" + name + "'");
}

bool has_variable(hid_t file, const std::string& name) {
  if (check(H5Lexists(file, name.c_str(), H5P_DEFAULT), "look for '" + name + "'") == 0) return false;
  const Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose, "open '" + name + "'");
  return H5Iget_type(object) == H5I_DATASET;
}

bool has_attribute(hid_t object, const std::string& name) {
  return check(H5Aexists(object, name.c_str()), "look for attribute '" + name + "'") > 0;
}

std::vector<std::string> names_in(hid_t file) {
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Literate(file, H5_INDEX_CRT_ORDER, H5_ITER_INC, &position, append_link, &names), "list variables");
  return names;
}

std::vector<std::string> text_attributes_of(hid_t object) {
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Aiterate2(object, H5_INDEX_CRT_ORDER, H5_ITER_INC, &position, append_attribute, &names), "list attributes");
  std::erase_if(names, [object](const std::string& name) {
    const Handle type(H5Aget_type(open_attribute(object, name)), H5Tclose, "read a type");
    return !is_variable_text(type);
  });
  return names;
}

std::string text_of(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute), H5Tclose, "read a type");
  const Handle space(H5Aget_space(attribute), H5Sclose, "read a shape");
  require_text(type, name);
  if (H5Sget_simple_extent_npoints(space) != 1) throw Error(fmt::format("'{}' is not a single text", name));
  Texts texts(1, space);
  check(H5Aread(attribute, texts.type(), texts.data()), "read attribute '" + name + "'");
  return texts.copies().front();
}

void read_number_attribute(hid_t object, const std::string& name, hid_t type, void* value) {
  check(H5Aread(open_attribute(object, name), type, value), "read attribute '" + name + "'");
}

std::size_t size_in(hid_t file, const std::string& name) { return size_of(shape_of(open_variable(file, name))); }

void read_numbers(hid_t file, const std::string& name, hid_t type, void* values) {
  check(H5Dread(open_variable(file, name), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "read '" + name + "'");
}

std::vector<std::string> texts_in(hid_t file, const std::string& name) {
  const Handle variable = open_variable(file, name);
  const Handle type(H5Dget_type(variable), H5Tclose, "read a type");
  const Handle space(H5Dget_space(variable), H5Sclose, "read a shape");
  require_text(type, name);
  Texts texts(size_of(shape_of(variable)), space);
  check(H5Dread(variable, texts.type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), "read '" + name + "'");
  return texts.copies();
}

}  // namespace hindlimb::io::hdf5
