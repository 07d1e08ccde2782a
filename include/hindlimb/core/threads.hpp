#pragma once

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace hindlimb {

/// Does the same work on several threads, this one among them, and waits for all. What is thrown first is thrown when
/// all have ended.
/// @param n           threads, at least 1
/// @param work        called once by each
/// @param on_failure  called by each that has thrown, so that the others can be told to end
template <class Work, class OnFailure>
void on_threads(unsigned n, const Work& work, const OnFailure& on_failure) {
  std::mutex mutex;
  std::exception_ptr failure;
  const auto attempt = [&] {
    try {
      work();
    } catch (...) {
      on_failure();
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < n; ++i) others.emplace_back(attempt);
    attempt();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hindlimb
