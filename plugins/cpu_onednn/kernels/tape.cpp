// plugins/cpu_onednn/kernels/tape.cpp -- blocks of 512 elements go through the instructions while in the cache.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/tape.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>

#include <calanque/plugin/sdk.hpp>

#include "kernels/tape_math.hpp"

namespace clq::onednn {
namespace {

constexpr int64_t kBlock = 512;
// Instructions times blocks that are worth a thread's turn; a dear one counts as several.
constexpr int64_t kChunk = 64, kDear = 8, kMostBlocksAChunk = 32;

// The registers' last uses and their buffers: registers that are never needed together share one.
class Buffers {
 public:
  explicit Buffers(const Tape& tape) : last_(tape.n_registers, -1), buffer_(tape.n_registers, -1) {
    const int end = static_cast<int>(tape.instructions.size());
    for (int i = 0; i < end; ++i)
      for (const uint16_t r : {tape.instructions[i].a, tape.instructions[i].b, tape.instructions[i].c}) last_[r] = i;
    for (const TapeOutput& o : tape.outputs) last_[o.reg] = end;
    for (size_t i = 0; i < tape.inputs.size(); ++i)
      if (tape.inputs[i].reach != Reach::each) take(static_cast<uint16_t>(i));
    const int kept = count_;  // filled once for many blocks, so never lent
    for (int i = 0; i < end; ++i) {
      const Instruction& in = tape.instructions[i];
      take(in.dst);
      for (const uint16_t r : {in.a, in.b, in.c})
        if (last_[r] == i && buffer_[r] >= kept && r != in.dst) give_back(buffer_[r]);
    }
  }
  int count() const { return count_; }
  int buffer(uint16_t reg) const { return buffer_[reg]; }  // -1: read where the input lies

 private:
  void take(uint16_t reg) {
    if (free_.empty()) free_.push_back(count_++);
    buffer_[reg] = free_.back();
    free_.pop_back();
  }
  void give_back(int buffer) {
    if (std::find(free_.begin(), free_.end(), buffer) == free_.end()) free_.push_back(buffer);
  }
  std::vector<int> last_, buffer_, free_;
  int count_ = 0;
};

template <class F>
CLQ_INLINE void map1(float* dst, const float* a, int64_t n, F f) {
  for (int64_t i = 0; i < n; ++i) dst[i] = f(a[i]);
}
template <class F>
CLQ_INLINE void map2(float* dst, const float* a, const float* b, int64_t n, F f) {
  for (int64_t i = 0; i < n; ++i) dst[i] = f(a[i], b[i]);
}

// A buffer is never the destination of the instruction that reads it.
CLQ_INLINE void execute(const Instruction& in, float* __restrict dst, const float* a, const float* b, const float* c,
                        int64_t n) {
#define CLQ_ONE(code, expr) \
  case Code::code:          \
    return map1(dst, a, n, [&](float x) CLQ_VECTORISED { return expr; })
#define CLQ_TWO(code, expr) \
  case Code::code:          \
    return map2(dst, a, b, n, [&](float x, float y) CLQ_VECTORISED { return expr; })
  switch (in.code) {
    CLQ_TWO(add, x + y);
    CLQ_TWO(sub, x - y);
    CLQ_TWO(mul, x* y);
    CLQ_TWO(div, x / y);
    CLQ_TWO(maximum, x >= y || x != x ? x : y);
    CLQ_TWO(minimum, x <= y || x != x ? x : y);
    CLQ_TWO(pow, std::pow(x, y));
    CLQ_TWO(lt, x < y ? 1.0f : 0.0f);
    CLQ_TWO(le, x <= y ? 1.0f : 0.0f);
    CLQ_TWO(gt, x > y ? 1.0f : 0.0f);
    CLQ_TWO(ge, x >= y ? 1.0f : 0.0f);
    CLQ_TWO(eq, x == y ? 1.0f : 0.0f);
    CLQ_TWO(ne, x != y ? 1.0f : 0.0f);
    case Code::select:
      for (int64_t i = 0; i < n; ++i) dst[i] = a[i] != 0 ? b[i] : c[i];
      return;
    CLQ_ONE(neg, -x);
    CLQ_ONE(relu, x < 0 ? 0.0f : x);
    CLQ_ONE(sqrt, std::sqrt(x));
    CLQ_ONE(square, x* x);
    CLQ_ONE(abs, std::fabs(x));
    CLQ_ONE(floor, std::floor(x));
    CLQ_ONE(sign, x > 0 ? 1.0f : x < 0 ? -1.0f : x);
    CLQ_ONE(sigmoid, sigmoid_of(x));
    CLQ_ONE(silu, x* sigmoid_of(x));
    CLQ_ONE(tanh, tanh_of(x));
    CLQ_ONE(exp, exp_of(x));
    CLQ_ONE(log, std::log(x));
    CLQ_ONE(softplus, softplus_of(x));
    CLQ_ONE(gelu, x* normal_cdf_of(x));
    CLQ_ONE(erf, std::erf(x));
    CLQ_ONE(sin, std::sin(x));
    CLQ_ONE(cos, std::cos(x));
    CLQ_ONE(leaky_relu, x > 0 ? x : in.x * x);
    CLQ_ONE(elu, x > 0 ? x : in.x * std::expm1(x));
    CLQ_ONE(clip, x < in.x ? in.x : x > in.y ? in.y : x);
    CLQ_ONE(copy, x);
    CLQ_TWO(relu_grad, x*(y > 0 ? 1.0f : 0.0f));
    CLQ_TWO(leaky_relu_grad, x*(y > 0 ? 1.0f : in.x));
    CLQ_TWO(elu_grad, x*(y > 0 ? 1.0f : in.x * exp_of(y)));
    CLQ_TWO(gelu_grad, x* gelu_slope_of(y));
    CLQ_TWO(silu_grad, x* silu_slope_of(y));
    CLQ_TWO(sigmoid_grad, x* sigmoid_of(y) * sigmoid_of(-y));
    CLQ_TWO(tanh_grad, x*(1.0f - tanh_of(y) * tanh_of(y)));
    CLQ_TWO(softplus_grad, x* sigmoid_of(y));
  }
#undef CLQ_ONE
#undef CLQ_TWO
}

constexpr int kOutputs = kMaxBuffers;
constexpr size_t kMostOutputs = 128;  // more than the ops of a chain
struct Wiring {
  const Instruction* instruction;
  int dst, a, b, c;  // buffers; from kOutputs on: an output; below 0: input -1 - i where it lies
};

using Block = std::array<float, kBlock>;

// outputs: where each lies, or its buffer.
void run_block(std::span<const Wiring> wirings, Block* buffers, float* const* outputs, void* const* src, int64_t at,
               int64_t n) {
  vectorised([&]() CLQ_VECTORISED {
    const auto written = [&](int where) CLQ_VECTORISED {
      return where < kOutputs ? buffers[where].data() : outputs[where - kOutputs];
    };
    const auto place = [&](int where) CLQ_VECTORISED {
      return where >= 0 ? written(where) : static_cast<const float*>(src[-1 - where]) + at;
    };
    for (const Wiring& w : wirings)
      execute(*w.instruction, written(w.dst), place(w.a), place(w.b), place(w.c), n);
  });
}

class TapeKernel final : public ref::Kernel {
 public:
  explicit TapeKernel(Tape tape) : Kernel({.in_place = in_place_of(tape)}), tape_(std::move(tape)), buffers_(tape_) {
    if (buffers_.count() > kMaxBuffers || tape_.outputs.size() > kMostOutputs)
      sdk::fail(CLQ_E_INTERNAL, "a tape of " + std::to_string(buffers_.count()) + " buffers and " +
                                    std::to_string(tape_.outputs.size()) + " outputs, more than " +
                                    std::to_string(kMaxBuffers) + " and " + std::to_string(kMostOutputs));
    const auto place = [&](uint16_t reg) {
      const int buffer = buffers_.buffer(reg), output = owner(reg);
      return buffer < 0 ? -1 - static_cast<int>(reg) : output < 0 ? buffer : kOutputs + output;
    };
    for (const TapeOutput& o : tape_.outputs) owners_.push_back(owner(o.reg));
    for (const Instruction& i : tape_.instructions) {
      wirings_.push_back({&i, place(i.dst), place(i.a), place(i.b), place(i.c)});
      cost_ += is_dear(i.code) ? kDear : 1;
    }
  }

  clq_status run(const ref::Operands& io, const ref::Context& context) const noexcept override {  // hot
    const int64_t blocks = (tape_.n + kBlock - 1) / kBlock;
    ref::parallel(context, blocks, std::min(kChunk / cost_, kMostBlocksAChunk), [&](int64_t begin, int64_t end) {
      alignas(64) Block buffers[kMaxBuffers];
      for (size_t i = 0; i < tape_.inputs.size(); ++i)
        if (tape_.inputs[i].reach == Reach::one) buffers[buffer(i)].fill(*io.in<float>(i));
      float *outputs[kMostOutputs], *direct[kMostOutputs];
      for (size_t i = 0; i < tape_.outputs.size(); ++i) {
        direct[i] = is_direct(io, i) ? io.out<float>(i) : nullptr;
        outputs[i] = buffers[buffers_.buffer(tape_.outputs[i].reg)].data();
      }
      for (int64_t b = begin; b < end; ++b) {
        const int64_t at = b * kBlock, n = std::min(kBlock, tape_.n - at);
        load(io, buffers, at, n);
        for (size_t i = 0; i < tape_.outputs.size(); ++i)
          if (direct[i] != nullptr) outputs[i] = direct[i] + at;
        run_block(wirings_, buffers, outputs, io.src, at, n);
        store(io, outputs, at, n);
      }
    });
    return CLQ_OK;
  }

 private:
  static uint32_t in_place_of(const Tape& tape) {
    uint32_t bits = 0;
    for (size_t i = 0; i < tape.inputs.size() && i < 32; ++i)
      if (tape.inputs[i].reach == Reach::each && !tape.outputs[0].is_u8) bits |= 1u << i;
    return bits;
  }
  size_t buffer(size_t input) const { return static_cast<size_t>(buffers_.buffer(static_cast<uint16_t>(input))); }

  void load(const ref::Operands& io, Block* buffers, int64_t at, int64_t n) const {
    for (size_t i = 0; i < tape_.inputs.size(); ++i) {
      const TapeInput& input = tape_.inputs[i];
      if (input.reach == Reach::row) load_row(io.in<float>(i), input.row, buffers[buffer(i)], at, n);
      if (input.reach != Reach::each_u8) continue;
      const uint8_t* from = io.in<uint8_t>(i) + at;
      float* to = buffers[buffer(i)].data();
      for (int64_t j = 0; j < n; ++j) to[j] = from[j];
    }
  }

  static void load_row(const float* row, int64_t period, Block& to, int64_t at, int64_t n) {
    int64_t column = at % period;
    for (int64_t j = 0; j < n; column = 0) {
      const int64_t m = std::min(n - j, period - column);
      std::memcpy(to.data() + j, row + column, static_cast<size_t>(m) * sizeof(float));
      j += m;
    }
  }

  // The output whose memory a register may be; -1: it has a buffer.
  int owner(uint16_t reg) const {
    if (reg < tape_.inputs.size()) return -1;
    for (size_t i = 0; i < tape_.outputs.size(); ++i)
      if (tape_.outputs[i].reg == reg && !tape_.outputs[i].is_u8) return static_cast<int>(i);
    return -1;
  }

  // Instructions write where the output lies, unless it lies on what others still read, or is not wanted this time.
  bool is_direct(const ref::Operands& io, size_t output) const {
    const TapeOutput& o = tape_.outputs[output];
    if (owners_[output] != static_cast<int>(output) || o.when != kNoPredicate) return false;
    for (size_t i = 0; i < tape_.inputs.size(); ++i)
      if (io.src[i] == io.dst[output]) return false;
    return true;
  }

  // After all that read: an output may lie on an input.
  void store(const ref::Operands& io, float* const* outputs, int64_t at, int64_t n) const {
    for (size_t i = 0; i < tape_.outputs.size(); ++i) {
      const TapeOutput& o = tape_.outputs[i];
      if (o.when != kNoPredicate && *io.in<uint8_t>(o.when) == 0) continue;
      const float* from = outputs[owners_[i] < 0 ? static_cast<int>(i) : owners_[i]];
      if (!o.is_u8) {
        if (from != io.out<float>(i) + at)
          std::memcpy(io.out<float>(i) + at, from, static_cast<size_t>(n) * sizeof(float));
        continue;
      }
      uint8_t* to = io.out<uint8_t>(i) + at;
      for (int64_t j = 0; j < n; ++j) to[j] = from[j] != 0;
    }
  }

  Tape tape_;
  Buffers buffers_;
  std::vector<Wiring> wirings_;
  std::vector<int> owners_;  // of each output's register
  int64_t cost_ = 0;  // of a block
};

}  // namespace

int buffers_of(const Tape& tape) { return Buffers(tape).count(); }

bool is_dear(Code code) {
  switch (code) {
    case Code::add:
    case Code::sub:
    case Code::mul:
    case Code::div:
    case Code::maximum:
    case Code::minimum:
    case Code::select:
    case Code::neg:
    case Code::relu:
    case Code::sqrt:
    case Code::square:
    case Code::abs:
    case Code::relu_grad:
    case Code::clip:
    case Code::copy:
      return false;
    default:
      return code == Code::pow || code > Code::ne;
  }
}

std::unique_ptr<ref::Kernel> make_tape_kernel(Tape tape) { return std::make_unique<TapeKernel>(std::move(tape)); }

}  // namespace clq::onednn
