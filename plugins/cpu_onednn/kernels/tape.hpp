// plugins/cpu_onednn/kernels/tape.hpp -- several elementwise ops in one pass: each block of elements goes through all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/kernel.hpp"

namespace clq::onednn {

// clang-format off
enum class Code : uint8_t {
  // two operands
  add, sub, mul, div, maximum, minimum, pow, lt, le, gt, ge, eq, ne,
  // three
  select,
  // one
  neg, relu, sqrt, square, abs, floor, sign, sigmoid, silu, tanh, exp, log, softplus, gelu, erf, sin, cos,
  leaky_relu, elu, clip, copy,
  // (diff_dst, src)
  relu_grad, leaky_relu_grad, elu_grad, gelu_grad, silu_grad, sigmoid_grad, tanh_grad, softplus_grad
};
// clang-format on

struct Instruction {
  Code code;
  uint16_t dst, a, b, c;  // registers
  float x, y;             // alpha; min and max
};

// How an operand meets the elements: one each, one for all, or a row that repeats.
enum class Reach : uint8_t { each, each_u8, one, row };

struct TapeInput {
  Reach reach;
  int64_t row = 0;       // elements of a row
  bool nonzero = false;  // one: a constant other than 0
};

constexpr uint32_t kNoPredicate = ~0u;
struct TapeOutput {
  uint16_t reg;
  bool is_u8 = false;
  uint32_t when = kNoPredicate;  // the step's operand with a U8: 0 leaves the output as it was
};

// Register i of inputs is input i; the others are written by instructions, each once.
struct Tape {
  int64_t n = 0;  // elements
  std::vector<TapeInput> inputs;
  std::vector<Instruction> instructions;
  std::vector<TapeOutput> outputs;
  uint16_t n_registers = 0;
};

constexpr int kMaxBuffers = 24;

// Blocks of memory that the tape needs at once; more than kMaxBuffers cannot run.
int buffers_of(const Tape& tape);
// True when a block of zeros comes out as zeros: the padding of a format then stays what it is.
bool keeps_zero(const Tape& tape);
bool is_dear(Code code);

// src: the inputs, then the predicates; dst: the outputs. A dst may lie exactly on a src.
std::unique_ptr<ref::Kernel> make_tape_kernel(Tape tape);

}  // namespace clq::onednn
