// tests/conformance/backend_host.cpp -- the host's side of the tables, and memory with guards.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend_host.hpp"

#include <algorithm>
#include <map>

namespace clq::test {
namespace {

thread_local std::string last_error;

const clq_op_def* find_op(const clq_host*, const char* name) {
  for (const clq_op_def* def : host_ops())
    if (std::string_view(def->name) == name) return def;
  return nullptr;
}

const clq_host_threads kThreads = {CLQ_TABLE(clq_host_threads),
                                   [](clq_team* t) { return reinterpret_cast<TestTeam*>(t)->size(); },
                                   [](clq_team* t, uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg) {
                                     reinterpret_cast<TestTeam*>(t)->run(n, body, arg);
                                   }};
const clq_host_ops kOps = {CLQ_TABLE(clq_host_ops), find_op};

const clq_host kHost = {sizeof(clq_host),
                        CLQ_ABI_MAJOR,
                        CLQ_ABI_MINOR,
                        nullptr,
                        "test",
                        "0",
                        [](const clq_host*, const char* message) { last_error = message; },
                        [](const clq_host*, const char* id) -> const void* {
                          if (std::string_view(id) == CLQ_HOST_THREADS_ID) return &host_threads();
                          if (std::string_view(id) == CLQ_HOST_OPS_ID) return &kOps;
                          return nullptr;
                        }};

constexpr int64_t kGuard = 128;

}  // namespace

TestTeam::TestTeam(uint32_t n) {
  for (uint32_t i = 1; i < n; ++i) threads_.emplace_back([this, i] { work(i); });
}

TestTeam::~TestTeam() {
  stop_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& t : threads_) t.join();
}

void TestTeam::drain(uint32_t worker) {
  for (uint32_t i = next_++; i < n_; i = next_++) body_(arg_, i, worker);
}

void TestTeam::work(uint32_t worker) {
  for (uint32_t seen = 0; !stop_;) {
    round_.wait(seen);
    seen = round_;
    if (stop_) return;
    drain(worker);
    if (--busy_ == 0) busy_.notify_one();
  }
}

void TestTeam::run(uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg) {
  body_ = body, arg_ = arg, n_ = n;
  ++jobs_;
  next_ = 0;
  busy_ = static_cast<uint32_t>(threads_.size());
  ++round_;
  round_.notify_all();
  drain(0);
  for (uint32_t left = busy_; left != 0; left = busy_) busy_.wait(left);
}

const std::string& error_text() { return last_error; }

void clear_error() { last_error.clear(); }

clq_host_threads& host_threads() {
  static clq_host_threads threads = kThreads;
  return threads;
}

void check(clq_status status) {
  if (status < 0) throw CallError(status, last_error);
}

std::vector<const clq_op_def*>& host_ops() {
  static std::vector<const clq_op_def*> ops;
  return ops;
}

const clq_plugin_entry& load_plugin(const std::string& file) {
  static std::map<std::string, const clq_plugin_entry*> loaded;
  const clq_plugin_entry*& entry = loaded[file];
  if (entry != nullptr) return *entry;
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(dlerror());
  const auto* found = static_cast<const clq_plugin_entry*>(dlsym(library, CLQ_PLUGIN_SYMBOL));
  if (found == nullptr) throw std::runtime_error(file + ": exports no " CLQ_PLUGIN_SYMBOL);
  check(found->init(&kHost));
  return *(entry = found);
}

const clq_backend_api& load_backend(const std::string& name, const std::string& folder) {
  const clq_plugin_entry& entry = load_plugin(folder + "/clq_" + name + ".so");
  return *static_cast<const clq_backend_api*>(entry.get_factory(CLQ_BACKEND_ID));
}

void Session::sync() {
  clq_event* event = nullptr;
  check(api.event_create(backend, &event));
  clq_status status = api.event_record(event, stream);
  if (status == CLQ_OK) status = api.event_sync(event);
  api.event_destroy(event);
  check(status);
}

DeviceArray::DeviceArray(Session& session, int64_t bytes) : session_(session), bytes_((bytes + 63) / 64 * 64) {
  check(session.api.alloc(session.backend, bytes_ + kGuard, CLQ_MEM_DEVICE, &data_));
  const std::vector<unsigned char> fill(static_cast<size_t>(bytes_ + kGuard), 0xA5);
  check(session.api.copy(session.stream, data_, CLQ_MEM_DEVICE, fill.data(), CLQ_MEM_HOST, bytes_ + kGuard));
  session.sync();
}

DeviceArray::~DeviceArray() { session_.api.free(session_.backend, data_, CLQ_MEM_DEVICE); }

void DeviceArray::write(const Array& from) {
  check(session_.api.copy(session_.stream, data_, CLQ_MEM_DEVICE, from.data.data(), CLQ_MEM_HOST,
                          static_cast<int64_t>(from.data.size())));
  session_.sync();
}

Array DeviceArray::read(int32_t dtype, const Dims& dims) {
  Array to = empty(dtype, dims);
  check(session_.api.copy(session_.stream, to.data.data(), CLQ_MEM_HOST, data_, CLQ_MEM_DEVICE,
                          static_cast<int64_t>(to.data.size())));
  session_.sync();
  return to;
}

bool DeviceArray::guard_intact() {
  const Array all = read(CLQ_U8, {bytes_ + kGuard});
  return std::all_of(all.data.end() - kGuard, all.data.end(), [](unsigned char b) { return b == 0xA5; });
}

Program::Program(Session& session, SegmentBuilder& builder, const clq_comm* comm)
    : session_(session), builder_(builder) {
  const clq_segment segment = builder.c();
  check(session.api.compile(session.backend, &segment, nullptr, &executable_));
  info_.struct_size = sizeof info_;
  check(session.api.executable_info(executable_, &info_));
  for (const uint32_t v : builder.inputs()) inputs_.emplace_back(session, builder.bytes(v));
  for (const uint32_t v : builder.outputs()) outputs_.emplace_back(session, builder.bytes(v));
  for (uint32_t i = 0; i < builder.states().size(); ++i) {
    clq_state_layout layout{};
    layout.struct_size = sizeof layout;
    check(session.api.state_layout(executable_, i, &layout));
    states_.emplace_back(session, layout.bytes);
  }
  workspace_.emplace_back(session, info_.workspace_bytes);
  const auto addresses = [](std::deque<DeviceArray>& arrays) {
    std::vector<void*> list;
    for (DeviceArray& a : arrays) list.push_back(a.data());
    return list;
  };
  const auto inputs = addresses(inputs_), outputs = addresses(outputs_), states = addresses(states_);
  const clq_bind_args args{sizeof args, 0, inputs.data(), outputs.data(), states.data(), workspace_[0].data(), comm};
  check(session.api.bind(executable_, &args, &binding_));
}

Program::~Program() {
  session_.api.binding_destroy(binding_);
  session_.api.executable_destroy(executable_);
}

clq_status Program::run_only(const std::vector<uint64_t>& cells) {
  const clq_run_args args{sizeof args, static_cast<uint32_t>(cells.size()), cells.data()};
  return session_.api.run(binding_, session_.stream, &args);
}

std::vector<Array> Program::run(const std::vector<Array>& inputs, const std::vector<uint64_t>& cells) {
  for (size_t i = 0; i < inputs.size(); ++i) inputs_[i].write(inputs[i]);
  check(run_only(cells));
  session_.sync();
  std::vector<Array> results;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    const clq_tensor_desc& d = builder_.desc(builder_.outputs()[i]);
    results.push_back(outputs_[i].read(d.dtype, Dims(d.dims, d.dims + d.rank)));
  }
  return results;
}

void Program::set_state(uint32_t i, const Array& a) {
  check(session_.api.state_import(executable_, i, session_.stream, states_[i].data(), a.data.data()));
  session_.sync();
}

Array Program::state(uint32_t i) {
  const clq_tensor_desc& d = builder_.desc(builder_.states()[i].before);
  Array a = empty(d.dtype, Dims(d.dims, d.dims + d.rank));
  check(session_.api.state_export(executable_, i, session_.stream, a.data.data(), states_[i].data()));
  session_.sync();
  return a;
}

bool Program::guards_intact() {
  bool intact = true;
  for (auto* arrays : {&inputs_, &outputs_, &states_, &workspace_})
    for (DeviceArray& a : *arrays) intact = a.guard_intact() && intact;
  return intact;
}

std::vector<Array> eval(const std::string& op, const std::vector<Array>& inputs, const std::vector<OutputSpec>& outputs,
                        const Attrs& attrs) {
  static TestTeam team(2);
  static Session one(load_backend("cpu_ref")), two(load_backend("cpu_ref"), &team);
  SegmentBuilder builder;
  std::vector<uint32_t> src, dst;
  for (const Array& a : inputs) src.push_back(builder.input(a.dtype, a.dims));
  for (const OutputSpec& o : outputs) dst.push_back(builder.value(o.dtype, o.dims));
  builder.op(op, src, dst, attrs);
  for (const uint32_t v : dst) builder.output(v);
  Program serial(one, builder), parallel(two, builder);
  auto results = serial.run(inputs);
  const auto again = parallel.run(inputs);
  for (size_t i = 0; i < results.size(); ++i)
    if (results[i].data != again[i].data) throw std::runtime_error(op + ": one thread and two differ");
  if (!serial.guards_intact() || !parallel.guards_intact()) throw std::runtime_error(op + ": wrote beyond its memory");
  return results;
}

}  // namespace clq::test
