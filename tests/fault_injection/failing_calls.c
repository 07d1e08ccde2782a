/* Calls of the system that fail, or at which the program is hit by a signal, where the environment says so. Put before
 * a program by LD_PRELOAD:
 *
 *   FAIL_CALL    write, pwrite, fsync, fdatasync, flock, ftruncate, rename, unlink, or any
 *   FAIL_PATH    part of a path: calls on regular files and directories of such a path are counted, and no others
 *   FAIL_AT      the number of the call that fails, from 1; all after it fail too
 *   FAIL_ONCE    1: that call alone
 *   FAIL_ERRNO   what it fails with
 *   FAIL_SIGNAL  in place of an error: a signal that the program sends itself before the call is made
 *   FAIL_HALF    1: a write that is to fail writes half of its bytes; that succeeds, if there is no signal
 *   FAIL_LOG     file to which a line is added for each call that is counted
 *
 * writev counts as write, pwrite64 as pwrite, ftruncate64 as ftruncate, remove as unlink. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The function that this one stands before. */
#define NEXT(name) (__extension__(__typeof__(&(name))) dlsym(RTLD_NEXT, #name))

enum verdict { goes_on, fails, writes_half };

static atomic_long calls;

static long number(const char* setting) {
  const char* text = getenv(setting);
  return text == NULL ? 0 : atol(text);
}

static void note(const char* call, const char* path) {
  const char* log = getenv("FAIL_LOG");
  if (log == NULL) return;
  char line[2 * PATH_MAX + 32];
  const int length = snprintf(line, sizeof line, "%s %s\n", call, path);
  const long file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  syscall(SYS_write, file, line, length);
  syscall(SYS_close, file);
}

static enum verdict on_path(const char* call, const char* name) {
  const char* wanted = getenv("FAIL_CALL");
  const char* part = getenv("FAIL_PATH");
  if (wanted == NULL || (strcmp(wanted, call) != 0 && strcmp(wanted, "any") != 0)) return goes_on;
  char path[2 * PATH_MAX] = "";
  if (name[0] != '/' && getcwd(path, PATH_MAX) != NULL) strcat(path, "/");
  strncat(path, name, PATH_MAX - 1);
  if (part != NULL && strstr(path, part) == NULL) return goes_on;
  note(call, path);
  const long place = atomic_fetch_add(&calls, 1) + 1;
  const long first = number("FAIL_AT");
  if (first == 0 || place < first || (place > first && number("FAIL_ONCE") != 0)) return goes_on;
  if (place == first && number("FAIL_HALF") != 0 && strstr(call, "write") != NULL) return writes_half;
  const int code = (int)number("FAIL_SIGNAL");
  if (code != 0 && place == first) raise(code);
  if (code != 0) return goes_on;
  errno = (int)number("FAIL_ERRNO");
  return fails;
}

static enum verdict on_file(const char* call, int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) return goes_on;
  char name[64];
  char path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return goes_on;
  path[length] = '\0';
  const int before = errno;
  const enum verdict verdict = on_path(call, path);
  if (verdict != fails) errno = before;
  return verdict;
}

/* After half of the bytes were written. */
static ssize_t half_written(ssize_t count) {
  const int code = (int)number("FAIL_SIGNAL");
  if (code != 0) raise(code);
  return count;
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const enum verdict verdict = on_file("write", descriptor);
  if (verdict == fails) return -1;
  if (verdict == writes_half) return half_written(NEXT(write)(descriptor, bytes, (size + 1) / 2));
  return NEXT(write)(descriptor, bytes, size);
}

ssize_t writev(int descriptor, const struct iovec* pieces, int count) {
  const enum verdict verdict = on_file("write", descriptor);
  if (verdict == fails) return -1;
  if (verdict == writes_half) return half_written(NEXT(writev)(descriptor, pieces, (count + 1) / 2));
  return NEXT(writev)(descriptor, pieces, count);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  const enum verdict verdict = on_file("pwrite", descriptor);
  if (verdict == fails) return -1;
  if (verdict == writes_half) return half_written(NEXT(pwrite)(descriptor, bytes, (size + 1) / 2, offset));
  return NEXT(pwrite)(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  const enum verdict verdict = on_file("pwrite", descriptor);
  if (verdict == fails) return -1;
  if (verdict == writes_half) return half_written(NEXT(pwrite64)(descriptor, bytes, (size + 1) / 2, offset));
  return NEXT(pwrite64)(descriptor, bytes, size, offset);
}

int fsync(int descriptor) { return on_file("fsync", descriptor) == fails ? -1 : NEXT(fsync)(descriptor); }

int fdatasync(int descriptor) { return on_file("fdatasync", descriptor) == fails ? -1 : NEXT(fdatasync)(descriptor); }

int flock(int descriptor, int operation) {
  return on_file("flock", descriptor) == fails ? -1 : NEXT(flock)(descriptor, operation);
}

int ftruncate(int descriptor, off_t size) {
  return on_file("ftruncate", descriptor) == fails ? -1 : NEXT(ftruncate)(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
  return on_file("ftruncate", descriptor) == fails ? -1 : NEXT(ftruncate64)(descriptor, size);
}

int rename(const char* from, const char* to) { return on_path("rename", to) == fails ? -1 : NEXT(rename)(from, to); }

int unlink(const char* path) { return on_path("unlink", path) == fails ? -1 : NEXT(unlink)(path); }

int remove(const char* path) { return on_path("unlink", path) == fails ? -1 : NEXT(remove)(path); }
