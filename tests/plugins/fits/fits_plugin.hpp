// tests/plugins/fits/fits_plugin.hpp -- the plugin under test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "table_harness.hpp"

namespace clq::test {

// Loaded once a program.
inline const Plugin& fits() {
  static const Plugin plugin("clq_fits");
  return plugin;
}

}  // namespace clq::test
