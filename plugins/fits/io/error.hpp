// plugins/fits/io/error.hpp -- cfitsio's status codes and messages as errors of ours.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <calanque/types.h>

namespace clq::fits {

// Throws when `status` is not 0: `where` ("cat.fits[1], row 12"), the status and the messages cfitsio left, which are
// cleared. cfitsio's stack of messages is shared by all threads, so it is read at once; a neighbour's line may be in
// it.
void require_ok(int status, clq_status kind, const std::string& where);

// The same for a write: CLQ_E_NOSPACE when errno, cleared by the caller before the call, says the disk is full.
void require_written(int status, const std::string& name);

// Starts cfitsio in the calling thread, before any other uses it; throws unless it was built reentrant.
void start_cfitsio();

}  // namespace clq::fits
