// tests/validate/own_code.hpp -- whether a call comes from the code of one file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace clq::validate {

// The file that called_by_own_code() asks about from now on; throws where it is not mapped.
void look_for_code_of(const std::string& file);

// The code nearest to `caller` up this thread's stack is the file's. The C and C++ runtime and this program are passed
// over, for std::string allocates for whoever uses it; a vendor's library is not, for it allocates for itself.
bool called_by_own_code(const void* caller);

}  // namespace clq::validate
