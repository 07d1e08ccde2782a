#include "app/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/text_file.hpp"

namespace hindlimb::app {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError(folder.string(), fmt::format("cannot be made: {}", error.message()));
}

fs::path output_path(const std::string& input, const po::variables_map& options) {
  const std::optional<std::string> named = text_option(options, "output");
  fs::path file = named ? fs::path(*named) : fs::path("results") / fs::path(input).stem().concat(".h5");
  if (!named) make_folder(file.parent_path());
  require_writable(file);
  return file;
}

void require_writable(const fs::path& file) {
  if (file.empty()) throw InputError("--output", "is empty, must be a file");
  constexpr std::size_t longest_name = 200;  // file systems take 255, and names of parts are longer
  if (file.filename().native().size() > longest_name)
    throw InputError(file.string(), fmt::format("has a name of {} bytes, must be at most {}",
                                                file.filename().native().size(), longest_name));
  std::error_code unknown;
  if (fs::is_directory(file, unknown)) throw InputError(file.string(), "is a directory, must be a file");
  if (fs::exists(file, unknown) && !fs::is_regular_file(file, unknown))
    throw InputError(file.string(), "is a device or a pipe, must be a file");
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::is_directory(folder))
    throw InputError(file.string(), fmt::format("there is no directory '{}'", folder.string()));
  if (access(folder.c_str(), W_OK) != 0)
    throw InputError(file.string(), fmt::format("the directory '{}' cannot be written to", folder.string()));
}

std::optional<Problem> already_there(const fs::path& file, const po::variables_map& options) {
  std::error_code unknown;
  if (!fs::exists(file, unknown) || has(options, "force")) return std::nullopt;
  return Problem{file.string(), "", "exists already", "--force replaces it, -o FILE writes elsewhere"};
}

void write_text(const fs::path& file, const std::string& text) {
  io::TextFile stream(file);
  stream.append(text);
  stream.finish();
}

void require_no_input(const fs::path& output, const std::vector<fs::path>& inputs) {
  std::error_code unknown;
  for (const fs::path& input : inputs) {
    if (!fs::equivalent(input, output, unknown)) continue;
    throw InputError({{output.string(), "", "would be overwritten, and it is read from", "-o FILE writes elsewhere"}});
  }
}

fs::path output_file(const std::string& input, const po::variables_map& options) {
  fs::path file = output_path(input, options);
  if (const auto problem = already_there(file, options)) throw InputError({*problem});
  return file;
}

}  // namespace hindlimb::app
