#include <cassert>

#include "io/agents_group.hpp"
#include "io/labelled_file.hpp"
#include "io/result_image.hpp"
#include "io/result_layout.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;

void write_root(const sim::Results& results, hid_t root) {
  hdf5::set_text(root, "Conventions", "CF-1.11");
  for (const auto& [name, text] : results.attributes)
    if (name != "Conventions" && name != "seed") hdf5::set_text(root, name, text);
  hdf5::set_number(root, "seed", results.seed);
}

void write_dimensions(const sim::Labels& labels, LabelledFile& file) {
  constexpr std::int64_t run = 1;
  file.add_dimension("run", 1);
  file.add<std::int64_t>("run", {"run"}, "run of the study", {&run, 1});
  write_labels(labels, file);
  const Handle massaged =
      file.add<std::int8_t>("massaged", massaged_axes, "whether the limb is massaged in the arm", labels.massaged);
  set_flags(massaged, "not_massaged massaged");
}

void write_outcome(const sim::Results& results, LabelledFile& file) {
  const auto code = static_cast<std::int8_t>(results.status);
  file.add_text("run_key", {"run"}, "hash of what was asked for", {results.run_key});
  const Handle status = file.add<std::int8_t>("status", {"run"}, "how the run ended", {&code, 1});
  set_flags(status, status_meanings);
  file.add_text("message", {"run"}, "which simulations failed and why", {results.message});
  const Handle n_steps =
      file.add<std::int64_t>("n_steps", {"run"}, "accepted steps of all simulations", {&results.n_steps, 1});
  hdf5::set_text(n_steps, "units", "1");
  const Handle n_redone =
      file.add<std::int64_t>("n_redone", {"run"}, "muscles done again at a smaller tolerance", {&results.n_redone, 1});
  hdf5::set_text(n_redone, "units", "1");
  const Handle wall_time = file.add<double>("wall_time", {"run"}, "wall-clock time", {&results.wall_time_s, 1});
  hdf5::set_text(wall_time, "units", "s");
}

}  // namespace

std::string to_image(const sim::Results& results, Precision precision) {
  assert(results.labels.series_size() > 0);
  assert(results.labels.massaged.size() == results.labels.arms.size() * results.labels.limbs.size());
  const hdf5::Quiet quiet;
  LabelledFile file(hdf5::create_file());
  write_root(results, file.root());
  write_dimensions(results.labels, file);
  write_outcome(results, file);
  for (const sim::Series& series : results.series) file.add_series(series, precision);
  if (!results.pictures.empty()) write_agents(file.root(), results);
  return hdf5::image_of(file.root());
}

}  // namespace hindlimb::io
