#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "hindlimb/core/math.hpp"
#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

double uniform(std::uint64_t i, std::size_t word) {
  return uniform_of(bits_of(luck_of(17), random::Purpose::fibre, i, 5)[word]);
}

std::vector<Point> jitter_of(std::size_t n) {
  std::vector<Point> jitter;
  for (std::size_t i = 0; i < n; ++i) jitter.push_back({uniform(i, 0), uniform(i, 1)});
  return jitter;
}

/// Log-normal areas of mean 2000 um2.
std::vector<double> areas_of(std::size_t n, double cv) {
  const double sigma = std::sqrt(std::log(1.0 + cv * cv));
  std::vector<double> areas;
  for (std::size_t i = 0; i < n; ++i) {
    areas.push_back(2000.0 * std::exp(sigma * math::inverse_normal(uniform(i, 2)) - 0.5 * sigma * sigma));
  }
  return areas;
}

double sum_of(const std::vector<double>& numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }

double cross(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

double area_of(std::span<const Point> outline) {
  double twice = 0.0;
  for (std::size_t i = 1; i + 1 < outline.size(); ++i) twice += cross(outline[0], outline[i], outline[i + 1]);
  return 0.5 * twice;
}

struct TilesCase {
  std::size_t n;
  double cv;
};

class TilesOfASquare : public testing::TestWithParam<TilesCase> {
 protected:
  const std::vector<double> wanted_ = areas_of(GetParam().n, GetParam().cv);
  const Tiles tiles_ = tile_square(wanted_, jitter_of(GetParam().n));
  const double side_ = std::sqrt(sum_of(wanted_));
};

INSTANTIATE_TEST_SUITE_P(Sizes, TilesOfASquare,
                         testing::Values(TilesCase{1, 0.0}, TilesCase{2, 0.3}, TilesCase{10, 0.25},
                                         TilesCase{100, 0.25}, TilesCase{1000, 0.25}, TilesCase{1000, 0.0},
                                         TilesCase{1000, 0.5}),
                         [](const auto& one) {
                           return std::to_string(one.param.n) + "TilesOfCv" +
                                  std::to_string(static_cast<int>(100.0 * one.param.cv));
                         });

/// Neither gaps nor overlaps: both would change the sum.
TEST_P(TilesOfASquare, CoverIt) { EXPECT_NEAR(sum_of(tiles_.areas), side_ * side_, 1e-10 * side_ * side_); }

TEST_P(TilesOfASquare, AreAsLargeAsTheirOutlines) {
  ASSERT_EQ(tiles_.offsets.size(), GetParam().n + 1);
  EXPECT_EQ(tiles_.offsets.back(), tiles_.vertices.size());
  for (std::size_t i = 0; i < GetParam().n; ++i) {
    ASSERT_GE(tiles_.outline(i).size(), 3) << i;
    EXPECT_NEAR(area_of(tiles_.outline(i)), tiles_.areas[i], 1e-9 * side_ * side_) << i;
    EXPECT_GT(tiles_.areas[i], 0.0) << i;
  }
}

/// Roundings move corners by some 1e-13 of the side.
TEST_P(TilesOfASquare, AreConvexAndCounterClockwise) {
  for (std::size_t i = 0; i < GetParam().n; ++i) {
    const std::span<const Point> outline = tiles_.outline(i);
    for (std::size_t k = 0; k < outline.size(); ++k) {
      const Point& next = outline[(k + 1) % outline.size()];
      EXPECT_GE(cross(outline[k], next, outline[(k + 2) % outline.size()]), -1e-10 * side_ * side_) << i;
    }
  }
}

TEST_P(TilesOfASquare, LieInsideIt) {
  for (const std::vector<Point>* points : {&tiles_.vertices, &tiles_.sites}) {
    for (const Point& point : *points) {
      // NaN is not inside
      EXPECT_TRUE(point.x >= 0.0 && point.x <= side_ && point.y >= 0.0 && point.y <= side_)
          << point.x << " " << point.y;
    }
  }
}

/// How long the edges are that a tile has with another one, or with the sides of the square.
double shared_um(const Tiles& tiles, std::size_t tile, std::uint32_t other) {
  const std::span<const Point> outline = tiles.outline(tile);
  double length = 0.0;
  for (std::size_t k = 0; k < outline.size(); ++k) {
    const Point& next = outline[(k + 1) % outline.size()];
    if (tiles.neighbours(tile)[k] == other) length += std::hypot(next.x - outline[k].x, next.y - outline[k].y);
  }
  return length;
}

TEST_P(TilesOfASquare, AreNeighboursOfEachOtherAlongTheSameEdge) {
  ASSERT_EQ(tiles_.beyond.size(), tiles_.vertices.size());
  double at_the_sides = 0.0;
  for (std::uint32_t i = 0; i < GetParam().n; ++i) {
    at_the_sides += shared_um(tiles_, i, no_tile);
    for (const std::uint32_t j : tiles_.neighbours(i)) {
      if (j == no_tile) continue;
      ASSERT_LT(j, GetParam().n);
      ASSERT_NE(j, i);
      EXPECT_NEAR(shared_um(tiles_, i, j), shared_um(tiles_, j, i), 1e-9 * side_) << i << " " << j;
    }
  }
  EXPECT_NEAR(at_the_sides, 4.0 * side_, 1e-9 * side_);
}

/// What the search for neighbours leaves out would overlap.
TEST(TilesOfTwoSizes, CoverTheSquareToo) {
  for (const double ratio : {5.0, 20.0, 50.0}) {
    std::vector<double> wanted(1000, 200.0);
    for (std::size_t i = 7; i < wanted.size(); i += 97) wanted[i] = 200.0 * ratio;
    const double square = sum_of(wanted);
    EXPECT_NEAR(sum_of(tile_square(wanted, jitter_of(wanted.size())).areas), square, 1e-9 * square) << ratio;
  }
}

/// Root mean square of relative errors. What is wanted is not reached at the edges, of which small squares have more.
TEST(Tiles, HaveNearlyTheAreasThatAreAskedFor) {
  const auto error = [](std::size_t n) {
    const std::vector<double> wanted = areas_of(n, 0.25);
    const Tiles tiles = tile_square(wanted, jitter_of(n));
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) sum += std::pow(tiles.areas[i] / wanted[i] - 1.0, 2);
    return std::sqrt(sum / static_cast<double>(n));
  };
  EXPECT_LT(error(10), 0.05);
  EXPECT_LT(error(100), 0.05);
  EXPECT_LT(error(1000), 0.05);
}

/// Where sizes scatter as much as is allowed, some small fibres find no room between large ones.
TEST(Tiles, OfWidelyScatteredSizesCoverTheSquareAndFewAreLost) {
  const std::size_t n = 1000;
  const std::vector<double> wanted = areas_of(n, 1.0);
  const Tiles tiles = tile_square(wanted, jitter_of(n));
  EXPECT_NEAR(sum_of(tiles.areas), sum_of(wanted), 1e-10 * sum_of(wanted));
  EXPECT_LT(std::ranges::count(tiles.areas, 0.0), 20);
}

TEST(Tiles, AreHexagonsOnAverage) {
  const std::size_t n = 1000;
  const Tiles tiles = tile_square(areas_of(n, 0.25), jitter_of(n));
  const double corners = static_cast<double>(tiles.vertices.size()) / static_cast<double>(n);
  EXPECT_GT(corners, 5.5);  // those at the edges have fewer
  EXPECT_LT(corners, 6.0);
}

}  // namespace
}  // namespace hindlimb::agents
