#include "hindlimb/agents/tissue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

constexpr std::int64_t many = 20'000;

/// Made once: tests only look at it.
const Example& large() {
  static const Example example(with_fibres(many));
  return example;
}

std::vector<double> those_of_type(const Tissue& tissue, std::size_t type, const std::vector<double>& of_fibres) {
  std::vector<double> chosen;
  for (std::size_t i = 0; i < tissue.n_fibres(); ++i) {
    if (tissue.types[i] == type) chosen.push_back(of_fibres[i]);
  }
  return chosen;
}

void expect_same_fibres(const Tissue& a, const Tissue& b) {
  EXPECT_EQ(a.types, b.types);
  EXPECT_EQ(a.areas_um2, b.areas_um2);
  EXPECT_EQ(a.sensitivity, b.sensitivity);
  EXPECT_EQ(a.turnover_per_d, b.turnover_per_d);
  EXPECT_EQ(a.response, b.response);
  EXPECT_EQ(a.strain, b.strain);
}

void expect_same(const Tissue& a, const Tissue& b) {
  EXPECT_EQ(a.side_um, b.side_um);
  expect_same_fibres(a, b);
  EXPECT_EQ(a.tiles.areas, b.tiles.areas);
  ASSERT_EQ(a.capillaries.size(), b.capillaries.size());
  for (std::size_t i = 0; i < a.capillaries.size(); ++i) {
    EXPECT_EQ(a.capillaries[i].x, b.capillaries[i].x);
    EXPECT_EQ(a.capillaries[i].y, b.capillaries[i].y);
  }
}

TEST(Tissue, FillsItsSquareWithTiles) {
  const Tissue& tissue = large().tissue;
  const double sum = std::accumulate(tissue.tiles.areas.begin(), tissue.tiles.areas.end(), 0.0);
  EXPECT_NEAR(sum, tissue.side_um * tissue.side_um, 1e-9 * sum);
}

TEST(Tissue, LeavesTheSpaceBetweenFibres) {
  const auto& [settings, p, tissue] = large();
  const double fibres = std::accumulate(tissue.areas_um2.begin(), tissue.areas_um2.end(), 0.0);
  EXPECT_NEAR(1.0 - fibres / (tissue.side_um * tissue.side_um), p.extracellular_fraction, 1e-12);
  EXPECT_NEAR(tissue.area_mm2(), tissue.side_um * tissue.side_um / 1e6, 1e-12);
}

/// Binomial: four standard deviations.
TEST(Tissue, HasFibreTypesInTheSharesOfTheMuscle) {
  const auto& [settings, p, tissue] = large();
  for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
    const double share = p.type_fraction[type];
    const double found = static_cast<double>(std::ranges::count(tissue.types, type)) / static_cast<double>(many);
    EXPECT_NEAR(found, share, 4.0 * std::sqrt(share * (1.0 - share) / static_cast<double>(many)));
  }
}

/// Four standard errors of a mean, and of the standard deviation of a log-normal distribution (nearly twice normal).
TEST(Tissue, HasFibresOfTheSizesOfTheMuscleAndTheirScatter) {
  const auto& [settings, p, tissue] = large();
  for (std::size_t type = 0; type < laws::n_fibre_types; ++type) {
    const std::vector<double> areas = those_of_type(tissue, type, tissue.areas_um2);
    const double root_n = std::sqrt(static_cast<double>(areas.size()));
    const double mean = mean_of(areas);
    EXPECT_NEAR(mean / p.type_csa_um2[type], 1.0, 4.0 * settings.size_cv / root_n);
    EXPECT_NEAR(sd_of(areas) / mean, settings.size_cv, 4.0 * settings.size_cv / root_n);
  }
}

TEST(Tissue, HasFibresWhoseLogarithmIsNormal) {
  const auto& [settings, p, tissue] = large();
  std::vector<double> logs = those_of_type(tissue, 2, tissue.areas_um2);
  for (double& area : logs) area = std::log(area);
  const double mean = mean_of(logs);
  const double sd = sd_of(logs);
  double skewness = 0.0;
  for (const double one : logs) skewness += std::pow((one - mean) / sd, 3);
  const auto n = static_cast<double>(logs.size());
  EXPECT_NEAR(skewness / n, 0.0, 4.0 * std::sqrt(6.0 / n));
  EXPECT_NEAR(sd, std::sqrt(std::log(1.0 + settings.size_cv * settings.size_cv)), 4.0 * sd / std::sqrt(2.0 * n));
}

TEST(Tissue, HasFibresOfOneSizeWithoutScatter) {
  Settings settings = with_fibres(70);
  settings.size_cv = 0.0;
  const Example example(settings);
  for (std::size_t i = 0; i < 70; ++i) {
    EXPECT_EQ(example.tissue.areas_um2[i], example.p.type_csa_um2[example.tissue.types[i]]);
  }
}

/// The same mean as the mean field's: slow fibres are more sensitive, all by the muscle's share of weight bearing.
TEST(Tissue, HasSensitivitiesAndResponsesOfTheRightMeans) {
  const Example example(with_fibres(many), laws::Muscle::plantaris);
  const auto& [settings, p, tissue] = example;
  const double scatter = 4.0 / std::sqrt(static_cast<double>(many));
  const std::vector<double> slow = those_of_type(tissue, 0, tissue.sensitivity);
  const std::vector<double> fast = those_of_type(tissue, 2, tissue.sensitivity);
  const double cv = settings.unloading_response_cv;
  EXPECT_NEAR(mean_of(slow) / (p.postural_share * p.slow_sensitivity), 1.0,
              4.0 * cv / std::sqrt(static_cast<double>(slow.size())));
  EXPECT_NEAR(mean_of(fast) / p.postural_share, 1.0, 4.0 * cv / std::sqrt(static_cast<double>(fast.size())));
  EXPECT_NEAR(sd_of(fast) / mean_of(fast), cv, 0.03 * cv);
  EXPECT_NEAR(mean_of(tissue.response), 1.0, scatter * settings.massage_response_cv);
  EXPECT_NEAR(sd_of(tissue.response), settings.massage_response_cv, 0.03 * settings.massage_response_cv);
  for (std::size_t i = 0; i < tissue.n_fibres(); ++i) {
    ASSERT_EQ(tissue.turnover_per_d[i], tissue.types[i] == 0 ? p.slow_turnover_per_d : p.fast_turnover_per_d);
  }
}

/// Weighted by area, as the mean field has it. Errors of shares and areas of types add up to less than 1 %.
TEST(Tissue, IsAsSensitiveAndTurnsOverAsFastAsTheMeanField) {
  const auto& [settings, p, tissue] = large();
  double area = 0.0;
  double sensitivity = 0.0;
  double turnover = 0.0;
  for (std::size_t i = 0; i < tissue.n_fibres(); ++i) {
    area += tissue.areas_um2[i];
    sensitivity += tissue.areas_um2[i] * tissue.sensitivity[i];
    turnover += tissue.areas_um2[i] * tissue.turnover_per_d[i];
  }
  EXPECT_NEAR(sensitivity / area / p.unloading_sensitivity, 1.0, 0.01);
  EXPECT_NEAR(turnover / area / p.myofibrillar_turnover_per_d, 1.0, 0.01);
  EXPECT_NEAR(area / static_cast<double>(many) / p.csa_um2, 1.0, 0.01);
}

/// But for the roundings of the sum.
TEST(Tissue, IsStrainedByMassageByItsMeanAndMostAtTheSurface) {
  const auto& [settings, p, tissue] = large();
  EXPECT_NEAR(mean_of(tissue.strain), 1.0, 1e-12);
  const auto [least, most] = std::ranges::minmax(tissue.strain);
  EXPECT_NEAR(most, 1.0 + settings.massage_depth, 0.02);
  EXPECT_NEAR(least, 1.0 - settings.massage_depth, 0.02);
  for (std::size_t i = 1; i < tissue.n_fibres(); ++i) {
    ASSERT_EQ(tissue.strain[i]<tissue.strain[0], tissue.tiles.sites[i].y> tissue.tiles.sites[0].y);
  }
}

TEST(Tissue, IsStrainedAlikeEverywhereWithoutDepth) {
  Settings settings = with_fibres(37);
  settings.massage_depth = 0.0;
  for (const double one : Example(settings).tissue.strain) EXPECT_EQ(one, 1.0);
}

/// Each capillary touches three fibres.
TEST(Tissue, HasAsManyCapillariesAsWereCounted) {
  Settings settings = with_fibres(300);
  EXPECT_EQ(Example(settings).tissue.capillaries.size(), 416);  // 300 x 4.1567 / 3
  EXPECT_EQ(Example(settings, laws::Muscle::soleus).tissue.capillaries.size(), 479);
  settings.capillary_scale = 0.5;
  EXPECT_EQ(Example(settings).tissue.capillaries.size(), 208);
  EXPECT_EQ(capillary_count(settings, medial), 208);
}

TEST(Tissue, HasItsCapillariesAtCornersOfTiles) {
  const Example example(with_fibres(300));
  const Tissue& tissue = example.tissue;
  for (const Point& capillary : tissue.capillaries) {
    EXPECT_TRUE(capillary.x >= 0.0 && capillary.x <= tissue.side_um);
    EXPECT_TRUE(capillary.y >= 0.0 && capillary.y <= tissue.side_um);
    EXPECT_TRUE(std::ranges::any_of(tissue.tiles.vertices, [&](const Point& vertex) {
      return vertex.x == capillary.x && vertex.y == capillary.y;
    }));
  }
}

TEST(Tissue, HasItsCapillariesAtCornersEvenWhereFibresHaveLostTheirTiles) {
  Settings settings = with_fibres(1000);
  settings.size_cv = 1.0;
  const Example example(settings);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < 1000; ++i) lost += example.tissue.tiles.outline(i).empty() ? 1U : 0U;
  EXPECT_GT(lost, 0);
  for (const Point& capillary : example.tissue.capillaries) {
    EXPECT_TRUE(capillary.x >= 0.0 && capillary.x <= example.tissue.side_um);
    EXPECT_TRUE(capillary.y >= 0.0 && capillary.y <= example.tissue.side_um);
  }
}

/// In a quarter of the section lies a quarter of them: four standard deviations.
TEST(Tissue, SpreadsItsCapillaries) {
  const Tissue& tissue = large().tissue;
  const auto n = static_cast<double>(tissue.capillaries.size());
  const auto in_quarter = static_cast<double>(std::ranges::count_if(tissue.capillaries, [&](const Point& point) {
    return point.x < 0.5 * tissue.side_um && point.y < 0.5 * tissue.side_um;
  }));
  EXPECT_NEAR(in_quarter / n, 0.25, 4.0 * std::sqrt(0.25 * 0.75 / n));
}

TEST(CapillaryShare, IsTheAreaOfDiscsOf5UmOverTheSpaceBetween) {
  const Settings settings = with_fibres(300);
  const laws::Coefficients<double> p = coefficients_of(medial);
  const double space_um2 = 300.0 * p.csa_um2 * (0.12 / 0.88);
  EXPECT_NEAR(capillary_share(settings, medial, p), 416.0 * 19.634954 / space_um2, 1e-8);
}

TEST(Tissue, OfTheSameLuckIsTheSame) { expect_same(Example(with_fibres(90)).tissue, Example(with_fibres(90)).tissue); }

TEST(Tissue, OfAnotherLimbAnimalReplicateOrSeedIsAnother) {
  const Tissue& one = Example(with_fibres(90)).tissue;
  for (const Luck& luck : {Luck{3, 0, 1, (1ULL << 40) | (1ULL << 32)}, Luck{3, 0, 2, 1ULL << 40},
                           Luck{3, 1, 1, 1ULL << 40}, Luck{4, 0, 1, 1ULL << 40}}) {
    const Tissue other = Example(with_fibres(90), medial, luck).tissue;
    EXPECT_NE(one.areas_um2, other.areas_um2);
    EXPECT_NE(one.types, other.types);
    EXPECT_NE(one.response, other.response);
  }
}

TEST(Tissue, HasNoFibreOfATypeThatTheMuscleLacks) {
  const Example example(with_fibres(many), laws::Muscle::soleus);
  EXPECT_EQ(std::ranges::count(example.tissue.types, 2), 0);
  EXPECT_EQ(std::ranges::count(example.tissue.types, 3), 0);
  EXPECT_GT(std::ranges::count(example.tissue.types, 1), 0);
}

TEST(UniformOf, IsNeverAnEndOfTheInterval) {
  EXPECT_GT(uniform_of(0), 0.0);
  EXPECT_LT(uniform_of(~std::uint64_t{0}), 1.0);
  EXPECT_NEAR(uniform_of(std::uint64_t{1} << 63), 0.5, 1e-15);
}

}  // namespace
}  // namespace hindlimb::agents
