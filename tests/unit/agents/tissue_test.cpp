#include "hindlimb/agents/tissue.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace hindlimb::agents {
namespace {

constexpr laws::Muscle medial = laws::Muscle::gastrocnemius_medial;

TEST(Tissue, FillsItsSquareWithTiles) {
  const auto p = laws::coefficients(laws::default_parameters(medial));
  const Tissue tissue({}, medial, p, {1, 0, 1, 1ULL << 40});
  const double sum = std::accumulate(tissue.tiles.areas.begin(), tissue.tiles.areas.end(), 0.0);
  EXPECT_NEAR(sum, tissue.side_um * tissue.side_um, 1e-9 * sum);
}

}  // namespace
}  // namespace hindlimb::agents
