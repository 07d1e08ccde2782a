#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "hindlimb/core/time.hpp"

/// A cross-section of fibres and cells: the same model at histological scale.
namespace hindlimb::agents {

/// The signals that diffuse over a section.
enum class Field : std::size_t {
#define HINDLIMB_FIELD(name, ...) name,
#include "hindlimb/agents/fields.def"
};

enum class CellKind : std::uint8_t { neutrophil = 0, macrophage = 1, satellite = 2, fibroblast = 3 };
inline constexpr std::array<std::string_view, 4> cell_kind_names{"neutrophil", "macrophage", "satellite", "fibroblast"};

/// Who secretes a field: a number for each, against each other.
struct Secretion {
  double fibre;
  double damage;
  double massage;
  double neutrophil;
  double ed1;
  double ed2;
  double fibroblast;
};

struct FieldInfo {
  std::string_view name;
  std::string_view long_name;
  double diffusivity_um2_per_s;
  double half_life_h;
  std::string_view source;
  Secretion secretion;
  double uptake_per_h;  ///< by each reader, of what is on its grid point
  CellKind reader;
};

inline constexpr FieldInfo field_table[] = {
#define HINDLIMB_FIELD(name, long_name, diffusivity, half_life, source, fibre, damage, massage, neutrophil, ed1, ed2, \
                       fibroblast, uptake, reader)                                                                    \
  {                                                                                                                   \
      #name,     long_name,       diffusivity,                                                                        \
      half_life, source,          {fibre, damage, massage, neutrophil, ed1, ed2, fibroblast},                         \
      uptake,    CellKind::reader},
#include "hindlimb/agents/fields.def"
};
inline constexpr std::size_t n_fields = std::size(field_table);

/// What can be chosen of the agent layer.
struct Settings {
  std::int64_t fibres = 1000;        ///< of a section
  Minutes step{36};                  ///< of the rules
  std::vector<Minutes> snapshots{};  ///< times at which fibres, cells and fields are kept
  std::int64_t snapshot_rats = 1;    ///< of each arm, whose snapshots are kept
#define HINDLIMB_AGENT_PARAMETER(name, symbol, unit, low, high, value, ...) double name = value;
#include "hindlimb/agents/parameters.def"
#define HINDLIMB_FIELD(name, long_name, diffusivity, half_life, ...) \
  double name##_diffusivity_um2_per_s = diffusivity;                 \
  double name##_half_life_h = half_life;
#include "hindlimb/agents/fields.def"
};

}  // namespace hindlimb::agents
