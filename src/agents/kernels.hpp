#pragma once

#include <cstddef>

#include "hindlimb/agents/section.hpp"
#include "hindlimb/core/instruction_set.hpp"
#include "hindlimb/laws/coefficients.hpp"

/// The two loops that take the time, once for each instruction set. Each lane has the bits of a plain number.
namespace hindlimb::agents {

/// The states of fibres and what tells fibres apart, a number for each fibre; n is a multiple of widest_pack.
struct FibreArrays {
  std::size_t n;
  double* states[n_fibre_states];
  const double* sensitivity;
  const double* turnover_per_d;
  const double* response;
  const double* strain;
};
inline constexpr std::size_t widest_pack = 8;

/// A step of the fibres: what acts on them at its start, middle and end.
struct FibreStep {
  double length_d;
  Signals signals[3];
  const laws::Coefficients<double>* coefficients;
};

/// Numbers that stand side by side at a grid point: the fields, and what fills up a pack.
inline constexpr std::size_t field_lanes = 8;

/// A step of the fields on n x n points, shape [n][n][field_lanes]: decay and sources, uptake, diffusion along x, then
/// along y. Tridiagonal systems with ends that let nothing through, factored once.
struct FieldStep {
  std::size_t n;
  double* values;
  const double* sources;  ///< added by the step, same shape
  const double* uptake;   ///< taken up in the step over what is left, same shape
  const double* decay;    ///< what is left of a value, shape [field_lanes]
  const double* ratio;    ///< diffusivity x step / spacing^2, shape [field_lanes]
  const double* pivots;   ///< inverse pivots of the elimination, shape [n][field_lanes]
};

struct Kernels {
  void (*advance_fibres)(const FibreArrays& fibres, const FibreStep& step);
  void (*advance_fields)(const FieldStep& step);
};

extern const Kernels baseline_kernels;
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;

/// @throws Error as chosen_instruction_set()
const Kernels& chosen_kernels();

}  // namespace hindlimb::agents
