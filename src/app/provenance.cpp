#include "app/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "app/build_info.hpp"
#include "hindlimb/core/sha256.hpp"
#include "hindlimb/ensemble/ensemble.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::app {
namespace {

std::string now() {
  const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// Where, when, by what and from which configuration something was made.
std::map<std::string, std::string> makers_attributes(const std::string& config, const std::string& command_line) {
  const std::string date = now();
  return {{"source", fmt::format("hindlimb {} git {}", version, commit)},
          {"history", fmt::format("{} {}", date, command_line)},
          {"references", "Miller et al. 2018, J Physiol 596:83-103, doi:10.1113/JP275089"},
          {"date_created", date},
          {"model_version", std::string(sim::model_version)},
          {"config", config},
          {"config_sha256", sha256(config)},
          {"compiler", compiler},
          {"flags", flags},
          {"host", host_name()},
          {"isa", instruction_set_names[static_cast<std::size_t>(chosen_instruction_set())]}};
}

}  // namespace

std::map<std::string, std::string> study_attributes(const scenario::Study& base, const std::string& command_line) {
  std::map<std::string, std::string> attributes = makers_attributes(to_toml(base), command_line);
  attributes["rng"] = sim::rng_name;
  return attributes;
}

void add_provenance(sim::Results& results, const scenario::Study& study, const std::string& command_line) {
  results.attributes.merge(study_attributes(study, command_line));
}

std::map<std::string, std::string> fit_attributes(const std::string& title, const std::string& plan,
                                                  const std::string& command_line) {
  std::map<std::string, std::string> attributes = makers_attributes(plan, command_line);
  attributes["title"] = title;
  return attributes;
}

}  // namespace hindlimb::app
