// plugins/csv/records.cpp -- a text file as records, and a record as fields.
// SPDX-License-Identifier: BSD-3-Clause
#include "records.hpp"

#include <algorithm>

#include <calanque/plugin/sdk.hpp>

namespace clq::csv {
namespace {

constexpr int64_t kBlock = int64_t{1} << 20;

std::string_view trim_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Follows quotes over the lines of one record. A quote opens only where a field begins, as in RFC 4180.
class Quotes {
 public:
  explicit Quotes(char delimiter) : delimiter_(delimiter) {}

  void feed(std::string_view line) {
    if (!open_) begins_ = true;
    for (const char c : line) {
      if (c == '"' && (open_ || begins_)) {
        open_ = !open_;
        begins_ = !open_;  // a doubled quote opens again at once
        continue;
      }
      begins_ = !open_ && (c == delimiter_ || (begins_ && (c == ' ' || c == '\t')));
    }
  }
  bool open() const { return open_; }

 private:
  char delimiter_;
  bool open_ = false, begins_ = true;
};

}  // namespace

std::string_view without_line_end(std::string_view record) {
  const size_t last = record.find_last_not_of("\r\n \t");
  return record.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Records::Records(const table::Descriptor& bytes, const table::FileIdentity& file, int64_t offset)
    : bytes_(bytes), file_(file), read_offset_(offset), offset_(offset) {}

bool Records::refill() {
  const int64_t n = std::min(kBlock, file_.size - read_offset_);
  if (n <= 0) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + static_cast<size_t>(n));
  bytes_.read_at(buffer_.data() + kept, n, read_offset_);
  read_offset_ += n;
  return true;
}

bool Records::next_line(std::string_view& line) {
  size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos) {
    const size_t searched = buffer_.size() - at_;
    if (static_cast<int64_t>(searched) > kLongestRecord)
      sdk::fail(CLQ_E_DATA, file_.name + ", line " + std::to_string(line_ + 1) + ": is longer than " +
                                std::to_string(kLongestRecord) + " bytes");
    if (!refill()) break;
    end = buffer_.find('\n', searched);
  }
  if (end == std::string::npos && at_ == buffer_.size()) return false;
  const size_t stop = std::min(end, buffer_.size());
  line = std::string_view(buffer_).substr(at_, stop - at_);
  offset_ += static_cast<int64_t>(line.size()) + (end == std::string::npos ? 0 : 1);
  at_ = end == std::string::npos ? buffer_.size() : end + 1;
  ++line_;
  return true;
}

bool Records::next(std::string_view& record) {
  record_offset_ = offset_;
  if (!next_line(record)) return false;
  while (!keep_blank_ && without_line_end(record).empty()) {
    record_offset_ = offset_;
    if (!next_line(record)) return false;
  }
  record_line_ = line_;
  if (delimiter_ != '\0' && record.find('"') != std::string_view::npos) join_quoted(record);
  record = without_line_end(record);
  return true;
}

void Records::join_quoted(std::string_view& record) {
  Quotes quotes(delimiter_);
  quotes.feed(record);
  if (!quotes.open()) return;
  joined_ = record;
  while (quotes.open()) {
    std::string_view more;
    if (static_cast<int64_t>(joined_.size()) > kLongestRecord || !next_line(more))
      sdk::fail(CLQ_E_DATA, file_.name + ", line " + std::to_string(record_line_) + ": a quote is not closed");
    quotes.feed(more);
    joined_ += '\n';
    joined_ += more;
  }
  record = joined_;
}

const std::vector<FieldText>& Splitter::split(std::string_view record, char delimiter, const std::string& place) {
  fields_.clear();
  unquoted_.clear();
  unquoted_.reserve(record.size());
  if (delimiter == ' ') record = trim_blanks(record);
  for (size_t at = 0; at <= record.size();) {
    while (at < record.size() && (record[at] == ' ' || record[at] == '\t')) ++at;
    if (at < record.size() && record[at] == '"') {
      at = take_quoted(record, at + 1, delimiter, place);
      continue;
    }
    const size_t end = std::min(record.find(delimiter, at), record.size());
    fields_.push_back({trim_blanks(record.substr(at, end - at)), false});
    at = end + 1;
  }
  return fields_;
}

// `at`: behind the opening quote. Returns where the next field begins.
size_t Splitter::take_quoted(std::string_view record, size_t at, char delimiter, const std::string& place) {
  const size_t first = unquoted_.size();
  for (;; ++at) {
    if (at >= record.size()) sdk::fail(CLQ_E_DATA, place + ": a quote is not closed");
    if (record[at] == '"' && (at + 1 == record.size() || record[at + 1] != '"')) break;
    if (record[at] == '"') ++at;
    unquoted_ += record[at];
  }
  fields_.push_back({std::string_view(unquoted_).substr(first), true});
  const size_t end = std::min(record.find(delimiter, at + 1), record.size());
  if (!trim_blanks(record.substr(at + 1, end - at - 1)).empty())
    sdk::fail(CLQ_E_DATA, place + ": text follows a closing quote; double the quotes inside a field");
  return end + 1;
}

}  // namespace clq::csv
