#include "hindlimb/core/csv.hpp"

#include <algorithm>
#include <cassert>

#include "hindlimb/core/errors.hpp"

namespace hindlimb {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  /// The next row that is neither empty nor a comment; no cells at the end.
  CsvRow next() {
    while (!text_.empty() && (text_.front() == '\n' || text_.front() == '\r' || text_.front() == '#')) {
      text_.remove_prefix(text_.front() == '#' ? std::min(text_.find_first_of("\r\n"), text_.size()) : 0);
      skip_line_end();
    }
    CsvRow row{line_, {}};
    if (text_.empty()) return row;
    for (;;) {
      row.cells.push_back(text_.starts_with('"') ? quoted() : plain());
      if (!text_.starts_with(',')) break;
      text_.remove_prefix(1);
    }
    skip_line_end();
    return row;
  }

 private:
  std::string plain() {
    const std::size_t end = std::min(text_.find_first_of(",\r\n"), text_.size());
    std::string cell(text_.substr(0, end));
    text_.remove_prefix(end);
    return cell;
  }

  std::string quoted() {
    const std::size_t first_line = line_;
    text_.remove_prefix(1);
    std::string cell;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (text_.starts_with('"')) {
        cell += '"';
        text_.remove_prefix(1);
      } else {
        return cell;
      }
    }
    throw InputError(name_ + ":" + std::to_string(first_line), "a quote is not closed");
  }

  void skip_line_end() {
    if (text_.starts_with('\r')) text_.remove_prefix(1);
    if (text_.starts_with('\n')) {
      text_.remove_prefix(1);
      ++line_;
    } else if (!text_.empty() && text_.front() != '\r') {
      throw InputError(name_ + ":" + std::to_string(line_), "text follows a closing quote");
    }
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t line_ = 1;
};

/// Spreadsheets of many countries separate by semicolons, and write UTF-16 when asked for Unicode.
void require_commas(const CsvRow& header, const std::string& name) {
  const std::string& all = header.cells.front();
  const bool is_tabbed = all.find('\t') != std::string::npos;
  if (header.cells.size() > 1 || (!is_tabbed && all.find(';') == std::string::npos)) return;
  throw InputError({{name + ":" + std::to_string(header.line), "",
                     std::string("columns are separated by ") + (is_tabbed ? "tabs" : "semicolons"),
                     "save the table with commas between columns and points in numbers"}});
}

}  // namespace

CsvTable CsvTable::parse(std::string_view text, const std::string& name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw InputError({{name, "", "is UTF-16", "save it as UTF-8"}});
  CsvTable table;
  table.name_ = name;
  Parser parser(text, name);
  const CsvRow header = parser.next();
  if (header.cells.empty()) throw InputError(name, "is empty");
  require_commas(header, name);
  table.header_ = header.cells;
  for (CsvRow row = parser.next(); !row.cells.empty(); row = parser.next()) {
    if (row.cells.size() != table.header_.size()) {
      throw InputError(table.where(row), "has " + std::to_string(row.cells.size()) + " cells where the header has " +
                                             std::to_string(table.header_.size()));
    }
    table.rows_.push_back(std::move(row));
  }
  return table;
}

const std::string& CsvTable::cell(const CsvRow& row, std::string_view column) const {
  const auto found = std::ranges::find(header_, column);
  assert(found != header_.end());
  return row.cells[static_cast<std::size_t>(found - header_.begin())];
}

std::string CsvTable::where(const CsvRow& row) const { return name_ + ":" + std::to_string(row.line); }

void CsvTable::require(const std::vector<std::string_view>& columns) const {
  std::vector<Problem> problems;
  for (const std::string_view column : columns) {
    if (std::ranges::find(header_, column) == header_.end()) {
      problems.push_back({name_ + ":1", std::string(column), "there is no such column", ""});
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char letter : text) cell += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return cell + '"';
}

}  // namespace hindlimb
