// tests/fuzz/bundle_json.cpp -- the JSON of a bundle or checkpoint, in a file whose checksums are right.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/bundle_json.hpp"

#include "config/toml.hpp"
#include "fuzz.hpp"
#include "train/safetensors_header.hpp"

namespace {

using namespace clq;
using fuzz::require;

constexpr int64_t kMostBytes = 1 << 20;  // of the weights that are made for a network

const Registry& registry() {
  static const Registry& core = *new Registry;  // without a plugin
  return core;
}

clq_status answer(auto&& body) {
  const clq_status status = fuzz::status_of<Error>(body);
  require(status == CLQ_OK || status == CLQ_E_DATA || status == CLQ_E_NOT_FOUND, "a file's words are wrong data");
  return status;
}

// Zeros for every weight that the network of the head asks for; none where there is no such network, or a large one.
TensorFile with_weights(const Json& head) {
  TensorFile file;
  try {
    Model model;
    model_from_json(model, head, "head");
    const Program program = build_program(ProgramKind::forward, model.spec, {}, 1, registry().ops(), registry());
    int64_t bytes = 0;
    for (const State& state : program.graph.states) {
      const TensorDesc& desc = program.graph.desc(state.before);
      if ((bytes += desc.bytes()) > kMostBytes) return {};
      file.tensors.emplace(state.name, Tensor(desc));
    }
  } catch (const Error&) {  // loading says it again
  } catch (const Json::exception&) {
  }
  return file;
}

void require_same_saved(const Model& model) {
  static const std::string again = fuzz::folder() + "/again.safetensors";
  save_bundle(model, again);
  const auto back = load_bundle(again, registry());
  require(model_to_json(*back) == model_to_json(model), "saved and loaded again it is another model");
  require(inspect_bundle(*back).dump() == inspect_bundle(model).dump(), "saved and loaded again it looks otherwise");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = fuzz::folder() + "/head.safetensors";
  const std::string text(reinterpret_cast<const char*>(data), size);
  Json head;
  if (answer([&] { head = parse_untrusted(text, 64, "head"); }) != CLQ_OK || !is_utf8(text)) return 0;
  TensorFile file = with_weights(head);
  file.metadata["calanque"] = text;
  write_tensor_file(path, file);
  answer([&] { load_checkpoint(path, registry()); });
  std::shared_ptr<Model> model;
  if (answer([&] { model = load_bundle(path, registry()); }) == CLQ_OK) require_same_saved(*model);
  return 0;
}
