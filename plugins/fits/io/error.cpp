// plugins/fits/io/error.cpp -- cfitsio's status codes and messages as errors of ours.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/error.hpp"

#include <cerrno>

#include <fitsio.h>

#include <calanque/plugin/sdk.hpp>

#include "table/fields.hpp"
#include "table/replacement.hpp"

namespace clq::fits {
namespace {

std::string drain_messages(int status) {
  char text[FLEN_ERRMSG] = {};
  fits_get_errstatus(status, text);
  std::string all = table::printable(text) + " (cfitsio " + std::to_string(status);
  for (int i = 0; i < 8 && fits_read_errmsg(text) != 0; ++i) all += "; " + table::printable(text);
  fits_clear_errmsg();
  return all + ")";
}

}  // namespace

void require_ok(int status, clq_status kind, const std::string& where) {
  if (status != 0) sdk::fail(kind, where + ": " + drain_messages(status));
}

void require_written(int status, const std::string& name) {
  if (status == 0) return;
  const int error_number = errno;
  const std::string words = drain_messages(status);
  if (error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG) table::fail_write(name, error_number);
  sdk::fail(CLQ_E_IO, name + ": cannot be written: " + words);
}

void start_cfitsio() {
  // cfitsio tests its init flag outside its lock, so the first use must not be a race of readers.
  require_ok(fits_init_cfitsio(), CLQ_E_INTERNAL, "cfitsio");
  if (fits_is_reentrant() == 0)
    sdk::fail(CLQ_E_UNSUPPORTED, "cfitsio was built without --enable-reentrant; readers in threads need it");
}

}  // namespace clq::fits
