// plugins/cpu_onednn/plan/chain_op.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/chain_op.hpp"

namespace clq::onednn {
namespace {

struct Entry {
  const char* name;
  Code code;
};

constexpr Entry kEntries[] = {{"add/1", Code::add},
                              {"sub/1", Code::sub},
                              {"mul/1", Code::mul},
                              {"div/1", Code::div},
                              {"maximum/1", Code::maximum},
                              {"minimum/1", Code::minimum},
                              {"pow/1", Code::pow},
                              {"select/1", Code::select},
                              {"neg/1", Code::neg},
                              {"relu/1", Code::relu},
                              {"sqrt/1", Code::sqrt},
                              {"square/1", Code::square},
                              {"abs/1", Code::abs},
                              {"floor/1", Code::floor},
                              {"sign/1", Code::sign},
                              {"sigmoid/1", Code::sigmoid},
                              {"silu/1", Code::silu},
                              {"tanh/1", Code::tanh},
                              {"exp/1", Code::exp},
                              {"log/1", Code::log},
                              {"softplus/1", Code::softplus},
                              {"gelu/1", Code::gelu},
                              {"erf/1", Code::erf},
                              {"sin/1", Code::sin},
                              {"cos/1", Code::cos},
                              {"leaky_relu/1", Code::leaky_relu},
                              {"elu/1", Code::elu},
                              {"clip/1", Code::clip},
                              {"relu_grad/1", Code::relu_grad},
                              {"leaky_relu_grad/1", Code::leaky_relu_grad},
                              {"elu_grad/1", Code::elu_grad},
                              {"gelu_grad/1", Code::gelu_grad},
                              {"silu_grad/1", Code::silu_grad},
                              {"sigmoid_grad/1", Code::sigmoid_grad},
                              {"tanh_grad/1", Code::tanh_grad},
                              {"softplus_grad/1", Code::softplus_grad}};

std::optional<Code> comparison(const ref::OpView& op) {
  constexpr Entry kRelations[] = {{"lt", Code::lt}, {"le", Code::le}, {"gt", Code::gt},
                                  {"ge", Code::ge}, {"eq", Code::eq}, {"ne", Code::ne}};
  const std::string_view relation = sdk::attr_text(op.op(), "op", "");
  for (const Entry& e : kRelations)
    if (relation == e.name) return e.code;
  return std::nullopt;
}

std::optional<Code> code_of(const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name == "compare/1") return comparison(op);
  for (const Entry& e : kEntries)
    if (name == e.name) return e.code;
  return std::nullopt;
}

bool dtypes_fit(const ref::OpView& op, Code code) {
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    const bool condition = code == Code::select && i == 0;
    if (op.src(i).dtype != (condition ? CLQ_U8 : CLQ_F32)) return false;
  }
  const bool compares = code >= Code::lt && code <= Code::ne;
  return op.dst(0).dtype == (compares ? CLQ_U8 : CLQ_F32);
}

}  // namespace

std::optional<TapeInput> reach_of(const clq_tensor_desc& value, const clq_tensor_desc& shape) {
  if (ref::same_shape(value, shape)) return TapeInput{value.dtype == CLQ_U8 ? Reach::each_u8 : Reach::each};
  if (value.dtype != CLQ_F32 || value.rank > shape.rank) return std::nullopt;
  const int64_t n = ref::element_count(value);
  if (n == 1) return TapeInput{Reach::one};
  int32_t first = 0;  // leading axes of 1 are repeated, all others must be those of the end of `shape`
  while (first < value.rank && value.dims[first] == 1) ++first;
  const int32_t rank = value.rank - first;
  for (int32_t d = 0; d < rank; ++d)
    if (value.dims[first + d] != shape.dims[shape.rank - rank + d]) return std::nullopt;
  return TapeInput{Reach::row, n};
}

std::optional<ChainOp> chain_op(const ref::OpView& op) {
  const std::optional<Code> code = code_of(op);
  if (!code || op.n_dst() != 1 || op.n_src() == 0 || op.n_src() > 3 || !dtypes_fit(op, *code)) return std::nullopt;
  if (ref::element_count(op.dst(0)) < 2) return std::nullopt;
  ChainOp result{*code, {}, op.op().outputs[0]};
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    if (!reach_of(op.src(i), op.dst(0))) return std::nullopt;
    result.src.push_back(op.op().inputs[i]);
  }
  if (*code == Code::clip) {
    result.x = static_cast<float>(op.f64("min", 0));
    result.y = static_cast<float>(op.f64("max", 0));
  } else {
    const bool leaky = *code == Code::leaky_relu || *code == Code::leaky_relu_grad;
    result.x = static_cast<float>(op.f64("alpha", leaky ? 0.01 : 1));
  }
  return result;
}

}  // namespace clq::onednn
