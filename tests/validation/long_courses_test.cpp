#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/sim/run.hpp"

/// What holds for longer than any published study looked: nothing that was ahead falls behind.
namespace hindlimb {
namespace {

class LongCourses : public testing::Test {
 protected:
  /// Fibre area of one arm as a multiple of another's, on the same day, muscle and limb.
  double ratio(const std::string& arm, const std::string& reference, std::size_t muscle, std::size_t limb,
               double day) const {
    return csa_um2(arm, muscle, limb, day) / csa_um2(reference, muscle, limb, day);
  }

  template <class Check>
  void for_each_muscle_and_limb(Check check) const {
    for (std::size_t muscle = 0; muscle < results_.labels.muscles.size(); ++muscle) {
      for (const std::size_t limb : {0U, 1U}) {
        SCOPED_TRACE(results_.labels.muscles[muscle] + ", " + results_.labels.limbs[limb]);
        check(muscle, limb);
      }
    }
  }

 private:
  double csa_um2(const std::string& arm, std::size_t muscle, std::size_t limb, double day) const {
    const auto& [arms, times] = std::tie(results_.labels.arms, results_.labels.times_d);
    const auto a = static_cast<std::size_t>(std::ranges::find(arms, arm) - arms.begin());
    const auto t = static_cast<std::size_t>(std::ranges::find(times, day) - times.begin());
    return results_.find("csa").values[results_.labels.index(a, 0, muscle, limb, t)];
  }

  sim::Results results_ = sim::run_study(io::read_study(HINDLIMB_SOURCE_DIR "/configs/long_reloading.toml"), {});
};

TEST_F(LongCourses, MassagedLimbsNeverFallHalfAPercentBelowUntreatedOnes) {
  for_each_muscle_and_limb([&](std::size_t muscle, std::size_t limb) {
    for (double day = 14; day <= 56; ++day) EXPECT_GT(ratio("REM", "RE", muscle, limb, day), 0.995) << "day " << day;
  });
}

TEST_F(LongCourses, MoreWastedMusclesDoNotOvertakeLessWastedOnes) {
  for_each_muscle_and_limb([&](std::size_t muscle, std::size_t limb) {
    for (double day = 14; day <= 56; ++day) EXPECT_LT(ratio("RE", "RE90", muscle, limb, day), 1.005) << "day " << day;
  });
}

TEST_F(LongCourses, AllAreBackWithinOnePercentAfterSixWeeksOfReloading) {
  for_each_muscle_and_limb([&](std::size_t muscle, std::size_t limb) {
    for (const char* arm : {"RE", "RE90", "REM"}) EXPECT_NEAR(ratio(arm, "WB", muscle, limb, 56), 1.0, 0.01) << arm;
  });
}

TEST_F(LongCourses, MassageInSuspensionSavesNoSizeOnAnyDay) {
  for_each_muscle_and_limb([&](std::size_t muscle, std::size_t limb) {
    for (double day = 1; day <= 28; ++day)
      EXPECT_NEAR(ratio("HSM", "HS", muscle, limb, day), 1.0, 0.01) << "day " << day;
  });
}

}  // namespace
}  // namespace hindlimb
