// calanque/cpp/source.hpp -- samples in files, or in arrays of the host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "array.hpp"
#include "config.hpp"

namespace calanque {

class Model;

// Any thread may use it, once its fields are added.
class Source {
 public:
  // options: the keys of [data], as a JSON object.
  static Source open(std::string_view uri, std::string_view options = "") {
    const std::string where = detail::c_text(uri), json = detail::c_text(options);
    return Source([&](clq_handle* out) { return clq_source_open(where.c_str(), detail::or_null(json), out); });
  }
  static Source from(const Config& config) {
    return Source([&](clq_handle* out) { return clq_source_from_config(config.handle(), out); });
  }
  // Opened as the model's data were, but for the keys of [data] that are given.
  static Source for_model(const Model& model, std::string_view uri, std::string_view data = "");
  // Arrays in memory: add or borrow the fields next.
  static Source create(int64_t n_samples) {
    return Source([&](clq_handle* out) { return clq_source_create(n_samples, out); });
  }

  // n_samples x dims elements; dims are those of one sample, {} of a number. add copies, borrow does not: the elements
  // must outlive the source and every trainer on it.
  template <class Array>
  void add(std::string_view field, const Array& data, const Dims& dims = {}) {
    put(field, data, dims, 0);
  }
  template <class Array>
  void borrow(std::string_view field, const Array& data, const Dims& dims = {}) {
    put(field, data, dims, 1);
  }
  template <class Array>
  std::enable_if_t<!detail::is_view<Array>> borrow(std::string_view field, const Array&& gone,
                                                   const Dims& dims = {}) = delete;

  int64_t count() const {
    int64_t n = 0;
    detail::check(clq_source_count(handle(), &n));
    return n;
  }
  std::string describe() const {
    return detail::text_of([&](char* t, int64_t n) { return clq_source_describe(handle(), t, n); });
  }
  std::string locate(int64_t sample) const {
    return detail::text_of([&](char* t, int64_t n) { return clq_source_locate(handle(), sample, t, n); });
  }
  // CLQ_F32 and so on, of a field's elements; of a text CLQ_U8.
  int32_t dtype(std::string_view field) const {
    int32_t found = 0;
    detail::check(clq_source_dtype(handle(), detail::c_text(field).c_str(), &found));
    return found;
  }
  // Into an array of the field's own element type, a text into one of char, with room for exactly these samples.
  template <class Array>
  void read(const std::vector<int64_t>& samples, std::string_view field, Array&& data) const {
    const std::string name = detail::c_text(field);
    detail::require_dtype(name, dtype(name), detail::dtype_read<Array>());
    detail::check(clq_source_read(handle(), samples.data(), detail::count_in(samples), name.c_str(), std::data(data),
                                  detail::bytes_in(data)));
  }
  void write(std::string_view uri, std::string_view options = "") const {
    const std::string json = detail::c_text(options);
    detail::check(clq_source_write(handle(), detail::c_text(uri).c_str(), detail::or_null(json)));
  }
  // The first row with this id; rows, where given, is how many have it.
  int64_t find(std::string_view id_column, std::string_view id, int64_t* rows = nullptr) const {
    int64_t sample = 0;
    const clq_status more = detail::check(
        clq_source_find(handle(), detail::c_text(id_column).c_str(), detail::c_text(id).c_str(), &sample));
    if (rows != nullptr) *rows = int64_t{more} + 1;
    return sample;
  }
  Result scan(std::string_view options = "") const {
    const std::string json = detail::c_text(options);
    return Result(detail::made([&](clq_handle* out) { return clq_source_scan(handle(), detail::or_null(json), out); }));
  }
  int64_t scanned() const {  // of a scan that runs in another thread
    int64_t rows = 0;
    detail::check(clq_source_scanned(handle(), &rows));
    return rows;
  }
  Result look(int64_t sample, std::string_view prefix = "", const Model* model = nullptr) const;
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  template <class Make>
  explicit Source(Make&& make) : handle_(detail::made(make)) {}

  template <class Array>
  void put(std::string_view field, const Array& data, const Dims& dims, int32_t borrowed) {
    const std::string name = detail::c_text(field);
    detail::require_elements(name, count() * detail::elements(dims), detail::count_in(data));
    detail::check(clq_source_add(handle(), name.c_str(), std::data(data), detail::dtype_in<const Array>(),
                                 static_cast<int32_t>(dims.size()), dims.data(), borrowed));
  }
  Handle<clq_source_close> handle_;
};

}  // namespace calanque
