// core/src/data/computed_targets.cpp -- a source with the targets that data.target computes of its columns.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/computed_targets.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <calanque/core/error.hpp>
#include <calanque/core/tensor.hpp>

#include "base/thread_error.hpp"
#include "config/expression.hpp"
#include "data/glob.hpp"
#include "data/nulls.hpp"

namespace clq {
namespace {

struct Computed {
  std::string name;
  Expression expression;
  std::vector<uint32_t> columns;  // fields of the source, one a name of the expression
};

// What clq_source stands for here.
struct OpenComputed {
  std::shared_ptr<const DataSource> source;
  std::vector<Computed> computed;
  std::vector<double> nulls;
  std::vector<clq_field> fields;
  std::string scheme, metadata;
};

// A slot of the caller's: one that the source fills, or one that is computed of scratch columns.
struct Wanted {
  const Computed* computed = nullptr;  // nullptr: the source's
  size_t first = 0;                    // of its scratch columns
};

struct ComputedReader {
  const OpenComputed* open;
  Reader reader;
  std::vector<Wanted> wanted;
  std::vector<uint32_t> columns;             // of the scratch
  std::vector<std::vector<double>> scratch;  // one a column, a value a row
  std::vector<double> made;
  std::vector<clq_slot> slots;
};

// The caller's slots that the source fills, then the scratch.
void make_slots(ComputedReader& reader, const clq_read& io) {
  CLQ_REQUIRE(io.n_slots == reader.wanted.size(), "{} slots for {} fields", io.n_slots, reader.wanted.size());
  reader.slots.clear();
  for (uint32_t s = 0; s < io.n_slots; ++s)
    if (reader.wanted[s].computed == nullptr) reader.slots.push_back(io.slots[s]);
  for (size_t c = 0; c < reader.columns.size(); ++c) {
    reader.scratch[c].resize(io.n_samples);
    clq_slot slot{};
    slot.data = reader.scratch[c].data();
    slot.sample_stride = sizeof(double);
    slot.bytes = static_cast<int64_t>(io.n_samples * sizeof(double));
    slot.field = reader.columns[c];
    slot.want = to_c({CLQ_F64, reader.open->source->schema().fields[slot.field].sample.dims});  // of one number
    reader.slots.push_back(slot);
  }
}

void compute(ComputedReader& reader, const Wanted& wanted, const clq_slot& slot, size_t n) {
  std::vector<const double*> values;
  for (size_t k = 0; k < wanted.computed->columns.size(); ++k) {
    std::vector<double>& column = reader.scratch[wanted.first + k];
    for (size_t i = 0; i < n; ++i)
      if (is_null(column[i], reader.open->nulls)) column[i] = std::numeric_limits<double>::quiet_NaN();
    values.push_back(column.data());
  }
  reader.made.resize(n);
  wanted.computed->expression.evaluate(values, static_cast<int64_t>(n), reader.made.data());
  auto* dst = static_cast<std::byte*>(slot.data);
  for (size_t i = 0; i < n; ++i, dst += slot.sample_stride) convert(&reader.made[i], CLQ_F64, dst, slot.want.dtype, 1);
}

// The table's functions; a name of its own for each would be too many.
struct ComputedTable {
  static OpenComputed& of(clq_source* source) { return *reinterpret_cast<OpenComputed*>(source); }

  // The only place where errors of this table become status codes.
  template <class Body>
  static clq_status guarded(Body&& body) noexcept {
    try {
      return body();
    } catch (const Error& error) {
      set_thread_error(error.what());
      return error.status();
    } catch (const std::exception& error) {
      set_thread_error(error.what());
      return CLQ_E_INTERNAL;
    }
  }

  static uint32_t CLQ_CALL probe(const char*) { return 0; }  // opened by with_computed_targets alone

  static clq_status CLQ_CALL open(const char*, const char*, clq_source**) { return CLQ_E_UNSUPPORTED; }

  static void CLQ_CALL close(clq_source* source) { delete reinterpret_cast<OpenComputed*>(source); }

  static clq_status CLQ_CALL describe(clq_source* source, clq_source_info* out) {
    const OpenComputed& self = of(source);
    const DataSchema& schema = self.source->schema();
    const uint32_t size = out->struct_size;
    *out = {};
    out->struct_size = size;
    out->flags = schema.random_access ? CLQ_SRC_RANDOM_ACCESS : CLQ_SRC_STREAM;
    out->n_samples = schema.n_samples;
    out->block = schema.block;
    out->fields = self.fields.data();
    out->n_fields = static_cast<uint32_t>(self.fields.size());
    out->metadata_json = self.metadata.c_str();
    out->max_readers = schema.max_readers;
    return CLQ_OK;
  }

  static clq_status CLQ_CALL ids(clq_source* source, int64_t first, int64_t n, uint64_t* out) {
    return guarded([&] {
      const std::vector<uint64_t> values = of(source).source->ids(first, n);
      std::copy(values.begin(), values.end(), out);
      return CLQ_OK;
    });
  }

  static clq_status CLQ_CALL fingerprint(clq_source* source, uint8_t* out32) {
    return guarded([&] {
      const auto bytes = of(source).source->fingerprint();
      std::copy(bytes.begin(), bytes.end(), out32);
      return CLQ_OK;
    });
  }

  static clq_status CLQ_CALL locate(clq_source* source, int64_t sample, char* text, int64_t capacity) {
    return guarded([&] {
      if (capacity <= 0) return CLQ_E_INVALID;
      const std::string words = of(source).source->locate(sample);
      const size_t n = std::min(words.size(), static_cast<size_t>(capacity - 1));
      std::memcpy(text, words.data(), n);
      text[n] = 0;
      return CLQ_OK;
    });
  }

  static clq_status CLQ_CALL reader_open(clq_source* source, const clq_reader_config* config, clq_reader** out) {
    return guarded([&] {
      const OpenComputed& self = of(source);
      const auto given = static_cast<uint32_t>(self.source->schema().fields.size());
      std::vector<Wanted> wanted;
      std::vector<uint32_t> passed, columns;
      for (uint32_t i = 0; i < config->n_fields; ++i) {
        const uint32_t field = config->fields[i];
        wanted.emplace_back();
        if (field < given) {
          passed.push_back(field);
          continue;
        }
        wanted.back() = {&self.computed.at(field - given), columns.size()};
        columns.insert(columns.end(), wanted.back().computed->columns.begin(), wanted.back().computed->columns.end());
      }
      passed.insert(passed.end(), columns.begin(), columns.end());
      Reader reader = self.source->reader(passed, config->reader, config->n_readers);
      const size_t n = columns.size();
      *out = reinterpret_cast<clq_reader*>(new ComputedReader{&self,
                                                              std::move(reader),
                                                              std::move(wanted),
                                                              std::move(columns),
                                                              std::vector<std::vector<double>>(n),
                                                              {},
                                                              {}});
      return CLQ_OK;
    });
  }

  static clq_status CLQ_CALL read(clq_reader* handle, clq_read* io) {
    io->n_done = 0;
    return guarded([&] {
      auto& reader = *reinterpret_cast<ComputedReader*>(handle);
      make_slots(reader, *io);
      clq_read inner = *io;
      inner.slots = reader.slots.data();
      inner.n_slots = static_cast<uint32_t>(reader.slots.size());
      const clq_status status = reader.reader.read(inner);
      io->n_done = inner.n_done;
      for (uint32_t s = 0; s < io->n_slots; ++s)
        if (reader.wanted[s].computed != nullptr)
          compute(reader, reader.wanted[s], io->slots[s], std::min(io->n_done, io->n_samples));
      return status;
    });
  }

  static void CLQ_CALL reader_close(clq_reader* reader) { delete reinterpret_cast<ComputedReader*>(reader); }
};

clq_data_source_api computed_table(const char* scheme) {
  clq_data_source_api api{};
  api.struct_size = sizeof(api);
  api.scheme = scheme;
  api.probe = ComputedTable::probe;
  api.open = ComputedTable::open;
  api.close = ComputedTable::close;
  api.describe = ComputedTable::describe;
  api.ids = ComputedTable::ids;
  api.fingerprint = ComputedTable::fingerprint;
  api.locate = ComputedTable::locate;
  api.reader_open = ComputedTable::reader_open;
  api.read = ComputedTable::read;
  api.reader_close = ComputedTable::reader_close;
  return api;
}

// The column that an expression names; CLQ_NONE where there is none and that is none of its business.
uint32_t column_of(const std::string& name, const std::string& key, const DataSchema& schema, bool all) {
  if (!all && schema.find(name) < 0) return CLQ_NONE;
  const uint32_t f = schema.require(name, key);
  const Field& field = schema.fields[f];
  CLQ_REQUIRE((field.flags & (CLQ_FIELD_TEXT | CLQ_FIELD_RAGGED)) == 0, "{}: {} is no column of numbers", key, name);
  CLQ_REQUIRE(field.sample.count() == 1, "{}: {} has {} values a row, one is needed", key, name, field.sample.count());
  return f;
}

std::vector<Computed> computed_of(const Config& data, const DataSchema& schema, bool all) {
  std::vector<Computed> list;
  const Config table = data.child("target");
  for (const auto& [name, text] : table.json().items()) {
    const std::string key = fmt::format("data.target.{}", name);
    CLQ_REQUIRE(!name.empty() && !is_glob(name), "data.target: '{}' cannot be the name of a target", name);
    CLQ_REQUIRE(schema.find(name) < 0, "{}: {} is a column already", key, name);
    Computed computed{name, Expression::parse(table.require<std::string>(name), key), {}};
    for (const std::string& column : computed.expression.names())
      computed.columns.push_back(column_of(column, key, schema, all));
    CLQ_REQUIRE(!computed.columns.empty(), "{}: names no column: {}", key, table.require<std::string>(name));
    const auto& columns = computed.columns;
    if (std::find(columns.begin(), columns.end(), CLQ_NONE) == columns.end()) list.push_back(std::move(computed));
  }
  return list;
}

}  // namespace

std::shared_ptr<DataSource> with_computed_targets(std::shared_ptr<const DataSource> source, const Config& data,
                                                  bool all) {
  if (!data.has("target") || !data.json().at("target").is_object()) return nullptr;
  auto open = std::make_unique<OpenComputed>();
  const DataSchema& schema = source->schema();
  open->computed = computed_of(data, schema, all);
  open->nulls = data.get("null", std::vector<double>{});
  open->metadata = schema.metadata.dump();
  open->scheme = source->scheme();  // of who reads it, as a run says
  for (const Field& field : schema.fields) {
    clq_field out{field.name.c_str(), field.unit.c_str(), field.axes.c_str(), field.role, field.flags, {}};
    out.sample = to_c(field.sample);
    open->fields.push_back(out);
  }
  for (const Computed& computed : open->computed)
    open->fields.push_back({computed.name.c_str(), "", "", CLQ_ROLE_OTHER, 0, to_c({CLQ_F64, {}})});
  const std::string uri = source->uri();
  open->source = std::move(source);
  const clq_data_source_api table = computed_table(open->scheme.c_str());
  return std::make_shared<DataSource>(table, reinterpret_cast<clq_source*>(open.release()), uri);
}

std::shared_ptr<DataSource> with_computed_targets(const DataSource& source, const Config& data, bool all) {
  return with_computed_targets({std::shared_ptr<const DataSource>(), &source}, data, all);
}

}  // namespace clq
