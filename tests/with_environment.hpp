#pragma once

#include <stdlib.h>

#include <string>

namespace hindlimb {

/// Sets an environment variable while it lives: made before a test has other threads, and gone after them.
class WithEnvironment {
 public:
  WithEnvironment(const char* name, const std::string& value) : name_(name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread is there yet
    ::setenv(name, value.c_str(), 1);
  }
  WithEnvironment(const WithEnvironment&) = delete;
  WithEnvironment& operator=(const WithEnvironment&) = delete;
  ~WithEnvironment() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread is there any more
    ::unsetenv(name_);
  }

 private:
  const char* name_;
};

}  // namespace hindlimb
