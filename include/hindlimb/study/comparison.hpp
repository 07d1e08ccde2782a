#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hindlimb/sim/results.hpp"
#include "hindlimb/study/statistics.hpp"

namespace hindlimb::study {

struct CompareOptions {
  std::vector<std::string> observables = {"csa", "wet_mass"};
  std::optional<double> day;  ///< one day for all arms; without it each arm's own last [d]
};

/// What a limb is in an arm where one limb, and one only, is massaged; elsewhere plain, or massaged if all are.
enum class LimbRole { plain, massaged, contralateral };

/// One limb of one arm on one day. NaN stands for what there is not: no rat left, no arm to compare with.
struct ArmRow {
  std::string arm;
  std::string limb;
  LimbRole role = LimbRole::plain;
  double day_d;                   ///< [d]
  std::size_t n;                  ///< rats with a number
  double mean;                    ///< [unit of the observable]
  double sd;                      ///< with n - 1, NaN for n < 2
  double percent_of_control;      ///< ratio of means, same limb and day [%]
  Interval percent_of_untreated;  ///< same limb and day, Fieller's interval, none for the untreated arm itself [%]
};

/// Massaged less contralateral limb of the rats of one arm: paired, whatever the pairing between arms.
struct DifferenceRow {
  std::string arm;
  std::string massaged;
  std::string contralateral;
  double day_d;         ///< [d]
  std::size_t n;        ///< rats with a number for both limbs
  Interval difference;  ///< Student's paired interval [unit of the observable]
  Interval points;      ///< the same in percent of the untreated arm's mean over both limbs, taken as exact [%]
};

/// One observable of one muscle, or of its fibres of one type.
struct ComparisonTable {
  std::string observable;  ///< "csa", "csa_by_type.IIa"
  std::string long_name;
  std::string unit;
  std::string muscle;
  std::vector<ArmRow> rows;                ///< arms and limbs in the order of the study
  std::vector<DifferenceRow> differences;  ///< one for each arm in which one limb is massaged
};

struct Comparison {
  std::string control;    ///< name of the arm under cage load throughout; empty if there is none
  std::string untreated;  ///< name of the arm that differs from the massaged ones by massage alone; empty if none
  Pairing pairing;        ///< between arms
  std::vector<ComparisonTable> tables;
};

/// Place of a day among recorded times.
/// @throws InputError with the days to choose from, if it was not recorded
std::size_t recorded_time(const std::vector<double>& times_d, double day);

/// Compare the arms of a run with its control and its untreated arm, and massaged limbs with contralateral ones.
///
/// The attributes of `results` name the arms ("control", "untreated": absent or empty if there is none) and tell
/// whether rats of equal number are the same ("pairing" = "common"). Rats without a number are left out.
///
/// @throws InputError if `options.day` was not recorded
/// @throws Error      if an observable is not there, or an attribute names an arm that is not
Comparison compare(const sim::Results& results, const CompareOptions& options);

/// Tables for a terminal of 100 columns, as in a paper; "-" for what there is not.
std::string to_table(const Comparison& comparison);

/// One number per line with its limits, where it has any; all digits; empty for what there is not.
/// Columns: observable, muscle, arm, limb, massage, day_d, n, quantity, unit, value, low_95, high_95.
std::string to_csv(const Comparison& comparison);

}  // namespace hindlimb::study
