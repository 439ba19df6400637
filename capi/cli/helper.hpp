// capi/cli/helper.hpp -- programs that this one starts, found from where it lies itself.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>

namespace clq::cli {

std::filesystem::path program_file();
// `relative` to the folder that bin/clq is in, in a build as in an installation; absent: a Failure.
std::filesystem::path helper_file(const char* relative);

}  // namespace clq::cli
