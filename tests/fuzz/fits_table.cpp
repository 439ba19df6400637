// tests/fuzz/fits_table.cpp -- a FITS file as a table, through the plugin's C tables.
// SPDX-License-Identifier: BSD-3-Clause
#include "fuzz.hpp"
#include "table_case.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const clq::test::Plugin plugin("clq_fits");
  static const clq::fuzz::InputFile input;
  input.fill(data, size);
  for (const char* options : {"{}", R"({"hdu": 2, "id": "ID"})"})
    clq::fuzz::run_table(plugin, input.path(), options, ".fits");
  return 0;
}
