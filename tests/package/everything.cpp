#include <cstdio>

#include "hindlimb/io/runs_file.hpp"
#include "hindlimb/io/toml_reader.hpp"
#include "hindlimb/sim/integrate.hpp"
#include "hindlimb/study/fit.hpp"

/// Prints the title of a study and the digest of its result file.
int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const hindlimb::scenario::Study study = hindlimb::io::read_study(argv[1]);
  std::printf("%s\n%s\n", study.title.c_str(), digest_lines(hindlimb::io::RunsFile(argv[2])).front().c_str());
}
