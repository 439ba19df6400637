// calanque/core/data_source.hpp -- an opened data set and its readers: owners of the C tables.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <calanque/core/graph.hpp>
#include <calanque/plugin/data_source.h>

namespace clq {

struct Field {
  std::string name, unit, axes;
  uint32_t role = 0, flags = 0;        // CLQ_ROLE_*, CLQ_FIELD_*
  TensorDesc sample;                   // one sample
};

struct DataSchema {
  std::vector<Field> fields;
  int64_t n_samples = 0;
  int64_t block = 1;                   // neighbours that are cheap together
  uint32_t max_readers = 0;            // 0: any number
  bool random_access = true;           // false: rows in ascending order alone, by one reader
  Json metadata;
  int64_t find(const std::string& name) const;           // -1: none
  uint32_t require(const std::string& name, const std::string& key) const;   // error names the key and the nearest field
};

class Reader {                         // one thread's cursor
 public:
  Reader(const clq_data_source_api& api, clq_reader* reader) : api_(&api), reader_(reader) {}
  Reader(Reader&& other) noexcept : api_(other.api_), reader_(std::exchange(other.reader_, nullptr)) {}
  Reader& operator=(Reader&& other) noexcept;
  ~Reader();
  clq_status read(clq_read& io) noexcept;                // the words are in take_thread_error()

 private:
  const clq_data_source_api* api_;
  clq_reader* reader_;
};

// Read-only and shareable. [any-thread]
class DataSource {
 public:
  // options_json: the resolved [data] table.
  DataSource(const clq_data_source_api& api, const std::string& uri, const std::string& options_json);
  DataSource(const clq_data_source_api& api, clq_source* opened, const std::string& uri);   // takes an opened one
  ~DataSource();
  DataSource(const DataSource&) = delete;
  DataSource& operator=(const DataSource&) = delete;

  const std::string& uri() const { return uri_; }
  std::string scheme() const { return api_.scheme == nullptr ? "" : api_.scheme; }
  const DataSchema& schema() const { return schema_; }
  void require_random_access(std::string_view purpose) const;   // "training": CLQ_E_UNSUPPORTED for a stream
  std::vector<uint64_t> ids(int64_t first, int64_t n) const;
  std::array<uint8_t, 32> fingerprint() const;
  std::string locate(int64_t sample) const;              // "cat.fits[1], row 41233"
  Reader reader(const std::vector<uint32_t>& fields, uint32_t reader = 0, uint32_t n_readers = 1) const;
  // Reads whole samples of one field into dense memory; a convenience for cold code.
  Tensor read_field(uint32_t field, const std::vector<int64_t>& samples, DType dtype) const;

 private:
  void describe();
  clq_data_source_api api_;
  clq_source* source_ = nullptr;
  std::string uri_;
  DataSchema schema_;
};

}  // namespace clq
