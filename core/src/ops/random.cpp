// core/src/ops/random.cpp -- counter-based random numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/rules.hpp"

namespace clq {
namespace {

using namespace rules;

Descs random(const OpView& op) {
  arity(op, 3);
  const TensorDesc seed{CLQ_U64, {}}, count{CLQ_I64, {}};
  const bool scalars = op.input(0) == seed && op.input(1) == count && op.input(2) == count;
  CLQ_REQUIRE(scalars, "takes the scalars seed u64, step i64 and first_sample i64");
  const Shape dims = op.list("shape");
  CLQ_REQUIRE(!dims.empty(), "shape must start with the samples");
  element_count(dims);
  op.i64("stream", 0);
  const std::string distribution = op.text("distribution", "");
  CLQ_REQUIRE(distribution == "uniform" || distribution == "normal", "distribution '{}' is neither uniform nor normal",
              distribution);
  const auto dtype = narrow<DType>(op.i64("dtype", CLQ_F32));
  CLQ_REQUIRE(dtype == CLQ_F32 || dtype == CLQ_F64, "dtype must be f32 or f64");
  return {{dtype, dims}};
}

constexpr OpRule kRandomRules[] = {{"random/1", random, nullptr}};

}  // namespace

std::span<const OpRule> random_rules() { return kRandomRules; }

}  // namespace clq
