#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hindlimb/core/csv.hpp"
#include "hindlimb/scenario/settings.hpp"
#include "hindlimb/sim/run.hpp"
#include "hindlimb/study/sweep_plan.hpp"

namespace hindlimb::study {

class PointDesign;
struct DesignAxis;
class SweepProblems;

/// A key, or several that always have the same value, whose value changes from point to point: a coordinate of `run`.
struct SweptKey {
  std::string name;  ///< of the variable: "massage_force_N"
  std::string key;   ///< as the file of the sweep says it; several with blanks between
  std::vector<scenario::Setting> settings;
  Place where;
  std::size_t axis = 0;
  std::size_t element = 0;  ///< of the axis' lists of values

  bool is_number() const { return scenario::is_number(settings[0].info); }
  /// Everything that is set, as `--set` would say it in the resolved study; blanks between.
  std::string paths() const;
};

/// A run of a sweep.
struct SweepRow {
  std::uint64_t point = 0;
  std::uint64_t replicate = 0;
  bool operator==(const SweepRow&) const = default;
};

/// A study and the points of its keys that are to be simulated. Every point is simulated with the same rats: draws
/// follow from the study's seed, the replicate and the rat, never from the point.
class Sweep {
 public:
  /// @param plan                      axes, design, replicates
  /// @param document, parameter_file  the study, changes applied
  /// @param list                      the points of a list design; else may be null
  /// @throws InputError with everything that is wrong with the axes or, naming them, with points
  Sweep(SweepPlan plan, const scenario::Node& document, const scenario::Node* parameter_file, const CsvTable* list);
  Sweep(Sweep&&) noexcept;
  Sweep& operator=(Sweep&&) noexcept;
  ~Sweep();

  const SweepPlan& plan() const { return plan_; }
  const scenario::Study& base() const { return base_; }
  const std::vector<SweptKey>& keys() const { return keys_; }

  std::uint64_t n_points() const { return n_points_; }
  std::uint64_t n_runs() const { return n_points_ * static_cast<std::uint64_t>(plan_.replicates); }
  /// Replicates of a point stand together.
  SweepRow row(std::uint64_t run) const;

  scenario::Study study(std::uint64_t point) const;
  /// Makes the study of a point out of base() or of the study of any other point; cheaper than a new one.
  void set_point(scenario::Study& study, std::uint64_t point) const;
  /// Values of the swept keys, times in the units of the keys, rounded as the study rounds them.
  std::vector<scenario::Value> values(std::uint64_t point) const;

  /// What is recorded of every run: the times of all points together, ascending.
  const sim::Recording& recording() const { return recording_; }

  /// Whether arms do not end on the same day at all points, and whether limbs are not massaged at all points alike.
  bool ends_vary() const { return ends_vary_; }
  bool massages_vary() const { return massages_vary_; }

  /// Numbers that are recorded of a run: of one observable, of all.
  std::size_t numbers_per_run(muscle::Observable observable) const;
  std::size_t numbers_per_run() const;
  /// Runs that are simulated and stored together: about as much work whatever the size of a run.
  std::uint64_t runs_per_block() const;

  /// SHA-256 of all that the results follow from, as hex.
  std::string identity() const;

 private:
  scenario::Node node_of(std::uint64_t point, const SweptKey& key, const scenario::Setting& setting) const;
  std::size_t levels_of(const SweepAxis& axis) const;
  void require_countable(const std::vector<DesignAxis>& axes) const;
  double number_of(std::uint64_t point, const SweepAxis& axis) const;
  bool changes(std::string_view part) const;
  std::string form_of(std::uint64_t point, const scenario::Study& study) const;
  std::string described(std::uint64_t point) const;
  void check_values() const;
  void check_values_of(const SweptKey& key, const scenario::Setting& setting, SweepProblems& problems) const;
  void check_studies();
  void set_recording();

  SweepPlan plan_;
  scenario::Study base_;
  std::vector<SweptKey> keys_;
  std::unique_ptr<PointDesign> design_;
  std::uint64_t n_points_ = 0;
  sim::Recording recording_;
  bool ends_vary_ = false;
  bool massages_vary_ = false;
};

/// The [sweep] of a file, names of files left out; a list is written as the grid that has its points.
std::string to_toml(const Sweep& sweep);

/// Some runs that stand one after the other, simulated.
struct SweepBlock {
  std::uint64_t first_run = 0;
  std::vector<std::string> keys;  ///< of each run
  sim::RecordedRuns recorded;
  double wall_time_s = 0.0;  ///< of all together
};

/// Simulates runs first to last - 1 of a sweep.
SweepBlock simulate_block(const Sweep& sweep, const std::vector<SweepRow>& rows, std::uint64_t first_run);

/// How blocks are given out and what is done with them.
struct SweepWork {
  unsigned threads = 1;
  std::function<std::optional<std::vector<SweepRow>>(std::uint64_t& first_run)> next;  ///< by one thread at a time
  std::function<void(SweepBlock)> done;  ///< by the thread that simulated it; others go on meanwhile
};

/// Simulates blocks on all threads until none is left. What next() or done() throws stops all threads and is thrown.
void run_sweep(const Sweep& sweep, const SweepWork& work);

}  // namespace hindlimb::study
