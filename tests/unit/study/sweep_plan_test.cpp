#include "hindlimb/study/sweep_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "hindlimb/scenario/reference.hpp"

namespace hindlimb::study {
namespace {

TEST(KeysPage, IsWhatTheProgramPrints) {
  std::ostringstream page;
  page << std::ifstream(HINDLIMB_SOURCE_DIR "/docs/keys.md").rdbuf();
  EXPECT_EQ(page.str(), scenario::reference_markdown(sweep_keys()))
      << "renew it: hindlimb explain --markdown > docs/keys.md";
}

}  // namespace
}  // namespace hindlimb::study
