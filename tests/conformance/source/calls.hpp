// tests/conformance/source/calls.hpp -- what a call of a source's or a sink's table may answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstring>
#include <string>

#include "conformance/backend/under_test.hpp"

namespace clq::conformance {

// The table as a host takes it: functions that an older edition lacks are NULL.
template <class Api>
Api as_host_takes(const Api* api, const std::string& file, const char* id) {
  if (api == nullptr) throw std::runtime_error(fmt::format("{}: answers no {}", file, id));
  Api table{};
  std::memcpy(&table, api, std::min<size_t>(api->struct_size, sizeof table));
  return table;
}

// Throws test::CallError with what the plugin said.
void require_ok(clq_status status, const std::string& what);

// An error in one line that has `words` in it.
void expect_error_naming(Findings& findings, const std::string& what, clq_status status, const std::string& words,
                         std::initializer_list<clq_status> wanted = {});

// Whether the number stands in the text as one of its own, outside of `uri`.
bool has_number(std::string text, int64_t number, const std::string& uri);

// An error in one line that has this number.
void expect_error_counting(Findings& findings, const std::string& what, clq_status status, int64_t number,
                           const std::string& uri);

// All that a call on odd or damaged data may end with: CLQ_OK, or an error in one line.
void expect_ok_or_told(Findings& findings, const std::string& what, clq_status status);

}  // namespace clq::conformance
