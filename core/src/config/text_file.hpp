// core/src/config/text_file.hpp -- the text of a run file or a model file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace clq {

// what: "a run file", in errors. CLQ_E_NOT_FOUND, CLQ_E_IO, or CLQ_E_INVALID for one of megabytes, which is a mistake.
std::string read_text_file(const std::string& path, const char* what);

}  // namespace clq
