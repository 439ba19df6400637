// tests/docs/plugins/examples.hpp -- the plugins of docs/writing-a-plugin.md and the reference, as tests load them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "runtime/registry.hpp"
#include "support/run_graph.hpp"

namespace clq::test {

// Of the plugins' files: the build's, or those of another compiler that CLQ_EXAMPLES names.
inline std::string example_dir() {
  const char* other = std::getenv("CLQ_EXAMPLES");
  return other != nullptr ? other : CLQ_EXAMPLE_DIR;
}

// Loaded once: a plugin serves one registry at a time.
inline const Registry& examples() {
  static const std::unique_ptr<const Registry> loaded = [] {
    auto registry = std::make_unique<Registry>();
    registry->load(CLQ_PLUGIN_DIR "/clq_cpu_ref.so");
    registry->load(example_dir());
    return registry;
  }();
  return *loaded;
}

inline Runner on(const std::string& device, const Graph& graph) {
  return Runner(graph, *examples().device(device).api, 0);
}

template <class Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace clq::test
