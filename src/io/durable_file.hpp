#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hindlimb::io {

/// The bytes of a file: on the disk, under a name of their own beside the target, until moved onto it.
class DurableFile {
 public:
  /// Write and fsync `<target>.<process>-<random>.part`.
  /// @throws Error saying what is in the way: no such directory, no permission, no space
  DurableFile(std::filesystem::path target, std::string_view bytes);
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  /// Removes the bytes unless they were moved.
  ~DurableFile();

  /// Put the bytes in the place of the target, in one step.
  /// @throws Error if the system refuses; the target is then as it was
  void move_to_target();

 private:
  std::filesystem::path target_;
  std::filesystem::path part_;  ///< empty once moved
};

/// All bytes of a regular file.
/// @throws InputError if there is no such file, it is not a regular file, or it cannot be read
std::string read_bytes(const std::filesystem::path& file);

/// @throws InputError unless `file` is an existing regular file
void require_regular_file(const std::filesystem::path& file);

/// Make the names in the directory of `file` as durable as its bytes.
/// @throws Error if the disk refuses
void sync_directory_of(const std::filesystem::path& file);

}  // namespace hindlimb::io
