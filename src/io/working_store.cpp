#include "hindlimb/io/working_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <sstream>
#include <system_error>

#include "hindlimb/core/bytes.hpp"
#include "hindlimb/core/errors.hpp"
#include "hindlimb/io/file_lock.hpp"
#include "io/chunk_codec.hpp"
#include "io/durable_file.hpp"

namespace hindlimb::io {
namespace fs = std::filesystem;

/// What stands before the content of a block.
struct WorkingStore::Head {
  std::uint32_t mark = 0;
  std::uint32_t n_runs = 0;
  std::uint64_t first_run = 0;
  std::uint64_t length = 0;
  std::uint32_t content_crc = 0;
  std::uint32_t head_crc = 0;

  std::uint32_t crc() const { return libdeflate_crc32(0, this, offsetof(Head, head_crc)); }
};

namespace {

constexpr std::string_view title = "hindlimb working store 1";
constexpr std::string_view end_of_text = "\n\n";
constexpr std::uint32_t block_mark = 0x42574c48;  // "HLWB"
constexpr std::chrono::seconds between_syncs{5};
constexpr std::size_t largest_text = 64 << 10;
constexpr std::size_t longest_about = 1000;
constexpr std::size_t crc_digits = 8;
constexpr const char* a_block = "a block of the working store";

std::uint32_t crc_of(const void* bytes, std::size_t size) { return libdeflate_crc32(0, bytes, size); }

std::string to_text(const StoreForm& form) {
  std::string about = form.about.substr(0, longest_about);
  std::ranges::replace(about, '\n', ' ');
  const std::string text = fmt::format(
      "{}\nabout {}\nidentity {}\nruns {}\nfirst {}\nchunk {}\nseries {}\nprecision {}\ncompressed {}\ncrc32 ", title,
      about, form.identity, form.n_runs, form.first_run, form.runs_per_chunk, fmt::join(form.series, " "),
      form.precision == Precision::f4 ? "f4" : "f8", form.is_compressed ? 1 : 0);
  return fmt::format("{}{:08x}{}", text, crc_of(text.data(), text.size()), end_of_text);
}

/// Whether the last line is the checksum of those before it.
bool is_whole(const std::string& text) {
  const std::size_t tail = crc_digits + end_of_text.size();
  if (text.size() < tail) return false;
  const std::size_t size = text.size() - tail;
  return text.substr(size, crc_digits) == fmt::format("{:08x}", crc_of(text.data(), size));
}

std::optional<StoreForm> from_text(const std::string& text) {
  if (!is_whole(text)) return std::nullopt;
  StoreForm form;
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != title) return std::nullopt;
  const auto value = [&](std::string_view name) {
    return std::getline(lines, line) && line.starts_with(name) ? line.substr(std::min(line.size(), name.size() + 1))
                                                               : std::string();
  };
  const auto number = [&](std::string_view name) {
    const std::string digits = value(name);
    std::uint64_t result = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return result;
  };
  form.about = value("about");
  form.identity = value("identity");
  form.n_runs = number("runs");
  form.first_run = number("first");
  form.runs_per_chunk = number("chunk");
  std::istringstream sizes(value("series"));
  for (std::size_t size = 0; sizes >> size;) form.series.push_back(size);
  form.precision = value("precision") == "f8" ? Precision::f8 : Precision::f4;
  form.is_compressed = value("compressed") == "1";
  return form.identity.empty() || form.runs_per_chunk == 0 ? std::nullopt : std::optional(form);
}

/// The text before the blocks, its end included; empty if there is none.
std::string text_before_blocks(int descriptor) {
  std::string bytes(largest_text, '\0');
  const ssize_t count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  const std::size_t end = bytes.find(end_of_text);
  return end == std::string::npos ? "" : bytes.substr(0, end + end_of_text.size());
}

std::uint64_t size_of(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// Whether the file begins as the text does and ends within it: a store that was stopped when it was made.
bool is_begun(int descriptor, const std::string& text) {
  const std::uint64_t size = size_of(descriptor);
  if (size >= text.size()) return size == 0;
  std::string bytes(size, '\0');
  return ::pread(descriptor, bytes.data(), size, 0) == static_cast<ssize_t>(size) && text.starts_with(bytes);
}

std::string outcomes_of(const StoredRuns& runs) {
  ByteWriter outcomes;
  for (std::size_t i = 0; i < runs.outcomes.size(); ++i) {
    const sim::RunOutcome& outcome = runs.outcomes[i];
    outcomes.text(runs.keys[i]);
    outcomes.number(static_cast<std::int8_t>(outcome.status));
    outcomes.text(outcome.message);
    outcomes.number(outcome.n_steps);
    outcomes.number(outcome.n_redone);
    outcomes.number(runs.wall_times_s[i]);
  }
  return std::move(outcomes.bytes());
}

std::vector<std::string> parts_of(const StoredRuns& runs, std::span<const std::vector<double>> series,
                                  const ChunkCodec& codec) {
  std::vector<std::string> parts{outcomes_of(runs)};
  for (const std::vector<double>& numbers : series) parts.push_back(codec.encode(numbers));
  return parts;
}

std::uint64_t count_failed(const StoredRuns& runs) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      runs.outcomes, [](const sim::RunOutcome& outcome) { return outcome.status != sim::RunStatus::ok; }));
}

}  // namespace

fs::path working_store_path(const fs::path& result) { return fs::path(result).concat(".work"); }

WorkingStore::WorkingStore(fs::path file, StoreForm form, Start start)
    : file_(std::move(file)), form_(std::move(form)) {
  try {
    lock();
    const std::string text = to_text(form_);
    start == Start::anew || is_begun(descriptor_, text) ? begin(text) : go_on();
    scan();
    if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) refuse_to_write(file_, errno);
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw;
  }
}

WorkingStore::WorkingStore(fs::path file) : file_(std::move(file)), is_writable_(false) {
  require_regular_file(file_);
  descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  try {
    if (descriptor_ < 0) throw InputError(file_.string(), "cannot be read: " + std::generic_category().message(errno));
    read_form("");
    scan();
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw;
  }
}

WorkingStore::~WorkingStore() { ::close(descriptor_); }

void WorkingStore::read_form(const std::string& hint) {
  const std::optional<StoreForm> found = from_text(text_before_blocks(descriptor_));
  if (!found) throw InputError({{file_.string(), "", "is no working store of hindlimb", hint}});
  form_ = *found;
}

void WorkingStore::lock() {
  LockedFile opened = open_locked(file_);
  descriptor_ = opened.descriptor;
  why_not_locked_ = std::move(opened.why_not_locked);
}

void WorkingStore::begin(const std::string& text) {
  if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0 || !write_all(descriptor_, text)) {
    const int code = errno;
    ::unlink(file_.c_str());
    refuse_to_write(file_, code);
  }
  sync_directory_of(file_);
}

void WorkingStore::go_on() {
  const StoreForm wanted = form_;
  read_form("--force starts anew and drops it, -o FILE writes elsewhere");
  const bool is_of_it = form_.identity == wanted.identity && form_.n_runs == wanted.n_runs &&
                        form_.first_run == wanted.first_run && form_.series == wanted.series &&
                        form_.precision == wanted.precision && form_.is_compressed == wanted.is_compressed;
  if (!is_of_it) refuse_other_sweep();
}

void WorkingStore::refuse_other_sweep() const {
  throw InputError(
      {{file_.string(), "",
        fmt::format("holds runs of another sweep, or of this one before a change ({})", form_.about),
        "a sweep that is changed back goes on, and once it is finished --extend adds to it; --force starts anew and "
        "drops them, -o FILE writes elsewhere"}});
}

void WorkingStore::require_identity(const std::string& identity) const {
  if (form_.identity != identity) refuse_other_sweep();
}

std::optional<WorkingStore::Head> WorkingStore::head_at(std::uint64_t offset, std::uint64_t size) const {
  if (offset + sizeof(Head) > size) return std::nullopt;
  Head head;
  std::memcpy(&head, read_at(offset, sizeof head).data(), sizeof head);
  const bool is_head = head.mark == block_mark && head.head_crc == head.crc();
  return is_head && head.length <= size - offset - sizeof head ? std::optional(head) : std::nullopt;
}

std::uint64_t WorkingStore::next_head(std::uint64_t offset, std::uint64_t size) const {
  constexpr std::uint64_t piece = 1 << 20;
  const std::string_view mark(reinterpret_cast<const char*>(&block_mark), sizeof block_mark);
  while (offset < size) {
    const std::string bytes = read_at(offset, std::min(piece + mark.size() - 1, size - offset));
    for (std::size_t at = bytes.find(mark); at != std::string::npos; at = bytes.find(mark, at + 1)) {
      if (head_at(offset + at, size)) return offset + at;
    }
    offset += piece;
  }
  return size;
}

void WorkingStore::scan() {
  static_assert(sizeof(Head) == 32, "a head has no gaps");
  end_ = text_before_blocks(descriptor_).size();
  const std::uint64_t size = size_of(descriptor_);
  for (std::uint64_t at = next_head(end_, size); at < size; at = next_head(at, size)) {
    const Head head = *head_at(at, size);
    const std::uint64_t offset = at + sizeof head;
    at = offset + head.length;
    const std::string content = read_at(offset, head.length);
    if (crc_of(content.data(), content.size()) != head.content_crc) continue;  // it will be computed again
    n_damaged_bytes_ += offset - sizeof head - end_;
    end_ = at;
    blocks_[head.first_run] = {head.n_runs, offset, 0};
    blocks_[head.first_run].n_failed = count_failed(runs_of(head.first_run));
  }
}

std::string WorkingStore::read_at(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      throw Error(fmt::format("{}: cannot be read: {}", file_.string(),
                              count < 0 ? std::generic_category().message(errno) : "it is shorter than it was"));
    done += static_cast<std::size_t>(count);
  }
  return bytes;
}

std::string WorkingStore::block_of(const StoreForm& form, const StoredRuns& runs,
                                   std::span<const std::vector<double>> series) {
  const std::vector<std::string> parts = parts_of(runs, series, {form.precision, form.is_compressed});
  Head head{.mark = block_mark, .n_runs = static_cast<std::uint32_t>(runs.keys.size()), .first_run = runs.first_run};
  for (const std::string& part : parts) head.length += sizeof(std::uint64_t) + part.size();
  ByteWriter block;
  block.bytes().reserve(sizeof head + head.length);
  block.number(head);
  for (const std::string& part : parts) block.number(static_cast<std::uint64_t>(part.size()));
  for (const std::string& part : parts) block.bytes().append(part);
  head.content_crc = crc_of(block.bytes().data() + sizeof head, head.length);
  head.head_crc = head.crc();
  std::memcpy(block.bytes().data(), &head, sizeof head);
  return std::move(block.bytes());
}

std::uint64_t WorkingStore::bytes_of(const StoreForm& form, const StoredRuns& runs,
                                     std::span<const std::vector<double>> series) {
  return block_of(form, runs, series).size();
}

void WorkingStore::append(const StoredRuns& runs, std::span<const std::vector<double>> series) {
  const std::string block = block_of(form_, runs, series);
  std::unique_lock lock(mutex_);
  if (::lseek(descriptor_, static_cast<off_t>(end_), SEEK_SET) < 0 || !write_all(descriptor_, block)) {
    const int code = errno;
    [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(end_));  // else cut when opened
    refuse_to_write(file_, code);
  }
  blocks_[runs.first_run] = {runs.keys.size(), end_ + sizeof(Head), count_failed(runs)};
  end_ += block.size();
  if (std::chrono::steady_clock::now() - last_sync_ < between_syncs) return;
  last_sync_ = std::chrono::steady_clock::now();
  lock.unlock();  // the others need not wait for the disk
  sync();
}

void WorkingStore::sync() {
  if (::fdatasync(descriptor_) != 0) refuse_to_write(file_, errno);
}

std::uint64_t WorkingStore::n_stored() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t n = 0;
  for (const auto& [first, block] : blocks_) n += block.n_runs;
  return n;
}

std::uint64_t WorkingStore::n_failed() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t n = 0;
  for (const auto& [first, block] : blocks_) n += block.n_failed;
  return n;
}

std::uint64_t WorkingStore::block_at(std::uint64_t first_run) const {
  const std::lock_guard lock(mutex_);
  const auto found = blocks_.find(first_run);
  return found == blocks_.end() ? 0 : found->second.n_runs;
}

std::vector<std::uint64_t> WorkingStore::blocks() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> firsts;
  for (const auto& [first, block] : blocks_) firsts.push_back(first);
  return firsts;
}

StoredRuns WorkingStore::runs_of(std::uint64_t first_run) const {
  const Block& block = blocks_.at(first_run);
  const auto length = ByteReader(read_at(block.offset, sizeof(std::uint64_t)), a_block).number<std::uint64_t>();
  const std::string content = read_at(block.offset + (form_.series.size() + 1) * sizeof(std::uint64_t), length);
  ByteReader reader(content, a_block);
  StoredRuns runs;
  runs.first_run = first_run;
  for (std::uint64_t i = 0; i < block.n_runs; ++i) {
    runs.keys.emplace_back(reader.text());
    sim::RunOutcome& outcome = runs.outcomes.emplace_back();
    outcome.status = static_cast<sim::RunStatus>(reader.number<std::int8_t>());
    outcome.message = reader.text();
    outcome.n_steps = reader.number<std::int64_t>();
    outcome.n_redone = reader.number<std::int64_t>();
    runs.wall_times_s.push_back(reader.number<double>());
  }
  return runs;
}

std::string WorkingStore::chunk_of(std::uint64_t first_run, std::size_t series) const {
  const Block& block = blocks_.at(first_run);
  const std::size_t table = (form_.series.size() + 1) * sizeof(std::uint64_t);
  const std::string lengths = read_at(block.offset, table);
  ByteReader reader(lengths, a_block);
  std::uint64_t offset = block.offset + table;
  for (std::size_t i = 0; i <= series; ++i) offset += reader.number<std::uint64_t>();
  return read_at(offset, reader.number<std::uint64_t>());
}

void WorkingStore::remove() {
  if (::unlink(file_.c_str()) != 0 && errno != ENOENT) refuse_to_write(file_, errno);
}

}  // namespace hindlimb::io
