// plugins/csv/table/written_rows.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "table/written_rows.hpp"

#include <algorithm>
#include <iterator>

#include <calanque/plugin/sdk.hpp>

namespace clq::table {

void WrittenRows::check_new(int64_t first, int64_t n, const std::string& file) const {
  if (n == 0) return;
  const auto after = end_of_.upper_bound(first);
  const bool starts_inside = after != end_of_.begin() && std::prev(after)->second > first;
  if (!starts_inside && (after == end_of_.end() || after->first >= first + n)) return;
  throw sdk::Error(CLQ_E_INVALID, file + ": row " + std::to_string(starts_inside ? first : after->first) +
                                      " is written already; write each row once");
}

void WrittenRows::add(int64_t first, int64_t n) {
  if (n == 0) return;
  auto here = end_of_.emplace(first, first + n).first;
  if (here != end_of_.begin() && std::prev(here)->second == first) {
    --here;
    here->second = first + n;
    end_of_.erase(std::next(here));
  }
  const auto next = std::next(here);
  if (next == end_of_.end() || next->first != here->second) return;
  here->second = next->second;
  end_of_.erase(next);
}

void WrittenRows::check_all(int64_t n_rows, const std::string& file) const {
  const int64_t missing = end_of_.empty() || end_of_.begin()->first > 0 ? 0 : end_of_.begin()->second;
  if (missing >= n_rows) return;
  int64_t written = 0;
  for (const auto& [first, end] : end_of_) written += end - first;
  throw sdk::Error(CLQ_E_INVALID, file + ": " + std::to_string(written) + " rows were written, " +
                                      std::to_string(n_rows) + " were announced; row " + std::to_string(missing) +
                                      " is the first without values");
}

}  // namespace clq::table
