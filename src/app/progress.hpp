#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <iostream>

namespace hindlimb::app {

/// One line on a terminal that says how far a run is and how long it will still take.
class Progress {
 public:
  void show(std::int64_t done, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (done == 0 || now - start_ < quiet_start || now - last_ < interval) return;
    last_ = now;
    is_shown_ = true;
    const double elapsed_s = std::chrono::duration<double>(now - start_).count();
    const double left_s = elapsed_s * static_cast<double>(total - done) / static_cast<double>(done);
    std::cerr << fmt::format("\r\x1b[K{:3.0f} %  {:.0f} s left",
                             100.0 * static_cast<double>(done) / static_cast<double>(total), left_s)
              << std::flush;
  }

  void clear() {
    if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
  }

 private:
  static constexpr std::chrono::milliseconds quiet_start{500};
  static constexpr std::chrono::milliseconds interval{100};
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
  bool is_shown_ = false;
};

}  // namespace hindlimb::app
