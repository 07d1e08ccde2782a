#pragma once

namespace hindlimb::app {

/// From now on the first SIGINT, SIGTERM or SIGHUP only sets a flag; the second ends the program.
void catch_stop_signals();
bool stop_was_asked();

}  // namespace hindlimb::app
