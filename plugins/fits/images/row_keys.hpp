// plugins/fits/images/row_keys.hpp -- what a catalogue row says about its images: values of a path, a position.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "images/options.hpp"
#include "io/row_reader.hpp"

namespace clq::fits {

// Which columns: checked once, shared by all readers.
struct KeyColumns {
  std::vector<size_t> path;              // in the order of the pattern's braces
  std::optional<size_t> x, y;

  bool empty() const { return path.empty() && !x; }
};

// Throws CLQ_E_NOT_FOUND or CLQ_E_DATA for a column that is absent, or no integer or text (in a path), or no number.
KeyColumns find_keys(const Table& catalogue, const std::vector<std::string>& path,
                     const std::optional<Position>& position);

// [one thread per reader]
class RowKeys {
 public:
  // The catalogue must outlive it.
  RowKeys(const Table& catalogue, const KeyColumns& columns);

  void load(int64_t row);
  const std::vector<std::string>& path() const { return path_; }  // "?" where the row has no value
  double x() const { return x_; }
  double y() const { return y_; }
  const std::string& flaw() const { return flaw_; }  // why the row has no path or no position; "": it has

 private:
  std::string text(size_t column);
  double number(size_t column);

  const Table& catalogue_;
  KeyColumns columns_;
  std::optional<RowReader> rows_;
  std::vector<std::string> path_;
  double x_ = 0, y_ = 0;
  std::string flaw_;
};

}  // namespace clq::fits
