// tests/conformance/source/opened_source.hpp -- the source of the plugin, opened and described, and its readers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "conformance/source/data_set.hpp"

namespace clq::conformance {

clq_data_source_api source_table(const Subject& subject);

class OpenedSource {
 public:
  OpenedSource(const clq_data_source_api& api, const DataSet& data);
  explicit OpenedSource(const Subject& subject) : OpenedSource(source_table(subject), data_of(subject)) {}
  ~OpenedSource() { api_.close(source_); }
  OpenedSource(const OpenedSource&) = delete;
  OpenedSource& operator=(const OpenedSource&) = delete;

  const clq_data_source_api& api() const { return api_; }
  clq_source* handle() const { return source_; }
  const DataSet& data() const { return data_; }
  const clq_source_info& info() const { return info_; }
  const clq_field& field(uint32_t i) const { return info_.fields[i]; }
  std::vector<uint32_t> fields() const;         // all of them
  int64_t find(const std::string& name) const;  // -1: there is none
  // Throws Unsupported for a stream, and where there is no sample.
  void require_rows() const;

 private:
  clq_data_source_api api_;
  DataSet data_;
  clq_source* source_ = nullptr;
  clq_source_info info_{};
};

// For all of `rows`, which and the slots must outlive it.
clq_read request(std::span<const int64_t> rows, std::span<const clq_slot> slots);

class OpenedReader {
 public:
  OpenedReader(const OpenedSource& source, const std::vector<uint32_t>& fields, uint32_t reader = 0,
               uint32_t n_readers = 1);
  ~OpenedReader() { api_.reader_close(reader_); }
  OpenedReader(const OpenedReader&) = delete;
  OpenedReader& operator=(const OpenedReader&) = delete;
  clq_status read(clq_read& io);                                                  // any status
  void read_all(std::span<const int64_t> rows, std::span<const clq_slot> slots);  // or throws

 private:
  const clq_data_source_api& api_;
  clq_reader* reader_ = nullptr;
};

}  // namespace clq::conformance
