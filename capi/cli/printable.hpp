// capi/cli/printable.hpp -- text from files and plugins, for a terminal that obeys control characters.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace clq::cli {

// One line of UTF-8: control characters as \x1b, bytes that are no UTF-8 likewise.
std::string printable(std::string_view text);

}  // namespace clq::cli
