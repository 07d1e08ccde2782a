#include "app/sweep_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <string>

namespace hindlimb::app {
namespace {

constexpr std::chrono::milliseconds between_renewals{200};
constexpr std::chrono::seconds between_lines{10};

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 10.0) return fmt::format("{:.2g} s", seconds);
  if (seconds < 100.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000.0) return fmt::format("{:.0f} min", seconds / 60.0);
  if (seconds < 100.0 * 3600.0) return fmt::format("{:.1f} h", seconds / 3600.0);
  return fmt::format("{:.1f} d", seconds / 86400.0);
}

std::string size_text(double bytes) {
  for (const char* unit : {"bytes", "kB", "MB"}) {
    if (bytes < 1000.0) return fmt::format("{:.3g} {}", bytes, unit);
    bytes /= 1000.0;
  }
  return fmt::format("{:.3g} GB", bytes);
}

SweepProgress::SweepProgress(std::uint64_t n_before, std::uint64_t n_runs, bool is_quiet)
    : n_before_(n_before), n_runs_(n_runs), is_terminal_(isatty(STDERR_FILENO) != 0), n_done_(n_before) {
  if (!is_quiet) thread_ = std::jthread([this](const std::stop_token& stop) { show_until(stop); });
}

SweepProgress::~SweepProgress() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
}

void SweepProgress::set(std::uint64_t n_done, std::uint64_t n_failed) {
  const std::lock_guard lock(mutex_);
  n_done_ = n_done;
  n_failed_ = n_failed;
}

void SweepProgress::show_until(const std::stop_token& stop) {
  const std::chrono::milliseconds interval = is_terminal_ ? between_renewals : between_lines;
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    stopped_.wait_for(lock, stop, interval, [] { return false; });
    if (!stop.stop_requested()) show(n_done_, n_failed_);
  }
}

void SweepProgress::show(std::uint64_t n_done, std::uint64_t n_failed) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = static_cast<double>(n_done - n_before_) / seconds;
  const std::string speed =
      n_done == n_before_
          ? fmt::format("none finished yet in {}", duration_text(seconds))
          : fmt::format("{:.4g} runs/s, {} left", rate, duration_text(static_cast<double>(n_runs_ - n_done) / rate));
  const std::string line =
      fmt::format("{:3.0f} %  {} of {} runs, {}, {} failed",
                  100.0 * static_cast<double>(n_done) / static_cast<double>(n_runs_), n_done, n_runs_, speed, n_failed);
  if (is_terminal_) {
    std::cerr << "\r\x1b[K" << line << std::flush;
    is_shown_ = true;
  } else {
    std::cerr << line << std::endl;
  }
}

}  // namespace hindlimb::app
