// plugins/csv/sink.hpp -- samples of scalar columns into a CSV or ECSV file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <calanque/plugin/data_sink.h>

#include "table/fields.hpp"
#include "table/options.hpp"
#include "table/replacement.hpp"
#include "table/written_rows.hpp"
#include "text_file.hpp"

namespace clq::csv {

class Sink {
 public:
  static const char* suffixes() { return ".csv .ecsv"; }

  // Units, comments and cards go into an ECSV header; a plain CSV has no place for them.
  Sink(const char* uri, const char* options, std::span<const clq_field> fields, int64_t n_samples);

  // Rows in any order, each once: they wait as raw values in a nameless file. [one thread at a time]
  void write(int64_t first, uint32_t n, const clq_slot* slots);
  // Writes the text, fsync, rename; throws unless every row was written.
  void commit();

 private:
  std::string header() const;
  void append_row(const std::byte* row, std::string& text) const;

  std::vector<table::FieldSpec> specs_;
  std::vector<clq_field> fields_;
  table::SinkOptions options_;
  bool ecsv_, committed_ = false;
  int64_t n_samples_, row_bytes_ = 0;
  table::WrittenRows written_;
  std::unique_ptr<table::Replacement> replacement_;
  std::unique_ptr<Spool> spool_;
};

}  // namespace clq::csv
