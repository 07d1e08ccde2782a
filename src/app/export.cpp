#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <functional>
#include <iostream>
#include <set>
#include <span>
#include <system_error>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/result_input.hpp"
#include "app/stop_signal.hpp"
#include "app/text.hpp"
#include "hindlimb/core/csv.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/text_file.hpp"

namespace hindlimb::app {
namespace {

po::options_description options() {
  po::options_description description;
  description.add_options()("csv", "as a tidy table: one number in each row; the only format there is")(
      "observables", po::value<std::string>()->value_name("OBSERVABLE,..."),
      "names with commas between; csa_by_type.I is one fibre type of csa_by_type (default: all)")(
      "runs", "the table of runs instead: a row for each, with its point, swept values and how it went")(
      "output,o", po::value<std::string>()->value_name("FILE"), "file to write (default: standard output)")(
      "force", "replace the file if it exists");
  return description;
}

/// An observable of the table: a series, or one fibre type of it.
struct Shown {
  io::SeriesInfo series;
  std::vector<std::size_t> fibre_types;  ///< one that means nothing where the series has no such axis
  std::vector<std::string> names;        ///< "csa", or "csa_by_type.I" and so on, of each
};

Shown shown(const io::SeriesInfo& series, const std::vector<std::string>& fibre_types) {
  if (!series.by_fibre_type) return {series, {0}, {series.name}};
  Shown all{series, {}, {}};
  for (std::size_t type = 0; type < fibre_types.size(); ++type) {
    all.fibre_types.push_back(type);
    all.names.push_back(series.name + "." + fibre_types[type]);
  }
  return all;
}

/// Everything that can be asked for: each series, and each fibre type of a series on its own.
std::vector<std::pair<std::string, Shown>> choices(const io::RunsFile& file) {
  std::vector<std::pair<std::string, Shown>> all;
  for (const io::SeriesInfo& series : file.series()) {
    const Shown whole = shown(series, file.labels().fibre_types);
    all.emplace_back(series.name, whole);
    for (std::size_t i = 0; series.by_fibre_type && i < whole.names.size(); ++i)
      all.push_back({whole.names[i], {series, {whole.fibre_types[i]}, {whole.names[i]}}});
  }
  return all;
}

/// What was asked for in the order in which it was; else every series.
std::vector<Shown> observables_to_export(const io::RunsFile& file, const po::variables_map& options) {
  const std::vector<std::string> series = recorded_observables(file);
  const std::optional<std::string> list = text_option(options, "observables");
  const std::vector<std::string> asked = list ? split(replaced(*list, " ", ""), ',') : series;
  const auto all = choices(file);
  const std::vector<std::string> names = observables_to_choose(file);
  require_recorded(asked, names, "--observables");
  std::vector<Shown> result;
  result.reserve(asked.size());
  std::set<std::string> shown;
  for (const std::string& name : asked) {
    result.push_back(all[static_cast<std::size_t>(std::ranges::find(names, name) - names.begin())].second);
    for (const std::string& column : result.back().names) {
      if (!shown.insert(column).second) throw InputError({{"--observables", column, "is there twice", ""}});
    }
  }
  return result;
}

/// Takes a piece of a table.
using Append = std::function<void(std::string_view)>;

/// Writes numbers as rows, piece by piece.
class TidyTable {
 public:
  TidyTable(const io::RunsFile& file, Append append) : file_(file), ends_d_(file.ends_d()), append_(std::move(append)) {
    append_("run,arm,animal,muscle,limb,time,observable,value,unit\n");
  }

  void add(const Shown& observable) {
    const std::uint64_t most = file_.runs_per_chunk();
    for (std::uint64_t first = 0; first < file_.n_runs(); first += most) {
      const std::uint64_t n_runs = std::min(most, file_.n_runs() - first);
      const std::vector<double> numbers = file_.numbers(observable.series.name, first, n_runs);
      const std::size_t size = numbers.size() / n_runs;
      for (std::uint64_t i = 0; i < n_runs; ++i)
        add_run(first + i, observable, std::span(numbers).subspan(i * size, size));
      pass_on();
    }
  }

 private:
  void add_run(std::uint64_t run, const Shown& observable, std::span<const double> numbers) {
    const sim::Labels& labels = file_.labels();
    const std::size_t size = numbers.size() / (labels.arms.size() * labels.animals.size() * labels.muscles.size() *
                                               labels.limbs.size());  // of a muscle of a limb
    for (std::size_t arm = 0; arm < labels.arms.size(); ++arm) {
      const std::vector<std::string> times = times_of(run, arm);
      for (const std::int32_t animal : labels.animals) {
        for (const std::string& muscle : labels.muscles) {
          for (const std::string& limb : labels.limbs) {
            const std::string whose =
                fmt::format("{},{},{},{},{},", run + 1, quoted(labels.arms[arm]), animal, quoted(muscle), quoted(limb));
            add_courses(whose, times, observable, numbers.first(size));
            numbers = numbers.subspan(size);
          }
        }
        if (rows_.size() > full) pass_on();
      }
    }
  }

  void add_courses(const std::string& whose, const std::vector<std::string>& times, const Shown& observable,
                   std::span<const double> numbers) {
    for (std::size_t i = 0; i < observable.names.size(); ++i) {
      const std::span<const double> course = numbers.subspan(observable.fibre_types[i] * times.size(), times.size());
      const std::string name = fmt::format(",{},", quoted(observable.names[i]));
      const std::string unit = fmt::format(",{}\n", quoted(observable.series.unit));
      for (std::size_t time = 0; time < times.size(); ++time) {
        if (std::isnan(course[time])) continue;
        rows_.append(whose);
        rows_.append(times[time]);
        rows_.append(name);
        add_number(course[time]);
        rows_.append(unit);
      }
    }
  }

  /// With the fewest digits that give the number of the file again.
  void add_number(double value) {
    if (file_.precision() == io::Precision::f4) {
      fmt::format_to(fmt::appender(rows_), "{}", static_cast<float>(value));
    } else {
      fmt::format_to(fmt::appender(rows_), "{}", value);
    }
  }

  std::vector<std::string> times_of(std::uint64_t run, std::size_t arm) const {
    const sim::Labels& labels = file_.labels();
    if (file_.has_ends_only()) return {fmt::format("{}", ends_d_[run * labels.arms.size() + arm])};
    std::vector<std::string> times;
    for (const double time_d : labels.times_d) times.push_back(fmt::format("{}", time_d));
    return times;
  }

  void pass_on() {
    append_({rows_.data(), rows_.size()});
    rows_.clear();
  }

  static constexpr std::size_t full = 1 << 16;
  const io::RunsFile& file_;
  std::vector<double> ends_d_;
  Append append_;
  fmt::memory_buffer rows_;
};

void write_numbers(const io::RunsFile& file, const std::vector<Shown>& observables, const Append& append) {
  TidyTable table(file, append);
  for (const Shown& observable : observables) table.add(observable);
}

std::string header_of_runs(const io::RunsFile& file) {
  std::string header = "run,point,replicate,";
  for (const io::RunCoordinate& coordinate : file.coordinates()) header += quoted(coordinate.name) + ",";
  return header + "status,message,n_steps\n";
}

std::string row_of_run(const io::RunsFile& file, std::uint64_t run, const io::RunsFile::Outcome& outcome) {
  std::string row = fmt::format("{},{},{},", run + 1, file.points()[run], file.replicates()[run]);
  for (const io::RunCoordinate& coordinate : file.coordinates())
    row += (coordinate.is_text ? quoted(coordinate.texts[run]) : fmt::format("{}", coordinate.numbers[run])) + ",";
  return row + fmt::format("{},{},{}\n", io::status_word(outcome.status), quoted(outcome.message), outcome.n_steps);
}

void write_runs(const io::RunsFile& file, const Append& append) {
  constexpr std::uint64_t at_once = 4096;
  append(header_of_runs(file));
  for (std::uint64_t first = 0; first < file.n_runs(); first += at_once) {
    std::string rows;
    std::uint64_t run = first;
    for (const io::RunsFile::Outcome& outcome : file.outcomes(first, std::min(at_once, file.n_runs() - first)))
      rows += row_of_run(file, run++, outcome);
    append(rows);
  }
}

/// A table that goes wherever it is wanted.
using Table = std::function<void(const Append&)>;

/// Somebody has read enough.
struct ReaderLeft {};

void print(std::string_view text) {
  std::cout << text << std::flush;
  if (std::cout) return;
  if (errno == EPIPE) throw ReaderLeft();
  throw Error("standard output: cannot be written: " + std::generic_category().message(errno));
}

Exit print_table(const Table& table) {
  try {
    table(print);
  } catch (const ReaderLeft&) {
    return Exit::failed;
  }
  return Exit::ok;
}

Exit write_table(const Table& table, const std::filesystem::path& output) {
  catch_stop_signals();
  io::TextFile text(output);
  table([&](std::string_view piece) {
    if (stop_was_asked()) throw Error(fmt::format("stopped; {} was not written", output.string()));
    text.append(piece);
  });
  text.finish();
  return Exit::ok;
}

void say_what_is_left_out(const io::RunsFile& file) {
  const std::vector<std::int8_t> statuses = file.statuses();
  const auto n = std::ranges::count(statuses, static_cast<std::int8_t>(sim::RunStatus::some_simulations_failed));
  if (n > 0)
    std::cerr << fmt::format("hindlimb: failed simulations of {} of {} have no rows; `hindlimb status {}` names them\n",
                             n, plural(statuses.size(), "run"), file.path().string());
}

/// The table that was asked for.
Table asked_table(const io::RunsFile& file, const po::variables_map& options) {
  if (has(options, "runs")) return [&file](const Append& append) { write_runs(file, append); };
  return [&file, observables = observables_to_export(file, options)](const Append& append) {
    say_what_is_left_out(file);
    write_numbers(file, observables, append);
  };
}

Exit execute(const std::vector<std::string>& files, const po::variables_map& options) {
  if (!has(options, "csv")) throw InputError("hindlimb export", "needs the name of a format; there is one: --csv");
  if (has(options, "runs") && has(options, "observables"))
    throw InputError("--observables", "belongs to the table of numbers, and --runs asks for that of runs; give one");
  const io::RunsFile file = open_result(files[0]);
  const Table table = asked_table(file, options);
  std::filesystem::path output;
  if (has(options, "output")) {
    output = output_path(files[0], options);
    require_no_input(output, {file.path()});
    output = output_file(files[0], options);
  }
  say_reservations(file);
  return output.empty() ? print_table(table) : write_table(table, output);
}

}  // namespace

const Command export_command{
    "export",
    "RESULT.h5 --csv [OPTION ...]",
    "write the numbers of a study or a sweep as a tidy table, for programs that do not read HDF5",
    "  hindlimb export results/miller2018.h5 --csv --observables csa,wet_mass -o results/miller2018.csv\n"
    "  hindlimb export results/miller2018.h5 --csv | head\n"
    "  hindlimb export results/sweep_dose_timing.h5 --csv --runs\n"
    "\ncolumns: run (from 1, as in the file), arm, animal, muscle, limb, time (d), observable, value, unit.\n"
    "A number that is not there has no row: after the end of an arm, where a simulation failed, of a fibre type that\n"
    "the muscle lacks. A fibre type is part of the observable's name, as in csa_by_type.IIa. Rows go by observable, "
    "run,\n"
    "arm, animal, muscle, limb, fibre type, time.\n"
    "With --runs: run, point, replicate, each swept key under its name in the file, status (ok,\n"
    "some_simulations_failed, not_run), message, n_steps. The two tables are joined by their column run.\n",
    1,
    1,
    options,
    execute};

}  // namespace hindlimb::app
