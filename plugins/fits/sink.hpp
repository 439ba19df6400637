// plugins/fits/sink.hpp -- samples into a new FITS file with one binary table, and tables and cards beside it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <calanque/plugin/data_sink.h>

#include "sink_file.hpp"
#include "table/fields.hpp"
#include "table/replacement.hpp"
#include "table/slot.hpp"
#include "table/written_rows.hpp"

namespace clq::fits {

class Sink {
 public:
  static const char* suffixes() { return ".fits .fit"; }

  // Options as data_sink.h shows them; without `hdu` the table is named PREDICT.
  Sink(const char* uri, const char* options, std::span<const clq_field> fields, int64_t n_samples);

  // Rows in any order, each once. [one thread at a time]
  void write(int64_t first, uint32_t n, const clq_slot* slots);
  // Checksums, close, fsync, rename; throws unless every row was written.
  void commit();

 private:
  void pack_rows(const std::vector<table::Target>& targets, int64_t first, int64_t n);

  std::vector<table::FieldSpec> specs_;
  std::vector<clq_field> fields_;
  int64_t n_samples_, row_bytes_ = 0;
  table::WrittenRows written_;
  std::unique_ptr<table::Replacement> replacement_;
  std::unique_ptr<SinkFile> file_;  // closed before the replacement removes the file
  std::vector<std::byte> rows_;
};

}  // namespace clq::fits
