// plugins/csv/csv_table.cpp -- a text table, indexed in one streaming pass.
// SPDX-License-Identifier: BSD-3-Clause
#include "csv_table.hpp"

#include <algorithm>
#include <set>

#include <calanque/plugin/sdk.hpp>

#include "ecsv_header.hpp"
#include "records.hpp"
#include "table/dtype.hpp"
#include "values.hpp"

namespace clq::csv {
namespace {

using sdk::fail;

std::string at_line(const table::FileIdentity& file, int64_t line) {
  return file.name + ", line " + std::to_string(line);
}

// Comment lines come first; those of an ECSV header are kept for its parser. Returns the line of names.
std::string_view skip_comments(Records& records, const table::FileIdentity& file, std::vector<HeaderLine>& comments) {
  std::string_view record;
  while (records.next(record)) {
    if (records.line() == 1 && (record.starts_with("\xff\xfe") || record.starts_with("\xfe\xff")))
      fail(CLQ_E_DATA, file.name + ": is UTF-16; write it as UTF-8: iconv -f UTF-16 -t UTF-8");
    if (comments.empty() && records.line() == 1 && record.substr(0, 3) == "\xef\xbb\xbf") record.remove_prefix(3);
    if (record.empty() || record[0] != '#') return record;
    comments.push_back({std::string(record), records.line()});
    if (comments.size() > 100000) break;
  }
  fail(CLQ_E_DATA, file.name + ": has no line of column names");
}

std::vector<std::string> parse_names(const std::vector<FieldText>& fields, const std::string& place) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const FieldText& field : fields) {
    if (!field.quoted && is_number(field.text))
      fail(CLQ_E_DATA, place + ": must hold the column names; '" + table::printable(field.text) + "' is a number");
    std::string name = table::printable(field.text);
    if (name.empty()) name = "column" + std::to_string(names.size() + 1);
    if (!seen.insert(name).second) fail(CLQ_E_DATA, place + ": two columns are named '" + name + "'");
    names.push_back(name);
  }
  const bool other = names.size() == 1 && fields[0].text.find_first_of(";\t") != std::string_view::npos;
  if (other) fail(CLQ_E_DATA, place + ": '" + names[0] + "' has no comma; fields are separated by commas");
  return names;
}

void check_names(const std::vector<std::string>& names, const EcsvHeader& header, const std::string& place) {
  for (size_t i = 0; i < std::max(names.size(), header.columns.size()); ++i)
    if (i >= names.size() || i >= header.columns.size() || names[i] != header.columns[i].name)
      fail(CLQ_E_DATA, place + ": column " + std::to_string(i + 1) + " is '" + (i < names.size() ? names[i] : "") +
                           "' here and '" + (i < header.columns.size() ? header.columns[i].name : "") +
                           "' in the ECSV header");
}

class Indexer {
 public:
  explicit Indexer(const std::string& name) { table_.file = table::inspect(name); }

  CsvTable run() {
    const table::Descriptor bytes(table_.file);
    Records records(bytes, table_.file, 0);
    read_header(records);
    index_rows(records);
    finish_columns();
    return std::move(table_);
  }

 private:
  void read_header(Records& records) {
    std::vector<HeaderLine> comments;
    const std::string_view line = skip_comments(records, table_.file, comments);
    if (is_ecsv(comments)) header_ = parse_ecsv(comments, table_.file.name);
    declared_ = is_ecsv(comments);
    if (declared_) table_.delimiter = header_.delimiter;
    records.set_delimiter(table_.delimiter);
    const std::string place = at_line(table_.file, records.line());
    names_ = parse_names(splitter_.split(line, table_.delimiter, place), place);
    if (declared_) check_names(names_, header_, place);
    guesses_.resize(names_.size());
  }

  struct Place {
    int64_t offset, line;
  };

  void index_rows(Records& records) {
    const int64_t header_line = records.line();
    // The one cell of a row may be empty, and then so is its line; blank-separated tables quote an empty cell.
    if (names_.size() == 1 && table_.delimiter != ' ') records.keep_blank();
    std::string_view record;
    std::vector<Place> blank;  // rows only when a record follows
    int64_t n_blank = 0;
    while (records.next(record)) {
      const Place here{records.offset(), records.line()};
      if (record.empty()) {
        blank.push_back(here);
        continue;
      }
      n_blank += static_cast<int64_t>(blank.size());
      for (const Place& row : blank) add_row({}, row);
      blank.clear();
      add_row(record, here);
    }
    if (n_blank > 0) table_.notes.push_back(std::to_string(n_blank) + " empty lines are rows without a value");
    if (table_.offsets.empty()) table_.first_line = header_line + 1;
    table_.offsets.push_back(static_cast<uint64_t>(records.next_offset()));
  }

  void add_row(std::string_view record, const Place& row) {
    const std::string place = at_line(table_.file, row.line);
    const auto& fields = splitter_.split(record, table_.delimiter, place);
    if (fields.size() != names_.size())
      fail(CLQ_E_DATA, place + ": has " + std::to_string(fields.size()) + " fields, " + std::to_string(names_.size()) +
                           " expected");
    if (table_.offsets.empty()) table_.first_line = row.line;
    table_.regular = table_.first_line + static_cast<int64_t>(table_.offsets.size()) == row.line && table_.regular;
    table_.offsets.push_back(static_cast<uint64_t>(row.offset));
    for (size_t c = 0; c < fields.size(); ++c) guesses_[c].add(fields[c].text, row.line);
  }

  void finish_columns() {
    for (size_t c = 0; c < names_.size(); ++c) {
      const ColumnGuess& guess = guesses_[c];
      table::FieldSpec spec{names_[c], "", guess.dtype(), guess.is_text(), {}};
      if (declared_) {
        spec.unit = header_.columns[c].unit;
        spec.dtype = header_.columns[c].dtype;
        spec.text = header_.columns[c].text;
      }
      if (declared_ && !spec.text) make_room_for_gaps(guess, spec);
      if (spec.text) spec.dims = {guess.width()};
      if (spec.text && !declared_ && !guess.surprise().empty())
        table_.notes.push_back("column " + names_[c] + " is read as text because of " + guess.surprise());
      table_.logical.push_back(declared_ && header_.columns[c].logical);
      const bool declared_real = declared_ && table::is_float(header_.columns[c].dtype);  // whatever its cells hold
      table_.id_flaws.push_back(spec.text || declared_real ? "" : id_flaw(spec.name, guess));
      table_.columns.push_back(spec);
    }
  }

  // As in a table without declared types: a gap is NaN, unless that would change a long integer.
  void make_room_for_gaps(const ColumnGuess& guess, table::FieldSpec& spec) {
    if (guess.gap() == 0 || table::is_float(spec.dtype) || !guess.fits_f64()) return;
    table_.notes.push_back("column " + spec.name + " is declared " + table::dtype_name(spec.dtype) +
                           " and read as F64 because line " + std::to_string(guess.gap()) + " has no value");
    spec.dtype = CLQ_F64;
  }

  std::string id_flaw(const std::string& name, const ColumnGuess& guess) const {
    const std::string column = ": the id column '" + name + "' ";
    const bool fraction_first =
        !declared_ && guess.fraction() > 0 && (guess.gap() == 0 || guess.fraction() < guess.gap());
    if (fraction_first)
      return at_line(table_.file, guess.fraction()) + column + "holds '" + guess.fraction_text() +
             "'; an id is one integer or a text";
    if (guess.gap() == 0) return {};
    return at_line(table_.file, guess.gap()) + column + "has no value; each row needs an id";
  }

  CsvTable table_;
  EcsvHeader header_;
  bool declared_ = false;
  std::vector<std::string> names_;
  std::vector<ColumnGuess> guesses_;
  Splitter splitter_;
};

}  // namespace

std::string CsvTable::locate(int64_t row) const {
  const std::string place = file.name + ", row " + std::to_string(row + 1);
  const bool has_line = regular && row >= 0 && row < INT64_MAX - first_line;
  return has_line ? place + " (line " + std::to_string(first_line + row) + ")" : place;
}

CsvTable open_csv(const std::string& name) { return Indexer(name).run(); }

}  // namespace clq::csv
