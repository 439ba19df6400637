// capi/src/source.cpp -- sources of samples: files, and arrays of the host.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/calanque.h>

#include "boxes.hpp"
#include "config/toml.hpp"
#include "context.hpp"
#include "data/sampler.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "train/write_source.hpp"

namespace clq::capi {

SourceBox::SourceBox(int64_t n_samples)
    : arrays_(std::make_unique<ArraySource>(n_samples)), n_arrays_samples_(n_samples) {}

void SourceBox::add(const std::string& field, const void* data, const TensorDesc& sample, bool borrow) {
  const std::lock_guard lock(mutex_);
  CLQ_REQUIRE(arrays_ != nullptr, "field '{}': only a source made by clq_source_create takes arrays", field);
  CLQ_REQUIRE(opened_.empty(), "field '{}': the source is in use already, add its fields first", field);
  arrays_->add(field, data, sample, borrow);
}

std::shared_ptr<DataSource> SourceBox::open(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (source_ != nullptr) return source_;
  const auto at = opened_.find(id);
  return at != opened_.end() ? at->second : opened_.emplace(id, arrays_->open(id)).first->second;
}

std::shared_ptr<DataSource> SourceBox::open_for(const Model& model) {
  std::unique_lock lock(mutex_);
  const bool known = arrays_ != nullptr && arrays_->has(model.layout.id);
  lock.unlock();
  return open(known ? model.layout.id : "");
}

int64_t SourceBox::count() const {
  const std::lock_guard lock(mutex_);
  return source_ == nullptr ? n_arrays_samples_ : source_->schema().n_samples;
}

std::shared_ptr<DataSource> open_source(const std::string& uri, const Json& data) {
  CLQ_REQUIRE(!uri.empty(), "data.catalog: the name of the data is empty");
  CLQ_REQUIRE(is_utf8(uri), "{}: the name must be UTF-8", uri);  // plugins get it, and hosts see it, in JSON
  return std::make_shared<DataSource>(registry().source_for(uri), uri, data.dump());
}

namespace {

Json describe(const DataSource& source) {
  const DataSchema& schema = source.schema();
  Json fields = Json::array();
  for (const Field& field : schema.fields)
    fields.push_back({{"name", field.name},
                      {"unit", field.unit},
                      {"axes", field.axes},
                      {"role", field.role},
                      {"text", (field.flags & CLQ_FIELD_TEXT) != 0},
                      {"dtype", dtype_name(field.sample.dtype)},
                      {"shape", field.sample.dims}});
  std::string fingerprint;
  for (const uint8_t byte : source.fingerprint()) fingerprint += fmt::format("{:02x}", byte);
  return {{"uri", source.uri()},
          {"n_samples", schema.n_samples},
          {"fields", fields},
          {"metadata", schema.metadata},
          {"fingerprint", fingerprint}};
}

// What a prediction asks of a source: its own zero points, to be compared, and a row for an object without a band.
Json data_of(const Model& model) {
  Json data = model.data.json();
  if (model.layout.image_shape().bands == 0) return data;
  data.erase("zeropoint");
  data["on_missing_band"] = "mask";
  return data;
}

TensorDesc sample_desc(const char* field, int32_t dtype, int32_t rank, const int64_t* dims) {
  dtype_bytes(dtype);
  CLQ_REQUIRE(rank >= 0 && rank <= CLQ_MAX_RANK, "field '{}': rank must be from 0 to {}, got {}", field, CLQ_MAX_RANK,
              rank);
  CLQ_REQUIRE(rank == 0 || dims != nullptr, "field '{}': dims must not be NULL", field);
  TensorDesc desc{dtype, Shape(dims, dims + rank)};
  for (const int64_t dim : desc.dims)
    CLQ_REQUIRE(dim >= 1, "field '{}': dims must be positive, got {}", field, to_string(desc.dims));
  element_count(desc.dims);
  return desc;
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_source_open(const char* uri, const char* options_json, clq_handle* source) {
  return guard([&] {
    required(source, "source");
    RunFile file;  // the options are a [data] table
    file.add_defaults({{"data", parse_options(options_json).json()}}, "options");
    *source =
        add_handle(std::make_shared<SourceBox>(open_source(required_text(uri, "uri"), file.section("data").json())));
  });
}

clq_status clq_source_from_config(clq_handle config, clq_handle* source) {
  return guard([&] {
    required(source, "source");
    const Config data = get_handle<ConfigBox>(config)->file().section("data");
    *source = add_handle(std::make_shared<SourceBox>(open_source(data.require<std::string>("catalog"), data.json())));
  });
}

clq_status clq_source_for_model(clq_handle model, const char* uri, clq_handle* source) {
  return clq_source_for_model_with(model, uri, nullptr, source);
}

clq_status clq_source_for_model_with(clq_handle model, const char* uri, const char* data_json, clq_handle* source) {
  return guard([&] {
    required(source, "source");
    const std::string where = required_text(uri, "uri");
    Json data = data_of(*get_handle<ModelBox>(model)->snapshot());
    const Config given = parse_options(data_json);
    for (const auto& [key, value] : given.json().items()) data[key] = value;
    data["catalog"] = where;
    RunFile file;  // knows the keys
    file.add_defaults({{"data", data}}, "data_json");
    *source = add_handle(std::make_shared<SourceBox>(open_source(where, file.section("data").json())));
  });
}

clq_status clq_source_create(int64_t n_samples, clq_handle* source) {
  return guard([&] {
    required(source, "source");
    CLQ_REQUIRE(n_samples >= 1, "n_samples must be at least 1, got {}", n_samples);
    *source = add_handle(std::make_shared<SourceBox>(n_samples));
  });
}

clq_status clq_source_add(clq_handle source, const char* field, const void* data, int32_t dtype, int32_t rank,
                          const int64_t* dims, int32_t borrow) {
  return guard([&] {
    const auto box = get_handle<SourceBox>(source);
    const std::string name = required_text(field, "field");
    CLQ_REQUIRE(!name.empty(), "field must have a name");
    CLQ_REQUIRE(data != nullptr, "field '{}': data must not be NULL", name);
    box->add(name, data, sample_desc(field, dtype, rank, dims), borrow != 0);
  });
}

clq_status clq_source_count(clq_handle source, int64_t* n_samples) {
  return guard([&] { required(n_samples, "n_samples") = get_handle<SourceBox>(source)->count(); });
}

int64_t clq_source_describe(clq_handle source, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] { return describe(*get_handle<SourceBox>(source)->open()).dump(); });
}

int64_t clq_source_locate(clq_handle source, int64_t sample, char* text, int64_t capacity) {
  return guard_text(text, capacity, [&] {
    const auto opened = get_handle<SourceBox>(source)->open();
    const int64_t n = opened->schema().n_samples;
    CLQ_REQUIRE(sample >= 0 && sample < n, "sample must be from 0 to {}, got {}", n - 1, sample);
    return opened->locate(sample);
  });
}

clq_status clq_source_dtype(clq_handle source, const char* field, int32_t* dtype) {
  return guard([&] {
    const auto opened = get_handle<SourceBox>(source)->open();
    const DataSchema& schema = opened->schema();
    required(dtype, "dtype") = schema.fields[schema.require(required_text(field, "field"), "field")].sample.dtype;
  });
}

clq_status clq_source_read(clq_handle source, const int64_t* samples, int64_t n, const char* field, void* data,
                           int64_t bytes) {
  return guard([&] {
    const auto opened = get_handle<SourceBox>(source)->open();
    CLQ_REQUIRE(n >= 0, "n must not be negative, got {}", n);
    const DataSchema& schema = opened->schema();
    const uint32_t index = schema.require(required_text(field, "field"), "field");
    const TensorDesc& desc = schema.fields[index].sample;
    CLQ_REQUIRE(n <= INT64_MAX / std::max<int64_t>(1, desc.bytes()), "n is too large, got {}", n);
    CLQ_REQUIRE(bytes == n * desc.bytes(), "{} samples of '{}' take {} bytes, got {}", n, field, n * desc.bytes(),
                bytes);
    if (n == 0) return;
    const std::vector<int64_t> rows(&required(samples, "samples"), samples + n);
    for (const int64_t row : rows)
      CLQ_REQUIRE(row >= 0 && row < schema.n_samples, "sample must be from 0 to {}, got {}", schema.n_samples - 1, row);
    required(static_cast<char*>(data), "data");
    const Tensor read = opened->read_field(index, rows, desc.dtype);
    std::memcpy(data, read.bytes(), static_cast<size_t>(bytes));
  });
}

clq_status clq_source_write(clq_handle source, const char* uri, const char* options_json) {
  return guard([&] {
    const auto opened = get_handle<SourceBox>(source)->open();
    const std::string where = required_text(uri, "uri");
    const Config given = parse_options(options_json);
    WriteOptions options;
    options.fields = given.get<std::vector<std::string>>("fields", options.fields);
    options.first = given.get<int64_t>("first", options.first);
    if (given.has("n")) {
      options.n = given.require<int64_t>("n");
      CLQ_REQUIRE(options.n >= 0, "options.n must not be negative, got {}", options.n);
    }
    given.reject_unknown();
    write_source(*opened, where, options, registry());
  });
}

clq_status clq_order_at(uint64_t seed, int64_t epoch, int64_t n, int64_t position, int64_t* sample) {
  return guard([&] {
    required(sample, "sample");
    CLQ_REQUIRE(epoch >= 0, "epoch must not be negative, got {}", epoch);
    CLQ_REQUIRE(n >= 1, "n must be at least 1, got {}", n);
    CLQ_REQUIRE(position >= 0 && position < n, "position must be from 0 to {}, got {}", n - 1, position);
    *sample = order_at(seed, epoch, n, position);
  });
}

void clq_source_close(clq_handle source) {
  guard([&] { take_handle<SourceBox>(source); });
}
