// plugins/fits/io/walk.cpp -- the headers of a FITS file, one after the other.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/walk.hpp"

#include <strings.h>

#include "io/tiles.hpp"
#include "table/fields.hpp"

namespace clq::fits {

bool is_named(const Header& header, const HduChoice& choice) {
  if (const auto* number = std::get_if<int64_t>(&choice)) return header.number() == *number;
  const auto* name = std::get_if<std::string>(&choice);
  return name != nullptr && ::strcasecmp(header.note("EXTNAME").c_str(), name->c_str()) == 0;
}

std::string describe(const HduChoice& choice) {
  if (const auto* number = std::get_if<int64_t>(&choice)) return "HDU " + std::to_string(*number);
  const auto* name = std::get_if<std::string>(&choice);
  return name == nullptr ? "HDU" : "HDU '" + table::printable(*name) + "'";
}

std::optional<Header> Walk::next() {
  char head[8];
  if (offset_ + static_cast<int64_t>(sizeof head) > file_.size) return std::nullopt;
  if (number_ > 0) {
    bytes_.read_at(head, sizeof head, offset_);
    if (std::string_view(head, 8) != "XTENSION") return std::nullopt;
  }
  Header header(bytes_, file_, number_++, offset_);
  const bool tiled = header.is_true("ZIMAGE") || header.note("ZIMAGE").substr(0, 1) == "T";  // as cfitsio takes it
  if (header.number() > 0 && tiled) check_structure(header);
  const int64_t records = (header.data_bytes(file_) + kRecordBytes - 1) / kRecordBytes;
  offset_ = header.data_offset() + records * kRecordBytes;
  seen_ += (seen_.empty() ? "" : ", ") + std::to_string(header.number()) + " " +
           (header.number() == 0 ? "primary" : header.note("XTENSION") + " '" + header.note("EXTNAME") + "'");
  return header;
}

}  // namespace clq::fits
