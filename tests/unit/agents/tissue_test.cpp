#include "hindlimb/agents/tissue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <iostream>
#include <numeric>

#include "hindlimb/agents/section.hpp"

namespace hindlimb::agents {
namespace {

laws::Coefficients<double> medial() {
  return laws::coefficients(laws::default_parameters(laws::Muscle::gastrocnemius_medial));
}

TEST(Scratch, Speed) {
  for (const int n : {1000, 10000}) {
    Settings settings;
    settings.fibres = n;
    auto t0 = std::chrono::steady_clock::now();
    const auto since = [&] {
      const auto t = std::chrono::steady_clock::now();
      const double s = std::chrono::duration<double>(t - t0).count();
      t0 = t;
      return s;
    };
    const auto p = medial();
    const Tissue tissue(settings, laws::Muscle::gastrocnemius_medial, p, {1, 0, 1, 1ULL << 40});
    std::cerr << n << " tissue " << since() << " side " << tissue.side_um << "\n";
    double worst = 0, sum = 0, rms = 0;
    for (int i = 0; i < n; ++i) {
      const double w = tissue.areas_um2[i] / (1 - p.extracellular_fraction);
      worst = std::max(worst, std::abs(tissue.tiles.areas[i] / w - 1));
      rms += std::pow(tissue.tiles.areas[i] / w - 1, 2);
      sum += tissue.tiles.areas[i];
    }
    std::cerr << "tiles worst " << worst << " rms " << std::sqrt(rms / n) << " sum/side2 " << sum / tissue.side_um / tissue.side_um << "\n";
    Section section(settings, tissue, p);
    std::cerr << "section " << since() << " cells " << section.cells().size() << "\n";
    Signals s;
    for (int i = 0; i < 880; ++i) section.advance({s, s, s}, i, 0);
    const double t = since();
    std::cerr << "steps " << t << " updates/s " << section.n_updates() / t << "\n";
    const auto m = section.means(s);
    std::cerr << m.csa_um2 << " " << p.csa_um2 << " N " << m.neutrophils << " ed1 " << m.ed1 << " ed2 " << m.ed2 << " pax7 " << m.pax7 << " fib " << m.fibroblasts << " fields ";
    for (const auto& f : section.picture().fields) std::cerr << std::accumulate(f.begin(), f.end(), 0.0) / f.size() << " ";
    std::cerr << "\n";
  }
}

}  // namespace
}  // namespace hindlimb::agents
