// tests/fuzz/table_case.cpp -- a table plugin through its C tables on a file that may be anything.
// SPDX-License-Identifier: BSD-3-Clause
#include "table_case.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

#include <nlohmann/json.hpp>

#include "fuzz.hpp"

namespace clq::fuzz {
namespace {

constexpr int64_t kMostRows = 64, kMostBytes = 1 << 20;
constexpr uint32_t kMostFields = 32;
constexpr std::byte kGuard{0xa5};
constexpr int64_t kGuardBytes = 64;

using Columns = std::vector<std::vector<std::byte>>;

void check(clq_status status) {
  if (status < 0) require_error(status, test::error_text());
}

// Room of exactly n bytes, and beyond it bytes that must stay as they are: cfitsio writes without a sanitizer.
class Room {
 public:
  explicit Room(int64_t n) : n_(n), bytes_(static_cast<size_t>(n + kGuardBytes), kGuard) {}
  std::byte* data() { return bytes_.data(); }
  std::vector<std::byte> take() {
    require(std::all_of(bytes_.begin() + n_, bytes_.end(), [](std::byte b) { return b == kGuard; }),
            "bytes are written beyond the slot");
    bytes_.resize(static_cast<size_t>(n_));
    return std::move(bytes_);
  }

 private:
  int64_t n_;
  std::vector<std::byte> bytes_;
};

std::optional<std::vector<std::byte>> read_field(const test::Source& source, uint32_t f, int32_t dtype,
                                                 const std::vector<int64_t>& rows) {
  const clq_field& field = source.info.fields[f];
  const auto n = static_cast<int64_t>(rows.size());
  const int64_t elements = test::elements_of(field.sample);
  if (elements > kMostBytes / 8 / std::max<int64_t>(n, 1)) return std::nullopt;
  const int64_t bytes = n * elements * test::bytes_of(dtype);
  Room room(bytes);
  test::Reader reader(source, {f});
  check(reader.status);
  if (reader.status != CLQ_OK) return std::nullopt;
  uint32_t n_done = 0;
  const clq_status status = reader.read(rows, {test::make_slot(field, f, dtype, room.data(), bytes)}, &n_done);
  check(status);
  require(n_done <= n && (status != CLQ_OK || n_done == n), "more or fewer rows are done than were asked for");
  std::vector<std::byte> read = room.take();
  if (status != CLQ_OK) return std::nullopt;
  return read;
}

void ask(const test::Source& source) {
  const int64_t n = source.info.n_samples;
  require(n >= 0 && nlohmann::json::accept(source.info.metadata_json), "metadata that are no JSON");
  uint8_t hash[32];
  check(source.api().fingerprint(source.handle(), hash));
  std::vector<uint64_t> ids(kMostRows);
  check(source.api().ids(source.handle(), 0, std::min(n, kMostRows), ids.data()));
  char text[256] = {};
  for (const int64_t row : {int64_t{0}, n - 1, n, int64_t{-1}, INT64_MAX - 1})
    check(source.api().locate(source.handle(), row, text, sizeof text));
}

// The first and the last row, and neighbours, in every kind of dtype.
void read_parts(const test::Source& source) {
  const int64_t n = source.info.n_samples;
  if (n == 0) return;
  const std::vector<int64_t> rows{n - 1, 0, std::min<int64_t>(1, n - 1)};
  for (uint32_t f = 0; f < std::min(source.info.n_fields, kMostFields); ++f)
    for (const int32_t dtype : {CLQ_F32, CLQ_F64, CLQ_I16, CLQ_U8, CLQ_U64}) read_field(source, f, dtype, rows);
}

std::optional<Columns> read_all(const test::Source& source) {
  if (source.info.n_samples > kMostRows || source.info.n_fields > kMostFields) return std::nullopt;
  std::vector<int64_t> rows(static_cast<size_t>(source.info.n_samples));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  Columns columns;
  for (uint32_t f = 0; f < source.info.n_fields; ++f) {
    auto column = read_field(source, f, source.info.fields[f].sample.dtype, rows);
    if (!column) return std::nullopt;
    columns.push_back(std::move(*column));
  }
  return columns;
}

void write(const test::Plugin& plugin, const std::string& path, const test::Source& source, Columns& columns) {
  std::vector<clq_slot> slots;
  for (uint32_t f = 0; f < source.info.n_fields; ++f) {
    const clq_field& field = source.info.fields[f];
    slots.push_back(
        test::make_slot(field, f, field.sample.dtype, columns[f].data(), static_cast<int64_t>(columns[f].size())));
  }
  const auto n = static_cast<uint32_t>(source.info.n_samples);
  clq_sink* sink = nullptr;
  clq_status status =
      plugin.sink->create(path.c_str(), "{}", source.info.fields, source.info.n_fields, source.info.n_samples, &sink);
  if (status == CLQ_OK) status = plugin.sink->write(sink, 0, n, slots.data());
  if (status == CLQ_OK) status = plugin.sink->commit(sink);
  plugin.sink->discard(sink);
  if (status != CLQ_OK) fault("a table that was read cannot be written: " + test::error_text());
}

template <class T>
bool same_floats(const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  for (size_t at = 0; at < a.size(); at += sizeof(T)) {
    T x, y;
    std::memcpy(&x, &a[at], sizeof x);
    std::memcpy(&y, &b[at], sizeof y);
    if (!(std::isnan(x) ? std::isnan(y) : x == y)) return false;
  }
  return true;
}

bool same_values(int32_t dtype, const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  if (a.size() != b.size()) return false;
  if (dtype == CLQ_F32) return same_floats<float>(a, b);
  return dtype == CLQ_F64 ? same_floats<double>(a, b) : a == b;
}

// Blanks at the end of a text say nothing, as in FITS.
std::vector<std::string> texts_of(const clq_field& field, const std::vector<std::byte>& column, int64_t rows) {
  const auto width = static_cast<size_t>(test::elements_of(field.sample));
  std::vector<std::string> texts;
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    std::string text(reinterpret_cast<const char*>(column.data()) + row * width, width);
    text.resize(std::min(text.size(), text.find('\0')));
    texts.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
  }
  return texts;
}

void require_same(const test::Source& a, const Columns& columns, const test::Source& b) {
  if (b.status != CLQ_OK) fault("a table that was written cannot be read: " + b.error);
  require(a.info.n_samples == b.info.n_samples && a.info.n_fields == b.info.n_fields, "written it has another size");
  const auto again = read_all(b);
  require(again.has_value(), "a table that was written cannot be read");
  for (uint32_t f = 0; f < a.info.n_fields; ++f) {
    const clq_field &x = a.info.fields[f], &y = b.info.fields[f];
    const std::string field = std::string("written and read again, ") + x.name + " has another ";
    if (std::strcmp(x.name, y.name) != 0) fault(field + "name, " + y.name);
    if (x.sample.dtype != y.sample.dtype || x.flags != y.flags) fault(field + "dtype");
    if ((x.flags & CLQ_FIELD_TEXT) != 0) {
      const int64_t n = a.info.n_samples;
      if (texts_of(x, columns[f], n) != texts_of(y, (*again)[f], n)) fault(field + "text");
      continue;
    }
    if (!std::equal(x.sample.dims, x.sample.dims + x.sample.rank, y.sample.dims, y.sample.dims + y.sample.rank))
      fault(field + "shape");
    if (!same_values(x.sample.dtype, columns[f], (*again)[f])) fault(field + "value");
  }
}

}  // namespace

void run_table(const test::Plugin& plugin, const std::string& uri, const std::string& options,
               const std::string& suffix) {
  plugin.source->probe(uri.c_str());
  const test::Source source(plugin, uri, options);
  if (source.status != CLQ_OK) return require_error(source.status, source.error);
  ask(source);
  read_parts(source);
  auto columns = read_all(source);
  if (!columns) return;
  const std::string again = folder() + "/again" + suffix;
  write(plugin, again, source, *columns);
  require_same(source, *columns, test::Source(plugin, again));
}

}  // namespace clq::fuzz
