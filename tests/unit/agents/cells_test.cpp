#include "agents/cells.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "hindlimb/laws/tissue.hpp"
#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

/// Fibres, fields and cells of one section, each under the test's hand.
struct Parts {
  explicit Parts(const Settings& settings, laws::Muscle muscle = medial, const Luck& luck = luck_of(3))
      : example(settings, muscle, luck) {}
  Parts(const Settings& settings, const laws::Coefficients<double>& p, const Luck& luck)
      : example(settings, medial, p, luck) {}

  /// Cells alone: fibres and fields stay as they are.
  void advance_cells(double damage, const Signals& signals = {}) {
    cells.advance(fibres, fields, signals, damage, step++);
  }

  std::map<std::uint32_t, Cell> by_id() const {
    std::map<std::uint32_t, Cell> all;
    for (const Cell& cell : cells.all()) all[cell.id] = cell;
    return all;
  }

  Example example;
  Fibres fibres{example.tissue, example.p};
  Cells cells{example.settings, example.tissue, example.p};
  Fields fields{example.settings, example.tissue, cells.at_rest()};
  std::uint64_t step = 0;
};

/// In the order: neutrophils, ED1+, ED2+, Pax7+, fibroblasts; multiples of the resting number.
std::array<double, 5> numbers_of(const Parts& parts) {
  const Counts c = parts.cells.counts();
  const AtRest& rest = parts.cells.at_rest();
  return {c.neutrophils / rest.sources[0], c.ed1 / rest.sources[1], c.ed2 / rest.sources[2], c.pax7 / rest.readers[2],
          c.fibroblasts / rest.sources[3]};
}
std::array<double, 5> resting_of(const Parts& parts) {
  const AtRest& rest = parts.cells.at_rest();
  return {rest.sources[0], rest.sources[1], rest.sources[2], rest.readers[2], rest.sources[3]};
}

/// Standard deviation of the mean over a time, relative, of a number that is Poisson with this mean and is renewed in
/// this time: 2 tau/T (1 - tau/T (1 - exp(-T/tau))) / mean. For Pax7+ cells, which commit while there are too many, and
/// whose number is held more tightly, a bound.
double scatter_of_mean(double mean, double time_d, double whole_d) {
  const double part = time_d / whole_d;
  return std::sqrt(2.0 * part * (1.0 - part * (1.0 - std::exp(-1.0 / part))) / mean);
}

TEST(CellsAtRest, AreAsManyAsTheDataSayAndPoisson) {
  constexpr int n_sections = 300;
  std::array<std::vector<double>, 5> counts;
  std::array<double, 5> expected{};
  for (std::uint64_t seed = 0; seed < n_sections; ++seed) {
    Settings settings = with_fibres(200);
    const Parts parts(settings, laws::Muscle::soleus, luck_of(seed));
    const std::array<double, 5> numbers = numbers_of(parts);
    for (std::size_t kind = 0; kind < 5; ++kind) {
      counts[kind].push_back(numbers[kind] * resting_of(parts)[kind]);
      expected[kind] += resting_of(parts)[kind] / n_sections;  // goes with the area of the section
    }
  }
  for (std::size_t kind = 0; kind < 5; ++kind) {
    // four standard errors; variance over mean of n Poisson numbers scatters by sqrt(2 / n) around 1
    EXPECT_NEAR(mean_of(counts[kind]), expected[kind], 4.0 * std::sqrt(expected[kind] / n_sections)) << kind;
    EXPECT_NEAR(std::pow(sd_of(counts[kind]), 2) / expected[kind], 1.0, 4.0 * std::sqrt(2.0 / n_sections)) << kind;
  }
}

TEST(CellsAtRest, LieAnywhereInTheSectionAndSatelliteCellsAtTheNearestFibre) {
  const Parts parts(with_fibres(900), laws::Muscle::soleus);
  const Tissue& tissue = parts.example.tissue;
  for (const Cell& cell : parts.cells.picture()) {
    const auto square = [&](const Point& site) {
      return (site.x - cell.x_um) * (site.x - cell.x_um) + (site.y - cell.y_um) * (site.y - cell.y_um);
    };
    double nearest = std::numeric_limits<double>::infinity();
    for (const Point& site : tissue.tiles.sites) nearest = std::min(nearest, square(site));
    ASSERT_EQ(square(tissue.tiles.sites[cell.fibre]), nearest);
  }
}

void expect_numbers_at_rest(double feedback, double bias) {
  Settings settings = with_fibres(10'000);
  settings.feedback = feedback;
  Parts parts(settings);
  constexpr double whole_d = 22.0;
  constexpr int n_steps = 880;
  std::array<double, 5> sums{};
  for (int step = 0; step < n_steps; ++step) {
    const std::vector<Occupants> occupants = parts.cells.occupants(parts.fields);
    parts.advance_cells(0.0);
    parts.fields.advance(occupants, parts.fibres.states()[damage], 0.0);
    const std::array<double, 5> numbers = numbers_of(parts);
    for (std::size_t kind = 0; kind < 5; ++kind) sums[kind] += numbers[kind] / n_steps;
  }
  const laws::Coefficients<double>& p = parts.example.p;
  const double times_d[] = {p.neutrophil_time_d, p.ed1_time_d, p.ed2_time_d, p.satellite_time_d,
                            settings.fibroblast_time_d};
  for (std::size_t kind = 0; kind < 5; ++kind) {
    EXPECT_NEAR(sums[kind], 1.0, bias + 4.0 * scatter_of_mean(resting_of(parts)[kind], times_d[kind], whole_d)) << kind;
  }
}

TEST(CellsAtRest, KeepTheirNumbersWithoutFeedback) { expect_numbers_at_rest(0.0, 0.0); }

/// What cells answer to a field bends: a field that varies has a little less effect than its mean.
TEST(CellsAtRest, NearlyKeepTheirNumbersWithFeedback) { expect_numbers_at_rest(1.0, 0.03); }

/// Means of the discrete model, step by step: exact, since without feedback all rules are linear.
struct Recursion {
  double called = 0.0;  ///< neutrophils, in multiples of the resting number
  double ed1 = 1.0;
  double ed2 = 1.0;
  double pax7 = 1.0;

  void advance(double damage, double memory, const Chances& once, const laws::Coefficients<double>& p) {
    const double switching = p.ed2_gain * p.ed2_per_mm2 * p.ed1_time_d / (p.ed1_per_mm2 * p.ed2_time_d);
    const double switched = once.ed1 * switching * p.ed1_per_mm2 / p.ed2_per_mm2;
    const Recursion old = *this;
    called += once.neutrophil * (p.own_neutrophil_gain * damage - old.called);
    ed1 += once.ed1 * (1.0 + p.ed1_gain * old.called - old.ed1);
    ed2 += once.ed2 * (1.0 - p.ed2_gain - old.ed2) + switched * old.ed1;
    pax7 += once.satellite * (laws::pax7_target(damage, memory, p) - old.pax7);
  }
};

double pulse(int step) { return step < 40 ? 0.12 * std::exp(-0.05 * step) : 0.0; }
double memory_of(int step) { return 0.8 * std::exp(-0.02 * step); }

/// So many residents that a tenth more or less called would show.
laws::Coefficients<double> crowded() {
  laws::Parameters<double> parameters = laws::default_parameters(laws::Muscle::soleus);
  parameters.neutrophils_per_mm2 = parameters.ed1_per_mm2 = 300.0;
  parameters.ed2_per_mm2 = 400.0;
  parameters.ed2_gain = 0.8;
  parameters.pax7_per_fibre = 1.0;
  return laws::coefficients(parameters);
}

/// Five standard errors of sections that differ: 20 numbers are compared.
TEST(CellsWithoutFeedback, FollowTheLinearLawsOfTheMeanField) {
  constexpr std::size_t n_sections = 20;
  const std::set<int> looked_at{10, 25, 50, 80, 119};
  std::map<int, std::array<std::vector<double>, 4>> found;
  std::map<int, Recursion> expected;
  const Settings settings = without_effects(with_fibres(1000));
  for (std::uint64_t seed = 0; seed < n_sections; ++seed) {
    Parts parts(settings, crowded(), luck_of(100 + seed));
    Recursion means;
    for (int step = 0; step < 120; ++step) {
      Signals signals;
      signals.massage_memory = memory_of(step);
      parts.advance_cells(pulse(step), signals);
      means.advance(pulse(step), memory_of(step), Chances(settings, parts.example.p), parts.example.p);
      if (!looked_at.contains(step)) continue;
      expected[step] = means;
      const std::array<double, 5> numbers = numbers_of(parts);
      for (std::size_t kind = 0; kind < 4; ++kind) found[step][kind].push_back(numbers[kind]);
    }
  }
  EXPECT_GT(expected[25].called, 1.0);  // the pulse is seen
  for (const int step : looked_at) {
    const Recursion& e = expected[step];
    const double means[] = {1.0 + e.called, e.ed1, e.ed2, e.pax7};
    for (std::size_t kind = 0; kind < 4; ++kind) {
      const std::vector<double>& numbers = found[step][kind];
      const double error = sd_of(numbers) / std::sqrt(double{n_sections});
      EXPECT_NEAR(mean_of(numbers), means[kind], 5.0 * error) << "kind " << kind << ", step " << step;
      EXPECT_LT(error, 0.02) << "kind " << kind << ", step " << step;
    }
  }
}

/// Satellite cells alone, that stay where they are and do one thing at a time.
Settings of_satellite_cells(double symmetric_share) {
  Settings settings = without_effects(with_fibres(400));
  settings.symmetric_share = symmetric_share;
  settings.satellite_turnover_per_d = 0.0;
  settings.satellite_speed_um_per_h = 0.0;
  return settings;
}

std::vector<Cell> new_satellite_cells(const Parts& parts, std::uint32_t first) {
  std::vector<Cell> cells;
  for (const Cell& cell : parts.cells.all()) {
    if (cell.id >= first && cell.kind == CellKind::satellite) cells.push_back(cell);
  }
  return cells;
}

TEST(SatelliteCells, ThatDivideSymmetricallyAddAPax7CellEach) {
  Parts parts(of_satellite_cells(1.0), laws::Muscle::soleus);
  const std::uint32_t first = parts.cells.next_id();
  const std::uint32_t before = parts.cells.counts().pax7;
  parts.advance_cells(9.0);
  const std::vector<Cell> daughters = new_satellite_cells(parts, first);
  ASSERT_GT(daughters.size(), 3);
  EXPECT_EQ(parts.cells.counts().pax7, before + daughters.size());
  std::size_t activated = 0;
  for (const auto& [id, cell] : parts.by_id()) {
    if (cell.kind == CellKind::satellite && cell.state == 1) ++activated;
  }
  EXPECT_EQ(activated, 2 * daughters.size());  // mothers too
}

/// Called for exactly as many Pax7+ cells as there are.
TEST(SatelliteCells, ThatDivideAsymmetricallyAddACommittedCellEach) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Parts parts(of_satellite_cells(0.05), laws::Muscle::soleus, luck_of(seed));
    const std::uint32_t first = parts.cells.next_id();
    const std::uint32_t before = parts.cells.counts().pax7;
    const double excess = numbers_of(parts)[3] - 1.0;
    if (excess < 0.1) continue;
    parts.advance_cells(excess / parts.example.p.satellite_damage_gain);
    const std::vector<Cell> daughters = new_satellite_cells(parts, first);
    EXPECT_GT(daughters.size(), 0) << seed;
    EXPECT_EQ(parts.cells.counts().pax7, before);
    for (const Cell& cell : daughters) EXPECT_EQ(cell.state, static_cast<std::uint8_t>(SatelliteState::committed));
  }
}

TEST(SatelliteCells, LieWhereTheirMothersLieAndAtTheirFibre) {
  Parts parts(of_satellite_cells(1.0), laws::Muscle::soleus);
  const std::uint32_t first = parts.cells.next_id();
  parts.advance_cells(9.0);
  for (const Cell& daughter : new_satellite_cells(parts, first)) {
    EXPECT_TRUE(std::ranges::any_of(parts.cells.all(), [&](const Cell& cell) {
      return cell.id < first && cell.x_um == daughter.x_um && cell.y_um == daughter.y_um &&
             cell.fibre == daughter.fibre && cell.kind == CellKind::satellite;
    }));
  }
}

/// Committed cells that vanish have fused or died: fibres gain whole myonuclei, no more than cells have vanished there.
TEST(CommittedCells, ThatFuseAddOneMyonucleusToTheirFibre) {
  laws::Parameters<double> parameters = laws::default_parameters(laws::Muscle::soleus);
  parameters.fusion_per_d = 1.0;
  const laws::Coefficients<double> p = laws::coefficients(parameters);
  Parts parts(of_satellite_cells(0.05), p, luck_of(3));
  std::ranges::fill(parts.fibres.states()[myofibrillar], 0.5);
  double fused = 0.0;
  double vanished = 0.0;
  for (int step = 0; step < 60; ++step) {
    const std::map<std::uint32_t, Cell> before = parts.by_id();
    const std::vector<double> myonuclei_before = parts.fibres.states()[myonuclei];
    parts.advance_cells(0.8);
    const std::map<std::uint32_t, Cell> after = parts.by_id();
    std::map<std::uint32_t, int> vanished_at;
    for (const auto& [id, cell] : before) {
      if (cell.kind != CellKind::satellite || after.contains(id)) continue;
      EXPECT_EQ(cell.state, static_cast<std::uint8_t>(SatelliteState::committed));
      ++vanished_at[cell.fibre];
      ++vanished;
    }
    for (std::uint32_t i = 0; i < parts.fibres.n(); ++i) {
      const double gained = (parts.fibres.at(myonuclei, i) - myonuclei_before[i]) * p.myonuclei_per_fibre;
      ASSERT_NEAR(gained, std::round(gained), 1e-12) << i;
      ASSERT_LE(std::round(gained), vanished_at[i]) << i;
      fused += std::round(gained);
    }
  }
  EXPECT_GT(fused, 0.1 * vanished);
  EXPECT_GT(vanished, 30);
}

TEST(CommittedCells, AddNoMyonucleusToAFibreOfFullSize) {
  Parts parts(of_satellite_cells(0.05), laws::Muscle::soleus);
  for (int step = 0; step < 100; ++step) parts.advance_cells(1.0);
  for (std::size_t i = 0; i < parts.fibres.n(); ++i) EXPECT_EQ(parts.fibres.at(myonuclei, i), 1.0);
}

TEST(CommittedCells, AddNoMyonucleusWhenTheLastPax7CellIsGone) {
  laws::Parameters<double> parameters = laws::default_parameters(medial);
  parameters.pax7_per_fibre = 0.3;
  Settings settings = of_satellite_cells(0.5);
  settings.fibres = 10;
  settings.satellite_turnover_per_d = 1.0;
  settings.commitment_time_d = 20.0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Parts parts(settings, laws::coefficients(parameters), luck_of(seed));
    std::ranges::fill(parts.fibres.states()[myofibrillar], 0.5);
    for (int step = 0; step < 400; ++step) {
      const bool is_gone = parts.cells.counts().pax7 == 0;
      const std::vector<double> before = parts.fibres.states()[myonuclei];
      parts.advance_cells(0.0);
      if (is_gone) {
        ASSERT_EQ(parts.fibres.states()[myonuclei], before) << seed;
      }
    }
  }
}

TEST(Cells, HaveNumbersThatNoOtherHasOrHad) {
  Parts parts(with_fibres(300), laws::Muscle::soleus);
  std::uint32_t seen = 0;
  for (int step = 0; step < 200; ++step) {
    const std::uint32_t first = parts.cells.next_id();
    const std::map<std::uint32_t, Cell> before = parts.by_id();
    parts.advance_cells(0.2);
    std::set<std::uint32_t> ids;
    for (const Cell& cell : parts.cells.all()) {
      EXPECT_TRUE(ids.insert(cell.id).second);
      EXPECT_TRUE(cell.id < first ? before.contains(cell.id) : cell.id < parts.cells.next_id());
    }
    seen = std::max(seen, parts.cells.next_id());
  }
  EXPECT_GT(seen, 800);
}

TEST(Cells, StayInsideTheSectionHoweverFastTheyAre) {
  for (const std::int64_t step_min : {36, 240}) {
    const double speed_um_per_h = 1000.0;
    Settings settings = with_fibres(100);
    settings.step = Minutes{step_min};
    settings.neutrophil_speed_um_per_h = settings.macrophage_speed_um_per_h = settings.fibroblast_speed_um_per_h =
        settings.satellite_speed_um_per_h = speed_um_per_h;
    Parts parts(settings, laws::Muscle::soleus);
    const auto side_um = static_cast<float>(parts.example.tissue.side_um);
    std::size_t at_an_edge = 0;
    std::size_t all = 0;
    for (int step = 0; step < 100; ++step) {
      parts.advance_cells(0.1);
      for (const Cell& cell : parts.cells.all()) {
        ASSERT_TRUE(cell.x_um >= 0.0F && cell.x_um <= side_um && cell.y_um >= 0.0F && cell.y_um <= side_um);
        ASSERT_LT(cell.fibre, 100);
        if (cell.kind == CellKind::satellite || cell.id >= 30) continue;  // of the first cells: none has arrived
        ++all;
        if (cell.x_um == 0.0F || cell.y_um == 0.0F) ++at_an_edge;
      }
    }
    EXPECT_LT(at_an_edge, all / 100 + 1) << step_min;
  }
}

TEST(Cells, MoveAsFarAsTheySay) {
  Settings settings = without_effects(with_fibres(2000));
  Parts parts(settings);
  const std::map<std::uint32_t, Cell> before = parts.by_id();
  parts.advance_cells(0.0);
  const double speeds[] = {settings.neutrophil_speed_um_per_h, settings.macrophage_speed_um_per_h, 0.0,
                           settings.fibroblast_speed_um_per_h};
  for (const auto& [id, cell] : parts.by_id()) {
    if (!before.contains(id)) continue;
    const double way_um = 0.6 * speeds[static_cast<std::size_t>(cell.kind)];
    EXPECT_LE(std::fabs(cell.x_um - before.at(id).x_um), way_um + 1e-3);
    EXPECT_LE(std::fabs(cell.y_um - before.at(id).y_um), way_um + 1e-3);
  }
}

/// Half of the way is free; of the other half, rise^2 / (rise^2 + 0.05^2) leads up the gradient. Four standard errors.
TEST(Cells, GoUpTheGradientOfTheirAttractant) {
  for (const bool is_along_x : {true, false}) {
    Settings settings = with_fibres(12000);
    Parts parts(settings);
    const std::size_t n = parts.fields.n();
    for (std::size_t i = 0; i < n * n; ++i) {
      const auto place = static_cast<double>(is_along_x ? i % n : i / n);
      parts.fields.values()[i * field_lanes] = std::exp(0.1 * place);  // MCP-1
    }
    const std::map<std::uint32_t, Cell> before = parts.by_id();
    parts.advance_cells(0.0);
    const double edge_um = 0.1 * parts.example.tissue.side_um;
    std::array<std::vector<double>, 2> up;      // of macrophages and of fibroblasts
    std::array<std::vector<double>, 2> across;  // the same
    for (const auto& [id, cell] : parts.by_id()) {
      const bool is_macrophage =
          cell.kind == CellKind::macrophage && cell.state == static_cast<std::uint8_t>(MacrophageState::ed1);
      if ((!is_macrophage && cell.kind != CellKind::fibroblast) || !before.contains(id)) continue;
      const Cell& old = before.at(id);
      const auto is_inside = [&](float um) { return um > edge_um && um < 9.0 * edge_um; };
      if (!is_inside(old.x_um) || !is_inside(old.y_um)) continue;
      const double dx = cell.x_um - old.x_um;
      const double dy = cell.y_um - old.y_um;
      up[is_macrophage ? 0 : 1].push_back(is_along_x ? dx : dy);
      across[is_macrophage ? 0 : 1].push_back(is_along_x ? dy : dx);
    }
    const auto error = [](const std::vector<double>& way) {
      return 4.0 * sd_of(way) / std::sqrt(static_cast<double>(way.size()));
    };
    const double rise = std::tanh(0.1);
    const double expected_um =
        0.6 * settings.macrophage_speed_um_per_h * settings.chemotaxis * rise * rise / (rise * rise + 0.0025);
    EXPECT_NEAR(mean_of(up[0]), expected_um, error(up[0]));
    EXPECT_NEAR(mean_of(across[0]), 0.0, error(across[0]));
    EXPECT_NEAR(mean_of(up[1]), 0.0, error(up[1]));  // fibroblasts follow nothing
    EXPECT_NEAR(mean_of(across[1]), 0.0, error(across[1]));
  }
}

/// Share of called neutrophils and macrophages in the damaged quarter of a section after two days.
double share_in_the_damaged_quarter(double feedback, CellKind kind, std::size_t& n) {
  Settings settings = with_fibres(3000);
  settings.feedback = feedback;
  Parts parts(settings, laws::Muscle::soleus);
  const Tissue& tissue = parts.example.tissue;
  const auto is_there = [&](double x, double y) { return x < 0.5 * tissue.side_um && y < 0.5 * tissue.side_um; };
  for (std::size_t i = 0; i < tissue.n_fibres(); ++i) {
    parts.fibres.states()[damage][i] = is_there(tissue.tiles.sites[i].x, tissue.tiles.sites[i].y) ? 0.4 : 0.0;
  }
  for (int step = 0; step < 80; ++step) {
    const std::vector<Occupants> occupants = parts.cells.occupants(parts.fields);
    parts.advance_cells(0.1);
    parts.fields.advance(occupants, parts.fibres.states()[damage], 0.0);
  }
  n = 0;
  double inside = 0.0;
  for (const Cell& cell : parts.cells.all()) {
    if (cell.kind != kind) continue;
    ++n;
    if (is_there(cell.x_um, cell.y_um)) ++inside;
  }
  return inside / static_cast<double>(n);
}

TEST(MacrophagesAndNeutrophils, GatherWhereFibresAreDamaged) {
  for (const CellKind kind : {CellKind::macrophage, CellKind::neutrophil}) {
    std::size_t n = 0;
    EXPECT_GT(share_in_the_damaged_quarter(1.0, kind, n), 0.35);
  }
}

/// A quarter of them: four standard deviations.
TEST(MacrophagesAndNeutrophils, AreEverywhereAlikeWithoutFeedback) {
  for (const CellKind kind : {CellKind::macrophage, CellKind::neutrophil}) {
    std::size_t n = 0;
    const double share = share_in_the_damaged_quarter(0.0, kind, n);
    EXPECT_NEAR(share, 0.25, 4.0 * std::sqrt(0.25 * 0.75 / static_cast<double>(n)));
  }
}

TEST(SatelliteCells, DivideAtTheFibresThatAreDamaged) {
  for (const double feedback : {0.0, 1.0}) {
    Settings settings = of_satellite_cells(1.0);
    settings.fibres = 4000;
    settings.feedback = feedback;
    Parts parts(settings, laws::Muscle::soleus);
    for (std::size_t i = 0; i < 2000; ++i) parts.fibres.states()[damage][i] = 1.0;
    const std::uint32_t first = parts.cells.next_id();
    parts.advance_cells(0.5);
    std::size_t damaged = 0;
    const std::vector<Cell> daughters = new_satellite_cells(parts, first);
    for (const Cell& cell : daughters) damaged += cell.fibre < 2000 ? 1U : 0U;
    const double share = static_cast<double>(damaged) / static_cast<double>(daughters.size());
    if (feedback == 0.0) {
      EXPECT_NEAR(share, 0.5, 4.0 * 0.5 / std::sqrt(static_cast<double>(daughters.size())));
    } else {
      EXPECT_GT(share, 0.9);
    }
  }
}

TEST(Cells, WithoutResidentOnesOfAKindHaveTheOthersAsEver) {
  laws::Parameters<double> parameters = laws::default_parameters(medial);
  parameters.ed1_per_mm2 = 0.0;
  const laws::Coefficients<double> p = laws::coefficients(parameters);
  std::vector<double> ed2;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Parts parts(without_effects(with_fibres(1000)), p, luck_of(seed));
    for (int step = 0; step < 400; ++step) parts.advance_cells(0.0);
    EXPECT_EQ(parts.cells.counts().ed1, 0);
    ed2.push_back(numbers_of(parts)[2]);
  }
  EXPECT_NEAR(mean_of(ed2), 1.0, 4.0 * sd_of(ed2) / std::sqrt(20.0));
}

}  // namespace
}  // namespace hindlimb::agents
