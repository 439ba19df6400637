// plugins/csv/reader.hpp -- one thread's cursor in a text table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/plugin/data_source.h>

#include "csv_table.hpp"
#include "records.hpp"
#include "table/descriptor.hpp"
#include "table/slot.hpp"

namespace clq::csv {

class Reader {
 public:
  Reader(const CsvTable& table, const std::vector<clq_field>& fields, std::vector<uint32_t> wanted);

  // Rows in any order; neighbours in the file come in one call. [one thread per reader]
  clq_status read(clq_read& io);

  void read_ids(int64_t first, int64_t n, size_t column, uint64_t* out);

 private:
  void load(int64_t row, int64_t& n);
  const std::vector<FieldText>& fields_of(int64_t row);
  void store_row(int64_t row, int64_t position);
  bool store(const FieldText& field, size_t column, int32_t dtype, int64_t elements, std::byte* dst) const;
  [[noreturn]] void fail_value(int64_t row, size_t column, const FieldText& field, int32_t dtype) const;

  const CsvTable& table_;
  const std::vector<clq_field>& fields_;
  std::vector<uint32_t> wanted_;
  table::Descriptor bytes_;
  std::vector<table::Target> targets_;
  std::string buffer_;      // about 1 MiB, or one row
  uint64_t buffer_at_ = 0;  // its place in the file
  Splitter splitter_;
};

}  // namespace clq::csv
