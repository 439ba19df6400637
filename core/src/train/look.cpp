// core/src/train/look.cpp -- one row of a source to look at: as it is, and as a network gets it.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/look.hpp"

#include <algorithm>
#include <cmath>

#include "data/transform_columns.hpp"
#include "train/atomic_file.hpp"
#include "train/prediction_table.hpp"
#include "train/seen_rows.hpp"
#include "train/source_rows.hpp"
#include "train/stretch.hpp"

namespace clq {
namespace {

struct Shown {            // one image
  std::string name;       // of the field or tensor
  bool is_input = false;  // as the network gets it
  Tensor values;          // [bands, height, width] F32
  std::vector<std::string> bands;
  ImageView view() const {
    return {values.as<float>(), values.desc().dims[0], values.desc().dims[1], values.desc().dims[2]};
  }
};

bool is_image(const Field& field) {
  const size_t rank = field.sample.dims.size();
  return (field.flags & (CLQ_FIELD_TEXT | CLQ_FIELD_RAGGED)) == 0 && (rank == 2 || rank == 3);
}

std::vector<std::string> band_names(const DataSchema& schema, int64_t bands) {
  std::vector<std::string> names;
  const Json none = Json::array();
  const Json known = schema.metadata.is_object() && schema.metadata.contains("images")
                         ? schema.metadata["images"].value("bands", none)
                         : none;
  for (int64_t b = 0; b < bands; ++b) {
    const auto at = static_cast<size_t>(b);
    const bool named = known.size() == static_cast<size_t>(bands) && known[at].is_string();
    names.push_back(named ? known[at].get<std::string>() : std::to_string(b));
  }
  return names;
}

Shown shown(const std::string& name, bool is_input, const float* values, Shape dims, const DataSchema& schema) {
  if (dims.size() == 2) dims.insert(dims.begin(), 1);
  Shown image{name, is_input, Tensor({CLQ_F32, dims}), band_names(schema, dims[0])};
  std::copy_n(values, image.values.desc().count(), image.values.as<float>().data());
  return image;
}

Json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}

// An integer exactly; where F64, which has a NaN for what is null or undefined, finds none, that.
Json whole(const DataSource& source, uint32_t f, int64_t row) {
  const double value = source.read_field(f, {row}, CLQ_F64).as<double>()[0];
  if (!std::isfinite(value) || value != std::floor(value)) return number(value);
  const DType dtype = source.schema().fields[f].sample.dtype;
  if (dtype == CLQ_U64) return source.read_field(f, {row}, CLQ_U64).as<uint64_t>()[0];
  if (dtype == CLQ_I64) return source.read_field(f, {row}, CLQ_I64).as<int64_t>()[0];
  return static_cast<int64_t>(value);
}

// Numbers and texts; of a vector column every element.
Json columns_of(const DataSource& source, int64_t row) {
  Json columns = Json::object();
  const DataSchema& schema = source.schema();
  for (uint32_t f = 0; f < schema.fields.size(); ++f) {
    const Field& field = schema.fields[f];
    if (is_image(field) || (field.flags & CLQ_FIELD_RAGGED) != 0) continue;
    if ((field.flags & CLQ_FIELD_TEXT) != 0) {
      const Tensor text = source.read_field(f, {row}, CLQ_U8);
      const std::string all(reinterpret_cast<const char*>(text.bytes()), static_cast<size_t>(text.desc().count()));
      const size_t end = all.find_last_not_of(std::string_view("\0 ", 2));
      columns[field.name] = end == std::string::npos ? "" : all.substr(0, end + 1);
    } else if (field.sample.dims.empty() && !is_float(field.sample.dtype)) {
      columns[field.name] = whole(source, f, row);
    } else {
      const Tensor values = source.read_field(f, {row}, CLQ_F64);
      Json list = Json::array();
      for (const double value : values.as<double>()) list.push_back(number(value));
      columns[field.name] = field.sample.dims.empty() ? list[0] : list;
    }
  }
  return columns;
}

Json band_json(const std::string& name, std::span<const float> pixels, const Stretch& stretch) {
  Json json = {{"name", name}, {"not_finite", static_cast<int64_t>(pixels.size()) - stretch.finite}};
  double low = INFINITY, high = -INFINITY;
  for (const float pixel : pixels) {
    if (!std::isfinite(pixel)) continue;
    low = std::min(low, static_cast<double>(pixel));
    high = std::max(high, static_cast<double>(pixel));
  }
  json["minimum"] = stretch.finite > 0 ? Json(low) : Json();
  json["median"] = stretch.finite > 0 ? Json(stretch.middle) : Json();
  json["maximum"] = stretch.finite > 0 ? Json(high) : Json();
  json["stretch"] = stretch.text();
  return json;
}

// Of a column, whose name may hold anything.
std::string file_name(std::string name) {
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return c == '/' || c < ' ' || c == 0x7f; }, '_');
  return name;
}

Json draw(const Shown& image, const std::string& prefix) {
  const ImageView view = image.view();
  std::vector<Stretch> stretches;
  const std::string name = (image.is_input ? "input-" : "") + image.name;
  Json json = {{"name", name}, {"shape", image.values.desc().dims}, {"bands", Json::array()}};
  for (int64_t b = 0; b < view.bands; ++b) {
    stretches.push_back(choose_stretch(view.band(b)));
    json["bands"].push_back(band_json(image.bands[static_cast<size_t>(b)], view.band(b), stretches.back()));
  }
  if (prefix.empty()) return json;
  const std::string stem = prefix + "-" + file_name(name);
  write_file(stem + ".png", bands_picture(view, stretches).png());
  json["files"] = {stem + ".png"};
  if (view.bands < 3) return json;
  const auto colours = colour_bands(view.bands);
  write_file(stem + "-rgb.png", colour_picture(view, stretches, colours).png());
  json["files"].push_back(stem + "-rgb.png");
  for (const int64_t b : colours) json["colours"].push_back(image.bands[static_cast<size_t>(b)]);
  return json;
}

TableColumn column_of(const std::string& name, const Tensor& values, const Shape& sample, const std::string& comment) {
  TableColumn column;
  column.field.name = name;
  column.field.axes = sample.size() == 3 ? "cyx" : "";
  column.field.role = sample.size() == 3 ? CLQ_ROLE_IMAGE : CLQ_ROLE_OTHER;
  column.field.sample = {values.desc().dtype, sample};
  column.comment = comment;
  column.data = values.bytes();
  column.stride = values.desc().bytes();
  return column;
}

void write_values(const std::vector<Shown>& images, const SeenRows* seen, int64_t row, const std::string& uri,
                  const Registry& registry) {
  Tensor place({CLQ_I64, {1}});
  place.as<int64_t>()[0] = row;
  std::vector<TableColumn> columns = {column_of("ROW", place, {}, "row of the data, the first is 0")};
  for (const Shown& image : images)
    columns.push_back(column_of((image.is_input ? "input_" : "") + image.name, image.values, image.values.desc().dims,
                                image.is_input ? "as the network gets it" : "as the source gives it"));
  for (size_t t = 0; seen != nullptr && t < seen->seen.size(); ++t) {
    const InputField& tensor = seen->layout.tensors[t];
    if (tensor.name != "scalars") continue;
    columns.push_back(column_of("given_" + tensor.name, seen->given[t], tensor.desc.dims, "as the source gives them"));
    columns.push_back(column_of("input_" + tensor.name, seen->seen[t], tensor.desc.dims, "as the network gets them"));
  }
  PredictionTable table(registry, uri, std::move(columns), {{"hdu", "LOOK"}}, 1);
  table.write(0, 1);
  table.commit();
}

// Of each input before and after the transforms: {"MAG_U": [21.3, -0.4]}; a derived one has no value before.
Json inputs_json(const SeenRows& rows) {
  Json json = Json::object();
  const int64_t tensor = rows.layout.tensor("scalars");
  if (tensor < 0) return json;
  const auto t = static_cast<size_t>(tensor);
  const std::vector<std::string> names = InputNames(rows.layout).elements;
  const int64_t given = rows.layout.given_width(t);
  for (size_t i = 0; i < names.size(); ++i) {
    const auto value = [i](const Tensor& values) { return number(static_cast<double>(values.as<float>()[i])); };
    json[names[i]] = {static_cast<int64_t>(i) < given ? value(rows.given[t]) : Json(), value(rows.seen[t])};
  }
  return json;
}

void add_inputs(std::vector<Shown>& images, const SeenRows& rows, const DataSchema& schema) {
  for (size_t t = 0; t < rows.seen.size(); ++t) {
    const InputField& tensor = rows.layout.tensors[t];
    if (tensor.desc.dims.size() == 3 && tensor.desc.dtype == CLQ_F32)
      images.push_back(shown(tensor.name, true, rows.seen[t].as<float>().data(), tensor.desc.dims, schema));
  }
}

bool writes(const Registry& registry, const std::string& uri) {
  try {
    registry.sink_for(uri);
    return true;
  } catch (const Error& e) {
    if (e.status() != CLQ_E_UNSUPPORTED) throw;
    return false;
  }
}

}  // namespace

Json look(const DataSource& source, const Model* model, int64_t row, const std::string& prefix,
          const Registry& registry) {
  const DataSchema& schema = source.schema();
  CLQ_REQUIRE(row >= 0 && row < schema.n_samples, "row must be from 0 to {}, got {}", schema.n_samples - 1, row);
  Json json = {{"uri", source.uri()}, {"row", row}, {"where", source.locate(row)}};
  json["columns"] = columns_of(source, row);
  std::vector<Shown> images;
  for (uint32_t f = 0; f < schema.fields.size(); ++f)
    if (is_image(schema.fields[f]))
      images.push_back(shown(schema.fields[f].name, false, source.read_field(f, {row}, CLQ_F32).as<float>().data(),
                             schema.fields[f].sample.dims, schema));
  SeenRows seen;
  if (model != nullptr) {
    CLQ_REQUIRE(model->fitted, "the model's transforms have no statistics yet: train it, or fit it");
    seen = see_rows(source, bind_to_source(model->layout, source, false), model->transforms, {row});
    json["bad"] = seen.bad[0];
    json["why"] = seen.why[0];
    json["inputs"] = inputs_json(seen);
    add_inputs(images, seen, schema);
  }
  const std::string values = prefix + "-values.fits";
  require_other_file(source, values);
  json["images"] = Json::array();
  for (const Shown& image : images) json["images"].push_back(draw(image, prefix));
  json["values"] = nullptr;
  if (prefix.empty() || !writes(registry, values)) return json;
  write_values(images, model == nullptr ? nullptr : &seen, row, values, registry);
  json["values"] = values;
  return json;
}

}  // namespace clq
