#include "hindlimb/core/sha256.hpp"

#include <gtest/gtest.h>

namespace hindlimb {
namespace {

// FIPS 180-4 example values, csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
constexpr const char* sha256_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* sha256_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, IsTheOneOfTheStandard) {
  EXPECT_EQ(sha256("abc"), sha256_of_abc);
  EXPECT_EQ(sha256(""), sha256_of_nothing);
}

TEST(Sha256, DoesNotDependOnThePiecesTheBytesArriveIn) {
  Sha256 hash;
  hash.add("a");
  hash.add("");
  hash.add("bc");
  EXPECT_EQ(hash.finish(), sha256_of_abc);
}

}  // namespace
}  // namespace hindlimb
