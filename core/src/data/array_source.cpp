// core/src/data/array_source.cpp -- arrays in the host's memory behind the data-source table.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/array_source.hpp"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

#include <calanque/core/error.hpp>

#include "base/thread_error.hpp"

namespace clq {

struct ArraySource::Arrays {
  struct Array {
    std::string name;
    TensorDesc sample;
    const std::byte* data;
    std::vector<std::byte> copy;  // empty when borrowed
  };
  int64_t n_samples = 0;
  bool opened = false;
  std::vector<Array> fields;
};

namespace {

struct ArrayReader {
  const ArraySource::Arrays* arrays;
};

// What clq_source stands for here.
struct OpenArrays {
  std::shared_ptr<ArraySource::Arrays> arrays;
  std::vector<clq_field> fields;
  int64_t id = -1;  // the field of the ids
};

OpenArrays& of(clq_source* source) { return *reinterpret_cast<OpenArrays*>(source); }

// The only place where errors of this table become status codes.
template <class Body>
clq_status guarded(Body&& body) noexcept {
  try {
    body();
    return CLQ_OK;
  } catch (const Error& error) {
    set_thread_error(error.what());
    return error.status();
  } catch (const std::exception& error) {
    set_thread_error(error.what());
    return CLQ_E_INTERNAL;
  }
}

uint32_t CLQ_CALL probe(const char*) { return 0; }  // opened by ArraySource only

clq_status CLQ_CALL open(const char* uri, const char*, clq_source**) {
  return guarded([&] { fail(CLQ_E_UNSUPPORTED, "{}: arrays in memory have no address to open", uri); });
}

void CLQ_CALL close(clq_source* source) { delete reinterpret_cast<OpenArrays*>(source); }

clq_status CLQ_CALL describe(clq_source* source, clq_source_info* out) {
  const uint32_t size = out->struct_size;
  *out = {};
  out->struct_size = size;
  out->flags = CLQ_SRC_RANDOM_ACCESS;
  out->n_samples = of(source).arrays->n_samples;
  out->block = 1;
  out->fields = of(source).fields.data();
  out->n_fields = static_cast<uint32_t>(of(source).fields.size());
  return CLQ_OK;
}

clq_status CLQ_CALL ids(clq_source* source, int64_t first, int64_t n, uint64_t* out) {
  return guarded([&] {
    const OpenArrays& self = of(source);
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint64_t>(first + i);
    if (self.id < 0) return;
    const auto& field = self.arrays->fields[static_cast<size_t>(self.id)];
    const int64_t bytes = dtype_bytes(field.sample.dtype);
    for (int64_t i = 0; i < n; ++i) {
      const std::byte* value = field.data + (first + i) * bytes;
      const DType wide = field.sample.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64;  // a negative id keeps its bits
      convert(value, field.sample.dtype, out + i, wide, 1);
    }
  });
}

clq_status CLQ_CALL fingerprint(clq_source* source, uint8_t* out32) {
  return guarded([&] {
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash(XXH3_createState(), XXH3_freeState);
    if (hash == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(hash.get());
    const auto add = [&](const void* data, int64_t bytes) {
      XXH3_128bits_update(hash.get(), data, static_cast<size_t>(bytes));
    };
    const ArraySource::Arrays& arrays = *of(source).arrays;
    add(&arrays.n_samples, sizeof(arrays.n_samples));
    for (const auto& field : arrays.fields) {
      add(field.name.c_str(), static_cast<int64_t>(field.name.size()) + 1);
      const std::string shape = fmt::format("{}{}", dtype_name(field.sample.dtype), to_string(field.sample.dims));
      add(shape.c_str(), static_cast<int64_t>(shape.size()) + 1);
      add(field.data, arrays.n_samples * field.sample.bytes());
    }
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(hash.get()));
    std::memset(out32, 0, 32);
    std::memcpy(out32, digest.digest, sizeof(digest.digest));
  });
}

clq_status CLQ_CALL locate(clq_source*, int64_t sample, char* text, int64_t capacity) {
  if (capacity <= 0) return CLQ_E_INVALID;
  const auto end = fmt::format_to_n(text, static_cast<size_t>(capacity - 1), "arrays in memory, row {}", sample).out;
  *end = 0;
  return CLQ_OK;
}

clq_status CLQ_CALL reader_open(clq_source* source, const clq_reader_config*, clq_reader** out) {
  return guarded([&] { *out = reinterpret_cast<clq_reader*>(new ArrayReader{of(source).arrays.get()}); });
}

void read_one(const ArraySource::Arrays& arrays, const clq_slot& slot, int64_t sample, int64_t row) {
  CLQ_REQUIRE(slot.field < arrays.fields.size(), "field {} of {}", slot.field, arrays.fields.size());
  CLQ_REQUIRE(sample >= 0 && sample < arrays.n_samples, "row {} is not in 0..{}", sample, arrays.n_samples - 1);
  const auto& field = arrays.fields[slot.field];
  const bool same =
      std::equal(field.sample.dims.begin(), field.sample.dims.end(), slot.want.dims, slot.want.dims + slot.want.rank);
  if (!same) fail(CLQ_E_UNSUPPORTED, "{}: arrays are not cropped or padded", field.name);
  auto* dst = static_cast<std::byte*>(slot.data) + row * slot.sample_stride;
  try {
    convert(field.data + sample * field.sample.bytes(), field.sample.dtype, dst, slot.want.dtype, field.sample.count());
  } catch (const Error& error) {
    fail(CLQ_E_DATA, "arrays in memory, row {}: {}: {}", sample, field.name, error.what());
  }
}

clq_status CLQ_CALL read(clq_reader* reader, clq_read* io) {
  io->n_done = 0;
  return guarded([&] {
    const ArraySource::Arrays& arrays = *reinterpret_cast<ArrayReader*>(reader)->arrays;
    if (io->indices == nullptr) fail(CLQ_E_UNSUPPORTED, "arrays in memory are read by row");
    for (; io->n_done < io->n_samples; ++io->n_done)
      for (uint32_t s = 0; s < io->n_slots; ++s) read_one(arrays, io->slots[s], io->indices[io->n_done], io->n_done);
  });
}

void CLQ_CALL reader_close(clq_reader* reader) { delete reinterpret_cast<ArrayReader*>(reader); }

constexpr clq_data_source_api kTable = {CLQ_TABLE(clq_data_source_api),
                                        "memory",
                                        probe,
                                        open,
                                        close,
                                        describe,
                                        ids,
                                        fingerprint,
                                        locate,
                                        reader_open,
                                        read,
                                        reader_close};

}  // namespace

ArraySource::ArraySource(int64_t n_samples) : arrays_(std::make_shared<Arrays>()) {
  CLQ_REQUIRE(n_samples >= 0, "a source of {} rows", n_samples);
  arrays_->n_samples = n_samples;
}

void ArraySource::add(const std::string& field, const void* data, const TensorDesc& sample, bool borrow) {
  CLQ_REQUIRE(!arrays_->opened, "{}: fields cannot be added once the source is in use", field);
  CLQ_REQUIRE(!field.empty(), "a field needs a name");
  CLQ_REQUIRE(sample.dims.size() <= CLQ_MAX_RANK, "{}: shape {} has too many dimensions", field,
              to_string(sample.dims));
  for (const auto& known : arrays_->fields) CLQ_REQUIRE(known.name != field, "{} is there already", field);
  const int64_t bytes = TensorDesc{sample.dtype, {arrays_->n_samples, sample.count()}}.bytes();
  CLQ_REQUIRE(data != nullptr || bytes == 0, "{}: the data are NULL", field);
  const auto* first = static_cast<const std::byte*>(data);
  Arrays::Array array{field, sample, first, {}};
  if (!borrow && bytes > 0) array.copy.assign(first, first + bytes);
  arrays_->fields.push_back(std::move(array));
  if (!borrow) arrays_->fields.back().data = arrays_->fields.back().copy.data();
}

bool ArraySource::has(const std::string& field) const {
  return std::any_of(arrays_->fields.begin(), arrays_->fields.end(),
                     [&](const Arrays::Array& array) { return array.name == field; });
}

std::shared_ptr<DataSource> ArraySource::open(const std::string& id) {
  auto opened = std::make_unique<OpenArrays>();
  opened->arrays = arrays_;
  for (size_t f = 0; f < arrays_->fields.size(); ++f) {
    const Arrays::Array& field = arrays_->fields[f];
    const bool images = field.name == "images" && field.sample.dims.size() == 3;
    opened->fields.push_back({field.name.c_str(), "", images ? "cyx" : "",
                              static_cast<uint32_t>(images ? CLQ_ROLE_IMAGE : CLQ_ROLE_OTHER), 0, to_c(field.sample)});
    if (field.name != id) continue;
    CLQ_REQUIRE(!is_float(field.sample.dtype) && field.sample.dims.empty(),
                "{} cannot be the id: it must be one integer a row", id);
    opened->id = static_cast<int64_t>(f);
  }
  CLQ_REQUIRE(id.empty() || opened->id >= 0, "data.id: there is no field '{}'", id);
  arrays_->opened = true;
  return std::make_shared<DataSource>(kTable, reinterpret_cast<clq_source*>(opened.release()), "arrays in memory");
}

}  // namespace clq
