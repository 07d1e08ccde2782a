#include "io/sweep_summary.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "hindlimb/io/point_statistics.hpp"

namespace hindlimb::io {
namespace {

using hdf5::Handle;

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t numbers_at_once = 8 << 20;  ///< 64 MB

/// The runs of each point, in the order of the file; none for a point that is not complete.
std::vector<std::vector<std::uint64_t>> runs_of_points(const SweepRows& rows, const std::vector<std::int64_t>& points) {
  std::vector<std::vector<std::uint64_t>> members;
  std::vector<bool> is_incomplete;
  for (std::uint64_t first = 0; first < rows.n_runs(); first += rows.runs_per_chunk()) {
    const std::uint64_t count = std::min(rows.runs_per_chunk(), rows.n_runs() - first);
    const SweepRows::Outcomes outcomes = rows.outcomes(first, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto point = static_cast<std::size_t>(points[first + i] - 1);
      if (point >= members.size()) members.resize(point + 1);
      is_incomplete.resize(members.size());
      members[point].push_back(first + i);
      if (outcomes.statuses[i] == not_run) is_incomplete[point] = true;
    }
  }
  for (std::size_t point = 0; point < members.size(); ++point) {
    if (is_incomplete[point]) members[point].clear();
  }
  return members;
}

/// What is summarised at once: some points, and of their numbers those of some times.
struct Batch {
  std::size_t first_point;
  std::size_t n_points;
  std::size_t first_time;
  std::size_t n_times;
};

/// Where a run stands: a point of the batch, a replicate of the point.
struct Place {
  std::uint64_t run;
  std::size_t point;
  std::size_t replicate;
};

class Summary {
 public:
  Summary(const SweepForm& form, SweepRows& rows, const std::vector<std::int64_t>& points)
      : form_(form), rows_(rows), members_(runs_of_points(rows, points)) {}

  std::size_t n_points() const { return members_.size(); }
  std::size_t n_arms() const { return form_.labels.arms.size(); }
  std::size_t n_animals() const { return form_.labels.animals.size(); }
  std::size_t n_times() const { return form_.has_ends_only ? 1 : form_.labels.times_d.size(); }
  /// Courses of an animal, of a series: muscle, limb, fibre type.
  std::size_t courses(std::size_t series) const { return rows_.size_of(series) / (n_arms() * n_animals() * n_times()); }

  std::vector<Batch> batches(std::size_t series) const {
    std::vector<Batch> all;
    const std::size_t n_courses = courses(series);
    for (std::size_t first = 0; first < n_points();) {
      std::size_t end = first;
      std::size_t n = 0;  // courses
      while (end < n_points() && (end == first || (n + rats_of(end) * n_courses) * n_times() <= numbers_at_once))
        n += rats_of(end++) * n_courses;
      const std::size_t piece = std::clamp<std::size_t>(numbers_at_once / std::max<std::size_t>(n, 1), 1, n_times());
      for (std::size_t time = 0; time < n_times(); time += piece)
        all.push_back({first, end - first, time, std::min(piece, n_times() - time)});
      first = end;
    }
    return all;
  }

  /// Statistics of a batch, shape [point][statistic][arm][course][time].
  std::vector<double> of(const Batch& batch, std::size_t series) {
    const std::size_t of_rat = courses(series) * batch.n_times;
    const std::size_t of_point = statistic_names.size() * n_arms() * of_rat;
    std::vector<double> result(batch.n_points * of_point, none);
    load(batch, series);
    for (std::size_t point = 0; point < batch.n_points; ++point) {
      const std::size_t n_rats = rats_of(batch.first_point + point) / n_arms();
      if (n_rats == 0) continue;
      const auto numbers = std::span(loaded_).subspan(start_[point], n_arms() * n_rats * of_rat);
      std::ranges::copy(point_statistics(numbers, n_arms(), n_rats),
                        result.begin() + static_cast<std::ptrdiff_t>(point * of_point));
    }
    return result;
  }

  /// Rats of each point.
  std::vector<std::int64_t> n_rats() const {
    std::vector<std::int64_t> all;
    for (const auto& runs : members_) all.push_back(static_cast<std::int64_t>(runs.size() * n_animals()));
    return all;
  }

 private:
  std::size_t rats_of(std::size_t point) const { return members_[point].size() * n_animals() * n_arms(); }

  /// Numbers of the batch, for each point shape [arm][rat][course][time]; runs are read in the order of the file.
  void load(const Batch& batch, std::size_t series) {
    const std::size_t width = courses(series) * batch.n_times;
    std::vector<Place> places;
    start_.clear();
    std::size_t size = 0;
    for (std::size_t point = 0; point < batch.n_points; ++point) {
      const auto& runs = members_[batch.first_point + point];
      start_.push_back(size);
      size += rats_of(batch.first_point + point) * width;
      for (std::size_t i = 0; i < runs.size(); ++i) places.push_back({runs[i], point, i});
    }
    std::ranges::sort(places, {}, &Place::run);
    loaded_.resize(size);
    std::vector<double> numbers;
    std::uint64_t first = 1;
    std::uint64_t end = 0;  // nothing is read yet
    for (const Place& place : places) {
      if (place.run < first || place.run >= end) {
        first = place.run / rows_.runs_per_chunk() * rows_.runs_per_chunk();
        end = std::min(first + rows_.runs_per_chunk(), rows_.n_runs());
        rows_.read(series, form_.series[series].name, first, end - first, numbers);
      }
      take(batch, series, place,
           numbers.begin() + static_cast<std::ptrdiff_t>((place.run - first) * rows_.size_of(series)));
    }
  }

  void take(const Batch& batch, std::size_t series, const Place& place, std::vector<double>::const_iterator run) {
    const std::size_t n_courses = courses(series);
    const std::size_t n_rats = members_[batch.first_point + place.point].size() * n_animals();
    for (std::size_t arm = 0; arm < n_arms(); ++arm) {
      for (std::size_t animal = 0; animal < n_animals(); ++animal) {
        const std::size_t rat = arm * n_rats + place.replicate * n_animals() + animal;
        for (std::size_t course = 0; course < n_courses; ++course) {
          const std::size_t from = ((arm * n_animals() + animal) * n_courses + course) * n_times() + batch.first_time;
          const std::size_t to = start_[place.point] + (rat * n_courses + course) * batch.n_times;
          std::copy_n(run + static_cast<std::ptrdiff_t>(from), batch.n_times,
                      loaded_.begin() + static_cast<std::ptrdiff_t>(to));
        }
      }
    }
  }

  const SweepForm& form_;
  SweepRows& rows_;
  std::vector<std::vector<std::uint64_t>> members_;
  std::vector<double> loaded_;
  std::vector<std::size_t> start_;  ///< of each point of the batch
};

void write_point_labels(LabelledFile& group, const SweepForm& form, const Summary& summary,
                        const std::vector<std::uint64_t>& first_runs, const SweepRuns& runs) {
  group.add_dimension("point", summary.n_points());
  group.add_dimension("statistic", statistic_names.size());
  std::vector<std::int64_t> numbers(summary.n_points());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i) + 1;
  group.add<std::int64_t>("point", {"point"}, "point of the sweep", numbers);
  group.add_text("statistic", {"statistic"}, "over the rats of all replicates",
                 {statistic_names.begin(), statistic_names.end()});
  sim::Labels labels = form.labels;
  labels.animals = {};
  write_labels(labels, group);
  for (std::size_t i = 0; i < form.coordinates.size(); ++i) {
    const RunCoordinate& coordinate = form.coordinates[i];
    if (coordinate.is_text) {
      std::vector<std::string> texts;
      texts.reserve(first_runs.size());
      for (const std::uint64_t run : first_runs) texts.push_back(std::get<std::string>(runs.row(run).values[i]));
      group.add_text(coordinate.name, {"point"}, coordinate.long_name, texts);
    } else {
      std::vector<double> values;
      values.reserve(first_runs.size());
      for (const std::uint64_t run : first_runs) values.push_back(std::get<double>(runs.row(run).values[i]));
      hdf5::set_text(group.add<double>(coordinate.name, {"point"}, coordinate.long_name, values), "units",
                     coordinate.unit);
    }
  }
  const Handle n_rats = group.add<std::int64_t>(
      "n_rats", {"point"}, "rats of the runs that the statistics are of, failed ones included", summary.n_rats());
  hdf5::set_text(n_rats, "units", "1");
}

Axes summary_axes(const SweepForm& form, const SeriesInfo& info) {
  Axes axes{"point", "statistic", "arm", "muscle", "limb"};
  if (info.by_fibre_type) axes.emplace_back("fibre_type");
  if (!form.has_ends_only) axes.emplace_back("time");
  return axes;
}

}  // namespace

void write_summary(hid_t file, const SweepForm& form, const SweepRuns& runs, SweepRows& rows,
                   const std::vector<std::int64_t>& points) {
  Summary summary(form, rows, points);
  std::vector<std::uint64_t> first_runs(summary.n_points());
  for (std::uint64_t run = rows.n_runs(); run-- > 0;) first_runs[static_cast<std::size_t>(points[run] - 1)] = run;
  LabelledFile group(hdf5::create_group(file, summary_group));
  write_point_labels(group, form, summary, first_runs, runs);
  std::string coordinates;
  for (const RunCoordinate& coordinate : form.coordinates) coordinates += coordinate.name + " ";
  for (std::size_t series = 0; series < form.series.size(); ++series) {
    const SeriesInfo& info = form.series[series];
    const Axes axes = summary_axes(form, info);
    hdf5::Shape chunk = group.shape_of(axes);
    constexpr std::size_t numbers_of_chunk = 1 << 16;
    chunk[0] = 1;
    chunk[0] = std::clamp<hsize_t>(numbers_of_chunk / hdf5::size_of(chunk), 1, summary.n_points());
    const Handle variable =
        group.create_series(info.name, axes, info.unit, info.long_name, {Precision::f8, true, chunk});
    hdf5::set_text(variable, "coordinates", coordinates + "n_rats");
    for (const Batch& batch : summary.batches(series)) {
      runs.pause();
      hdf5::Shape first(axes.size(), 0);
      hdf5::Shape count = group.shape_of(axes);
      first[0] = batch.first_point;
      count[0] = batch.n_points;
      if (!form.has_ends_only) {
        first.back() = batch.first_time;
        count.back() = batch.n_times;
      }
      hdf5::write_part(variable, first, count, H5T_NATIVE_DOUBLE, summary.of(batch, series).data());
    }
  }
}

}  // namespace hindlimb::io
