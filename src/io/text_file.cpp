#include "hindlimb/io/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io/durable_file.hpp"

namespace hindlimb::io {

struct TextFile::Part {
  explicit Part(std::filesystem::path name) : path(std::move(name)) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (!path.empty()) ::unlink(path.c_str());
  }

  std::filesystem::path path;
  Descriptor descriptor;
};

TextFile::TextFile(std::filesystem::path file)
    : file_(std::move(file)), part_(std::make_unique<Part>(part_name(file_))) {
  part_->descriptor = Descriptor(::open(part_->path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (part_->descriptor < 0) refuse_to_write(file_, errno);
}
TextFile::~TextFile() = default;

void TextFile::append(std::string_view text) {
  if (!write_all(part_->descriptor, text)) refuse_to_write(file_, errno);
}

void TextFile::finish() {
  if (part_->descriptor.close() != 0) refuse_to_write(file_, errno);
  DurableFile whole(file_, Written{std::exchange(part_->path, {})});
  whole.move_to_target();
  sync_directory_of(file_);
}

}  // namespace hindlimb::io
