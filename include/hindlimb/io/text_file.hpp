#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace hindlimb::io {

/// A text that is written piece by piece, under another name beside its own until it is whole: whole or not there.
class TextFile {
 public:
  /// @throws Error naming the file and what is in the way; also the other functions
  explicit TextFile(std::filesystem::path file);
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  /// Removes what is not finished.
  ~TextFile();

  void append(std::string_view text);
  /// Puts the text on the disk and in the place of what was there.
  void finish();

 private:
  struct Part;
  std::filesystem::path file_;
  std::unique_ptr<Part> part_;
};

}  // namespace hindlimb::io
