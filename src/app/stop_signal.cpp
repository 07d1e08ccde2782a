#include "app/stop_signal.hpp"

#include <array>
#include <csignal>

namespace hindlimb::app {
namespace {

volatile std::sig_atomic_t was_asked = 0;

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

/// A second signal ends the program, whichever of them it is.
extern "C" void ask(int) {
  was_asked = 1;
  for (const int signal : stop_signals) std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = ask;
  action.sa_flags = SA_RESTART;
  for (const int signal : stop_signals) sigaction(signal, &action, nullptr);
}

bool stop_was_asked() { return was_asked != 0; }

}  // namespace hindlimb::app
