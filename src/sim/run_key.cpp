#include "hindlimb/sim/run_key.hpp"

#include <bit>
#include <string_view>

#include "hindlimb/core/sha256.hpp"
#include "hindlimb/scenario/build.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::sim {
namespace {

static_assert(std::endian::native == std::endian::little, "keys are taken over little-endian numbers");
static_assert(sizeof(scenario::ParameterSet) == laws::n_muscles * laws::n_parameters * sizeof(double),
              "parameters are numbers and nothing else");

std::string_view bytes_of(const scenario::ParameterSet& set) {
  return {reinterpret_cast<const char*>(set.data()), sizeof set};
}

}  // namespace

std::string run_key(const scenario::Study& study, std::uint64_t replicate) {
  scenario::Study what_counts = study;
  what_counts.title.clear();
  what_counts.compare = {};
  what_counts.record = {};
  what_counts.agents.snapshots.clear();
  what_counts.agents.snapshot_rats = 1;
  if (what_counts.solver.method == scenario::Method::scalar) {
    what_counts.solver.method = scenario::Method::ensemble;  // the same to the bit
  }
  Sha256 hash;
  hash.add(to_toml_without_parameters(what_counts));
  hash.add(bytes_of(study.parameters));
  hash.add(std::to_string(replicate));
  hash.add(" ");
  hash.add(model_version);
  return hash.finish().substr(0, 32);
}

}  // namespace hindlimb::sim
