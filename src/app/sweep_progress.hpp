#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace hindlimb::app {

/// Says how far a sweep is, how fast, and when it will be done: one line that is renewed on a terminal, else a line
/// every ten seconds, by a thread of its own: also while no block ends.
class SweepProgress {
 public:
  /// @param n_before  runs that were there at the start
  SweepProgress(std::uint64_t n_before, std::uint64_t n_runs, bool is_quiet);
  SweepProgress(const SweepProgress&) = delete;
  SweepProgress& operator=(const SweepProgress&) = delete;
  ~SweepProgress();
  void set(std::uint64_t n_done, std::uint64_t n_failed);

 private:
  using Clock = std::chrono::steady_clock;

  void show_until(const std::stop_token& stop);
  void show(std::uint64_t n_done, std::uint64_t n_failed);

  std::uint64_t n_before_;
  std::uint64_t n_runs_;
  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::uint64_t n_done_;
  std::uint64_t n_failed_ = 0;
  std::jthread thread_;
};

/// "45 s", "12 min", "3.4 h", "2.1 d"
std::string duration_text(double seconds);
/// "1.2 kB", "34 MB", "5.6 GB"
std::string size_text(double bytes);

}  // namespace hindlimb::app
