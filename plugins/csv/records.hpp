// plugins/csv/records.hpp -- a text file as records, and a record as fields.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "table/descriptor.hpp"

namespace clq::csv {

constexpr int64_t kLongestRecord = int64_t{1} << 20;  // what is longer has lost a quote

// A record without what ends it: line ends, and blanks, which mean nothing there.
std::string_view without_line_end(std::string_view record);

// Streams records: lines, or several when a quoted field holds line ends. Blank lines are passed over unless kept.
class Records {
 public:
  Records(const table::Descriptor& bytes, const table::FileIdentity& file, int64_t offset);

  // Until it is set, quotes mean nothing and each line is a record: a header's comments may hold any quote.
  void set_delimiter(char delimiter) { delimiter_ = delimiter; }
  // From here on a blank line is a record too, an empty one.
  void keep_blank() { keep_blank_ = true; }
  // False at the end. The record, without its line end, stays valid until the next call.
  bool next(std::string_view& record);

  int64_t offset() const { return record_offset_; }  // of the record's first byte
  int64_t line() const { return record_line_; }      // its number in the file, from 1
  int64_t next_offset() const { return offset_; }

 private:
  bool next_line(std::string_view& line);
  void join_quoted(std::string_view& record);
  bool refill();

  const table::Descriptor& bytes_;
  const table::FileIdentity& file_;
  std::string buffer_, joined_;
  size_t at_ = 0;
  int64_t read_offset_, offset_, record_offset_ = 0, line_ = 0, record_line_ = 0;
  char delimiter_ = '\0';
  bool keep_blank_ = false;
};

struct FieldText {
  std::string_view text;  // without quotes; blanks around an unquoted text are removed
  bool quoted = false;
};

// Cuts a record; reuses its memory. Fields of a blank-separated record may be several blanks apart.
class Splitter {
 public:
  // Throws CLQ_E_DATA with `place` when a quote is not closed or text follows it.
  const std::vector<FieldText>& split(std::string_view record, char delimiter, const std::string& place);

 private:
  size_t take_quoted(std::string_view record, size_t at, char delimiter, const std::string& place);

  std::vector<FieldText> fields_;
  std::string unquoted_;  // reserved ahead, so that views into it stay valid
};

}  // namespace clq::csv
