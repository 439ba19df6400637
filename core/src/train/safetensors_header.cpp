// core/src/train/safetensors_header.cpp -- the JSON head of a tensor file, shared by its writer and its reader.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/safetensors_header.hpp"

#include <set>
#include <vector>

#include <xxhash.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr const char* kNames[] = {"",    "F16", "BF16", "F32", "F64", "I8", "U8",
                                  "I16", "U16", "I32",  "U32", "I64", "U64"};

void check_depth(std::string_view text, int max_depth, const std::string& where) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '['))
      ++depth;
    else if (!quoted && (c == '}' || c == ']'))
      --depth;
    if (depth > max_depth) fail(CLQ_E_DATA, "{}: JSON nested deeper than {}", where, max_depth);
  }
}

}  // namespace

const char* safetensors_dtype(DType dtype) {
  CLQ_REQUIRE(dtype >= CLQ_F16 && dtype <= CLQ_U64, "unknown dtype {}", dtype);
  return kNames[dtype];
}

DType dtype_from_safetensors(const std::string& name) {
  for (DType dtype = CLQ_F16; dtype <= CLQ_U64; ++dtype)
    if (name == kNames[dtype]) return dtype;
  return 0;
}

std::string hex_checksum(const void* data, int64_t bytes) {
  return fmt::format("{:016x}", XXH3_64bits(data, static_cast<size_t>(bytes)));
}

std::string header_checksum(Json header) {
  if (header.contains("__metadata__")) header["__metadata__"].erase(kChecksums);
  const std::string text = header.dump();
  return hex_checksum(text.data(), static_cast<int64_t>(text.size()));
}

Json parse_untrusted(std::string_view text, int max_depth, const std::string& where) {
  check_depth(text, max_depth, where);
  // The parser would take it for the end.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    fail(CLQ_E_DATA, "{}: its JSON is damaged at byte {}", where, nul + 1);
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      fail(CLQ_E_DATA, "{}: key '{}' appears twice", where, value.get<std::string>());
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error& e) {
    // Its own words repeat what was read: any bytes, and as many as there are.
    fail(CLQ_E_DATA, "{}: its JSON is damaged at byte {}", where, e.byte);
  } catch (const Json::exception& e) {
    fail(CLQ_E_DATA, "{}: {}", where, e.what());
  }
}

}  // namespace clq
