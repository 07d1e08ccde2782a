#include "io/hdf5.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <system_error>

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

/// The number after "errno = " in what HDF5 says of a disk; 0 if there is none.
int errno_in(const std::string& reason) {
  constexpr std::string_view label = "errno = ";
  const std::size_t at = reason.find(label);
  return at == std::string::npos ? 0 : std::atoi(reason.c_str() + at + label.size());
}

Handle creation_in_order() {
  Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "describe a new file");
  check(H5Pset_link_creation_order(creation, in_order), "keep the order of variables");
  check(H5Pset_attr_creation_order(creation, in_order), "keep the order of attributes");
  check(H5Pset_obj_track_times(creation, false), "leave out time stamps");
  return creation;
}

Handle access_without_locks() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "describe a file");
  check(H5Pset_file_locking(access, false, true), "do without locks");
  return access;
}

Handle space_of(const Shape& shape) {
  return {
      shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
      H5Sclose, "describe a shape"};
}

/// Part of a variable: where it begins and how long it is on each axis.
struct Part {
  Shape first;
  Shape count;
};

Part part_of(hid_t variable, Rows rows) {
  Part part{{}, shape_of(variable)};
  part.first.resize(part.count.size(), 0);
  part.first[0] = rows.first;
  part.count[0] = rows.count;
  return part;
}

Handle space_of(hid_t variable, const Part& part) {
  Handle space(H5Dget_space(variable), H5Sclose, "read a shape");
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, part.first.data(), nullptr, part.count.data(), nullptr),
        "select a part");
  return space;
}

void read_part(hid_t variable, const Part& part, hid_t type, void* values) {
  const Handle in_memory = space_of(part.count);
  check(H5Dread(variable, type, in_memory, space_of(variable, part), H5P_DEFAULT, values), "read a part");
}

Handle in_memory_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "describe a file");
  check(H5Pset_fapl_core(access, growth_bytes, false), "keep a file in memory");
  return access;
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
  // A file that the disk refuses cannot be closed either, and at its exit the library would try again. It takes this
  // only before it has started; where somebody else has started it, that is theirs to say.
  [[maybe_unused]] static const herr_t is_left_open_at_exit = H5dont_atexit();
  check(H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_), "tell how it prints errors");
  check(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "keep its errors from being printed");
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, print_data_); }

namespace {

/// Why the first thing failed to close; empty if nothing did.
std::string& close_failure() {
  static std::string reason;
  return reason;
}

std::string innermost_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first_description, &reason);
  return reason;
}

[[noreturn]] void fail_because(std::string_view what, std::string reason) {
  const int code = errno_in(reason);
  if (code != 0) reason = std::generic_category().message(code);
  const std::string text = fmt::format("HDF5 could not {}{}{}", what, reason.empty() ? "" : ": ", reason);
  if (code == ENOSPC || code == EDQUOT || code == EFBIG) throw NoRoomError(text);
  throw Error(text);
}

}  // namespace

void fail(std::string_view what) { fail_because(what, innermost_reason()); }

void note_close_failure() noexcept {
  if (close_failure().empty()) close_failure() = innermost_reason() + " ";
}

void forget_close_failures() noexcept { close_failure().clear(); }

void require_closed() {
  if (close_failure().empty()) return;
  fail_because("write the file", std::exchange(close_failure(), ""));
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
  return {H5Fcreate(name_in_memory, H5F_ACC_TRUNC, creation_in_order(), in_memory_access()), H5Fclose, "create a file"};
}

Handle create_file(const std::filesystem::path& file) {
  return {H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation_in_order(), access_without_locks()), H5Fclose,
          "create a file"};
}

std::string image_of(hid_t file) {
  check(H5Fflush(file, H5F_SCOPE_GLOBAL), "assemble the file");
  const ssize_t size = check(H5Fget_file_image(file, nullptr, 0), "measure the file");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  check(H5Fget_file_image(file, bytes.data(), bytes.size()), "copy the file");
  return bytes;
}

Handle open_file(const std::filesystem::path& file) {
  return {H5Fopen(file.c_str(), H5F_ACC_RDONLY, access_without_locks()), H5Fclose, "open the file"};
}

Handle create_group(hid_t file, const std::string& name) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "describe a group");
  check(H5Pset_link_creation_order(creation, in_order), "keep the order of variables");
  check(H5Pset_attr_creation_order(creation, in_order), "keep the order of attributes");
  check(H5Pset_obj_track_times(creation, false), "leave out time stamps");
  return {H5Gcreate2(file, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, "create '" + name + "'"};
}

Handle open_group(hid_t file, const std::string& name) {
  return {H5Gopen2(file, name.c_str(), H5P_DEFAULT), H5Gclose, "open '" + name + "'"};
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
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  check(H5Dwrite(variable, text_type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write text");
}

void write_part(hid_t variable, const Shape& first, const Shape& count, hid_t type, const void* values) {
  const Handle in_memory = space_of(count);
  check(H5Dwrite(variable, type, in_memory, space_of(variable, {first, count}), H5P_DEFAULT, values), "write numbers");
}

void write_rows(hid_t variable, Rows rows, hid_t type, const void* values) {
  const Part part = part_of(variable, rows);
  write_part(variable, part.first, part.count, type, values);
}

void write_text_rows(hid_t variable, Rows rows, const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  pointers.reserve(texts.size());
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  write_rows(variable, rows, text_type(), pointers.data());
}

void write_chunk(hid_t variable, hsize_t first_row, std::string_view bytes) {
  Shape first(shape_of(variable).size(), 0);
  first[0] = first_row;
  check(H5Dwrite_chunk(variable, H5P_DEFAULT, 0, first.data(), bytes.size(), bytes.data()), "write numbers");
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

namespace {

bool has_object(hid_t file, const std::string& name, H5I_type_t type) {
  if (check(H5Lexists(file, name.c_str(), H5P_DEFAULT), "look for '" + name + "'") == 0) return false;
  const Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT), H5Oclose, "open '" + name + "'");
  return H5Iget_type(object) == type;
}

}  // namespace

bool has_variable(hid_t file, const std::string& name) { return has_object(file, name, H5I_DATASET); }

bool has_group(hid_t file, const std::string& name) { return has_object(file, name, H5I_GROUP); }

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

hsize_t rows_per_chunk(hid_t variable) {
  const Handle properties(H5Dget_create_plist(variable), H5Pclose, "read how it is stored");
  Shape chunk = shape_of(variable);
  if (H5Pget_layout(properties) == H5D_CHUNKED)
    check(H5Pget_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), "read its chunks");
  return chunk[0];
}

std::size_t size_of_rows(hid_t variable, Rows rows) { return size_of(part_of(variable, rows).count); }

void read_rows(hid_t variable, Rows rows, hid_t type, void* values) {
  read_part(variable, part_of(variable, rows), type, values);
}

std::vector<std::string> text_rows_in(hid_t variable, Rows rows) {
  const Handle type(H5Dget_type(variable), H5Tclose, "read a type");
  require_text(type, "text");
  const Part part = part_of(variable, rows);
  const Handle in_memory = space_of(part.count);
  Texts texts(size_of(part.count), in_memory);
  read_part(variable, part, texts.type(), texts.data());
  return texts.copies();
}

std::vector<double> rows_at(hid_t variable, Rows rows, hsize_t last_place) {
  Part part = part_of(variable, rows);
  part.first.back() = last_place;
  part.count.back() = 1;
  std::vector<double> values(size_of(part.count));
  read_part(variable, part, H5T_NATIVE_DOUBLE, values.data());
  return values;
}

}  // namespace hindlimb::io::hdf5
