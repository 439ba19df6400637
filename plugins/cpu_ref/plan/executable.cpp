// plugins/cpu_ref/plan/executable.cpp -- binding addresses to a plan, and the loop over its kernels.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/executable.hpp"

#include <cstdlib>
#include <cstring>

namespace clq::ref {
namespace {

void check_addresses(void* const* addresses, const std::vector<int64_t>& bytes, const char* what) {
  if (!bytes.empty() && addresses == nullptr)
    sdk::fail(CLQ_E_INVALID, std::string("bind: no addresses of ") + what + "s");
  for (size_t i = 0; i < bytes.size(); ++i) {
    const std::string name = std::string("bind: ") + what + " " + std::to_string(i);
    if (addresses[i] == nullptr) sdk::fail(CLQ_E_INVALID, name + " has no address");
    if (reinterpret_cast<uintptr_t>(addresses[i]) % kAlign != 0)
      sdk::fail(CLQ_E_INVALID, name + " is not aligned to 64 bytes");
  }
}

void check_bind(const Plan& plan, const clq_bind_args& args) {
  sdk::require_size(args.struct_size, CLQ_SIZE_UPTO(clq_bind_args, comm), "bind");
  if (args.reserved != 0) sdk::fail(CLQ_E_UNSUPPORTED, "bind: unknown flags");
  check_addresses(args.inputs, plan.input_bytes, "input");
  check_addresses(args.outputs, plan.output_bytes, "output");
  std::vector<int64_t> state_bytes;
  for (const StateInfo& s : plan.states) state_bytes.push_back(s.bytes);
  check_addresses(args.states, state_bytes, "state");
  if (plan.arena_bytes > 0) check_addresses(&args.workspace, {plan.arena_bytes}, "workspace");
  if (args.comm != nullptr) sdk::require_size(args.comm->struct_size, CLQ_SIZE_UPTO(clq_comm, finish), "bind: comm");
}

Plan plan_of(const clq_segment& segment, const clq_state_layout* const* wanted) {
  check_segment(segment);
  for (uint32_t i = 0; wanted != nullptr && i < segment.n_states; ++i) {
    if (wanted[i] == nullptr) continue;
    sdk::require_size(wanted[i]->struct_size, CLQ_SIZE_UPTO(clq_state_layout, id), "compile: wanted layout");
    if (wanted[i]->id != kPlainLayout)
      sdk::fail(CLQ_E_UNSUPPORTED, "compile: a state is wanted in a layout that is not this backend's");
  }
  return make_plan(segment);
}

}  // namespace

Executable::Executable(const clq_segment& segment, const clq_state_layout* const* wanted, const Context& context)
    : Executable(plan_of(segment, wanted), context) {}

Executable::Executable(Plan plan, const Context& context) : plan_(std::move(plan)), context_(context) {
  const size_t bytes = plan_.constants.size();
  constants_.reset(
      static_cast<std::byte*>(std::aligned_alloc(kAlign, static_cast<size_t>(round_up(static_cast<int64_t>(bytes))))));
  if (constants_ == nullptr) throw std::bad_alloc();
  if (bytes > 0) std::memcpy(constants_.get(), plan_.constants.data(), bytes);
  std::vector<std::byte>().swap(plan_.constants);
}

void Executable::describe(clq_executable_info& out) const {
  sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_executable_info, resident_bytes), "executable_info");
  out.flags = 0;
  out.workspace_bytes = plan_.arena_bytes;
  out.workspace_align = kAlign;
  out.resident_bytes = 0;
  for (const Place& place : plan_.places)
    if (place.home == Home::constant)
      out.resident_bytes += round_up(plan_.bytes[static_cast<size_t>(&place - plan_.places.data())]);
}

int64_t Executable::state_bytes(uint32_t state) const {
  if (state >= plan_.states.size())
    sdk::fail(CLQ_E_INVALID,
              "there is no state " + std::to_string(state) + ", only " + std::to_string(plan_.states.size()));
  return plan_.states[state].bytes;
}

void Executable::describe_state(uint32_t state, clq_state_layout& out) const {
  sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_state_layout, id), "state_layout");
  out.bytes = state_bytes(state);
  out.flags = 0;
  out.align = kAlign;
  out.id = plan_.states[state].layout;
}

Binding::Binding(std::shared_ptr<const Executable> executable, const clq_bind_args& args)
    : executable_(std::move(executable)),
      context_(executable_->context()),
      workspace_(static_cast<std::byte*>(args.workspace)) {
  const Plan& plan = executable_->plan();
  check_bind(plan, args);
  context_.comm = args.comm;
  context_.problem = &problem_;
  cells_.resize(plan.n_scalars);
  size_t n = 0;
  for (const Step& step : plan.steps) n += step.src.size() + step.dst.size();
  addresses_.reserve(n + 1);  // calls point into it
  calls_.reserve(plan.steps.size());
  for (const Step& step : plan.steps) {
    void* const* src = addresses_.data() + addresses_.size();
    for (const uint32_t s : step.src) addresses_.push_back(address(s, args));
    for (const uint32_t s : step.dst) addresses_.push_back(address(s, args));
    const Operands operands{src, src + step.src.size(), workspace_ + step.workspace_at};
    const Kernel* kernel = step.kernel.get();
    if (auto bound = kernel->bound(operands)) kernel = bound_.emplace_back(std::move(bound)).get();
    calls_.push_back({kernel, operands});
  }
}

void* Binding::address(uint32_t slot, const clq_bind_args& args) {
  if (slot == CLQ_NONE) return nullptr;
  const Place& place = executable_->plan().places[slot];
  switch (place.home) {
    case Home::arena:
      return workspace_ + place.at;
    case Home::constant:
      return const_cast<std::byte*>(executable_->constants()) + place.at;
    case Home::scalar:
      return &cells_[static_cast<size_t>(place.at)];
    case Home::input:
      return args.inputs[place.at];
    case Home::output:
      return args.outputs[place.at];
    case Home::state:
      return args.states[place.at];
    case Home::none:
      break;
  }
  sdk::fail(CLQ_E_INTERNAL, "bind: a value has no place");
}

clq_status Binding::run(const uint64_t* cells) noexcept {
  problem_.store(nullptr, std::memory_order_relaxed);
  std::copy_n(cells, cells_.size(), cells_.data());
  for (const Call& call : calls_) {
    const clq_status status = call.kernel->run(call.operands, context_);
    if (status != CLQ_OK) return status;
  }
  return CLQ_OK;
}

const char* run_args_problem(const clq_run_args* args, uint32_t n_scalars, clq_status* status) noexcept {
  *status = CLQ_E_ABI;
  if (args == nullptr || args->struct_size < CLQ_SIZE_UPTO(clq_run_args, scalars))
    return "run: struct_size is too small";
  *status = CLQ_E_INVALID;
  if (args->n_scalars != n_scalars || (n_scalars > 0 && args->scalars == nullptr))
    return "run: wrong number of scalars";
  *status = CLQ_OK;
  return nullptr;
}

void describe_support(const clq_segment& segment, uint32_t op, uint32_t score, clq_support& out) {
  sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_support, reason), "supports");
  sdk::require_size(segment.struct_size, CLQ_SIZE_UPTO(clq_segment, reserved), "segment");
  if (op >= segment.n_ops) sdk::fail(CLQ_E_INVALID, "supports: there is no op " + std::to_string(op));
  out.score = 0;
  std::string reason;
  try {
    check_op(segment, segment.ops[op]);
    bool alias = false;
    make_op_kernel(OpView(segment.ops[op], segment.values), &alias);
    out.score = score;
  } catch (const sdk::Error& e) {
    reason = e.what();
  }
  const size_t n = std::min(reason.size(), sizeof(out.reason) - 1);
  std::copy_n(reason.data(), n, out.reason);
  out.reason[n] = '\0';
}

}  // namespace clq::ref
