// tests/bench/step.cpp -- training steps of two shipped networks on any device, timed on demand.
// SPDX-License-Identifier: BSD-3-Clause
//
// bench_step NETWORK DEVICE THREADS BATCH [FAULT]: network pasquet (pasquet2019.toml) or table (boss_dr10.toml); device
// cpu is the one that a run file gets that names none. Then a line of standard input for each answer:
//   run N    the seconds that N steps take, and their seconds of CPU
//   profile  of one step: its seconds, the share of oneDNN's reorders in it, the number of oneDNN's primitives, the
//            allocations inside them, and those of everything else
// FAULT plants what the profile must see: allocation (one a step), reorder (1 GiB a step).
#include <dlfcn.h>
#include <omp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>

#include <dnnl.hpp>

#include "config/toml.hpp"
#include "train/device_choice.hpp"
#include "train/session.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }  // of all threads

std::atomic<bool> counting{false};
std::atomic<int> in_primitive{0};  // by several threads at once, where a product is cut into pieces
thread_local int own_primitive = 0;
std::atomic<int64_t> primitives{0}, own_allocations{0}, primitive_allocations{0};
double reorder_seconds = 0;

// oneDNN's: what a thread does in a primitive, and what OpenMP's other threads do while there is one.
void count_allocation() {
  if (!counting) return;
  const bool inside = own_primitive > 0 || (in_primitive > 0 && omp_in_parallel() != 0);
  ++(inside ? primitive_allocations : own_allocations);
}

}  // namespace

#define CLQ_SEEN extern "C" __attribute__((visibility("default")))
extern "C" void* __libc_malloc(size_t);
extern "C" void* __libc_calloc(size_t, size_t);
extern "C" void* __libc_realloc(void*, size_t);
extern "C" void* __libc_memalign(size_t, size_t);
CLQ_SEEN void* malloc(size_t n) {
  count_allocation();
  return __libc_malloc(n);
}
CLQ_SEEN void* calloc(size_t n, size_t size) {
  count_allocation();
  return __libc_calloc(n, size);
}
CLQ_SEEN void* realloc(void* old, size_t n) {
  count_allocation();
  return __libc_realloc(old, n);
}
CLQ_SEEN void* aligned_alloc(size_t align, size_t n) {
  count_allocation();
  return __libc_memalign(align, n);
}
CLQ_SEEN void* memalign(size_t align, size_t n) {
  count_allocation();
  return __libc_memalign(align, n);
}
CLQ_SEEN int posix_memalign(void** out, size_t align, size_t n) {
  count_allocation();
  *out = __libc_memalign(align, n);
  return *out == nullptr ? ENOMEM : 0;
}

// In front of the library's: the plugin finds this one first.
CLQ_SEEN dnnl_status_t dnnl_primitive_execute(const_dnnl_primitive_t primitive, dnnl_stream_t stream, int n,
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
  ++in_primitive;
  ++own_primitive;
  const auto start = Clock::now();
  const dnnl_status_t status = next(primitive, stream, n, args);
  if (kind == dnnl_reorder) reorder_seconds += seconds_since(start);
  --own_primitive;
  --in_primitive;
  return status;
}

namespace {

using namespace clq;

struct Problem {
  ModelSpec model;
  TrainSpec train;
};

Json read_file(const std::string& path) {
  std::ifstream file(path);
  return read_toml(std::string(std::istreambuf_iterator<char>(file), {}), path).values;
}

Problem pasquet() {
  Problem p;
  p.model.inputs = {{"images", {CLQ_F32, {5, 64, 64}}}, {"scalars", {CLQ_F32, {1}}}};
  p.model.layers = read_file(CLQ_SOURCE "/projects/deepdip/models/pasquet2019.toml").at("model").at("layer");
  p.model.layers.back()["units"] = 180;
  p.model.loss = Json{{"use", "softmax_cross_entropy"}};
  p.model.task_options = Json{{"bins", {{"min", 0.0}, {"max", 0.4}, {"n", 180}}}};
  p.train.optimizer = Json{{"name", "adam"}, {"lr", 1e-4}};
  return p;
}

// Its five magnitudes, their errors and three colours.
Problem table() {
  const Json run = read_file(CLQ_SOURCE "/projects/deepdip/runs/boss_dr10.toml");
  Problem p;
  p.model.inputs = {{"scalars", {CLQ_F32, {13}}}};
  p.model.layers = run.at("model").at("layer");
  p.model.layers.back()["units"] = run.at("model").at("bins").at("n");
  p.model.loss = run.at("model").at("loss");
  p.model.task_options = Json{{"bins", run.at("model").at("bins")}};
  p.train.optimizer = run.at("train").at("optimizer");
  return p;
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
  Steps(const Registry& registry, Problem problem, const Compute& compute, int64_t batch) : batch_(batch) {
    problem.model.task = "photoz";
    Program program = build_program(ProgramKind::step, problem.model, problem.train, batch, registry.ops(), registry);
    device_ = open_device(registry, compute, program.graph, CLQ_SEG_TRAINING);
    stream_ = std::make_unique<Stream>(*device_);
    states_ = std::make_unique<StateStore>(*device_);
    program_ = std::make_unique<CompiledProgram>(*device_, *states_, std::move(program), CLQ_SEG_TRAINING);
    const Graph& graph = program_->program().graph;
    states_->import_all(*stream_, initial_states(graph, {}, 1));
    std::vector<void*> inputs, outputs;
    for (const NamedValue& v : graph.inputs) inputs.push_back(room(graph.desc(v.value), v.name));
    for (const NamedValue& v : graph.outputs) outputs.push_back(room(graph.desc(v.value), v.name));
    workspace_ = Buffer(*device_, program_->workspace_bytes(), CLQ_MEM_DEVICE);
    binding_ = program_->bind(inputs, outputs, workspace_.data());
    std::fprintf(stderr, "%s, workspace %.0f MB, states %.0f MB\n", device_->name().c_str(),
                 static_cast<double>(workspace_.bytes()) * 1e-6, static_cast<double>(states_->bytes()) * 1e-6);
  }

  void step() {
    program_->run(*binding_, *stream_, {1e-4, step_++, 1, 0, static_cast<double>(batch_)});
  }

 private:
  void* room(const TensorDesc& desc, const std::string& name) {
    buffers_.push_back(std::make_unique<Buffer>(*device_, desc.bytes(), CLQ_MEM_DEVICE));
    fill(*buffers_.back(), desc, name);
    return buffers_.back()->data();
  }

  std::unique_ptr<Device> device_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<StateStore> states_;
  std::unique_ptr<CompiledProgram> program_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  Buffer workspace_;
  std::unique_ptr<Binding> binding_;
  int64_t batch_, step_ = 0;
};

void allocate() {
  auto* volatile planted = new char[64];
  delete[] planted;
}

// 128 MiB from row-major to blocks of 16, eight times.
class PlantedReorder {
 public:
  PlantedReorder()
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        rows_({{kDims, dnnl::memory::data_type::f32, dnnl::memory::format_tag::abcd}, engine_}),
        blocks_({{kDims, dnnl::memory::data_type::f32, dnnl::memory::format_tag::aBcd16b}, engine_}),
        reorder_(rows_, blocks_) {}
  void execute() {
    for (int i = 0; i < 8; ++i) reorder_.execute(stream_, rows_, blocks_);
  }

 private:
  inline static const dnnl::memory::dims kDims = {128, 64, 64, 64};
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::memory rows_, blocks_;
  dnnl::reorder reorder_;
};

void run(Steps& steps, int64_t n) {
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  for (int64_t i = 0; i < n; ++i) steps.step();
  std::printf("%.6f %.6f\n", seconds_since(start), cpu_seconds() - cpu);
}

void profile(Steps& steps, const std::function<void()>& fault) {
  primitives = own_allocations = primitive_allocations = 0;
  reorder_seconds = 0;
  counting = true;
  const auto start = Clock::now();
  steps.step();
  fault();
  const double seconds = seconds_since(start);
  counting = false;
  std::printf("%.6f %.5f %ld %ld %ld\n", seconds, reorder_seconds / seconds, static_cast<long>(primitives),
              static_cast<long>(primitive_allocations), static_cast<long>(own_allocations));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  try {
    auto* registry = new Registry;  // plugins stay mapped
    registry->load(CLQ_PLUGIN_DIR);
    Compute compute;
    compute.device = argv[2];
    compute.threads = static_cast<uint32_t>(std::atoi(argv[3]));
    Steps steps(*registry, std::string(argv[1]) == "table" ? table() : pasquet(), compute, std::atoll(argv[4]));
    const std::string planted = argc > 5 ? argv[5] : "";
    std::function<void()> fault = [] {};
    if (planted == "allocation") fault = allocate;
    if (planted == "reorder") fault = [r = std::make_shared<PlantedReorder>()] { r->execute(); };
    std::string word;
    while (std::cin >> word) {
      int64_t n = 0;
      if (word == "profile")
        profile(steps, fault);
      else if (word == "run" && std::cin >> n)
        run(steps, n);
      std::fflush(stdout);
    }
  } catch (const Error& e) {
    std::fprintf(stderr, "bench_step: %s\n", e.what());
    return 1;
  }
}
