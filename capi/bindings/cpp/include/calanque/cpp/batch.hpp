// calanque/cpp/batch.hpp -- named arrays in and out of one prediction, and whole sources.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

#include "model.hpp"

namespace calanque {

// n samples of named inputs; to be used again. One thread a batch.
class Batch {
 public:
  Batch(const Model& model, int64_t n)
      : handle_(detail::made([&](clq_handle* out) { return clq_batch_create(model.handle(), n, out); })), n_(n) {}

  // dims are [n, ...]; {}: those of one number a sample.
  template <class Array>
  void set(std::string_view name, const Array& data, const Dims& dims = {}) {
    const std::string input = detail::c_text(name);
    const Dims shape = dims.empty() ? Dims{n_} : dims;
    detail::require_elements(input, detail::elements(shape), detail::count_in(data));
    detail::check(clq_batch_set(handle(), input.c_str(), std::data(data), detail::dtype_in<const Array>(),
                                static_cast<int32_t>(shape.size()), shape.data()));
  }
  std::string describe() const {  // how each array was understood
    return detail::text_of([&](char* t, int64_t n) { return clq_batch_describe(handle(), t, n); });
  }
  // [n, ...] of "prediction", a column of the task, "FLAG_BAD" or "FLAG_OOD", converted to the array's elements.
  template <class Array>
  void get(std::string_view name, Array&& data) const {
    detail::check(clq_batch_get(handle(), detail::c_text(name).c_str(), std::data(data), detail::dtype_in<Array>(),
                                detail::bytes_in(data)));
  }
  template <class T>
  std::vector<T> get(std::string_view name, int64_t elements_of_one = 1) const {
    std::vector<T> data(static_cast<size_t>(n_ * elements_of_one));
    get(name, data);
    return data;
  }
  // One a sample: 0, or the bits of FLAG_BAD, and that sample has no answer.
  std::vector<int32_t> status() const {
    std::vector<int32_t> out(static_cast<size_t>(n_));
    detail::check(clq_batch_status(handle(), out.data(), n_));
    return out;
  }
  int64_t n() const noexcept { return n_; }
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  Handle<clq_batch_close> handle_;
  int64_t n_;
};

inline void Model::predict(Batch& batch) const { detail::check(clq_predict_batch(handle(), batch.handle())); }

// Several predict their mean.
using Models = std::vector<std::reference_wrapper<const Model>>;

namespace detail {

inline std::vector<clq_handle> handles_of(const Models& models) {
  std::vector<clq_handle> handles;
  for (const Model& model : models) handles.push_back(model.handle());
  return handles;
}

}  // namespace detail

// A whole source into a file, streaming. Any thread.
inline Result predict_to(const Models& models, const Source& source, std::string_view uri, std::string_view options = "") {
  const std::vector<clq_handle> all = detail::handles_of(models);
  const std::string where = detail::c_text(uri), json = detail::c_text(options);
  return Result(detail::made([&](clq_handle* out) {
    return clq_predict_to(all.data(), static_cast<int32_t>(all.size()), source.handle(), where.c_str(),
                          detail::or_null(json), out);
  }));
}

// Scores against the target; uri, where given, gets the table of predictions. Any thread.
inline Result evaluate(const Models& models, const Source& source, std::string_view options = "", std::string_view uri = "") {
  const std::vector<clq_handle> all = detail::handles_of(models);
  const std::string where = detail::c_text(uri), json = detail::c_text(options);
  return Result(detail::made([&](clq_handle* out) {
    return clq_evaluate(all.data(), static_cast<int32_t>(all.size()), source.handle(), detail::or_null(where),
                        detail::or_null(json), out);
  }));
}

}  // namespace calanque
