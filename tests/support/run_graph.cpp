// tests/support/run_graph.cpp -- a graph compiled and run by a backend plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include "support/run_graph.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <dlfcn.h>

#include "base/thread_error.hpp"
#include "compile/segment.hpp"
#include "graph/init.hpp"

namespace clq::test {
namespace {

uint32_t CLQ_CALL thread_count(clq_team*) { return 1; }

void CLQ_CALL parallel_for(clq_team*, uint32_t n, void(CLQ_CALL* body)(void*, uint32_t, uint32_t), void* arg) {
  for (uint32_t i = 0; i < n; ++i) body(arg, i, 0);
}

constexpr clq_host_threads kThreads = {CLQ_TABLE(clq_host_threads), thread_count, parallel_for};

void CLQ_CALL set_error(const clq_host*, const char* message) { set_thread_error(message); }

const void* CLQ_CALL get_extension(const clq_host*, const char* id) {
  return std::strcmp(id, CLQ_HOST_THREADS_ID) == 0 ? &kThreads : nullptr;
}

constexpr clq_host kHost = {sizeof(clq_host), CLQ_ABI_MAJOR, CLQ_ABI_MINOR, nullptr,
                            "test",           CLQ_RELEASE,   set_error,     get_extension};

void check(clq_status status, const char* what) {
  if (status != CLQ_OK) clq::fail(status, "{}: {} ({})", what, take_thread_error(), status);
}

const clq_backend_api& load(const std::string& plugin) {
  static std::map<std::string, const clq_backend_api*> loaded;
  if (const auto known = loaded.find(plugin); known != loaded.end()) return *known->second;
  const std::string file = std::string(CLQ_PLUGIN_DIR) + "/clq_" + plugin + ".so";
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) clq::fail(CLQ_E_IO, "{}", dlerror());
  const auto* entry = static_cast<const clq_plugin_entry*>(dlsym(library, CLQ_PLUGIN_SYMBOL));
  CLQ_REQUIRE(entry != nullptr, "{} exports no {}", file, CLQ_PLUGIN_SYMBOL);
  check(entry->init(&kHost), "init");
  const auto* api = static_cast<const clq_backend_api*>(entry->get_factory(CLQ_BACKEND_ID));
  CLQ_REQUIRE(api != nullptr, "{} has no backend", file);
  return *(loaded[plugin] = api);
}

uint64_t cell(double value, DType dtype) {
  if (dtype == CLQ_F64) return std::bit_cast<uint64_t>(value);
  return dtype == CLQ_I64 ? static_cast<uint64_t>(static_cast<int64_t>(value)) : static_cast<uint64_t>(value);
}

Tensor storage(int64_t bytes) { return Tensor({CLQ_U8, {bytes + 64}}); }

}  // namespace

struct Runner::Impl {
  const clq_backend_api& api;
  Graph graph;
  Segment segment;
  clq_backend* backend = nullptr;
  clq_stream* stream = nullptr;
  clq_event* event = nullptr;
  clq_executable* executable = nullptr;
  clq_binding* binding = nullptr;
  std::vector<Tensor> inputs, outputs, states;
  Tensor workspace;

  Impl(const Graph& g, const clq_backend_api& table, uint32_t flags, uint32_t device)
      : api(table), graph(g), segment(g, flags) {
    check(api.open(device, "{}", nullptr, &backend), "open");
    check(api.stream_create(backend, &stream), "stream");
    check(api.event_create(backend, &event), "event");
    const std::vector<const clq_state_layout*> wanted(graph.states.size(), nullptr);
    check(api.compile(backend, &segment.c(), wanted.data(), &executable), "compile");
    bind();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (binding != nullptr) api.binding_destroy(binding);
    if (executable != nullptr) api.executable_destroy(executable);
    if (event != nullptr) api.event_destroy(event);
    if (stream != nullptr) api.stream_destroy(stream);
    if (backend != nullptr) api.close(backend);
  }

  void bind() {
    for (const NamedValue& v : graph.inputs) inputs.emplace_back(graph.desc(v.value));
    for (const NamedValue& v : graph.outputs) outputs.emplace_back(graph.desc(v.value));
    for (uint32_t i = 0; i < graph.states.size(); ++i) {
      clq_state_layout layout{};
      layout.struct_size = sizeof layout;
      check(api.state_layout(executable, i, &layout), "state_layout");
      states.push_back(storage(layout.bytes));
    }
    clq_executable_info info{};
    info.struct_size = sizeof info;
    check(api.executable_info(executable, &info), "executable_info");
    workspace = storage(info.workspace_bytes);
    const auto pointers = [](std::vector<Tensor>& list) {
      std::vector<void*> out;
      for (Tensor& t : list) out.push_back(t.bytes());
      return out;
    };
    const std::vector<void*> in = pointers(inputs), out = pointers(outputs), state = pointers(states);
    const clq_bind_args args = {sizeof(clq_bind_args), 0,      in.data(), out.data(), state.data(),
                                workspace.bytes(),     nullptr};
    check(api.bind(executable, &args, &binding), "bind");
  }

  void wait() const {
    check(api.event_record(event, stream), "event_record");
    check(api.event_sync(event), "event_sync");
  }

  uint32_t index_of(const std::string& name) const {
    for (uint32_t i = 0; i < graph.states.size(); ++i)
      if (graph.states[i].name == name) return i;
    clq::fail(CLQ_E_NOT_FOUND, "no state '{}'", name);
  }
};

Runner::Runner(const Graph& graph, const std::string& plugin, uint32_t flags, uint64_t seed)
    : impl_(std::make_unique<Impl>(graph, load(plugin), flags, 0)) {
  for (const State& s : graph.states) set_state(s.name, make_initial(s.init, graph.desc(s.before), seed, s.name));
}

Runner::Runner(const Graph& graph, const clq_backend_api& api, uint32_t device)
    : impl_(std::make_unique<Impl>(graph, api, 0, device)) {}

Runner::~Runner() = default;
Runner::Runner(Runner&&) noexcept = default;

Tensors Runner::run(const Tensors& inputs, const Scalars& scalars) {
  Impl& r = *impl_;
  for (size_t i = 0; i < r.inputs.size(); ++i) {
    const std::string& name = r.graph.inputs[i].name;
    const auto given = inputs.find(name);
    CLQ_REQUIRE(given != inputs.end(), "input '{}' is missing", name);
    CLQ_REQUIRE(given->second.desc() == r.inputs[i].desc(), "input '{}' is {}", name,
                to_string(given->second.desc().dims));
    std::memcpy(r.inputs[i].bytes(), given->second.bytes(), static_cast<size_t>(r.inputs[i].desc().bytes()));
  }
  std::vector<uint64_t> cells;
  for (const NamedValue& s : r.graph.scalars) {
    const auto given = scalars.find(s.name);
    cells.push_back(given == scalars.end() ? 0 : cell(given->second, r.graph.desc(s.value).dtype));
  }
  const clq_run_args args = {sizeof(clq_run_args), static_cast<uint32_t>(cells.size()), cells.data()};
  check(r.api.run(r.binding, r.stream, &args), "run");
  r.wait();
  Tensors out;
  for (size_t i = 0; i < r.outputs.size(); ++i) out[r.graph.outputs[i].name] = r.outputs[i];
  return out;
}

void Runner::run_again(const std::function<void()>& after) {
  const std::vector<uint64_t> cells(impl_->graph.scalars.size(), 0);
  const clq_run_args args = {sizeof(clq_run_args), static_cast<uint32_t>(cells.size()), cells.data()};
  const clq_status status = impl_->api.run(impl_->binding, impl_->stream, &args);
  after();
  check(status, "run");
  impl_->wait();
}

Tensor Runner::state(const std::string& name) const {
  const uint32_t i = impl_->index_of(name);
  Tensor plain(impl_->graph.desc(impl_->graph.states[i].before));
  check(impl_->api.state_export(impl_->executable, i, impl_->stream, plain.bytes(), impl_->states[i].bytes()),
        "state_export");
  impl_->wait();
  return plain;
}

void Runner::set_state(const std::string& name, const Tensor& value) {
  const uint32_t i = impl_->index_of(name);
  CLQ_REQUIRE(value.desc() == impl_->graph.desc(impl_->graph.states[i].before), "state '{}' has another shape", name);
  check(impl_->api.state_import(impl_->executable, i, impl_->stream, impl_->states[i].bytes(), value.bytes()),
        "state_import");
  impl_->wait();
}

void Runner::copy_states_from(const Runner& other) {
  const std::vector<std::string> theirs = other.state_names();
  for (const std::string& name : state_names())
    if (std::find(theirs.begin(), theirs.end(), name) != theirs.end()) set_state(name, other.state(name));
}

std::vector<std::string> Runner::state_names() const {
  std::vector<std::string> names;
  for (const State& s : impl_->graph.states) names.push_back(s.name);
  return names;
}

Tensors run_graph(const Graph& graph, const Tensors& inputs, const Scalars& scalars) {
  return Runner(graph).run(inputs, scalars);
}

}  // namespace clq::test
