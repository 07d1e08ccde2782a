#include "hindlimb/core/math.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace hindlimb::math {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// ln 2 in two parts; the first has 32 bits, so that its product with a binary exponent is exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

/// An unevaluated sum, low being at most about one rounding error of high: about 106 bits.
struct Pair {
  double high;
  double low;
};

/// c[0] + c[1] x + c[2] x^2 + ...
template <std::size_t n>
double polynomial(const std::array<double, n>& c, double x) {
  double value = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) value = value * x + c[i];
  return value;
}

/// a + b without error, if |a| >= |b| or a is 0 (Dekker 1971, doi:10.1007/BF01397083).
Pair exact_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

Pair upper_and_lower_bits(double x) {
  const double upper = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & ~((std::uint64_t{1} << 27) - 1));
  return {upper, x - upper};
}

/// a * b to 106 bits without a fused multiply-add.
Pair exact_product(double a, double b) {
  const double product = a * b;
  const auto [a1, a0] = upper_and_lower_bits(a);
  const auto [b1, b0] = upper_and_lower_bits(b);
  return {product, ((a1 * b1 - product) + a1 * b0 + a0 * b1) + a0 * b0};
}

Pair operator*(Pair a, Pair b) {
  const Pair product = exact_product(a.high, b.high);
  return exact_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/// 2^exponent for -1022 <= exponent <= 1023.
double power_of_two(int exponent) { return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52); }

/// e^x = 2^k e^r with |r| <= ln(2)/2; the Taylor series of e^r is cut where its next term is below 2^-57.
double exp_of(Pair x) {
  if (!(x.high < 710.0)) return x.high * infinity;  // inf, or NaN
  if (x.high < -746.0) return 0.0;
  constexpr std::array<double, 12> one_over_factorial = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  const double k = std::floor(x.high * (1.0 / (ln2_high + ln2_low)) + 0.5);
  const double r_high = x.high - k * ln2_high;
  const double r_low = x.low - k * ln2_low;
  const double r = r_high + r_low;
  const double mantissa = 1.0 + (r_high + (r_low + r * r * polynomial(one_over_factorial, r)));
  const int half = static_cast<int>(k) / 2;  // in two factors, so that only the last product can round
  return mantissa * power_of_two(half) * power_of_two(static_cast<int>(k) - half);
}

/// ln x for finite x > 0: x = 2^k m with m near 1, s = (m-1)/(m+1), ln m = 2 (s + s^3/3 + s^5/5 + ...).
/// All but the terms from s^5 on, which are below 2^-12 of the whole, are formed as pairs: about 2^-65 relative.
Pair log_of(double x) {
  constexpr std::array<double, 11> one_over_odd = {1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13, 1.0 / 15,
                                                   1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25};
  constexpr Pair third = {1.0 / 3, 0x1.5555555555555p-56};
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;  // bits of sqrt(1/2), the lower end of m

  int k = 0;
  if (x < std::numeric_limits<double>::min()) x *= 0x1p54, k = -54;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const int above = static_cast<int>(static_cast<std::int64_t>(bits - sqrt_half) >> 52);
  k += above;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(above) << 52));

  const double numerator = m - 1.0;  // exact
  const Pair denominator = {m + 1.0, m - ((m + 1.0) - 1.0)};
  const double quotient = numerator / denominator.high;
  const Pair back = exact_product(quotient, denominator.high);
  const double remainder = ((numerator - back.high) - back.low) - quotient * denominator.low;
  const Pair s = {quotient, remainder / denominator.high};

  const Pair z = s * s;
  const Pair head = exact_sum(third.high, z.high * polynomial(one_over_odd, z.high));
  const Pair series = s * z * Pair{head.high, head.low + third.low};
  const Pair ln_m = exact_sum(s.high, series.high);
  const Pair total = exact_sum(k * ln2_high, 2.0 * ln_m.high);
  return exact_sum(total.high, total.low + (k * ln2_low + 2.0 * (ln_m.low + (s.low + series.low))));
}

struct Rational {
  std::array<double, 8> numerator;
  std::array<double, 8> denominator;

  double operator()(double x) const { return polynomial(numerator, x) / polynomial(denominator, x); }
};

constexpr Rational centre = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
     3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3}};
constexpr Rational shoulder = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
constexpr Rational tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
     1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};

}  // namespace

double exp(double x) { return exp_of({x, 0.0}); }

double log(double x) {
  if (x == 0.0) return -infinity;
  if (!(x > 0.0)) return not_a_number;
  return x < infinity ? log_of(x).high : infinity;
}

double pow(double base, double exponent) {
  if (base == 1.0 || exponent == 0.0) return 1.0;
  if (!(base > 0.0 && base < infinity)) return exp(exponent * log(base));
  const Pair ln_base = log_of(base);
  const double estimate = exponent * ln_base.high;
  if (!(std::fabs(estimate) < 750.0)) return exp(estimate);  // 0, inf or NaN; an exact product would overflow
  const Pair product = exact_product(exponent, ln_base.high);
  return exp_of(exact_sum(product.high, product.low + exponent * ln_base.low));
}

double inverse_normal(double probability) {
  if (!(probability >= 0.0 && probability <= 1.0)) return not_a_number;
  const double offset = probability - 0.5;
  if (std::fabs(offset) <= 0.425) return offset * centre(0.180625 - offset * offset);
  const double beyond = offset < 0.0 ? probability : 1.0 - probability;
  if (beyond == 0.0) return offset < 0.0 ? -infinity : infinity;
  const double r = std::sqrt(-log(beyond));
  const double distance = r <= 5.0 ? shoulder(r - 1.6) : tail(r - 5.0);
  return offset < 0.0 ? -distance : distance;
}

}  // namespace hindlimb::math
