// tests/vocabulary/probe.cpp -- layers and losses with their gradients on any device, for a comparison.
// SPDX-License-Identifier: BSD-3-Clause
//
// vocabulary_probe
// stdout: {"layers": ["dense", ...], "losses": ["mse", ...]}: all that the core has
//
// vocabulary_probe FILE < {"device": "cpu_ref", "dtype": "f64", "tasks": [...]}, tasks as computed.hpp has them
// stdout: [{"states": [[name, dims], ...], "tensors": [[name, dims], ...]}, ...], an entry a task
// writes: FILE: the tensors one behind the other, F64, little endian
#include <fstream>
#include <iostream>
#include <iterator>

#include <calanque/core/layer.hpp>
#include <calanque/core/loss.hpp>

#include "vocabulary/computed.hpp"

namespace clq::test {
namespace {

Json names() {
  Json out = {{"layers", Json::array()}, {"losses", Json::array()}};
  for (const LayerEntry& entry : layer_table()) out["layers"].push_back(entry.name);
  for (const LossEntry& entry : loss_table()) out["losses"].push_back(entry.name);
  return out;
}

Json answer(const Json& task, const std::string& device, DType dtype, std::ostream& out) {
  const Computed done = computed(task, device, dtype);
  Json tensors = Json::array();
  for (const auto& [name, tensor] : done.tensors) {
    tensors.push_back({name, tensor.desc().dims});
    const std::vector<double> values = numbers(tensor);
    out.write(reinterpret_cast<const char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(double)));
  }
  return {{"states", done.states}, {"tensors", tensors}};
}

Json answers(const Json& all, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  const DType dtype = dtype_from_name(all.at("dtype").get<std::string>());
  Json list = Json::array();
  for (const Json& task : all.at("tasks")) {
    try {
      list.push_back(answer(task, all.at("device"), dtype, out));
    } catch (const std::exception& e) {
      clq::fail(CLQ_E_INVALID, "task {} {}: {}", list.size(), task.dump(), e.what());
    }
  }
  CLQ_REQUIRE(out.flush().good(), "{} cannot be written", path);
  return list;
}

}  // namespace
}  // namespace clq::test

int main(int argc, char** argv) {
  try {
    if (argc < 2) {
      std::cout << clq::test::names().dump() << "\n";
      return 0;
    }
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::cout << clq::test::answers(clq::Json::parse(text), argv[1]).dump() << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
