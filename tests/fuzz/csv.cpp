// tests/fuzz/csv.cpp -- a CSV or ECSV table, through the plugin's C tables.
// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz.hpp"
#include "table_case.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const clq::test::Plugin plugin("clq_csv");
  static const clq::fuzz::InputFile input;
  input.fill(data, size);
  for (const char* options : {"{}", R"({"id": "ID"})"}) clq::fuzz::run_table(plugin, input.path(), options, ".ecsv");
  return 0;
}
