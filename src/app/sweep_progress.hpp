#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hindlimb::app {

/// Says how far a sweep is, how fast, and when it will be done: one line that is renewed on a terminal, else a line
/// every ten seconds.
class SweepProgress {
 public:
  /// @param n_before  runs that were there at the start
  SweepProgress(std::uint64_t n_before, std::uint64_t n_runs, bool is_quiet);
  void show(std::uint64_t n_done, std::uint64_t n_failed);
  void clear() const;

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t n_before_;
  std::uint64_t n_runs_;
  bool is_quiet_;
  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

/// "45 s", "12 min", "3.4 h", "2.1 d"
std::string duration_text(double seconds);
/// "1.2 kB", "34 MB", "5.6 GB"
std::string size_text(double bytes);

}  // namespace hindlimb::app
