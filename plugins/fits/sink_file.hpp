// plugins/fits/sink_file.hpp -- the FITS file behind a sink: headers, raw rows, extra tables, checksums.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/handle.hpp"
#include "table/fields.hpp"
#include "table/options.hpp"
#include "table/replacement.hpp"

namespace clq::fits {

class SinkFile {
 public:
  // Fills the temporary file with the whole header of the table, so that no later card moves the data.
  // `size`: file_size(). cfitsio writes when it likes, so a limit on the size of files is held against that.
  SinkFile(const table::Replacement& replacement, const table::SinkOptions& options,
           const std::vector<table::FieldSpec>& fields, int64_t n_rows, int64_t size);

  // Bytes as they stand in the file, from the start of row `first`.
  void write_rows(int64_t first, int64_t n_bytes, const std::byte* bytes);

  // Writes the extra tables and the checksums of every HDU, and closes the file.
  void finish();

 private:
  void create();
  void write_table(const std::string& hdu, const std::vector<table::FieldSpec>& fields, int64_t n_rows);
  void write_notes(const table::SinkOptions& options, const std::vector<table::FieldSpec>& fields);
  void write_card(const table::Card& card);
  void write_extra(const table::ExtraTable& extra);
  void write_checksum(int hdu);

  std::string name_, temporary_;
  std::vector<table::ExtraTable> extras_;
  int64_t size_;
  File file_;
};

}  // namespace clq::fits
