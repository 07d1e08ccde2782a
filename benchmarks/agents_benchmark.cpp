// How many agents does a core advance in a second? Prints one line of JSON.
//
// usage: agents_benchmark FIBRES ROUNDS
//
// One section of the medial gastrocnemius through 14 d of suspension and 8 d of reloading with massage: fibres, cells,
// six fields, all rules. The peer is the same section with plain loops over plain numbers in the place of lanes.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "agents/kernel.hpp"
#include "hindlimb/agents/section.hpp"

namespace {

using namespace hindlimb;

struct plain_set;

void plain_fibres(const agents::FibreArrays& fibres, const agents::FibreStep& step) {
  agents::FibreKernel<plain_set, 1>(fibres, step).run();
}

template <std::size_t n_kinds>
double plain_sum(const std::uint16_t (&counts)[n_kinds], const double* by_one) {
  double sum = 0.0;
  for (std::size_t kind = 0; kind < n_kinds; ++kind) sum += by_one[kind * agents::field_lanes] * counts[kind];
  return sum;
}

void plain_sources(const agents::FieldStep& step, std::size_t field) {
  for (std::size_t i = 0; i < step.n * step.n; ++i)
    step.sources[i * agents::field_lanes + field] = plain_sum(step.occupants[i].sources, step.secreted + field);
  for (std::size_t fibre = 0; fibre < step.n_fibres; ++fibre) {
    step.sources[step.points[fibre] * agents::field_lanes + field] +=
        step.by_fibre[field] + step.by_damage[field] * step.damage[fibre] + step.by_strain[field] * step.strain[fibre];
  }
}

void plain_line(const agents::FieldStep& step, std::size_t field, std::size_t first, std::size_t stride) {
  const double r = step.ratio[field];
  double before = 0.0;
  for (std::size_t i = 0; i < step.n; ++i) {
    double& value = step.values[(first + i * stride) * agents::field_lanes + field];
    before = value = (value + r * before) * step.pivots[i * agents::field_lanes + field];
  }
  for (std::size_t i = step.n - 1; i-- > 0;) {
    double& value = step.values[(first + i * stride) * agents::field_lanes + field];
    before = value = value + r * step.pivots[i * agents::field_lanes + field] * before;
  }
}

void plain_fields(const agents::FieldStep& step) {
  for (std::size_t field = 0; field < agents::n_fields; ++field) {
    plain_sources(step, field);
    for (std::size_t i = 0; i < step.n * step.n; ++i) {
      const std::size_t at = i * agents::field_lanes + field;
      const double uptake = plain_sum(step.occupants[i].readers, step.taken_up + field);
      step.values[at] = (step.values[at] * step.decay[field] + step.sources[at]) / (1.0 + uptake);
    }
    for (std::size_t row = 0; row < step.n; ++row) plain_line(step, field, row * step.n, 1);
    for (std::size_t column = 0; column < step.n; ++column) plain_line(step, field, column, step.n);
  }
}

/// What the muscle feels: close enough to the mean field, without it.
agents::Signals signals_at(double day) {
  agents::Signals s;
  const double reload = day - 14.0;
  const auto follow = [&](double time_d) {
    return reload < 0.0 ? std::exp(-day / time_d) : 1.0 - std::exp(-reload / time_d);
  };
  s.load_signal = follow(0.15);
  s.load_history = follow(1.4);
  s.tolerance = follow(reload < 0.0 ? 5.0 : 1.1);
  s.readiness = follow(2.0);
  if (reload > 0.0) s.massage_memory = std::exp(-std::fmod(reload, 2.0) / 1.6);
  s.humoral_signal = s.massage_memory;
  return s;
}

struct Timing {
  double seconds;
  double updates;
  double csa_um2;
};

Timing run(const agents::Settings& settings, const agents::Tissue& tissue, const laws::Coefficients<double>& p,
           const agents::Kernels* kernels) {
  const double step_d = to_days(settings.step);
  const auto n_steps = static_cast<std::uint64_t>(22.0 / step_d);
  agents::Section section(settings, tissue, p, kernels);
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t step = 0; step < n_steps; ++step) {
    const double day = static_cast<double>(step) * step_d;
    section.advance({signals_at(day), signals_at(day + 0.5 * step_d), signals_at(day + step_d)}, step, 0.0);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {seconds, static_cast<double>(section.n_updates()), section.means(signals_at(22.0)).csa_um2};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  agents::Settings settings;
  settings.fibres = argc > 1 ? std::atol(argv[1]) : 1000;
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  constexpr auto muscle = laws::Muscle::gastrocnemius_medial;
  const auto p = laws::coefficients(laws::default_parameters(muscle));
  const auto start = std::chrono::steady_clock::now();
  const agents::Tissue tissue(settings, muscle, p, {1, 0, 1, 1ULL << 40});
  const double tissue_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const agents::Kernels plain{plain_fibres, plain_fields};
  std::vector<double> lanes_s;
  std::vector<double> plain_s;
  double updates = 0.0;
  bool is_same = true;
  for (int round = 0; round < rounds; ++round) {
    const Timing lanes = run(settings, tissue, p, nullptr);
    const Timing peer = run(settings, tissue, p, &plain);
    lanes_s.push_back(lanes.seconds);
    plain_s.push_back(peer.seconds);
    updates = lanes.updates;
    is_same = is_same && lanes.csa_um2 == peer.csa_um2;
  }
  fmt::print(
      "{{\"fibres\": {}, \"step_min\": {}, \"updates\": {}, \"lanes_s\": {}, \"plain_s\": {}, \"tissue_s\": {}, "
      "\"same_bits\": {}}}\n",
      settings.fibres, settings.step.count(), updates, median(lanes_s), median(plain_s), tissue_s, is_same);
}
