#pragma once

#include <span>

#include "hindlimb/scenario/study.hpp"

namespace hindlimb::study {

/// common: the i-th values of two samples come from the same rat.
using scenario::Pairing;

/// An estimate and its two-sided 95 % confidence limits, in the unit of the estimate.
struct Interval {
  double estimate;
  double low;   ///< NaN where the sample is too small to say; -inf where the data set no limit
  double high;  ///< NaN or +inf likewise
};

/// Arithmetic mean; NaN of nothing.
double mean(std::span<const double> values);

/// Sample standard deviation with n - 1; NaN for n < 2.
double sd(std::span<const double> values);

/// Sample covariance with n - 1 of samples of equal length; NaN for n < 2.
double covariance(std::span<const double> first, std::span<const double> second);

/// Mean of a sample and Student's 95 % interval with n - 1 degrees of freedom; limits NaN for n < 2.
///
/// Of the differences between two limbs of the same rats this is the paired t interval.
/// @source Student (1908) Biometrika 6:1, doi:10.1093/biomet/6.1.1
Interval mean_interval(std::span<const double> values);

/// Ratio of the means of two samples and Fieller's 95 % interval.
///
/// The limits are the ratios r for which mean(x) - r mean(y) is not different from 0 at 5 %. Same rats: the
/// covariance counts, n - 1 degrees of freedom. Independent rats: covariance 0, degrees of freedom after Welch and
/// Satterthwaite for the variance of mean(x) - r mean(y) at the estimated r.
///
/// @param numerator    x, at least one value
/// @param denominator  y, at least one value; of same rats: as many, in the same order
/// @param pairing      whether the samples are of the same rats
/// @return limits NaN where a sample has fewer than 2 values; -inf and +inf where mean(y) is not different from 0
/// @source Fieller (1954) J R Stat Soc B 16:175, doi:10.1111/j.2517-6161.1954.tb00159.x;
///         Satterthwaite (1946) Biometrics Bulletin 2:110, doi:10.2307/3002019;
///         Welch (1947) Biometrika 34:28, doi:10.1093/biomet/34.1-2.28
Interval ratio_interval(std::span<const double> numerator, std::span<const double> denominator, Pairing pairing);

}  // namespace hindlimb::study
