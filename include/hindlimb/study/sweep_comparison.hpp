#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hindlimb/sim/results.hpp"
#include "hindlimb/study/statistics.hpp"

namespace hindlimb::study {

/// A swept key and its value in each run.
struct AxisValues {
  std::string name;
  std::string unit;
  std::vector<double> numbers;     ///< of each run
  std::vector<std::string> texts;  ///< or these

  bool operator==(const AxisValues&) const = default;
};

/// One observable of all runs of a sweep, one number for each limb.
struct SweptObservable {
  std::string name;
  std::string long_name;
  std::string unit;
  std::vector<double> values;  ///< shape [run][arm][animal][muscle][limb](fibre type), NaN where there is none
  bool by_fibre_type = false;
};

/// A sweep as far as limbs are compared.
struct SweptRuns {
  sim::Labels labels;                 ///< massaged and times_d are not looked at
  std::vector<std::int8_t> massaged;  ///< shape [run][arm][limb]
  std::vector<std::int64_t> replicates;
  std::vector<AxisValues> axes;
  std::string untreated;  ///< name of the arm that differs by massage alone; empty if there is none
  std::string file = {};  ///< from which they were read, for messages
};

/// What is compared.
struct SweepCompareOptions {
  std::string along;               ///< name of an axis; empty: the first
  std::vector<std::string> where;  ///< "massage_every_d=2": only runs of that value
  std::size_t bins = 10;  ///< an axis with more values than `most_values` is cut into so many parts of equal size
};
inline constexpr std::size_t most_values = 25;

/// The effect at one value of the axis. Intervals are over rats: of each rat, which is the same at every point, the
/// mean over the points that have this value.
struct EffectRow {
  std::string value;  ///< "4.5", or "1.2 to 2.4" of a part
  double number;      ///< the value, or the mean of a part; NaN of a text
  std::size_t n;      ///< rats with a number for both limbs
  Interval massaged;
  Interval contralateral;
  Interval difference;  ///< massaged less contralateral limb, paired
  Interval untreated;   ///< both limbs; NaN where there is no such arm
};

/// One observable of one muscle in one arm.
struct EffectTable {
  std::string observable;
  std::string long_name;
  std::string unit;
  std::string muscle;
  std::string arm;
  std::vector<EffectRow> rows;
};

struct SweepComparison {
  AxisValues along;  ///< name and unit
  std::string untreated;
  std::vector<std::string> averaged_over;  ///< axes that were neither chosen nor fixed, and change
  std::vector<EffectTable> tables;
};

/// Compares massaged with contralateral limbs along an axis of a sweep, in every arm in which one limb is massaged. The
/// limb that is massaged at some points is "massaged" at those as well where the dose is 0.
/// @throws InputError if there is no such axis or value, or no arm in which one limb is massaged
SweepComparison compare(const SweptRuns& runs, const std::vector<SweptObservable>& observables,
                        const SweepCompareOptions& options);

/// Tables for a terminal.
std::string to_table(const SweepComparison& comparison);

/// Columns: observable, muscle, arm, axis, value, n, quantity, unit, mean, low_95, high_95.
std::string to_csv(const SweepComparison& comparison);

}  // namespace hindlimb::study
