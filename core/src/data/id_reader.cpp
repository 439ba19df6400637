// core/src/data/id_reader.cpp -- the values of an id column as 64-bit keys: equal keys, equal ids.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/id_reader.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <string_view>

#include <xxhash.h>

namespace clq {
namespace {

constexpr int64_t kRowsAtOnce = 16384;

std::string_view trimmed(std::string_view text) {
  text = text.substr(0, std::min(text.find('\0'), text.size()));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <class T>
bool parse(const std::string& text, T& value) {
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end && !text.empty();
}

}  // namespace

IdReader::IdReader(const DataSource& source, const std::string& column) : source_(source), column_(column) {
  const uint32_t index = source.schema().require(column, "data.id");
  const Field& field = source.schema().fields[index];
  text_ = (field.flags & CLQ_FIELD_TEXT) != 0;
  desc_ = field.sample;
  CLQ_REQUIRE(text_ || (!is_float(desc_.dtype) && desc_.dims.empty()),
              "data.id: {} is {} {}, an id is one integer or a text", column, dtype_name(desc_.dtype),
              to_string(desc_.dims));
  if (!text_) desc_.dtype = desc_.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64;  // a negative one keeps its bits
  layout_.columns.push_back({column, index, 0, 0, desc_.count()});
  layout_.tensors.push_back({column, desc_});
  reader_ = std::make_unique<ColumnReader>(source, layout_, std::vector<uint32_t>{0}, 0, 1, nullptr);
  TensorDesc all = desc_;
  all.dims.insert(all.dims.begin(), kRowsAtOnce);
  values_ = Tensor(all);
}

const std::vector<std::pair<uint64_t, int64_t>>& IdReader::read(int64_t first, int64_t n) {
  keys_.clear();
  for (int64_t begin = first; begin < first + n; begin += kRowsAtOnce) {
    std::vector<int64_t> rows(static_cast<size_t>(std::min(kRowsAtOnce, first + n - begin)));
    std::iota(rows.begin(), rows.end(), begin);
    std::vector<uint8_t> unreadable;
    ReadFault fault;
    reader_->read({values_.bytes()}, rows, unreadable, fault);
    for (size_t i = 0; i < rows.size(); ++i) {
      if (unreadable[i] != 0) continue;
      const std::byte* at = values_.bytes() + static_cast<int64_t>(i) * desc_.bytes();
      const std::string_view bytes(reinterpret_cast<const char*>(at), static_cast<size_t>(desc_.bytes()));
      const std::string_view text = trimmed(bytes);
      keys_.emplace_back(text_ ? XXH3_64bits(text.data(), text.size()) : values_.as<uint64_t>()[i], rows[i]);
    }
  }
  return keys_;
}

uint64_t IdReader::key_of(const std::string& id) const {
  if (text_) {
    const std::string_view text = trimmed(id);
    return XXH3_64bits(text.data(), text.size());
  }
  int64_t number = 0;
  uint64_t large = 0;
  if (parse(id, number)) return static_cast<uint64_t>(number);
  CLQ_REQUIRE(desc_.dtype == CLQ_U64 && parse(id, large), "{}: '{}' is no integer, as the ids of {} are", source_.uri(),
              id, column_);
  return large;
}

FoundRows find_rows(const DataSource& source, const std::string& column, const std::string& id) {
  const int64_t n = source.schema().n_samples;
  if (column.empty()) {
    int64_t row = -1;
    CLQ_REQUIRE(parse(id, row), "'{}' is no row number; data.id names the column of the ids", id);
    return row >= 0 && row < n ? FoundRows{row, 1} : FoundRows{};
  }
  IdReader reader(source, column);
  const uint64_t wanted = reader.key_of(id);
  FoundRows found;
  for (int64_t first = 0; first < n; first += kRowsAtOnce)
    for (const auto& [key, row] : reader.read(first, std::min(kRowsAtOnce, n - first))) {
      if (key != wanted) continue;
      if (found.count++ == 0) found.first = row;
    }
  return found;
}

}  // namespace clq
