#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {

/// Puts numbers and texts one after the other, as this machine has them.
class ByteWriter {
 public:
  template <class T>
  void number(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    number(static_cast<std::uint64_t>(text.size()));
    bytes_.append(text);
  }
  template <class T>
  void all(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    text({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }
  /// So that so many bytes more take one allocation.
  void reserve(std::size_t more) { bytes_.reserve(bytes_.size() + more); }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

/// Takes them out again.
class ByteReader {
 public:
  /// @param bytes  must live as long
  /// @param what   what the bytes are, for the message when they are too few
  ByteReader(std::string_view bytes, std::string what) : bytes_(bytes), what_(std::move(what)) {}

  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view text() { return take(number<std::uint64_t>()); }
  template <class T>
  std::vector<T> all() {
    const std::string_view bytes = text();
    if (bytes.size() % sizeof(T) != 0) throw Error(what_ + " is broken");
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
  }
  /// All that is left.
  std::string_view rest() { return take(bytes_.size()); }
  bool is_at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) throw Error(what_ + " is broken");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
  std::string what_;
};

}  // namespace hindlimb
