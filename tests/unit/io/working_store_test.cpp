#include "hindlimb/io/working_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <tuple>

#include "hindlimb/core/errors.hpp"
#include "io/chunk_codec.hpp"
#include "unit/io/full_disk.hpp"
#include "unit/io/sweep_example.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;
using Start = WorkingStore::Start;

StoreForm example_store() {
  return {.identity = "0123456789abcdef",
          .about = "Massage, µ (sweep.toml)",
          .n_runs = 30,
          .first_run = 7,
          .runs_per_chunk = 3,
          .series = {5, 2},
          .precision = Precision::f8,
          .is_compressed = true};
}

/// All of it that numbers depend on.
auto as_tuple(const StoreForm& form) {
  return std::tuple(form.n_runs, form.first_run, form.runs_per_chunk, form.series, form.precision, form.is_compressed);
}

/// The runs of the block that begins there: whole chunks but for the first.
std::vector<std::uint64_t> runs_of_block(std::uint64_t first) { return runs_from_to(first, (first / 3 + 1) * 3); }

std::vector<std::vector<double>> numbers_of_block(const StoreForm& form, std::uint64_t first) {
  std::vector<std::vector<double>> numbers;
  for (std::size_t series = 0; series < form.series.size(); ++series)
    numbers.push_back(numbers_of(runs_of_block(first), series, form.series[series]));
  return numbers;
}

void append(WorkingStore& store, std::uint64_t first) {
  store.append(stored_runs(first, runs_of_block(first)), numbers_of_block(store.form(), first));
}

void expect_equal(const StoredRuns& there, const StoredRuns& expected) {
  EXPECT_EQ(there.first_run, expected.first_run);
  EXPECT_EQ(there.keys, expected.keys);
  EXPECT_EQ(there.outcomes, expected.outcomes);
  EXPECT_EQ(there.wall_times_s, expected.wall_times_s);
}

/// Whether a block is what append() has put there.
void expect_block(const WorkingStore& store, std::uint64_t first) {
  const std::vector<std::uint64_t> runs = runs_of_block(first);
  ASSERT_EQ(store.block_at(first), runs.size()) << first;
  expect_equal(store.runs_of(first), stored_runs(first, runs));
  const StoreForm& form = store.form();
  for (std::size_t series = 0; series < form.series.size(); ++series) {
    std::vector<double> numbers(runs.size() * form.series[series]);
    ChunkCodec{form.precision, form.is_compressed}.decode(store.chunk_of(first, series), numbers);
    EXPECT_EQ(bits(numbers), bits(numbers_of(runs, series, form.series[series]))) << first << ", series " << series;
  }
}

/// Whether every block that is there is what append() has put there.
void expect_true_blocks(const WorkingStore& store) {
  for (const std::uint64_t first : store.blocks()) expect_block(store, first);
}

std::string with_flipped_bit(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}

/// A process that does something, then waits until it is killed.
class OtherProcess {
 public:
  explicit OtherProcess(const std::function<void()>& work) {
    if (::pipe(from_it_) != 0 || ::pipe(to_it_) != 0) std::abort();
    process_ = ::fork();
    if (process_ == 0) {
      ::close(to_it_[1]);
      try {
        work();
      } catch (const std::exception&) {
        ::_exit(1);
      }
      char byte = 'x';
      [[maybe_unused]] ssize_t count = ::write(from_it_[1], &byte, 1);
      count = ::read(to_it_[0], &byte, 1);  // until the test ends, whatever becomes of it
      ::_exit(0);
    }
    ::close(from_it_[1]);
    ::close(to_it_[0]);
    char byte = 0;
    is_ready_ = ::read(from_it_[0], &byte, 1) == 1;
  }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;
  ~OtherProcess() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    ::close(from_it_[0]);
    ::close(to_it_[1]);
  }

  bool is_ready() const { return is_ready_; }

 private:
  int from_it_[2]{};
  int to_it_[2]{};
  pid_t process_ = 0;
  bool is_ready_ = false;
};

class Store : public testing::Test {
 protected:
  WorkingStore open(Start start = Start::go_on) const { return {file_, form_, start}; }
  std::string opening(Start start = Start::go_on) const {
    return refusal<Error>([&] { open(start); });
  }
  std::string looking() const {
    return refusal<Error>([&] { WorkingStore look(file_); });
  }
  std::string told(const std::string& what) const { return file_.string() + ": " + what; }

  /// A new file: to cut an old one short costs the disk more.
  void put(const std::string& bytes) const {
    std::filesystem::remove(file_);
    write_text(file_, bytes);
  }
  /// A store of three blocks.
  void write() const {
    WorkingStore store = open(Start::anew);
    for (const std::uint64_t first : {7U, 9U, 12U}) append(store, first);
  }
  /// Bytes of the file before the first block, between blocks, and at the end of the last.
  std::vector<std::size_t> ends_of_blocks() const {
    std::vector<std::size_t> ends;
    WorkingStore store = open(Start::anew);
    ends.push_back(bytes_of(file_).size());
    for (const std::uint64_t first : {7U, 9U, 12U}) {
      append(store, first);
      ends.push_back(bytes_of(file_).size());
    }
    return ends;
  }

  /// Lines before the blocks in which open() does not notice the change of a bit, though numbers depend on it.
  template <class Open>
  std::set<std::string> lines_not_checked(Open open) const {
    const std::size_t size = ends_of_blocks()[0];
    const std::string bytes = bytes_of(file_);
    std::set<std::string> lines;
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      put(with_flipped_bit(bytes, bit));
      try {
        const std::unique_ptr<WorkingStore> store = open();
        if (as_tuple(store->form()) == as_tuple(form_) || store->blocks().empty()) continue;
        const std::size_t line = bytes.rfind('\n', bit / 8) + 1;
        lines.insert(bytes.substr(line, bytes.find('\n', line) - line));
      } catch (const Error&) {
        continue;
      }
    }
    return lines;
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "x.h5.work";
  StoreForm form_ = example_store();
};

TEST(WorkingStorePath, IsBesideTheResult) {
  EXPECT_EQ(working_store_path("results/x.h5"), std::filesystem::path("results/x.h5.work"));
}

TEST_F(Store, IsEmptyWhenItIsNew) {
  const WorkingStore store = open();
  EXPECT_EQ(store.n_stored(), 0);
  EXPECT_EQ(store.n_failed(), 0);
  EXPECT_THAT(store.blocks(), IsEmpty());
  EXPECT_TRUE(store.is_writable());
  EXPECT_EQ(store.why_not_locked(), "");
}

TEST_F(Store, GivesBackWhatWasAppended) {
  for (const Precision precision : {Precision::f8, Precision::f4}) {
    for (const bool is_compressed : {true, false}) {
      form_.precision = precision;
      form_.is_compressed = is_compressed;
      WorkingStore store = open(Start::anew);
      StoredRuns runs = stored_runs(9, {3, 7});
      const std::vector<std::vector<double>> numbers = {{0.25, 7, -0.0, 1, 2, 3, 4, 5, 6, 7.5}, {1, 2, 0.5, missing}};
      store.append(runs, numbers);
      EXPECT_EQ(store.runs_of(9).keys, runs.keys);
      EXPECT_EQ(store.runs_of(9).outcomes, runs.outcomes);
      for (std::size_t series = 0; series < 2; ++series) {
        std::vector<double> read(numbers[series].size());
        ChunkCodec{precision, is_compressed}.decode(store.chunk_of(9, series), read);
        EXPECT_EQ(bits(read), bits(numbers[series]));
      }
    }
  }
}

TEST_F(Store, CountsItsRunsAndThoseThatFailed) {
  WorkingStore store = open();
  append(store, 12);
  append(store, 7);
  EXPECT_EQ(store.n_stored(), 5);
  EXPECT_EQ(store.n_failed(), 2);  // 8 and 13
}

TEST_F(Store, ListsItsBlocksInTheOrderOfTheirRuns) {
  WorkingStore store = open();
  for (const std::uint64_t first : {12U, 7U, 9U}) append(store, first);
  EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12));
}

TEST_F(Store, FindsABlockAtItsFirstRunOnly) {
  WorkingStore store = open();
  append(store, 9);
  EXPECT_EQ(store.block_at(9), 3);
  EXPECT_EQ(store.block_at(10), 0);
  EXPECT_EQ(store.block_at(7), 0);
}

TEST_F(Store, GoesOnWithWhatIsThere) {
  {
    WorkingStore store = open();
    append(store, 12);
  }
  {
    WorkingStore store = open();
    EXPECT_THAT(store.blocks(), ElementsAre(12));
    append(store, 7);
  }
  const WorkingStore store = open();
  EXPECT_THAT(store.blocks(), ElementsAre(7, 12));
  EXPECT_EQ(store.n_stored(), 5);
  EXPECT_EQ(store.n_failed(), 2);
  expect_true_blocks(store);
}

TEST_F(Store, TakesTheLaterOfTwoBlocksOfTheSameRuns) {
  write();
  {
    WorkingStore store = open();
    StoredRuns runs = stored_runs(9, runs_of_block(9));
    runs.outcomes[1].message = "later";
    store.append(runs, numbers_of_block(form_, 9));
  }
  const WorkingStore store = open();
  EXPECT_EQ(store.runs_of(9).outcomes[1].message, "later");
  EXPECT_EQ(store.n_stored(), 8);
}

TEST_F(Store, StartsAnewWhenAsked) {
  write();
  {
    WorkingStore store = open(Start::anew);
    EXPECT_THAT(store.blocks(), IsEmpty());
    append(store, 9);
  }
  EXPECT_THAT(open().blocks(), ElementsAre(9));
}

TEST_F(Store, KeepsItsFormForThoseWhoLook) {
  write();
  const WorkingStore look(file_);
  EXPECT_EQ(look.form().identity, form_.identity);
  EXPECT_EQ(look.form().about, form_.about);
  EXPECT_EQ(as_tuple(look.form()), as_tuple(form_));
}

TEST_F(Store, KeepsALineOfAboutWhateverItSays) {
  form_.about = "two\n\nlines";
  write();
  EXPECT_EQ(WorkingStore(file_).form().about, "two  lines");
  EXPECT_THAT(open().blocks(), ElementsAre(7, 9, 12));
}

TEST_F(Store, GoesOnHoweverLongItsAboutIs) {
  form_.about = std::string(70'000, 'x');
  write();
  EXPECT_EQ(opening(), "");
  EXPECT_THAT(WorkingStore(file_).blocks(), ElementsAre(7, 9, 12));
}

TEST_F(Store, IsRefusedWhileAnotherDescriptorHasIt) {
  WorkingStore store = open();
  append(store, 7);
  const std::string before = bytes_of(file_);
  for (const Start start : {Start::go_on, Start::anew}) {
    EXPECT_EQ(opening(start), told("another process works on it; this one stops, and nothing is lost"));
    EXPECT_EQ(bytes_of(file_), before);
  }
}

TEST_F(Store, IsRefusedWhileAnotherProcessHasIt) {
  std::unique_ptr<WorkingStore> held;
  {
    const OtherProcess other([&] { held = std::make_unique<WorkingStore>(file_, form_, Start::go_on); });
    ASSERT_TRUE(other.is_ready());
    EXPECT_EQ(opening(), told("another process works on it; this one stops, and nothing is lost"));
  }
  EXPECT_EQ(opening(), "");
}

TEST_F(Store, GoesOnWithWhatAProcessStoredBeforeItWasKilled) {
  std::unique_ptr<WorkingStore> held;
  {
    const OtherProcess other([&] {
      held = std::make_unique<WorkingStore>(file_, form_, Start::go_on);
      append(*held, 9);
      append(*held, 7);
    });
    ASSERT_TRUE(other.is_ready());
  }
  WorkingStore store = open();
  EXPECT_THAT(store.blocks(), ElementsAre(7, 9));
  expect_true_blocks(store);
}

TEST_F(Store, CanBeLookedAtWhileItIsWorkedOn) {
  WorkingStore store = open();
  append(store, 7);
  const WorkingStore look(file_);
  EXPECT_FALSE(look.is_writable());
  EXPECT_THAT(look.blocks(), ElementsAre(7));
  append(store, 9);
  EXPECT_THAT(look.blocks(), ElementsAre(7));
  expect_true_blocks(look);
}

TEST_F(Store, IsNotChangedByALook) {
  write();
  put(bytes_of(file_) + "the beginning of a block");
  const std::string before = bytes_of(file_);
  EXPECT_THAT(WorkingStore(file_).blocks(), ElementsAre(7, 9, 12));
  EXPECT_EQ(bytes_of(file_), before);
}

TEST_F(Store, CutAnywhereHasTheWholeBlocksAndNothingElse) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  ASSERT_EQ(ends.back(), bytes.size());
  const std::vector<std::uint64_t> firsts = {7, 9, 12};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    SCOPED_TRACE(size);
    put(bytes.substr(0, size));
    std::size_t n = 0;
    while (n < 3 && ends[n + 1] <= size) ++n;
    std::vector<std::uint64_t> whole(firsts.begin(), firsts.begin() + static_cast<std::ptrdiff_t>(n));
    {
      WorkingStore store = open();
      EXPECT_EQ(store.blocks(), whole);
      EXPECT_EQ(bytes_of(file_).size(), ends[n]);
      expect_true_blocks(store);
      append(store, 15);
    }
    whole.push_back(15);
    const WorkingStore store = open();
    EXPECT_EQ(store.blocks(), whole);
    expect_true_blocks(store);
    if (HasFailure()) return;
  }
}

TEST_F(Store, CutAnywhereShowsItsWholeBlocksToThoseWhoLook) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    SCOPED_TRACE(size);
    put(bytes.substr(0, size));
    if (size < ends[0]) {
      EXPECT_EQ(looking(), told("is no working store of hindlimb"));
      continue;
    }
    const WorkingStore look(file_);
    EXPECT_EQ(look.blocks().size(), std::ranges::count_if(ends, [size](std::size_t end) { return end <= size; }) - 1);
    expect_true_blocks(look);
  }
}

TEST_F(Store, LosesABlockOfWhichAnyByteChangedAndGivesNoWrongNumber) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  for (std::size_t i = ends[0]; i < bytes.size(); ++i) {
    SCOPED_TRACE(i);
    put(with_flipped_bit(bytes, 8 * i + i % 8));
    {
      const WorkingStore look(file_);
      EXPECT_THAT(look.blocks().size(), Le(2));
      expect_true_blocks(look);
    }
    {
      WorkingStore store = open();
      EXPECT_THAT(store.blocks().size(), Le(2));
      for (const std::uint64_t first : {7U, 9U, 12U}) {
        if (store.block_at(first) == 0) append(store, first);
      }
    }
    const WorkingStore store = open();
    EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12));
    expect_true_blocks(store);
    if (HasFailure()) return;
  }
}

TEST_F(Store, KeepsTheBlocksBeforeAndAfterOneWhoseContentChanged) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  put(with_flipped_bit(bytes_of(file_), 8 * (ends[2] - 7)));
  EXPECT_THAT(open().blocks(), ElementsAre(7, 12));
}

TEST_F(Store, KeepsTheBlocksBehindAHeadThatChanged) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  put(with_flipped_bit(bytes, 8 * (ends[1] + 5)));
  const WorkingStore store = open();
  EXPECT_THAT(store.blocks(), ElementsAre(7, 12));
  EXPECT_EQ(store.n_damaged_bytes(), ends[2] - ends[1]);
  EXPECT_EQ(bytes_of(file_).size(), bytes.size());
}

TEST_F(Store, FindsBlocksBehindMoreThanAPieceOfRubbish) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  constexpr std::size_t mark = 4;
  for (const std::size_t size : {std::size_t{1} << 20, (std::size_t{1} << 20) - mark / 2, std::size_t{3} << 20}) {
    put(bytes.substr(0, ends[1]) + std::string(size, 'H') + bytes.substr(ends[1]));
    const WorkingStore store = open();
    EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12)) << size;
    EXPECT_EQ(store.n_damaged_bytes(), size);
    expect_true_blocks(store);
  }
}

TEST_F(Store, IsRefusedOrAsItWasAfterAChangeOfAnyBitBeforeItsBlocks) {
  EXPECT_THAT(lines_not_checked([&] { return std::make_unique<WorkingStore>(file_, form_, Start::go_on); }), IsEmpty());
}

TEST_F(Store, ShowsNothingElseAfterAChangeOfAnyBitBeforeItsBlocks) {
  EXPECT_THAT(lines_not_checked([&] { return std::make_unique<WorkingStore>(file_); }), IsEmpty());
}

TEST_F(Store, NamesItsFileWhateverIsWrongBeforeItsBlocks) {
  const std::size_t size = ends_of_blocks()[0];
  const std::string bytes = bytes_of(file_);
  std::set<std::string> nameless;
  for (std::size_t bit = 0; bit < 8 * size; ++bit) {
    put(with_flipped_bit(bytes, bit));
    for (const std::string& refused : {opening(), looking()}) {
      if (!refused.empty() && !refused.starts_with(file_.string() + ": ")) nameless.insert(refused);
    }
  }
  EXPECT_THAT(nameless, IsEmpty());
}

TEST_F(Store, OfAnotherFormIsRefusedThoughTheIdentityIsTheSame) {
  write();
  const std::vector<void (*)(StoreForm&)> changes = {
      [](StoreForm& form) { form.n_runs = 31; }, [](StoreForm& form) { form.first_run = 6; },
      [](StoreForm& form) { form.series[1] = 3; }, [](StoreForm& form) { form.precision = Precision::f4; },
      [](StoreForm& form) { form.is_compressed = false; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    form_ = example_store();
    changes[i](form_);
    EXPECT_THAT(opening(), testing::StartsWith(told("holds runs of another sweep"))) << "change " << i;
  }
}

TEST_F(Store, CutsOffZerosThatAFailureOfPowerLeft) {
  const std::size_t size = ends_of_blocks().back();
  for (const std::size_t n_zeros : {1U, 7U, 31U, 32U, 4096U}) {
    put(bytes_of(file_).substr(0, size) + std::string(n_zeros, '\0'));
    const WorkingStore store = open();
    EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12));
    EXPECT_EQ(bytes_of(file_).size(), size);
  }
}

TEST_F(Store, LosesABlockOfWhichTheEndIsZeros) {
  const std::vector<std::size_t> ends = ends_of_blocks();
  const std::string bytes = bytes_of(file_);
  for (std::size_t size = ends[2]; size < ends[3]; ++size) {
    put(bytes.substr(0, size) + std::string(ends[3] - size, '\0'));
    const WorkingStore store = open();
    if (bytes.find_first_not_of('\0', size) == std::string::npos) break;  // so it ended before
    EXPECT_THAT(store.blocks(), ElementsAre(7, 9)) << size;
  }
}

TEST_F(Store, IsMadeOfAnEmptyFile) {
  put("");
  {
    WorkingStore store = open();
    append(store, 7);
  }
  EXPECT_THAT(open().blocks(), ElementsAre(7));
}

TEST_F(Store, IsRefusedWhereTheFileIsSomethingElse) {
  for (const std::string bytes : {"x", "time,csa\n0,2500\n\n", "\x89HDF\r\n\x1a\n", "hindlimb working store 2\n\n",
                                  "hindlimb working store 1\n\n", "\n\n"}) {
    put(bytes);
    EXPECT_EQ(opening(), told("is no working store of hindlimb; --force starts anew and drops it, -o FILE writes "
                              "elsewhere"));
    EXPECT_EQ(looking(), told("is no working store of hindlimb"));
    EXPECT_EQ(bytes_of(file_), bytes);
  }
}

TEST_F(Store, ReplacesSomethingElseWhenAskedToStartAnew) {
  put(std::string(7000, 'x'));
  write();
  EXPECT_THAT(open().blocks(), ElementsAre(7, 9, 12));
}

TEST_F(Store, OfAnotherSweepIsRefused) {
  write();
  const std::string before = bytes_of(file_);
  form_.identity = "0123456789abcdee";
  form_.about = "Training (other.toml)";
  EXPECT_EQ(opening(), told("holds runs of another sweep, or of this one before a change (Massage, µ (sweep.toml)); a "
                            "sweep that is changed back goes on, and once it is finished --extend adds to it; --force "
                            "starts anew and drops them, -o FILE writes elsewhere"));
  EXPECT_EQ(bytes_of(file_), before);
}

TEST_F(Store, OfAnotherSweepIsDroppedWhenAskedToStartAnew) {
  write();
  form_.identity = "0123456789abcdee";
  EXPECT_THAT(open(Start::anew).blocks(), IsEmpty());
  EXPECT_EQ(WorkingStore(file_).form().identity, "0123456789abcdee");
}

TEST_F(Store, IsNotMadeByALook) {
  EXPECT_EQ(looking(), told("no such file"));
  EXPECT_THAT(directory_.names(), IsEmpty());
}

TEST_F(Store, IsNotMadeWhereThereIsNoDirectory) {
  file_ = directory_ / "none/x.work";
  EXPECT_EQ(opening(), told("cannot be written: there is no directory '" + (directory_ / "none").string() + "'"));
}

TEST_F(Store, IsNotMadeOfADirectory) {
  std::filesystem::create_directory(file_);
  EXPECT_EQ(opening(), told("cannot be written: Is a directory"));
  EXPECT_EQ(looking(), told("is a directory, not a file"));
}

TEST_F(Store, IsGoneWhenItIsRemoved) {
  WorkingStore store = open();
  append(store, 7);
  store.remove();
  EXPECT_THAT(directory_.names(), IsEmpty());
  EXPECT_NO_THROW(store.remove());
  EXPECT_EQ(opening(), "");  // another one of that name is nobody's
}

TEST_F(Store, IsAsItWasWhenTheDiskIsFull) {
  write();
  const std::string before = bytes_of(file_);
  {
    WorkingStore store = open();
    for (const std::size_t room : {0U, 7U, 32U, 100U}) {  // a head has 32 bytes
      const FullDisk disk(before.size() + room);
      EXPECT_EQ(refusal<NoRoomError>([&] { append(store, 15); }), told("cannot be written: File too large"));
      EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12));
      EXPECT_EQ(bytes_of(file_), before);
    }
    append(store, 15);
    EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12, 15));
    expect_true_blocks(store);
  }
  const WorkingStore store = open();
  EXPECT_THAT(store.blocks(), ElementsAre(7, 9, 12, 15));
  expect_true_blocks(store);
}

TEST_F(Store, IsNotMadeWhenTheDiskIsFull) {
  {
    const FullDisk disk(7);
    EXPECT_EQ(refusal<NoRoomError>([&] { open(); }), told("cannot be written: File too large"));
  }
  EXPECT_THAT(directory_.names(), IsEmpty());
}

TEST_F(Store, TakesBlocksFromSeveralThreads) {
  form_.n_runs = 999;
  form_.first_run = 0;
  form_.series = {700, 30};
  {
    WorkingStore store = open();
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&store, thread] {
        for (std::uint64_t block = thread; block < 100; block += 4) append(store, 3 * block);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(store.n_stored(), 300);
    EXPECT_EQ(store.n_failed(), 60);
    expect_true_blocks(store);
  }
  const WorkingStore store = open();
  EXPECT_THAT(store.blocks(), SizeIs(100));
  EXPECT_EQ(store.n_failed(), 60);
  expect_true_blocks(store);
}

}  // namespace
}  // namespace hindlimb::io
