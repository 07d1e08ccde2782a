#include "app/data_files.hpp"

#include "hindlimb/core/errors.hpp"

namespace hindlimb::app {

namespace fs = std::filesystem;

fs::path shipped_file(const std::string& name) {
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  for (const fs::path& folder : {fs::path(), program / HINDLIMB_DATA_FROM_PROGRAM, program / ".." / ".."}) {
    if (fs::is_regular_file(folder / name, unknown)) return (folder / name).lexically_normal();
  }
  throw InputError(name, "is not found, neither here nor beside the program; start it in a checkout, or name the file");
}

}  // namespace hindlimb::app
