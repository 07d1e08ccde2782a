#pragma once

#include <span>
#include <string_view>

#include "hindlimb/agents/section.hpp"

namespace hindlimb::agents {

/// Chances that what happens once in a time on average happens in a step: the same for all cells.
struct Chances {
  Chances(const Settings& settings, const laws::Coefficients<double>& p);

  double neutrophil;
  double ed1;
  double ed2;
  double satellite;
  double activation;
  double commitment;
  double fibroblast;
};

/// What a cell reads of the old state.
struct Reading {
  const Settings& settings;
  const laws::Coefficients<double>& p;
  const Chances& once;
  const double* fields;  ///< where the cell is, shape [n_fields]
  // of the section
  double damage;       ///< mean over the fibres
  double pax7;         ///< Pax7+ cells, in multiples of the resting number
  double fibroblasts;  ///< the same of fibroblasts
  double memory;       ///< of massage
  double switching;    ///< share of leaving ED1+ cells that become ED2+, without feedback
  // of its fibre
  double fibre_damage;
  double fibre_memory;
  double fibre_gate;

  double field(Field field) const { return fields[static_cast<std::size_t>(field)]; }
  /// How a field changes a chance: 1 at rest or without feedback, at most 1 + feedback, at least 1 - feedback.
  double local(Field one) const {
    const double value = field(one);
    return 1.0 + settings.feedback * (2.0 * value / (1.0 + value) - 1.0);
  }
};

/// What becomes of a cell.
enum class Fate { leave, become_ed2, divide_symmetric, divide_asymmetric, commit, rest, fuse, divide };
inline constexpr std::array<std::string_view, 8> fate_names{"leaves or dies",
                                                            "becomes ED2+",
                                                            "divides into two activated Pax7+ cells",
                                                            "divides into an activated Pax7+ and a committed cell",
                                                            "commits: Pax7- from now on",
                                                            "is quiescent again",
                                                            "fuses with its fibre, which gains a myonucleus",
                                                            "divides into two"};

/// One thing that cells of a kind may do in a step.
struct Rule {
  std::string_view name;
  CellKind kind;
  unsigned states;  ///< of the kind, as bits
  Fate fate;
  std::size_t draw;  ///< which of the cell's three numbers of a step decides; rules that share it exclude each other
  double (*chance)(const Reading& reading);  ///< in a step, 0 to 1
  std::string_view reads;
  std::string_view formula;  ///< of the chance
  std::string_view source;
};

/// All rules, in the order in which their fates are applied.
std::span<const Rule> rules();
/// Those of cells of a kind, in the same order.
std::span<const Rule> rules_of(CellKind kind);

}  // namespace hindlimb::agents
