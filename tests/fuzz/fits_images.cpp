// tests/fuzz/fits_images.cpp -- a line with a [data] table in JSON, '@' for the file's path, and a FITS file with
// images.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "fuzz.hpp"
#include "table_case.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const clq::test::Plugin plugin("clq_fits");
  static const clq::fuzz::InputFile input;
  const uint8_t* end = std::find(data, data + size, '\n');
  std::string options;
  for (const char c : std::string(data, end)) {
    if (c == '@')
      options += input.path();
    else
      options += c;
  }
  const uint8_t* file = std::min(end + 1, data + size);
  input.fill(file, static_cast<size_t>(data + size - file));
  clq::fuzz::run_table(plugin, input.path(), options, ".fits");
  return 0;
}
