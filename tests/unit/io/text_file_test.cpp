#include "hindlimb/io/text_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "hindlimb/core/errors.hpp"
#include "unit/io/full_disk.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(TextFile, HoldsItsPiecesInOrder) {
  const TemporaryDirectory directory;
  TextFile file(directory / "x.csv");
  file.append("a,b\n");
  file.append("");
  file.append("1,2\n");
  file.finish();
  EXPECT_EQ(bytes_of(directory / "x.csv"), "a,b\n1,2\n");
  EXPECT_THAT(directory.names(), ElementsAre("x.csv"));
}

TEST(TextFile, LeavesWhatWasThereUntilItIsFinished) {
  const TemporaryDirectory directory;
  write_text(directory / "x.csv", "old");
  {
    TextFile file(directory / "x.csv");
    file.append("new");
    EXPECT_EQ(bytes_of(directory / "x.csv"), "old");
  }
  EXPECT_EQ(bytes_of(directory / "x.csv"), "old");
  EXPECT_THAT(directory.names(), ElementsAre("x.csv"));
  TextFile file(directory / "x.csv");
  file.append("new");
  file.finish();
  EXPECT_EQ(bytes_of(directory / "x.csv"), "new");
}

TEST(TextFile, LeavesNothingOnAFullDisk) {
  const TemporaryDirectory directory;
  const FullDisk disk(1000);
  EXPECT_THAT(
      [&] {
        TextFile file(directory / "x.csv");
        file.append(std::string(2000, 'x'));
      },
      testing::ThrowsMessage<NoRoomError>(HasSubstr("x.csv: cannot be written: File too large")));
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST(TextFile, NamesADirectoryThatIsNotThere) {
  const TemporaryDirectory directory;
  EXPECT_THAT([&] { TextFile(directory / "none" / "x.csv"); },
              testing::ThrowsMessage<Error>(HasSubstr("cannot be written: there is no directory")));
}

}  // namespace
}  // namespace hindlimb::io
