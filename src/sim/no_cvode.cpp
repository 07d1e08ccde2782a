#include "hindlimb/core/errors.hpp"
#include "sim/cvode.hpp"

namespace hindlimb::sim {

struct Cvode::Workspace {};

Cvode::Cvode(const scenario::Solver&) {
  throw Error("solver.method: this program was built without CVODE; \"scalar\" and \"ensemble\" are there");
}
Cvode::Cvode(Cvode&&) noexcept = default;
Cvode::~Cvode() = default;
void Cvode::integrate(Task&) {}
void Cvode::give_up(Task&) const {}

}  // namespace hindlimb::sim
