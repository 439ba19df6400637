// core/src/runtime/executable.cpp -- a segment compiled by a device's backend, and its bindings.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/device.hpp"

namespace clq {
namespace {

Owned<clq_executable> compile(Device& device, const Segment& segment,
                              const std::vector<const clq_state_layout*>& wanted) {
  const uint32_t n_states = segment.c().n_states;
  CLQ_REQUIRE(wanted.empty() || wanted.size() == n_states, "{} layouts wanted for {} states", wanted.size(), n_states);
  const std::vector<const clq_state_layout*> none(n_states, nullptr);
  clq_executable* executable = nullptr;
  const auto& layouts = wanted.empty() ? none : wanted;
  device.check(device.api().compile(device.c(), &segment.c(), layouts.data(), &executable), "compile");
  return {executable, device.api().executable_destroy};
}

// A flag of an out struct is something that the backend needs of its host, as an alignment is.
void require_given(const Device& device, const char* what, uint32_t flags, int64_t align) {
  constexpr int64_t kAlign = 64;  // of every buffer
  if (flags != 0)
    fail(CLQ_E_UNSUPPORTED, "{}: {} sets flags {:#x} that this host does not know", device.name(), what, flags);
  if (align != 0 && (align < 0 || kAlign % align != 0))
    fail(CLQ_E_UNSUPPORTED, "{}: {} wants memory aligned to {} bytes, at most {} are given", device.name(), what, align,
         kAlign);
}

}  // namespace

Executable::Executable(Device& device, const Segment& segment, const std::vector<const clq_state_layout*>& wanted)
    : device_(&device),
      executable_(compile(device, segment, wanted)),
      n_inputs_(segment.c().n_inputs),
      n_outputs_(segment.c().n_outputs),
      n_states_(segment.c().n_states) {
  info_.struct_size = sizeof info_;
  device.check(device.api().executable_info(executable_.get(), &info_), "executable_info");
  require_given(device, "executable_info", info_.flags, info_.workspace_align);
  if (info_.workspace_bytes < 0) fail(CLQ_E_DEVICE, "{}: workspace of {} bytes", device.name(), info_.workspace_bytes);
}

clq_state_layout Executable::layout(uint32_t state) const {
  clq_state_layout layout{};
  layout.struct_size = sizeof layout;
  device_->check(device_->api().state_layout(executable_.get(), state, &layout), "state_layout");
  require_given(*device_, "state_layout", layout.flags, layout.align);
  return layout;
}

void Executable::import_state(uint32_t state, Stream& stream, void* storage, const void* plain) {
  device_->check(device_->api().state_import(executable_.get(), state, stream.c(), storage, plain), "state_import");
}

void Executable::export_state(uint32_t state, Stream& stream, void* plain, const void* storage) {
  device_->check(device_->api().state_export(executable_.get(), state, stream.c(), plain, storage), "state_export");
}

void Executable::require_counts(size_t inputs, size_t outputs, size_t states) const {
  CLQ_REQUIRE(inputs == n_inputs_ && outputs == n_outputs_ && states == n_states_,
              "bind: {} inputs, {} outputs, {} states given, {}, {}, {} expected", inputs, outputs, states, n_inputs_,
              n_outputs_, n_states_);
}

Binding::Binding(Device& device, Executable& executable, const std::vector<void*>& inputs,
                 const std::vector<void*>& outputs, const std::vector<void*>& states, void* workspace,
                 const clq_comm* comm)
    : device_(&device) {
  executable.require_counts(inputs.size(), outputs.size(), states.size());
  const clq_bind_args args{sizeof args, 0, inputs.data(), outputs.data(), states.data(), workspace, comm};
  clq_binding* binding = nullptr;
  device.check(device.api().bind(executable.c(), &args, &binding), "bind");
  binding_ = Owned<clq_binding>(binding, device.api().binding_destroy);
}

clq_status Binding::run(Stream& stream, const uint64_t* scalars, uint32_t n_scalars) noexcept {
  const clq_run_args args{sizeof args, n_scalars, scalars};
  return device_->api().run(binding_.get(), stream.c(), &args);
}

}  // namespace clq
