#include "app/repeated_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <span>
#include <sstream>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/time.hpp"
#include "hindlimb/io/point_statistics.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/run.hpp"
#include "hindlimb/sim/run_key.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::app {
namespace {

using scenario::Node;

Node value_of(const io::RunCoordinate& coordinate, std::uint64_t run) {
  if (coordinate.is_text) return {coordinate.texts[run], coordinate.key};
  const double number = coordinate.numbers[run];
  if (number == std::round(number) && std::abs(number) < 1e15)
    return {static_cast<std::int64_t>(number), coordinate.key};
  return {number, coordinate.key};
}

sim::Recording recording_of(const io::RunsFile& file) {
  sim::Recording recording;
  for (const io::SeriesInfo& series : file.series().empty() ? file.summarised() : file.series()) {
    const auto found = std::ranges::find(muscle::observable_table, series.name, &muscle::ObservableInfo::name);
    if (found == std::end(muscle::observable_table))
      throw InputError(file.path().string(), fmt::format("'{}' is no observable of this model", series.name));
    recording.observables.push_back(static_cast<muscle::Observable>(found - std::begin(muscle::observable_table)));
  }
  recording.ends_only = file.has_ends_only();
  if (recording.ends_only) return recording;
  for (const double day : file.labels().times_d) recording.times.emplace_back(std::llround(day * minutes_per_day));
  return recording;
}

/// Whether a number has the bits that are stored; NaN is NaN.
bool is_same(double computed, double stored, io::Precision precision) {
  if (std::isnan(computed) || std::isnan(stored)) return std::isnan(computed) && std::isnan(stored);
  if (precision == io::Precision::f8)
    return std::bit_cast<std::uint64_t>(computed) == std::bit_cast<std::uint64_t>(stored);
  return std::bit_cast<std::uint32_t>(static_cast<float>(computed)) ==
         std::bit_cast<std::uint32_t>(static_cast<float>(stored));
}

void compare_series(const io::SeriesInfo& series, const std::vector<double>& stored,
                    const std::vector<double>& computed, io::Precision precision, Repetition& repetition) {
  repetition.n_numbers += computed.size();
  std::size_t n_different = 0;
  double largest = 0.0;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    if (is_same(computed[i], stored[i], precision)) continue;
    ++n_different;
    largest = std::fmax(largest, std::abs(computed[i] - stored[i]));
  }
  if (n_different == 0) return;
  repetition.differences.push_back(fmt::format("{}: {} of {} numbers differ, by up to {:g} {}", series.name,
                                               n_different, computed.size(), largest, series.unit));
}

void compare_outcome(const io::RunsFile::Outcome& stored, const sim::RunOutcome& computed, const std::string& key,
                     Repetition& repetition) {
  if (key != stored.run_key)
    repetition.differences.push_back(fmt::format("run_key: is {}, was {}", key, stored.run_key));
  if (static_cast<std::int8_t>(computed.status) != stored.status || computed.message != stored.message)
    repetition.differences.push_back(fmt::format("message: is '{}', was '{}'", computed.message, stored.message));
}

void require_same_model(const io::RunsFile& file) {
  const std::string version = file.attribute("model_version");
  if (version == sim::model_version) return;
  throw InputError({{file.path().string(), "",
                     fmt::format("was made by model_version {}, and this is {}", version, sim::model_version),
                     "only the same version gives the same bits"}});
}

std::uint64_t replicate_of(const io::RunsFile& file, std::uint64_t run) {
  return static_cast<std::uint64_t>(file.replicates()[run] - 1);
}

/// Numbers of a series as they were stored before they were summarised, the rats of all runs of an arm together.
std::vector<double> by_arm(const std::vector<double>& series, std::size_t n_runs, std::size_t n_arms,
                           io::Precision precision) {
  const std::size_t size = series.size() / (n_runs * n_arms);  // of the rats of a run in an arm
  std::vector<double> all;
  all.reserve(series.size());
  for (std::size_t arm = 0; arm < n_arms; ++arm) {
    for (std::size_t run = 0; run < n_runs; ++run) {
      const auto rats = std::span(series).subspan((run * n_arms + arm) * size, size);
      for (const double number : rats)
        all.push_back(precision == io::Precision::f4 ? static_cast<float>(number) : number);
    }
  }
  return all;
}

/// "massage_force_N = 4.5 N, massage_every_d = 2 d"
std::string swept_values(const io::RunsFile& file, std::uint64_t run) {
  std::string values;
  for (const io::RunCoordinate& coordinate : file.coordinates()) {
    const std::string value = coordinate.is_text ? coordinate.texts[run] : fmt::format("{}", coordinate.numbers[run]);
    const bool has_unit = !coordinate.unit.empty() && coordinate.unit != "1";
    values += fmt::format("{}{} = {}{}{}", values.empty() ? "" : ", ", coordinate.name, value, has_unit ? " " : "",
                          has_unit ? coordinate.unit : "");
  }
  return values;
}

}  // namespace

std::vector<std::uint64_t> runs_of_point(const io::RunsFile& file, std::int64_t point) {
  std::vector<std::uint64_t> runs;
  for (std::uint64_t run = 0; run < file.n_runs(); ++run) {
    if (file.points()[run] == point) runs.push_back(run);
  }
  return runs;
}

scenario::Study study_of_run(const io::RunsFile& file, std::uint64_t run) {
  Node document = io::parse_toml(file.attribute("config"), file.path().string() + ": config");
  std::vector<Problem> problems;
  for (const io::RunCoordinate& coordinate : file.coordinates()) {
    std::istringstream paths(coordinate.sets);
    for (std::string path; paths >> path;) {
      const std::vector<Problem> found = apply_override(document, path, value_of(coordinate, run));
      problems.insert(problems.end(), found.begin(), found.end());
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return build_study(document, nullptr, scenario::Check::values);
}

Repetition repeat(const io::RunsFile& file, std::uint64_t run) {
  require_same_model(file);
  const io::RunsFile::Outcome stored = file.outcomes(run, 1).front();
  if (stored.status == io::not_run) throw InputError(file.path().string(), fmt::format("run {} was not run", run + 1));
  const scenario::Study study = study_of_run(file, run);
  const sim::Run again{&study, replicate_of(file, run)};
  const sim::RecordedRuns computed = simulate({&again, 1}, recording_of(file), {});
  Repetition repetition;
  compare_outcome(stored, computed.outcomes.front(), sim::run_key(study, again.replicate), repetition);
  for (std::size_t i = 0; i < file.series().size(); ++i) {
    const io::SeriesInfo& series = file.series()[i];
    compare_series(series, file.numbers(series.name, run, 1), computed.series[i], file.precision(), repetition);
  }
  return repetition;
}

Repetition repeat_point(const io::RunsFile& file, std::int64_t point) {
  require_same_model(file);
  const std::vector<std::uint64_t> runs = runs_of_point(file, point);
  const scenario::Study study = study_of_run(file, runs.front());
  std::vector<sim::Run> again;
  again.reserve(runs.size());
  for (const std::uint64_t run : runs) again.push_back({&study, replicate_of(file, run)});
  const sim::RecordedRuns computed = simulate(again, recording_of(file), {});
  Repetition repetition;
  for (std::size_t i = 0; i < runs.size(); ++i)
    compare_outcome(file.outcomes(runs[i], 1).front(), computed.outcomes[i], sim::run_key(study, again[i].replicate),
                    repetition);
  const std::vector<io::SeriesInfo> summarised = file.summarised();
  const std::size_t n_arms = file.labels().arms.size();
  for (std::size_t i = 0; i < summarised.size(); ++i) {
    const auto numbers = by_arm(computed.series[i], runs.size(), n_arms, study.record.precision);
    compare_series(summarised[i], file.summary(summarised[i].name, static_cast<std::uint64_t>(point - 1)),
                   io::point_statistics(numbers, n_arms, runs.size() * file.labels().animals.size()), io::Precision::f8,
                   repetition);
  }
  return repetition;
}

std::string run_name(const io::RunsFile& file, std::uint64_t run) {
  const std::string values = swept_values(file, run);
  return fmt::format("run {} (point {}, replicate {}{}{})", run + 1, file.points()[run], file.replicates()[run],
                     values.empty() ? "" : "; ", values);
}

std::string point_name(const io::RunsFile& file, std::int64_t point) {
  const std::vector<std::uint64_t> runs = runs_of_point(file, point);
  return fmt::format("point {} ({}; {} runs)", point, swept_values(file, runs.front()), runs.size());
}

}  // namespace hindlimb::app
