// core/src/data/glob.hpp -- column patterns: '*' is any text, '?' one character.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace clq {

bool is_glob(std::string_view pattern);
bool glob_matches(std::string_view pattern, std::string_view text);

// The positions in `names` of each pattern's matches, in the order of the names. A pattern without a match is
// CLQ_E_INVALID: "<key>: there is no column 'MAGU', did you mean 'MAG_U'?"
std::vector<size_t> expand_globs(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                                 const std::string& key);

}  // namespace clq
