// plugins/cpu_onednn/kernels/softmax_onednn.cpp -- softmax and its cross entropy by rows; sums are in F64, in 16 lanes.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <limits>

#include "kernels/tape_math.hpp"
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

constexpr int64_t kLanes = 16;

// body(first, count) for 16 elements at a time, then the rest.
template <class Body>
CLQ_INLINE void by_lanes(int64_t n, const Body& body) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) body(i, kLanes);
  if (i < n) body(i, n - i);
}

CLQ_INLINE double total(const double (&lanes)[kLanes]) {
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

CLQ_INLINE float maximum(const float* x, int64_t n) {  // NaN wins
  float lanes[kLanes];
  for (float& lane : lanes) lane = -std::numeric_limits<float>::infinity();
  const auto larger = [](float m, float v) CLQ_VECTORISED { return m >= v || m != m ? m : v; };
  by_lanes(n, [&](int64_t i, int64_t count) CLQ_VECTORISED {
    for (int64_t l = 0; l < count; ++l) lanes[l] = larger(lanes[l], x[i + l]);
  });
  float m = lanes[0];
  for (int64_t l = 1; l < kLanes; ++l) m = larger(m, lanes[l]);
  return m;
}

// dst: e^(x - shift); their sum.
CLQ_INLINE double exponentials(const float* x, float* dst, int64_t n, float shift) {
  double sums[kLanes] = {};
  by_lanes(n, [&](int64_t i, int64_t count) CLQ_VECTORISED {
    for (int64_t l = 0; l < count; ++l) dst[i + l] = exp_of(x[i + l] - shift);
    for (int64_t l = 0; l < count; ++l) sums[l] += static_cast<double>(dst[i + l]);
  });
  return total(sums);
}

CLQ_INLINE void scale(float* dst, int64_t n, double sum) {
  const float factor = static_cast<float>(1 / sum);
  for (int64_t i = 0; i < n; ++i) dst[i] *= factor;
}

// -sum_k y_k log p_k; a y_k of 0 adds nothing, even where log p_k is -inf.
CLQ_INLINE float cross_entropy(const float* x, const float* y, int64_t n, float shift, float log_sum) {
  double sums[kLanes] = {};
  by_lanes(n, [&](int64_t i, int64_t count) CLQ_VECTORISED {
    for (int64_t l = 0; l < count; ++l) {
      const double term = static_cast<double>(y[i + l]) * static_cast<double>(x[i + l] - shift - log_sum);
      sums[l] -= y[i + l] != 0 ? term : 0;
    }
  });
  return static_cast<float>(total(sums));
}

float cross_entropy(const float* x, int64_t label, int64_t n, float shift, float log_sum) {
  if (label < 0 || label >= n) return std::numeric_limits<float>::quiet_NaN();
  return -(x[label] - shift - log_sum);
}

struct LogitRows {
  int64_t rows, n;
  int64_t grain() const { return ref::kDearGrain * 4 / std::max<int64_t>(1, n); }
};

// Loss and probabilities of one row, which may each be left out. The room is for exponentials that nobody wants.
template <class Label>
void cross_entropy_row(const LogitRows& s, const ref::Operands& io, int64_t r, float* room) {
  vectorised([&]() CLQ_VECTORISED {
    const float *x = io.in<float>(0) + r * s.n, shift = maximum(x, s.n);
    float* p = io.dst[1] != nullptr ? io.out<float>(1) + r * s.n : room;
    const double sum = exponentials(x, p, s.n, shift);
    const float log_sum = static_cast<float>(std::log(sum));
    if (io.dst[0] != nullptr) {
      if constexpr (std::is_same_v<Label, int64_t>)
        io.out<float>(0)[r] = cross_entropy(x, io.in<int64_t>(1)[r], s.n, shift, log_sum);
      else
        io.out<float>(0)[r] = cross_entropy(x, io.in<float>(1) + r * s.n, s.n, shift, log_sum);
    }
    if (io.dst[1] != nullptr) scale(p, s.n, sum);
  });
}

std::unique_ptr<ref::Kernel> make_cross_entropy(const LogitRows& s, bool index) {
  return ref::make_kernel(
      [s, index](const ref::Operands& io, const ref::Context& context) {
        ref::parallel(context, s.rows, s.grain(), [&](int64_t begin, int64_t end) {
          for (int64_t r = begin; r < end; ++r) {
            float* room = reinterpret_cast<float*>(io.workspace) + r * s.n;
            index ? cross_entropy_row<int64_t>(s, io, r, room) : cross_entropy_row<float>(s, io, r, room);
          }
        });
      },
      {.workspace_bytes = s.rows * s.n * static_cast<int64_t>(sizeof(float))});
}

std::unique_ptr<ref::Kernel> make_softmax(const LogitRows& s) {
  return ref::make_kernel(
      [s](const ref::Operands& io, const ref::Context& context) {
        ref::parallel(context, s.rows, s.grain(), [&](int64_t begin, int64_t end) {
          vectorised([&]() CLQ_VECTORISED {
            for (int64_t r = begin; r < end; ++r) {
              const float* x = io.in<float>(0) + r * s.n;
              float* p = io.out<float>(0) + r * s.n;
              scale(p, s.n, exponentials(x, p, s.n, maximum(x, s.n)));
            }
          });
        });
      },
      {.in_place = 1});
}

}  // namespace

bool lower_softmax(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name != "softmax/1" && name != "softmax_cross_entropy/1") return false;
  const clq_tensor_desc& x = op.src(0);
  const int64_t n = x.dims[x.rank - 1];
  if (n == 0) return false;
  const LogitRows rows{ref::element_count(x) / n, n};
  std::vector<uint32_t> operands, results;
  for (uint32_t i = 0; i < op.n_src(); ++i) operands.push_back(lowering.use(op.op().inputs[i], kPlainLayout));
  for (uint32_t i = 0; i < op.n_dst(); ++i)
    results.push_back(op.has_dst(i) ? lowering.make(op.op().outputs[i], kPlainLayout) : CLQ_NONE);
  lowering.add_step(name == "softmax/1" ? make_softmax(rows) : make_cross_entropy(rows, op.src(1).dtype == CLQ_I64),
                    std::move(operands), std::move(results));
  return true;
}

}  // namespace clq::onednn
