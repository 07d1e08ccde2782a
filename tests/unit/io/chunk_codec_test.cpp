#include "io/chunk_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "hindlimb/core/errors.hpp"
#include "io/hdf5.hpp"
#include "unit/io/sweep_example.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::Lt;
using Limits = std::numeric_limits<double>;

constexpr ChunkCodec all_codecs[] = {
    {Precision::f4, false}, {Precision::f4, true}, {Precision::f8, false}, {Precision::f8, true}};

std::string name_of(const ChunkCodec& codec) {
  return std::string(codec.precision == Precision::f4 ? "f4" : "f8") + (codec.is_compressed ? ", compressed" : "");
}

/// Every kind of number there is, then a course that compresses well.
std::vector<double> awkward_numbers() {
  std::vector<double> numbers = {0.3,
                                 7.0,
                                 -0.0,
                                 0.0,
                                 missing,
                                 -0.3,
                                 Limits::max(),
                                 Limits::min(),
                                 Limits::denorm_min(),
                                 Limits::infinity(),
                                 1e-30,
                                 1.0 / 3.0,
                                 -Limits::infinity(),
                                 16'777'217.0};
  for (int i = 0; i < 1000; ++i) numbers.push_back(std::sqrt(i + 0.3));
  return numbers;
}

std::vector<double> decoded(const ChunkCodec& codec, const std::string& bytes, std::size_t size) {
  std::vector<double> numbers(size, -7.0);
  codec.decode(bytes, numbers);
  return numbers;
}

/// What each number is once it is stored.
std::vector<double> rounded(const ChunkCodec& codec, std::vector<double> numbers) {
  for (double& number : numbers)
    number = codec.precision == Precision::f4 ? static_cast<double>(static_cast<float>(number)) : number;
  return numbers;
}

std::string refused(const ChunkCodec& codec, const std::string& bytes, std::size_t size) {
  return refusal<Error>([&] { decoded(codec, bytes, size); });
}

TEST(ChunkCodec, GivesBackEveryDoubleToTheBit) {
  const std::vector<double> numbers = awkward_numbers();
  for (const bool is_compressed : {false, true}) {
    const ChunkCodec codec{Precision::f8, is_compressed};
    EXPECT_EQ(bits(decoded(codec, codec.encode(numbers), numbers.size())), bits(numbers)) << name_of(codec);
  }
}

TEST(ChunkCodec, RoundsToFloatAndNothingElseWhenAsked) {
  const std::vector<double> numbers = awkward_numbers();
  for (const bool is_compressed : {false, true}) {
    const ChunkCodec codec{Precision::f4, is_compressed};
    const std::vector<double> read = decoded(codec, codec.encode(numbers), numbers.size());
    EXPECT_EQ(bits(read), bits(rounded(codec, numbers))) << name_of(codec);
    EXPECT_NE(read[0], 0.3);
  }
}

TEST(ChunkCodec, LaysLittleEndianNumbersOneAfterTheOther) {
  const std::vector<double> numbers = {0.3, 7.0};
  EXPECT_EQ((ChunkCodec{Precision::f4, false}.encode(numbers)), std::string("\x9a\x99\x99\x3e\0\0\xe0\x40", 8));
  EXPECT_EQ((ChunkCodec{Precision::f8, false}.encode(numbers)),
            std::string("\x33\x33\x33\x33\x33\x33\xd3\x3f\0\0\0\0\0\0\x1c\x40", 16));
}

TEST(ChunkCodec, MakesLessOfACourseThanItsNumbersTake) {
  const std::vector<double> numbers = awkward_numbers();
  for (const Precision precision : {Precision::f4, Precision::f8}) {
    const ChunkCodec codec{precision, true};
    EXPECT_THAT(codec.encode(numbers).size(), Lt(numbers.size() * codec.bytes_per_number())) << name_of(codec);
  }
}

TEST(ChunkCodec, GivesTheSameBytesInEveryThread) {
  const std::vector<double> numbers = awkward_numbers();
  const ChunkCodec codec{Precision::f4, true};
  std::string other;
  std::thread([&] { other = codec.encode(numbers); }).join();
  EXPECT_EQ(other, codec.encode(numbers));
}

/// A variable of one chunk, in a file of its own in memory.
class Chunk : public testing::TestWithParam<ChunkCodec> {
 protected:
  hdf5::Handle variable() const {
    const hdf5::Handle properties = hdf5::variable_properties();
    const hsize_t size = numbers_.size();
    H5Pset_chunk(properties, 1, &size);
    if (GetParam().is_compressed) {
      H5Pset_shuffle(properties);
      H5Pset_deflate(properties, 7);
    }
    const hid_t type = GetParam().precision == Precision::f4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    return hdf5::create_variable(file_, "x", type, {size}, properties);
  }

  hdf5::Quiet quiet_;
  std::vector<double> numbers_ = awkward_numbers();
  hdf5::Handle file_ = hdf5::create_file();
};

TEST_P(Chunk, IsWhatHdf5Decodes) {
  const hdf5::Handle made = variable();
  hdf5::write_chunk(made, 0, GetParam().encode(numbers_));
  EXPECT_EQ(bits(hdf5::numbers_in<double>(file_, "x")), bits(rounded(GetParam(), numbers_)));
}

TEST_P(Chunk, IsDecodedWhenHdf5EncodedIt) {
  const hdf5::Handle made = variable();
  hdf5::write_numbers(made, H5T_NATIVE_DOUBLE, rounded(GetParam(), numbers_).data());
  hdf5::check(H5Dflush(made), "write the chunk");
  const hsize_t first = 0;
  hsize_t size = 0;
  hdf5::check(H5Dget_chunk_storage_size(made, &first, &size), "measure the chunk");
  std::string bytes(size, '\0');
  std::uint32_t filters = 7;
  hdf5::check(H5Dread_chunk(made, H5P_DEFAULT, &first, &filters, bytes.data()), "read the chunk");
  EXPECT_EQ(filters, 0);  // none was left out
  EXPECT_EQ(bits(decoded(GetParam(), bytes, numbers_.size())), bits(rounded(GetParam(), numbers_)));
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, Chunk, testing::ValuesIn(all_codecs), [](const auto& kind) {
  return std::string(kind.param.precision == Precision::f4 ? "f4" : "f8") +
         (kind.param.is_compressed ? "Compressed" : "Plain");
});

TEST(ChunkCodec, RefusesBytesOfMoreOrFewerNumbers) {
  const std::vector<double> numbers = awkward_numbers();
  for (const ChunkCodec& codec : all_codecs) {
    const std::string bytes = codec.encode(numbers);
    const std::string what =
        codec.is_compressed ? "a compressed block is broken" : "a block is not as long as its numbers";
    EXPECT_EQ(refused(codec, bytes, numbers.size() + 1), what) << name_of(codec);
    EXPECT_EQ(refused(codec, bytes, numbers.size() - 1), what) << name_of(codec);
  }
}

TEST(ChunkCodec, RefusesBytesCutShortAnywhere) {
  const std::vector<double> numbers = awkward_numbers();
  for (const ChunkCodec& codec : all_codecs) {
    const std::string bytes = codec.encode(numbers);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_NE(refused(codec, bytes.substr(0, size), numbers.size()), "") << name_of(codec) << ", " << size;
  }
}

TEST(ChunkCodec, RefusesBytesOfTheOtherKind) {
  const std::vector<double> numbers = awkward_numbers();
  for (const Precision precision : {Precision::f4, Precision::f8}) {
    const std::string compressed = ChunkCodec{precision, true}.encode(numbers);
    const std::string plain = ChunkCodec{precision, false}.encode(numbers);
    EXPECT_EQ(refused({precision, false}, compressed, numbers.size()), "a block is not as long as its numbers");
    EXPECT_EQ(refused({precision, true}, plain, numbers.size()), "a compressed block is broken");
  }
}

TEST(ChunkCodec, NeverMakesOtherNumbersOfABitThatFlipped) {
  const std::vector<double> numbers = awkward_numbers();
  const ChunkCodec codec{Precision::f4, true};
  const std::string bytes = codec.encode(numbers);
  std::size_t n_refused = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 7) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    std::vector<double> read = rounded(codec, numbers);
    if (!refusal<Error>([&] { read = decoded(codec, changed, numbers.size()); }).empty()) ++n_refused;
    EXPECT_EQ(bits(read), bits(rounded(codec, numbers))) << "bit " << bit;
  }
  EXPECT_GT(n_refused, bytes.size());  // bits that are not looked at are few
}

}  // namespace
}  // namespace hindlimb::io
