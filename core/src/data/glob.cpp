// core/src/data/glob.cpp -- column patterns.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/glob.hpp"

#include <fmt/ranges.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr size_t kNamesShown = 12;

std::string known(const std::vector<std::string>& names) {
  const std::vector<std::string> head(names.begin(),
                                      names.begin() + static_cast<int64_t>(std::min(names.size(), kNamesShown)));
  return fmt::format("{}{}", fmt::join(head, ", "), names.size() > kNamesShown ? ", ..." : "");
}

}  // namespace

bool is_glob(std::string_view pattern) { return pattern.find_first_of("*?") != std::string_view::npos; }

bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<size_t> expand_globs(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                                 const std::string& key) {
  std::vector<size_t> found;
  for (const std::string& pattern : patterns) {
    const size_t before = found.size();
    for (size_t i = 0; i < names.size(); ++i)
      if (glob_matches(pattern, names[i])) found.push_back(i);
    if (found.size() > before) continue;
    if (is_glob(pattern)) fail(CLQ_E_INVALID, "{}: no column matches '{}'; there are {}", key, pattern, known(names));
    const std::string nearest = did_you_mean(pattern, names);
    fail(CLQ_E_INVALID, "{}: there is no column '{}'{}", key, pattern,
         nearest.empty() ? "; there are " + known(names) : nearest);
  }
  return found;
}

}  // namespace clq
