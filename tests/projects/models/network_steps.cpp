// tests/projects/models/network_steps.cpp -- steps of a shipped network on any device, for a comparison.
// SPDX-License-Identifier: BSD-3-Clause
//
// network_steps FOLDER < task: what it reads and writes lies in FOLDER, little endian, without a header.
// stdin:  {"use": "pasquet2019", "inputs": {"images": [5, 64, 64], "scalars": [1]}, "units": 180, "target": [],
//          "loss": {...}, "device": "cpu_ref", "dtype": "f64", "rows": n, "optimizer": {...}, "learning_rate": r,
//          "steps": n}; "file", a model file, in place of "use"; also "parameters" of the model, "seed" of its weights,
//          and "given": true; "units" are those of the last layer, where it needs them
// reads:  images.bin F32 [rows, 5, 64, 64] and so on for each input, target.bin F64 [rows, target], where steps > 0;
//         given.bin: other trainable states to start from, as start.bin has them
// writes: start.bin, end.bin: the trainable states one behind the other, in `dtype`
// stdout: {"shapes": {"conv": [rows, 64, 64, 64], ...}, "states": [{"name": ..., "dims": ...}, ...], "losses": [...]}
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "config/run_file.hpp"
#include "runtime/registry.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

// The layers of a model file, written out.
Json layers_of(const Json& task) {
  RunFile file = RunFile::parse("", "task");
  const char* key = task.contains("file") ? "file" : "use";
  file.set(fmt::format("model.{}", key), task.at(key).get<std::string>());
  const Json parameters = task.value("parameters", Json::object());
  for (const auto& [name, value] : parameters.items()) file.set("model.parameters." + name, value.dump());
  file.find_models_in({CLQ_MODEL_DIR});
  Json layers = file.get("model.layer");
  if (task.contains("units")) layers.back()["units"] = task["units"];
  return layers;
}

ModelSpec network(const Json& task) {
  ModelSpec model;
  for (const auto& [name, dims] : task.at("inputs").items()) model.inputs.push_back({name, {CLQ_F32, dims}});
  model.layers = layers_of(task);
  model.loss = task.at("loss");
  model.task = "regression";
  model.target = task.at("target").get<Shape>();
  model.dtype = dtype_from_name(task.at("dtype").get<std::string>());
  return model;
}

// The last value that each layer makes.
Json shapes_of(const Graph& graph) {
  Json shapes = Json::object();
  for (const Op& op : graph.ops) shapes[op.scope] = graph.desc(op.outputs.front()).dims;
  return shapes;
}

void read(std::ifstream& in, Tensor& tensor, const std::string& what) {
  in.read(reinterpret_cast<char*>(tensor.bytes()), static_cast<std::streamsize>(tensor.desc().bytes()));
  CLQ_REQUIRE(in.gcount() == tensor.desc().bytes(), "{} is too short for {}", what, to_string(tensor.desc().dims));
}

Tensor read(const std::string& path, DType dtype, const Shape& dims) {
  Tensor tensor({dtype, dims});
  std::ifstream in(path, std::ios::binary);
  read(in, tensor, path);
  return tensor;
}

std::vector<std::string> trainable(const Graph& graph) {
  std::vector<std::string> names;
  for (const State& state : graph.states)
    if (state.flags & CLQ_STATE_TRAINABLE) names.push_back(state.name);
  return names;
}

void read_states(Runner& runner, const Graph& graph, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  for (const std::string& name : trainable(graph)) {
    Tensor value = runner.state(name);
    read(in, value, path);
    runner.set_state(name, value);
  }
}

Json write_states(const Runner& runner, const Graph& graph, const std::string& path) {
  Json list = Json::array();
  std::ofstream out(path, std::ios::binary);
  for (const std::string& name : trainable(graph)) {
    const Tensor value = runner.state(name);
    out.write(reinterpret_cast<const char*>(value.bytes()), static_cast<std::streamsize>(value.desc().bytes()));
    list.push_back({{"name", name}, {"dims", value.desc().dims}});
  }
  CLQ_REQUIRE(out.flush().good(), "{} cannot be written", path);
  return list;
}

double loss_sum(const Runner& runner) { return numbers(runner.state("train.loss_sum")).at(0); }

// With the number of rows in front.
Shape batched(int64_t rows, Shape dims) {
  dims.insert(dims.begin(), rows);
  return dims;
}

Tensors read_batch(const ModelSpec& model, int64_t rows, const std::string& folder) {
  Tensors batch = {{"weight", filled({rows}, 1)},
                   {"target", read(folder + "/target.bin", CLQ_F64, batched(rows, model.target))}};
  for (const InputField& input : model.inputs)
    batch[input.name] = read(folder + "/" + input.name + ".bin", CLQ_F32, batched(rows, input.desc.dims));
  return batch;
}

Json steps(const Json& task, const std::string& folder) {
  Registry plugins;
  plugins.load(CLQ_PLUGIN_DIR "/clq_deepdip.so");
  const int64_t rows = task.at("rows"), n_steps = task.at("steps");
  const ModelSpec model = network(task);
  const OpTable ops;
  Json answer = {{"shapes", shapes_of(build_program(ProgramKind::forward, model, {}, rows, ops, plugins).graph)}};
  const Program step = build_program(ProgramKind::step, model, {task.at("optimizer"), 0.0}, rows, ops, plugins);
  Runner runner(step.graph, task.at("device"), CLQ_SEG_TRAINING, task.value("seed", uint64_t{1}));
  if (task.value("given", false)) read_states(runner, step.graph, folder + "/given.bin");
  answer["states"] = write_states(runner, step.graph, folder + "/start.bin");
  answer["losses"] = Json::array();
  if (n_steps == 0) return answer;
  const Tensors batch = read_batch(model, rows, folder);
  for (int64_t i = 0; i < n_steps; ++i) {
    const double before = loss_sum(runner);
    runner.run(batch, {{"learning_rate", task.at("learning_rate")},
                       {"batch_count", static_cast<double>(rows)},
                       {"step", static_cast<double>(i)}});
    answer["losses"].push_back((loss_sum(runner) - before) / static_cast<double>(rows));
  }
  write_states(runner, step.graph, folder + "/end.bin");
  return answer;
}

}  // namespace
}  // namespace clq::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "network_steps FOLDER < task\n";
    return 2;
  }
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  try {
    std::cout << clq::test::steps(clq::Json::parse(text), argv[1]).dump() << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
