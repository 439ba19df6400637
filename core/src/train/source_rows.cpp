// core/src/train/source_rows.cpp -- a bundle's columns in another source, and other cold questions to sources.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/source_rows.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "data/column_reader.hpp"
#include "data/computed_targets.hpp"
#include "data/image_field.hpp"
#include "data/nulls.hpp"
#include "runtime/log.hpp"
#include "train/stage.hpp"

namespace clq {
namespace {

constexpr int64_t kChunk = 65536;
constexpr int64_t kTargetBytes = 1 << 20;  // of targets that are read at once

// Inputs and "weight" stay; "target" only when wanted, and "weight" is read only with it.
bool keeps_column(const BatchLayout& layout, const LayoutColumn& column, const DataSchema& schema, bool with_target) {
  const std::string& tensor = layout.tensors[column.tensor].name;
  if (tensor == "target") return with_target;
  return tensor != "weight" || (with_target && schema.find(column.name) >= 0);
}

uint32_t find_column_again(const BatchLayout& layout, const LayoutColumn& column, const DataSchema& schema) {
  const uint32_t field = schema.require(column.name, "data." + layout.tensors[column.tensor].name);
  CLQ_REQUIRE((schema.fields[field].flags & CLQ_FIELD_TEXT) == 0,
              "{} is a text column, the model was trained with numbers{}", column.name, note_on(schema, column.name));
  const int64_t count = schema.fields[field].sample.count();
  CLQ_REQUIRE(count == column.count, "column {} has {} values a row, the model was trained with {}", column.name, count,
              column.count);
  return field;
}

uint32_t find_images_again(const BatchLayout& layout, const LayoutColumn& column, const DataSchema& schema) {
  const Shape& shape = layout.tensors[column.tensor].desc.dims;
  const uint32_t field = find_images_like(column.name, shape, schema);
  require_same_bands(layout.images, schema, shape.at(0));
  return field;
}

void say_what_weighs(const BatchLayout& layout, const DataSource& source) {
  for (const LayoutColumn& column : layout.columns)
    if (layout.tensors[column.tensor].name == "weight" && source.schema().find(column.name) < 0)
      log_line(CLQ_LOG_WARNING,
               fmt::format("{}: there is no column '{}' of weights, each row counts alike", source.uri(), column.name));
}

// One tensor of some rows; those that cannot be read are told, not fatal.
class TensorRows {
 public:
  TensorRows(const DataSource& source, const BatchLayout& layout, uint32_t tensor, int64_t most)
      : reader_(source, layout, {tensor}, 0, 1, nullptr), data_(layout.tensors.size()) {
    TensorDesc desc = layout.tensors[tensor].desc;
    desc.dims.insert(desc.dims.begin(), most);
    values_ = Tensor(desc);
    data_[tensor] = values_.bytes();
  }
  const std::vector<uint8_t>& read(const std::vector<int64_t>& rows) {
    ReadFault fault;
    reader_.read(data_, rows, unreadable_, fault);
    return unreadable_;
  }
  const Tensor& values() const { return values_; }

 private:
  ColumnReader reader_;
  Tensor values_;
  std::vector<std::byte*> data_;
  std::vector<uint8_t> unreadable_;
};

std::string without_scheme(const std::string& uri) {
  const size_t scheme = uri.find("://");
  return scheme == std::string::npos ? uri : uri.substr(scheme + 3);
}

// Of the images that a source says it reads, under its own name or behind a link.
bool is_image_file(const DataSource& source, const std::string& path) {
  const Json& metadata = source.schema().metadata;
  const Json images = metadata.is_object() ? metadata.value("images", Json()) : Json();
  const std::string files = images.is_object() ? images.value("files", "") : "";
  std::error_code unknown;
  if (files.empty() || !std::filesystem::exists(path, unknown)) return false;
  if (std::filesystem::equivalent(files, path, unknown)) return true;
  const std::string pattern = std::filesystem::absolute(files).lexically_normal();
  for (const auto& name : {std::filesystem::absolute(path), std::filesystem::canonical(path)})
    if (fnmatch(pattern.c_str(), name.lexically_normal().c_str(), 0) == 0) return true;
  return false;
}

}  // namespace

// The table replaces the file of its name: a catalogue would be gone. A link to it counts as well.
void require_other_file(const DataSource& source, const std::string& uri) {
  const std::string path = without_scheme(uri);
  std::error_code unknown;
  if (std::filesystem::equivalent(without_scheme(source.uri()), path, unknown) || is_image_file(source, path))
    fail(CLQ_E_INVALID, "{}: is the data that is read, name another file to write", uri);
}

bool has_columns(const BatchLayout& layout, const std::string& tensor) {
  const auto t = static_cast<uint32_t>(layout.tensor(tensor));
  return std::any_of(layout.columns.begin(), layout.columns.end(),
                     [t](const LayoutColumn& column) { return column.tensor == t; });
}

BatchLayout bind_layout(const BatchLayout& layout, const DataSchema& schema, bool with_target) {
  BatchLayout bound;
  bound.derived = layout.derived;
  bound.nulls = layout.nulls;
  bound.id = layout.id;
  bound.images = layout.images;
  bound.classes = layout.classes;
  bound.target_may_miss = layout.target_may_miss;
  std::vector<uint32_t> place(layout.tensors.size(), CLQ_NONE);
  for (size_t t = 0; t < layout.tensors.size(); ++t) {
    if (layout.tensors[t].name == "target" && !with_target) continue;
    place[t] = static_cast<uint32_t>(bound.tensors.size());
    bound.tensors.push_back(layout.tensors[t]);
  }
  for (LayoutColumn column : layout.columns) {
    if (!keeps_column(layout, column, schema, with_target)) continue;
    column.field = layout.tensors[column.tensor].name == "images" ? find_images_again(layout, column, schema)
                                                                  : find_column_again(layout, column, schema);
    column.tensor = place[column.tensor];
    bound.columns.push_back(std::move(column));
  }
  return bound;
}

BatchLayout bind_to_source(const BatchLayout& layout, const DataSource& source, bool with_target) {
  try {
    if (with_target) say_what_weighs(layout, source);
    return bind_layout(layout, source.schema(), with_target);
  } catch (const Error& e) {
    fail(e.status() == CLQ_E_INVALID ? CLQ_E_DATA : e.status(), "{}: {}", source.uri(), e.what());
  }
}

std::shared_ptr<DataSource> with_targets_of(const Model& model, std::shared_ptr<DataSource> source, bool evaluate) {
  try {
    auto computed = with_computed_targets(source, model.data, evaluate);
    return computed ? std::move(computed) : source;
  } catch (const Error& e) {
    fail(e.status() == CLQ_E_INVALID ? CLQ_E_DATA : e.status(), "{}: {}", source->uri(), e.what());
  }
}

bool has_target(const BatchLayout& layout, const DataSource& source) {
  bool any = false;
  for (const LayoutColumn& column : layout.columns) {
    if (layout.tensors[column.tensor].name != "target") continue;
    if (source.schema().find(column.name) < 0) return false;
    try {
      find_column_again(layout, column, source.schema());
    } catch (const Error& e) {
      log_line(CLQ_LOG_WARNING, fmt::format("{}: {}; no TARGET is written", source.uri(), e.what()));
      return false;
    }
    any = true;
  }
  return any;
}

void require_selected(const RowSet& rows, const DataSource& source, const std::string& where) {
  const int64_t n = source.schema().n_samples;
  if (n == 0) fail(CLQ_E_DATA, "{}: has no rows", source.uri());
  if (rows.size() == 0) fail(CLQ_E_DATA, "{}: where '{}' selects none of {} rows", source.uri(), where, n);
}

double mean_weight(const DataSource& source, const BatchLayout& layout, const RowSet& rows) {
  if (!has_columns(layout, "weight")) return 1.0;
  const auto tensor = static_cast<uint32_t>(layout.tensor("weight"));
  TensorRows weights(source, layout, tensor, std::min(kChunk, rows.size()));
  double sum = 0;
  int64_t count = 0;
  for (int64_t first = 0; first < rows.size(); first += kChunk) {
    std::vector<int64_t> chunk;
    for (int64_t k = first; k < std::min(first + kChunk, rows.size()); ++k) chunk.push_back(rows.select(k));
    const std::vector<uint8_t>& unreadable = weights.read(chunk);
    for (size_t i = 0; i < chunk.size(); ++i) {
      const double w = weights.values().as<double>()[i];
      if (unreadable[i] != 0 || !is_weight(w)) continue;
      sum += w;
      ++count;
    }
  }
  CLQ_REQUIRE(count > 0, "data.weight: no training row has a weight from 0 to 3.4e38");
  CLQ_REQUIRE(sum > 0, "data.weight: the weights of the training rows sum to {}", sum);
  return sum / static_cast<double>(count);
}

void for_each_target(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                     const std::function<void(const double*)>& take) {
  const auto tensor = static_cast<uint32_t>(layout.tensor("target"));
  const int64_t width = layout.tensors[tensor].desc.count(), most = std::max<int64_t>(1, kTargetBytes / (8 * width));
  TensorRows targets(source, layout, tensor, std::min(most, rows.size()));
  for (int64_t first = 0; first < rows.size(); first += most) {
    std::vector<int64_t> chunk;
    for (int64_t k = first; k < std::min(first + most, rows.size()); ++k) chunk.push_back(rows.select(k));
    const std::vector<uint8_t>& unreadable = targets.read(chunk);
    for (size_t i = 0; i < chunk.size(); ++i)
      if (unreadable[i] == 0) take(targets.values().as<double>().data() + static_cast<int64_t>(i) * width);
  }
}

Tensor read_input(const DataSource& source, const BatchLayout& layout, uint32_t tensor,
                  const std::vector<int64_t>& rows) {
  const auto n = static_cast<int64_t>(rows.size());
  const int64_t width = layout.tensors[tensor].desc.count(), given = layout.given_width(tensor);
  Tensor result({CLQ_F32, {n, given}});
  if (given == 0) return result;
  TensorRows input(source, layout, tensor, n);
  const std::vector<uint8_t>& unreadable = input.read(rows);
  for (int64_t i = 0; i < n; ++i)
    std::copy_n(input.values().as<float>().data() + i * width, given, result.as<float>().data() + i * given);
  blank_rows(result, unreadable.data(), n);
  return result;
}

}  // namespace clq
