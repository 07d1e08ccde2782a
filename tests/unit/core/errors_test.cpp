#include "hindlimb/core/errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hindlimb {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;
using testing::StrEq;
using testing::ThrowsMessage;

TEST(Problem, ReadsWhereKeyWhatAndHint) {
  EXPECT_EQ(to_string({"study.toml:14", "arm.RE.duration_days", "unknown key", "did you mean 'duration_d'?"}),
            "study.toml:14: arm.RE.duration_days: unknown key; did you mean 'duration_d'?");
}

TEST(Problem, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_string({"", "muscle.half_load", "is 0, must be > 0", ""}), "muscle.half_load: is 0, must be > 0");
  EXPECT_EQ(to_string({"study.toml", "", "is empty", ""}), "study.toml: is empty");
  EXPECT_EQ(to_string({"", "", "no study given", "try 'hindlimb --help'"}), "no study given; try 'hindlimb --help'");
  EXPECT_EQ(to_string({}), "");
}

TEST(InputError, ListsEveryProblemOnALineOfItsOwn) {
  const InputError error({{"a.toml:3", "seed", "is -7", ""}, {"a.toml:9", "", "ends in the middle", "close the '['"}});
  EXPECT_THAT(error.what(), StrEq("a.toml:3: seed: is -7\na.toml:9: ends in the middle; close the '['"));
  EXPECT_THAT(error.problems(), ElementsAre(Field(&Problem::key, "seed"), Field(&Problem::hint, "close the '['")));
}

TEST(InputError, CanConcernAWholeFile) {
  const InputError error("b.toml", "no such file");
  EXPECT_THAT(error.what(), StrEq("b.toml: no such file"));
  EXPECT_THAT(error.problems(), SizeIs(1));
}

TEST(EveryError, IsCaughtAsError) {
  EXPECT_THAT([] { throw InputError("b.toml", "no such file"); }, ThrowsMessage<Error>(StrEq("b.toml: no such file")));
  EXPECT_THAT([] { throw DomainError("muscle 1: mass is -3"); }, ThrowsMessage<Error>(StrEq("muscle 1: mass is -3")));
}

}  // namespace
}  // namespace hindlimb
