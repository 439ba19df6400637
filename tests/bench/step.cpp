// tests/bench/step.cpp -- training steps of the network of Pasquet et al. 2019 on any device, timed on demand.
// SPDX-License-Identifier: BSD-3-Clause
//
// bench_step DEVICE THREADS BATCH, then a line of standard input for each answer:
//   run N    the seconds that N steps take
//   profile  of one step: its seconds, the share of oneDNN's reorders in it, the number of oneDNN's primitives, the
//            allocations inside them, and those of everything else
#include <dlfcn.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include <dnnl.h>

#include "config/toml.hpp"
#include "train/session.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::atomic<bool> counting{false}, in_primitive{false};
std::atomic<int64_t> primitives{0}, own_allocations{0}, primitive_allocations{0};
double reorder_seconds = 0;

}  // namespace

extern "C" void* __libc_malloc(size_t);
extern "C" __attribute__((visibility("default"))) void* malloc(size_t n) {
  if (counting) ++(in_primitive ? primitive_allocations : own_allocations);
  return __libc_malloc(n);
}

// In front of the library's: the plugin finds this one first.
extern "C" __attribute__((visibility("default"))) dnnl_status_t dnnl_primitive_execute(const_dnnl_primitive_t primitive,
                                                                                       dnnl_stream_t stream, int n,
                                                                                       const dnnl_exec_arg_t* args) {
  using Execute = decltype(&dnnl_primitive_execute);
  static const Execute next =
      reinterpret_cast<Execute>(dlsym(dlopen("libdnnl.so.2", RTLD_NOW), "dnnl_primitive_execute"));
  if (!counting) return next(primitive, stream, n, args);
  const_dnnl_primitive_desc_t desc = nullptr;
  dnnl_primitive_kind_t kind = dnnl_undefined_primitive;
  dnnl_primitive_get_primitive_desc(primitive, &desc);
  dnnl_primitive_desc_query(desc, dnnl_query_primitive_kind, 0, &kind);
  ++primitives;
  in_primitive = true;
  const auto start = Clock::now();
  const dnnl_status_t status = next(primitive, stream, n, args);
  if (kind == dnnl_reorder) reorder_seconds += seconds_since(start);
  in_primitive = false;
  return status;
}

namespace {

using namespace clq;

ModelSpec pasquet() {
  std::ifstream file(CLQ_MODEL);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ModelSpec model;
  model.inputs = {{"images", {CLQ_F32, {5, 64, 64}}}, {"scalars", {CLQ_F32, {1}}}};
  model.layers = read_toml(text, CLQ_MODEL).values.at("model").at("layer");
  model.layers.back()["units"] = 180;
  model.loss = Json{{"use", "softmax_cross_entropy"}};
  model.task = "photoz";
  model.task_options = Json{{"bins", {{"min", 0.0}, {"max", 0.4}, {"n", 180}}}};
  return model;
}

// Numbers in [0, 1), or weights of 1.
void fill(Buffer& buffer, const TensorDesc& desc, const std::string& name) {
  Tensor values(desc);
  uint32_t seed = 1;
  for (size_t i = 0; i < static_cast<size_t>(desc.count()); ++i) {
    seed = seed * 1664525 + 1013904223;
    const double u = name == "weight" ? 1 : static_cast<double>(seed >> 8) * 0x1p-24;
    if (desc.dtype == CLQ_I64)
      values.as<int64_t>()[i] = static_cast<int64_t>(u * 179);
    else if (desc.dtype == CLQ_F64)
      values.as<double>()[i] = u * 0.4;
    else
      values.as<float>()[i] = static_cast<float>(name == "target" ? u * 0.4 : u);
  }
  std::copy_n(values.bytes(), desc.bytes(), static_cast<std::byte*>(buffer.data()));
}

class Steps {
 public:
  Steps(const Registry& registry, const std::string& name, uint32_t threads, int64_t batch)
      : device_(registry.device(name), "{}", threads), stream_(device_), states_(device_) {
    TrainSpec train;
    train.optimizer = Json{{"name", "adam"}, {"lr", 1e-4}};
    program_ = std::make_unique<CompiledProgram>(
        device_, states_, build_program(ProgramKind::step, pasquet(), train, batch, registry.ops(), registry),
        CLQ_SEG_TRAINING);
    const Graph& graph = program_->program().graph;
    states_.import_all(stream_, initial_states(graph, {}, 1));
    std::vector<void*> inputs, outputs;
    for (const NamedValue& v : graph.inputs) inputs.push_back(room(graph.desc(v.value), v.name));
    for (const NamedValue& v : graph.outputs) outputs.push_back(room(graph.desc(v.value), v.name));
    workspace_ = Buffer(device_, program_->workspace_bytes(), CLQ_MEM_DEVICE);
    binding_ = program_->bind(inputs, outputs, workspace_.data());
    scalars_ = {1e-4, 0, 1, 0, static_cast<double>(batch)};
    std::fprintf(stderr, "workspace %.0f MB, states %.0f MB\n", static_cast<double>(workspace_.bytes()) * 1e-6,
                 static_cast<double>(states_.bytes()) * 1e-6);
  }

  double run(int64_t n) {
    const auto start = Clock::now();
    for (int64_t i = 0; i < n; ++i, ++scalars_.step) program_->run(*binding_, stream_, scalars_);
    return seconds_since(start);
  }

 private:
  void* room(const TensorDesc& desc, const std::string& name) {
    buffers_.push_back(std::make_unique<Buffer>(device_, desc.bytes(), CLQ_MEM_DEVICE));
    fill(*buffers_.back(), desc, name);
    return buffers_.back()->data();
  }

  Device device_;
  Stream stream_;
  StateStore states_;
  std::unique_ptr<CompiledProgram> program_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  Buffer workspace_;
  std::unique_ptr<Binding> binding_;
  CompiledProgram::Scalars scalars_;
};

void profile(Steps& steps) {
  primitives = own_allocations = primitive_allocations = 0;
  reorder_seconds = 0;
  counting = true;
  const double seconds = steps.run(1);
  counting = false;
  std::printf("%.6f %.5f %ld %ld %ld\n", seconds, reorder_seconds / seconds, static_cast<long>(primitives),
              static_cast<long>(primitive_allocations), static_cast<long>(own_allocations));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    auto* registry = new Registry;  // plugins stay mapped
    registry->load(CLQ_PLUGIN_DIR);
    Steps steps(*registry, argv[1], static_cast<uint32_t>(std::atoi(argv[2])), std::atoll(argv[3]));
    std::string word;
    while (std::cin >> word) {
      int64_t n = 0;
      if (word == "profile")
        profile(steps);
      else if (word == "run" && std::cin >> n)
        std::printf("%.6f\n", steps.run(n));
      std::fflush(stdout);
    }
  } catch (const Error& e) {
    std::fprintf(stderr, "bench_step: %s\n", e.what());
    return 1;
  }
}
