// plugins/fits/io/handle.cpp -- a FITS file opened literally by cfitsio, one handle a thread.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/handle.hpp"

#include <fitsio.h>

#include <calanque/plugin/sdk.hpp>

#include "io/error.hpp"

namespace clq::fits {

void CloseFile::operator()(void* file) const noexcept {
  int status = 0;
  fits_close_file(static_cast<fitsfile*>(file), &status);
}

table::FileIdentity inspect_fits(const std::string& name) {
  table::FileIdentity file = table::inspect(name, "uncompress it, or use fpack");
  if (file.path.size() >= FLEN_FILENAME)
    sdk::fail(CLQ_E_DATA, name + ": the absolute path has " + std::to_string(file.path.size()) +
                              " bytes, cfitsio takes " + std::to_string(FLEN_FILENAME - 1));
  if (file.size == 0) sdk::fail(CLQ_E_DATA, name + ": is empty, not a FITS file");
  if (file.head.substr(0, 6) != "SIMPLE")
    sdk::fail(CLQ_E_DATA, name + ": is not a FITS file; it must begin with SIMPLE");
  if (file.size < 2880)
    sdk::fail(CLQ_E_DATA, name + ": has " + std::to_string(file.size) + " bytes, a FITS file at least 2880");
  return file;
}

File open_literally(const table::FileIdentity& identity) {
  table::require_unchanged(identity);
  int status = 0;
  fitsfile* file = nullptr;
  fits_open_diskfile(&file, identity.path.c_str(), READONLY, &status);
  require_ok(status, CLQ_E_IO, identity.name);
  return File(file);
}

Handle::Handle(const table::FileIdentity& identity, int hdu)
    : place_(identity.name + "[" + std::to_string(hdu) + "]"), file_(open_literally(identity)) {
  int status = 0;
  fits_movabs_hdu(static_cast<fitsfile*>(file_.get()), hdu + 1, nullptr, &status);
  require_ok(status, CLQ_E_DATA, place_);
}

void Handle::read(int64_t row, int64_t first_byte, int64_t n_bytes, std::byte* dst) {
  int status = 0;
  auto* file = static_cast<fitsfile*>(file_.get());
  fits_read_tblbytes(file, row + 1, first_byte + 1, n_bytes, reinterpret_cast<unsigned char*>(dst), &status);
  if (status != 0) require_ok(status, CLQ_E_IO, place_ + ", row " + std::to_string(row + 1));
}

}  // namespace clq::fits
