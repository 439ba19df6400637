// plugins/fits/io/handle.hpp -- a FITS file opened literally by cfitsio, one handle a thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "table/file_identity.hpp"

namespace clq::fits {

// A fitsfile*, which cfitsio does not let one declare ahead.
struct CloseFile {
  void operator()(void* file) const noexcept;
};
using File = std::unique_ptr<void, CloseFile>;

// Looks at `name` and refuses what cfitsio must not see: names that are too long, compressed files, files without
// SIMPLE.
table::FileIdentity inspect_fits(const std::string& name);

// The file itself under its literal name: fits_open_file would run filters, fetch URLs and write files that a name can
// ask for. Throws CLQ_E_IO when it is not what `identity` says.
File open_literally(const table::FileIdentity& identity);

// One reader's cursor in one table. Its header must have passed open_table.
class Handle {
 public:
  // Throws CLQ_E_IO when the file is not what `identity` says.
  Handle(const table::FileIdentity& identity, int hdu);

  // n_bytes from first_byte of `row` (from 0) on; may run over the following rows. [one thread per handle]
  void read(int64_t row, int64_t first_byte, int64_t n_bytes, std::byte* dst);

 private:
  std::string place_;
  File file_;
};

}  // namespace clq::fits
