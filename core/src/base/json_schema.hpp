// core/src/base/json_schema.hpp -- the part of JSON Schema that options of plugins are checked by.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <calanque/core/graph.hpp>

namespace clq {

// Only that the text is JSON, or nothing: where memory runs out this throws, which Json itself may not live through.
void require_json(const char* text);
// An object whose keywords are of their types, as a plugin wrote it; else CLQ_E_INVALID. Unknown keywords say nothing.
Json parse_schema(const char* text);
// Types, enum, bounds, lengths of lists, required and unknown keys: "model.layer[2].reduction must be at least 1, got
// 0".
void require_schema(const Json& value, const Json& schema, const std::string& where);

}  // namespace clq
