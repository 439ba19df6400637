// plugins/fits/io/table.cpp -- a binary table found and checked in a FITS file.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/table.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

#include "io/handle.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

bool is_table(const Header& header) { return header.text("XTENSION") == "BINTABLE" && !header.is_true("ZIMAGE"); }

bool is_chosen(const Header& header, const HduChoice& choice) {
  if (const auto* number = std::get_if<int64_t>(&choice)) return header.number() == *number;
  if (const auto* name = std::get_if<std::string>(&choice))
    return ::strcasecmp(header.text("EXTNAME").c_str(), name->c_str()) == 0;
  return header.number() > 0 && is_table(header);
}

std::string describe(const HduChoice& choice) {
  if (const auto* number = std::get_if<int64_t>(&choice)) return "HDU " + std::to_string(*number);
  if (const auto* name = std::get_if<std::string>(&choice)) return "HDU '" + table::printable(*name) + "'";
  return "binary table";
}

// Steps from header to header; what follows the last HDU (FITS calls it special records) is left alone.
class Walk {
 public:
  explicit Walk(const table::FileIdentity& file) : file_(file), bytes_(file) {}

  std::optional<Header> next() {
    char head[8];
    if (offset_ + static_cast<int64_t>(sizeof head) > file_.size) return std::nullopt;
    bytes_.read_at(head, sizeof head, offset_);
    if (number_ > 0 && std::string_view(head, 8) != "XTENSION") return std::nullopt;
    Header header(bytes_, file_, number_++, offset_);
    const int64_t records = (header.data_bytes(file_) + kRecordBytes - 1) / kRecordBytes;
    offset_ = header.data_offset() + records * kRecordBytes;
    seen_ += (seen_.empty() ? "" : ", ") + std::to_string(header.number()) + " " +
             (header.number() == 0
                  ? "primary"
                  : table::printable(header.text("XTENSION")) + " '" + table::printable(header.text("EXTNAME")) + "'");
    return header;
  }

  const std::string& seen() const { return seen_; }

 private:
  const table::FileIdentity& file_;
  table::Descriptor bytes_;
  int64_t offset_ = 0;
  int number_ = 0;
  std::string seen_;
};

Header find_header(const table::FileIdentity& file, const HduChoice& choice) {
  Walk walk(file);
  while (auto header = walk.next())
    if (is_chosen(*header, choice)) return *header;
  fail(CLQ_E_NOT_FOUND, file.name + ": has no " + describe(choice) + "; it has " + walk.seen());
}

void check_table(const Header& header) {
  if (header.number() == 0 || header.text("XTENSION") != "BINTABLE")
    fail(CLQ_E_DATA, header.place() + ": is not a binary table");
  if (header.is_true("ZIMAGE")) fail(CLQ_E_DATA, header.place() + ": is a compressed image, not a table");
  if (header.is_true("ZTABLE")) fail(CLQ_E_DATA, header.place() + ": is a compressed table; use funpack");
  if (header.integer("BITPIX") != 8 || header.integer("NAXIS") != 2 || header.integer("GCOUNT") != 1)
    fail(CLQ_E_DATA, header.place() + ": a binary table has BITPIX 8, NAXIS 2 and GCOUNT 1");
  if (header.integer("NAXIS1") < 1)
    fail(CLQ_E_DATA, header.place() + ": NAXIS1 = " + std::to_string(header.integer("NAXIS1")) + ", a row has bytes");
}

void take_columns(const Header& header, Table& result) {
  for (Column& column : parse_columns(header)) {
    if (column.skipped.empty())
      result.columns.push_back(std::move(column));
    else
      result.notes.push_back("column " + column.field.name + " is not read: " + column.skipped);
  }
  if (result.columns.empty()) fail(CLQ_E_DATA, header.place() + ": has no column that can be read");
}

}  // namespace

Table open_table(const std::string& name, const HduChoice& choice) {
  Table result;
  result.file = inspect_fits(name);
  const Header header = find_header(result.file, choice);
  check_table(header);
  result.hdu = header.number();
  result.name = table::printable(header.text("EXTNAME"));
  result.place = header.place();
  result.rows = header.integer("NAXIS2");
  result.row_bytes = header.integer("NAXIS1");
  take_columns(header, result);
  if (result.file.size % kRecordBytes != 0) result.notes.push_back("the file's size is not a multiple of 2880 bytes");
  return result;
}

}  // namespace clq::fits
