#include "hindlimb/io/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "hindlimb/scenario/build.hpp"

namespace {
[[noreturn]] void refuse_to_go_on() { throw std::logic_error("broken beyond reading"); }
}  // namespace

// toml++ 3.3 asserts on some broken files ("[,") and without assertions walks on into undefined behaviour: here, and
// only here, its assertions are on and throw.
#undef NDEBUG
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression)             \
  do {                                      \
    if (!(expression)) refuse_to_go_on();   \
  } while (false)
#include <toml++/toml.h>

namespace hindlimb::io {
namespace {

using scenario::Node;

constexpr std::uintmax_t largest_file_bytes = 1'000'000;

std::string at_line(const std::string& name, const toml::source_region& source) {
  return fmt::format("{}:{}", name, source.begin.line);
}

Node to_node(const toml::node& node, const std::string& name);

scenario::Table to_table(const toml::table& table, const std::string& name) {
  // toml++ sorts keys by name; a user reads problems in the order of the file.
  std::vector<std::pair<toml::source_position, std::string_view>> order;
  for (const auto& [key, value] : table) order.emplace_back(key.source().begin, key.str());
  std::ranges::sort(order, {}, [](const auto& entry) { return std::pair(entry.first.line, entry.first.column); });
  scenario::Table result;
  for (const auto& entry : order) result.emplace_back(std::string(entry.second), to_node(*table.get(entry.second), name));
  return result;
}

Node to_node(const toml::node& node, const std::string& name) {
  Node result{std::monostate{}, at_line(name, node.source())};
  if (const auto* table = node.as_table()) {
    result.value = to_table(*table, name);
  } else if (const auto* array = node.as_array()) {
    scenario::Array elements;
    for (const toml::node& element : *array) elements.push_back(to_node(element, name));
    result.value = std::move(elements);
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.value = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    result.value = flag->get();
  }
  return result;  // dates and times stay "nothing": no key takes one
}

/// Everything that can be told of a file before it is opened.
void require_readable_size(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) throw InputError(file.string(), "there is no such file");
  if (std::filesystem::is_directory(status)) throw InputError(file.string(), "is a directory, must be a TOML file");
  if (!std::filesystem::is_regular_file(status)) throw InputError(file.string(), "is no regular file");
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (error) throw InputError(file.string(), error.message());
  if (bytes > largest_file_bytes) {
    throw InputError(file.string(), fmt::format("has {} bytes; a study has at most {}", bytes, largest_file_bytes));
  }
}

/// KEY=VALUE as the place it is changed at and the value it takes.
std::pair<std::string, Node> parse_override(const std::string& change) {
  const std::size_t sign = change.find('=');
  if (sign == std::string::npos || sign == 0) {
    throw InputError("--set", fmt::format("'{}' must be KEY=VALUE, such as animals.per_arm=20", change));
  }
  const std::string value = change.substr(sign + 1);
  Node node{value, "--set"};
  try {
    if (const Node* parsed = parse_toml("value = " + value, "--set").find("value")) node.value = parsed->value;
  } catch (const InputError&) {
    // text without quotes
  }
  return {change.substr(0, sign), node};
}

std::optional<Node> parameter_file(const Node& document, const std::filesystem::path& study_file) {
  const Node* parameters = document.find("parameters");
  const Node* name = parameters == nullptr ? nullptr : parameters->find("file");
  if (name == nullptr) return std::nullopt;
  if (name->text() == nullptr) throw InputError({{name->where, "parameters.file", fmt::format("is {}, must be text in quotes", type_name(*name)), ""}});
  return read_toml(study_file.parent_path() / *name->text());
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  require_readable_size(file);
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.good() && !stream.eof()) throw InputError(file.string(), fmt::format("cannot be read: {}", std::strerror(errno)));
  if (text.empty()) throw InputError(file.string(), "is empty");
  return text;
}

Node parse_toml(std::string_view text, const std::string& name) {
  try {
    return to_node(toml::parse(text, name), name);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw InputError(fmt::format("{}:{}:{}", name, at.line, at.column), std::string(error.description()));
  } catch (const std::logic_error& error) {
    throw InputError(name, fmt::format("is not TOML: {}", error.what()));
  }
}

Node read_toml(const std::filesystem::path& file) { return parse_toml(read_text(file), file.string()); }

scenario::Study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  Node document = read_toml(file);
  std::vector<Problem> problems;
  for (const std::string& change : overrides) {
    const auto [key, value] = parse_override(change);
    for (Problem& problem : apply_override(document, key, value)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  const std::optional<Node> parameters = parameter_file(document, file);
  return build_study(document, parameters ? &*parameters : nullptr);
}

}  // namespace hindlimb::io
