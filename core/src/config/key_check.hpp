// core/src/config/key_check.hpp -- values against the table of known keys.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>

#include "config/run_file.hpp"

namespace clq {

using Place = std::function<std::string(const std::string& path)>;  // " (run.toml:12)", or ""

const KeySpec* find_key(const std::string& key);
bool is_table_of_keys(const std::string& path);                          // "train", "model.bins"
bool begins_with_key(const std::string& words, const std::string& key);  // and not with a longer word
[[noreturn]] void unknown_key(const std::string& key, const std::string& place);
bool has_type(const Json& value, const std::string& types);
// Every key known, every value of its type and among the allowed ones; anything else is CLQ_E_INVALID.
void check_keys(const Json& values, const std::string& path, const Place& place);

}  // namespace clq
