// core/src/train/prediction_table.hpp -- a table that is written: its columns, its header, its rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>

#include "runtime/registry.hpp"

namespace clq {

struct TableColumn {
  Field field;  // name, unit, one sample
  std::string ucd, comment;
  const std::byte* data = nullptr;  // row 0 of a batch; stays where it is
  int64_t stride = 0;               // bytes from row to row
};

// Written beside the place and renamed by commit; dropped without it.
class PredictionTable {  // [one thread]
 public:
  // extras: {"tables": [...], "cards": [...], "hdu": "PREDICT"} as in clq_data_sink_api.create.
  PredictionTable(const Registry& registry, const std::string& uri, std::vector<TableColumn> columns, Json extras,
                  int64_t rows);
  ~PredictionTable();
  PredictionTable(const PredictionTable&) = delete;
  PredictionTable& operator=(const PredictionTable&) = delete;
  void write(int64_t first, int64_t n);  // what the columns' addresses hold now
  void commit();

 private:
  void check(clq_status status) const;
  std::vector<TableColumn> columns_;
  clq_data_sink_api api_;
  clq_sink* sink_ = nullptr;
  std::string uri_;
};

}  // namespace clq
