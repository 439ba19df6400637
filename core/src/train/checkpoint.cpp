// core/src/train/checkpoint.cpp -- a bundle with a trainer's whole state beside it.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bundle.hpp"
#include "train/bundle_json.hpp"

namespace clq {
namespace {

constexpr std::string_view kState = "state.";

}  // namespace

// The weights keep their plain names, so that a checkpoint can be used as a bundle.
void save_checkpoint(const Model& model, const std::map<std::string, Tensor>& all_states, const Progress& progress,
                     const Config& run, const MadeWith& made, const std::string& path,
                     const std::function<void()>& make_way) {
  TensorFile file = model_to_file(model, {{"kind", "checkpoint"},
                                          {"progress", progress_to_json(progress)},
                                          {"run", run.json()},
                                          {"made_with", made_with_to_json(made)}});
  for (const auto& [name, tensor] : all_states)
    if (!model.states.contains(name)) file.tensors.emplace(std::string(kState) + name, tensor);
  write_tensor_file(path, file, make_way);
}

Checkpoint load_checkpoint(const std::string& path, const Registry& registry) {
  TensorFile file = read_tensor_file(path);
  const Json head = read_head(file, path);
  if (head.value("kind", Json()) != "checkpoint") fail(CLQ_E_DATA, "{}: a bundle, not a checkpoint", path);
  Checkpoint result{model_from_file(file, head, path, registry), {}, {}, Config(Json::object()), {}};
  result.states = result.model->states;
  for (auto& [name, tensor] : file.tensors)
    if (name.starts_with(kState)) result.states.emplace(name.substr(kState.size()), std::move(tensor));
  try {
    result.progress = progress_from_json(head.at("progress"));
    result.run = Config(head.at("run"));
    result.made_with = made_with_from_json(head.value("made_with", Json::object()));  // older ones have none
  } catch (const Json::exception& e) {
    fail(CLQ_E_DATA, "{}: {}", path, e.what());
  } catch (const Error& e) {
    fail(CLQ_E_DATA, "{}: {}", path, e.what());
  }
  return result;
}

}  // namespace clq
