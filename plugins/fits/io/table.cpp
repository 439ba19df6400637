// plugins/fits/io/table.cpp -- a binary table found and checked in a FITS file.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/table.hpp"

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

#include "io/handle.hpp"
#include "io/walk.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

bool is_table(const Header& header) { return header.text("XTENSION") == "BINTABLE" && !header.is_true("ZIMAGE"); }

Header find_header(const table::FileIdentity& file, const HduChoice& choice) {
  const table::Descriptor bytes(file);
  Walk walk(file, bytes);
  while (auto header = walk.next())
    if (choice.index() == 0 ? header->number() > 0 && is_table(*header) : is_named(*header, choice)) return *header;
  fail(CLQ_E_NOT_FOUND, file.name + ": has no " +
                            (choice.index() == 0 ? std::string("binary table") : describe(choice)) + "; it has " +
                            walk.seen());
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
  result.data_offset = header.data_offset();
  result.simulated = header.note("SIMULATD") == "T";
  result.band_cards = parse_band_cards(header);
  take_columns(header, result);
  if (result.file.size % kRecordBytes != 0) result.notes.push_back("the file's size is not a multiple of 2880 bytes");
  return result;
}

}  // namespace clq::fits
