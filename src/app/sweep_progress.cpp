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
    : n_before_(n_before), n_runs_(n_runs), is_quiet_(is_quiet), is_terminal_(isatty(STDERR_FILENO) != 0) {}

void SweepProgress::show(std::uint64_t n_done, std::uint64_t n_failed) {
  const Clock::time_point now = Clock::now();
  const bool is_due = is_terminal_ ? now - last_ >= between_renewals : now - last_ >= between_lines;
  if (is_quiet_ || !is_due || n_done <= n_before_) return;
  last_ = now;
  const double rate = static_cast<double>(n_done - n_before_) / std::chrono::duration<double>(now - start_).count();
  const std::string line =
      fmt::format("{:3.0f} %  {} of {} runs, {:.4g} runs/s, {} left, {} failed",
                  100.0 * static_cast<double>(n_done) / static_cast<double>(n_runs_), n_done, n_runs_, rate,
                  duration_text(static_cast<double>(n_runs_ - n_done) / rate), n_failed);
  if (is_terminal_) {
    std::cerr << "\r\x1b[K" << line << std::flush;
    is_shown_ = true;
  } else {
    std::cerr << line << std::endl;
  }
}

void SweepProgress::clear() const {
  if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
}

}  // namespace hindlimb::app
