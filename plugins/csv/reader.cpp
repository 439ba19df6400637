// plugins/csv/reader.cpp -- one thread's cursor in a text table.
// SPDX-License-Identifier: BSD-3-Clause
#include "reader.hpp"

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"
#include "table/fingerprint.hpp"
#include "values.hpp"

namespace clq::csv {
namespace {

constexpr uint64_t kBufferBytes = uint64_t{1} << 20;

}  // namespace

Reader::Reader(const CsvTable& table, const std::vector<clq_field>& fields, std::vector<uint32_t> wanted)
    : table_(table), fields_(fields), wanted_(std::move(wanted)), bytes_(table.file) {
  table::require_unchanged(table.file);
  targets_.reserve(wanted_.size());
}

clq_status Reader::read(clq_read& io) {
  io.n_done = 0;
  const int64_t n = table::check_read(io, fields_, wanted_, table_.rows(), targets_);
  table::require_unchanged(table_.file);
  for (int64_t position = 0; position < n;) {
    if (table::is_cancelled(io)) return sdk::report(CLQ_E_CANCELLED, "reading was cancelled");
    int64_t run = table::run_length(io, position, n, n);
    load(io.indices[position], run);
    for (const int64_t end = position + run; position < end; ++position) {
      store_row(io.indices[position], position);
      io.n_done = static_cast<uint32_t>(position + 1);
    }
  }
  table::require_samples(io, n, table_.rows());
  return CLQ_OK;
}

// Brings as many of the n rows from `row` on as the buffer holds, at least one, and says in n how many.
void Reader::load(int64_t row, int64_t& n) {
  buffer_at_ = table_.offsets[static_cast<size_t>(row)];
  int64_t rows = 1;
  while (rows < n && table_.offsets[static_cast<size_t>(row + rows + 1)] - buffer_at_ <= kBufferBytes) ++rows;
  const uint64_t size = table_.offsets[static_cast<size_t>(row + rows)] - buffer_at_;
  buffer_.resize(size);
  bytes_.read_at(buffer_.data(), static_cast<int64_t>(size), static_cast<int64_t>(buffer_at_));
  n = rows;
}

const std::vector<FieldText>& Reader::fields_of(int64_t row) {
  const uint64_t first = table_.offsets[static_cast<size_t>(row)];
  const uint64_t size = table_.offsets[static_cast<size_t>(row + 1)] - first;
  // A row reaches to the next one: blank lines between them belong to it.
  const std::string_view record = without_line_end(std::string_view(buffer_).substr(first - buffer_at_, size));
  const auto& fields = splitter_.split(record, table_.delimiter, table_.file.name);
  if (fields.size() != table_.columns.size())
    sdk::fail(CLQ_E_DATA, table_.locate(row) + ": has " + std::to_string(fields.size()) + " fields, " +
                              std::to_string(table_.columns.size()) + " expected");
  return fields;
}

void Reader::store_row(int64_t row, int64_t position) {
  const auto& fields = fields_of(row);
  for (const table::Target& t : targets_)
    if (!store(fields[t.field], t.field, t.dtype, t.elements, t.at(position)))
      fail_value(row, t.field, fields[t.field], t.dtype);
}

bool Reader::store(const FieldText& field, size_t column, int32_t dtype, int64_t elements, std::byte* dst) const {
  if (table_.columns[column].text) return store_text(field.text, elements, dst);
  return table_.logical[column] ? store_logical(field.text, dtype, dst) : store_number(field.text, dtype, dst);
}

void Reader::fail_value(int64_t row, size_t column, const FieldText& field, int32_t dtype) const {
  const table::FieldSpec& spec = table_.columns[column];
  std::string value;
  value.append("'").append(table::printable(field.text.substr(0, 60))).append("'");
  const std::string why = spec.text ? value.append(" is longer than the slot") : table::misfit(value, dtype);
  sdk::fail(CLQ_E_DATA, table_.locate(row) + ", column " + spec.name + ": " + why);
}

void Reader::read_ids(int64_t first, int64_t n, size_t column, uint64_t* out) {
  const table::FieldSpec& spec = table_.columns[column];
  const int32_t dtype = spec.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64;
  for (int64_t done = 0; done < n;) {
    int64_t run = n - done;
    load(first + done, run);
    for (const int64_t end = done + run; done < end; ++done) {
      const FieldText& field = fields_of(first + done)[column];
      if (spec.text)
        out[done] = table::text_id(field.text);
      else if (!store(field, column, dtype, 1, reinterpret_cast<std::byte*>(out + done)))
        fail_value(first + done, column, field, dtype);
    }
  }
}

}  // namespace clq::csv
