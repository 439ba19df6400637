// tests/conformance/source/calls.cpp -- statuses and their words.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/calls.hpp"

#include <cctype>

namespace clq::conformance {

bool has_number(std::string text, int64_t number, const std::string& uri) {
  for (size_t at = text.find(uri); at != std::string::npos && !uri.empty(); at = text.find(uri))
    text.erase(at, uri.size());
  const std::string digits = std::to_string(number);
  const auto is_digit = [&](size_t at) {
    return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  for (size_t at = text.find(digits); at != std::string::npos; at = text.find(digits, at + 1))
    if (!is_digit(at + digits.size()) && (at == 0 || !is_digit(at - 1))) return true;
  return false;
}

void require_ok(clq_status status, const std::string& what) {
  if (status < CLQ_OK)
    throw test::CallError(status, fmt::format("{}: status {}: {}", what, status, test::error_text()));
}

void expect_error_naming(Findings& findings, const std::string& what, clq_status status, const std::string& words,
                         std::initializer_list<clq_status> wanted) {
  const std::string text = test::error_text();
  expect_refused(findings, what, status, wanted);
  if (status < CLQ_OK)
    findings.expect(text.find(words) != std::string::npos, "{}: the text '{}' does not name {}", what, text, words);
}

void expect_error_counting(Findings& findings, const std::string& what, clq_status status, int64_t number,
                           const std::string& uri) {
  const std::string text = test::error_text();
  expect_refused(findings, what, status);
  if (status < CLQ_OK)
    findings.expect(has_number(text, number, uri), "{}: the text '{}' does not name {}", what, text, number);
}

void expect_ok_or_told(Findings& findings, const std::string& what, clq_status status) {
  if (status != CLQ_OK) expect_refused(findings, what, status);
}

}  // namespace clq::conformance
