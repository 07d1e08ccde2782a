#pragma once

#include <memory>

#include "sim/solve.hpp"

namespace hindlimb::sim {

/// SUNDIALS CVODE as a reference: Adams methods of variable order, begun anew at every stop of the protocol.
class Cvode {
 public:
  /// @throws Error if this program was built without CVODE
  explicit Cvode(const scenario::Solver& solver);
  Cvode(Cvode&&) noexcept;
  ~Cvode();

  void integrate(Task& task);

 private:
  void give_up(Task& task) const;

  struct Workspace;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace hindlimb::sim
