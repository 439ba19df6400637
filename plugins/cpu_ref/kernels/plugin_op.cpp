// plugins/cpu_ref/kernels/plugin_op.cpp -- an op that another plugin brought, run through its own kernel.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

// The op with its strings and attributes, its values renumbered to inputs, then outputs: the segment does not outlive
// compile().
class OwnedOp {
 public:
  explicit OwnedOp(const OpView& view)
      : name_(view.op().name), scope_(view.op().scope != nullptr ? view.op().scope : "") {
    const clq_op& op = view.op();
    add_values(op.inputs, op.n_inputs, view.values(), inputs_);
    add_values(op.outputs, op.n_outputs, view.values(), outputs_);
    for (uint32_t i = 0; i < op.n_attrs; ++i) add_attr(op.attrs[i]);
    op_ = {name_.c_str(),   scope_.c_str(), inputs_.data(),
           outputs_.data(), attrs_.data(),  op.n_inputs,
           op.n_outputs,    op.n_attrs,     0};
  }
  OwnedOp(const OwnedOp&) = delete;
  OwnedOp& operator=(const OwnedOp&) = delete;
  const clq_op& op() const { return op_; }
  const clq_tensor_desc* values() const { return values_.data(); }
  size_t n_values() const { return values_.size(); }

 private:
  void add_values(const uint32_t* from, uint32_t n, const clq_tensor_desc* descs, std::vector<uint32_t>& to) {
    for (uint32_t i = 0; i < n; ++i) {
      to.push_back(from[i] == CLQ_NONE ? CLQ_NONE : static_cast<uint32_t>(values_.size()));
      values_.push_back(from[i] == CLQ_NONE ? clq_tensor_desc{} : descs[from[i]]);
    }
  }
  void add_attr(const clq_attr& attr) {
    const size_t bytes = attr.count * (attr.type == CLQ_ATTR_TEXT ? 1 : sizeof(int64_t));
    auto& data = bytes_.emplace_back(std::make_unique<int64_t[]>(bytes / sizeof(int64_t) + 1));  // NUL after a text
    if (bytes > 0) std::memcpy(data.get(), attr.value, bytes);
    names_.push_back(std::make_unique<std::string>(attr.name));
    attrs_.push_back({names_.back()->c_str(), data.get(), attr.type, attr.count});
  }

  std::string name_, scope_;
  std::vector<uint32_t> inputs_, outputs_;
  std::vector<clq_tensor_desc> values_;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<std::unique_ptr<int64_t[]>> bytes_;
  std::vector<clq_attr> attrs_;
  clq_op op_{};
};

// What a kernel gets when the device has no team.
const clq_host_threads kSerial = {CLQ_TABLE(clq_host_threads), [](clq_team*) -> uint32_t { return 1; },
                                  [](clq_team*, uint32_t n, void (*body)(void*, uint32_t, uint32_t), void* arg) {
                                    for (uint32_t i = 0; i < n; ++i) body(arg, i, 0);
                                  }};

class PluginKernel final : public Kernel {
 public:
  PluginKernel(const clq_op_def& def, std::unique_ptr<OwnedOp> op, int64_t workspace_bytes)
      : Kernel({.workspace_bytes = workspace_bytes, .can_fail = true}), def_(def), op_(std::move(op)) {}

  clq_status run(const Operands& io, const Context& context) const noexcept override {
    // Bindings keep inputs and outputs of a call side by side, so src is the whole array.
    const clq_host_threads* threads = context.team != nullptr ? context.threads : &kSerial;
    return def_.kernel(&def_, &op_->op(), op_->values(), io.src, io.workspace, threads, context.team);
  }

 private:
  const clq_op_def& def_;
  std::unique_ptr<OwnedOp> op_;
};

const clq_op_def* find(const char* name) {
  if (sdk::host == nullptr) return nullptr;
  const auto* ops = static_cast<const clq_host_ops*>(sdk::host->get_extension(sdk::host, CLQ_HOST_OPS_ID));
  return ops != nullptr && CLQ_HAS(clq_host_ops, ops, find) ? ops->find(sdk::host, name) : nullptr;
}

}  // namespace

std::unique_ptr<Kernel> make_plugin_kernel(const OpView& op) {
  const clq_op_def* def = find(op.op().name);
  if (def == nullptr) return nullptr;
  if (!CLQ_HAS(clq_op_def, def, kernel)) op.unsupported("its plugin brings no kernel");
  auto owned = std::make_unique<OwnedOp>(op);
  int64_t workspace_bytes = 0;
  if (def->prepare != nullptr) {
    const clq_status status = def->prepare(def, &owned->op(), owned->values(), &workspace_bytes);
    if (status != CLQ_OK) sdk::fail(status, "its plugin refuses to prepare it");
  }
  return std::make_unique<PluginKernel>(*def, std::move(owned), workspace_bytes);
}

}  // namespace clq::ref
