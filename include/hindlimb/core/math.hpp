#pragma once

/// Elementary functions whose bits are the same on every processor, compiler and C library: libm picks its
/// variants (with or without fused multiply-add) at run time. Only +, -, *, /, sqrt and bit operations, each rounded
/// once as IEEE 754 says, are used. Errors are in units in the last place (ulp) of the result.
namespace hindlimb::math {

/// e^x, error < 1 ulp, also where the result is subnormal. Above 709.78 inf, below -745.14 zero; NaN stays NaN.
double exp(double x);

/// Natural logarithm, error < 0.51 ulp. log(0) is -inf, log(inf) is inf; NaN for x < 0 and for NaN.
double log(double x);

/// base^exponent for base >= 0, error < 1 ulp.
///
/// Limits as in IEEE 754: pow(1, anything) and pow(anything, 0) are 1; 0 and inf go to 0, inf or NaN as the
/// exponent says. A negative base is outside the domain: NaN, even for a whole exponent other than 0.
double pow(double base, double exponent);

/// The standard normal variate below which lies this probability; relative error < 1e-14 for all of (0, 1).
///
/// -inf at 0, inf at 1, NaN outside.
/// @source Wichura (1988), Algorithm AS 241, routine PPND16, Appl. Stat. 37:477-484, doi:10.2307/2347330
double inverse_normal(double probability);

}  // namespace hindlimb::math
