// plugins/csv/sink.cpp -- samples of scalar columns into a CSV or ECSV file.
// SPDX-License-Identifier: BSD-3-Clause
#include "sink.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstring>
#include <type_traits>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"
#include "table/file_identity.hpp"
#include "table/fingerprint.hpp"
#include "table/slot.hpp"
#include "values.hpp"

namespace clq::csv {
namespace {

using sdk::fail;
constexpr int64_t kChunkBytes = int64_t{1} << 20;

void require_scalar(const table::FieldSpec& spec, const std::string& name) {
  if (!spec.text && !spec.dims.empty())
    fail(CLQ_E_UNSUPPORTED, name + ": column " + spec.name + " holds vectors; CSV holds scalars, write a .fits file");
}

std::string ecsv_type(const table::FieldSpec& spec) {
  if (spec.text) return "string";
  const std::string name = table::dtype_name(spec.dtype);
  const char* kind = name[0] == 'F' ? "float" : name[0] == 'I' ? "int" : "uint";
  return kind + name.substr(1);
}

std::string yaml_text(const std::string& text) {
  std::string quoted(1, '\'');
  for (const char c : table::printable(text)) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted.append(1, '\'');
}

void append_quoted(std::string_view cell, std::string& text) {
  text += '"';
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  text += '"';
}

// Quotes keep blanks at the ends of a text, and a '#' that begins a line from being a comment.
void append_text(std::string_view cell, std::string& text) {
  const bool plain = !cell.empty() && cell.find_first_of(",\"\r\n\t #") == std::string_view::npos;
  plain ? static_cast<void>(text += cell) : append_quoted(cell, text);
}

// The shortest digits that give the same bits back.
void append_number(const std::byte* src, int32_t dtype, std::string& text) {
  table::with_type(dtype, [&]<class T>() {
    T value;
    std::memcpy(&value, src, sizeof value);
    char digits[40];
    using Printed = std::conditional_t<sizeof(T) == 1, int, T>;  // an 8-bit integer is a number, not a character
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, static_cast<Printed>(value));
    text.append(digits, end);
  });
}

}  // namespace

Sink::Sink(const char* uri, const char* options_json, std::span<const clq_field> fields, int64_t n_samples)
    : options_(table::parse_sink_options(options_json)), n_samples_(n_samples) {
  const std::string name = table::path_of(uri, "csv");
  ecsv_ = table::has_suffix(name, ".ecsv");
  if (n_samples < 0) fail(CLQ_E_INVALID, "a table of " + std::to_string(n_samples) + " rows; give a count from 0");
  if (fields.empty()) fail(CLQ_E_INVALID, name + ": a table needs a column");
  if (!options_.tables.empty())
    fail(CLQ_E_UNSUPPORTED, name + ": table " + options_.tables[0].hdu + " has no place in CSV; write a .fits file");
  specs_ = table::copy_fields(fields);
  for (const table::FieldSpec& spec : specs_) require_scalar(spec, name);
  fields_ = table::make_fields(specs_);
  for (const table::FieldSpec& spec : specs_) row_bytes_ += spec.elements() * table::dtype_bytes(spec.dtype);
  int64_t bytes = 0;
  if (__builtin_mul_overflow(2 * row_bytes_, n_samples, &bytes)) fail(CLQ_E_INVALID, "the table exceeds 2^63 bytes");
  replacement_ = std::make_unique<table::Replacement>(name, table::Need{bytes, bytes / 2});
  spool_ = std::make_unique<Spool>(replacement_->temporary(), name);
}

void Sink::write(int64_t first, uint32_t n, const clq_slot* slots) {
  if (committed_) fail(CLQ_E_INVALID, replacement_->name() + ": is committed already");
  const std::vector<table::Target> targets = table::check_write(fields_, first, n, n_samples_, slots);
  written_.check_new(first, n, replacement_->name());
  std::vector<std::byte> rows(static_cast<size_t>(n * row_bytes_));
  for (int64_t row = 0; row < n; ++row) {
    std::byte* dst = rows.data() + row * row_bytes_;
    for (const table::Target& t : targets) {
      const int64_t bytes = t.elements * table::dtype_bytes(t.dtype);
      std::memcpy(dst, t.at(row), static_cast<size_t>(bytes));
      dst += bytes;
    }
  }
  spool_->write_at(rows.data(), n * row_bytes_, first * row_bytes_);
  written_.add(first, n);
}

std::string Sink::header() const {
  std::string text;
  if (ecsv_) {
    text = "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n";
    for (const table::FieldSpec& spec : specs_) {
      const std::string comment = options_.note(spec.name).comment;
      text += "# - {name: " + yaml_text(spec.name) + (spec.unit.empty() ? "" : ", unit: " + yaml_text(spec.unit)) +
              ", datatype: " + ecsv_type(spec) + (comment.empty() ? "" : ", description: " + yaml_text(comment)) +
              "}\n";
    }
    if (!options_.cards.empty()) text += "# meta:\n";
    for (const table::Card& card : options_.cards)
      text += "#   " + yaml_text(card.key) + ": " +
              (card.value.is_string() ? yaml_text(card.value.get<std::string>()) : card.value.dump()) + "\n";
  }
  for (size_t c = 0; c < specs_.size(); ++c) {
    if (c > 0) text += ',';
    // A number among the names would say that there are none.
    is_number(specs_[c].name) ? append_quoted(specs_[c].name, text) : append_text(specs_[c].name, text);
  }
  return text + "\n";
}

void Sink::append_row(const std::byte* row, std::string& text) const {
  for (size_t c = 0; c < specs_.size(); ++c) {
    if (c > 0) text += ',';
    const int64_t elements = specs_[c].elements();
    if (specs_[c].text)
      append_text(table::trim_text({reinterpret_cast<const char*>(row), static_cast<size_t>(elements)}), text);
    else
      append_number(row, specs_[c].dtype, text);
    row += elements * table::dtype_bytes(specs_[c].dtype);
  }
  text += '\n';
}

void Sink::commit() {
  if (committed_) fail(CLQ_E_INVALID, replacement_->name() + ": is committed already");
  written_.check_all(n_samples_, replacement_->name());
  TextFile file(replacement_->temporary(), replacement_->name());
  file.append(header());
  const int64_t most = std::max<int64_t>(1, kChunkBytes / row_bytes_);
  std::vector<std::byte> rows(static_cast<size_t>(most * row_bytes_));
  std::string text;
  for (int64_t first = 0; first < n_samples_; first += most) {
    const int64_t n = std::min(most, n_samples_ - first);
    spool_->read_at(rows.data(), n * row_bytes_, first * row_bytes_);
    text.clear();
    for (int64_t row = 0; row < n; ++row) append_row(rows.data() + row * row_bytes_, text);
    file.append(text);
  }
  file.close();
  replacement_->commit();
  committed_ = true;
}

}  // namespace clq::csv
