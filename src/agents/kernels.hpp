#pragma once

#include <cstddef>
#include <cstdint>

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

/// Those who secrete, each counted at a grid point.
enum class Source : std::size_t { neutrophil, ed1, ed2, fibroblast, n };
inline constexpr auto n_sources = static_cast<std::size_t>(Source::n);
inline constexpr std::size_t n_readers = cell_kind_names.size();

/// What is at one grid point: cells that secrete and cells that read.
struct Occupants {
  std::uint16_t sources[n_sources] = {};
  std::uint16_t readers[n_readers] = {};
};

/// A step of the fields on n x n points, shape [n][n][field_lanes]: decay and sources, uptake, diffusion along x, then
/// along y. Tridiagonal systems with ends that let nothing through, factored once.
struct FieldStep {
  std::size_t n;
  double* values;
  double* sources;             ///< room for what is added, same shape
  const Occupants* occupants;  ///< shape [n][n]
  const double* secreted;      ///< by one cell, shape [n_sources][field_lanes]
  const double* taken_up;      ///< by one reader over what is left, shape [n_readers][field_lanes]
  std::size_t n_fibres;
  const std::size_t* points;  ///< where fibres secrete, shape [n_fibres]
  const double* damage;       ///< shape [n_fibres]
  const double* strain;       ///< under massage, shape [n_fibres]
  const double* by_fibre;     ///< secreted by each, shape [field_lanes]
  const double* by_damage;    ///< the same over its damage
  const double* by_strain;    ///< the same over its strain
  const double* decay;        ///< what is left of a value, shape [field_lanes]
  const double* ratio;        ///< diffusivity x step / spacing^2, shape [field_lanes]
  const double* pivots;       ///< inverse pivots of the elimination, shape [n][field_lanes]
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
