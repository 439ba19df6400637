// tests/plugins/cpu_onednn/random_chain.hpp -- elementwise ops drawn at random, read by each other and by others.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <random>

#include "plugins/cpu_onednn/both.hpp"

namespace clq::test {

// Up to 120 ops on values of `dims`, which come from convolutions where those are images. All values stay in [-1, 1],
// and no op has a jump, so that differences in the last places do not grow.
class RandomChain {
 public:
  RandomChain(uint64_t seed, const Dims& dims) : random_(seed), dims_(dims) {
    scalar_ = given({});
    row_ = given({dims.back()});
    for (int i = 0; i < 3; ++i) pool_.push_back(start(given(dims)));
    for (int i = 0; i < 3; ++i) states_.push_back(builder_.state(CLQ_F32, dims));
    pool_.insert(pool_.end(), states_.begin(), states_.end());
    const uint32_t good = builder_.op1("all_finite/1", {pool_.front()}, CLQ_U8, {});
    for (uint64_t n = 5 + random_() % 116; n > 0; --n) add(good);
    builder_.output(op("neg", {pool_.back()}));
  }
  SegmentBuilder& builder() { return builder_; }
  const std::vector<Array>& inputs() const { return inputs_; }

 private:
  uint32_t given(const Dims& dims) {
    inputs_.push_back(in_one(dims, random_()));
    return builder_.input(CLQ_F32, dims);
  }
  uint32_t op(const std::string& name, const std::vector<uint32_t>& from) {
    return builder_.op1(name + "/1", from, CLQ_F32, dims_);
  }
  uint32_t start(uint32_t x) {
    return dims_.size() == 4 ? op("tanh", {op("conv", {x, given({dims_[1], dims_[1], 1, 1})})}) : x;
  }
  bool one_in(uint64_t n) { return random_() % n == 0; }
  // More often a late value than an early one, so that rows grow long.
  uint32_t any() {
    const size_t n = pool_.size(), back = random_() % std::min<size_t>(n, one_in(3) ? n : 4);
    return pool_[n - 1 - back];
  }
  uint32_t other() { return one_in(8) ? scalar_ : one_in(12) ? row_ : any(); }

  uint32_t drawn() {
    constexpr const char* kUnary[] = {"tanh", "sin",  "cos",  "sigmoid",  "neg",          "abs",
                                      "relu", "silu", "gelu", "identity", "stop_gradient"};
    constexpr const char* kBinary[] = {"mul", "maximum", "minimum", "tanh_grad", "sigmoid_grad"};
    if (one_in(2)) return op(kUnary[random_() % std::size(kUnary)], {any()});
    const size_t binary = random_() % (std::size(kBinary) + 1);
    const uint32_t a = any();
    if (binary == std::size(kBinary)) return op("tanh", {op("add", {a, other()})});
    return op(kBinary[binary], {a, binary < 3 ? other() : any()});
  }

  void add(uint32_t good) {
    pool_.push_back(drawn());
    if (one_in(4)) builder_.output(pool_.back());
    if (one_in(12)) builder_.output(builder_.op1("sum_squares/1", {any()}, CLQ_F64, {}));
    if (!states_.empty() && one_in(20)) {
      builder_.assign(states_.back(), any(), one_in(2) ? good : CLQ_NONE);
      states_.pop_back();
    }
  }

  std::mt19937_64 random_;
  Dims dims_;
  SegmentBuilder builder_;
  std::vector<Array> inputs_;
  std::vector<uint32_t> pool_, states_;
  uint32_t scalar_, row_;
};

}  // namespace clq::test
