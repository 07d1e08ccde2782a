#include "io/guarded_reading.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int all_is_well = 0;
constexpr int said_why = 3;
constexpr rlim_t most_memory = rlim_t{4} << 30;  // beyond what the process has [bytes]

/// No core file, no word on the terminal, no more memory than a file of results is worth.
void live_modestly() {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::size_t pages = 0;
  if (std::ifstream("/proc/self/statm") >> pages) {
    const rlim_t limit = rlim_t{pages} * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + most_memory;
    const rlimit memory{limit, limit};
    ::setrlimit(RLIMIT_AS, &memory);
  }
  const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nothing >= 0) ::dup2(nothing, STDERR_FILENO);
}

[[noreturn]] void be_the_child(int pipe, const std::function<void()>& action) {
  live_modestly();
  std::string why;
  try {
    action();
    ::_exit(all_is_well);
  } catch (const InputError& error) {
    Problem problem = error.problems().front();
    problem.where = {};  // the parent names the file
    why = to_string(problem);
  } catch (const std::exception& error) {
    why = error.what();
  }
  // Short enough to be written at once; if it is not, the code says enough.
  if (::write(pipe, why.data(), std::min<std::size_t>(why.size(), PIPE_BUF)) < 0) ::_exit(said_why);
  ::_exit(said_why);
}

/// What the child says until it ends, or nothing if it does not end in time.
std::optional<std::string> listen(int pipe, std::chrono::milliseconds time_limit) {
  const Clock::time_point deadline = Clock::now() + time_limit;
  std::string said;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return std::nullopt;
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left, std::numeric_limits<int>::max())));
    if (ready <= 0) continue;
    std::array<char, PIPE_BUF> buffer{};
    const ssize_t n = ::read(pipe, buffer.data(), buffer.size());
    if (n == 0) return said;
    if (n > 0) said.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

int end_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

void try_in_a_process(const std::filesystem::path& file, std::chrono::milliseconds time_limit,
                      const std::function<void()>& action) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(fmt::format("no pipe: {}", std::generic_category().message(errno)));
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) throw Error(fmt::format("no process to read in: {}", std::generic_category().message(errno)));
  if (child == 0) be_the_child(writing, action);
  writing.close();
  const std::optional<std::string> said = listen(reading, time_limit);
  if (!said) ::kill(child, SIGKILL);
  const int status = end_of(child);
  if (!said) {
    const double seconds = std::chrono::duration<double>(time_limit).count();
    throw InputError(file.string(), fmt::format("is broken: reading it did not end within {} s", seconds));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == all_is_well) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == said_why) throw InputError(file.string(), *said);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc has a text for each thread
  const std::string how = WIFSIGNALED(status) ? fmt::format(" ({})", ::strsignal(WTERMSIG(status))) : "";
  throw InputError(file.string(), fmt::format("is broken: reading it ended in a crash{}", how));
}

}  // namespace hindlimb::io
