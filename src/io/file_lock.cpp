#include "hindlimb/io/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "hindlimb/core/errors.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {

LockedFile open_locked(const std::filesystem::path& file) {
  while (true) {
    LockedFile opened{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666), ""};
    if (opened.descriptor < 0) refuse_to_write(file, errno);
    if (::flock(opened.descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int code = errno;
      if (code == EWOULDBLOCK) {
        ::close(opened.descriptor);
        throw InputError(file.string(), "another process works on it; this one stops, and nothing is lost");
      }
      opened.why_not_locked = std::generic_category().message(code);
    }
    struct stat status {};
    if (::fstat(opened.descriptor, &status) == 0 && status.st_nlink > 0) return opened;
    ::close(opened.descriptor);  // another process has just finished and removed it
  }
}

FileLock::~FileLock() {
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace hindlimb::io
