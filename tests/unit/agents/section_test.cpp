#include "hindlimb/agents/section.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "hindlimb/core/bytes.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/instruction_set.hpp"
#include "unit/agents/examples.hpp"

namespace hindlimb::agents {
namespace {

using testing::HasSubstr;

/// Unloaded, then loaded and massaged: all that can happen happens.
std::array<Signals, 3> protocol(std::uint64_t step) {
  if (step < 60) return steady(suspended());
  Signals signals = reloaded();
  signals.massage_memory = 0.5;
  signals.body_water = 0.6;
  return steady(signals);
}

void advance(Section& section, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t step = first; step < last; ++step) section.advance(protocol(step), step, step < 60 ? 0.0 : 1.0);
}

/// In the order of their numbers.
std::vector<Cell> cells_of(const Section& section) {
  std::vector<Cell> cells = section.cells();
  std::ranges::sort(cells, {}, &Cell::id);
  return cells;
}

void expect_same(const Means& a, const Means& b) {
  using Bits = std::array<std::uint64_t, sizeof(Means) / sizeof(double)>;  // nothing but doubles
  EXPECT_EQ(std::bit_cast<Bits>(a), std::bit_cast<Bits>(b));               // NaN counts as itself
}

void expect_same(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.side_um, b.side_um);
  EXPECT_TRUE(a.cells == b.cells);  // not EXPECT_EQ, which would print them all
  EXPECT_TRUE(a.fibre_csa_um2 == b.fibre_csa_um2);
  EXPECT_TRUE(a.fibre_damage == b.fibre_damage);
  EXPECT_TRUE(a.fibre_myonuclei == b.fibre_myonuclei);
  EXPECT_TRUE(a.fields == b.fields);
}

void expect_same(const Section& a, const Section& b) {
  expect_same(a.means(reloaded()), b.means(reloaded()));
  expect_same(a.picture(), b.picture());
  EXPECT_TRUE(cells_of(a) == cells_of(b));
  EXPECT_EQ(a.n_updates(), b.n_updates());
}

TEST(Section, AtRestIsTheSetPoint) {
  const Example example(with_fibres(70));
  const Section section = example.section();
  const Means means = section.means({});
  EXPECT_EQ(means.extracellular, 1.0);
  EXPECT_EQ(means.dna, 1.0);
  EXPECT_NEAR(means.csa_um2, mean_of(example.tissue.areas_um2), 1e-9);
  EXPECT_EQ(section.n_fibres(), 70);
  EXPECT_EQ(section.n_updates(), 0);
  EXPECT_EQ(section.picture().fibre_csa_um2, example.tissue.areas_um2);
}

TEST(Section, KeepsItsFibresOnWeightBearing) {
  const Example example(with_fibres(70));
  Section section = example.section();
  for (std::uint64_t step = 0; step < 200; ++step) section.advance(steady({}), step, 0.0);
  const Means means = section.means({});
  for (const FibreState state : {efficiency, rna, proteolysis, myofibrillar, cytosolic, mitochondrial}) {
    EXPECT_EQ(means.fibre[state], 1.0);
  }
  EXPECT_EQ(means.fibre[damage], 0.0);
}

TEST(Section, IsDamagedAndInflamedWhenReloaded) {
  const Example example(with_fibres(300), laws::Muscle::soleus);
  Section section = example.section();
  advance(section, 0, 60);
  const Means before = section.means(suspended());
  EXPECT_LT(before.csa_um2, 0.97 * mean_of(example.tissue.areas_um2));
  EXPECT_EQ(before.label_growth, 0.0);
  advance(section, 60, 130);
  const Means after = section.means(reloaded());
  EXPECT_GT(after.fibre[damage], 0.0);
  EXPECT_GT(after.neutrophils, 1.5);
  EXPECT_GT(after.ed1, 1.5);
  EXPECT_GT(after.pax7, before.pax7);
  EXPECT_NE(after.label_growth, 0.0);
}

/// Fibres and cells, of the start of each step.
TEST(Section, CountsWhatItAdvances) {
  const Example example(with_fibres(70));
  Section section = example.section();
  std::uint64_t expected = 0;
  for (std::uint64_t step = 0; step < 20; ++step) {
    expected += 70 + section.cells().size();
    advance(section, step, step + 1);
    EXPECT_EQ(section.n_updates(), expected);
  }
}

TEST(Section, DoesNotDependOnTheOrderOfItsCells) {
  const Example example(with_fibres(120), laws::Muscle::soleus);
  Section straight = example.section();
  Section shuffled = example.section();
  for (std::uint64_t step = 0; step < 140; ++step) {
    shuffled.shuffle_cells(step + 5);
    advance(straight, step, step + 1);
    advance(shuffled, step, step + 1);
  }
  EXPECT_FALSE(straight.cells() == shuffled.cells());  // they are in another order
  expect_same(straight, shuffled);
}

TEST(Section, HasTheSameBitsOnEveryInstructionSet) {
  const Example example(with_fibres(120), laws::Muscle::soleus);
  const auto by = [&](const char* instruction_set) {
    const WithEnvironment isa("HINDLIMB_ISA", instruction_set);
    Section section = example.section();
    advance(section, 0, 140);
    return section;
  };
  const Section baseline = by("baseline");
  if (has(InstructionSet::avx2)) expect_same(by("avx2"), baseline);
  if (has(InstructionSet::avx512)) expect_same(by("avx512"), baseline);
}

TEST(Section, OfTheSameLuckIsTheSameAndOfAnotherSeedAnother) {
  const auto at_the_end = [](std::uint64_t seed) {
    const Example example(with_fibres(60), medial, luck_of(seed));
    Section section = example.section();
    advance(section, 0, 100);
    return section.means(reloaded());
  };
  expect_same(at_the_end(3), at_the_end(3));
  EXPECT_NE(at_the_end(3).csa_um2, at_the_end(4).csa_um2);
  EXPECT_NE(at_the_end(3).ed2, at_the_end(4).ed2);
}

std::string bytes_of(const Section& section) {
  ByteWriter writer;
  section.save(writer);
  return std::move(writer.bytes());
}

class SavedSection : public testing::Test {
 protected:
  SavedSection() {
    advance(undisturbed_, 0, 100);
    saved_ = bytes_of(undisturbed_);
  }
  std::string bytes_with(std::size_t at, const void* new_bytes, std::size_t size) const {
    std::string bytes = saved_;
    std::memcpy(bytes.data() + at, new_bytes, size);
    return bytes;
  }
  /// Where the cells begin: after the states of the fibres, each with its length before it.
  std::size_t first_cell() const { return n_fibre_states * (8 + 64 * sizeof(double)) + 8; }

  const Example example_{with_fibres(60), laws::Muscle::soleus};  // filled up to 64
  Section undisturbed_ = example_.section();
  std::string saved_;
};

TEST_F(SavedSection, GoesOnAsIfNothingHadHappened) {
  Section resumed = example_.section();
  resumed.restore(saved_);
  expect_same(resumed, undisturbed_);
  advance(undisturbed_, 100, 150);
  advance(resumed, 100, 150);
  expect_same(resumed, undisturbed_);
}

TEST_F(SavedSection, IsRefusedWhenCutAnywhere) {
  Section section = example_.section();
  for (std::size_t size = 0; size < saved_.size(); size += 97) {
    EXPECT_THROW(section.restore(std::string_view(saved_).substr(0, size)), Error) << size;
  }
  EXPECT_THROW(section.restore(saved_.substr(0, saved_.size() - 1)), Error);
  EXPECT_THROW(section.restore(saved_ + '\0'), Error);
}

TEST_F(SavedSection, ThatIsRefusedLeavesTheSectionAsItWas) {
  Section section = example_.section();
  const Section untouched = example_.section();
  EXPECT_THROW(section.restore(std::string_view(saved_).substr(0, saved_.size() - 40)), Error);
  expect_same(section, untouched);
}

TEST_F(SavedSection, OfAnotherSizeIsRefused) {
  const Example other(with_fibres(90), laws::Muscle::soleus);
  Section section = other.section();
  EXPECT_THAT([&] { section.restore(saved_); }, testing::ThrowsMessage<Error>(HasSubstr("of another section")));
}

/// Whatever byte is wrong: told, or taken for a number that is in range, but never the end of the program.
TEST_F(SavedSection, WithBytesThatAreWrongIsRefusedOrGoesOn) {
  for (std::size_t at = first_cell() - 8; at < first_cell() + 40 * sizeof(Cell); ++at) {
    for (const char wrong : {'\x7f', '\xff'}) {
      Section section = example_.section();
      try {
        section.restore(bytes_with(at, &wrong, 1));
      } catch (const Error&) {
        continue;
      }
      advance(section, 100, 101);
    }
  }
}

TEST_F(SavedSection, WithACellThatCannotBeIsRefused) {
  Section section = example_.section();
  const auto with = [&](auto change) {
    Cell cell;
    std::memcpy(&cell, saved_.data() + first_cell(), sizeof cell);
    change(cell);
    return bytes_with(first_cell(), &cell, sizeof cell);
  };
  EXPECT_NO_THROW(section.restore(with([](Cell&) {})));
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.fibre = 60; })), Error);
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.kind = CellKind(4); })), Error);
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.state = 3; })), Error);
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.x_um = std::nanf(""); })), Error);
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.y_um = -1.0F; })), Error);
  EXPECT_THROW(section.restore(with([](Cell& cell) { cell.id = 1U << 30; })), Error);
}

TEST_F(SavedSection, WithCellsOfBrokenLengthIsRefused) {
  Section section = example_.section();
  std::uint64_t length = 0;
  std::memcpy(&length, saved_.data() + first_cell() - 8, sizeof length);
  ASSERT_EQ(length, section.cells().empty() ? 0 : undisturbed_.cells().size() * sizeof(Cell));
  const std::uint64_t longer = length + 1;
  std::string bytes = bytes_with(first_cell() - 8, &longer, sizeof longer);
  bytes.insert(first_cell() + length, 1, '\0');
  EXPECT_THROW(section.restore(bytes), Error);
}

/// What is saved is what changes, and most of what there is: a stand-in for memory. Less than 1 kB for each fibre, of
/// which its share of the fields, and 200 B for each cell.
TEST(SectionBytes, AreFewForEachFibreAndCell) {
  const auto bytes = [](std::int64_t fibres, double fibroblasts_per_mm2, std::size_t& n_cells) {
    Settings settings = with_fibres(fibres);
    settings.fibroblasts_per_mm2 = fibroblasts_per_mm2;
    const Example example(settings);
    const Section section = example.section();
    n_cells = section.cells().size();
    return bytes_of(section).size();
  };
  std::size_t few = 0;
  std::size_t many = 0;
  const std::size_t small = bytes(1000, 0.0, few);
  const std::size_t large = bytes(1000, 2000.0, many);
  EXPECT_LT((large - small) / (many - few), 200);
  EXPECT_LT(small / 1000, 1000);
  EXPECT_LE(sizeof(Cell), 20);
}

}  // namespace
}  // namespace hindlimb::agents
