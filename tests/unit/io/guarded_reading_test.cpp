#include "io/guarded_reading.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "hindlimb/core/errors.hpp"

namespace hindlimb::io {
namespace {

using std::chrono::milliseconds;

/// What is said of a file "x.h5" with which this is done.
std::string told(const std::function<void()>& action, milliseconds time_limit = std::chrono::seconds(60)) {
  try {
    try_in_a_process("x.h5", time_limit, action);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// Dies as a library does that follows a wrong pointer, sanitizers or not.
void crash() {
  ::signal(SIGSEGV, SIG_DFL);
  ::raise(SIGSEGV);
}

TEST(TryingInAProcess, IsSilentIfAllIsWell) {
  EXPECT_EQ(told([] {}), "");
}

TEST(TryingInAProcess, LeavesNoTraceInThisOne) {
  int number = 7;
  EXPECT_EQ(told([&] { number = 8; }), "");
  EXPECT_EQ(number, 7);
}

TEST(TryingInAProcess, SaysThatItCrashed) {
  EXPECT_EQ(told(crash), "x.h5: is broken: reading it ended in a crash (Segmentation fault)");
}

TEST(TryingInAProcess, SaysThatItLeftWithoutAWord) {
  EXPECT_EQ(told([] { ::_exit(7); }), "x.h5: is broken: reading it ended in a crash");
}

TEST(TryingInAProcess, EndsWhatDoesNotEnd) {
  const auto for_ever = [] {
    for (;;) ::pause();
  };
  EXPECT_EQ(told(for_ever, milliseconds(70)), "x.h5: is broken: reading it did not end within 0.07 s");
}

TEST(TryingInAProcess, PassesOnWhatWasSaid) {
  EXPECT_EQ(told([] {
              throw InputError({{"x.h5", "seed", "is missing", "look again"}});
            }),
            "x.h5: seed: is missing; look again");
  EXPECT_EQ(told([] { throw std::runtime_error("no such thing"); }), "x.h5: no such thing");
  EXPECT_EQ(told([] { throw std::runtime_error(std::string(100'000, 'x')); }).substr(0, 9), "x.h5: xxx");
}

#ifndef __SANITIZE_ADDRESS__  // which has limits of its own
TEST(TryingInAProcess, GrantsNoMoreMemoryThanAFileIsWorth) {
  const auto grab = [] { std::vector<char>(std::size_t{6} << 30).back() = 1; };
  EXPECT_EQ(told(grab), "x.h5: std::bad_alloc");
}
#endif

}  // namespace
}  // namespace hindlimb::io
