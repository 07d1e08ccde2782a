#include "hindlimb/core/math.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <random>

namespace hindlimb::math {
namespace {

using testing::IsNan;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr int draws = 100'000;

/// Distance in units in the last place of a double. The long double reference of libm is good to 2^-11 of that.
double error_ulp(double value, long double exact) {
  const int exponent = std::max(std::ilogb(exact), std::numeric_limits<double>::min_exponent - 1);
  return static_cast<double>(std::fabs(value - exact) / std::ldexp(1.0L, exponent - 52));
}

/// Uniform arguments; std::mt19937_64 is specified to the bit, the distributions of std are not.
class Arguments {
 public:
  double between(double low, double high) {
    return low + (high - low) * std::ldexp(static_cast<double>(engine_() >> 11), -53);
  }
  double of_any_size() { return std::ldexp(between(1.0, 2.0), static_cast<int>(between(-1074.0, 1024.0))); }

 private:
  std::mt19937_64 engine_{20260703};
};

TEST(Exp, IsWithinOneUlp) {
  Arguments arguments;
  for (const auto& [low, high] : {std::pair{-0.4, 0.4}, {-30.0, 30.0}, {-708.0, 709.78}, {-745.13, -708.0}}) {
    double worst = 0.0;
    for (int i = 0; i < draws; ++i) {
      const double x = arguments.between(low, high);
      worst = std::max(worst, error_ulp(exp(x), std::exp(static_cast<long double>(x))));
    }
    EXPECT_LT(worst, 1.0) << "on [" << low << ", " << high << "]";
  }
}

TEST(Exp, GoesToInfinityAndZeroAtTheEndsOfDouble) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(-0.0), 1.0);
  EXPECT_LT(exp(709.78), infinity);
  EXPECT_EQ(exp(709.79), infinity);
  EXPECT_EQ(exp(1e300), infinity);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_GT(exp(-745.13), 0.0);
  EXPECT_EQ(exp(-745.14), 0.0);
  EXPECT_EQ(exp(-1e300), 0.0);
  EXPECT_EQ(exp(-infinity), 0.0);
  EXPECT_THAT(exp(not_a_number), IsNan());
}

TEST(Log, IsWithinHalfAnUlpAndABit) {
  Arguments arguments;
  double worst = 0.0;
  for (int i = 0; i < draws; ++i) {
    for (const double x : {arguments.of_any_size(), arguments.between(0.3, 3.0), arguments.between(0.999, 1.001)}) {
      worst = std::max(worst, error_ulp(log(x), std::log(static_cast<long double>(x))));
    }
  }
  EXPECT_LT(worst, 0.51);
}

TEST(Log, KnowsItsLimits) {
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -infinity);
  EXPECT_EQ(log(-0.0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_DOUBLE_EQ(log(std::numeric_limits<double>::denorm_min()), -744.4400719213812621);
  EXPECT_THAT(log(-0.3), IsNan());
  EXPECT_THAT(log(not_a_number), IsNan());
}

TEST(Pow, IsWithinOneUlpFromTheSmallestToTheLargestResult) {
  Arguments arguments;
  double worst = 0.0;
  for (int i = 0; i < draws; ++i) {
    const double base = i % 2 == 0 ? arguments.of_any_size() : arguments.between(0.3, 3.0);
    const double exponent = arguments.between(-744.0, 709.0) / std::log(base);
    worst = std::max(worst, error_ulp(pow(base, exponent), std::pow(static_cast<long double>(base), exponent)));
  }
  EXPECT_LT(worst, 1.0);
}

TEST(Pow, KnowsItsLimits) {
  EXPECT_EQ(pow(0.3, 0.0), 1.0);
  EXPECT_EQ(pow(not_a_number, 0.0), 1.0);
  EXPECT_EQ(pow(1.0, infinity), 1.0);
  EXPECT_EQ(pow(7.0, 1.0), 7.0);
  EXPECT_EQ(pow(0.0, 0.3), 0.0);
  EXPECT_EQ(pow(0.0, -0.3), infinity);
  EXPECT_EQ(pow(infinity, 0.3), infinity);
  EXPECT_EQ(pow(infinity, -0.3), 0.0);
  EXPECT_EQ(pow(7.0, infinity), infinity);
  EXPECT_EQ(pow(7.0, -infinity), 0.0);
  EXPECT_EQ(pow(7.0, 1e300), infinity);
  EXPECT_EQ(pow(0.3, 1e300), 0.0);
  EXPECT_EQ(pow(7.0, 1e-320), 1.0);
  EXPECT_THAT(pow(-7.0, 2.0), IsNan());
  EXPECT_THAT(pow(not_a_number, 0.3), IsNan());
  EXPECT_THAT(pow(0.3, not_a_number), IsNan());
}

double relative_error_of_inverse_normal(double probability) {
  const boost::math::normal_distribution<long double> normal;
  const long double exact = boost::math::quantile(normal, static_cast<long double>(probability));
  return static_cast<double>(std::fabs((inverse_normal(probability) - exact) / exact));
}

TEST(InverseNormal, AgreesWithBoostToFourteenDigits) {
  Arguments arguments;
  double worst = 0.0;
  for (int i = 0; i < draws / 20; ++i) {
    const double in_the_middle = arguments.between(0.0, 1.0);
    const double near_the_median =
        0.5 + std::ldexp(arguments.between(0.5, 1.0), static_cast<int>(arguments.between(-50.0, -1.0)));
    const double in_the_tail = std::exp(arguments.between(-708.0, -1.0));
    for (const double probability : {in_the_middle, near_the_median, in_the_tail}) {
      worst = std::max(worst, relative_error_of_inverse_normal(probability));
    }
  }
  EXPECT_LT(worst, 1e-14);
}

TEST(InverseNormal, HoldsItsAccuracyWhereItsPiecesMeetAndInTheFarTails) {
  const double smallest = std::exp(-25.0);  // the shoulder ends at sqrt(-ln p) = 5
  for (const double probability : {0.075, 0.0749999, 0.925, 0.9250001, smallest * 0.999, smallest * 1.001, 1e-300,
                                   std::numeric_limits<double>::min(), 1.0 - 0x1p-53}) {
    EXPECT_LT(relative_error_of_inverse_normal(probability), 1e-14) << probability;
  }
}

TEST(InverseNormal, IsOddAboutTheMedian) {
  EXPECT_EQ(inverse_normal(0.5), 0.0);
  for (const double probability : {0x1p-53, 0.0078125, 0.28125}) {
    EXPECT_EQ(inverse_normal(1.0 - probability), -inverse_normal(probability));
  }
}

TEST(InverseNormal, IsInfiniteAtTheEndsAndNotANumberOutside) {
  EXPECT_EQ(inverse_normal(0.0), -infinity);
  EXPECT_EQ(inverse_normal(1.0), infinity);
  EXPECT_THAT(inverse_normal(-1e-300), IsNan());
  EXPECT_THAT(inverse_normal(1.0 + 0x1p-52), IsNan());
  EXPECT_THAT(inverse_normal(not_a_number), IsNan());
}

/// Found equal with g++ 12 -O0, -O2, -O3 with AVX2 or AVX-512 and FMA, and with clang++ 14.
TEST(ElementaryFunctions, HaveTheSameBitsOnEveryProcessorAndCompiler) {
  EXPECT_EQ(exp(0.3), 0x1.599058c8c1a96p+0);
  EXPECT_EQ(exp(-7.7), 0x1.dad2df0f5035ep-12);
  EXPECT_EQ(exp(700.1), 0x1.058614179b2a5p+1010);
  EXPECT_EQ(log(0.3), -0x1.34378fcbda721p+0);
  EXPECT_EQ(log(1e-310), -0x1.64e69394d9508p+9);
  EXPECT_EQ(pow(0.3, 7.7), 0x1.8ae7e5b4e6baep-14);
  EXPECT_EQ(pow(1e-300, 0.77), 0x1.8d71d360e138cp-768);
  EXPECT_EQ(inverse_normal(0.3), -0x1.0c7e39582c5fap-1);
  EXPECT_EQ(inverse_normal(0.03), -0x1.e17bb09d8914p+0);
  EXPECT_EQ(inverse_normal(1e-300), -0x1.286074064c26ep+5);
}

}  // namespace
}  // namespace hindlimb::math
