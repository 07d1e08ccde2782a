#include "hindlimb/agents/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

/// By the engine alone: the distributions of the standard library differ between libraries.
class Dice {
 public:
  double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1p-53;
  }
  /// Now and then an end of the interval.
  double within(double low, double high) {
    const double draw = uniform(0.0, 1.0);
    return draw < 0.1 ? low : draw < 0.2 ? high : uniform(low, high);
  }
  /// From 0 to very much.
  double amount() { return uniform(0.0, 1.0) < 0.1 ? 0.0 : std::exp(uniform(-10.0, 10.0)); }

 private:
  std::mt19937_64 engine_{11};
};

Settings any_settings(Dice& dice) {
  Settings settings;
  settings.step = Minutes{static_cast<std::int64_t>(dice.within(1.0, 240.0))};
#define HINDLIMB_AGENT_PARAMETER(name, symbol, unit, low, high, ...) settings.name = dice.within(low, high);
#include "hindlimb/agents/parameters.def"
  return settings;
}

laws::Coefficients<double> any_coefficients(Dice& dice) {
  laws::Parameters<double> parameters = laws::default_parameters(medial);
  for (std::size_t i = 0; i < laws::n_parameters; ++i) {
    const laws::ParameterInfo& info = laws::parameter_table[i];
    if (info.name.starts_with("fraction_type")) continue;
    parameters.*laws::parameter_members<double>[i] = dice.within(info.low, info.high);
  }
  return laws::coefficients(parameters);
}

/// What a cell may read anywhere in the box of settings and parameters.
struct AnyReading {
  explicit AnyReading(Dice& dice) : settings(any_settings(dice)), p(any_coefficients(dice)), once(settings, p) {
    for (double& field : fields) field = dice.amount();
    reading.damage = dice.amount();
    reading.pax7 = dice.amount();
    reading.fibroblasts = dice.amount();
    reading.memory = dice.amount();
    reading.switching = dice.amount();
    reading.fibre_damage = dice.amount();
    reading.fibre_memory = dice.amount();
    reading.fibre_gate = dice.within(-1.0, 1.0);
  }
  AnyReading(const AnyReading&) = delete;

  Settings settings;
  laws::Coefficients<double> p;
  Chances once;
  std::array<double, n_fields> fields{};
  Reading reading{settings, p, once, fields.data(), 0, 0, 0, 0, 0, 0, 0, 0};
};

/// A cell at rest, with all fields at their resting mean.
struct AtRestReading {
  explicit AtRestReading(double feedback = 1.0) {
    settings.feedback = feedback;
    fields.fill(1.0);
  }
  AtRestReading(const AtRestReading&) = delete;

  double chance(std::string_view name) const {
    const auto found = std::ranges::find(rules(), name, &Rule::name);
    EXPECT_NE(found, rules().end()) << name;
    return found->chance(reading);
  }

  Settings settings;
  laws::Coefficients<double> p = coefficients_of(medial);
  Chances once{settings, p};
  std::array<double, n_fields> fields{};
  Reading reading{settings, p, once, fields.data(), 0.0, 1.0, 1.0, 0.0, 0.3, 0.0, 0.0, 0.0};
};

/// A cell that reads must be counted: without Pax7+ cells none divides, without fibroblasts none does.
bool may_apply(const Rule& rule, const Reading& reading) {
  if (rule.kind == CellKind::fibroblast) return reading.fibroblasts > 0.0;
  const bool is_of_committed = rule.states == 1U << static_cast<unsigned>(SatelliteState::committed);
  return rule.kind != CellKind::satellite || is_of_committed || reading.pax7 > 0.0;
}

constexpr int n_readings = 20'000;
constexpr double roundings = 1e-15;

TEST(Rules, HaveChancesBetweenNoneAndCertainty) {
  Dice dice;
  for (int i = 0; i < n_readings; ++i) {
    const AnyReading any(dice);
    for (const Rule& rule : rules()) {
      if (!may_apply(rule, any.reading)) continue;
      const double chance = rule.chance(any.reading);
      ASSERT_TRUE(chance >= -roundings && chance <= 1.0) << rule.name << ": " << chance;  // NaN is neither
    }
  }
}

TEST(Rules, ThatShareADrawAddUpToCertaintyAtMost) {
  Dice dice;
  for (int i = 0; i < n_readings; ++i) {
    const AnyReading any(dice);
    for (std::size_t kind = 0; kind < cell_kind_names.size(); ++kind) {
      for (unsigned state = 0; state < 3; ++state) {
        std::array<double, 3> sums{};
        for (const Rule& rule : rules()) {
          if (rule.kind != CellKind(kind) || (rule.states >> state & 1U) == 0 || !may_apply(rule, any.reading))
            continue;
          sums.at(rule.draw) += rule.chance(any.reading);
        }
        for (const double sum : sums) ASSERT_LE(sum, 1.0 + roundings) << cell_kind_names[kind] << " " << state;
      }
    }
  }
}

TEST(Rules, ShareADrawOnlyIfTheyAreOfOneKindAndExcludeEachOther) {
  for (const Rule& rule : rules()) {
    EXPECT_LT(rule.draw, 3) << rule.name;
    EXPECT_NE(rule.states, 0) << rule.name;
    EXPECT_FALSE(rule.formula.empty()) << rule.name;
    EXPECT_FALSE(rule.source.empty()) << rule.name;
  }
}

/// At rest as many come as go, whatever the feedback.
TEST(Rules, BalanceAtRest) {
  for (const double feedback : {0.0, 0.4, 1.0}) {
    const AtRestReading rest(feedback);
    EXPECT_NEAR(rest.chance("satellite cell divides, symmetric"), rest.chance("satellite cell commits"), roundings);
    EXPECT_GT(rest.chance("satellite cell commits"), 0.0);
    EXPECT_EQ(rest.chance("fibroblast divides"), rest.chance("fibroblast dies"));
    EXPECT_EQ(rest.chance("committed cell fuses"), 0.0);
  }
}

TEST(Rules, LetAThingHappenOnceInItsTime) {
  const AtRestReading rest;
  EXPECT_NEAR(rest.chance("neutrophil clears"), 1.0 - std::exp(-0.025 / rest.p.neutrophil_time_d), 1e-15);
  EXPECT_NEAR(rest.chance("ED2+ leaves"), 1.0 - std::exp(-0.025 / rest.p.ed2_time_d), 1e-15);
  EXPECT_NEAR(rest.chance("ED1+ leaves") + rest.chance("ED1+ switches"), 1.0 - std::exp(-0.025 / rest.p.ed1_time_d),
              1e-15);
  EXPECT_NEAR(rest.chance("ED1+ switches"), 0.3 * (1.0 - std::exp(-0.025 / rest.p.ed1_time_d)), 1e-15);
  EXPECT_NEAR(rest.chance("satellite cell rests"), 1.0 - std::exp(-0.025 / rest.settings.activation_time_d), 1e-15);
  EXPECT_NEAR(rest.chance("fibroblast dies"), 1.0 - std::exp(-0.025 / rest.settings.fibroblast_time_d), 1e-15);
}

/// Each field that a rule reads moves its chance, and no other does.
TEST(Rules, ReadTheFieldsThatTheyName) {
  for (const Rule& rule : rules()) {
    AtRestReading rest;
    rest.reading.damage = rest.reading.fibre_damage = 0.1;
    rest.reading.pax7 = 1.05;
    rest.reading.fibre_gate = 0.2;
    const double before = rule.chance(rest.reading);
    for (std::size_t f = 0; f < n_fields; ++f) {
      rest.fields[f] = 2.0;
      const bool is_named = rule.reads.find(field_table[f].long_name) != std::string_view::npos ||
                            (rule.reads == "the same" && Field(f) == Field::igf1);
      EXPECT_EQ(rule.chance(rest.reading) != before, is_named) << rule.name << ", " << field_table[f].name;
      rest.fields[f] = 1.0;
    }
  }
}

TEST(Rules, WithoutFeedbackReadNoFieldAndNoFibreButForItsGate) {
  for (const Rule& rule : rules()) {
    AtRestReading rest(0.0);
    rest.reading.damage = rest.reading.fibre_damage = 0.1;
    rest.reading.pax7 = 1.05;
    rest.reading.fibre_gate = 0.2;
    const double before = rule.chance(rest.reading);
    rest.fields.fill(7.0);
    rest.reading.fibre_damage = 0.9;
    rest.reading.fibre_memory = 0.4;
    EXPECT_EQ(rule.chance(rest.reading), before) << rule.name;
  }
}

TEST(SatelliteCells, DivideWhileFewerThanCalledAndCommitWhileMore) {
  AtRestReading few;
  few.reading.pax7 = 0.7;
  AtRestReading many;
  many.reading.pax7 = 1.4;
  EXPECT_GT(few.chance("satellite cell divides, symmetric"), few.chance("satellite cell commits"));
  EXPECT_LT(many.chance("satellite cell divides, symmetric"), many.chance("satellite cell commits"));
  // per cell: the rise of the mean field over the number there is
  EXPECT_NEAR(few.chance("satellite cell divides, symmetric") - few.chance("satellite cell commits"),
              few.once.satellite * 0.3 / 0.7, 1e-15);
  EXPECT_NEAR(many.chance("satellite cell commits") - many.chance("satellite cell divides, symmetric"),
              many.once.satellite * 0.4 / 1.4, 1e-15);
}

/// Fusions of all fibres in a day: fusion_per_d (S - 1) G, as in the mean field, of the cells that commit.
TEST(CommittedCells, FuseAsOftenAsTheMeanFieldHas) {
  AtRestReading it(0.0);
  it.reading.damage = it.reading.fibre_damage = 0.2;
  it.reading.pax7 = 1.1;
  it.reading.fibre_gate = 0.4;
  const double committing_per_fibre_d =
      1.1 * it.p.pax7_per_fibre *
      (it.chance("satellite cell divides, asymmetric") + it.chance("satellite cell commits")) / it.once.satellite /
      it.p.satellite_time_d;
  const double fusing_per_fibre_d = committing_per_fibre_d * it.chance("committed cell fuses") / it.once.commitment;
  EXPECT_NEAR(fusing_per_fibre_d, it.p.fusion_per_d * 0.1 * 0.4 * it.p.myonuclei_per_fibre, 1e-12);
}

TEST(CommittedCells, DieAndDoNotFuseWhereNothingGrows) {
  for (const double turnover_per_d : {0.0, 0.02}) {
    for (const double pax7 : {0.0, 0.5, 1.0, 1.7}) {
      AtRestReading it;
      it.settings.satellite_turnover_per_d = turnover_per_d;
      it.reading.pax7 = pax7;
      EXPECT_EQ(it.chance("committed cell fuses"), 0.0) << pax7;
      EXPECT_EQ(it.chance("committed cell dies"), it.once.commitment) << pax7;
    }
  }
}

TEST(CommittedCells, DoNotFuseWhenThePoolIsEmptyOrNotRaised) {
  AtRestReading it;
  it.reading.fibre_gate = 0.5;
  for (const double pax7 : {0.0, 0.6, 1.0}) {
    it.reading.pax7 = pax7;
    EXPECT_EQ(it.chance("committed cell fuses"), 0.0) << pax7;
  }
}

TEST(Local, IsOneAtRestAndBoundedByFeedback) {
  for (const double feedback : {0.0, 0.3, 1.0}) {
    AtRestReading it(feedback);
    EXPECT_EQ(it.reading.local(Field::tnf), 1.0);
    it.fields[1] = 0.0;
    EXPECT_EQ(it.reading.local(Field::tnf), 1.0 - feedback);
    it.fields[1] = 1e9;
    EXPECT_NEAR(it.reading.local(Field::tnf), 1.0 + feedback, 1e-8);
    EXPECT_EQ(it.reading.local(Field::il10), 1.0);
  }
}

}  // namespace
}  // namespace hindlimb::agents
