#include "app/sweep_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hindlimb/core/time.hpp"
#include "hindlimb/sim/run.hpp"

namespace hindlimb::app {
namespace {

io::RunCoordinate coordinate_of(const study::SweptKey& key) {
  const scenario::KeyInfo& info = key.settings[0].info;
  return {.name = key.name,
          .key = key.key,
          .sets = key.paths(),
          .unit = !key.is_number()    ? ""
                  : info.unit.empty() ? "1"
                                      : std::string(info.unit),
          .long_name = std::string(info.meaning),
          .is_text = !key.is_number(),
          .numbers = {},
          .texts = {}};
}

std::vector<io::SeriesInfo> series_of(const study::Sweep& sweep) {
  std::vector<io::SeriesInfo> all;
  for (const muscle::Observable observable : sweep.recording().observables) {
    const muscle::ObservableInfo& info = muscle::observable_table[static_cast<std::size_t>(observable)];
    all.push_back({std::string(info.name), std::string(info.unit), std::string(info.long_name), info.width > 1});
  }
  return all;
}

}  // namespace

std::variant<double, std::string> cell_of(const scenario::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* load = std::get_if<scenario::Load>(&value)) return load->by_limb[0];
  return std::get<std::string>(value);
}

io::SweepForm sweep_form(const study::Sweep& sweep) {
  const scenario::Study& base = sweep.base();
  io::SweepForm form;
  form.attributes = sim::attributes_of(base);
  form.attributes["sweep"] = to_toml(sweep);
  form.attributes["sweep_identity"] = sweep.identity();
  form.seed = base.seed;
  form.labels = sim::labels_of(base);
  form.labels.times_d.clear();
  for (const Minutes time : sweep.recording().times) form.labels.times_d.push_back(to_days(time));
  form.has_ends_only = sweep.recording().ends_only;
  form.series = series_of(sweep);
  for (const study::SweptKey& key : sweep.keys()) form.coordinates.push_back(coordinate_of(key));
  form.massages_vary = sweep.massages_vary();
  form.ends_vary = sweep.ends_vary();
  form.keeps_series = sweep.plan().keep != study::Keep::summary;
  form.has_summary = !form.keeps_series || base.animals.per_arm * sweep.plan().replicates > 1;
  return form;
}

io::RunRow sweep_row(const study::SweepOrder& order, std::uint64_t run, scenario::Study& study) {
  const study::Sweep& sweep = order.sweep();
  const study::SweepRow at = order.row(run);
  sweep.set_point(study, at.point);
  io::RunRow row;
  row.point = order.point_number(run);
  row.replicate = static_cast<std::int64_t>(at.replicate) + 1;
  for (const study::SweptKey& key : sweep.keys()) row.values.push_back(cell_of(key.settings[0].get(study)));
  for (const scenario::Arm& arm : study.arms) {
    for (const scenario::Limb limb : scenario::limbs) row.massaged.push_back(is_massaged(arm, limb) ? 1 : 0);
    row.ends_d.push_back(to_days(end_of(study, arm)));
  }
  return row;
}

io::StoreForm store_form(const study::SweepOrder& order, const std::string& identity, const std::string& about) {
  const study::Sweep& sweep = order.sweep();
  io::StoreForm form{.identity = identity,
                     .about = about,
                     .n_runs = order.n_runs(),
                     .first_run = order.n_old(),
                     .runs_per_chunk = sweep.runs_per_block(),
                     .series = {},
                     .precision = sweep.base().record.precision,
                     .is_compressed = sweep.plan().compress};
  for (const muscle::Observable observable : sweep.recording().observables)
    form.series.push_back(sweep.numbers_per_run(observable));
  return form;
}

io::StoredRuns stored_runs(const study::SweepBlock& block) {
  const std::size_t n = block.keys.size();
  return {block.first_run, block.keys, block.recorded.outcomes,
          std::vector<double>(n, block.wall_time_s / static_cast<double>(n))};
}

BlockRange block_from(const io::StoreForm& form, std::uint64_t first) {
  const std::uint64_t chunk_end = (first / form.runs_per_chunk + 1) * form.runs_per_chunk;
  return {first, std::min(chunk_end, form.n_runs)};
}

}  // namespace hindlimb::app
