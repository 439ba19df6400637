// core/src/train/safetensors_header.hpp -- the JSON head of a tensor file, shared by its writer and its reader.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include <calanque/core/graph.hpp>

namespace clq {

inline constexpr int64_t kMaxHeaderBytes = 100'000'000;
inline constexpr const char* kChecksums = "xxh3";  // metadata: JSON text, hex XXH3-64 by tensor and of kWholeHeader
inline constexpr const char* kWholeHeader = "@header";  // no tensor's name

const char* safetensors_dtype(DType dtype);             // "F32"
DType dtype_from_safetensors(const std::string& name);  // 0: unknown
std::string hex_checksum(const void* data, int64_t bytes);
// The checksum of everything in the header but the checksums themselves.
std::string header_checksum(Json header);
// Parses JSON from a file: nesting and duplicate keys are refused before anything recurses over it.
Json parse_untrusted(std::string_view text, int max_depth, const std::string& where);

}  // namespace clq
