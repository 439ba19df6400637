// tests/conformance/sink/read_back.hpp -- a written table, read by the plugin's own source.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/sink/opened_sink.hpp"

namespace clq::conformance {

// Throws Unsupported where the plugin has no source.
void expect_same_table(Findings& findings, const Subject& subject, const std::string& uri, const SampleTable& table);

}  // namespace clq::conformance
