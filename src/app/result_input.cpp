#include "app/result_input.hpp"

#include <fmt/format.h>

#include <iostream>

#include "hindlimb/io/checksum.hpp"

namespace hindlimb::app {

io::RunsFile open_result(const std::string& file) {
  io::RunsFile result(file);
  if (!result.is_proven())
    std::cerr << fmt::format(
        "hindlimb: {} has no checksum '{}' beside it, so nobody knows whether it is as it was written\n", file,
        io::checksum_path(file).filename().string());
  return result;
}

}  // namespace hindlimb::app
