// tests/projects/deepdip/network_steps.cpp -- steps of a shipped network on any device, for a comparison.
// SPDX-License-Identifier: BSD-3-Clause
//
// network_steps FOLDER < task: what it reads and writes lies in FOLDER, little endian, without a header.
// stdin:  {"use": "pasquet2019", "bands": 5, "size": 64, "bins": {...}, "device": "cpu_ref", "dtype": "f64", "rows": n,
//          "optimizer": {...}, "learning_rate": r, "steps": n}
// reads:  images.bin F32 [rows, bands, size, size], scalars.bin F32 [rows, 1], target.bin F64 [rows], where steps > 0
// writes: start.bin, end.bin: the trainable states one behind the other, in `dtype`
// stdout: {"shapes": {"conv": [rows, 64, 64, 64], ...}, "states": [{"name": ..., "dims": ...}, ...], "losses": [...]}
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include <calanque/plugin/builder.h>

#include "config/run_file.hpp"
#include "photoz.hpp"

namespace clq::test {
namespace {

ModelSpec network(const Json& task) {
  RunFile file = RunFile::parse("", "task");
  file.set("model.use", task.at("use").get<std::string>());
  file.find_models_in({CLQ_MODEL_DIR});
  const int64_t bands = task.at("bands"), size = task.at("size");
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {bands, size, size}}}, {"scalars", {CLQ_F32, {1}}}};
  model.layers = file.get("model.layer");
  model.layers.back()["units"] = task.at("bins").at("n");
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  model.task = "photoz";
  model.task_options = Json{{"bins", task.at("bins")}};
  model.dtype = dtype_from_name(task.at("dtype").get<std::string>());
  return model;
}

// The last value that each layer makes.
Json shapes_of(const Graph& graph) {
  Json shapes = Json::object();
  for (const Op& op : graph.ops) shapes[op.scope] = graph.desc(op.outputs.front()).dims;
  return shapes;
}

Tensor read(const std::string& path, DType dtype, const Shape& dims) {
  Tensor tensor({dtype, dims});
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(tensor.bytes()), static_cast<std::streamsize>(tensor.desc().bytes()));
  CLQ_REQUIRE(in.gcount() == tensor.desc().bytes(), "{} is too short for {}", path, to_string(dims));
  return tensor;
}

Json write_states(const Runner& runner, const Graph& graph, const std::string& path) {
  Json list = Json::array();
  std::ofstream out(path, std::ios::binary);
  for (const State& state : graph.states) {
    if (!(state.flags & CLQ_STATE_TRAINABLE)) continue;
    const Tensor value = runner.state(state.name);
    out.write(reinterpret_cast<const char*>(value.bytes()), static_cast<std::streamsize>(value.desc().bytes()));
    list.push_back({{"name", state.name}, {"dims", value.desc().dims}});
  }
  CLQ_REQUIRE(out.flush().good(), "{} cannot be written", path);
  return list;
}

double loss_sum(const Runner& runner) { return numbers(runner.state("train.loss_sum")).at(0); }

Json steps(const Json& task, const std::string& folder) {
  const int64_t rows = task.at("rows"), bands = task.at("bands"), size = task.at("size");
  const ModelSpec model = network(task);
  const OpTable ops;
  Json answer = {{"shapes", shapes_of(build_program(ProgramKind::forward, model, {}, rows, ops, plugins()).graph)}};
  const Program step = build_program(ProgramKind::step, model, {task.at("optimizer"), 0.0}, rows, ops, plugins());
  Runner runner(step.graph, task.at("device"), CLQ_SEG_TRAINING);
  answer["states"] = write_states(runner, step.graph, folder + "/start.bin");
  answer["losses"] = Json::array();
  const int64_t n_steps = task.at("steps");
  if (n_steps == 0) return answer;
  const Tensors batch = {{"images", read(folder + "/images.bin", CLQ_F32, {rows, bands, size, size})},
                         {"scalars", read(folder + "/scalars.bin", CLQ_F32, {rows, 1})},
                         {"target", read(folder + "/target.bin", CLQ_F64, {rows})},
                         {"weight", filled({rows}, 1)}};
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
