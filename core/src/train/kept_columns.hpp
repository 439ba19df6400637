// core/src/train/kept_columns.hpp -- columns of the source that go to the prediction table as they are.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>

namespace clq {

// The fields that output.keep names, globs allowed; images are no columns.
std::vector<size_t> kept_fields(const std::vector<std::string>& keep, const DataSchema& schema);

class KeptColumns {  // [one thread]
 public:
  // id: "" gives row numbers. keep: names or globs.
  KeptColumns(const DataSource& source, const std::string& id, const std::vector<std::string>& keep, int64_t batch);
  const std::vector<Field>& fields() const { return fields_; }  // "ID" first
  Tensor& values(size_t k) { return values_[k]; }               // [batch, ...], row i of the last read
  // Rows that the source cannot give: NaN in float columns, and unreadable()[i] is 1.
  void read(const std::vector<int64_t>& samples);
  const std::vector<uint8_t>& unreadable() const { return unreadable_; }

 private:
  void add(const Field& field, uint32_t index, const std::string& name);
  const DataSource& source_;
  std::vector<Field> fields_;
  std::vector<uint32_t> indices_;  // in the schema; CLQ_NONE: the row number
  std::vector<Tensor> values_;
  std::vector<clq_slot> slots_;
  std::vector<Reader> reader_;       // one, or none when nothing is read
  std::vector<uint8_t> unreadable_;  // one a row of the last read
  int64_t batch_;
};

}  // namespace clq
