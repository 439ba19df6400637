// tests/conformance/backend_host.hpp -- a host in a page: loads a backend, compiles and runs segments.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <dlfcn.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include <calanque/plugin/builder.h>

#include "conformance/segment_builder.hpp"

namespace clq::test {

// n threads; the caller is worker 0. Waits in futexes, allocates nothing after construction.
class TestTeam {
 public:
  explicit TestTeam(uint32_t n);
  ~TestTeam();
  clq_team* c() { return reinterpret_cast<clq_team*>(this); }
  uint32_t size() const { return static_cast<uint32_t>(threads_.size()) + 1; }
  void run(uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg);
  int64_t jobs() const { return jobs_; }

 private:
  void work(uint32_t worker);
  void drain(uint32_t worker);
  std::vector<std::thread> threads_;
  std::atomic<uint32_t> round_{0}, next_{0}, busy_{0};
  std::atomic<bool> stop_{false};
  uint32_t n_ = 0;
  int64_t jobs_ = 0;
  void (*body_)(void*, uint32_t, uint32_t) = nullptr;
  void* arg_ = nullptr;
};

// A failed table call: the status and the words the plugin left.
class CallError : public std::runtime_error {
 public:
  CallError(clq_status s, const std::string& text) : std::runtime_error(text), status(s) {}
  clq_status status;
};

// Loads a plugin's file once and inits it with this program's host.
const clq_plugin_entry& load_plugin(const std::string& file);
// The backend of <folder>/clq_<name>.so.
const clq_backend_api& load_backend(const std::string& name, const std::string& folder = CLQ_PLUGIN_DIR);
void check(clq_status status);
const std::string& error_text();  // of this thread's last failed call
void clear_error();
// What clq.host-threads/1 answers with: the functions of TestTeam, unless a test changes them.
clq_host_threads& host_threads();
// The ops that clq.host-ops/1 answers with.
std::vector<const clq_op_def*>& host_ops();

class Session {
 public:
  explicit Session(const clq_backend_api& api, TestTeam* team = nullptr, const char* options = "{}",
                   uint32_t device = 0)
      : api(api) {
    check(api.open(device, options, team != nullptr ? team->c() : nullptr, &backend));
    check(api.stream_create(backend, &stream));
  }
  ~Session() {
    api.stream_destroy(stream);
    api.close(backend);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  void sync();  // waits for what the stream has been given

  const clq_backend_api& api;
  clq_backend* backend = nullptr;
  clq_stream* stream = nullptr;
};

// Device memory with a guard behind it that check_guard() looks at.
class DeviceArray {
 public:
  DeviceArray(Session& session, int64_t bytes);
  ~DeviceArray();
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  void* data() const { return data_; }
  void write(const Array& from);
  Array read(int32_t dtype, const Dims& dims);
  bool guard_intact();

 private:
  Session& session_;
  int64_t bytes_;
  void* data_ = nullptr;
};

// A segment compiled and bound to memory of its own.
class Program {
 public:
  Program(Session& session, SegmentBuilder& builder, const clq_comm* comm = nullptr);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  std::vector<Array> run(const std::vector<Array>& inputs, const std::vector<uint64_t>& cells = {});
  clq_status run_only(const std::vector<uint64_t>& cells);
  void set_state(uint32_t i, const Array& a);
  Array state(uint32_t i);
  int64_t workspace_bytes() const { return info_.workspace_bytes; }
  bool guards_intact();
  clq_binding* binding() { return binding_; }

 private:
  Session& session_;
  SegmentBuilder& builder_;
  clq_executable_info info_{};
  clq_executable* executable_ = nullptr;
  clq_binding* binding_ = nullptr;
  std::deque<DeviceArray> inputs_, outputs_, states_, workspace_;
};

inline uint64_t cell(double v) {
  uint64_t bits;
  std::memcpy(&bits, &v, sizeof bits);
  return bits;
}
inline uint64_t cell(int64_t v) { return static_cast<uint64_t>(v); }

struct OutputSpec {
  int32_t dtype;
  Dims dims;
};
// Runs one op on cpu_ref, with one thread and with two; throws unless both give the same bits and keep their guards.
std::vector<Array> eval(const std::string& op, const std::vector<Array>& inputs, const std::vector<OutputSpec>& outputs,
                        const Attrs& attrs = {});
inline Array eval1(const std::string& op, const std::vector<Array>& inputs, int32_t dtype, const Dims& dims,
                   const Attrs& attrs = {}) {
  return eval(op, inputs, {{dtype, dims}}, attrs)[0];
}

// Repeatable values in [-2, 2), no two neighbours equal.
template <class T>
std::vector<T> numbers(int64_t n, uint64_t seed = 1) {
  std::vector<T> values(static_cast<size_t>(n));
  for (T& v : values) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    v = static_cast<T>(static_cast<double>(seed >> 40) * 0x1p-22 - 2);
  }
  return values;
}
template <class T>
Array random_array(const Dims& dims, uint64_t seed = 1) {
  int64_t n = 1;
  for (const int64_t d : dims) n *= d;
  return array<T>(dims, numbers<T>(n, seed));
}

}  // namespace clq::test
