#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace hindlimb {

/// What was read, under the name that its reader knows it by.
struct SourceText {
  std::string name;  ///< "study.toml"
  std::string text;  ///< UTF-8, without a byte order mark
};

/// Where something stands: a part of a line, a line, or a name alone, such as "--set".
class Place {
 public:
  Place() = default;
  Place(std::string name) : name_(std::move(name)) {}
  Place(const char* name) : name_(name) {}
  Place(std::string name, std::size_t line) : name_(std::move(name)), line_(line) {}
  /// A part of a line of a text, which is shared by all its places.
  /// @param source  what was read
  /// @param line    the first is 1
  /// @param column  of its first letter, the first of the line being 1; letters are code points
  /// @param width   how many letters
  Place(std::shared_ptr<const SourceText> source, std::size_t line, std::size_t column, std::size_t width)
      : source_(std::move(source)), line_(line), column_(column), width_(width) {}

  const std::string& name() const { return source_ == nullptr ? name_ : source_->name; }
  std::size_t line() const { return line_; }  ///< 0 where there is none
  bool empty() const { return name().empty(); }

  /// "study.toml:14", "--set"
  std::string to_string() const;

  /// Two lines, "   14 | seed = x" and a caret under what is meant; at most 100 letters of the line. Empty where the
  /// text is not at hand or is none (control characters).
  std::string excerpt() const;

 private:
  std::string name_;
  std::shared_ptr<const SourceText> source_;
  std::size_t line_ = 0;
  std::size_t column_ = 0;
  std::size_t width_ = 0;
};

}  // namespace hindlimb
