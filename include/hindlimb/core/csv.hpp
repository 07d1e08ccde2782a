#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hindlimb {

struct CsvRow {
  std::size_t line = 0;  ///< of the file, the first being 1
  std::vector<std::string> cells;
};

/// A table with named columns (RFC 4180: quotes around cells, "" for a quote in them; CRLF and BOM are accepted).
/// A line that begins with # is a comment.
class CsvTable {
 public:
  /// @throws InputError with the line: no header, a row of another length, a quote that is not closed
  static CsvTable parse(std::string_view text, const std::string& name);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& header() const { return header_; }
  const std::vector<CsvRow>& rows() const { return rows_; }
  const std::string& cell(const CsvRow& row, std::string_view column) const;
  /// "facts.csv:14"
  std::string where(const CsvRow& row) const;

  /// @throws InputError naming every column that is missing
  void require(const std::vector<std::string_view>& columns) const;

 private:
  std::string name_;
  std::vector<std::string> header_;
  std::vector<CsvRow> rows_;
};

/// A text as a cell of such a table: in quotes where it needs them.
std::string quoted(const std::string& text);

}  // namespace hindlimb
