#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/agents/tissue.hpp"
#include "hindlimb/laws/fibre.hpp"

namespace hindlimb {
class ByteWriter;
}

namespace hindlimb::agents {

struct Kernels;  ///< the loops that take the time, for one instruction set

/// What a fibre has of its own; multiples of the weight-bearing value, as in the mean field.
enum FibreState : std::size_t {
  efficiency,
  rna,
  rna_saved,
  proteolysis,
  myofibrillar,
  cytosolic,
  mitochondrial,
  damage,
  myonuclei,
  labelled_myofibrillar,
  labelled_cytosolic,
  labelled_mitochondrial,
  labelled_rna,
  n_fibre_states
};

/// What a whole muscle feels, by the protocol alone, at one instant.
struct Signals {
  double load_signal = 1.0;
  double load_history = 1.0;
  double readiness = 1.0;
  double tolerance = 1.0;
  double massage_memory = 0.0;
  double perfusion = 0.0;
  double humoral_signal = 0.0;
  double neural_signal = 0.0;
  double body_water = 0.0;
};

enum class MacrophageState : std::uint8_t { ed1 = 0, ed2 = 1 };
enum class SatelliteState : std::uint8_t { quiescent = 0, activated = 1, committed = 2 };
enum class NeutrophilState : std::uint8_t { resident = 0, called = 1 };
inline constexpr std::array<std::array<std::string_view, 3>, 4> cell_state_names{
    {{"resident", "called", ""},
     {"ED1+", "ED2+", ""},
     {"quiescent", "activated", "committed"},
     {"fibroblast", "", ""}}};

struct Cell {
  std::uint32_t id;     ///< unique in the section
  std::uint32_t fibre;  ///< of a satellite cell; in a picture, the one at which any cell lies
  float x_um;
  float y_um;
  CellKind kind;
  std::uint8_t state;        ///< of the kind
  std::uint16_t unused = 0;  ///< so that equal cells have equal bytes

  bool operator==(const Cell&) const = default;
};

/// Means over a section, as the mean field has them. Pools and fluxes are weighted by the areas of the fibres at their
/// set points, numbers of cells are multiples of the resident number.
struct Means {
  std::array<double, n_fibre_states> fibre{};
  laws::FibreFluxes<double> fluxes{};
  double neutrophils = 1.0;
  double ed1 = 1.0;
  double ed2 = 1.0;
  double pax7 = 1.0;
  double fibroblasts = 1.0;
  double dna = 1.0;
  double labelled_dna = 0.0;
  double collagen_dynamic = 1.0;
  double collagen_stable = 1.0;
  double labelled_collagen = 0.0;
  double extracellular = 1.0;
  double label_growth = 0.0;
  double csa_um2 = 0.0;                    ///< mean over the fibres of the section
  laws::ByType<double> csa_by_type_um2{};  ///< NaN for a type that the section does not have
};

/// A section at one instant, to be looked at.
struct Picture {
  double side_um = 0.0;
  std::vector<Cell> cells;
  std::vector<double> fibre_csa_um2;
  std::vector<double> fibre_damage;
  std::vector<double> fibre_myonuclei;      ///< multiples of the resting number
  std::vector<std::vector<double>> fields;  ///< each [n][n], rows along y
};

/// One section of one muscle of one limb of one animal, from weight bearing on.
///
/// A step: fibres are carried on by the rate laws of the mean field; then every cell reads the old state and proposes
/// by the rules (rules.hpp) what becomes of it, and all proposals are applied; cells arrive; fields decay, are
/// secreted, taken up and diffuse. No number depends on the order of the cells, nor on the instruction set.
class Section {
 public:
  /// @param settings, tissue  must live as long
  /// @param p       coefficients of the muscle of the animal, as for the tissue
  /// @param kernels  change no number; those of chosen_instruction_set() if none are given
  Section(const Settings& settings, const Tissue& tissue, const laws::Coefficients<double>& p,
          const Kernels* kernels = nullptr);
  Section(Section&&) noexcept;
  ~Section();

  /// @param signals  at the start, in the middle and at the end of the step
  /// @param step     its number, for the draws
  /// @param label    share of the step that lies after D2O was given
  void advance(const std::array<Signals, 3>& signals, std::uint64_t step, double label);

  Means means(const Signals& now) const;
  Picture picture() const;
  const std::vector<Cell>& cells() const;
  std::size_t n_fibres() const;
  /// Fibres and cells advanced by one step, summed over all steps so far.
  std::uint64_t n_updates() const;

  /// Adds all that changes, as bytes.
  void save(ByteWriter& bytes) const;
  /// Puts it back.
  /// @throws Error if they are of another section; this one is as before then
  void restore(std::string_view bytes);

  /// Puts the cells into another order, to show that it does not matter.
  void shuffle_cells(std::uint64_t seed);

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace hindlimb::agents
