#include "hindlimb/io/checkpoint_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <deque>
#include <span>
#include <vector>

#include "hindlimb/core/bytes.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/core/sha256.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {
namespace {

constexpr std::string_view title = "hindlimb checkpoint of agents 2\n";
constexpr std::size_t digest_digits = 64;

/// One name for all: what a killed process left is written over.
std::filesystem::path part_of(const std::filesystem::path& file) { return std::filesystem::path(file).concat(".part"); }

}  // namespace

std::filesystem::path checkpoint_path(const std::filesystem::path& result) {
  return std::filesystem::path(result).concat(".checkpoint");
}

CheckpointFile::CheckpointFile(std::filesystem::path file, std::string identity, Behaviour behaviour, bool is_forced)
    : file_(std::move(file)), identity_(std::move(identity)), behaviour_(std::move(behaviour)) {
  std::error_code unknown;
  if (!std::filesystem::exists(file_, unknown)) return;
  try {
    read();
  } catch (const InputError&) {
    if (!is_forced) throw;
    sections_.clear();
  }
}

void CheckpointFile::read() {
  const std::string bytes = read_bytes(file_);
  const std::string_view all = bytes;
  const auto refuse = [&](const std::string& why) {
    throw InputError({{file_.string(), "", why, "--force starts anew and drops it, -o FILE writes elsewhere"}});
  };
  if (!all.starts_with(title)) refuse("is no checkpoint of hindlimb");
  const std::string_view rest = all.substr(title.size());
  if (rest.size() < digest_digits || sha256(rest.substr(digest_digits)) != rest.substr(0, digest_digits))
    refuse("is broken: its SHA-256 is another one");
  ByteReader reader(rest.substr(digest_digits), "the checkpoint");
  if (reader.text() != identity_) refuse("is the checkpoint of another study");
  while (!reader.is_at_end()) {
    const std::string name(reader.text());
    sections_[name] = {std::string(reader.text()), Clock::now()};
  }
}

std::string CheckpointFile::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = sections_.find(name);
  return found == sections_.end() ? "" : found->second.state;
}

bool CheckpointFile::is_due(const std::string& name) {
  if (behaviour_.stop_was_asked && behaviour_.stop_was_asked()) return true;
  const std::lock_guard lock(mutex_);
  const auto found = sections_.find(name);
  if (found != sections_.end()) return Clock::now() - found->second.kept >= behaviour_.interval;
  sections_[name].kept = Clock::now();  // the first time that it is asked for
  return behaviour_.interval.count() == 0.0;
}

void CheckpointFile::keep(const std::string& name, const std::function<std::string()>& state) {
  const std::lock_guard lock(mutex_);
  const bool is_stopped = behaviour_.stop_was_asked && behaviour_.stop_was_asked();
  Section& section = sections_[name];
  std::string().swap(section.state);
  section = {state(), Clock::now()};
  if (is_stopped || Clock::now() - written_ >= behaviour_.interval) {
    try {
      write();
    } catch (const Error& error) {
      if (behaviour_.on_problem) behaviour_.on_problem(error.what());
    }
    written_ = Clock::now();
  }
  if (is_stopped) throw Stopped{};
}

void CheckpointFile::write() {
  // States are large, and are written from where they lie.
  std::deque<ByteWriter> between(1);
  between[0].text(identity_);
  std::vector<std::string_view> pieces{title, "", between[0].bytes()};
  for (const auto& [name, section] : sections_) {
    if (section.state.empty()) continue;
    ByteWriter& before = between.emplace_back();
    before.text(name);
    before.number(std::uint64_t{section.state.size()});
    pieces.insert(pieces.end(), {before.bytes(), section.state});
  }
  Sha256 hash;
  for (const std::string_view piece : std::span(pieces).subspan(2)) hash.add(piece);
  const std::string digest = hash.finish();
  pieces[1] = digest;
  DurableFile part(file_, part_of(file_), pieces);
  part.move_to_target();
}

void CheckpointFile::remove() {
  for (const std::filesystem::path& file : {file_, part_of(file_)}) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) refuse_to_write(file, errno);
  }
}

}  // namespace hindlimb::io
