// core/src/data/batch_layout.cpp -- which column of a source goes where in a batch.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/batch_layout.hpp"

#include <set>

#include "data/glob.hpp"
#include "data/image_field.hpp"

namespace clq {
namespace {

constexpr int64_t kMostElements = int64_t{1} << 28;  // of a tensor in one row: what a damaged header says is no size

// A key that holds one text or a list of them, or a table of what is computed, by name.
std::vector<std::string> names_at(const Config& data, const std::string& key) {
  if (!data.has(key)) return {};
  if (data.json().at(key).is_string()) return {data.require<std::string>(key)};
  if (!data.json().at(key).is_object()) return data.require<std::vector<std::string>>(key);
  std::vector<std::string> names;
  for (const auto& [name, unused] : data.json().at(key).items()) names.push_back(name);
  return names;
}

std::string full_key(const Config& data, const std::string& key) {
  return data.path().empty() ? "data." + key : data.path() + "." + key;
}

// A column that the source knows and does not offer.
void require_read(const std::vector<std::string>& wanted, const DataSchema& schema, const std::string& key) {
  for (const std::string& name : wanted) {
    const std::string note = schema.find(name) < 0 ? note_on(schema, name) : "";
    CLQ_REQUIRE(note.empty(), "{}: there is no column '{}'{}", key, name, note);
  }
}

// Images are no columns: a pattern passes them by.
void refuse_images(const std::vector<std::string>& wanted, const DataSchema& schema, const std::string& key) {
  for (const std::string& name : wanted) {
    const int64_t f = schema.find(name);
    CLQ_REQUIRE(f < 0 || schema.fields[static_cast<size_t>(f)].role != CLQ_ROLE_IMAGE,
                "{}: {} holds images, which are an input of their own", key, name);
  }
}

std::vector<uint32_t> fields_at(const Config& data, const std::string& key, const DataSchema& schema) {
  std::vector<std::string> names;
  std::vector<uint32_t> places;
  for (uint32_t f = 0; f < schema.fields.size(); ++f) {
    if (schema.fields[f].role == CLQ_ROLE_IMAGE) continue;
    names.push_back(schema.fields[f].name);
    places.push_back(f);
  }
  require_read(names_at(data, key), schema, full_key(data, key));
  refuse_images(names_at(data, key), schema, full_key(data, key));
  std::vector<uint32_t> fields;
  for (const size_t i : expand_globs(names_at(data, key), names, full_key(data, key))) {
    const Field& field = schema.fields[places[i]];
    CLQ_REQUIRE((field.flags & CLQ_FIELD_TEXT) == 0, "{}: {} is a text column, not numbers{}", full_key(data, key),
                field.name, note_on(schema, field.name));
    CLQ_REQUIRE((field.flags & CLQ_FIELD_RAGGED) == 0, "{}: the rows of {} differ in shape", full_key(data, key),
                field.name);
    fields.push_back(places[i]);
  }
  return fields;
}

// Appends a tensor with the fields side by side; `flat` keeps a single scalar at rank 0.
void add_tensor(BatchLayout& layout, const std::string& name, DType dtype, const std::vector<uint32_t>& fields,
                const DataSchema& schema, bool flat) {
  const auto tensor = static_cast<uint32_t>(layout.tensors.size());
  int64_t offset = 0;
  for (const uint32_t f : fields) {
    const int64_t count = schema.fields[f].sample.count();
    CLQ_REQUIRE(count > 0, "{} has no elements", schema.fields[f].name);
    if (count > kMostElements || offset > kMostElements - count)
      fail(CLQ_E_DATA, "{} has {} elements a row, at most {} are read of all columns of {}", schema.fields[f].name,
           count, kMostElements, name);
    layout.columns.push_back({schema.fields[f].name, f, tensor, offset, count, schema.fields[f].role});
    offset += count;
  }
  const bool scalar = flat && (fields.empty() || (fields.size() == 1 && schema.fields[fields[0]].sample.dims.empty()));
  layout.tensors.push_back({name, {dtype, scalar ? Shape{} : Shape{offset}}});
}

// Behind the columns of "scalars", which is the last tensor so far.
void add_derived(BatchLayout& layout, const Config& data) {
  const Config table = data.child("derived");
  if (table.json().empty()) return;
  CLQ_REQUIRE(layout.tensor("scalars") >= 0, "{} needs columns of {}", full_key(data, "derived"),
              full_key(data, "scalars"));
  for (const auto& [name, expression] : table.json().items()) {
    CLQ_REQUIRE(!name.empty() && !is_glob(name), "{}: '{}' cannot be the name of an input", full_key(data, "derived"),
                name);
    for (const LayoutColumn& column : layout.columns)
      CLQ_REQUIRE(column.name != name, "{}: {} is a column already", full_key(data, "derived"), name);
    layout.derived.push_back({name, table.require<std::string>(name)});
  }
  layout.tensors.back().desc.dims[0] += static_cast<int64_t>(layout.derived.size());
}

void add_images(BatchLayout& layout, const Config& data, const DataSchema& schema, bool with_mask) {
  const uint32_t f = find_images(data, schema);
  if (f == CLQ_NONE) {
    CLQ_REQUIRE(!with_mask, "a mask needs images, the source has none");
    return;
  }
  const Shape& dims = schema.fields[f].sample.dims;
  layout.images = image_facts(data, schema, dims[0]);
  layout.columns.push_back({schema.fields[f].name, f, static_cast<uint32_t>(layout.tensors.size()), 0,
                            schema.fields[f].sample.count(), schema.fields[f].role});
  layout.tensors.push_back({"images", {CLQ_F32, dims}});
  if (with_mask) layout.tensors.push_back({"mask", {CLQ_F32, dims}});
}

void refuse_double_use(const BatchLayout& layout, const Config& data, const std::vector<uint32_t>& targets,
                       const DataSchema& schema) {
  std::set<std::string> seen;
  for (const LayoutColumn& column : layout.columns)
    CLQ_REQUIRE(seen.insert(column.name).second, "{}: {} is asked for twice", full_key(data, "scalars"), column.name);
  for (const uint32_t f : targets)
    CLQ_REQUIRE(!seen.contains(schema.fields[f].name), "{}: {} is the target, it cannot be an input too",
                full_key(data, "scalars"), schema.fields[f].name);
}

void add_targets(BatchLayout& layout, const Config& data, const std::vector<uint32_t>& targets,
                 const DataSchema& schema) {
  CLQ_REQUIRE(!targets.empty(), "{} is missing", full_key(data, "target"));
  std::set<uint32_t> once(targets.begin(), targets.end());
  CLQ_REQUIRE(once.size() == targets.size(), "{}: a column is asked for twice", full_key(data, "target"));
  add_tensor(layout, "target", CLQ_F64, targets, schema, true);
}

void add_weight(BatchLayout& layout, const Config& data, const DataSchema& schema, bool read) {
  const std::vector<uint32_t> fields = read ? fields_at(data, "weight", schema) : std::vector<uint32_t>{};
  CLQ_REQUIRE(fields.size() <= 1, "{} must be one column, {} match", full_key(data, "weight"), fields.size());
  for (const uint32_t f : fields) {
    const Field& field = schema.fields[f];
    CLQ_REQUIRE(field.sample.count() == 1, "{}: {} has shape {}, one number is needed", full_key(data, "weight"),
                field.name, to_string(field.sample.dims));
    for (const LayoutColumn& column : layout.columns)
      CLQ_REQUIRE(column.field != f, "{}: {} is an input or target already", full_key(data, "weight"), field.name);
  }
  add_tensor(layout, "weight", CLQ_F64, fields, schema, true);
  layout.tensors.back().desc.dims.clear();
}

}  // namespace

std::string note_on(const DataSchema& schema, const std::string& column) {
  const Json* table =
      schema.metadata.is_object() && schema.metadata.contains("table") ? &schema.metadata["table"] : nullptr;
  if (table == nullptr || !table->is_object() || !table->contains("notes") || !(*table)["notes"].is_array()) return "";
  for (const Json& note : (*table)["notes"])
    if (note.is_string() && note.get_ref<const std::string&>().starts_with("column " + column + " "))
      return "; " + note.get<std::string>();
  return "";
}

int64_t BatchLayout::tensor(const std::string& name) const {
  for (size_t t = 0; t < tensors.size(); ++t)
    if (tensors[t].name == name) return static_cast<int64_t>(t);
  return -1;
}

int64_t BatchLayout::given_width(size_t tensor) const {
  const InputField& field = tensors.at(tensor);
  if (field.name == "mask") return 0;
  return field.desc.count() - (field.name == "scalars" ? static_cast<int64_t>(derived.size()) : 0);
}

ImageShape BatchLayout::image_shape() const {
  const int64_t t = tensor("images");
  if (t < 0) return {};
  const Shape& dims = tensors[static_cast<size_t>(t)].desc.dims;
  return {dims.at(0), dims.at(1), dims.at(2)};
}

int64_t BatchLayout::columns_width() const {
  const int64_t scalars = tensor("scalars");
  return scalars < 0 ? 0 : given_width(static_cast<size_t>(scalars));
}

BatchLayout make_layout(const Config& data, const DataSchema& schema, bool with_target, bool with_mask,
                        bool with_weight) {
  BatchLayout layout;
  const std::vector<uint32_t> scalars = fields_at(data, "scalars", schema);
  if (!scalars.empty()) add_tensor(layout, "scalars", CLQ_F32, scalars, schema, false);
  add_derived(layout, data);
  add_images(layout, data, schema, with_mask);
  CLQ_REQUIRE(!layout.tensors.empty(), "{} names no column; it lists the inputs of the network",
              full_key(data, "scalars"));
  const std::vector<uint32_t> targets = with_target ? fields_at(data, "target", schema) : std::vector<uint32_t>{};
  refuse_double_use(layout, data, targets, schema);
  if (with_target) add_targets(layout, data, targets, schema);
  add_weight(layout, data, schema, with_target || with_weight);
  layout.nulls = data.get("null", std::vector<double>{});
  layout.id = data.get("id", std::string());
  return layout;
}

}  // namespace clq
