#include "app/repeated_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <sstream>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/time.hpp"
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
  for (const io::SeriesInfo& series : file.series()) {
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

void compare_series(const sim::Series& stored, const std::vector<double>& computed, io::Precision precision,
                    Repetition& repetition) {
  repetition.n_numbers += computed.size();
  std::size_t n_different = 0;
  double largest = 0.0;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    if (is_same(computed[i], stored.values[i], precision)) continue;
    ++n_different;
    largest = std::fmax(largest, std::abs(computed[i] - stored.values[i]));
  }
  if (n_different == 0) return;
  repetition.differences.push_back(fmt::format("{}: {} of {} numbers differ, by up to {:g} {}", stored.name,
                                               n_different, computed.size(), largest, stored.unit));
}

}  // namespace

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
  const std::string version = file.attribute("model_version");
  if (version != sim::model_version) {
    throw InputError({{file.path().string(), "",
                       fmt::format("was made by model_version {}, and this is {}", version, sim::model_version),
                       "only the same version gives the same bits"}});
  }
  const sim::Results stored = file.run(run);
  if (static_cast<std::int8_t>(stored.status) == io::not_run)
    throw InputError(file.path().string(), fmt::format("run {} was not run", run + 1));
  const scenario::Study study = study_of_run(file, run);
  const auto replicate = static_cast<std::uint64_t>(file.replicates()[run] - 1);
  const sim::Run again{&study, replicate};
  const sim::RecordedRuns computed = simulate({&again, 1}, recording_of(file), {});
  Repetition repetition;
  if (const std::string key = sim::run_key(study, replicate); key != stored.run_key)
    repetition.differences.push_back(fmt::format("run_key: is {}, was {}", key, stored.run_key));
  const sim::RunOutcome& outcome = computed.outcomes.front();
  if (outcome.status != stored.status || outcome.message != stored.message)
    repetition.differences.push_back(fmt::format("message: is '{}', was '{}'", outcome.message, stored.message));
  for (std::size_t i = 0; i < stored.series.size(); ++i)
    compare_series(stored.series[i], computed.series[i], file.precision(), repetition);
  return repetition;
}

std::string run_name(const io::RunsFile& file, std::uint64_t run) {
  std::string name = fmt::format("run {} (point {}, replicate {}", run + 1, file.points()[run], file.replicates()[run]);
  std::string separator = "; ";
  for (const io::RunCoordinate& coordinate : file.coordinates()) {
    const std::string value = coordinate.is_text ? coordinate.texts[run] : fmt::format("{}", coordinate.numbers[run]);
    const bool has_unit = !coordinate.unit.empty() && coordinate.unit != "1";
    name += fmt::format("{}{} = {}{}{}", separator, coordinate.name, value, has_unit ? " " : "",
                        has_unit ? coordinate.unit : "");
    separator = ", ";
  }
  return name + ")";
}

}  // namespace hindlimb::app
