#include <iostream>

#include "app/command.hpp"
#include "app/result_input.hpp"
#include "hindlimb/io/runs_file.hpp"

namespace hindlimb::app {
namespace {

po::options_description options() { return po::options_description(); }

Exit execute(const std::vector<std::string>& files, const po::variables_map&) {
  for (const std::string& line : io::digest_lines(open_result(files[0]))) std::cout << line << '\n';
  return Exit::ok;
}

}  // namespace

const Command digest_command{
    "digest",
    "RESULT.h5",
    "print a hash of every number that equal runs share (not dates, hosts or times), then one of each series",
    "  hindlimb digest results/miller2018.h5 | head -1\n",
    1,
    1,
    options,
    execute,
    "Two files of equal runs have equal digests, wherever and by how many threads they were made.\n"};

}  // namespace hindlimb::app
