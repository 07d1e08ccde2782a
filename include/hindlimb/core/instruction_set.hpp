#pragma once

#include <string>

/// Instruction sets that the program has kernels for.
namespace hindlimb {

enum class InstructionSet { baseline, avx2, avx512 };  ///< widest last
inline constexpr const char* instruction_set_names[] = {"baseline", "avx2", "avx512"};

/// Whether this machine can run it.
bool has(InstructionSet instruction_set);

/// Names of those that this machine has, with commas.
std::string available_instruction_sets();

/// The widest instruction set that this machine has, or the one that the environment variable HINDLIMB_ISA names.
///
/// @throws InputError if HINDLIMB_ISA names none or one that this machine lacks, saying which there are
InstructionSet chosen_instruction_set();

}  // namespace hindlimb
