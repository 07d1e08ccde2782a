#include "hindlimb/io/checksum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "hindlimb/core/errors.hpp"
#include "unit/io/temporary_directory.hpp"

namespace hindlimb::io {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

// FIPS 180-4 example values, csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
constexpr const char* sha256_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

bool sha256sum_accepts(const std::filesystem::path& directory) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the test has one thread
  return std::system(("cd '" + directory.string() + "' && sha256sum -c --status *.sha256").c_str()) == 0;
}

TEST(Checksum, IsAcceptedBySha256sum) {
  const TemporaryDirectory directory;
  for (const std::string name : {"plain.h5", "with space.h5", "back\\slash.h5", "new\nline.h5", "µ.h5"}) {
    write_text(directory / name, "abc " + name);
    write_checksum(directory / name);
  }
  EXPECT_TRUE(sha256sum_accepts(directory.path()));
  write_text(directory / "back\\slash.h5", "abd");
  EXPECT_FALSE(sha256sum_accepts(directory.path()));
}

TEST(Checksum, AcceptsTheFileItWasWrittenFor) {
  const TemporaryDirectory directory;
  for (const std::string name : {"plain.h5", "new\nline.h5"}) {
    write_text(directory / name, "abc");
    write_checksum(directory / name);
    EXPECT_NO_THROW(verify(directory / name));
  }
}

TEST(Checksum, RefusesAChangedFile) {
  const TemporaryDirectory directory;
  write_text(directory / "x.h5", "abc");
  write_checksum(directory / "x.h5");
  write_text(directory / "x.h5", "abd");
  EXPECT_THAT([&] { verify(directory / "x.h5"); },
              ThrowsMessage<InputError>((directory / "x.h5").string() +
                                        ": changed or broken: its SHA-256 is not the one in 'x.h5.sha256'"));
}

TEST(Checksum, SaysWhenItIsMissing) {
  const TemporaryDirectory directory;
  write_text(directory / "x.h5", "abc");
  EXPECT_THAT([&] { verify(directory / "x.h5"); },
              ThrowsMessage<InputError>((directory / "x.h5").string() +
                                        ": has no checksum 'x.h5.sha256' beside it: copy both files together, or, "
                                        "if writing was interrupted, run the study again"));
}

TEST(Checksum, SaysWhenItIsNotOne) {
  const TemporaryDirectory directory;
  write_text(directory / "x.h5", "abc");
  for (const std::string& line : {std::string(), std::string("hello  x.h5\n"), std::string(64, 'g') + "  x.h5\n",
                                  std::string(sha256_of_abc), std::string(sha256_of_abc) + "0  x.h5\n"}) {
    write_text(directory / "x.h5.sha256", line);
    EXPECT_THAT(
        [&] { verify(directory / "x.h5"); },
        ThrowsMessage<InputError>((directory / "x.h5.sha256").string() + ": is not a checksum as sha256sum writes it"));
  }
}

}  // namespace
}  // namespace hindlimb::io
