#include "hindlimb/ensemble/ensemble.hpp"

#include "ensemble/kernels.hpp"
#include "hindlimb/core/errors.hpp"

namespace hindlimb::ensemble {
namespace {

const KernelInfo& kernel(InstructionSet instruction_set) {
  static const KernelInfo* const kernels[] = {&baseline_kernel, &avx2_kernel, &avx512_kernel};
  return *kernels[static_cast<std::size_t>(instruction_set)];
}

}  // namespace

std::size_t lanes(InstructionSet instruction_set, Precision precision) {
  const std::size_t f64 = kernel(instruction_set).f64_lanes;
  return precision == Precision::f64 ? f64 : 2 * f64;
}

void integrate(InstructionSet instruction_set, Precision precision, ode::Tolerance tolerance, Jobs jobs) {
  if (!has(instruction_set))
    throw Error("this machine lacks the instruction set asked for; it has: " + available_instruction_sets());
  const KernelInfo& info = kernel(instruction_set);
  (precision == Precision::f64 ? info.f64 : info.f32)(tolerance, ode::first_step(tolerance), jobs);
}

}  // namespace hindlimb::ensemble
