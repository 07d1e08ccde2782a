#include "agents/cells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/math.hpp"

namespace hindlimb::agents {
namespace {

using random::Purpose;

constexpr double hours_per_day = 24.0;
constexpr std::uint64_t before_the_first_step = ~std::uint64_t{0};

/// What a cell follows. Fibroblasts and ED2+ cells, which do not read what calls others, follow nothing: else they
/// would gather at rest too.
constexpr std::optional<Field> attractant_of(const Cell& cell) {
  if (cell.kind == CellKind::fibroblast) return std::nullopt;
  if (cell.kind == CellKind::satellite) return Field::hgf;
  const bool is_ed2 =
      cell.kind == CellKind::macrophage && cell.state == static_cast<std::uint8_t>(MacrophageState::ed2);
  return is_ed2 ? std::nullopt : std::optional(Field::mcp1);
}

/// The number below which this share of a Poisson distribution lies, by summing it up; large means in parts.
std::uint32_t poisson(double mean, const Luck& luck, std::uint64_t agent, std::uint64_t step) {
  constexpr double largest = 500.0;
  const auto n_parts = static_cast<std::uint64_t>(std::ceil(mean / largest));
  std::uint32_t total = 0;
  for (std::uint64_t part = 0; part < n_parts; ++part) {
    const double one = mean / static_cast<double>(n_parts);
    const double u = uniform_of(bits_of(luck, Purpose::arrival, (agent << 16) + part, step)[0]);
    double probability = math::exp(-one);
    double sum = probability;
    std::uint32_t k = 0;
    while (u > sum && k < std::numeric_limits<std::uint16_t>::max()) {
      probability *= one / ++k;
      sum += probability;
    }
    total += k;
  }
  return total;
}

template <class State>
constexpr std::uint8_t as_state(State state) {
  return static_cast<std::uint8_t>(state);
}

bool is(const Cell& cell, CellKind kind) { return cell.kind == kind; }
bool is_pax7(const Cell& cell) {
  return is(cell, CellKind::satellite) && cell.state != as_state(SatelliteState::committed);
}

/// As what a cell secretes; satellite cells only read.
std::optional<Source> source_of(const Cell& cell) {
  switch (cell.kind) {
    case CellKind::neutrophil:
      return Source::neutrophil;
    case CellKind::macrophage:
      return cell.state == as_state(MacrophageState::ed1) ? Source::ed1 : Source::ed2;
    case CellKind::satellite:
      return std::nullopt;
    case CellKind::fibroblast:
      return Source::fibroblast;
  }
  return std::nullopt;
}

void divide(const Cell& mother, std::uint8_t state, std::vector<Cell>& daughters) {
  Cell daughter = mother;
  daughter.state = state;
  daughters.push_back(daughter);  // its number is still that of its mother
}

AtRest at_rest_of(const Settings& settings, const Tissue& tissue, const laws::Coefficients<double>& p) {
  AtRest rest;
  const double area_mm2 = tissue.area_mm2();
  const double neutrophils = p.neutrophils_per_mm2 * area_mm2;
  const double ed1 = p.ed1_per_mm2 * area_mm2;
  const double ed2 = p.ed2_per_mm2 * area_mm2;
  const double pax7 = p.pax7_per_fibre * static_cast<double>(tissue.n_fibres());
  const double fibroblasts = settings.fibroblasts_per_mm2 * area_mm2;
  rest.sources = {neutrophils, ed1, ed2, fibroblasts};
  rest.readers = {neutrophils, ed1 + ed2, pax7, fibroblasts};
  return rest;
}

}  // namespace

/// What all cells of a step read.
struct Cells::Step {
  const Fibres& fibres;
  const Fields& fields;
  const Signals& now;
  Reading of_all;
  std::uint64_t number;
};

Cells::Cells(const Settings& settings, const Tissue& tissue, const laws::Coefficients<double>& p)
    : settings_(settings),
      tissue_(tissue),
      p_(p),
      once_(settings, p),
      at_rest_(at_rest_of(settings, tissue, p)),
      switching_(p.ed1_per_mm2 > 0.0 ? p.ed2_gain * p.ed2_per_mm2 * p.ed1_time_d / (p.ed1_per_mm2 * p.ed2_time_d)
                                     : 0.0),
      grid_(tissue) {
  add_at_rest();
}

void Cells::add_at_rest() {
  const auto add_some = [&](double mean, CellKind kind, std::uint8_t state, std::uint64_t draw) {
    const std::uint32_t n = poisson(mean, tissue_.luck, draw, before_the_first_step);
    for (std::uint32_t i = 0; i < n; ++i) {
      const auto bits = bits_of(tissue_.luck, Purpose::cell, next_id_, before_the_first_step);
      add(kind, state, {uniform_of(bits[0]) * tissue_.side_um, uniform_of(bits[1]) * tissue_.side_um});
    }
  };
  add_some(at_rest_.sources[static_cast<std::size_t>(Source::neutrophil)], CellKind::neutrophil,
           as_state(NeutrophilState::resident), 1);
  add_some(at_rest_.sources[static_cast<std::size_t>(Source::ed1)], CellKind::macrophage,
           as_state(MacrophageState::ed1), 2);
  add_some(at_rest_.sources[static_cast<std::size_t>(Source::ed2)], CellKind::macrophage,
           as_state(MacrophageState::ed2), 3);
  add_some(resting(CellKind::satellite), CellKind::satellite, as_state(SatelliteState::quiescent), 4);
  add_some(resting(CellKind::fibroblast), CellKind::fibroblast, 0, 5);
}

void Cells::add(CellKind kind, std::uint8_t state, const Point& place) {
  Cell cell{.id = next_id_++,
            .fibre = 0,
            .x_um = static_cast<float>(place.x),
            .y_um = static_cast<float>(place.y),
            .kind = kind,
            .state = state};
  if (kind == CellKind::satellite) cell.fibre = grid_.nearest(cell.x_um, cell.y_um);
  cells_.push_back(cell);
}

std::vector<Cell> Cells::picture() const {
  std::vector<Cell> cells = cells_;
  std::ranges::sort(cells, {}, &Cell::id);
  for (Cell& cell : cells) cell.fibre = grid_.nearest(cell.x_um, cell.y_um);
  return cells;
}

Counts Cells::counts() const {
  Counts counts;
  for (const Cell& cell : cells_) {
    switch (cell.kind) {
      case CellKind::neutrophil:
        ++counts.neutrophils;
        if (cell.state == as_state(NeutrophilState::called)) ++counts.called_neutrophils;
        break;
      case CellKind::macrophage:
        ++(cell.state == as_state(MacrophageState::ed1) ? counts.ed1 : counts.ed2);
        break;
      case CellKind::satellite:
        if (is_pax7(cell)) ++counts.pax7;
        break;
      case CellKind::fibroblast:
        ++counts.fibroblasts;
        break;
    }
  }
  return counts;
}

std::vector<Occupants> Cells::occupants(const Fields& fields) const {
  std::vector<Occupants> occupants(fields.n() * fields.n());
  for (const Cell& cell : cells_) {
    Occupants& at = occupants[fields.index_of(cell.x_um, cell.y_um)];
    ++at.readers[static_cast<std::size_t>(cell.kind)];
    if (const auto source = source_of(cell)) ++at.sources[static_cast<std::size_t>(*source)];
  }
  return occupants;
}

void Cells::advance(Fibres& fibres, const Fields& fields, const Signals& now, double damage, std::uint64_t number) {
  const Counts counts = this->counts();
  const Step step{.fibres = fibres,
                  .fields = fields,
                  .now = now,
                  .of_all = {.settings = settings_,
                             .p = p_,
                             .once = once_,
                             .fields = nullptr,
                             .damage = damage,
                             .pax7 = over_resting(counts.pax7, resting(CellKind::satellite)),
                             .fibroblasts = over_resting(counts.fibroblasts, resting(CellKind::fibroblast)),
                             .memory = now.massage_memory,
                             .switching = switching_,
                             .fibre_damage = damage,
                             .fibre_memory = now.massage_memory,
                             .fibre_gate = 0.0},
                  .number = number};
  std::vector<Proposal> proposals;
  proposals.reserve(cells_.size());
  for (const Cell& cell : cells_) proposals.push_back(propose(cell, step));
  apply(proposals, fibres);
  arrive(arrivals(counts, damage), fields, number);
}

Cells::Proposal Cells::propose(const Cell& cell, const Step& step) const {
  Reading reading = step.of_all;
  const std::size_t point = step.fields.index_of(cell.x_um, cell.y_um);
  reading.fields = step.fields.at(point);
  if (is(cell, CellKind::satellite)) {
    reading.fibre_damage = step.fibres.at(damage, cell.fibre);
    reading.fibre_memory = step.now.massage_memory * tissue_.strain[cell.fibre];
    if (!is_pax7(cell)) reading.fibre_gate = step.fibres.gate(cell.fibre);
  }
  const auto draws = bits_of(tissue_.luck, Purpose::cell, cell.id, step.number);
  std::array<double, 3> left{uniform_of(draws[0]), uniform_of(draws[1]), uniform_of(draws[2])};
  Proposal proposal{.x_um = cell.x_um, .y_um = cell.y_um};
  for (const Rule& rule : rules_of(cell.kind)) {
    if ((rule.states >> cell.state & 1U) == 0) continue;
    const double before = left[rule.draw];
    if (before < 0.0) continue;  // another rule has had this draw
    left[rule.draw] -= rule.chance(reading);
    proposal.fates[static_cast<std::size_t>(rule.fate)] = left[rule.draw] < 0.0;
  }
  move(cell, point, step, draws[3], proposal);
  return proposal;
}

double Cells::speed_um(const Cell& cell) const {
  const double step_h = to_days(settings_.step) * hours_per_day;
  switch (cell.kind) {
    case CellKind::neutrophil:
      return settings_.neutrophil_speed_um_per_h * step_h;
    case CellKind::macrophage:
      return settings_.macrophage_speed_um_per_h * step_h;
    case CellKind::satellite:
      return cell.state == as_state(SatelliteState::quiescent) ? 0.0 : settings_.satellite_speed_um_per_h * step_h;
    case CellKind::fibroblast:
      return settings_.fibroblast_speed_um_per_h * step_h;
  }
  return 0.0;
}

/// Up the gradient of what attracts it and into the blue; off the edges back into the section.
void Cells::move(const Cell& cell, std::size_t point, const Step& step, std::uint64_t draw, Proposal& proposal) const {
  const double way = speed_um(cell);
  if (way == 0.0) return;
  const std::optional<Field> attractant = attractant_of(cell);
  const double directed = attractant ? settings_.feedback * settings_.chemotaxis : 0.0;
  const Point rise = directed > 0.0 ? step.fields.rise(*attractant, point) : Point{};
  const double steepness = std::sqrt(rise.x * rise.x + rise.y * rise.y);
  constexpr double steep = 0.05;  // what is much less steep, as everywhere at rest, is not followed
  const double up = directed * steepness / (steepness * steepness + steep * steep);
  const auto free = [&](std::uint64_t half) { return static_cast<double>(half & 0xffffffffU) * 0x1p-31 - 1.0; };
  const auto reflected = [&](double um) {
    if (um >= 0.0 && um <= tissue_.side_um) return static_cast<float>(um);
    const double there_and_back = 2.0 * tissue_.side_um;
    const double folded = std::fmod(std::fabs(um), there_and_back);
    return static_cast<float>(folded > tissue_.side_um ? there_and_back - folded : folded);
  };
  proposal.x_um = reflected(cell.x_um + way * (up * rise.x + (1.0 - directed) * free(draw)));
  proposal.y_um = reflected(cell.y_um + way * (up * rise.y + (1.0 - directed) * free(draw >> 32)));
}

void Cells::apply(const std::vector<Proposal>& proposals, Fibres& fibres) {
  std::vector<Cell> daughters;
  std::vector<Cell> left;
  left.reserve(cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    Cell cell = cells_[i];
    const Proposal& proposal = proposals[i];
    const auto does = [&](Fate fate) { return proposal.fates[static_cast<std::size_t>(fate)]; };
    const bool has_moved = proposal.x_um != cell.x_um || proposal.y_um != cell.y_um;
    cell.x_um = proposal.x_um;
    cell.y_um = proposal.y_um;
    if (has_moved && is(cell, CellKind::satellite)) cell.fibre = grid_.nearest(cell.x_um, cell.y_um);
    if (does(Fate::rest)) cell.state = as_state(SatelliteState::quiescent);
    if (does(Fate::become_ed2)) cell.state = as_state(MacrophageState::ed2);
    if (does(Fate::divide_symmetric) || does(Fate::divide_asymmetric)) {
      cell.state = as_state(SatelliteState::activated);
      divide(cell, as_state(does(Fate::divide_symmetric) ? SatelliteState::activated : SatelliteState::committed),
             daughters);
    }
    if (does(Fate::divide)) divide(cell, cell.state, daughters);
    if (does(Fate::commit)) cell.state = as_state(SatelliteState::committed);
    if (does(Fate::fuse)) fibres.add_myonucleus(cell.fibre, 1.0 / p_.myonuclei_per_fibre);
    if (!does(Fate::leave) && !does(Fate::fuse)) left.push_back(cell);
  }
  std::ranges::sort(daughters, {}, &Cell::id);
  for (Cell& daughter : daughters) {
    daughter.id = next_id_++;
    left.push_back(daughter);
  }
  cells_ = std::move(left);
}

/// Means of those that come in a step and are there at its end, so that numbers follow the mean field's.
std::array<Cells::Arrivals, 4> Cells::arrivals(const Counts& counts, double damage) const {
  const auto resting = [&](Source source) { return at_rest_.sources[static_cast<std::size_t>(source)]; };
  const double neutrophils = resting(Source::neutrophil);
  const double called = neutrophils > 0.0 ? counts.called_neutrophils / neutrophils : 0.0;
  const double ed1 = resting(Source::ed1);
  const double n_ed1 = over_resting(counts.ed1, ed1);
  // ED2+ cells that do not come of ED1+ cells: all that the mean field has less those that switch
  const double switched = std::min(1.0, switching_) / (switching_ > 0.0 ? switching_ : 1.0) * p_.ed2_gain * n_ed1;
  const double ed2 = std::max(0.0, 1.0 - p_.ed2_gain + p_.ed2_gain * n_ed1 - switched);
  return {{{neutrophils * once_.neutrophil, CellKind::neutrophil, as_state(NeutrophilState::resident)},
           {neutrophils * once_.neutrophil * p_.own_neutrophil_gain * damage, CellKind::neutrophil,
            as_state(NeutrophilState::called)},
           {ed1 * once_.ed1 * (1.0 + p_.ed1_gain * called), CellKind::macrophage, as_state(MacrophageState::ed1)},
           {resting(Source::ed2) * once_.ed2 * ed2, CellKind::macrophage, as_state(MacrophageState::ed2)}}};
}

/// Summed up from the first capillary on: in proportion to MCP-1 as far as there is feedback.
std::vector<double> Cells::chances_of_capillaries(const Fields& fields) {
  if (capillary_points_.empty()) {
    for (const Point& capillary : tissue_.capillaries)
      capillary_points_.push_back(static_cast<std::uint32_t>(fields.index_of(capillary.x, capillary.y)));
  }
  std::vector<double> sums;
  sums.reserve(capillary_points_.size());
  double sum = 0.0;
  for (const std::uint32_t point : capillary_points_) {
    sum += 1.0 + settings_.feedback * (fields.at(point)[static_cast<std::size_t>(Field::mcp1)] - 1.0);
    sums.push_back(sum);
  }
  return sums;
}

/// Through capillaries, rather where MCP-1 is high.
void Cells::arrive(const std::array<Arrivals, 4>& arrivals, const Fields& fields, std::uint64_t step) {
  std::vector<double> sums;
  constexpr std::uint64_t first_draw = 16;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const std::uint32_t n = poisson(arrivals[i].mean, tissue_.luck, first_draw + i, step);
    if (n == 0) continue;
    if (sums.empty()) sums = chances_of_capillaries(fields);
    for (std::uint32_t k = 0; k < n; ++k) {
      const double place = uniform_of(bits_of(tissue_.luck, Purpose::cell, next_id_, step)[0]) * sums.back();
      const auto found = static_cast<std::size_t>(std::ranges::lower_bound(sums, place) - sums.begin());
      add(arrivals[i].kind, arrivals[i].state, tissue_.capillaries[std::min(found, sums.size() - 1)]);
    }
  }
}

void Cells::restore(std::vector<Cell> cells, std::uint32_t next_id) {
  const auto side_um = static_cast<float>(tissue_.side_um);
  const auto is_possible = [&](const Cell& cell) {
    const auto kind = static_cast<std::size_t>(cell.kind);
    return cell.id < next_id && cell.fibre < tissue_.n_fibres() && cell.x_um >= 0.0F && cell.x_um <= side_um &&
           cell.y_um >= 0.0F && cell.y_um <= side_um && kind < cell_kind_names.size() &&
           cell.state < cell_state_names[kind].size() && !cell_state_names[kind][cell.state].empty();
  };
  if (!std::ranges::all_of(cells, is_possible)) throw Error("the state is that of another section");
  cells_ = std::move(cells);
  next_id_ = next_id;
}

void Cells::shuffle(std::uint64_t seed) {
  for (std::size_t i = cells_.size(); i-- > 1;) {
    const double u = random::uniform({seed, Purpose::cell}, {0, 0, 0, i});
    std::swap(cells_[i], cells_[static_cast<std::size_t>(u * static_cast<double>(i + 1))]);
  }
}

}  // namespace hindlimb::agents
