#include "hindlimb/io/checkpoint_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "hindlimb/core/errors.hpp"
#include "unit/io/full_disk.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::function<std::string()> made(std::string state) {
  return [state = std::move(state)] { return state; };
}

class Checkpoint : public testing::Test {
 protected:
  CheckpointFile open(const std::string& identity = "this run", bool is_forced = false) {
    return {file_,
            identity,
            {.interval = interval_,
             .stop_was_asked = [this] { return is_stopped_; },
             .on_problem = [this](const std::string& what) { problems_.push_back(what); }},
            is_forced};
  }
  void write() {
    CheckpointFile file = open();
    file.keep("one", made("first state"));
    file.keep("two", made(std::string("with a \0 in it", 14)));
  }
  std::string refusal(const std::string& identity = "this run") {
    try {
      open(identity);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "x.h5.checkpoint";
  std::chrono::duration<double> interval_{0.0};
  bool is_stopped_ = false;
  std::vector<std::string> problems_;
};

TEST_F(Checkpoint, GivesBackWhatWasKept) {
  write();
  CheckpointFile file = open();
  EXPECT_EQ(file.n_sections(), 2);
  EXPECT_EQ(file.find("one"), "first state");
  EXPECT_EQ(file.find("two"), std::string("with a \0 in it", 14));
  EXPECT_EQ(file.find("three"), "");
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5.checkpoint"));
}

TEST_F(Checkpoint, KeepsTheLastStateOfASection) {
  write();
  open().keep("one", made("second state"));
  EXPECT_EQ(open().find("one"), "second state");
  EXPECT_EQ(open().n_sections(), 2);
}

TEST_F(Checkpoint, IsNotWrittenBeforeItIsDue) {
  interval_ = std::chrono::hours(1);
  CheckpointFile file = open();
  EXPECT_FALSE(file.is_due("one"));
  EXPECT_FALSE(file.is_due("one"));
  file.keep("one", made("state"));
  EXPECT_EQ(file.find("one"), "state");
  EXPECT_THAT(directory_.names(), IsEmpty());
}

TEST_F(Checkpoint, IsWrittenWhenItIsStopped) {
  interval_ = std::chrono::hours(1);
  CheckpointFile file = open();
  is_stopped_ = true;
  EXPECT_TRUE(file.is_due("one"));
  EXPECT_THROW(file.keep("one", made("state")), CheckpointFile::Stopped);
  is_stopped_ = false;
  EXPECT_EQ(open().find("one"), "state");
}

TEST_F(Checkpoint, IsRefusedToAnotherRun) {
  write();
  EXPECT_EQ(refusal("another run"), file_.string() +
                                        ": is the checkpoint of another study; --force starts anew and "
                                        "drops it, -o FILE writes elsewhere");
  EXPECT_EQ(open("another run", true).n_sections(), 0);
}

TEST_F(Checkpoint, IsRefusedWhereAnyByteChanged) {
  write();
  const std::string bytes = bytes_of(file_);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write_text(file_, changed);
    EXPECT_THAT(refusal(), HasSubstr(i < 32 ? "is no checkpoint of hindlimb" : "is broken")) << i;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    write_text(file_, bytes.substr(0, size));
    EXPECT_NE(refusal(), "") << size;
  }
}

TEST_F(Checkpoint, StaysAsItWasWhereTheDiskIsFull) {
  write();
  const std::string before = bytes_of(file_);
  {
    const FullDisk disk(before.size() / 2);
    open().keep("three", made("state"));
  }
  EXPECT_THAT(problems_, ElementsAre(file_.string() + ": cannot be written: File too large"));
  EXPECT_EQ(bytes_of(file_), before);
  EXPECT_THAT(directory_.names(), ElementsAre("x.h5.checkpoint"));
}

TEST_F(Checkpoint, IsGoneWhenItIsRemoved) {
  write();
  CheckpointFile file = open();
  file.remove();
  EXPECT_THAT(directory_.names(), IsEmpty());
  EXPECT_NO_THROW(file.remove());
}

}  // namespace
}  // namespace hindlimb::io
