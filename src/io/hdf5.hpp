#pragma once

#include <hdf5.h>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// HDF5 with owned identifiers and no return code unread. HDF5's own file locks are never asked for: a finished file
/// does not change, and one in the making has a name that nobody knows.
namespace hindlimb::io::hdf5 {

/// While one lives, HDF5 does not print its errors; check() turns them into exceptions.
class Quiet {
 public:
  Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet();

 private:
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

/// @throws Error "HDF5 could not <what>: <its innermost reason>", NoRoomError if that is a full disk
[[noreturn]] void fail(std::string_view what);

/// The code, unless it is negative, HDF5's sign of failure.
/// @throws Error as fail()
template <std::signed_integral Code>
Code check(Code code, std::string_view what) {
  if (code < 0) fail(what);
  return code;
}

/// Remembers why something could not be closed, which is where HDF5 writes much of what it was given.
void note_close_failure() noexcept;
/// Forgets it: what an earlier file suffered is not for the next one.
void forget_close_failures() noexcept;
/// @throws Error as fail(), if anything could not be closed since then
void require_closed();

/// An identifier that is closed once.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  /// @throws Error as fail(), if `id` is none
  Handle(hid_t id, Close close, std::string_view what) : id_(check(id, what)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0 && close_(id_) < 0) note_close_failure();
  }

  operator hid_t() const { return id_; }  // NOLINT: every call of HDF5 takes one

 private:
  hid_t id_;
  Close close_;
};

using Shape = std::vector<hsize_t>;

std::size_t size_of(const Shape& shape);

/// How HDF5 names T in memory.
template <class T>
hid_t memory_type() {
  if constexpr (std::is_same_v<T, std::int8_t>)
    return H5T_NATIVE_INT8;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return H5T_NATIVE_INT32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return H5T_NATIVE_INT64;
  else {
    static_assert(std::is_same_v<T, double>);
    return H5T_NATIVE_DOUBLE;
  }
}

/// Variable-length UTF-8, the only kind of text that every reader takes.
Handle text_type();

/// An empty file in memory that keeps the order in which its contents were made.
Handle create_file();

/// The bytes that the file would have on the disk.
std::string image_of(hid_t file);

/// The same on the disk; a file of that name is replaced.
Handle create_file(const std::filesystem::path& file);

/// A file, read only.
/// @throws Error if it is none
Handle open_file(const std::filesystem::path& file);

/// A group that keeps the order in which its contents were made.
Handle create_group(hid_t file, const std::string& name);

Handle open_group(hid_t file, const std::string& name);

/// A property list for create_variable(): attributes in order, no time stamps (equal contents, equal bytes).
Handle variable_properties();

Handle create_variable(hid_t file, const std::string& name, hid_t type, const Shape& shape, hid_t properties);
Handle open_variable(hid_t file, const std::string& name);

void write_numbers(hid_t variable, hid_t type, const void* values);
void write_texts(hid_t variable, const std::vector<std::string>& texts);

/// Rows of a variable: places on its first axis.
struct Rows {
  hsize_t first;
  hsize_t count;
};

/// @param first, count  on each axis
void write_part(hid_t variable, const Shape& first, const Shape& count, hid_t type, const void* values);
void write_rows(hid_t variable, Rows rows, hid_t type, const void* values);
void write_text_rows(hid_t variable, Rows rows, const std::vector<std::string>& texts);

/// A whole chunk as it stands on the disk, all filters applied.
/// @param first_row  of the chunk, which has all of every other axis
void write_chunk(hid_t variable, hsize_t first_row, std::string_view bytes);

Shape shape_of(hid_t variable);

void set_text(hid_t object, const std::string& name, const std::string& text);
/// @param length  number of values, or 0 for a scalar
void set_numbers(hid_t object, const std::string& name, hid_t type, const void* values, hsize_t length);

template <class T>
void set_number(hid_t object, const std::string& name, T value) {
  set_numbers(object, name, memory_type<T>(), &value, 0);
}

bool has_variable(hid_t file, const std::string& name);
bool has_group(hid_t file, const std::string& name);
bool has_attribute(hid_t object, const std::string& name);

/// Names of what is in the file, in the order in which it was made.
std::vector<std::string> names_in(hid_t file);
/// Names of the attributes that are text, in the order in which they were made.
std::vector<std::string> text_attributes_of(hid_t object);

std::string text_of(hid_t object, const std::string& name);
void read_number_attribute(hid_t object, const std::string& name, hid_t type, void* value);

/// Number of values of a variable.
std::size_t size_in(hid_t file, const std::string& name);

void read_numbers(hid_t file, const std::string& name, hid_t type, void* values);

template <class T>
std::vector<T> numbers_in(hid_t file, const std::string& name) {
  std::vector<T> values(size_in(file, name));
  read_numbers(file, name, memory_type<T>(), values.data());
  return values;
}

std::vector<std::string> texts_in(hid_t file, const std::string& name);

hsize_t rows_per_chunk(hid_t variable);

/// Number of values in rows of a variable.
std::size_t size_of_rows(hid_t variable, Rows rows);
void read_rows(hid_t variable, Rows rows, hid_t type, void* values);
template <class T>
std::vector<T> rows_in(hid_t variable, Rows rows) {
  std::vector<T> values(size_of_rows(variable, rows));
  read_rows(variable, rows, memory_type<T>(), values.data());
  return values;
}
std::vector<std::string> text_rows_in(hid_t variable, Rows rows);
/// Values of rows at one place on the last axis.
std::vector<double> rows_at(hid_t variable, Rows rows, hsize_t last_place);

}  // namespace hindlimb::io::hdf5
