// core/src/train/bundle.cpp -- a model in a file: weights and everything a prediction needs.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bundle.hpp"

#include <cmath>

#include "compile/layer_rows.hpp"
#include "data/image_field.hpp"
#include "train/bundle_json.hpp"
#include "train/safetensors_header.hpp"

namespace clq {
namespace {

constexpr const char* kHead = "calanque";
constexpr std::string_view kGolden = "golden.";

// A count of what a double holds exactly, else the double.
Json whole(double count) { return count < 9e15 ? Json(static_cast<int64_t>(count)) : Json(count); }

template <class T>
bool all_finite(std::span<const T> values) {
  for (const T v : values)
    if (!std::isfinite(v)) return false;
  return true;
}

// A layer of a plugin that is not loaded keeps its own status.
Program build_network(const Model& model, const std::string& path, const Registry& registry) {
  try {
    return build_program(ProgramKind::forward, model.spec, {}, 1, registry.ops(), registry);
  } catch (const Error& e) {
    fail(e.status() == CLQ_E_INVALID ? CLQ_E_DATA : e.status(), "{}: {}", path, e.what());
  } catch (const Json::exception& e) {
    fail(CLQ_E_DATA, "{}: {}", path, e.what());
  }
}

// The network of the file must be one that can be built, and its weights must be that network's.
void take_states(Model& model, TensorFile& file, const std::string& path, const Registry& registry) {
  const Program program = build_network(model, path, registry);
  for (const State& state : program.graph.states) {
    const auto at = file.tensors.find(state.name);
    if (at == file.tensors.end()) fail(CLQ_E_DATA, "{}: tensor '{}' is missing", path, state.name);
    const TensorDesc& wanted = program.graph.desc(state.before);
    if (at->second.desc() != wanted)
      fail(CLQ_E_DATA, "{}: tensor '{}' is {} {}, the network needs {} {}", path, state.name,
           dtype_name(at->second.desc().dtype), to_string(at->second.desc().dims), dtype_name(wanted.dtype),
           to_string(wanted.dims));
    if (!is_finite(at->second)) fail(CLQ_E_DATA, "{}: tensor '{}' holds a value that is not finite", path, state.name);
    model.states.emplace(state.name, std::move(at->second));
    file.tensors.erase(at);
  }
}

}  // namespace

bool is_finite(const Tensor& tensor) {
  if (tensor.desc().dtype == CLQ_F32) return all_finite(tensor.as<float>());
  if (tensor.desc().dtype == CLQ_F64) return all_finite(tensor.as<double>());
  return true;
}

TensorFile model_to_file(const Model& model, Json extra) {
  TensorFile file;
  for (const auto& [name, tensor] : model.states) file.tensors.emplace(name, tensor);
  for (const auto& [name, tensor] : model.golden) file.tensors.emplace(std::string(kGolden) + name, tensor);
  Json head = model_to_json(model);
  for (auto& [key, value] : extra.items()) head[key] = value;
  file.metadata[kHead] = head.dump();
  return file;
}

Json read_head(const TensorFile& file, const std::string& path) {
  const auto at = file.metadata.find(kHead);
  if (at == file.metadata.end()) fail(CLQ_E_DATA, "{}: not a calanque bundle: no '{}' in its metadata", path, kHead);
  Json head = parse_untrusted(at->second, 64, path + ": metadata");
  if (!head.is_object()) fail(CLQ_E_DATA, "{}: the metadata are not an object", path);
  return head;
}

std::shared_ptr<Model> model_from_file(TensorFile& file, const Json& head, const std::string& path,
                                       const Registry& registry) {
  auto model = std::make_shared<Model>();
  model_from_json(*model, head, path);
  take_states(*model, file, path, registry);
  for (auto at = file.tensors.begin(); at != file.tensors.end();) {
    if (!at->first.starts_with(kGolden)) {
      ++at;
      continue;
    }
    model->golden.emplace(at->first.substr(kGolden.size()), std::move(at->second));
    at = file.tensors.erase(at);
  }
  return model;
}

void save_bundle(const Model& model, const std::string& path) {
  write_tensor_file(path, model_to_file(model, {{"kind", "model"}}));
}

std::shared_ptr<Model> load_bundle(const std::string& path, const Registry& registry) {
  TensorFile file = read_tensor_file(path);
  const Json head = read_head(file, path);
  auto model = model_from_file(file, head, path, registry);
  if (head.contains("hash") && head["hash"] != model->hash())
    fail(CLQ_E_DATA, "{}: the hash of its tensors does not match", path);
  return model;
}

Json table_of_layers(const Model& model, const Registry& registry) {
  Json table = Json::array();
  for (const LayerRow& row : layer_rows(model.spec, registry.ops(), registry))
    table.push_back({{"name", row.name},
                     {"use", row.use},
                     {"output", row.output},
                     {"parameters", row.parameters},
                     {"flops", whole(row.flops)},
                     {"bytes", whole(row.bytes)}});
  return table;
}

Json inspect_bundle(const Model& model) {
  Json inputs = Json::array();
  for (const LayoutColumn& c : model.layout.columns)
    inputs.push_back({{"name", c.name}, {"tensor", model.layout.tensors[c.tensor].name}, {"count", c.count}});
  Json derived = Json::object();
  for (const DerivedColumn& d : model.layout.derived) derived[d.name] = d.expression;
  Json states = Json::array();
  for (const auto& [name, tensor] : model.states)
    states.push_back({{"name", name}, {"dtype", dtype_name(tensor.desc().dtype)}, {"dims", tensor.desc().dims}});
  // One by one: a list in braces that gets no memory half way loses what it holds.
  Json out = Json::object();
  out["id"] = model.id();
  out["hash"] = model.hash();
  out["task"] = model.spec.task;
  out["task_options"] = model.spec.task_options;
  out["inputs"] = inputs;
  out["derived"] = derived;
  out["bands"] = model.layout.images.bands;
  out["zeropoint"] = zeropoints_to_json(model.layout.images.zeropoint);
  out["nulls"] = model.layout.nulls;
  out["layers"] = model.spec.layers;
  out["loss"] = model.spec.loss;
  out["outputs"] = model.spec.outputs;
  out["transforms"] = model.transforms.state();
  out["target_transforms"] = steps_to_json(model.spec.target_steps);
  out["parameters"] = model.n_parameters();
  out["states"] = states;
  out["data"] = model.data.json();
  out["output"] = model.output.json();
  out["provenance"] = model.provenance;
  return out;
}

}  // namespace clq
