// calanque/cpp/model.hpp -- networks with their weights.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "source.hpp"

namespace calanque {

class Batch;

// Any thread may use it, several at once; while a trainer moves it, a call waits for the end of the trainer's.
class Model {
 public:
  // Shapes come from the source.
  Model(const Config& config, const Source& source)
      : Model(detail::made([&](clq_handle* out) { return clq_model_create(config.handle(), source.handle(), out); })) {}
  explicit Model(clq_handle owned) : handle_(owned) {}
  // options: {"device", "threads", "batch", "average", "layers"}, how predictions are computed.
  static Model load(std::string_view path, std::string_view options = "") {
    const std::string file = detail::c_text(path), json = detail::c_text(options);
    return Model(detail::made([&](clq_handle* out) { return clq_model_load(file.c_str(), detail::or_null(json), out); }));
  }
  void fit(const Source& source, const Config& config) {
    detail::check(clq_model_fit(handle(), source.handle(), config.handle()));
  }
  void save(std::string_view path) const { detail::check(clq_model_save(handle(), detail::c_text(path).c_str())); }
  Result check() const {
    return Result(detail::made([&](clq_handle* out) { return clq_model_check(handle(), out); }));
  }
  std::string describe() const {
    return detail::text_of([&](char* t, int64_t n) { return clq_model_describe(handle(), t, n); }, 16384);
  }
  std::string id() const {
    return detail::text_of([&](char* t, int64_t n) { return clq_model_id(handle(), t, n); });
  }
  std::string cards() const {  // of 80 characters each
    return detail::text_of([&](char* t, int64_t n) { return clq_model_cards(handle(), t, n); });
  }
  int64_t n_parameters() const {
    const int64_t n = clq_model_n_parameters(handle());
    detail::check(n < 0 ? static_cast<clq_status>(n) : CLQ_OK);
    return n;
  }
  // The whole state, converted to or from the elements of the array, which has exactly as many.
  template <class Array>
  void get(std::string_view state, Array&& data) const {
    detail::check(clq_model_get(handle(), detail::c_text(state).c_str(), std::data(data), detail::dtype_in<Array>(),
                                detail::bytes_in(data)));
  }
  template <class Array>
  void set(std::string_view state, const Array& data) {
    detail::check(clq_model_set(handle(), detail::c_text(state).c_str(), std::data(data), detail::dtype_in<const Array>(),
                                detail::bytes_in(data)));
  }

  // For one input of floats: [n, ...] in, [n, ...] out; the sizes of a sample follow from n. NaN: no answer.
  template <class In, class Out>
  std::enable_if_t<!std::is_arithmetic_v<std::decay_t<Out>>> predict(const In& input, int64_t n, Out&& output) const {
    static_assert(detail::dtype_in<const In>() == CLQ_F32 && detail::dtype_in<Out>() == CLQ_F32,
                  "predict takes and gives floats; a Batch converts");
    const int64_t in = size_of_one("input", detail::count_in(input), n), out = size_of_one("output", detail::count_in(output), n);
    detail::check(clq_predict(handle(), std::data(input), n, in, std::data(output), out));
  }
  template <class In>
  std::vector<float> predict(const In& input, int64_t n, int64_t output_size = 1) const {
    if (output_size < 1) throw Error(CLQ_E_INVALID, "output_size must be at least 1, got " + std::to_string(output_size));
    std::vector<float> output(static_cast<size_t>(n < 0 ? 0 : n * output_size));
    predict(input, n, output);
    return output;
  }
  void predict(Batch& batch) const;
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  static int64_t size_of_one(const char* what, int64_t elements, int64_t n) {
    if (n < 1 || elements % n != 0)
      throw Error(CLQ_E_INVALID, std::string(what) + ": " + std::to_string(elements) + " elements are not those of " +
                                     std::to_string(n) + " samples");
    return elements / n;
  }
  Handle<clq_model_close> handle_;
};

inline Source Source::for_model(const Model& model, std::string_view uri, std::string_view data) {
  const std::string where = detail::c_text(uri), json = detail::c_text(data);
  return Source([&](clq_handle* out) {
    if (json.empty()) return clq_source_for_model(model.handle(), where.c_str(), out);
    return clq_source_for_model_with(model.handle(), where.c_str(), json.c_str(), out);
  });
}

inline Result Source::look(int64_t sample, std::string_view prefix, const Model* model) const {
  const std::string begin = detail::c_text(prefix);
  const clq_handle seen_by = model == nullptr ? 0 : model->handle();
  return Result(detail::made(
      [&](clq_handle* out) { return clq_source_look(handle(), seen_by, sample, detail::or_null(begin), out); }));
}

}  // namespace calanque
