// calanque/cpp/library.hpp -- version, log, plugins, devices, the order of samples. Any thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "error.hpp"

namespace calanque {

inline std::string version() { return clq_version(); }

// 0 off, 1 error ... 4 debug.
inline void log_level(int32_t level) { detail::check(clq_log_level(level)); }

// The oldest line that nobody has taken; nothing: none is waiting.
inline std::optional<std::string> next_log_line() { return detail::next_text(clq_log_next); }

// A file or folder; "": the default places.
inline void load_plugins(std::string_view path = "") {
  const std::string place = detail::c_text(path);
  detail::check(clq_plugins_load(detail::or_null(place)));
}

inline std::string plugins_report() { return detail::text_of(clq_plugins_report, 16384); }

inline std::string plugins_files(std::string_view path = "") {
  const std::string place = detail::c_text(path);
  return detail::text_of([&](char* t, int64_t n) { return clq_plugins_files(detail::or_null(place), t, n); });
}

// Runs the plugin's init once a call, hence the room for its report; in a process of its own where it may crash.
inline std::string probe_plugin(std::string_view path) {
  const std::string file = detail::c_text(path);
  return detail::text_of([&](char* t, int64_t n) { return clq_plugin_probe(file.c_str(), t, n); }, 1 << 20);
}

inline std::string devices_report() { return detail::text_of(clq_devices_report); }

// Which sample comes at this position of the epoch, of n.
inline int64_t order_at(uint64_t seed, int64_t epoch, int64_t n, int64_t position) {
  int64_t sample = 0;
  detail::check(clq_order_at(seed, epoch, n, position, &sample));
  return sample;
}

}  // namespace calanque
