#pragma once

#include <vector>

#include "agents/fibre_grid.hpp"
#include "agents/fibres.hpp"
#include "agents/fields.hpp"
#include "hindlimb/agents/rules.hpp"

namespace hindlimb::agents {

/// Numbers of cells in a section.
struct Counts {
  std::uint32_t neutrophils = 0;
  std::uint32_t called_neutrophils = 0;
  std::uint32_t ed1 = 0;
  std::uint32_t ed2 = 0;
  std::uint32_t pax7 = 0;
  std::uint32_t fibroblasts = 0;
};

/// A number of cells in multiples of the resting one; 1 where there are none at rest.
inline double over_resting(double count, double resting) { return resting > 0.0 ? count / resting : 1.0; }

/// The cells of a section: they read, propose, and then all proposals are applied.
class Cells {
 public:
  /// Those that are there at rest: their numbers are draws from Poisson distributions.
  Cells(const Settings& settings, const Tissue& tissue, const laws::Coefficients<double>& p);

  /// @param damage  mean over the fibres and the step
  void advance(Fibres& fibres, const Fields& fields, const Signals& now, double damage, std::uint64_t step);

  const std::vector<Cell>& all() const { return cells_; }
  /// All, by number, each with the fibre at which it lies.
  std::vector<Cell> picture() const;
  Counts counts() const;
  /// At rest, means.
  const AtRest& at_rest() const { return at_rest_; }
  double resting(CellKind kind) const { return at_rest_.readers[static_cast<std::size_t>(kind)]; }
  std::vector<Occupants> occupants(const Fields& fields) const;

  /// Each of its cells, and the number that the next one gets.
  /// @throws Error if there is a cell that cannot be in the section; its cells are as before then
  void restore(std::vector<Cell> cells, std::uint32_t next_id);
  std::uint32_t next_id() const { return next_id_; }
  void shuffle(std::uint64_t seed);

 private:
  struct Step;
  /// What a cell has proposed.
  struct Proposal {
    std::array<bool, fate_names.size()> fates{};
    float x_um = 0.0F;
    float y_um = 0.0F;
  };
  /// A number of cells that come in a step, and what they are.
  struct Arrivals {
    double mean;
    CellKind kind;
    std::uint8_t state;
  };

  Proposal propose(const Cell& cell, const Step& step) const;
  void move(const Cell& cell, std::size_t point, const Step& step, std::uint64_t draw, Proposal& proposal) const;
  void apply(const std::vector<Proposal>& proposals, Fibres& fibres);
  std::array<Arrivals, 4> arrivals(const Counts& counts, double damage) const;
  void arrive(const std::array<Arrivals, 4>& arrivals, const Fields& fields, std::uint64_t step);
  std::vector<double> chances_of_capillaries(const Fields& fields);
  void add_at_rest();
  void add(CellKind kind, std::uint8_t state, const Point& place);
  double speed_um(const Cell& cell) const;

  const Settings& settings_;
  const Tissue& tissue_;
  const laws::Coefficients<double>& p_;
  Chances once_;
  AtRest at_rest_;
  double switching_;  ///< share of leaving ED1+ cells that become ED2+
  std::vector<Cell> cells_;
  std::uint32_t next_id_ = 0;
  FibreGrid grid_;
  std::vector<std::uint32_t> capillary_points_;  ///< on the grid of the fields, once they are needed
};

}  // namespace hindlimb::agents
