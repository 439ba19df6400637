// core/src/data/array_source.hpp -- arrays in the host's memory behind the data-source table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

#include <calanque/core/data_source.hpp>

namespace clq {

// Fields are added before the source is opened by a trainer or model; afterwards adding is an error. One of rank 3 that
// is called "images" has that role.
class ArraySource {
 public:
  explicit ArraySource(int64_t n_samples);
  void add(const std::string& field, const void* data, const TensorDesc& sample, bool borrow);
  bool has(const std::string& field) const;
  // Shares the arrays. `id`: the integer field whose values are the ids; "": the row numbers.
  std::shared_ptr<DataSource> open(const std::string& id = "");
  struct Arrays;

 private:
  std::shared_ptr<Arrays> arrays_;
};

}  // namespace clq
