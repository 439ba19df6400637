// core/src/train/bundle_json.cpp -- the JSON of a bundle: what is in a model beside its tensors.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bundle_json.hpp"

#include <algorithm>

#include "compile/parts.hpp"
#include "data/image_field.hpp"

namespace clq {
namespace {

Json fields_to_json(const std::vector<InputField>& fields) {
  Json list = Json::array();
  for (const InputField& f : fields)
    list.push_back({{"name", f.name}, {"dtype", dtype_name(f.desc.dtype)}, {"dims", f.desc.dims}});
  return list;
}

std::vector<InputField> fields_from_json(const Json& list) {
  std::vector<InputField> fields;
  for (const Json& item : list) {
    InputField field{item.at("name").get<std::string>(), {}};
    field.desc.dtype = dtype_from_name(item.at("dtype").get<std::string>());
    field.desc.dims = item.at("dims").get<Shape>();
    CLQ_REQUIRE(field.desc.dims.size() < CLQ_MAX_RANK, "input '{}' has too many dimensions", field.name);
    for (const int64_t dim : field.desc.dims) CLQ_REQUIRE(dim > 0, "input '{}' has a dimension of {}", field.name, dim);
    fields.push_back(std::move(field));
  }
  return fields;
}

Json layout_to_json(const BatchLayout& layout) {
  Json columns = Json::array();
  for (const LayoutColumn& c : layout.columns)
    columns.push_back({{"name", c.name}, {"tensor", c.tensor}, {"offset", c.offset}, {"count", c.count}});
  Json derived = Json::array();
  for (const DerivedColumn& d : layout.derived) derived.push_back({{"name", d.name}, {"expression", d.expression}});
  return {{"tensors", fields_to_json(layout.tensors)},
          {"columns", columns},
          {"derived", derived},
          {"nulls", layout.nulls},
          {"id", layout.id},
          {"classes", layout.classes},
          {"images",
           {{"bands", layout.images.bands},
            {"zeropoint", zeropoints_to_json(layout.images.zeropoint)},
            {"bands_may_miss", layout.images.bands_may_miss}}}};
}

ImageFacts facts_from_json(const Json& json) {
  ImageFacts facts;
  facts.bands = json.value("bands", facts.bands);
  facts.zeropoint = zeropoints_from_json(json.value("zeropoint", Json::array()), "its zero points");
  facts.bands_may_miss = json.value("bands_may_miss", false);
  return facts;
}

BatchLayout layout_from_json(const Json& json) {
  BatchLayout layout;
  layout.tensors = fields_from_json(json.at("tensors"));
  for (const Json& item : json.at("columns")) {
    LayoutColumn c{item.at("name").get<std::string>(), CLQ_NONE, item.at("tensor").get<uint32_t>(),
                   item.at("offset").get<int64_t>(), item.at("count").get<int64_t>()};
    CLQ_REQUIRE(c.tensor < layout.tensors.size(), "column '{}' belongs to no tensor", c.name);
    const int64_t room = layout.tensors[c.tensor].desc.count();
    CLQ_REQUIRE(c.count > 0 && c.offset >= 0 && c.count <= room && c.offset <= room - c.count,
                "column '{}' lies outside its tensor", c.name);
    layout.columns.push_back(std::move(c));
  }
  for (const Json& item : json.at("derived"))
    layout.derived.push_back({item.at("name").get<std::string>(), item.at("expression").get<std::string>()});
  CLQ_REQUIRE(layout.derived.empty() || layout.columns_width() > 0, "{} derived inputs and no columns",
              layout.derived.size());
  layout.nulls = json.at("nulls").get<std::vector<double>>();
  layout.id = json.at("id").get<std::string>();
  layout.classes = json.value("classes", int64_t{0});
  layout.images = facts_from_json(json.value("images", Json::object()));
  return layout;
}

// Of the kinds that resuming and predicting a part rely on.
Json provenance_from_json(const Json& json) {
  const Config provenance(json, "provenance");
  provenance.get<std::string>("fingerprint", "");
  provenance.get<int64_t>("frozen_parameters", 0);
  provenance.child("split");
  return provenance.json();
}

// Its columns lie side by side as they are listed, and leave room for the derived inputs alone.
void require_filled(const BatchLayout& layout, size_t tensor) {
  const auto& [name, desc] = layout.tensors[tensor];
  int64_t filled = 0;
  for (const LayoutColumn& c : layout.columns) {
    if (c.tensor != tensor) continue;
    CLQ_REQUIRE(c.offset == filled, "column '{}' begins at {}, expected {}", c.name, c.offset, filled);
    filled += c.count;
  }
  const bool constant = name == "weight" && filled == 0;
  CLQ_REQUIRE(constant || filled == layout.given_width(tensor), "tensor '{}' of its batches has {} columns of {}", name,
              filled, layout.given_width(tensor));
}

// What images and their mask must be; a number a band where there is any.
Shape image_dims(const BatchLayout& layout) {
  const int64_t images = layout.tensor("images");
  CLQ_REQUIRE(images >= 0, "its batches have a mask and no images");
  const Shape& dims = layout.tensors[static_cast<size_t>(images)].desc.dims;
  CLQ_REQUIRE(dims.size() == 3, "its images are {}, expected [bands, height, width]", to_string(dims));
  for (const size_t n : {layout.images.bands.size(), layout.images.zeropoint.size()})
    CLQ_REQUIRE(n == 0 || static_cast<int64_t>(n) == dims[0], "its images have {} bands, described are {}", dims[0], n);
  return dims;
}

// Readers write and networks read by these types and sizes.
void require_agreement(const ModelSpec& spec, const BatchLayout& layout) {
  std::vector<InputField> inputs;
  for (size_t t = 0; t < layout.tensors.size(); ++t) {
    const auto& [name, desc] = layout.tensors[t];
    const bool images = name == "images" || name == "mask", input = images || name == "scalars";
    CLQ_REQUIRE(input || name == "target" || name == "weight", "its batches have an unknown tensor '{}'", name);
    CLQ_REQUIRE(layout.tensor(name) == static_cast<int64_t>(t), "its batches have two tensors '{}'", name);
    if (name == spec.learns && input)
      CLQ_REQUIRE(spec.target == desc.dims, "its network gives {} for its input '{}' of {}", to_string(spec.target),
                  name, to_string(desc.dims));
    const Shape no_image = input ? Shape{desc.count()} : name == "target" ? spec.target : Shape{};
    const TensorDesc wanted{input ? CLQ_F32 : CLQ_F64, images ? image_dims(layout) : no_image};
    CLQ_REQUIRE(desc == wanted, "tensor '{}' of its batches is {} {}, expected {} {}", name, dtype_name(desc.dtype),
                to_string(desc.dims), dtype_name(wanted.dtype), to_string(wanted.dims));
    require_filled(layout, t);
    if (input) inputs.push_back(layout.tensors[t]);
  }
  CLQ_REQUIRE(spec.learns == "target" || layout.tensor("target") < 0, "its batches have a target, it learns '{}'",
              spec.learns);
  CLQ_REQUIRE(
      spec.learns.empty() || (layout.tensor(spec.learns) >= 0 && spec.learns != "weight" && spec.learns != "mask"),
      "it learns '{}', which its batches do not have", spec.learns);
  CLQ_REQUIRE(!inputs.empty() && layout.tensor("weight") >= 0, "its batches lack inputs or weight");
  const auto same = [](const InputField& a, const InputField& b) { return a.name == b.name && a.desc == b.desc; };
  CLQ_REQUIRE(std::equal(inputs.begin(), inputs.end(), spec.inputs.begin(), spec.inputs.end(), same),
              "its network reads other inputs than its batches have");
}

Json plateau_to_json(const Plateau& p) {
  return {{"scale", p.scale}, {"best", p.best}, {"has_best", p.has_best}, {"epochs_since_best", p.epochs_since_best}};
}

Plateau plateau_from_json(const Json& json) {
  const Plateau p{json.at("scale").get<double>(), json.at("best").get<double>(), json.at("has_best").get<bool>(),
                  json.at("epochs_since_best").get<int64_t>()};
  CLQ_REQUIRE(p.scale >= 0 && p.scale <= 1 && p.epochs_since_best >= 0, "progress.plateau is {}", json.dump());
  return p;
}

}  // namespace

Json model_to_json(const Model& model) {
  return {{"format", kBundleFormat},
          {"spec",
           {{"inputs", fields_to_json(model.spec.inputs)},
            {"layers", model.spec.layers},
            {"loss", model.spec.loss},
            {"task", model.spec.task},
            {"task_options", model.spec.task_options},
            {"target", model.spec.target},
            {"learns", model.spec.learns},
            {"target_transforms", steps_to_json(model.spec.target_steps)},
            {"outputs", model.spec.outputs},
            {"plugins", model.spec.plugins},
            {"dtype", dtype_name(model.spec.dtype)}}},
          {"data", model.data.json()},
          {"output", model.output.json()},
          {"predict", model.predict.json()},
          {"layout", layout_to_json(model.layout)},
          {"fitted", model.fitted},
          {"transforms", model.transforms.state()},
          {"provenance", model.provenance},
          {"hash", model.hash()}};
}

void model_from_json(Model& model, const Json& json, const std::string& where) {
  try {
    const int64_t format = json.at("format").get<int64_t>();
    if (format != kBundleFormat)
      fail(CLQ_E_DATA, "{}: bundle format {} is unknown to version {}", where, format, CLQ_VERSION_TEXT);
    const Json& spec = json.at("spec");
    model.spec.inputs = fields_from_json(spec.at("inputs"));
    model.spec.layers = spec.at("layers");
    model.spec.loss = spec.at("loss");
    model.spec.task = spec.at("task").get<std::string>();
    model.spec.task_options = spec.at("task_options");
    model.spec.target = spec.at("target").get<Shape>();
    model.spec.learns = spec.value("learns", model.spec.learns);
    const Json steps = spec.value("target_transforms", Json::array());  // older bundles have none
    model.spec.target_steps = steps_from_json(steps, element_count(model.spec.target));
    model.spec.outputs = spec.value("outputs", Json::array());
    CLQ_REQUIRE(model.spec.outputs.is_array(), "its outputs are no list: {}", model.spec.outputs.dump());
    for (const Json& output : model.spec.outputs)
      CLQ_REQUIRE(output.is_object() && output.value("loss", Json()).is_object(),
                  "an output is no table with a loss: {}", output.dump());
    model.spec.plugins = spec.value("plugins", Json::object());  // older bundles have none
    CLQ_REQUIRE(model.spec.plugins.is_object(), "its plugins are no table: {}", model.spec.plugins.dump());
    for (const auto& [part, plugin] : model.spec.plugins.items())
      CLQ_REQUIRE(plugin.is_string(), "the plugin of its {} is no text: {}", part, plugin.dump());
    model.spec.dtype = dtype_from_name(spec.at("dtype").get<std::string>());
    model.data = Config(json.at("data"), "data");
    model.output = Config(json.at("output"), "output");
    model.predict = Config(json.value("predict", Json::object()), "predict");
    model.layout = layout_from_json(json.at("layout"));
    model.layout.target_may_miss = masks_nan(model.spec);
    require_agreement(model.spec, model.layout);
    model.fitted = json.at("fitted").get<bool>();
    model.transforms = Transforms::from_state(json.at("transforms"), model.layout);
    model.transforms.learn_targets(TargetTransforms(model.spec.target_steps));
    CLQ_REQUIRE(!model.fitted || !model.transforms.targets().needs_fit(), "its target's transforms lack statistics");
    model.provenance = provenance_from_json(json.at("provenance"));
  } catch (const Json::exception& e) {
    fail(CLQ_E_DATA, "{}: {}", where, e.what());
  } catch (const Error& e) {
    fail(e.status() == CLQ_E_INVALID ? CLQ_E_DATA : e.status(), "{}: {}", where, e.what());
  }
}

Json progress_to_json(const Progress& p) {
  return {{"step", p.step},
          {"epoch", p.epoch},
          {"batch", p.batch},
          {"best_epoch", p.best_epoch},
          {"epochs_since_best", p.epochs_since_best},
          {"rows_skipped", p.rows_skipped},
          {"skipped_in_epoch", p.skipped_in_epoch},
          {"skipped_steps", p.skipped_steps},
          {"best_score", p.best_epoch < 0 ? 0.0 : p.best_score},
          {"plateau", plateau_to_json(p.plateau)},
          {"metrics_bytes", p.metrics_bytes},
          {"log_bytes", p.log_bytes},
          {"event_bytes", p.event_bytes},
          {"finished", p.finished},
          {"end_reason", p.end_reason}};
}

Progress progress_from_json(const Json& json) {
  Progress p;
  const auto count = [&](const char* key) {
    const auto value = json.at(key).get<int64_t>();
    CLQ_REQUIRE(value >= (std::string_view(key) == "best_epoch" ? -1 : 0), "progress.{} is {}", key, value);
    return value;
  };
  p.step = count("step");
  p.epoch = count("epoch");
  p.batch = count("batch");
  p.best_epoch = count("best_epoch");
  p.epochs_since_best = count("epochs_since_best");
  p.rows_skipped = count("rows_skipped");
  p.skipped_in_epoch = count("skipped_in_epoch");
  p.skipped_steps = json.contains("skipped_steps") ? count("skipped_steps") : 0;  // older runs have none
  p.best_score = json.at("best_score").get<double>();
  if (json.contains("plateau")) p.plateau = plateau_from_json(json["plateau"]);
  p.metrics_bytes = count("metrics_bytes");
  p.log_bytes = count("log_bytes");
  p.event_bytes = json.contains("event_bytes") ? count("event_bytes") : 0;  // nor these
  p.finished = json.at("finished").get<bool>();
  p.end_reason = json.at("end_reason").get<std::string>();
  return p;
}

}  // namespace clq
