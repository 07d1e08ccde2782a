#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hindlimb/core/place.hpp"

namespace hindlimb {

/// Anything that stops the program with a sentence for its user.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A value outside the domain of a formula: data, not a bug.
class DomainError : public Error {
 public:
  using Error::Error;
};

/// The disk, or the user's share of it, is full: all is well again when there is room.
class NoRoomError : public Error {
 public:
  using Error::Error;
};

/// One thing wrong with what the user gave: where it stands, which key, what is wrong, what to do.
struct Problem {
  Place where;       ///< may be empty
  std::string key;   ///< "arm.RE.phase.reload.duration_d", or empty
  std::string what;  ///< "is -3, must be > 0"
  std::string hint;  ///< "did you mean 'duration_d'?", or empty
};

/// "where: key: what; hint" on one line: parts that are empty left out, control characters spelled out.
std::string to_string(const Problem& problem);

/// Bad input: every problem found, none of it run. what() has them all, each with the line it is about.
class InputError : public Error {
 public:
  explicit InputError(std::vector<Problem> problems);
  /// A single problem that concerns a whole file or argument.
  InputError(Place where, std::string what);

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Does something; what is wrong with it joins the list.
template <class Action>
void collect(std::vector<Problem>& problems, const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    problems.insert(problems.end(), error.problems().begin(), error.problems().end());
  }
}

}  // namespace hindlimb
