#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "hindlimb/io/sweep_file.hpp"
#include "hindlimb/io/working_store.hpp"

/// A small sweep of which every number says where it belongs.
namespace hindlimb::io {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// The message of the error that the call throws; empty if none.
template <class ErrorType, class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "";
}

inline std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  all.reserve(values.size());
  for (const double value : values) all.push_back(std::bit_cast<std::uint64_t>(value));
  return all;
}

/// No two axes of equal length.
inline sim::Labels example_labels() {
  return {.arms = {"WB", "RE", "REM"},
          .animals = {1, 2, 3, 7},
          .muscles = {"gastrocnemius", "soleus", "plantaris", "edl", "µ"},
          .limbs = {"left", "right"},
          .times_d = {0.0, 0.3, 7.0, 14.0, 14.5, 22.0},
          .massaged = {0, 0, 0, 0, 0, 1},
          .fibre_types = {"I", "IIa", "IIax", "IIx", "IIxb", "IIb", "µ"}};
}

inline RunCoordinate coordinate(const std::string& name, const std::string& unit) {
  return {.name = name,
          .key = "arm.REM." + name,
          .sets = "arm.REM." + name + " arm.RE." + name,
          .unit = unit,
          .long_name = "long name of " + name,
          .is_text = unit.empty(),
          .numbers = {},
          .texts = {}};
}

inline SweepForm example_form() {
  return {.attributes = {{"title", "Massage, 22 d"}, {"config", std::string(70'000, 'x') + "\n\"µ\" = 0.3\n"}},
          .seed = -7,
          .labels = example_labels(),
          .series = {{"wet_mass", "mg", "long name of wet_mass", false},
                     {"csa_by_type", "um2", "long name of csa_by_type", true},
                     {"atp", "1", "long name of atp", false}},
          .coordinates = {coordinate("massage_force_N", "N"), coordinate("route", "")}};
}

/// The same where one number of each course is kept, at the end of its arm.
inline SweepForm form_of_ends() {
  SweepForm form = example_form();
  form.labels.times_d.clear();
  form.has_ends_only = true;
  return form;
}

/// Numbers of each run, of a series.
inline std::size_t size_in(const SweepForm& form, std::size_t series) {
  const sim::Labels& labels = form.labels;
  return labels.arms.size() * labels.animals.size() * labels.muscles.size() * labels.limbs.size() *
         (form.series[series].by_fibre_type ? labels.fibre_types.size() : 1) *
         (form.has_ends_only ? 1 : labels.times_d.size());
}

/// The numbers of a run, some of them NaN.
inline std::vector<double> numbers_of(std::uint64_t run, std::size_t series, std::size_t size) {
  std::vector<double> numbers(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double place = std::sqrt(static_cast<double>(i) + 0.3);
    numbers[i] =
        i % 11 == run % 11 ? missing : static_cast<double>(7 * run) + 100.0 * static_cast<double>(series) + place;
  }
  return numbers;
}

inline std::string key_of(std::uint64_t run) { return "00112233445566778899aabbccdd" + std::to_string(1000 + run); }

/// How a run went; one in five has failed.
inline sim::RunOutcome outcome_of(std::uint64_t run) {
  const bool has_failed = run % 5 == 3;
  return {.status = has_failed ? sim::RunStatus::some_simulations_failed : sim::RunStatus::ok,
          .message = has_failed ? "WB, animal 7: stopped;\nthe others went well" : "",
          .n_steps = 9'007'199'254'740'993 + static_cast<std::int64_t>(run),  // more than a double can hold
          .n_redone = static_cast<std::int64_t>(run % 3)};
}

inline double wall_time_of(std::uint64_t run) { return 0.3 * static_cast<double>(run + 1); }

/// Runs of those numbers, one after the other from a place on.
inline StoredRuns stored_runs(std::uint64_t first_run, const std::vector<std::uint64_t>& runs) {
  StoredRuns stored{first_run, {}, {}, {}};
  for (const std::uint64_t run : runs) {
    stored.keys.push_back(key_of(run));
    stored.outcomes.push_back(outcome_of(run));
    stored.wall_times_s.push_back(wall_time_of(run));
  }
  return stored;
}

/// The numbers of several runs, of a series.
inline std::vector<double> numbers_of(const std::vector<std::uint64_t>& runs, std::size_t series, std::size_t size) {
  std::vector<double> all;
  for (const std::uint64_t run : runs) {
    const std::vector<double> some = numbers_of(run, series, size);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// What is known of a run before it is run.
inline RunRow row_of(std::uint64_t run) {
  RunRow row;
  row.point = static_cast<std::int64_t>(run / 2) + 1;
  row.replicate = static_cast<std::int64_t>(run % 2) + 1;
  row.values = {0.3 * static_cast<double>(row.point), row.point % 2 == 0 ? "HS, µ" : "WB"};
  for (unsigned limb = 0; limb < 6; ++limb) row.massaged.push_back(static_cast<std::int8_t>(((run + 1) >> limb) & 1));
  row.ends_d = {22.0, 14.5 + static_cast<double>(run), 0.3 * static_cast<double>(run)};
  return row;
}

inline std::vector<std::uint64_t> runs_from_to(std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> runs;
  for (std::uint64_t run = first; run < end; ++run) runs.push_back(run);
  return runs;
}

/// A sweep and what is stored of it. Any part may be changed before it is written.
struct ExampleSweep {
  SweepForm form = example_form();
  std::vector<std::uint64_t> runs = runs_from_to(0, 7);  ///< which run stands where in the file
  std::vector<std::int64_t> points = {};                 ///< of each place; empty: two runs of each
  std::uint64_t runs_per_chunk = 3;
  Precision precision = Precision::f8;
  bool is_compressed = true;
  std::vector<std::uint64_t> missing_blocks = {};  ///< first runs of blocks that are not stored
  bool is_backwards = false;                       ///< the last block is stored first
  const RunsFile* extended = nullptr;
  /// Changes a block before it is stored.
  std::function<void(StoredRuns&, std::vector<std::vector<double>>&)> change = [](auto&, auto&) {};
  std::function<void()> pause = [] {};

  std::uint64_t n_old() const { return extended == nullptr ? 0 : extended->n_runs(); }

  StoreForm store_form() const {
    StoreForm stored{.identity = "0123456789abcdef",
                     .about = "Massage (sweep.toml)",
                     .n_runs = runs.size(),
                     .first_run = n_old(),
                     .runs_per_chunk = runs_per_chunk,
                     .series = {},
                     .precision = precision,
                     .is_compressed = is_compressed};
    for (std::size_t series = 0; series < form.series.size(); ++series) stored.series.push_back(size_in(form, series));
    return stored;
  }

  RunRow row(std::uint64_t place) const {
    RunRow row = row_of(runs[place]);
    if (!points.empty()) row.point = points[place];
    return row;
  }

  /// The numbers of the whole file, of a series, as they are stored.
  std::vector<double> expected(std::size_t series) const {
    std::vector<double> all = numbers_of(runs, series, size_in(form, series));
    for (double& number : all)
      number = precision == Precision::f4 ? static_cast<double>(static_cast<float>(number)) : number;
    return all;
  }

  /// The blocks in which runs are stored: the first may be short, so that the others are whole chunks.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks() const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
    for (std::uint64_t first = n_old(); first < runs.size(); first = all.back().second)
      all.emplace_back(first, std::min<std::uint64_t>((first / runs_per_chunk + 1) * runs_per_chunk, runs.size()));
    if (is_backwards) std::ranges::reverse(all);
    return all;
  }

  void fill(WorkingStore& store) const {
    for (const auto& [first, end] : blocks()) {
      if (std::ranges::find(missing_blocks, first) != missing_blocks.end()) continue;
      const std::vector<std::uint64_t> some(runs.begin() + static_cast<std::ptrdiff_t>(first),
                                            runs.begin() + static_cast<std::ptrdiff_t>(end));
      StoredRuns stored = stored_runs(first, some);
      std::vector<std::vector<double>> numbers;
      for (std::size_t series = 0; series < form.series.size(); ++series)
        numbers.push_back(numbers_of(some, series, size_in(form, series)));
      change(stored, numbers);
      store.append(stored, numbers);
    }
  }

  void assemble(const std::filesystem::path& file, WorkingStore& store) const {
    write_sweep(file, std::filesystem::path(file).concat(".part"), form,
                {store, extended, [this](std::uint64_t place) { return row(place); }, pause});
  }

  /// Stores the runs beside the file and makes the file of them; the store stays.
  void write(const std::filesystem::path& file) const {
    WorkingStore store(working_store_path(file), store_form(), WorkingStore::Start::anew);
    fill(store);
    assemble(file, store);
  }
};

}  // namespace hindlimb::io
