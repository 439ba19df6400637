// calanque/cpp/config.hpp -- the run file, and results as JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "handle.hpp"

namespace calanque {

// A run file (docs/run-file.md). Any thread may use it.
class Config {
 public:
  static Config load(std::string_view toml_path) {
    return Config([&](clq_handle* out) { return clq_config_load(detail::c_text(toml_path).c_str(), out); });
  }
  static Config parse(std::string_view toml_text) {
    return Config([&](clq_handle* out) { return clq_config_parse(detail::c_text(toml_text).c_str(), out); });
  }
  // ("train.epochs", "40"): read as on the command line of clq.
  void set(std::string_view key, std::string_view value) {
    detail::check(clq_config_set(handle(), detail::c_text(key).c_str(), detail::c_text(value).c_str()));
  }
  // CLQ_E_NOT_FOUND where it has no value.
  std::string get(std::string_view key) const {
    const std::string name = detail::c_text(key);
    return detail::text_of([&](char* t, int64_t n) { return clq_config_get(handle(), name.c_str(), t, n); });
  }
  std::string dump(bool with_origin = false) const {
    return detail::text_of([&](char* t, int64_t n) { return clq_config_dump(handle(), with_origin ? 1 : 0, t, n); });
  }
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  template <class Make>
  explicit Config(Make&& make) : handle_(detail::made(make)) {}
  Handle<clq_config_close> handle_;
};

// What an evaluation, a prediction, a scan or a look came to; it does not change. Any thread may read it.
class Result {
 public:
  explicit Result(clq_handle owned) : handle_(owned) {}
  std::string json() const {
    return detail::text_of([&](char* t, int64_t n) { return clq_result_text(handle(), t, n); });
  }
  clq_handle handle() const noexcept { return handle_.get(); }

 private:
  Handle<clq_result_close> handle_;
};

}  // namespace calanque
