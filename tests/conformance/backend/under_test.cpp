// tests/conformance/backend/under_test.cpp -- opening it, and what a refusal must look like.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend/under_test.hpp"

#include <algorithm>

namespace clq::conformance {
namespace {

const clq_backend_api& backend_of(const Subject& subject) {
  const clq_backend_api* api = open_plugin(subject.file).backend;
  if (api == nullptr) throw std::runtime_error(subject.file + ": answers no " CLQ_BACKEND_ID);
  return *api;
}

}  // namespace

UnderTest::UnderTest(const Subject& subject) : session_(backend_of(subject), &team_, "{}", subject.device) {
  clq_device_info info{};
  info.struct_size = sizeof info;
  test::check(api().device_info(subject.device, &info));
  kind_ = info.kind;
}

const clq_backend_api& reference_of(const Subject& subject) {
  const void* api = test::load_plugin(subject.reference).get_factory(CLQ_BACKEND_ID);
  if (api == nullptr) throw std::runtime_error(subject.reference + ": the reference has no backend");
  return *static_cast<const clq_backend_api*>(api);
}

std::string refusal(test::Session& session, const clq_segment& segment, uint32_t op) {
  clq_support support{};
  support.struct_size = sizeof support;
  test::check(session.api.supports(session.backend, &segment, op, &support));
  if (support.score != 0) return "";
  const auto end = std::find(std::begin(support.reason), std::end(support.reason), '\0');
  const std::string reason(support.reason, static_cast<size_t>(end - support.reason));
  return reason.empty() ? std::string(segment.ops[op].name) + ": score 0 and no reason" : reason;
}

std::string refusal(test::Session& session, const clq_segment& segment) {
  for (uint32_t op = 0; op < segment.n_ops; ++op)
    if (std::string reason = refusal(session, segment, op); !reason.empty()) return reason;
  return "";
}

void expect_refused(Findings& findings, const std::string& what, clq_status status,
                    std::initializer_list<clq_status> wanted) {
  const bool right = wanted.size() == 0 ? status < 0 : std::find(wanted.begin(), wanted.end(), status) != wanted.end();
  std::string names;
  for (const clq_status w : wanted) names += fmt::format("{}{}", names.empty() ? "" : " or ", w);
  findings.expect(right, "{}: status {}, {} would be right", what, status, names.empty() ? "an error" : names);
  if (status >= 0) return;
  const std::string& text = test::error_text();
  findings.expect(!text.empty() && text.find('\n') == std::string::npos,
                  "{}: status {} and the text '{}', one line would be right", what, status, text);
  test::clear_error();
}

}  // namespace clq::conformance
