// plugins/cpu_onednn/kernels/tape_padding.cpp -- what a tape makes of the zeros in a format's padding.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "kernels/tape.hpp"

namespace clq::onednn {
namespace {

// What is sure of a register where every operand with an element each is 0. An operand that is one for all counts as
// finite, and divides as if it were not 0: where that is wrong, the elements beside the padding are not finite either.
struct Known {
  bool zero = false, finite = false, nonzero = false, divides = false;
};

Known of_input(const TapeInput& input) {
  if (input.reach == Reach::each) return {.zero = true, .finite = true};
  return {.finite = true, .nonzero = input.nonzero, .divides = input.reach == Reach::one};
}

Known of_one(const Instruction& i, const Known& a) {
  switch (i.code) {
    case Code::neg:
    case Code::abs:
    case Code::square:
    case Code::copy:
      return a;
    case Code::sqrt:  // of less than 0 it is NaN
      return {.zero = a.zero, .finite = a.zero};
    case Code::log:
      return {};
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

Known of_two(Code code, const Known& a, const Known& b) {
  const bool finite = a.finite && b.finite;
  switch (code) {
    case Code::add:
    case Code::sub:
      return {a.zero && b.zero, finite, (a.zero && b.nonzero) || (a.nonzero && b.zero)};
    case Code::maximum:
    case Code::minimum:
      return {a.zero && b.zero, finite, a.nonzero && b.nonzero};
    case Code::mul:
      return {(a.zero && b.finite) || (a.finite && b.zero), finite, a.nonzero && b.nonzero};
    case Code::div:
      if (!b.finite || !(b.nonzero || b.divides)) return {};
      return {a.zero, a.finite, a.nonzero};
    case Code::pow:
      return {};
    default:  // gradients: a times what follows from b
      return {.zero = a.zero && b.finite, .finite = finite};
  }
}

Known of_instruction(const Instruction& i, const std::vector<Known>& known) {
  const Known &a = known[i.a], &b = known[i.b], &c = known[i.c];
  if (i.code >= Code::lt && i.code <= Code::ne) return {.finite = true};
  if (i.code == Code::select) return {b.zero && c.zero, b.finite && c.finite, b.nonzero && c.nonzero};
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
