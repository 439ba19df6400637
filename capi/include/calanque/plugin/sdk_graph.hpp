// calanque/plugin/sdk_graph.hpp -- "clq.host-graph/1" for C++: how a plugin's layers, losses and others write ops.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef CLQ_PLUGIN_SDK_GRAPH_HPP
#define CLQ_PLUGIN_SDK_GRAPH_HPP

#include <initializer_list>
#include <variant>
#include <vector>

#include <calanque/plugin/sdk.hpp>

namespace clq::sdk {

struct OpAttr {
  const char* name;
  std::variant<std::vector<int64_t>, std::vector<double>, std::string> value;
  OpAttr(const char* n, int64_t v) : name(n), value(std::vector<int64_t>{v}) {}
  OpAttr(const char* n, int v) : name(n), value(std::vector<int64_t>{v}) {}
  OpAttr(const char* n, double v) : name(n), value(std::vector<double>{v}) {}
  OpAttr(const char* n, const char* v) : name(n), value(std::string(v)) {}
  OpAttr(const char* n, std::vector<int64_t> v) : name(n), value(std::move(v)) {}
};

inline clq_tensor_desc dense_desc(int32_t dtype, const std::vector<int64_t>& dims) {
  clq_tensor_desc desc{};
  desc.dtype = dtype;
  desc.rank = static_cast<int32_t>(dims.size());
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0;) {
    desc.dims[i] = dims[i];
    desc.strides[i] = stride;
    stride *= dims[i];
  }
  return desc;
}

// A graph under construction; errors of the host are thrown as sdk::Error (their words are kept). [build thread]
class Graph {
 public:
  explicit Graph(clq_graph* graph) : graph_(graph) {
    api_ = static_cast<const clq_host_graph*>(host->get_extension(host, CLQ_HOST_GRAPH_ID));
    if (api_ == nullptr) fail(CLQ_E_UNSUPPORTED, "the host offers no clq.host-graph/1");
  }

  uint32_t mode() const { return api_->mode(graph_); }
  clq_tensor_desc desc(uint32_t value) const {
    clq_tensor_desc out{};
    check(api_->shape(graph_, value, &out));
    return out;
  }
  uint32_t op(const char* name, const std::vector<uint32_t>& inputs, std::initializer_list<OpAttr> attrs = {}) {
    std::vector<clq_attr> list;
    for (const OpAttr& a : attrs) list.push_back(to_c(a));
    uint32_t out = CLQ_NONE;
    check(api_->op(graph_, name, inputs.data(), static_cast<uint32_t>(inputs.size()), list.data(),
                   static_cast<uint32_t>(list.size()), &out, 1));
    return out;
  }
  // flags: CLQ_STATE_*. Named within the layer that is built; the same name is the same state.
  uint32_t state(const char* name, const clq_tensor_desc& desc, const char* init_json, uint32_t flags) {
    uint32_t out = CLQ_NONE;
    check(api_->state(graph_, name, &desc, init_json, flags, &out));
    return out;
  }
  // In training alone: prediction changes no state. An optimizer assigns the parameter that it is given, too.
  void assign(uint32_t state, uint32_t next) { check(api_->assign(graph_, state, next)); }
  uint32_t scalar(const char* name) {  // "learning_rate", "step" ...: F64 or integer, rank 0
    uint32_t out = CLQ_NONE;
    check(api_->scalar(graph_, name, &out));
    return out;
  }
  uint32_t input(const char* field) {  // of the network: "images", "mask" ...
    uint32_t out = CLQ_NONE;
    check(api_->input(graph_, field, &out));
    return out;
  }
  uint32_t cast(uint32_t value, int32_t dtype) {
    return desc(value).dtype == dtype ? value : op("cast/1", {value}, {{"dtype", dtype}});
  }
  uint32_t constant(const std::vector<double>& values, const std::vector<int64_t>& dims) {   // F64
    const clq_tensor_desc desc = dense_desc(CLQ_F64, dims);
    uint32_t out = CLQ_NONE;
    check(api_->constant(graph_, &desc, values.data(), &out));
    return out;
  }
  uint32_t constant(double value) { return constant(std::vector<double>{value}, {}); }       // F64, rank 0
  void output(const char* name, uint32_t value) { check(api_->output(graph_, name, value)); }
  void metric(const char* name, uint32_t value, const char* finish) {
    check(api_->metric(graph_, name, value, finish));
  }

 private:
  static void check(clq_status status) {
    if (status < 0) throw HostError(status);
  }
  static clq_attr to_c(const OpAttr& a) {
    if (const auto* i = std::get_if<std::vector<int64_t>>(&a.value))
      return {a.name, i->data(), CLQ_ATTR_I64, static_cast<uint32_t>(i->size())};
    if (const auto* f = std::get_if<std::vector<double>>(&a.value))
      return {a.name, f->data(), CLQ_ATTR_F64, static_cast<uint32_t>(f->size())};
    const auto& t = std::get<std::string>(a.value);
    return {a.name, t.data(), CLQ_ATTR_TEXT, static_cast<uint32_t>(t.size())};
  }

  clq_graph* graph_;
  const clq_host_graph* api_ = nullptr;
};

}  // namespace clq::sdk

#endif
