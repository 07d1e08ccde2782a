#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "hindlimb/sim/section_picture.hpp"

namespace hindlimb::io {

/// "<result file>.checkpoint"
std::filesystem::path checkpoint_path(const std::filesystem::path& result);

/// Sections of a run that is not finished, in a file of its own that is replaced by rename: whenever the program is
/// stopped, the file is whole.
class CheckpointFile final : public sim::SectionStore {
 public:
  /// Thrown by keep() once all that the calling thread has is kept.
  struct Stopped {};

  struct Behaviour {
    std::chrono::duration<double> interval{10.0};        ///< between writes
    std::function<bool()> stop_was_asked;                ///< may be empty
    std::function<void(const std::string&)> on_problem;  ///< told when a checkpoint cannot be written; may be empty
  };

  /// Reads what is there.
  /// @param file       may be missing: nothing was kept then
  /// @param identity   of the run: nothing else goes on from its checkpoint
  /// @param behaviour  when to write, when to stop, whom to tell
  /// @param is_forced  what is broken, no checkpoint, or that of another run is dropped
  /// @throws InputError for these if it is not forced
  CheckpointFile(std::filesystem::path file, std::string identity, Behaviour behaviour, bool is_forced);

  std::size_t n_sections() const { return sections_.size(); }
  std::string find(const std::string& name) override;
  bool is_due(const std::string& name) override;
  void keep(const std::string& name, const std::function<std::string()>& state) override;
  /// @throws Error if the system refuses
  void remove();

 private:
  using Clock = std::chrono::steady_clock;
  struct Section {
    std::string state;
    Clock::time_point kept;
  };

  void read();
  void write();

  std::filesystem::path file_;
  std::string identity_;
  Behaviour behaviour_;
  std::map<std::string, Section> sections_;
  Clock::time_point written_ = Clock::now();
  std::mutex mutex_;
};

}  // namespace hindlimb::io
