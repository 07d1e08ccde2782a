#include "app/stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace hindlimb::app {
namespace {

volatile std::sig_atomic_t was_asked = 0;

extern "C" void ask(int) { was_asked = 1; }

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = ask;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool stop_was_asked() { return was_asked != 0; }

}  // namespace hindlimb::app
