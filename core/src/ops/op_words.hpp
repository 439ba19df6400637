// core/src/ops/op_words.hpp -- what docs/ops.md says of each op, and how near to cpu_ref a backend must come.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string_view>

#include <calanque/core/tensor.hpp>

namespace clq {

enum class Nearness {
  exact,    // values are moved, chosen or counted
  rounded,  // each is one function of few others: libraries differ in the last bits
  summed    // many terms, whose order is the backend's own; a convolution may be computed by Winograd's transforms
};

struct OpWords {
  const char* name;        // "leaky_relu/1"
  const char* tensors;     // "x float -> same"
  const char* attrs = "";  // "alpha f = 0.01, min f": one without a value must be given
  const char* formula = "";
  const char* gradient = "";  // where it is not plain; an op without a rule has none, whatever stands here
  const char* source = "";    // who defined it
  Nearness near = Nearness::rounded;
};

std::span<const OpWords> op_words();  // one for each op of the core
const OpWords& words_of(std::string_view op);
// The largest difference from cpu_ref's result, over the largest of its values, that a backend may have.
double tolerance(Nearness near, DType dtype);
double tolerance(std::string_view op, DType dtype);
// The same of a gradient, which is made of several ops.
double gradient_tolerance(DType dtype);

}  // namespace clq
