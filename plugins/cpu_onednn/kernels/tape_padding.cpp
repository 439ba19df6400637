// plugins/cpu_onednn/kernels/tape_padding.cpp -- what a tape makes of the zeros in a format's padding.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "kernels/tape.hpp"

namespace clq::onednn {
namespace {

// What is sure of a register where every operand with an element each is 0. An operand that is one for all counts as
// finite, and divides as if it were not 0: where that is wrong, the elements beside the padding are not finite either, so
// long as nothing bounds them. `hangs` on such an operand: what bounds it is sure of nothing.
struct Known {
  bool zero = false, finite = false, nonzero = false, divides = false, hangs = false;
};

Known of_input(const TapeInput& input) {
  if (input.reach == Reach::each) return {.zero = true, .finite = true};
  const bool one = input.reach == Reach::one;
  return {.finite = true, .nonzero = input.nonzero, .divides = one, .hangs = one && !input.nonzero};
}

Known of_bounding(const Instruction& i, const Known& a) {
  switch (i.code) {
    case Code::exp:  // of anything but 0 it may overflow
      return {.finite = a.zero, .nonzero = a.zero};
    case Code::sigmoid:
    case Code::softplus:
    case Code::cos:
      return {.finite = a.finite, .nonzero = a.zero};
    case Code::clip:
      return {.zero = a.zero && i.x <= 0 && i.y >= 0, .finite = a.finite};
    default:
      return {.zero = a.zero, .finite = a.finite};
  }
}

Known of_one(const Instruction& i, const Known& a) {
  switch (i.code) {
    case Code::neg:
    case Code::abs:
    case Code::copy:
      return a;
    case Code::square:  // of something small it is 0
      return {.zero = a.zero, .finite = a.finite, .hangs = a.hangs};
    case Code::sqrt:  // of less than 0 it is NaN
      return {.zero = a.zero, .finite = a.zero, .hangs = a.hangs};
    case Code::log:
      return {};
    default:
      return a.hangs ? Known{} : of_bounding(i, a);
  }
}

Known of_two(Code code, const Known& a, const Known& b) {
  const bool finite = a.finite && b.finite, hangs = a.hangs || b.hangs;
  switch (code) {
    case Code::add:
    case Code::sub: {
      const bool nonzero = (a.zero && b.nonzero) || (a.nonzero && b.zero);
      return {.zero = a.zero && b.zero, .finite = finite, .nonzero = nonzero, .hangs = hangs};
    }
    case Code::maximum:
    case Code::minimum:
      if (hangs) return {};
      return {.zero = a.zero && b.zero, .finite = finite, .nonzero = a.nonzero && b.nonzero};
    case Code::mul:  // of two small ones it is 0
      return {.zero = (a.zero && b.finite) || (a.finite && b.zero), .finite = finite, .hangs = hangs};
    case Code::div:
      if (!b.finite || !(b.nonzero || b.divides)) return {};
      return {.zero = a.zero, .finite = a.finite, .hangs = hangs};
    case Code::pow:
      return {};
    default:  // gradients: a times what follows from b
      if (b.hangs) return {};
      return {.zero = a.zero && b.finite, .finite = finite, .hangs = a.hangs};
  }
}

Known of_instruction(const Instruction& i, const std::vector<Known>& known) {
  const Known &a = known[i.a], &b = known[i.b], &c = known[i.c];
  if (i.code >= Code::lt && i.code <= Code::ne) return {.finite = true};
  if (i.code == Code::select) {
    if (b.hangs || c.hangs) return {};
    return {.zero = b.zero && c.zero, .finite = b.finite && c.finite, .nonzero = b.nonzero && c.nonzero};
  }
  if (i.code >= Code::neg && i.code <= Code::copy) return of_one(i, a);
  return of_two(i.code, a, b);
}

}  // namespace

bool keeps_zero(const Tape& tape) {
  std::vector<Known> known(tape.n_registers);
  for (size_t i = 0; i < tape.inputs.size(); ++i) known[i] = of_input(tape.inputs[i]);
  for (const Instruction& i : tape.instructions) known[i.dst] = of_instruction(i, known);
  return std::all_of(tape.outputs.begin(), tape.outputs.end(), [&](const TapeOutput& o) { return known[o.reg].zero; });
}

}  // namespace clq::onednn
