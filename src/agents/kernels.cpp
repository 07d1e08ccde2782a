#include "agents/kernels.hpp"

namespace hindlimb::agents {

const Kernels& chosen_kernels() {
  static const Kernels* const kernels[] = {&baseline_kernels, &avx2_kernels, &avx512_kernels};
  return *kernels[static_cast<std::size_t>(chosen_instruction_set())];
}

}  // namespace hindlimb::agents
