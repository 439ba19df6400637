// tests/conformance/segment_builder.hpp -- a C segment written by hand, without the core.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <calanque/plugin/backend.h>

namespace clq::test {

using Dims = std::vector<int64_t>;
using AttrValue = std::variant<int64_t, double, std::string, std::vector<int64_t>>;
using Attrs = std::vector<std::pair<std::string, AttrValue>>;

inline int64_t width_of(int32_t dtype) {
  constexpr int64_t kWidths[] = {0, 2, 2, 4, 8, 1, 1, 2, 2, 4, 4, 8, 8};
  return kWidths[dtype];
}

template <class T>
constexpr int32_t dtype_of() {
  if constexpr (std::is_same_v<T, float>)
    return CLQ_F32;
  else if constexpr (std::is_same_v<T, double>)
    return CLQ_F64;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return CLQ_U8;
  else if constexpr (std::is_same_v<T, int32_t>)
    return CLQ_I32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return CLQ_I64;
  else
    return CLQ_U64;
}

// A host array: what goes in and what comes out.
struct Array {
  int32_t dtype = CLQ_F32;
  Dims dims;
  std::vector<unsigned char> data;

  int64_t count() const {
    int64_t n = 1;
    for (const int64_t d : dims) n *= d;
    return n;
  }
  template <class T>
  std::vector<T> as() const {
    std::vector<T> values(data.size() / sizeof(T));
    if (!data.empty()) std::memcpy(values.data(), data.data(), data.size());
    return values;
  }
};

inline Array empty(int32_t dtype, const Dims& dims) {
  Array a{dtype, dims, {}};
  a.data.resize(static_cast<size_t>(a.count() * width_of(dtype)));
  return a;
}

template <class T>
Array array(const Dims& dims, const std::vector<T>& values) {
  Array a = empty(dtype_of<T>(), dims);
  if (values.size() * sizeof(T) != a.data.size()) throw std::logic_error("array: wrong number of values");
  if (!values.empty()) std::memcpy(a.data.data(), values.data(), a.data.size());
  return a;
}

class SegmentBuilder {
 public:
  uint32_t value(int32_t dtype, const Dims& dims) {
    clq_tensor_desc desc{};
    desc.dtype = dtype;
    desc.rank = static_cast<int32_t>(dims.size());
    uint64_t step = 1;  // unsigned: a test makes it overflow
    for (size_t d = dims.size(); d-- > 0;) {
      desc.dims[d] = dims[d];
      desc.strides[d] = static_cast<int64_t>(step);
      step *= static_cast<uint64_t>(dims[d]);
    }
    values_.push_back(desc);
    return static_cast<uint32_t>(values_.size() - 1);
  }
  uint32_t input(int32_t dtype, const Dims& dims) { return inputs_.emplace_back(value(dtype, dims)); }
  uint32_t scalar(int32_t dtype) { return scalars_.emplace_back(value(dtype, {})); }
  uint32_t constant(const Array& a) {
    const uint32_t v = value(a.dtype, a.dims);
    data_.push_back(a);
    consts_.push_back({data_.back().data.data(), static_cast<int64_t>(a.data.size()), v, 0});
    return v;
  }
  uint32_t state(int32_t dtype, const Dims& dims) {
    states_.push_back({value(dtype, dims), CLQ_NONE, CLQ_NONE, 0});
    return states_.back().before;
  }
  void assign(uint32_t before, uint32_t after, uint32_t when = CLQ_NONE) {
    for (clq_state& s : states_)
      if (s.before == before) s.after = after, s.when = when;
  }
  void output(uint32_t v) { outputs_.push_back(v); }
  void op(const std::string& name, const std::vector<uint32_t>& inputs, const std::vector<uint32_t>& outputs,
          const Attrs& attrs = {}) {
    Op& o = ops_.emplace_back(Op{name, "test.layer", inputs, outputs, attrs, {}});
    for (const auto& [key, v] : o.attrs) o.c_attrs.push_back(c_attr(key, v));
  }
  uint32_t op1(const std::string& name, const std::vector<uint32_t>& inputs, int32_t dtype, const Dims& dims,
               const Attrs& attrs = {}) {
    const uint32_t out = value(dtype, dims);
    op(name, inputs, {out}, attrs);
    return out;
  }

  clq_segment c() {
    c_ops_.clear();
    for (const Op& o : ops_)
      c_ops_.push_back({o.name.c_str(), o.scope.c_str(), o.inputs.data(), o.outputs.data(), o.c_attrs.data(),
                        static_cast<uint32_t>(o.inputs.size()), static_cast<uint32_t>(o.outputs.size()),
                        static_cast<uint32_t>(o.c_attrs.size()), 0});
    clq_segment s{};
    s.struct_size = sizeof s;
    s.flags = flags;
    s.values = values_.data(), s.n_values = size(values_);
    s.ops = c_ops_.data(), s.n_ops = size(c_ops_);
    s.consts = consts_.data(), s.n_consts = size(consts_);
    s.states = states_.data(), s.n_states = size(states_);
    s.inputs = inputs_.data(), s.n_inputs = size(inputs_);
    s.outputs = outputs_.data(), s.n_outputs = size(outputs_);
    s.scalars = scalars_.data(), s.n_scalars = size(scalars_);
    return s;
  }
  const clq_tensor_desc& desc(uint32_t v) const { return values_[v]; }
  int64_t bytes(uint32_t v) const {
    int64_t n = width_of(values_[v].dtype);
    for (int32_t d = 0; d < values_[v].rank; ++d) n *= values_[v].dims[d];
    return n;
  }
  const std::vector<uint32_t>& inputs() const { return inputs_; }
  const std::vector<uint32_t>& outputs() const { return outputs_; }
  const std::vector<clq_state>& states() const { return states_; }

  uint32_t flags = 0;

 private:
  struct Op {
    std::string name, scope;
    std::vector<uint32_t> inputs, outputs;
    Attrs attrs;
    std::vector<clq_attr> c_attrs;
  };
  template <class V>
  static uint32_t size(const V& v) {
    return static_cast<uint32_t>(v.size());
  }
  static clq_attr c_attr(const std::string& key, const AttrValue& v) {
    if (const auto* i = std::get_if<int64_t>(&v)) return {key.c_str(), i, CLQ_ATTR_I64, 1};
    if (const auto* f = std::get_if<double>(&v)) return {key.c_str(), f, CLQ_ATTR_F64, 1};
    if (const auto* t = std::get_if<std::string>(&v)) return {key.c_str(), t->c_str(), CLQ_ATTR_TEXT, size(*t)};
    const auto& list = std::get<std::vector<int64_t>>(v);
    return {key.c_str(), list.data(), CLQ_ATTR_I64, size(list)};
  }

  std::vector<clq_tensor_desc> values_;
  std::deque<Op> ops_;  // attributes point into it
  std::deque<Array> data_;
  std::vector<clq_op> c_ops_;
  std::vector<clq_const> consts_;
  std::vector<clq_state> states_;
  std::vector<uint32_t> inputs_, outputs_, scalars_;
};

}  // namespace clq::test
