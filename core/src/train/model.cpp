// core/src/train/model.cpp -- a network from a resolved run file and the shapes of a source.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/model.hpp>

#include <unistd.h>

#include <algorithm>

#include "compile/layer_rows.hpp"
#include "compile/parts.hpp"
#include "data/computed_targets.hpp"
#include "data/image_chain.hpp"
#include "graph/init.hpp"
#include "train/d4_mean.hpp"
#include "train/model_layers.hpp"
#include "train/shown_layers.hpp"
#include "train/start_from.hpp"
#include "train/unsupervised.hpp"

namespace clq {
namespace {

Shape target_shape(const BatchLayout& layout, const std::string& learns) {
  const int64_t target = layout.tensor(learns);
  return target < 0 ? Shape{} : layout.tensors[static_cast<size_t>(target)].desc.dims;
}

// Of the last layer: a number a bin, else what the loss takes.
int64_t output_count(const Config& model, const ModelSpec& spec) {
  const Config bins = model.child("bins");
  if (bins.has("n")) return bins.require<int64_t>("n");
  return numbers_given(spec, element_count(spec.target));
}

std::vector<InputField> network_inputs(const BatchLayout& layout) {
  std::vector<InputField> inputs;
  for (const InputField& tensor : layout.tensors)
    if (tensor.name != "target" && tensor.name != "weight") inputs.push_back(tensor);
  return inputs;
}

// Where the loss takes the target for the number of a class, the network has one output a class.
int64_t class_count(const ModelSpec& spec, const Graph& forward) {
  const bool classes = spec.loss.value("use", "") == "softmax_cross_entropy" && !spec.task_options.contains("bins");
  if (!classes || !spec.target.empty()) return 0;
  for (const NamedValue& output : forward.outputs)
    if (output.name == "prediction") return forward.desc(output.value).dims.back();
  return 0;
}

// The layer that a state is of; the whole model where it is of none.
std::string layer_key(const std::string& state, const ModelSpec& spec, const Registry& registry) {
  const std::vector<LayerRow> rows = layer_rows(spec, registry.ops(), registry);
  for (size_t i = 0; i < rows.size(); ++i)
    if (state.starts_with(rows[i].name + ".")) return fmt::format("model.layer[{}]", i);
  return "model";
}

// Before any is made: what the machine does not have would end the process, and without words.
void require_memory(const Graph& graph, const ModelSpec& spec, const Registry& registry) {
  double bytes = 0, largest = 0, numbers = 0;
  std::string name, words;
  for (const State& state : graph.states) {
    const TensorDesc& desc = graph.desc(state.before);
    const auto size = static_cast<double>(desc.bytes());
    bytes += size;
    if (size <= largest) continue;
    largest = size;
    numbers = static_cast<double>(desc.count() * dtype_bytes(CLQ_F64));  // its first values, before they are converted
    name = state.name;
    words = fmt::format("{} {} takes {:.3g} GB", state.name, to_string(desc.dims), size / 1e9);
  }
  const double there = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGE_SIZE));
  if (bytes + numbers <= there) return;
  const Error error(CLQ_E_NOMEM, fmt::format("the network's states take {:.3g} GB, {:.3g} GB while they are made, and "
                                             "this machine has {:.3g} GB: {}",
                                             bytes / 1e9, (bytes + numbers) / 1e9, there / 1e9, words));
  throw KeyError(error, layer_key(name, spec, registry));
}

// A number of a vector may have any sign in another orientation.
void require_steps_of_turned(const Model& model) {
  const ImageChain* chain = model.transforms.images();
  if (chain == nullptr) return;
  for (const TargetStep& step : model.spec.target_steps)
    for (const std::string& field : step.fields)
      if (step.kind == TargetStepKind::log10 || step.kind == TargetStepKind::logit)
        CLQ_REQUIRE(std::find(chain->turned().begin(), chain->turned().end(), field) == chain->turned().end(),
                    "target_transform: {} turns with the images, and {} has no value of what becomes negative", field,
                    target_step_name(step.kind));
}

// Those that predictions are to show are known now, too.
void check_layers(const Model& model, const Registry& registry) {
  const ModelSpec spec = with_layers(model, {});
  if (!spec.shown.empty()) build_program(ProgramKind::forward, spec, {}, 1, registry.ops(), registry);
}

// A loss written down adds nothing to the network, whose numbers these tasks take for probabilities as they are.
void require_probability(const ModelSpec& spec) {
  const bool classes = spec.task == "classification" || spec.task == "segmentation";
  if (!classes || spec.loss.value("use", "") != "expression") return;
  const Json& last = spec.layers.back();
  const std::string use = last.value("use", ""), activation = last.value("activation", "");
  const bool is_linear = use == "dense" || use == "conv" || use == "conv_transpose";
  CLQ_REQUIRE(!is_linear || activation == "sigmoid",
              "model.loss: a {} takes what the network gives for a probability where the loss is an expression, and "
              "its last layer is a {} without activation = \"sigmoid\"",
              spec.task, use);
}

void initialise(Model& model, const Registry& registry, uint64_t seed) {
  const Program program = build_program(ProgramKind::forward, model.spec, {}, 1, registry.ops(), registry);
  require_memory(program.graph, model.spec, registry);
  int64_t parameters = 0, frozen = 0;
  for (const State& state : program.graph.states) {
    const TensorDesc& desc = program.graph.desc(state.before);
    model.states.emplace(state.name, make_initial(state.init, desc, seed, state.name));
    if (state.flags & CLQ_STATE_TRAINABLE) (state.frozen ? frozen : parameters) += desc.count();
  }
  model.provenance["parameters"] = parameters + frozen;
  if (frozen > 0) model.provenance["frozen_parameters"] = frozen;
  model.layout.classes = class_count(model.spec, program.graph);
}

}  // namespace

int64_t Model::n_parameters() const {
  const auto counted = provenance.find("parameters");
  if (counted != provenance.end() && counted->is_number_integer()) return counted->get<int64_t>();
  int64_t n = 0;
  for (const auto& [name, tensor] : states) n += tensor.desc().count();
  return n;
}

int64_t Model::given_width(size_t input) const {
  return layout.given_width(static_cast<size_t>(layout.tensor(spec.inputs.at(input).name)));
}

std::shared_ptr<Model> create_model(const Config& run, const DataSource& source, const Registry& registry) {
  auto model = std::make_shared<Model>();
  const Config network = run.child("model");
  const Config train = run.child("train");
  const auto seed = train.get<int64_t>("seed", 1);
  model->data = run.child("data");
  model->output = run.child("output");
  model->predict = run.child("predict");
  const std::vector<Config> transforms = run.children("transform");
  model->spec.task = run.get<std::string>("task", "regression");
  const Json member = task_member(registry, model->spec.task);  // an unknown task is told before all else
  const auto computed = with_computed_targets(source, model->data, true);
  model->layout = make_layout(model->data, computed ? computed->schema() : source.schema(),
                              has_target_column(model->spec.task), Transforms::need_mask(transforms), true);
  model->spec.inputs = network_inputs(model->layout);
  model->spec.learns = learned_tensor(model->spec.task, model->data, model->layout);
  model->spec.task_options = resolve_task_options(network);
  CLQ_REQUIRE(model->spec.task != "classification" || !model->spec.task_options.contains("bins"),
              "model.bins: a classification has classes, not bins");
  model->spec.target = target_shape(model->layout, model->spec.learns);
  model->spec.loss = Json::object();
  if (network.children("output").empty()) model->spec.loss = resolve_loss(network, model->spec.task, member);
  complete_loss(model->spec.task, model->spec.loss, model->spec.learns, model->layout);
  model->spec.layers = resolve_layers(network, output_count(network, model->spec));
  place_columns(model->spec.layers, model->layout);
  model->spec.outputs = resolve_outputs(network, model->layout, model->spec.layers);
  CLQ_REQUIRE(model->spec.outputs.empty() || model->spec.task == "regression",
              "task '{}' has one output; of several each says its own task", model->spec.task);
  model->spec.plugins = plugins_of(model->spec, registry);
  model->transforms = Transforms::from_config(transforms, model->layout);
  if (model->spec.learns.empty()) require_contrast(Config(network).require<Json>("layer"), model->transforms);
  CLQ_REQUIRE(model->spec.learns == "target" || run.children("target_transform").empty(),
              "target_transform: task '{}' has no target", model->spec.task);
  model->transforms.learn_targets(TargetTransforms::from_config(run.children("target_transform"), model->layout));
  model->spec.target_steps = model->transforms.targets().steps();
  require_steps_of_turned(*model);
  model->layout.target_may_miss = masks_nan(model->spec);
  averages_d4(*model, {});  // what cannot be averaged is known now
  check_layers(*model, registry);
  require_probability(model->spec);
  model->provenance = {{"version", CLQ_VERSION_TEXT}, {"seed", seed}, {"split", run.child("split").json()}};
  initialise(*model, registry, static_cast<uint64_t>(seed));
  start_from(*model, train, registry);
  return model;
}

}  // namespace clq
