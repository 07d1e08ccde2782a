#include "hindlimb/ensemble/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "ensemble/kernels.hpp"
#include "hindlimb/core/errors.hpp"

namespace hindlimb::ensemble {
namespace {

bool has(InstructionSet instruction_set) {
  switch (instruction_set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case InstructionSet::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
  }
  return false;
}

const KernelInfo& kernel(InstructionSet instruction_set) {
  static const KernelInfo* const kernels[] = {&baseline_kernel, &avx2_kernel, &avx512_kernel};
  return *kernels[static_cast<std::size_t>(instruction_set)];
}

std::string available() {
  std::string names;
  for (const InstructionSet one : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (has(one)) names += fmt::format("{}{}", names.empty() ? "" : ", ", instruction_set_names[static_cast<int>(one)]);
  }
  return names;
}

}  // namespace

InstructionSet chosen_instruction_set() {
  const char* const asked = std::getenv("HINDLIMB_ISA");
  if (asked == nullptr || *asked == '\0') {
    return has(InstructionSet::avx512) ? InstructionSet::avx512
           : has(InstructionSet::avx2) ? InstructionSet::avx2
                                       : InstructionSet::baseline;
  }
  const auto found = std::ranges::find(instruction_set_names, std::string_view(asked),
                                       [](const char* name) { return std::string_view(name); });
  if (found == std::end(instruction_set_names)) {
    throw Error(
        fmt::format("HINDLIMB_ISA is '{}', which is no instruction set; this machine has: {}", asked, available()));
  }
  const auto chosen = static_cast<InstructionSet>(found - std::begin(instruction_set_names));
  if (!has(chosen)) {
    throw Error(fmt::format("HINDLIMB_ISA is '{}', which this machine lacks; it has: {}", asked, available()));
  }
  return chosen;
}

std::size_t lanes(InstructionSet instruction_set, Precision precision) {
  const std::size_t f64 = kernel(instruction_set).f64_lanes;
  return precision == Precision::f64 ? f64 : 2 * f64;
}

void integrate(InstructionSet instruction_set, Precision precision, ode::Tolerance tolerance, Jobs jobs) {
  if (!has(instruction_set)) throw Error("this machine lacks the instruction set asked for; it has: " + available());
  const KernelInfo& info = kernel(instruction_set);
  (precision == Precision::f64 ? info.f64 : info.f32)(tolerance, ode::first_step(tolerance), jobs);
}

}  // namespace hindlimb::ensemble
