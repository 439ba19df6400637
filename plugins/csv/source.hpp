// plugins/csv/source.hpp -- a text table as a data source: one row a sample, one column a field.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <calanque/plugin/data_source.h>

#include "csv_table.hpp"
#include "reader.hpp"

namespace clq::csv {

class Source {
 public:
  using Reader = csv::Reader;

  static const char* scheme() { return "csv"; }
  static uint32_t probe(const char* uri);

  // Of the options it uses `id`, a column; the host checks the other keys.
  Source(const char* uri, const char* options);

  void describe(clq_source_info& info) const;
  // Integer bits or XXH3-64 of the text; without `id` the row counted from 0. [any-thread]
  void ids(int64_t first, int64_t n, uint64_t* out) const;
  void fingerprint(uint8_t* out32) const;
  std::string locate(int64_t sample) const { return table_.locate(sample); }
  std::unique_ptr<Reader> reader(const clq_reader_config& config) const;

 private:
  size_t find_id(const std::string& id) const;

  CsvTable table_;
  std::vector<clq_field> fields_;
  std::optional<size_t> id_;
  std::string metadata_;
};

}  // namespace clq::csv
