#include "app/result_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/checksum.hpp"
#include "hindlimb/scenario/build.hpp"

namespace hindlimb::app {
namespace {

/// All of them where these are few: what was not recorded need not be a slip of the pen.
std::string what_was_recorded(const std::string& name, const std::vector<std::string>& recorded) {
  constexpr std::size_t few = 12;
  std::string guess = scenario::guess(name, {recorded.begin(), recorded.end()});
  if (recorded.size() > few && !guess.empty()) return guess;
  std::vector<std::string> series = recorded;
  std::erase_if(series, [](const std::string& each) { return series_of(each) != each; });
  return fmt::format("recorded are {}", fmt::join(series, ", "));
}

}  // namespace

io::RunsFile open_result(const std::string& file) {
  io::RunsFile result(file);
  if (!result.is_proven())
    std::cerr << fmt::format(
        "hindlimb: {} has no checksum '{}' beside it, so nobody knows whether it is as it was written\n", file,
        io::checksum_path(file).filename().string());
  return result;
}

std::vector<std::string> recorded_observables(const io::RunsFile& file) {
  std::vector<std::string> names;
  for (const io::SeriesInfo& series : file.series()) names.push_back(series.name);
  if (!names.empty()) return names;
  throw InputError({{file.path().string(), "", "keeps nothing but the summary of each point, and no rats",
                     "read its group 'summary', or run the sweep with keep = \"final\""}});
}

std::vector<std::string> observables_to_choose(const io::RunsFile& file) {
  std::vector<std::string> names;
  for (const io::SeriesInfo& series : file.series()) {
    names.push_back(series.name);
    if (!series.by_fibre_type) continue;
    for (const std::string& type : file.labels().fibre_types) names.push_back(fmt::format("{}.{}", series.name, type));
  }
  return names;
}

std::string series_of(const std::string& observable) { return observable.substr(0, observable.find('.')); }

void require_recorded(const std::vector<std::string>& asked, const std::vector<std::string>& recorded,
                      const std::string& option) {
  std::vector<Problem> problems;
  for (const std::string& name : asked) {
    if (name.empty()) {
      problems.push_back({option, "", "has an empty name", ""});
    } else if (std::ranges::find(recorded, name) == recorded.end()) {
      problems.push_back({option, name, "was not recorded", what_was_recorded(name, recorded)});
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

void say_reservations(const io::RunsFile& file) {
  for (const char* attribute : {"screening", "partial"}) {
    if (const std::string text = file.attribute(attribute); !text.empty())
      std::cerr << fmt::format("hindlimb: {}: {}\n", attribute, text);
  }
}

}  // namespace hindlimb::app
