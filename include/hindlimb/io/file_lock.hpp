#pragma once

#include <filesystem>
#include <string>

namespace hindlimb::io {

/// A file opened to read and write, created if there is none, that no other process has locked and none has removed.
struct LockedFile {
  int descriptor;
  std::string why_not_locked;  ///< what the file system says where it knows no locks; empty if the file is locked
};

/// @throws InputError if another process has locked it
/// @throws Error, NoRoomError if it cannot be opened
LockedFile open_locked(const std::filesystem::path& file);

/// While it lives, no other process gets a lock on a file of that name. The file is there for nothing else, and removed
/// at the end; one that a killed process has left behind is no lock.
class FileLock {
 public:
  /// @throws InputError, Error, NoRoomError as open_locked
  explicit FileLock(std::filesystem::path file) : file_(std::move(file)), descriptor_(open_locked(file_).descriptor) {}
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace hindlimb::io
