// core/src/base/crc32c.hpp -- the CRC-32C (Castagnoli) of some bytes, as in RFC 3720.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace clq {

uint32_t crc32c(std::string_view bytes) noexcept;

}  // namespace clq
