#include "hindlimb/io/table_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5_hl.h>

#include <cmath>
#include <limits>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/checksum.hpp"
#include "io/hdf5.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

class TableFile : public testing::Test {
 protected:
  void write() const { write_table(file_, {{"title", "a fit, \"µ\"\n"}, {"version", "7"}}, axes_, variables_); }
  hdf5::Handle open() const { return hdf5::open_file(file_); }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "fit.h5";
  std::vector<TableAxis> axes_{{"parameter", "fitted parameter", {"drive_max", "soleus.postural_share", "µ"}},
                               {"datum", "what was fitted to", {"O0001", "a band"}}};
  std::vector<TableVariable> variables_{
      {"value", "1", "value at the optimum", {"parameter"}, {0.3, -7.0, missing}},
      {"residual", "d", "residual", {"datum"}, {0.1, 1e300}},
      {"influence", "um2", "of a parameter on a datum", {"parameter", "datum"}, {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}}};
};

TEST_F(TableFile, HoldsNumbersWithTheirUnitsNamesAndShapes) {
  write();
  const hdf5::Handle file = open();
  EXPECT_THAT(hdf5::names_in(file), ElementsAre("parameter", "datum", "value", "residual", "influence"));
  EXPECT_THAT(hdf5::texts_in(file, "parameter"), ElementsAre("drive_max", "soleus.postural_share", "µ"));
  EXPECT_THAT(hdf5::numbers_in<double>(file, "influence"), ElementsAre(0.0, 1.0, 2.0, 3.0, 4.0, 5.0));
  EXPECT_THAT(hdf5::numbers_in<double>(file, "value"), ElementsAre(0.3, -7.0, testing::NanSensitiveDoubleEq(missing)));
  const hdf5::Handle influence = hdf5::open_variable(file, "influence");
  EXPECT_THAT(hdf5::shape_of(influence), ElementsAre(3u, 2u));
  EXPECT_EQ(hdf5::text_of(influence, "units"), "um2");
  EXPECT_EQ(hdf5::text_of(influence, "long_name"), "of a parameter on a datum");
  EXPECT_EQ(hdf5::text_of(hdf5::open_variable(file, "datum"), "long_name"), "what was fitted to");
}

TEST_F(TableFile, LabelsEveryAxisByItsDimension) {
  write();
  const hdf5::Handle file = open();
  for (const char* name : {"parameter", "datum"}) EXPECT_GT(H5DSis_scale(hdf5::open_variable(file, name)), 0) << name;
  const hdf5::Handle influence = hdf5::open_variable(file, "influence");
  EXPECT_GT(H5DSis_attached(influence, hdf5::open_variable(file, "parameter"), 0), 0);
  EXPECT_GT(H5DSis_attached(influence, hdf5::open_variable(file, "datum"), 1), 0);
}

TEST_F(TableFile, HoldsItsAttributes) {
  write();
  const hdf5::Handle file = open();
  EXPECT_EQ(hdf5::text_of(file, "title"), "a fit, \"µ\"\n");
  EXPECT_EQ(hdf5::text_of(file, "version"), "7");
  EXPECT_EQ(hdf5::text_of(file, "Conventions"), "CF-1.11");
}

TEST_F(TableFile, HasItsChecksumBesideIt) {
  write();
  EXPECT_THAT(directory_.names(), ElementsAre("fit.h5", "fit.h5.sha256"));
  EXPECT_NO_THROW(verify(file_));
}

TEST_F(TableFile, HasTheSameBytesForTheSameNumbers) {
  write();
  const std::string bytes = bytes_of(file_);
  write();
  EXPECT_EQ(bytes_of(file_), bytes);
  variables_[0].values[0] = 0.4;
  write();
  EXPECT_NE(bytes_of(file_), bytes);
}

TEST_F(TableFile, SaysWhatIsInTheWayAndLeavesNothing) {
  const std::filesystem::path nowhere = directory_ / "none" / "fit.h5";
  EXPECT_THAT([&] { write_table(nowhere, {}, axes_, variables_); }, ThrowsMessage<Error>(HasSubstr(nowhere.string())));
  EXPECT_THAT(directory_.names(), testing::IsEmpty());
}

}  // namespace
}  // namespace hindlimb::io
