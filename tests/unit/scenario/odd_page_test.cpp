#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "hindlimb/scenario/reference.hpp"

namespace hindlimb::scenario {
namespace {

TEST(OddPage, ShowsTheTablesOfTheCode) {
  std::ifstream stream(HINDLIMB_SOURCE_DIR "/docs/ODD.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  const std::string begin = "<!-- agents: begin -->\n";
  const std::size_t first = page.find(begin) + begin.size();
  ASSERT_GE(first, begin.size());
  EXPECT_EQ(page.substr(first, page.find("<!-- agents: end -->") - first), agent_tables_markdown())
      << "scripts/renew_pages.sh writes it again";
}

}  // namespace
}  // namespace hindlimb::scenario
