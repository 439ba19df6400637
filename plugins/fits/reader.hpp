// plugins/fits/reader.hpp -- one thread's cursor in a binary table and the images of its rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <calanque/plugin/data_source.h>

#include "images/image_reader.hpp"
#include "io/row_reader.hpp"
#include "table/slot.hpp"

namespace clq::fits {

class Reader {
 public:
  // Fields are the table's columns and, where there is a layout, the images behind them.
  Reader(const Table& table, const std::vector<clq_field>& fields, std::vector<uint32_t> wanted, const Layout* layout,
         uint32_t n_readers);

  // Rows in any order; neighbours in the file come in one call. [one thread per reader]
  clq_status read(clq_read& io);

 private:
  void split_targets();
  int64_t convert_run(int64_t position, int64_t n);
  void read_images(clq_read& io, int64_t position, int64_t n);
  [[noreturn]] void fail_row(int64_t sample, int64_t row_in_run, size_t slot) const;

  const Table& table_;
  const std::vector<clq_field>& fields_;
  std::vector<uint32_t> wanted_;
  RowReader rows_;
  std::optional<ImageReader> images_;
  std::vector<table::Target> targets_;  // of columns
  std::vector<table::Target> image_targets_;
  std::vector<Convert> converts_;
  size_t bad_slot_ = 0;  // where convert_run stopped
};

}  // namespace clq::fits
