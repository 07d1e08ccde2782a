#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/scenario/document.hpp"
#include "hindlimb/scenario/table_reader.hpp"
#include "hindlimb/study/measurement.hpp"

/// What is to be fitted to what: a description, read from a file beside the study whose arms the data are about.
namespace hindlimb::study {

/// How a datum constrains a number x of the simulation. Signs and bands enter by the probability that a laboratory
/// with this noise would have seen x within the limits, never as numbers of their own.
enum class DatumKind : std::size_t {
  value = 0,      ///< x is this number, normal noise
  above = 1,      ///< x is above `low`
  below = 2,      ///< x is below `high`
  unchanged = 3,  ///< x is between low and high: found to be without effect
  band = 4        ///< x is between low and high
};
inline constexpr std::array<std::string_view, 5> datum_kind_names{"value", "above", "below", "unchanged", "band"};

/// One number, sign or band that the parameters shall reproduce.
struct Datum {
  std::string row;  ///< id in the table of observations; empty where there is no row but a band
  DatumKind kind = DatumKind::value;
  std::string quantity_name;
  std::string arm;
  std::size_t limb = static_cast<std::size_t>(MeasuredLimb::both);
  scenario::MuscleName muscle = scenario::MuscleName::gastrocnemius_medial;
  Minutes day{0};
  std::string reference;  ///< arm
  std::optional<Minutes> reference_day;
  std::optional<double> low;  ///< in the unit of the quantity
  std::optional<double> high;
  std::optional<double> noise;  ///< standard error of the measurement; from the row where left out
  bool growing = false;         ///< young rats: part of the change is growth that did not happen
  std::string source;           ///< of a band

  // what follows from these and the row
  Measurement measurement;
  double value = 0.0;  ///< where kind is value            [unit of the quantity]
  double sigma = 1.0;  ///< all noise together             [unit of the quantity]
  std::string label;   ///< for tables
};

/// Rows of the table of observations that are not used, and why.
struct Unused {
  std::vector<std::string> rows;
  std::string reason;
};

/// A model parameter that is fitted, in the logarithm.
struct FittedParameter {
  std::string name;  ///< "drive_max", or "soleus.postural_share" for one muscle, "gastrocnemius.extracellular_fill" for
                     ///< both heads
  std::optional<double> low;  ///< > 0; the model's own bounds where left out
  std::optional<double> high;
  std::optional<double> start;  ///< the study's value where left out; also the median of the prior
  double prior_factor = 2.0;    ///< > 1; the prior is log-normal, one standard deviation is this factor

  // what follows
  std::size_t index = 0;             ///< in laws::parameter_table
  std::vector<std::size_t> muscles;  ///< those that have this value; empty: all
};

struct FitOptions {
  std::int64_t seed = 1;
  std::int64_t starts = 12;          ///< the first from the start values, the others from the prior
  std::int64_t max_iterations = 80;  ///< per start
  bool profiles = true;              ///< profile likelihood of every parameter
  double laboratory_noise = 4.0;     ///< between laboratories, in points of per cent
  double growing_noise = 6.0;        ///< added for young growing rats, likewise
};

struct FitPlan {
  std::string title;
  std::string study_file;            ///< relative to the plan
  std::string observations_file;     ///< likewise
  std::vector<std::string> studies;  ///< whose observations may be used; empty: any
  FitOptions options;
  std::vector<FittedParameter> parameters;
  std::vector<Datum> data;
  std::vector<Unused> unused;
  scenario::Positions positions;     ///< of the tables and keys in the file
  std::vector<std::string> remarks;  ///< on rows that are used by no datum and listed in no [[unused]]
};

/// All keys of a plan, for `hindlimb explain` and docs/keys.md.
std::vector<scenario::KeyEntry> fit_keys();

/// Reads the tables of a plan, without looking at what they refer to.
/// @throws InputError with every problem
FitPlan read_fit_plan(const scenario::Node& document);

/// Checks a plan against its study and the observations, and fills in what follows from them.
///
/// @throws InputError with every problem: unknown rows, units that do not fit the quantity, text where a number should
///         be, a row that is used although the rows it is derived from are too, bounds that exclude the start
void resolve(FitPlan& plan, const scenario::Study& study, const CsvTable& observations);

}  // namespace hindlimb::study
