// core/src/runtime/device.hpp -- an opened device and what lives on it: memory, streams, events, executables, bindings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <calanque/core/tensor.hpp>

#include "compile/segment.hpp"
#include "runtime/registry.hpp"
#include "runtime/team.hpp"

namespace clq {

// Every wait and return that the order of device work rests on; tests remove them one by one.
enum class Sync {
  input_copied,
  slot_reused,
  slot_passed,
  slot_returned,
  lane_settled,
  results_read,
  states_exported,
  states_imported,
  scalars_read
};

class Device;

template <class T>
class Owned {  // a C handle and how it ends; moves, never copies
 public:
  Owned() = default;
  Owned(T* handle, void (*end)(T*)) : handle_(handle), end_(end) {}
  Owned(Owned&& o) noexcept : handle_(std::exchange(o.handle_, nullptr)), end_(o.end_) {}
  Owned& operator=(Owned&& o) noexcept {
    std::swap(handle_, o.handle_);
    std::swap(end_, o.end_);
    return *this;
  }
  ~Owned() {
    if (handle_ != nullptr) end_(handle_);
  }
  T* get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  T* handle_ = nullptr;
  void (*end_)(T*) = nullptr;
};

class Buffer {  // memory of one kind (CLQ_MEM_*)
 public:
  Buffer() = default;
  Buffer(Device& device, int64_t bytes, uint32_t kind);
  Buffer(Buffer&& o) noexcept;
  Buffer& operator=(Buffer&& o) noexcept;
  ~Buffer();
  void* data() const { return data_; }
  int64_t bytes() const { return bytes_; }
  uint32_t kind() const { return kind_; }

 private:
  Device* device_ = nullptr;
  void* data_ = nullptr;
  int64_t bytes_ = 0;
  uint32_t kind_ = 0;
};

class Event {
 public:
  explicit Event(Device& device);
  void record(clq_stream* stream);
  bool passed(Sync site);  // event_query; throws on an error of queued work
  void sync(Sync site);    // blocks
  clq_event* c() const { return event_.get(); }

 private:
  Device* device_;
  Owned<clq_event> event_;
};

class Stream {
 public:
  explicit Stream(Device& device);
  void wait(Event& event, Sync site);  // the stream waits, the host does not
  void copy(void* dst, uint32_t dst_kind, const void* src, uint32_t src_kind, int64_t bytes);
  clq_stream* c() const { return stream_.get(); }

 private:
  Device* device_;
  Owned<clq_stream> stream_;
};

class Executable {
 public:
  Executable(Device& device, const Segment& segment, const std::vector<const clq_state_layout*>& wanted);
  const clq_executable_info& info() const { return info_; }
  clq_state_layout layout(uint32_t state) const;
  void import_state(uint32_t state, Stream& stream, void* storage, const void* plain);
  void export_state(uint32_t state, Stream& stream, void* plain, const void* storage);
  void require_counts(size_t inputs, size_t outputs, size_t states) const;  // of addresses to bind
  clq_executable* c() const { return executable_.get(); }

 private:
  Device* device_;
  Owned<clq_executable> executable_;
  clq_executable_info info_{};
  uint32_t n_inputs_, n_outputs_, n_states_;
};

class Binding {
 public:
  Binding(Device& device, Executable& executable, const std::vector<void*>& inputs, const std::vector<void*>& outputs,
          const std::vector<void*>& states, void* workspace, const clq_comm* comm = nullptr);
  clq_status run(Stream& stream, const uint64_t* scalars, uint32_t n_scalars) noexcept;  // hot

 private:
  Device* device_;
  Owned<clq_binding> binding_;
};

class Device {
 public:
  // options_json: the resolved [compute] table.
  Device(const DeviceEntry& entry, const std::string& options_json, uint32_t threads);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  const std::string& name() const { return entry_.name; }
  // Host slots can be bound as they are: the device computes in the host's memory.
  bool shares_host_memory() const { return entry_.kind == CLQ_DEV_CPU; }
  const clq_backend_api& api() const { return *entry_.api; }
  clq_backend* c() const { return backend_.get(); }
  // Throws CLQ_E_UNSUPPORTED with every op (and its layer) that the backend scores 0, and its reason.
  void require_support(const Segment& segment) const;
  uint32_t score(const Segment& segment) const;  // the lowest of its ops
  // Turns a status of this device's table into an Error with the plugin's words.
  void check(clq_status status, const char* what) const;

 private:
  DeviceEntry entry_;
  std::unique_ptr<Team> team_;
  Owned<clq_backend> backend_;
};

}  // namespace clq
