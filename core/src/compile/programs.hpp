// core/src/compile/programs.hpp -- from a model's description to the graphs that run: forward, evaluate, step ...
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/core/layer.hpp>
#include <calanque/core/loss.hpp>
#include <calanque/core/metric.hpp>
#include <calanque/core/optimizer.hpp>

#include "config/target_steps.hpp"
#include "graph/graph_builder.hpp"
#include "ops/op_table.hpp"

namespace clq {

// Where layers, losses ... of plugins are found; the runtime's registry implements it.
class BuilderLookup {
 public:
  virtual ~BuilderLookup() = default;
  virtual const clq_builder* find(const std::string& kind, const std::string& name) const = 0;  // nullptr: none
  virtual std::string plugin_of(const clq_builder&) const { return ""; }  // the id of who offers it
  virtual std::vector<std::string> builder_names(const std::string& /*kind*/) const { return {}; }
  // "org.a 1.0.0" of each part that a plugin offers, by kind and name.
  virtual Json offered_by(const std::vector<std::pair<std::string, std::string>>& /*parts*/) const {
    return Json::object();
  }
  // For an error of what is not there: ", did you mean 'mse'?" and which plugins were refused, or "".
  std::string hint(const std::string& kind, const std::string& name, std::vector<std::string> known) const;

 protected:
  virtual std::string refused_plugins() const { return ""; }  // "; the plugins' report says why ..."
};

// Everything about a network that its programs depend on; plain values, kept in the bundle.
struct ModelSpec {
  std::vector<InputField> inputs;  // one-sample descs: {"scalars", F32 [10]}
  Json layers;                     // the resolved [[model.layer]] array
  Json loss;                       // {"use": "softmax_cross_entropy", ...}; {} beside `outputs`
  std::string task;                // "photoz", "regression", "classification"
  Json task_options;               // {"bins": {"min": 0, "max": 1, "n": 100}}
  Shape target;                    // of one sample: [] for one number, [K] for K outputs or soft labels
  // The tensor of a batch that is learned: "target", or an input, which the network is to give again; "": none.
  std::string learns = "target";
  // What is done to the target before it is learned, and undone in predictions.
  std::vector<TargetStep> target_steps;
  // Of several outputs each {"name", "from", "loss", "weight", "task", "places"}: a layer, and places of the target.
  Json outputs = Json::array();
  Json plugins = Json::object();        // who offers a part that is not the core's: {"layer a.b": "org.a 1.0.0"}
  std::vector<std::string> shown = {};  // layers whose values forward gives beside the prediction; not in bundles
  DType dtype = CLQ_F32;  // of parameters and of what is computed; F64 for oracles. Float inputs are cast to it
};

// How the micro-batches of a step are spread over replicas and summed.
struct StepPlan {
  int64_t replicas = 1;
  int64_t pieces = 1;   // micro-batches of one replica
  bool tree = false;    // summed by a binary tree over all of them, else one after the other; a power of two each
  int64_t piece = 0;    // the micro-batch of its replica that gradients is for
  bool split = false;   // the host looks at the gradients before they are applied
  int variant() const;  // of gradients: equal for pieces that may run the same program
  bool in_one() const { return !split && pieces == 1 && !(tree && replicas > 1); }  // step does it all
};

struct TrainSpec {
  Json optimizer;        // {"name": "adamw", "lr": 1e-3, "weight_decay": 1e-4}
  double clip_norm = 0;  // 0: off; by the global L2 norm
  StepPlan plan = {};
  // Of the parameters without CLQ_STATE_NO_DECAY, where their layer has none; differentiated with the loss and no part
  // of the one that is reported.
  Penalty penalty = {};
  double ema = 0;  // 0: off; else the averages of the parameters are kept, and evaluate looks at them
};
inline constexpr std::string_view kAverage = "ema.";  // in front of a parameter's name: the state of its average

enum class ProgramKind {
  forward,    // inputs -> "prediction": what the task and the user see; "layer.<name>" of those that are shown
  post,       // "prediction" (an input) -> the task's named outputs
  score,      // "prediction", "target", "weight" (inputs) -> metrics
  evaluate,   // inputs, "target", "weight" -> loss sums and metrics
  gradients,  // inputs, "target", "weight" -> accumulates into states "grad.<parameter>"
  apply,      // reads and clears "grad.*", updates the parameters
  step,       // gradients and apply in one, nothing accumulated between
  diagnose    // inputs, "target", "weight" -> of each scope, in the order of the work, U8 []: all it made is finite
};

struct Program {
  ProgramKind kind;
  int64_t batch;  // the fixed number of rows
  Graph graph;
};

// States that every training program shares by name:
//   <parameters>, <optimizer's moments>, "ema.<parameter>" (the host starts it as the parameter),
//   "train.loss_sum" F64, "train.weight_sum" F64 (sums since the host last cleared them), "train.bad_steps" I64 (in a
//   row; sticks at 3), "train.skipped_steps" I64 (of the whole run), "grad.<parameter>", "grad.loss" F64, "grad.weight"
//   F64, "grad.next.<state>": sums over the micro-batches and replicas of one step, made by gradients, taken by apply;
//   worth nothing between steps.
// evaluate and score keep "metric.<name>.sum" and "metric.<name>.weight" F64 and "metric.loss.*"; metrics that need
// rows are outputs "metric.<name>" F64 [N]. A bad step (loss or gradient norm not finite) changes no state but
// these counts; at 3 nothing changes any more. What layers assign (running statistics) becomes the mean of what the
// micro-batches of the step would each have made of it. The loss is sum_i w_i l_i / batch_count; rows of padding have
// weight 0.
Program build_program(ProgramKind kind, const ModelSpec& model, const TrainSpec& train, int64_t batch,
                      const OpTable& ops, const BuilderLookup& builders);

// The prediction's description for one sample: {F32, [100]}.
TensorDesc prediction_desc(const ModelSpec& model, const OpTable& ops, const BuilderLookup& builders);

}  // namespace clq
