// tests/conformance/backend/under_test.hpp -- the backend of the plugin, opened, beside cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/backend_host.hpp"
#include "conformance/case.hpp"

namespace clq::conformance {

// A device of the plugin with a team of two threads, and a stream on it.
class UnderTest {
 public:
  explicit UnderTest(const Subject& subject);
  test::Session& session() { return session_; }
  const clq_backend_api& api() const { return session_.api; }
  bool on_cpu() const { return kind_ == CLQ_DEV_CPU; }  // where device memory is the host's

 private:
  test::TestTeam team_{2};
  test::Session session_;
  uint32_t kind_ = 0;
};

const clq_backend_api& reference_of(const Subject& subject);

// Why the backend does not take this op; "": it takes it.
std::string refusal(test::Session& session, const clq_segment& segment, uint32_t op);
// The same of the first op of them all that it does not take.
std::string refusal(test::Session& session, const clq_segment& segment);

// The call failed with one of these (none: with any error) and left one line of text.
void expect_refused(Findings& findings, const std::string& what, clq_status status,
                    std::initializer_list<clq_status> wanted = {});

}  // namespace clq::conformance
