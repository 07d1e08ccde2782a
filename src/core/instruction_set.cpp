#include "hindlimb/core/instruction_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {

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

std::string available_instruction_sets() {
  std::string names;
  for (const InstructionSet one : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (has(one)) names += fmt::format("{}{}", names.empty() ? "" : ", ", instruction_set_names[static_cast<int>(one)]);
  }
  return names;
}

InstructionSet chosen_instruction_set() {
  // Nobody here sets a variable of the environment.
  const char* const asked = std::getenv("HINDLIMB_ISA");  // NOLINT(concurrency-mt-unsafe)
  if (asked == nullptr || *asked == '\0') {
    return has(InstructionSet::avx512) ? InstructionSet::avx512
           : has(InstructionSet::avx2) ? InstructionSet::avx2
                                       : InstructionSet::baseline;
  }
  const auto found = std::ranges::find(instruction_set_names, std::string_view(asked),
                                       [](const char* name) { return std::string_view(name); });
  if (found == std::end(instruction_set_names)) {
    throw InputError("HINDLIMB_ISA", fmt::format("is '{}', which is no instruction set; this machine has: {}", asked,
                                                 available_instruction_sets()));
  }
  const auto chosen = static_cast<InstructionSet>(found - std::begin(instruction_set_names));
  if (!has(chosen)) {
    throw InputError("HINDLIMB_ISA",
                     fmt::format("is '{}', which this machine lacks; it has: {}", asked, available_instruction_sets()));
  }
  return chosen;
}

}  // namespace hindlimb
