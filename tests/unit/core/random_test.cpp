#include "hindlimb/core/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "hindlimb/core/math.hpp"

namespace hindlimb::random {
namespace {

using Words = std::array<std::uint64_t, 4>;
constexpr std::uint64_t all_ones = std::numeric_limits<std::uint64_t>::max();
constexpr Key set_points = {2026, Purpose::set_point};

/// Lines "philox4x64 10" of the file kat_vectors of Random123.
TEST(Bits, AreThoseOfThePublishedKnownAnswers) {
  EXPECT_EQ(bits({0, Purpose{0}}, {}),
            (Words{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}));
  EXPECT_EQ(bits({all_ones, Purpose{all_ones}}, {all_ones, all_ones, all_ones, all_ones}),
            (Words{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}));
  EXPECT_EQ(bits({0x452821e638d01377, Purpose{0xbe5466cf34e90c6c}},
                 {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}),
            (Words{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}));
}

TEST(Purposes, KeepTheirNumbers) {
  EXPECT_EQ(static_cast<std::uint64_t>(Purpose::set_point), 1U);
  EXPECT_EQ(static_cast<std::uint64_t>(Purpose::unloading_response), 2U);
  EXPECT_EQ(static_cast<std::uint64_t>(Purpose::massage_response), 3U);
}

struct Pinned {
  Key key;
  Counter counter;
  double uniform;
  double normal;
};

/// A change of any of these changes every published stochastic result.
TEST(Draws, KeepTheirValuesForEver) {
  const Counter far = {7, hash_name("RE") + 3, 11, 13};
  const Pinned pinned[] = {
      {set_points, {}, 0x1.f33900163ec82p-2, -0x1.004423e9cd271p-5},
      {set_points, {1, 0, 0, 0}, 0x1.691fd2311b4bdp-1, 0x1.145c4029fd1e1p-1},
      {set_points, {0, 1, 0, 0}, 0x1.97f5d89af0355p-1, 0x1.a914cadde126dp-1},
      {set_points, {0, 0, 1, 0}, 0x1.126c95bed0d04p-3, -0x1.1b92157dd4205p+0},
      {set_points, {0, 0, 0, 1}, 0x1.41214a5da167bp-1, 0x1.4c40a2b7c7971p-2},
      {set_points, far, 0x1.8ab3c515fe719p-1, 0x1.7bd041ee105aap-1},
      {{2026, Purpose::unloading_response}, far, 0x1.3dd28a9e62de2p-2, -0x1.faaac33912a99p-2},
      {{2026, Purpose::massage_response}, far, 0x1.a372fb4c2dddep-2, -0x1.d405eea546076p-3},
      {{0, Purpose::set_point}, far, 0x1.75c58e9f54628p-4, -0x1.5544b2b0234ebp+0},
      {{all_ones, Purpose::massage_response}, far, 0x1.ea18beffd0ae7p-1, 0x1.b823fe2270a6bp+0},
  };
  for (const Pinned& draw : pinned) {
    EXPECT_EQ(uniform(draw.key, draw.counter), draw.uniform);
    EXPECT_EQ(normal(draw.key, draw.counter), draw.normal);
  }
}

TEST(Draws, ChangeWithEveryFieldOfKeyAndCounter) {
  std::set<double> seen;
  for (const Key key : {set_points, Key{2027, Purpose::set_point}, Key{2026, Purpose::unloading_response}}) {
    seen.insert(uniform(key, {3, 5, 7, 11}));
  }
  for (const Counter counter : {Counter{4, 5, 7, 11}, {3, 6, 7, 11}, {3, 5, 8, 11}, {3, 5, 7, 12}, {5, 3, 7, 11}}) {
    seen.insert(uniform(set_points, counter));
  }
  EXPECT_EQ(seen.size(), 8U);
}

TEST(Draws, ChangeWithTheHighestBitOfEveryField) {
  constexpr std::uint64_t high = std::uint64_t{1} << 63;
  std::set<double> seen = {uniform(set_points, {}), uniform({2026 | high, Purpose::set_point}, {})};
  for (const Counter counter : {Counter{high, 0, 0, 0}, {0, high, 0, 0}, {0, 0, high, 0}, {0, 0, 0, high}}) {
    seen.insert(uniform(set_points, counter));
  }
  EXPECT_EQ(seen.size(), 6U);
}

TEST(Uniform, IsTheMiddleOfAnIntervalOfLengthTwoToTheMinus52) {
  for (std::uint64_t replicate = 0; replicate < 1000; ++replicate) {
    const Counter counter = {.replicate = replicate};
    const double u = uniform(set_points, counter);
    const double cell = std::ldexp(static_cast<double>(bits(set_points, counter)[0] >> 12), -52);
    ASSERT_EQ(u, cell + 0x1p-53);
    ASSERT_EQ(1.0 - (1.0 - u), u);
  }
}

TEST(Normal, IsTheQuantileOfTheUniformDraw) {
  const Counter counter = {.replicate = 3, .animal = 7};
  EXPECT_EQ(normal(set_points, counter), math::inverse_normal(uniform(set_points, counter)));
}

/// The seed is fixed, so this passes always or never; the tolerances are 4 standard errors of true draws.
class TwoHundredThousandDraws : public testing::Test {
 protected:
  static constexpr std::uint64_t n = 200'000;

  /// Mean of term(u, z) over consecutive animals, u uniform and z normal.
  template <class Term>
  static double mean(Term term) {
    double sum = 0.0;
    for (std::uint64_t animal = 0; animal < n; ++animal) {
      const Counter counter = {.animal = animal};
      sum += term(uniform(set_points, counter), normal(set_points, counter));
    }
    return sum / static_cast<double>(n);
  }

  static double four_errors(double variance) { return 4.0 * std::sqrt(variance / static_cast<double>(n)); }
};

TEST_F(TwoHundredThousandDraws, FillTheUnitIntervalEvenly) {
  std::array<double, 100> count = {};
  mean([&](double u, double) { return count[static_cast<std::size_t>(u * 100.0)] += 1.0; });
  const double expected = static_cast<double>(n) / 100.0;
  double chi_square = 0.0;
  for (const double c : count) chi_square += (c - expected) * (c - expected) / expected;
  EXPECT_NEAR(chi_square, 99.0, 4.0 * std::sqrt(2.0 * 99.0));
}

TEST_F(TwoHundredThousandDraws, HaveTheMomentsOfTheNormalDistribution) {
  EXPECT_NEAR(mean([](double, double z) { return z; }), 0.0, four_errors(1.0));
  EXPECT_NEAR(mean([](double, double z) { return z * z; }), 1.0, four_errors(2.0));
  EXPECT_NEAR(mean([](double, double z) { return z * z * z; }), 0.0, four_errors(15.0));
  EXPECT_NEAR(mean([](double, double z) { return z * z * z * z; }), 3.0, four_errors(96.0));
}

TEST_F(TwoHundredThousandDraws, DoNotFollowTheirNeighbours) {
  double previous = 0.0;
  const double covariance = mean([&](double, double z) {
    const double product = previous * z;
    previous = z;
    return product;
  });
  EXPECT_NEAR(covariance, 0.0, four_errors(1.0));
}

TEST(HashName, IsThePublishedFnv1a) {
  EXPECT_EQ(hash_name(""), 0xcbf29ce484222325U);
  EXPECT_EQ(hash_name("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(hash_name("foobar"), 0x85944171f73967e8U);
}

TEST(HashName, ReadsLettersBeyondAsciiAsUnsignedBytes) {
  EXPECT_EQ(hash_name("\xff"), (0xcbf29ce484222325U ^ 0xffU) * 0x100000001b3U);
}

}  // namespace
}  // namespace hindlimb::random
