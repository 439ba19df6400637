// plugins/fits/images/row_keys.cpp -- what a catalogue row says about its images: values of a path, a position.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/row_keys.hpp"

#include <bit>
#include <cmath>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"
#include "table/fingerprint.hpp"
#include "table/names.hpp"

namespace clq::fits {
namespace {

std::vector<table::FieldSpec> specs_of(const Table& catalogue) {
  std::vector<table::FieldSpec> specs;
  for (const Column& column : catalogue.columns) specs.push_back(column.field);
  return specs;
}

std::vector<size_t> columns_of(const KeyColumns& keys) {
  std::vector<size_t> columns = keys.path;
  for (const auto& key : {keys.x, keys.y})
    if (key) columns.push_back(*key);
  return columns;
}

size_t find_coordinate(const Table& catalogue, const std::string& name) {
  const size_t found = table::find_field(specs_of(catalogue), name, catalogue.place);
  const Column& column = catalogue.columns[found];
  if (column.field.text || column.repeat != 1)
    sdk::fail(CLQ_E_DATA, catalogue.place + ": column " + column.field.name + " of data.position is not one number");
  return found;
}

}  // namespace

KeyColumns find_keys(const Table& catalogue, const std::vector<std::string>& path,
                     const std::optional<Position>& position) {
  KeyColumns keys;
  for (const std::string& name : path) {
    const size_t found = table::find_field(specs_of(catalogue), name, catalogue.place);
    const Column& column = catalogue.columns[found];
    const bool integer = column.field.elements() == 1 && !table::is_float(column.field.dtype) && column.code != 'L';
    if (!column.field.text && !integer)
      sdk::fail(CLQ_E_DATA, catalogue.place + ": column " + column.field.name + " is " +
                                table::dtype_name(column.field.dtype) + "; a path takes integers and texts");
    keys.path.push_back(found);
  }
  if (!position) return keys;
  keys.x = find_coordinate(catalogue, position->x);
  keys.y = find_coordinate(catalogue, position->y);
  return keys;
}

RowKeys::RowKeys(const Table& catalogue, const KeyColumns& columns) : catalogue_(catalogue), columns_(columns) {
  if (!columns.empty()) rows_.emplace(catalogue, columns_of(columns));
  path_.resize(columns.path.size());
}

void RowKeys::load(int64_t row) {
  flaw_.clear();
  if (!rows_) return;
  rows_->load(row, 1);
  for (size_t i = 0; i < path_.size(); ++i) path_[i] = text(columns_.path[i]);
  if (!columns_.x) return;
  x_ = number(*columns_.x);
  y_ = number(*columns_.y);
}

std::string RowKeys::text(size_t column) {
  const Column& facts = catalogue_.columns[column];
  if (facts.field.text) {
    const auto* cell = reinterpret_cast<const char*>(rows_->cell(column, 0));
    const std::string_view value = table::trim_text({cell, static_cast<size_t>(facts.repeat)});
    const size_t first = value.find_first_not_of(' ');
    if (first != std::string_view::npos) return std::string(value.substr(first));
    flaw_ = "column " + facts.field.name + " is empty, so no path can be made";
    return "?";
  }
  std::byte bytes[8];
  const bool is_unsigned = facts.field.dtype == CLQ_U64;
  rows_->convert(column, find_convert(facts, is_unsigned ? CLQ_U64 : CLQ_I64), 1, bytes, 8, 1);
  const auto value = std::bit_cast<int64_t>(bytes);
  // A null integer is known by its stored value, which a flip of the sign bit hides.
  const auto shift = static_cast<uint64_t>(static_cast<int64_t>(facts.is_flipped() ? -facts.zero : 0));
  if (facts.null && static_cast<int64_t>(static_cast<uint64_t>(value) + shift) == *facts.null) {
    flaw_ = "column " + facts.field.name + " is null, so no path can be made";
    return "?";
  }
  return is_unsigned ? std::to_string(std::bit_cast<uint64_t>(bytes)) : std::to_string(value);
}

double RowKeys::number(size_t column) {
  const Column& facts = catalogue_.columns[column];
  std::byte bytes[8];
  rows_->convert(column, find_convert(facts, CLQ_F64), 1, bytes, 8, 1);
  const auto value = std::bit_cast<double>(bytes);
  if (!std::isfinite(value)) flaw_ = "column " + facts.field.name + " is no finite number, so no place in the image";
  return value;
}

}  // namespace clq::fits
