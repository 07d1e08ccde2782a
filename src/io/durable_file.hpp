#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hindlimb::io {

/// An open file descriptor; closing is checked where it matters.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  operator int() const { return number_; }
  /// What ::close() returned.
  int close();

 private:
  int number_;
};

/// @return false, and the reason in errno, if not all could be written; an interrupted call is repeated
bool write_all(int descriptor, std::string_view bytes);

/// @throws NoRoomError or Error "<target>: cannot be written: <reason>", after what errno was
[[noreturn]] void refuse_to_write(const std::filesystem::path& target, int code);

/// `<target>.<process>-<random>.part`: nobody else's.
std::filesystem::path part_name(const std::filesystem::path& target);

/// A file that somebody else has written.
struct Written {
  std::filesystem::path path;
};

/// A file of bytes, or one that somebody else has made: on the disk, under a name of its own beside the target, until
/// moved onto it.
class DurableFile {
 public:
  /// Write and fsync `part`.
  /// @throws Error saying what is in the way: no such directory, no permission, no space
  DurableFile(std::filesystem::path target, std::filesystem::path part, std::span<const std::string_view> pieces);
  DurableFile(std::filesystem::path target, std::filesystem::path part, std::string_view bytes)
      : DurableFile(std::move(target), std::move(part), std::span(&bytes, 1)) {}
  DurableFile(const std::filesystem::path& target, std::string_view bytes)
      : DurableFile(target, part_name(target), bytes) {}
  /// Take over a part that is written already, and fsync it.
  DurableFile(std::filesystem::path target, Written part);
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  /// Removes the bytes unless they were moved.
  ~DurableFile();

  /// Put the bytes in the place of the target, in one step.
  /// @throws Error if the system refuses; the target is then as it was
  void move_to_target();
  /// The same, but what cannot be moved is not removed either: somebody may need it.
  void move_to_target_or_stay();

 private:
  std::filesystem::path target_;
  std::filesystem::path part_;  ///< empty once moved
};

/// All bytes of a regular file.
/// @throws InputError if there is no such file, it is not a regular file, or it cannot be read
std::string read_bytes(const std::filesystem::path& file);

/// @throws InputError unless `file` is an existing regular file
void require_regular_file(const std::filesystem::path& file);

/// SHA-256 of the bytes of a regular file of any size.
/// @throws InputError as read_bytes()
std::string sha256_of(const std::filesystem::path& file);

/// Make the names in the directory of `file` as durable as its bytes.
/// @throws Error if the disk refuses
void sync_directory_of(const std::filesystem::path& file);

}  // namespace hindlimb::io
