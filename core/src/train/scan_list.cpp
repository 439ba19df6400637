// core/src/train/scan_list.cpp -- the bad rows of a scan as a table to look at.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/scan_list.hpp"

#include <algorithm>
#include <cstring>

#include "train/kept_columns.hpp"
#include "train/prediction_table.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

constexpr int64_t kRowsAtOnce = 1024;

Field text_field(const std::string& name, int64_t width) {
  Field field;
  field.name = name;
  field.flags = CLQ_FIELD_TEXT;
  field.role = CLQ_ROLE_OTHER;
  field.sample = {CLQ_U8, {std::max<int64_t>(1, width)}};
  return field;
}

Field row_field() {
  Field field;
  field.name = "ROW";
  field.role = CLQ_ROLE_OTHER;
  field.sample.dtype = CLQ_I64;
  return field;
}

class TextColumn {
 public:
  explicit TextColumn(size_t width)
      : values_({CLQ_U8, {kRowsAtOnce, std::max<int64_t>(1, static_cast<int64_t>(width))}}) {}
  TableColumn column(const std::string& name) const {
    return {text_field(name, width()), "", "", values_.bytes(), width()};
  }
  void set(size_t i, const std::string& text) {
    std::byte* at = values_.bytes() + static_cast<int64_t>(i) * width();
    std::memset(at, 0, static_cast<size_t>(width()));
    std::memcpy(at, text.data(), std::min(static_cast<size_t>(width()), text.size()));
  }

 private:
  int64_t width() const { return values_.desc().dims[1]; }
  Tensor values_;
};

class ScanList {
 public:
  ScanList(const std::vector<BadRow>& bad, const DataSource& source, const std::string& id)
      : bad_(bad), rows_({CLQ_I64, {kRowsAtOnce}}), problems_(problem_width(bad)), words_(words_width(bad)) {
    if (!id.empty()) kept_ = std::make_unique<KeptColumns>(source, id, std::vector<std::string>{}, kRowsAtOnce);
  }

  std::vector<TableColumn> columns() {
    std::vector<TableColumn> columns = {{row_field(), "", "row of the data, the first is 0", rows_.bytes(), 8}};
    if (kept_) {
      const Field& field = kept_->fields()[0];
      columns.push_back({field, "meta.id;meta.main", "", kept_->values(0).bytes(), field.sample.bytes()});
    }
    columns.push_back(problems_.column("PROBLEM"));
    columns.push_back(words_.column("WORDS"));
    return columns;
  }

  void fill(size_t first, size_t n) {
    std::vector<int64_t> rows;
    for (size_t i = 0; i < n; ++i) {
      const BadRow& bad = bad_[first + i];
      rows.push_back(bad.row);
      rows_.as<int64_t>()[i] = bad.row;
      problems_.set(i, problem_words(bad.problems));
      words_.set(i, bad.words);
    }
    if (kept_) kept_->read(rows);
  }

 private:
  static size_t problem_width(const std::vector<BadRow>& bad) {
    size_t width = 0;
    for (const BadRow& row : bad) width = std::max(width, problem_words(row.problems).size());
    return width;
  }
  static size_t words_width(const std::vector<BadRow>& bad) {
    size_t width = 0;
    for (const BadRow& row : bad) width = std::max(width, row.words.size());
    return width;
  }
  const std::vector<BadRow>& bad_;
  Tensor rows_;
  TextColumn problems_, words_;
  std::unique_ptr<KeptColumns> kept_;
};

}  // namespace

void write_scan_list(const Scan& scan, const DataSource& source, const std::string& id, const Registry& registry,
                     const std::string& uri) {
  require_other_file(source, uri);
  ScanList list(scan.bad, source, id);
  PredictionTable table(registry, uri, list.columns(), {{"hdu", "BAD_ROWS"}}, static_cast<int64_t>(scan.bad.size()));
  for (size_t first = 0; first < scan.bad.size(); first += kRowsAtOnce) {
    const size_t n = std::min(static_cast<size_t>(kRowsAtOnce), scan.bad.size() - first);
    list.fill(first, n);
    table.write(static_cast<int64_t>(first), static_cast<int64_t>(n));
  }
  table.commit();
}

}  // namespace clq
