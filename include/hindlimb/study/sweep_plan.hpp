#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hindlimb/scenario/document.hpp"
#include "hindlimb/scenario/keys.hpp"
#include "hindlimb/scenario/table_reader.hpp"

/// Which points of a study's keys are to be simulated: a description, read from the [sweep] of a file.
namespace hindlimb::study {

/// How points are chosen from the axes.
enum class Design : std::size_t { grid = 0, random = 1, latin_hypercube = 2, sobol = 3, morris = 4, list = 5 };
inline constexpr std::array<std::string_view, 6> design_names{"grid",  "random", "latin-hypercube",
                                                              "sobol", "morris", "list"};

/// What is kept of every run.
enum class Keep : std::size_t {
  series = 0,  ///< all recorded times
  final = 1,   ///< the end of each arm
  summary = 2  ///< nothing but mean, spread and quantiles of each point
};
inline constexpr std::array<std::string_view, 3> keep_names{"series", "final", "summary"};

enum class Distribution : std::size_t { uniform = 0, log_uniform = 1, normal = 2, log_normal = 3 };
inline constexpr std::array<std::string_view, 4> distribution_names{"uniform", "log-uniform", "normal", "log-normal"};

/// One thing that changes from point to point: a key, or several that go together.
struct SweepAxis {
  std::string key;
  std::vector<std::string> keys;
  std::vector<scenario::Node> values;  ///< numbers or texts; for several keys also lists of as many
  std::optional<std::string> distribution;
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> mean;
  std::optional<double> sd;
  std::optional<double> median;
  std::optional<double> cv;
  std::optional<std::int64_t> count;
  Place where;
  Place key_where;  ///< of the value of `key` or `keys`

  std::vector<std::string> all_keys() const { return key.empty() ? keys : std::vector<std::string>{key}; }
};

struct SweepPlan {
  std::string study_file;  ///< relative to the file of the sweep; empty: the study stands in the same file
  Design design = Design::grid;
  std::optional<std::int64_t> points;
  std::optional<std::int64_t> trajectories;
  std::optional<std::int64_t> levels;  ///< of each axis, morris; 4 where it is not said
  std::int64_t replicates = 1;
  std::int64_t seed = 1;  ///< of the design, not of the rats
  std::string list_file;  ///< relative to the file of the sweep
  Keep keep = Keep::series;
  bool compress = true;
  std::vector<SweepAxis> axes;
  std::vector<std::pair<std::string, scenario::Node>> changes;  ///< of the study, as --set makes them
};

/// All keys of [sweep], for `hindlimb explain` and docs/keys.md.
std::vector<scenario::KeyEntry> sweep_keys();

/// @param table  [sweep]
/// @throws InputError with everything that is wrong, each at its line
SweepPlan read_sweep_plan(const scenario::Node& table);

}  // namespace hindlimb::study
