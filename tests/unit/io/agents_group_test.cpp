#include "io/agents_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "hindlimb/io/result_file.hpp"
#include "hindlimb/io/runs_file.hpp"
#include "io/hdf5.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using agents::Cell;
using agents::CellKind;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

/// A section of three tiles, and fibres that fill 0.3 and 0.7 of theirs, and more than all of the last.
sim::SectionPicture picture(std::size_t arm, double time_d) {
  sim::SectionPicture made;
  made.arm = arm;
  made.muscle = laws::Muscle::soleus;
  made.limb = 1;
  made.time_d = time_d;
  made.types = {0, 3, 1};
  made.set_point_um2 = {2000.0, 2500.0, 3000.0};
  made.tiles.sites = {{15.0, 20.0}, {40.0, 30.0}, {80.0, 50.0}};
  made.tiles.vertices = {{0.0, 0.0},    {30.0, 0.0}, {70.0, 100.0}, {0.0, 100.0},   {30.0, 0.0},  {90.0, 0.0},
                         {70.0, 100.0}, {90.0, 0.0}, {100.0, 0.0},  {100.0, 100.0}, {70.0, 100.0}};
  constexpr std::uint32_t none = agents::no_tile;
  made.tiles.beyond = {none, 1, none, none, none, 2, 0, none, none, none, 1};
  made.tiles.offsets = {0, 4, 7, 11};
  made.tiles.areas = {5000.0, 3000.0, 2000.0};
  made.capillaries = {{7.0, 0.3}, {70.0, 100.0}};
  made.now.side_um = 100.0;
  made.now.fibre_csa_um2 = {0.3 * 5000.0, 0.7 * 3000.0, 12'000.0};
  made.now.fibre_damage = {0.0, 0.3, 0.7};
  made.now.fibre_myonuclei = {0.9, 1.1, 1.3};
  made.now.fields.assign(agents::n_fields, {0.3, 0.7, 1.1, 1.3});
  return made;
}

Cell cell(std::uint32_t id, std::uint32_t fibre, CellKind kind, std::uint8_t state) {
  return {id, fibre, static_cast<float>(id), 0.3F, kind, state};
}

/// Two arms; the second section has one cell of each type, and twelve satellite cells more at one fibre.
sim::Results example() {
  sim::Results results;
  results.seed = 7;
  results.run_key = "00112233445566778899aabbccddeeff";
  results.labels = {.arms = {"RE", "REM"},
                    .animals = {1, 2},
                    .muscles = {"soleus"},
                    .limbs = {"left", "right"},
                    .times_d = {0.0, 14.0, 22.0},
                    .massaged = {0, 0, 0, 1},
                    .fibre_types = {}};
  results.series = {{"csa", "um2", "long name", std::vector<double>(results.labels.series_size(), 0.7)}};
  results.pictures = {picture(0, 14.0), picture(1, 22.0)};
  results.pictures[0].now.cells = {cell(3, 2, CellKind::satellite, 0)};
  std::vector<Cell>& cells = results.pictures[1].now.cells;
  cells = {cell(0, 0, CellKind::neutrophil, 0), cell(1, 0, CellKind::macrophage, 0),
           cell(2, 1, CellKind::macrophage, 1), cell(3, 2, CellKind::satellite, 0),
           cell(4, 2, CellKind::satellite, 1),  cell(5, 1, CellKind::satellite, 2),
           cell(6, 0, CellKind::fibroblast, 0), cell(7, 0, CellKind::neutrophil, 1)};
  for (std::uint32_t id = 8; id < 20; ++id) cells.push_back(cell(id, 2, CellKind::satellite, 0));
  return results;
}

/// The file of the results, and its group if it has one.
class AgentsGroup : public testing::Test {
 protected:
  hdf5::Handle write(const sim::Results& results) {
    write_results(results, file(), Precision::f8);
    return hdf5::open_file(file());
  }
  hdf5::Handle group_of(const sim::Results& results) {
    const hdf5::Handle root = write(results);
    return {H5Gopen2(root, "agents", H5P_DEFAULT), H5Gclose, "open the group"};
  }
  std::filesystem::path file() const { return directory_ / "x.h5"; }

 private:
  TemporaryDirectory directory_;
};

std::vector<std::int64_t> whole(hid_t group, const std::string& name) {
  return hdf5::numbers_in<std::int64_t>(group, name);
}
std::vector<double> real(hid_t group, const std::string& name) { return hdf5::numbers_in<double>(group, name); }

/// Area of the polygon whose corners are numbers [first, last).
double area_of(const std::vector<double>& x, const std::vector<double>& y, std::size_t first, std::size_t last) {
  double twice = 0.0;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t next = i + 1 == last ? first : i + 1;
    twice += x[i] * y[next] - x[next] * y[i];
  }
  return 0.5 * twice;
}

TEST_F(AgentsGroup, IsNotThereWithoutPictures) {
  sim::Results results = example();
  results.pictures.clear();
  EXPECT_THAT(hdf5::names_in(write(results)), testing::Not(testing::Contains("agents")));
}

TEST_F(AgentsGroup, ComesAfterAllThatAFileHasWithoutIt) {
  sim::Results results = example();
  std::vector<std::string> names = hdf5::names_in(write(results));
  EXPECT_EQ(names.back(), "agents");
  names.pop_back();
  results.pictures.clear();
  EXPECT_EQ(hdf5::names_in(write(results)), names);
}

TEST_F(AgentsGroup, IsLeftAloneByWhatReadsResults) {
  const sim::Results results = example();
  write(results);
  const sim::Results read = read_results(file());
  EXPECT_EQ(read.series, results.series);
  EXPECT_THAT(read.pictures, SizeIs(0));
  sim::Results without = example();
  without.pictures.clear();
  EXPECT_EQ(digest_lines(read), digest_lines(without));
}

TEST_F(AgentsGroup, TellsWhoseASectionIs) {
  const hdf5::Handle group = group_of(example());
  EXPECT_THAT(hdf5::texts_in(group, "arm"), ElementsAre("RE", "REM"));
  EXPECT_THAT(hdf5::texts_in(group, "limb"), Each("right"));
  EXPECT_THAT(hdf5::texts_in(group, "muscle"), Each("soleus"));
  EXPECT_THAT(hdf5::numbers_in<std::int32_t>(group, "animal"), Each(1));
  EXPECT_THAT(real(group, "time"), ElementsAre(14.0, 22.0));
  EXPECT_THAT(real(group, "side"), Each(100.0));
}

TEST_F(AgentsGroup, OutlinesAFibreByItsAreaWithinItsTile) {
  const sim::Results results = example();
  const hdf5::Handle group = group_of(results);
  const std::vector<double> x = real(group, "vertex_x");
  const std::vector<double> y = real(group, "vertex_y");
  const std::vector<double> wanted{1500.0, 2100.0, 2000.0};  // the last fills its tile
  std::size_t first = 0;
  for (std::size_t fibre = 0; fibre < 6; ++fibre) {
    const std::size_t last = first + static_cast<std::size_t>(whole(group, "vertices")[fibre]);
    EXPECT_NEAR(area_of(x, y, first, last), wanted[fibre % 3], 1e-5 * wanted[fibre % 3]);  // f4
    first = last;
  }
  for (std::size_t i = 7; i < 11; ++i) EXPECT_NEAR(x[i], results.pictures[0].tiles.vertices[i].x, 1e-4);
}

TEST_F(AgentsGroup, ShrinksAnOutlineAboutTheCentroidOfItsTile) {
  const hdf5::Handle group = group_of(example());
  const std::vector<double> x = real(group, "vertex_x");
  const std::vector<double> y = real(group, "vertex_y");
  const double scale = std::sqrt(0.7);  // of the triangle (30, 0), (90, 0), (70, 100)
  EXPECT_NEAR(x[4], 190.0 / 3.0 + scale * (30.0 - 190.0 / 3.0), 1e-4);
  EXPECT_NEAR(y[4], 100.0 / 3.0 * (1.0 - scale), 1e-4);
}

TEST_F(AgentsGroup, NamesTheNeighbourAcrossEachEdge) {
  EXPECT_THAT(whole(group_of(example()), "vertex_neighbour"), ElementsAre(-1, 1, -1, -1, -1, 2, 0, -1, -1, -1, 1,  //
                                                                          -1, 4, -1, -1, -1, 5, 3, -1, -1, -1, 4));
}

TEST_F(AgentsGroup, HasNoOutlineForAFibreThatLostItsTile) {
  sim::Results results = example();
  results.pictures[0].tiles.offsets = {0, 4, 4, 11};
  const hdf5::Handle group = group_of(results);
  EXPECT_THAT(whole(group, "vertices"), ElementsAre(4, 0, 7, 4, 3, 4));
}

TEST_F(AgentsGroup, CountsTheRowsOfEachSnapshot) {
  const hdf5::Handle group = group_of(example());
  const auto sum = [&](const std::string& name) {
    const std::vector<std::int64_t> counts = whole(group, name);
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                           [](std::size_t total, std::int64_t n) { return total + static_cast<std::size_t>(n); });
  };
  EXPECT_THAT(whole(group, "cells"), ElementsAre(1, 20));
  EXPECT_EQ(sum("cells"), hdf5::size_in(group, "cell_type"));
  EXPECT_EQ(sum("fibres"), hdf5::size_in(group, "fibre_csa"));
  EXPECT_EQ(sum("capillaries"), hdf5::size_in(group, "capillary_x"));
  EXPECT_EQ(sum("vertices"), hdf5::size_in(group, "vertex_x"));
  EXPECT_THAT(whole(group, "fibre_snapshot"), ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(whole(group, "capillary_snapshot"), ElementsAre(0, 0, 1, 1));
}

TEST_F(AgentsGroup, NamesTheDimensionsThatItCounts) {
  const hdf5::Handle group = group_of(example());
  const auto attribute = [&](const std::string& variable, const std::string& name) {
    return hdf5::text_of(hdf5::open_variable(group, variable), name);
  };
  EXPECT_EQ(attribute("fibres", "sample_dimension"), "fibre");
  EXPECT_EQ(attribute("cells", "sample_dimension"), "cell");
  EXPECT_EQ(attribute("capillaries", "sample_dimension"), "capillary");
  EXPECT_EQ(attribute("vertices", "sample_dimension"), "vertex");
}

TEST_F(AgentsGroup, FlagsTheTypesOfCells) {
  const hdf5::Handle group = group_of(example());
  std::vector<std::int8_t> types = hdf5::numbers_in<std::int8_t>(group, "cell_type");
  EXPECT_EQ(types[0], 3);
  types.erase(types.begin());
  types.resize(8);
  EXPECT_THAT(types, ElementsAre(0, 1, 2, 3, 4, 5, 6, 0));
  EXPECT_EQ(hdf5::text_of(hdf5::open_variable(group, "cell_type"), "flag_meanings"),
            "neutrophil ED1_macrophage ED2_macrophage quiescent_satellite activated_satellite committed_satellite "
            "fibroblast");
}

TEST_F(AgentsGroup, FlagsTheTypesOfFibres) {
  const hdf5::Handle group = group_of(example());
  EXPECT_THAT(hdf5::numbers_in<std::int8_t>(group, "fibre_type_index"), ElementsAre(0, 3, 1, 0, 3, 1));
  EXPECT_EQ(hdf5::text_of(hdf5::open_variable(group, "fibre_type_index"), "flag_meanings"), "I IIa IIx IIb");
  EXPECT_THAT(hdf5::texts_in(group, "fibre_type"), ElementsAre("I", "IIa", "IIx", "IIb"));
}

TEST_F(AgentsGroup, CountsSatelliteCellsAtTheirFibres) {
  const hdf5::Handle group = group_of(example());
  EXPECT_THAT(whole(group, "fibre_satellite_cells"), ElementsAre(0, 0, 1, 0, 1, 14));
  const std::vector<std::int64_t> histogram = whole(group, "satellite_cells_histogram");
  EXPECT_THAT(histogram, ElementsAre(2, 1, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                     1, 1, 0, 0, 0, 0, 0, 0, 0, 1));
}

TEST_F(AgentsGroup, CountsFibresByTypeAndSize) {
  const hdf5::Handle group = group_of(example());
  const std::vector<std::int64_t> histogram = whole(group, "csa_histogram");
  ASSERT_THAT(histogram, SizeIs(2 * 4 * 50));
  EXPECT_EQ(std::accumulate(histogram.begin(), histogram.end(), 0L), 6);
  EXPECT_EQ(histogram[0 * 50 + 7], 1);   // I, 1500 um2
  EXPECT_EQ(histogram[3 * 50 + 10], 1);  // IIb, 2100 um2
  EXPECT_EQ(histogram[1 * 50 + 49], 1);  // IIa, 12000 um2
  EXPECT_EQ(real(group, "csa_bin").back(), 9800.0);
}

TEST_F(AgentsGroup, KeepsFieldsInRowsAlongY) {
  sim::Results results = example();
  results.pictures[0].now.fields.assign(agents::n_fields, {0.7});  // a coarser grid than that of the other
  const hdf5::Handle group = group_of(results);
  EXPECT_EQ(hdf5::shape_of(hdf5::open_variable(group, "concentration")), (hdf5::Shape{2, 6, 2, 2}));
  const std::vector<double> values = real(group, "concentration");
  EXPECT_FLOAT_EQ(static_cast<float>(values[0]), 0.7F);
  EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[2]) && std::isnan(values[3]));
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_FLOAT_EQ(static_cast<float>(values[24 + i]), static_cast<float>(results.pictures[1].now.fields[0][i]));
  EXPECT_THAT(hdf5::texts_in(group, "field"), ElementsAre("MCP-1", "TNF-a", "IL-10", "HGF", "IGF-1", "TGF-b"));
}

TEST_F(AgentsGroup, MayHaveNoCellsAndNoCapillaries) {
  sim::Results results = example();
  for (sim::SectionPicture& picture : results.pictures) {
    picture.now.cells.clear();
    picture.capillaries.clear();
  }
  const hdf5::Handle group = group_of(results);
  EXPECT_EQ(hdf5::size_in(group, "cell_x"), 0);
  EXPECT_THAT(whole(group, "capillaries"), ElementsAre(0, 0));
}

}  // namespace
}  // namespace hindlimb::io
