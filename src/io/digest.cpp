#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "hindlimb/core/sha256.hpp"
#include "hindlimb/io/runs_file.hpp"

namespace hindlimb::io {
namespace {

static_assert(std::endian::native == std::endian::little, "digests are taken over little-endian numbers");

template <class T>
void add_number(Sha256& hash, T value) {
  hash.add({reinterpret_cast<const char*>(&value), sizeof value});
}

void add_text(Sha256& hash, const std::string& text) {
  add_number(hash, std::uint64_t{text.size()});
  hash.add(text);
}

template <class T>
void add_all(Sha256& hash, const std::vector<T>& values) {
  add_number(hash, std::uint64_t{values.size()});
  for (const T& value : values) {
    if constexpr (std::is_same_v<T, std::string>)
      add_text(hash, value);
    else if constexpr (std::is_same_v<T, double>)
      add_number(hash, std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value);
    else
      add_number(hash, value);
  }
}

std::string digest_of(const sim::Series& series) {
  Sha256 hash;
  add_text(hash, series.name);
  add_text(hash, series.unit);
  add_all(hash, series.values);
  return hash.finish();
}

void add_labels(Sha256& hash, const sim::Labels& labels) {
  add_all(hash, labels.arms);
  add_all(hash, labels.animals);
  add_all(hash, labels.muscles);
  add_all(hash, labels.limbs);
  add_all(hash, labels.times_d);
  add_all(hash, labels.massaged);
  add_all(hash, labels.fibre_types);
}

/// Four sums of the parts of hashes: the order in which they are added does not matter.
struct SumOfHashes {
  std::array<std::uint64_t, 4> parts{};

  void add(const std::string& hex) {
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += std::stoull(hex.substr(16 * i, 16), nullptr, 16);
  }
  std::string hex() const {
    return fmt::format("{:016x}{:016x}{:016x}{:016x}", parts[0], parts[1], parts[2], parts[3]);
  }
};

}  // namespace

std::vector<std::string> digest_lines(const sim::Results& results) {
  Sha256 whole;
  add_number(whole, results.seed);
  add_text(whole, results.run_key);
  add_number(whole, static_cast<std::int8_t>(results.status));
  add_text(whole, results.message);
  add_labels(whole, results.labels);
  std::vector<std::string> lines(1);
  for (const sim::Series& series : results.series) {
    const std::string digest = digest_of(series);
    add_text(whole, digest);
    lines.push_back(digest + "  " + series.name);
  }
  lines.front() = whole.finish();
  return lines;
}

std::vector<std::string> digest_lines(const RunsFile& file) {
  if (file.n_runs() == 1) return digest_lines(file.run(0));
  const std::vector<std::int8_t> statuses = file.statuses();
  std::vector<SumOfHashes> sums(file.series().size() + 1);
  for (std::uint64_t first = 0; first < file.n_runs(); first += file.runs_per_chunk()) {
    const std::uint64_t count = std::min(file.runs_per_chunk(), file.n_runs() - first);
    for (std::uint64_t i = 0; const sim::Results& run : file.runs(first, count)) {
      if (statuses[first + i++] == not_run) continue;
      const std::vector<std::string> lines = digest_lines(run);
      for (std::size_t line = 0; line < lines.size(); ++line) sums[line].add(sha256(run.run_key + lines[line]));
    }
  }
  std::vector<std::string> lines{sums[0].hex()};
  for (std::size_t i = 1; i < sums.size(); ++i) lines.push_back(sums[i].hex() + "  " + file.series()[i - 1].name);
  return lines;
}

}  // namespace hindlimb::io
