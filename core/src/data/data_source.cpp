// core/src/data/data_source.cpp -- an opened data set and its readers: owners of the C tables.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/data_source.hpp>

#include <algorithm>
#include <cstring>
#include <set>

#include <calanque/core/error.hpp>

#include "base/thread_error.hpp"
#include "config/toml.hpp"

namespace clq {
namespace {

template <class... Args>
void check(clq_status status, fmt::format_string<Args...> doing, Args&&... args) {
  if (status >= CLQ_OK) return;
  const std::string words = take_thread_error();
  if (!words.empty()) throw Error(status, words);
  fail(status, "{} ended with status {} and no words", fmt::format(doing, std::forward<Args>(args)...), status);
}

clq_data_source_api copy_table(const clq_data_source_api& api) {
  clq_data_source_api table{};
  std::memcpy(&table, &api, std::min<size_t>(api.struct_size, sizeof(table)));
  const bool whole =
      table.open && table.close && table.describe && table.reader_open && table.read && table.reader_close;
  if (!whole) fail(CLQ_E_ABI, "a data source's table of {} bytes lacks a function", api.struct_size);
  return table;
}

void require_known(uint32_t set, uint32_t known, std::string_view what, std::string_view sets = "flags") {
  if ((set & ~known) != 0)
    fail(CLQ_E_UNSUPPORTED, "{} sets {} {:#x} that this host does not know", what, sets, set & ~known);
}

// Bytes of another alphabet as they are written in C: "fl\xfcx".
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x80 ? std::string(1, c) : fmt::format("\\x{:02x}", byte);
  }
  return out;
}

// What is said of a column goes into bundles and reports, which are JSON.
std::string required_utf8(const char* text, std::string_view what, uint32_t column, const std::string& uri) {
  const std::string words = text == nullptr ? "" : text;
  if (!is_utf8(words))
    fail(CLQ_E_DATA, "{}: the {} of column {} (the first is 0), '{}', is not UTF-8", uri, what, column, escaped(words));
  return words;
}

Field to_field(const clq_field& in, uint32_t column, const std::string& uri) {
  if (in.name == nullptr || in.name[0] == 0) fail(CLQ_E_ABI, "a field has no name");
  const std::string name = required_utf8(in.name, "name", column, uri);
  if (in.sample.rank < 0 || in.sample.rank > CLQ_MAX_RANK)
    fail(CLQ_E_ABI, "field {} has rank {}", name, in.sample.rank);
  require_known(in.flags, CLQ_FIELD_RAGGED | CLQ_FIELD_TEXT, fmt::format("{}: column {}", uri, name));
  const std::string sample = fmt::format("{}: the sample of column {}", uri, name);
  require_known(in.sample.flags, 0, sample);
  require_known(in.sample.reserved, 0, sample, "reserved members");
  Field field{
      name, required_utf8(in.unit, "unit", column, uri), required_utf8(in.axes, "axes", column, uri), in.role, in.flags,
      {}};
  field.sample = {in.sample.dtype, Shape(in.sample.dims, in.sample.dims + in.sample.rank)};
  dtype_bytes(field.sample.dtype);
  if ((field.flags & CLQ_FIELD_RAGGED) == 0) element_count(field.sample.dims);
  return field;
}

DataSchema to_schema(const clq_source_info& info, const std::string& uri) {
  require_known(info.flags, CLQ_SRC_RANDOM_ACCESS | CLQ_SRC_STREAM, fmt::format("{}: the source", uri));
  if (info.n_samples < 0)
    fail(CLQ_E_UNSUPPORTED, "{}: a stream of unknown length cannot be read; the source must know its rows", uri);
  if (info.n_fields > 0 && info.fields == nullptr) fail(CLQ_E_ABI, "{}: {} fields and no list", uri, info.n_fields);
  DataSchema schema;
  schema.n_samples = info.n_samples;
  schema.block = std::max<int64_t>(info.block, 1);
  schema.random_access = (info.flags & CLQ_SRC_RANDOM_ACCESS) != 0;
  schema.max_readers = schema.random_access ? info.max_readers : 1;  // several would pass over each other's rows
  schema.metadata = Json::object();
  if (info.metadata_json != nullptr && info.metadata_json[0] != 0) {
    schema.metadata = Json::parse(info.metadata_json, nullptr, false);
    if (schema.metadata.is_discarded()) fail(CLQ_E_ABI, "{}: the source's metadata is not JSON", uri);
  }
  std::set<std::string> names;
  for (uint32_t f = 0; f < info.n_fields; ++f) {
    schema.fields.push_back(to_field(info.fields[f], f, uri));
    if (!names.insert(schema.fields.back().name).second)
      fail(CLQ_E_DATA, "{}: two columns are named {}", uri, schema.fields.back().name);
  }
  return schema;
}

}  // namespace

int64_t DataSchema::find(const std::string& name) const {
  for (size_t f = 0; f < fields.size(); ++f)
    if (fields[f].name == name) return static_cast<int64_t>(f);
  return -1;
}

uint32_t DataSchema::require(const std::string& name, const std::string& key) const {
  const int64_t field = find(name);
  if (field >= 0) return static_cast<uint32_t>(field);
  std::vector<std::string> names;
  for (const Field& known : fields) names.push_back(known.name);
  fail(CLQ_E_INVALID, "{}: there is no column '{}'{}", key, name, did_you_mean(name, names));
}

Reader& Reader::operator=(Reader&& other) noexcept {
  std::swap(api_, other.api_);
  std::swap(reader_, other.reader_);
  return *this;
}

Reader::~Reader() {
  if (reader_ != nullptr) api_->reader_close(reader_);
}

clq_status Reader::read(clq_read& io) noexcept { return api_->read(reader_, &io); }

DataSource::DataSource(const clq_data_source_api& api, const std::string& uri, const std::string& options_json)
    : api_(copy_table(api)), uri_(uri) {
  take_thread_error();
  check(api_.open(uri.c_str(), options_json.c_str(), &source_), "opening {}", uri);
  describe();
}

DataSource::DataSource(const clq_data_source_api& api, clq_source* opened, const std::string& uri)
    : api_(copy_table(api)), source_(opened), uri_(uri) {
  describe();
}

void DataSource::describe() {
  if (source_ == nullptr) fail(CLQ_E_ABI, "{}: the source is NULL", uri_);
  try {
    clq_source_info info{};
    info.struct_size = sizeof(info);
    check(api_.describe(source_, &info), "describing {}", uri_);
    schema_ = to_schema(info, uri_);
  } catch (...) {
    api_.close(source_);
    throw;
  }
}

DataSource::~DataSource() { api_.close(source_); }

void DataSource::require_random_access(std::string_view purpose) const {
  if (!schema_.random_access)
    fail(CLQ_E_UNSUPPORTED, "{}: is read in order alone, {} needs a source of random access", uri_, purpose);
}

std::vector<uint64_t> DataSource::ids(int64_t first, int64_t n) const {
  CLQ_REQUIRE(first >= 0 && n >= 0 && first <= schema_.n_samples - n, "rows {}..{} are not in 0..{}", first,
              first + n - 1, schema_.n_samples - 1);
  std::vector<uint64_t> ids(static_cast<size_t>(n));
  if (api_.ids != nullptr) {
    check(api_.ids(source_, first, n, ids.data()), "{}: the ids of rows {}..{}", uri_, first, first + n - 1);
  } else {
    for (int64_t i = 0; i < n; ++i) ids[static_cast<size_t>(i)] = static_cast<uint64_t>(first + i);
  }
  return ids;
}

std::array<uint8_t, 32> DataSource::fingerprint() const {
  std::array<uint8_t, 32> bytes{};
  if (api_.fingerprint != nullptr) check(api_.fingerprint(source_, bytes.data()), "the fingerprint of {}", uri_);
  return bytes;
}

std::string DataSource::locate(int64_t sample) const {
  char text[1024] = "";
  const bool told =
      api_.locate != nullptr && api_.locate(source_, sample, text, sizeof(text)) >= CLQ_OK && text[0] != 0;
  if (!told) take_thread_error();
  text[sizeof(text) - 1] = 0;
  return told ? std::string(text) : fmt::format("{}, row {}", uri_, sample);
}

Reader DataSource::reader(const std::vector<uint32_t>& fields, uint32_t reader, uint32_t n_readers) const {
  clq_reader_config config{};
  config.struct_size = sizeof(config);
  config.n_fields = narrow<uint32_t>(fields.size());
  config.fields = fields.data();
  config.reader = reader;
  config.n_readers = n_readers;
  clq_reader* opened = nullptr;
  check(api_.reader_open(source_, &config, &opened), "{}: opening a reader", uri_);
  if (opened == nullptr) fail(CLQ_E_ABI, "{}: the reader is NULL", uri_);
  return Reader(api_, opened);
}

Tensor DataSource::read_field(uint32_t field, const std::vector<int64_t>& samples, DType dtype) const {
  require_random_access("looking at single rows");
  CLQ_REQUIRE(field < schema_.fields.size(), "field {} of {}", field, schema_.fields.size());
  const TensorDesc sample{dtype, schema_.fields[field].sample.dims};
  TensorDesc desc{dtype, {static_cast<int64_t>(samples.size())}};
  desc.dims.insert(desc.dims.end(), sample.dims.begin(), sample.dims.end());
  Tensor values(desc);
  if (samples.empty()) return values;
  Reader cursor = reader({field});
  const clq_slot slot{values.bytes(), sample.bytes(), desc.bytes(), nullptr, to_c(sample), field, 0};
  clq_read io{};
  io.struct_size = sizeof(io);
  io.n_slots = 1;
  io.indices = samples.data();
  io.slots = &slot;
  io.n_samples = narrow<uint32_t>(samples.size());
  check(cursor.read(io), "{}: reading {}", uri_, schema_.fields[field].name);
  if (io.n_done != io.n_samples) fail(CLQ_E_INTERNAL, "{}: {} of {} rows were read", uri_, io.n_done, io.n_samples);
  return values;
}

}  // namespace clq
