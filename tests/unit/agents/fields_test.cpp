#include "agents/fields.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>

#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

double uniform(std::uint64_t i, std::size_t word = 0) {
  return uniform_of(bits_of(luck_of(29), random::Purpose::cell, i, 3)[word]);
}

/// Nothing decays, is secreted or taken up. The spread is in (spacing)^2 per step, about.
Settings diffusing(double ratio, std::int64_t fibres) {
  Settings settings = with_fibres(fibres);
  const double spacing_um = 50.0;
  const double speed = ratio * spacing_um * spacing_um / (to_days(settings.step) * 86400.0);
#define HINDLIMB_FIELD(name, ...)                \
  settings.name##_diffusivity_um2_per_s = speed; \
  settings.name##_half_life_h = 1e30;
#include "hindlimb/agents/fields.def"
  return settings;
}

/// Fields that begin anywhere, with as many occupants of each kind as it is told.
struct FieldsExample {
  explicit FieldsExample(const Settings& settings, const AtRest& at_rest = {})
      : example(settings), fields(example.settings, example.tissue, at_rest) {}

  void begin_anywhere() {
    for (std::size_t i = 0; i < fields.values().size(); ++i) {
      fields.values()[i] = i % field_lanes < n_fields ? 2.0 * uniform(i) : 0.0;
    }
  }
  void begin_with_a_spike(std::size_t point) {
    std::ranges::fill(fields.values(), 0.0);
    for (std::size_t f = 0; f < n_fields; ++f) fields.values()[point * field_lanes + f] = 1.0;
  }
  void advance() { fields.advance(occupants, damage, memory); }
  std::size_t n_points() const { return fields.n() * fields.n(); }

  Example example;
  Fields fields;
  std::vector<Occupants> occupants{std::vector<Occupants>(n_points())};
  std::vector<double> damage{std::vector<double>(example.tissue.n_fibres(), 0.0)};
  double memory = 0.0;
};

template <class Visit>
void for_each_field(Visit visit) {
  for (std::size_t f = 0; f < n_fields; ++f) visit(static_cast<Field>(f), field_table[f]);
}

std::vector<const Kernels*> kernels_of_this_machine() {
  std::vector<const Kernels*> kernels{&baseline_kernels};
  if (has(InstructionSet::avx2)) kernels.push_back(&avx2_kernels);
  if (has(InstructionSet::avx512)) kernels.push_back(&avx512_kernels);
  return kernels;
}

class Diffusion : public testing::TestWithParam<double> {
 protected:
  FieldsExample it_{diffusing(GetParam(), 200)};
};

INSTANTIATE_TEST_SUITE_P(Ratios, Diffusion, testing::Values(0.0, 0.3, 7.0, 300.0, 6e4),
                         [](const auto& one) { return "Case" + std::to_string(one.index); });

/// Roundings grow with the ratio: the matrix is 1 + 4 ratio times as large as what it changes.
TEST_P(Diffusion, LosesAndMakesNothing) {
  it_.begin_anywhere();
  for (int step = 0; step < 20; ++step) {
    std::array<double, n_fields> before{};
    for_each_field([&](Field f, auto&) { before[static_cast<std::size_t>(f)] = it_.fields.total(f); });
    it_.advance();
    for_each_field([&](Field f, const FieldInfo& info) {
      const double total = before[static_cast<std::size_t>(f)];
      EXPECT_NEAR(it_.fields.total(f), total, 1e-14 * (1.0 + GetParam()) * total) << info.name;
    });
  }
}

TEST_P(Diffusion, NeverGoesBeyondWhatWasThere) {
  it_.begin_anywhere();
  for (int step = 0; step < 20; ++step) {
    const auto [low, high] = std::ranges::minmax(it_.fields.picture(Field::tnf));
    it_.advance();
    const auto [new_low, new_high] = std::ranges::minmax(it_.fields.picture(Field::tnf));
    EXPECT_GE(new_low, low * (1.0 - 1e-14 * (1.0 + GetParam())));
    EXPECT_LE(new_high, high * (1.0 + 1e-14 * (1.0 + GetParam())));
  }
}

TEST_P(Diffusion, FallsOffFromASpikeWithoutOscillating) {
  const std::size_t n = it_.fields.n();
  const std::size_t row = 4;
  const std::size_t column = 6;
  it_.begin_with_a_spike(row * n + column);
  it_.advance();
  const std::vector<double> field = it_.fields.picture(Field::hgf);
  for (const double value : field) ASSERT_GE(value, 0.0);
  for (std::size_t i = column; i + 1 < n; ++i) EXPECT_LE(field[row * n + i + 1], field[row * n + i]);
  for (std::size_t i = column; i > 0; --i) EXPECT_LE(field[row * n + i - 1], field[row * n + i]);
  for (std::size_t i = row; i + 1 < n; ++i) EXPECT_LE(field[(i + 1) * n + column], field[i * n + column]);
  for (std::size_t i = row; i > 0; --i) EXPECT_LE(field[(i - 1) * n + column], field[i * n + column]);
}

/// (1 + ratio L) of one line, whose ends let nothing through.
Eigen::MatrixXd line_matrix(std::size_t n, double ratio) {
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
  for (Eigen::Index i = 0; i + 1 < size; ++i) {
    matrix(i, i) += ratio;
    matrix(i + 1, i + 1) += ratio;
    matrix(i, i + 1) -= ratio;
    matrix(i + 1, i) -= ratio;
  }
  return matrix;
}

/// Along x, then along y.
TEST_P(Diffusion, IsThatOfDenseMatrices) {
  const auto n = static_cast<Eigen::Index>(it_.fields.n());
  it_.begin_anywhere();
  const double spacing_um = it_.fields.spacing_um();
  const double ratio = it_.example.settings.igf1_diffusivity_um2_per_s * to_days(it_.example.settings.step) * 86400.0 /
                       (spacing_um * spacing_um);
  const std::vector<double> start = it_.fields.picture(Field::igf1);
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> rows(start.data(), n,
                                                                                                      n);
  const Eigen::PartialPivLU<Eigen::MatrixXd> matrix(line_matrix(it_.fields.n(), ratio));
  const Eigen::MatrixXd along_x = matrix.solve(rows.transpose()).transpose();
  const Eigen::MatrixXd both = matrix.solve(along_x);
  it_.advance();
  const std::vector<double> field = it_.fields.picture(Field::igf1);
  for (Eigen::Index i = 0; i < n * n; ++i) {
    EXPECT_NEAR(field[static_cast<std::size_t>(i)], both(i / n, i % n), 1e-13 * (1.0 + ratio));
  }
}

TEST(Fields, SpreadByTheirDiffusivity) {
  FieldsExample it(with_fibres(900));
  const std::size_t middle = 15 * it.fields.n() + 15;
  it.begin_with_a_spike(middle);
  FieldsExample none(with_fibres(900));  // without the spike: what is secreted
  std::ranges::fill(none.fields.values(), 0.0);
  it.advance();
  none.advance();
  const auto n = static_cast<double>(it.fields.n());
  for_each_field([&](Field f, const FieldInfo& info) {
    const std::vector<double> with = it.fields.picture(f);
    const std::vector<double> without = none.fields.picture(f);
    double sum = 0.0;
    double square_um2 = 0.0;
    for (std::size_t i = 0; i < with.size(); ++i) {
      const double dx_um = (static_cast<double>(i % it.fields.n()) - 15.0) * it.fields.spacing_um();
      sum += with[i] - without[i];
      square_um2 += (with[i] - without[i]) * dx_um * dx_um;
    }
    // an implicit step has the variance 2 D dt of the exact one, but for what reaches the edges
    const double expected_um2 = 2.0 * info.diffusivity_um2_per_s * to_days(it.example.settings.step) * 86400.0;
    ASSERT_LT(std::sqrt(expected_um2), 0.3 * n * it.fields.spacing_um());
    EXPECT_NEAR(square_um2 / sum, expected_um2, 0.05 * expected_um2) << info.name;
    EXPECT_NEAR(sum, std::exp2(-0.6 / info.half_life_h), 1e-9) << info.name;  // a step of 36 min
  });
}

TEST(Fields, WithoutDiffusivityStayWhereTheyAre) {
  FieldsExample it(diffusing(0.0, 50));
  it.begin_anywhere();
  const std::vector<double> start = it.fields.values();
  it.advance();
  EXPECT_EQ(it.fields.values(), start);
}

/// Twice as many steps of half the length.
TEST(Fields, DecayAsAnExponential) {
  for (const std::int64_t step_min : {36, 72, 144}) {
    Settings settings = with_fibres(50);
    settings.step = Minutes{step_min};
    FieldsExample it(settings);
    FieldsExample none(settings);
    for (double& value : it.fields.values()) value += 3.0;
    for (std::int64_t time = 0; time < 288; time += step_min) {
      it.advance();
      none.advance();
    }
    for_each_field([&](Field f, const FieldInfo& info) {
      const double left = (it.fields.total(f) - none.fields.total(f)) / static_cast<double>(it.n_points());
      EXPECT_NEAR(left, 3.0 * std::exp2(-4.8 / info.half_life_h), 1e-12) << info.name;
    });
  }
}

/// As many secrete and take up everywhere as do at rest on average.
TEST(Fields, KeepTheirMeanAtRest) {
  AtRest at_rest;
  const std::size_t n_points = 196;  // of 190 fibres
  for (std::size_t s = 0; s < n_sources; ++s) at_rest.sources[s] = static_cast<double>((s + 2) * n_points);
  for (std::size_t r = 0; r < at_rest.readers.size(); ++r) {
    at_rest.readers[r] = static_cast<double>((2 * r + 3) * n_points);
  }
  FieldsExample it(with_fibres(190), at_rest);
  ASSERT_EQ(it.n_points(), n_points);
  for (Occupants& one : it.occupants) one = {{2, 3, 4, 5}, {3, 5, 7, 9}};
  for (int step = 0; step < 100; ++step) it.advance();
  for_each_field([&](Field f, const FieldInfo& info) {
    EXPECT_NEAR(it.fields.total(f), static_cast<double>(n_points), 1e-9) << info.name;
  });
}

TEST(Fields, BeginAtOne) {
  FieldsExample it(with_fibres(190));
  for_each_field([&](Field f, auto&) {
    for (const double value : it.fields.picture(f)) EXPECT_EQ(value, 1.0);
  });
}

/// What a step adds, of who secretes, in units of what keeps the resting mean.
TEST(Fields, AreMadeByThoseWhoSecreteThem) {
  const AtRest at_rest{{3.0, 11.0, 40.0, 17.0}, {}};
  FieldsExample it(with_fibres(100), at_rest);
  FieldsExample rest(with_fibres(100), at_rest);
  it.occupants[37] = {.sources = {2, 7, 4, 9}};
  it.damage[5] = 0.3;
  it.damage[71] = 0.4;
  it.memory = 0.6;
  it.advance();
  rest.advance();
  for_each_field([&](Field f, const FieldInfo& info) {
    const Secretion& s = info.secretion;
    const double more = 2.0 * s.neutrophil + 7.0 * s.ed1 + 4.0 * s.ed2 + 9.0 * s.fibroblast + 0.7 * s.damage +
                        0.6 * 100.0 * s.massage;  // the strain of 100 fibres is 1 on average
    const double all = 100.0 * s.fibre + 3.0 * s.neutrophil + 11.0 * s.ed1 + 40.0 * s.ed2 + 17.0 * s.fibroblast;
    const double lost = 1.0 - std::exp2(-0.6 / info.half_life_h);
    const double expected = static_cast<double>(it.n_points()) * lost * more / all;
    EXPECT_NEAR(it.fields.total(f) - rest.fields.total(f), expected, 1e-9 * (1.0 + expected)) << info.name;
  });
}

TEST(Fields, AreTakenUpWhereTheirReadersAre) {
  FieldsExample it(diffusing(0.0, 100));
  for (std::size_t kind = 0; kind < cell_kind_names.size(); ++kind) it.occupants[40 + kind].readers[kind] = 6;
  it.advance();
  for_each_field([&](Field f, const FieldInfo& info) {
    for (std::size_t i = 0; i < it.n_points(); ++i) {
      const bool is_read = i == 40 + static_cast<std::size_t>(info.reader);
      EXPECT_NEAR(it.fields.picture(f)[i], is_read ? 1.0 / (1.0 + 6.0 * 0.6 * info.uptake_per_h) : 1.0, 1e-15);
    }
  });
}

TEST(Fields, RiseByTheirRelativeSlope) {
  FieldsExample it(with_fibres(100));
  const std::size_t n = it.fields.n();
  for (std::size_t i = 0; i < it.n_points(); ++i) {
    const std::size_t column = i % n;
    const std::size_t row = i / n;
    it.fields.values()[i * field_lanes + static_cast<std::size_t>(Field::hgf)] =
        10.0 + 3.0 * static_cast<double>(column) - 0.5 * static_cast<double>(row);
  }
  const std::size_t place = 4 * n + 6;
  EXPECT_NEAR(it.fields.rise(Field::hgf, place).x, 3.0 / 26.0, 1e-15);
  EXPECT_NEAR(it.fields.rise(Field::hgf, place).y, -0.5 / 26.0, 1e-15);
  EXPECT_EQ(it.fields.rise(Field::mcp1, place).x, 0.0);
  EXPECT_EQ(it.fields.rise(Field::hgf, 0).x, 0.0);  // at the edge, through which nothing passes
  EXPECT_EQ(it.fields.rise(Field::hgf, 4 * n).x, 0.0);
  EXPECT_NEAR(it.fields.rise(Field::hgf, 4 * n).y, -0.5 / 8.0, 1e-15);
}

TEST(Fields, FindTheGridPointOfAPlace) {
  FieldsExample it(with_fibres(90));
  const std::size_t n = it.fields.n();
  const double side_um = it.example.tissue.side_um;
  ASSERT_EQ(n, 10);
  EXPECT_EQ(it.fields.index_of(0.0, 0.0), 0);
  EXPECT_EQ(it.fields.index_of(side_um, 0.0), n - 1);
  EXPECT_EQ(it.fields.index_of(0.33 * side_um, 0.78 * side_um), 7 * n + 3);
  EXPECT_EQ(it.fields.index_of(-1.0, 2.0 * side_um), 9 * n);
}

TEST(FieldKernels, HaveTheSameBitsOnEveryInstructionSet) {
  constexpr std::size_t n = 17;
  const auto numbers = [](std::size_t size, std::size_t word) {
    std::vector<double> all(size);
    for (std::size_t i = 0; i < size; ++i) all[i] = uniform(i, word);
    return all;
  };
  constexpr std::size_t n_fibres = 300;
  std::vector<Occupants> occupants(n * n);
  std::vector<std::size_t> points(n_fibres);
  for (std::size_t i = 0; i < n * n; ++i) {
    for (std::size_t kind = 0; kind < n_sources; ++kind) {
      occupants[i].sources[kind] = static_cast<std::uint16_t>(3.0 * uniform(i, kind));
      occupants[i].readers[kind] = static_cast<std::uint16_t>(5.0 * uniform(i + n * n, kind));
    }
  }
  for (std::size_t i = 0; i < n_fibres; ++i) points[i] = static_cast<std::size_t>(n * n * uniform(i, 1));
  std::vector<double> sources(n * n * field_lanes);
  const std::vector<double> secreted = numbers(n_sources * field_lanes, 1);
  const std::vector<double> taken_up = numbers(n_readers * field_lanes, 2);
  const std::vector<double> damage = numbers(n_fibres, 2);
  const std::vector<double> strain = numbers(n_fibres, 3);
  const std::vector<double> of_fibres = numbers(5 * field_lanes, 3);
  const std::vector<double> pivots = numbers(n * field_lanes, 0);
  std::vector<std::vector<double>> ends;
  for (const Kernels* kernels : kernels_of_this_machine()) {
    std::vector<double>& values = ends.emplace_back(numbers(n * n * field_lanes, 0));
    kernels->advance_fields({.n = n,
                             .values = values.data(),
                             .sources = sources.data(),
                             .occupants = occupants.data(),
                             .secreted = secreted.data(),
                             .taken_up = taken_up.data(),
                             .n_fibres = n_fibres,
                             .points = points.data(),
                             .damage = damage.data(),
                             .strain = strain.data(),
                             .by_fibre = of_fibres.data(),
                             .by_damage = of_fibres.data() + field_lanes,
                             .by_strain = of_fibres.data() + 2 * field_lanes,
                             .decay = of_fibres.data() + 3 * field_lanes,
                             .ratio = of_fibres.data() + 4 * field_lanes,
                             .pivots = pivots.data()});
    EXPECT_EQ(values, ends[0]);
  }
}

TEST(ChosenKernels, AreThoseOfTheEnvironment) {
  const WithEnvironment isa("HINDLIMB_ISA", "baseline");
  EXPECT_EQ(&chosen_kernels(), &baseline_kernels);
}

}  // namespace
}  // namespace hindlimb::agents
