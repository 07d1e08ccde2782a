#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hindlimb/scenario/study.hpp"
#include "hindlimb/sim/run.hpp"

namespace hindlimb::io {

using scenario::Precision;

/// What a working store holds: a sweep in the making.
struct StoreForm {
  std::string identity;              ///< of the sweep: nothing else goes on in its store
  std::string about;                 ///< a line for people
  std::uint64_t n_runs = 0;          ///< of the file that will be made of it
  std::uint64_t first_run = 0;       ///< those before are there already, in the file that is extended
  std::uint64_t runs_per_chunk = 1;  ///< of that file
  std::vector<std::size_t> series;   ///< numbers of each run, of each series
  Precision precision = Precision::f4;
  bool is_compressed = true;
};

/// Runs that stand one after the other, and what they left.
struct StoredRuns {
  std::uint64_t first_run = 0;
  std::vector<std::string> keys;
  std::vector<sim::RunOutcome> outcomes;
  std::vector<double> wall_times_s;
};

/// Finished runs on their way into a result file: a journal to which blocks are appended, each with a checksum.
///
/// A block is there whole or not at all, whenever the program or the machine is stopped; what was cut short is cut off
/// when the store is opened again. Damage costs the blocks that it is in, not those behind it. One process works on a
/// store at a time.
///
/// The file: lines of text that say what it is, an empty line, then for each block a head of 32 bytes (mark, number of
/// runs, first run, length, CRC-32 of what follows, CRC-32 of the head), and what follows: how each run went, and for
/// each series the bytes of the chunk that HDF5 will hold.
class WorkingStore {
 public:
  enum class Start {
    go_on,  ///< with what is there
    anew    ///< whatever is there
  };

  /// Creates or continues a store.
  /// @throws InputError if another process works on it, if it belongs to another sweep, or is none
  /// @throws Error, NoRoomError if the disk refuses
  WorkingStore(std::filesystem::path file, StoreForm form, Start start);
  /// A store to look at, whoever works on it.
  /// @throws InputError if it is none
  explicit WorkingStore(std::filesystem::path file);
  WorkingStore(const WorkingStore&) = delete;
  WorkingStore& operator=(const WorkingStore&) = delete;
  ~WorkingStore();

  const std::filesystem::path& file() const { return file_; }
  const StoreForm& form() const { return form_; }
  /// @throws InputError if it holds runs of another sweep
  void require_identity(const std::string& identity) const;
  bool is_writable() const { return is_writable_; }
  /// Why the file could not be locked; empty if it is. Then nothing stops a second process.
  const std::string& why_not_locked() const { return why_not_locked_; }

  /// Adds a block; any thread may. The numbers are turned into bytes before others are made to wait.
  /// @param runs    that ended, in order
  /// @param series  of each series the numbers of all runs
  /// @throws Error, NoRoomError if the disk refuses; the store is then as it was
  void append(const StoredRuns& runs, std::span<const std::vector<double>> series);
  /// The bytes that a block takes in a store of that form.
  static std::uint64_t bytes_of(const StoreForm& form, const StoredRuns& runs,
                                std::span<const std::vector<double>> series);
  /// Makes what was appended safe from a failure of power.
  void sync();

  /// Bytes before the last whole block that are no block, or not as they were written; their runs are computed again.
  std::uint64_t n_damaged_bytes() const { return n_damaged_bytes_; }
  std::uint64_t n_stored() const;
  std::uint64_t n_failed() const;
  /// Where a block begins at that run: the number of its runs; else 0.
  std::uint64_t block_at(std::uint64_t first_run) const;
  /// First runs of all blocks, ascending.
  std::vector<std::uint64_t> blocks() const;

  /// The outcomes of a block.
  /// @throws Error if it cannot be read
  StoredRuns runs_of(std::uint64_t first_run) const;
  /// The bytes of a series of a block, as a chunk of HDF5.
  std::string chunk_of(std::uint64_t first_run, std::size_t series) const;

  /// Removes the file.
  void remove();

 private:
  struct Block {
    std::uint64_t n_runs;
    std::uint64_t offset;  ///< of what follows the head
    std::uint64_t n_failed;
  };

  void lock();
  void begin(const std::string& text);
  void go_on();
  [[noreturn]] void refuse_other_sweep() const;
  void read_form(const std::string& hint);
  void scan();
  std::string read_at(std::uint64_t offset, std::size_t size) const;
  struct Head;
  /// The head that stands there, if there is one whose content can be whole.
  std::optional<Head> head_at(std::uint64_t offset, std::uint64_t size) const;
  /// Where the next head begins; the size of the file if there is none.
  std::uint64_t next_head(std::uint64_t offset, std::uint64_t size) const;
  static std::string block_of(const StoreForm& form, const StoredRuns& runs,
                              std::span<const std::vector<double>> series);

  std::filesystem::path file_;
  StoreForm form_;
  int descriptor_ = -1;
  bool is_writable_ = true;
  std::string why_not_locked_;
  std::uint64_t end_ = 0;  ///< of the last whole block
  std::uint64_t n_damaged_bytes_ = 0;
  std::map<std::uint64_t, Block> blocks_;
  std::chrono::steady_clock::time_point last_sync_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
};

/// "<result file>.work"
std::filesystem::path working_store_path(const std::filesystem::path& result);

}  // namespace hindlimb::io
