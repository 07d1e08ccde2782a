#include "app/sweep_result.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/sweep_layout.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/checksum.hpp"
#include "hindlimb/sim/version.hpp"

namespace hindlimb::app {

namespace fs = std::filesystem;

namespace {

/// Why runs of a sweep do not belong into a file; empty if they do.
std::string differing_part(const io::RunsFile& there, const io::SweepForm& form) {
  if (!there.attribute("partial").empty()) return "is partial";
  const std::string version = there.attribute("model_version");
  if (version != sim::model_version)
    return fmt::format("was made by model_version {}, and this is {}: their runs do not belong together", version,
                       sim::model_version);
  if (there.attribute("sweep").empty()) return "is no sweep";
  if (there.series().empty()) return "keeps summaries alone, and the runs that new ones would join are gone";
  if (there.seed() != form.seed) return "has another seed";
  if (there.series() != form.series) return "records other observables";
  if (there.has_ends_only() != form.has_ends_only) return "keeps something else of each run";
  sim::Labels labels = there.labels();
  labels.massaged = form.labels.massaged;
  if (form.has_ends_only) labels.times_d.clear();
  if (labels.times_d != form.labels.times_d) return "records other times";
  return labels == form.labels ? "" : "has other arms, muscles or numbers of rats";
}

}  // namespace

std::optional<io::RunsFile> existing(const fs::path& file, bool is_dropped) {
  if (!fs::exists(file) || is_dropped) return std::nullopt;
  try {
    return io::RunsFile(file, io::Proof::checksum);
  } catch (const InputError& error) {
    std::vector<Problem> problems = error.problems();
    for (Problem& problem : problems) problem.hint = "--force replaces it, -o FILE writes elsewhere";
    throw InputError(std::move(problems));
  }
}

void settle_what_was_killed(const fs::path& file) {
  const fs::path work = io::working_store_path(file);
  if (!fs::is_regular_file(work) || !fs::is_regular_file(file)) return;
  try {
    const io::WorkingStore locked(work, io::WorkingStore(work).form(), io::WorkingStore::Start::go_on);
    io::settle(file);
  } catch (const InputError&) {
    return;  // no store, or another process works on it: said when it is opened to go on
  }
}

bool is_finished(const io::RunsFile& there, const study::Sweep& sweep) {
  return there.attribute("sweep_identity") == sweep.identity() && there.attribute("partial").empty();
}

study::SweepOrder extended_order(const study::Sweep& sweep, const io::RunsFile& there) {
  const std::string difference = differing_part(there, sweep_form(sweep));
  if (!difference.empty()) {
    throw InputError({{there.path().string(), "", "cannot be extended: it " + difference,
                       "--force starts anew, -o FILE writes elsewhere"}});
  }
  const std::vector<std::string> keys = there.keys();
  const std::vector<std::int64_t>& points = there.points();
  std::vector<study::OldRun> old;
  old.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) old.push_back({keys[i], points[i]});
  return {sweep, old, there.path().string()};
}

void remove_what_was_left(const fs::path& file, const io::RunsFile& there, const study::Sweep& sweep) {
  const fs::path work = io::working_store_path(file);
  if (!fs::exists(work)) return;
  try {
    const io::WorkingStore left(work);
    const std::string& identity = left.form().identity;
    if (identity == there.attribute("store_identity") || identity == sweep.identity())
      io::WorkingStore(work, left.form(), io::WorkingStore::Start::go_on).remove();
  } catch (const InputError&) {
    return;
  }
}

void require_renewable(const fs::path& file, const study::Sweep& sweep) {
  if (!fs::exists(file)) return;
  std::string what = "is no partial file of this sweep";
  try {
    const io::RunsFile there(file);
    if (!there.attribute("partial").empty() && there.attribute("sweep_identity") == sweep.identity()) return;
  } catch (const InputError& error) {
    what = error.problems()[0].what;
  }
  throw InputError({{file.string(), "", what, "--force replaces it, -o FILE writes elsewhere"}});
}

FileStamp::FileStamp(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return;
  device_ = status.st_dev;
  number_ = status.st_ino;
  changed_s_ = status.st_mtim.tv_sec;
  changed_ns_ = status.st_mtim.tv_nsec;
}

io::WorkingStore::Start start_of(const fs::path& work, const std::string& identity, bool is_forced) {
  if (!is_forced) return io::WorkingStore::Start::go_on;
  try {
    if (fs::exists(work) && io::WorkingStore(work).form().identity == identity) return io::WorkingStore::Start::go_on;
  } catch (const InputError&) {
    return io::WorkingStore::Start::anew;
  }
  return io::WorkingStore::Start::anew;
}

}  // namespace hindlimb::app
