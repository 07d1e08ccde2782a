#include "app/key_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hindlimb/study/fit_plan.hpp"
#include "hindlimb/study/sweep_plan.hpp"

namespace hindlimb::app {
namespace {

/// Tables of which a file may have several.
constexpr std::array<std::string_view, 8> lists_of_tables{"arm",        "arm.phase", "arm.massage", "arm.training",
                                                          "sweep.axis", "parameter", "datum",       "unused"};

}  // namespace

std::vector<KeyGroup> key_groups() {
  return {{"study", scenario::all_keys()}, {"sweep", study::sweep_keys()}, {"fit", study::fit_keys()}};
}

std::string header_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return "";
  const std::string table = path.substr(0, dot);
  const bool is_list = std::ranges::find(lists_of_tables, table) != lists_of_tables.end();
  return is_list ? fmt::format("[[{}]]", table) : fmt::format("[{}]", table);
}

std::string last_word(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::vector<std::string> settable_keys() {
  std::vector<std::string> keys;
  for (const scenario::KeyEntry& key : scenario::all_keys()) {
    std::string path = key.path;
    if (path.starts_with("arm.phase.")) {
      path.replace(0, std::string_view("arm.phase").size(), "arm.*.phase.*");
    } else if (path.starts_with("arm.")) {
      path.replace(0, std::string_view("arm").size(), "arm.*");
    }
    keys.push_back(path);
  }
  return keys;
}

}  // namespace hindlimb::app
