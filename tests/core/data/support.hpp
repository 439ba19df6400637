// tests/core/data/support.hpp -- sources for the tests of core/data: arrays, and a table that misbehaves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <calanque/core/config.hpp>
#include <calanque/core/data_source.hpp>

#include "base/thread_error.hpp"
#include "data/array_source.hpp"

namespace clq::test {

using Columns = std::vector<std::pair<std::string, std::vector<double>>>;

// F64 scalar columns, copied.
inline std::shared_ptr<DataSource> make_source(const Columns& columns) {
  ArraySource arrays(static_cast<int64_t>(columns.at(0).second.size()));
  for (const auto& [name, values] : columns) arrays.add(name, values.data(), {CLQ_F64, {}}, false);
  return arrays.open();
}

// The words of the error that `body` throws; "" and a failure when it throws none.
template <class Body>
std::string words_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

inline Config config(const std::string& json, const std::string& path = "") { return Config(Json::parse(json), path); }

// A source of scalar columns computed by functions, with a hook before each row.
struct Scripted {
  std::vector<std::string> names = {};
  int64_t n = 0;
  uint32_t max_readers = 0;
  std::function<double(int64_t row, uint32_t field)> value = {};
  std::function<clq_status(int64_t row, const clq_read& io)> before = [](int64_t, const clq_read&) { return CLQ_OK; };
  std::vector<clq_field> fields = {};
  DType dtype = CLQ_F64;  // of every column
  uint32_t flags = CLQ_SRC_RANDOM_ACCESS, field_flags = 0, sample_flags = 0, sample_reserved = 0;
  std::string unit = "", axes = "";
};

struct ScriptedTable {
  static Scripted& of(clq_source* s) { return *reinterpret_cast<Scripted*>(s); }
  static void CLQ_CALL close(clq_source*) {}
  static clq_status CLQ_CALL open(const char*, const char*, clq_source**) { return CLQ_E_UNSUPPORTED; }
  static clq_status CLQ_CALL describe(clq_source* s, clq_source_info* out) {
    Scripted& self = of(s);
    self.fields.clear();
    clq_tensor_desc sample = to_c({self.dtype, {}});
    sample.flags = self.sample_flags;
    sample.reserved = self.sample_reserved;
    for (const std::string& name : self.names)
      self.fields.push_back(
          {name.c_str(), self.unit.c_str(), self.axes.c_str(), CLQ_ROLE_OTHER, self.field_flags, sample});
    *out = {
        sizeof(*out),    self.flags, self.n, 1, self.fields.data(), nullptr, static_cast<uint32_t>(self.fields.size()),
        self.max_readers};
    return CLQ_OK;
  }
  static clq_status CLQ_CALL locate(clq_source*, int64_t sample, char* text, int64_t capacity) {
    *fmt::format_to_n(text, static_cast<size_t>(capacity - 1), "cat.fits[1], row {}", sample).out = 0;
    return CLQ_OK;
  }
  static clq_status CLQ_CALL reader_open(clq_source* s, const clq_reader_config*, clq_reader** out) {
    *out = reinterpret_cast<clq_reader*>(s);
    return CLQ_OK;
  }
  static clq_status CLQ_CALL read(clq_reader* r, clq_read* io) {
    Scripted& self = *reinterpret_cast<Scripted*>(r);
    for (io->n_done = 0; io->n_done < io->n_samples; ++io->n_done) {
      const int64_t row = io->indices[io->n_done];
      if (const clq_status status = self.before(row, *io); status != CLQ_OK) return status;
      for (uint32_t s = 0; s < io->n_slots; ++s) {
        const double value = self.value(row, io->slots[s].field);
        convert(&value, CLQ_F64, static_cast<std::byte*>(io->slots[s].data) + io->n_done * io->slots[s].sample_stride,
                io->slots[s].want.dtype, 1);
      }
    }
    return CLQ_OK;
  }
  static void CLQ_CALL reader_close(clq_reader*) {}
};

inline clq_data_source_api scripted_api() {
  clq_data_source_api api{};
  api.struct_size = sizeof(api);
  api.scheme = "scripted";
  api.open = ScriptedTable::open;
  api.close = ScriptedTable::close;
  api.describe = ScriptedTable::describe;
  api.locate = ScriptedTable::locate;
  api.reader_open = ScriptedTable::reader_open;
  api.read = ScriptedTable::read;
  api.reader_close = ScriptedTable::reader_close;
  return api;
}

// `script` outlives the source.
inline std::shared_ptr<DataSource> open_scripted(Scripted& script) {
  return std::make_shared<DataSource>(scripted_api(), reinterpret_cast<clq_source*>(&script), "scripted:");
}

}  // namespace clq::test
