#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/sim/animal.hpp"
#include "hindlimb/sim/run.hpp"

/// Numbers as they were. A change of the model changes them: copy the rows that the failures print, and raise
/// sim::model_version.
namespace hindlimb {
namespace {

using scenario::Limb;
using scenario::Study;

Study miller2018() { return io::read_study(HINDLIMB_SOURCE_DIR "/configs/miller2018.toml"); }

std::string name(Limb limb) { return fmt::format("Limb::{}", scenario::limb_names[static_cast<std::size_t>(limb)]); }

/// Means over the rats of an arm, on its last day.
struct Means {
  const char* arm;
  Limb limb;
  double csa_um2;
  double wet_mass_mg;
};

constexpr Means stored_means[] = {
    {"WB", Limb::left, 2801.787278, 755.6946411}, {"WB", Limb::right, 2861.177146, 771.7132039},
    {"HS", Limb::left, 1693.032949, 590.2585149}, {"HS", Limb::right, 1704.039687, 599.087246},
    {"RE", Limb::left, 2178.649279, 675.0932063}, {"RE", Limb::right, 2203.458745, 686.4186685},
    {"REM", Limb::left, 2477.58406, 719.9175329}, {"REM", Limb::right, 2601.870403, 745.0490065},
};

/// Relative. Steps are correct to 1e-7 each; anything else that does not change the model changes less.
constexpr double means_rtol = 1e-6;

double mean_at_the_end(const Study& study, const sim::Results& results, const std::string& series, std::size_t arm,
                       Limb limb) {
  const double end_d = to_days(scenario::end_of(study, study.arms[arm]));
  const auto& times_d = results.labels.times_d;
  const auto time = static_cast<std::size_t>(std::ranges::find(times_d, end_d) - times_d.begin());
  double sum = 0.0;
  for (std::size_t animal = 0; animal < results.labels.animals.size(); ++animal) {
    sum += results.find(series).values[results.labels.index(arm, animal, 0, static_cast<std::size_t>(limb), time)];
  }
  return sum / static_cast<double>(results.labels.animals.size());
}

/// The whole table as it would stand here, to be pasted.
class NewRows {
 public:
  void add(bool is_same, const std::string& row) {
    is_same_ = is_same_ && is_same;
    text_ += row + '\n';
    ++count_;
  }
  void expect_same(std::size_t stored) const {
    EXPECT_TRUE(is_same_ && count_ == stored) << "the new rows:\n" << text_;
  }

 private:
  bool is_same_ = true;
  std::size_t count_ = 0;
  std::string text_;
};

TEST(Miller2018, KeepsItsMeans) {
  const Study study = miller2018();
  const sim::Results results = sim::run_study(study, {});
  NewRows rows;
  std::size_t row = 0;
  for (std::size_t arm = 0; arm < study.arms.size(); ++arm) {
    for (const Limb limb : scenario::limbs) {
      const Means now{study.arms[arm].name.c_str(), limb, mean_at_the_end(study, results, "csa", arm, limb),
                      mean_at_the_end(study, results, "wet_mass", arm, limb)};
      const Means before = row < std::size(stored_means) ? stored_means[row++] : Means{"", limb, 0.0, 0.0};
      const bool is_same = now.arm == std::string(before.arm) && now.limb == before.limb &&
                           std::fabs(now.csa_um2 - before.csa_um2) <= means_rtol * before.csa_um2 &&
                           std::fabs(now.wet_mass_mg - before.wet_mass_mg) <= means_rtol * before.wet_mass_mg;
      rows.add(is_same,
               fmt::format("    {{\"{}\", {}, {:.10g}, {:.10g}}},", now.arm, name(limb), now.csa_um2, now.wet_mass_mg));
    }
  }
  rows.expect_same(std::size(stored_means));
}

/// Random effects of a rat of any arm on its right or left medial gastrocnemius.
struct Effects {
  std::uint64_t animal;
  Limb limb;
  double set_point;
  double unloading_response;
  double massage_response;
  bool operator==(const Effects&) const = default;
};

constexpr Effects stored_effects[] = {
    {1, Limb::left, 0x1.fb96d57e38684p-1, 0x1.ad9febf0931eep-1, 0x1.ed7a811ab598cp-1},
    {1, Limb::right, 0x1.1e348d79f1cb8p+0, 0x1.b17be6dcf5acep-1, 0x1.247e52eeeada6p+0},
    {2, Limb::left, 0x1.e9f8d3c656be8p-1, 0x1.fcdf38ccfae8p-1, 0x1.0fd35abce4248p+0},
    {2, Limb::right, 0x1.f8f509ebf2306p-1, 0x1.ffecaf410d8a9p-1, 0x1.05509e7b78ddp+0},
    {3, Limb::left, 0x1.0fdcbc1661b3p+0, 0x1.2eaedc9792a3dp+0, 0x1.cbde2e39645b3p-1},
    {3, Limb::right, 0x1.0c2a1cc9f210ap+0, 0x1.41a6f4243255dp+0, 0x1.cd2882d584e7ap-1},
    {4, Limb::left, 0x1.ff9c5d66e7099p-1, 0x1.1eb2bef1439e5p+0, 0x1.35d216eb71068p+0},
    {4, Limb::right, 0x1.edb3eb90bb22dp-1, 0x1.0704da590be9ap+0, 0x1.17421bbe32988p+0},
    {5, Limb::left, 0x1.13d1799eb015dp+0, 0x1.470b3d71697cap+0, 0x1.0ba12cdc9ffe5p+0},
    {5, Limb::right, 0x1.ea819a8f586eep-1, 0x1.5325676cb27dp+0, 0x1.c1f8351fab3a3p-1},
    {6, Limb::left, 0x1.9db498b199ddbp-1, 0x1.1ff8cd125b54cp+0, 0x1.eb92b985bd7e9p-1},
    {6, Limb::right, 0x1.bba3bde64ff8dp-1, 0x1.1e552cd68551ap+0, 0x1.f9fb1ed8d2a72p-1},
    {7, Limb::left, 0x1.0408535f065f6p+0, 0x1.ff183bdcece99p-1, 0x1.a7140c4040ef4p-1},
    {7, Limb::right, 0x1.1fae8e45470ap+0, 0x1.2d5ac9914b7a2p+0, 0x1.69ba30e98b942p-1},
    {8, Limb::left, 0x1.2ac4830ac6846p+0, 0x1.0ecc304c6d22dp+0, 0x1.0a5939765afc1p+0},
    {8, Limb::right, 0x1.2f4c7b59cbe22p+0, 0x1.2bc133bcce86dp+0, 0x1.3eb37e0810ac7p+0},
};

/// The study with a factor of 1 wherever effects multiply, so that the effects themselves come out, to the bit.
Study with_unit_parameters(Study study) {
  for (laws::Parameters<double>& p : study.parameters) {
    p.reference_body_mass_g = study.animals.body_mass_g;
    p.adult_age_months = study.animals.age_months;
    p.csa_type_IIb_um2 = p.postural_share = p.drive_max = 1.0;
  }
  return study;
}

/// To the bit: how rats are drawn is a promise of the result files, whatever the model does with them.
TEST(Miller2018, KeepsItsRats) {
  Study study = miller2018();
  study.animals.set_point_cv = 0.105;
  study.animals.unloading_response_cv = 0.15;
  study.animals.massage_response_cv = 0.2;
  study.animals.limb_correlation = 0.8;
  study = with_unit_parameters(study);
  NewRows rows;
  std::size_t row = 0;
  for (std::uint64_t animal = 1; animal <= 8; ++animal) {
    for (const Limb limb : scenario::limbs) {
      const auto p =
          sim::individual_parameters(study, study.arms[0], {0, animal}, scenario::Muscle::gastrocnemius_medial, limb);
      const Effects now{animal, limb, p.csa_type_IIb_um2, p.postural_share, p.drive_max};
      const Effects before = row < std::size(stored_effects) ? stored_effects[row++] : Effects{0, limb, 0.0, 0.0, 0.0};
      rows.add(now == before, fmt::format("    {{{}, {}, {:a}, {:a}, {:a}}},", animal, name(limb), now.set_point,
                                          now.unloading_response, now.massage_response));
    }
  }
  rows.expect_same(std::size(stored_effects));
}

}  // namespace
}  // namespace hindlimb
