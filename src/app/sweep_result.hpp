#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/working_store.hpp"
#include "hindlimb/study/sweep_order.hpp"

/// What stands at the place where the result of a sweep is to be.
namespace hindlimb::app {

/// The result file, unless there is none or it is to be dropped.
/// @throws InputError if it is no result, or broken
std::optional<io::RunsFile> existing(const std::filesystem::path& file, bool is_dropped);

/// If a process was killed while it put a file in its place, its checksum may be missing.
void settle_what_was_killed(const std::filesystem::path& file);

bool is_finished(const io::RunsFile& there, const study::Sweep& sweep);

/// Its runs, and then those that the sweep has besides.
/// @throws InputError if runs of the sweep do not belong into the file
study::SweepOrder extended_order(const study::Sweep& sweep, const io::RunsFile& there);

/// A process that was killed at its very end leaves behind the store of which the file was made; a store of something
/// else stays.
void remove_what_was_left(const std::filesystem::path& file, const io::RunsFile& there, const study::Sweep& sweep);

/// Refuses to put a partial file where anything but a partial file of that sweep stands.
/// @throws InputError
void require_renewable(const std::filesystem::path& file, const study::Sweep& sweep);

/// Which file stands there, and in which state: another process may replace it.
class FileStamp {
 public:
  explicit FileStamp(const std::filesystem::path& file);
  bool operator==(const FileStamp&) const = default;

 private:
  std::uint64_t device_ = 0;  ///< 0 all where there is none
  std::uint64_t number_ = 0;
  std::int64_t changed_s_ = 0;
  std::int64_t changed_ns_ = 0;
};

/// With --force the store of another sweep is dropped; that of this one goes on.
io::WorkingStore::Start start_of(const std::filesystem::path& work, const std::string& identity, bool is_forced);

}  // namespace hindlimb::app
