// core/src/ops/op_words.cpp -- inputs, attributes, formulas and sources of the core's ops.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/op_words.hpp"

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr auto kExact = Nearness::exact, kRounded = Nearness::rounded, kSummed = Nearness::summed;

constexpr const char *kC = "ISO C 7.12", *kIeee = "IEEE 754-2019", *kNumpy = "NumPy's broadcasting",
                     *kArithmetic = "Dumoulin & Visin 2016, arXiv 1603.07285",
                     *kLogSumExp = "Blanchard, Higham & Higham 2021, doi 10.1093/imanum/draa038",
                     *kBatchNorm = "Ioffe & Szegedy 2015, arXiv 1502.03167",
                     *kLayerNorm = "Ba, Kiros & Hinton 2016, arXiv 1607.06450", *kLeaky = "Maas, Hannun & Ng 2013",
                     *kElu = "Clevert et al. 2016, arXiv 1511.07289",
                     *kGelu = "Hendrycks & Gimpel 2016, arXiv 1606.08415",
                     *kSilu = "Elfwing et al. 2018, arXiv 1702.03118", *kRelu = "Nair & Hinton 2010",
                     *kSoftplus = "Dugas et al. 2001", *kPrelu = "He et al. 2015, arXiv 1502.01852";

constexpr OpWords unary_words(const char* name, const char* formula, const char* source = "", Nearness near = kRounded,
                              const char* attrs = "", const char* gradient = "") {
  return {name, "x float -> same", attrs, formula, gradient, source, near};
}

constexpr OpWords slope_words(const char* name, const char* formula, const char* source = "", const char* attrs = "",
                              Nearness near = kRounded) {
  return {name, "diff_dst, src float -> diff_src", attrs, formula, "", source, near};
}

constexpr OpWords binary_words(const char* name, const char* tensors, const char* formula, const char* gradient = "",
                               Nearness near = kRounded) {
  return {name, tensors, "", formula, gradient, kNumpy, near};
}

constexpr OpWords reduce_words(const char* name, const char* formula, const char* gradient, Nearness near) {
  return {name, "x float -> reduced", "axes I = all, keepdims i = 0", formula, gradient, "", near};
}

#define CLQ_WINDOW "strides I = 1, dilations I = 1, pads_begin I = 0, pads_end I = 0"
#define CLQ_POOL "kernel I, " CLQ_WINDOW
#define CLQ_MAPS "float [N,C,L] or [N,C,H,W]"

constexpr OpWords kWords[] = {
    unary_words("neg/1", "-x", kIeee, kExact),
    unary_words("relu/1", "max(x, 0)", kRelu, kExact),
    unary_words("leaky_relu/1", "x where x > 0, else alpha x", kLeaky, kRounded, "alpha f = 0.01"),
    unary_words("elu/1", "x where x > 0, else alpha (e^x - 1)", kElu, kRounded, "alpha f = 1"),
    unary_words("gelu/1", "x Phi(x), exact, with Phi(x) = (1 + erf(x / sqrt 2)) / 2", kGelu),
    unary_words("silu/1", "x / (1 + e^-x)", kSilu),
    unary_words("sigmoid/1", "1 / (1 + e^-x)"),
    unary_words("tanh/1", "tanh x", kC),
    unary_words("softplus/1", "log(1 + e^x), computed as max(x, 0) + log1p(e^-abs(x))", kSoftplus),
    unary_words("exp/1", "e^x", kC),
    unary_words("log/1", "ln x", kC),
    unary_words("sqrt/1", "the root of x", kIeee),
    unary_words("square/1", "x x", kIeee),
    unary_words("abs/1", "abs(x)", kIeee, kExact),
    unary_words("sin/1", "sin x", kC),
    unary_words("cos/1", "cos x", kC),
    unary_words("erf/1", "2 / sqrt(pi) times the integral of e^-t^2 from 0 to x", kC),
    unary_words("floor/1", "the largest integer that is not above x", kC, kExact, "", "0"),
    unary_words("sign/1", "-1, 0 or 1", "", kExact, "", "0"),
    unary_words("clip/1", "min(max(x, min), max)", "", kExact, "min f, max f", "passes where min <= x <= max"),
    {"identity/1", "x any -> same", "", "x", "", "", kExact},
    unary_words("stop_gradient/1", "x", "", kExact, "", "0"),
    {"cast/1", "x any -> dtype", "dtype i",
     "C conversion; float to integer truncates towards 0, saturates at the ends of the integer's range, and NaN gives "
     "0",
     "casts back; from an integer none", "ISO C 6.3.1", kExact},
    slope_words("relu_grad/1", "diff_dst where src > 0, else 0", kRelu, "", kExact),
    slope_words("leaky_relu_grad/1", "diff_dst where src > 0, else alpha diff_dst", kLeaky, "alpha f = 0.01"),
    slope_words("elu_grad/1", "diff_dst where src > 0, else diff_dst alpha e^src", kElu, "alpha f = 1"),
    slope_words("gelu_grad/1", "diff_dst (Phi(src) + src phi(src)), phi the normal density", kGelu),
    slope_words("silu_grad/1", "diff_dst s (1 + src (1 - s)), s = sigmoid(src)", kSilu),
    slope_words("sigmoid_grad/1", "diff_dst s (1 - s), s = sigmoid(src)"),
    slope_words("tanh_grad/1", "diff_dst (1 - tanh(src)^2)"),
    slope_words("softplus_grad/1", "diff_dst sigmoid(src)", kSoftplus),

    binary_words("add/1", "a, b float or I64 -> broadcast", "a + b"),
    binary_words("sub/1", "a, b float or I64 -> broadcast", "a - b"),
    binary_words("mul/1", "a, b float, I64 or U8 -> broadcast", "a b"),
    binary_words("div/1", "a, b float -> broadcast", "a / b"),
    binary_words("maximum/1", "a, b float, I64 or U8 -> broadcast", "the larger one", "at a tie to a", kExact),
    binary_words("minimum/1", "a, b float, I64 or U8 -> broadcast", "the smaller one", "at a tie to a", kExact),
    binary_words("pow/1", "a, b float -> broadcast", "a^b", "none to b where a = 0, none to a where b = 0"),
    {"compare/1", "a, b float, I64 or U8 -> U8 broadcast", "op t",
     "1 where a op b holds, else 0; op is lt, le, gt, ge, eq or ne; NaN compares false (ne true)", "", kIeee, kExact},
    binary_words("select/1", "cond U8; a, b same dtype -> broadcast", "cond ? a : b", "to the one that was chosen",
                 kExact),

    {"matmul/1", "a [M,K], b [K,N] float -> [M,N]", "transpose_a i = 0, transpose_b i = 0",
     "sum over k of a[m,k] b[k,n]; transposed operands are given as [K,M], [N,K]", "", "", kSummed},
    {"batch_matmul/1", "a [...,M,K], b [...,K,N] float, equal axes before -> [...,M,N]",
     "transpose_a i = 0, transpose_b i = 0", "the product of each pair of matrices, as matmul", "", "", kSummed},

    reduce_words("reduce_sum/1", "the sum over the axes", "", kSummed),
    reduce_words("reduce_mean/1", "the sum over the axes divided by the count", "", kSummed),
    reduce_words("reduce_max/1", "the largest over the axes",
                 "to every element equal to the result, divided by their number", kExact),
    reduce_words("reduce_min/1", "the smallest over the axes",
                 "to every element equal to the result, divided by their number", kExact),

    {"reshape/1", "x any -> shape", "shape I", "the same values in order; one size may be -1", "", "", kExact},
    {"transpose/1", "x any -> permuted", "perm I", "axis i of the result is axis perm[i] of x", "", "", kExact},
    {"broadcast/1", "x any -> shape", "shape I", "x repeated along new axes and those of size 1", "", kNumpy, kExact},
    {"concat/1", "x1 ... xn any -> joined", "axis i = 0", "one behind the other along the axis", "", "", kExact},
    {"slice/1", "x any -> part", "begin I, end I", "from begin to before end, one entry a dimension", "", "", kExact},
    {"pad/1", "x float -> larger", "before I, after I, value f = 0",
     "so many times value before and after each dimension", "", "", kExact},

    {"softmax/1", "x float [...,K] -> same", "", "e^x_k / sum_j e^x_j over the last axis, shifted by its maximum", "",
     kLogSumExp, kSummed},
    {"log_softmax/1", "x float [...,K] -> same", "", "log softmax(x) over the last axis, shifted by its maximum", "",
     kLogSumExp, kSummed},
    {"log_sum_exp/1", "x float [...,K] -> [...]", "", "log sum_k e^x_k over the last axis, shifted by its maximum", "",
     kLogSumExp, kSummed},
    {"softmax_cross_entropy/1", "logits float [N,K], labels I64 [N] or float [N,K] -> loss [N], probabilities [N,K]",
     "", "-sum_k y_k log softmax(logits)_k; a label outside [0, K) gives NaN", "to logits, through loss alone",
     kLogSumExp, kSummed},
    {"sigmoid_cross_entropy/1", "logits, targets float, same dtype and shape -> same", "",
     "-y log sigmoid(x) - (1 - y) log(1 - sigmoid(x)), computed as max(x, 0) - x y + log1p(e^-abs(x))"},

    {"argmax/1", "x float [...,K] -> I64 [...]", "", "the place of the largest, the first of equals", "", "", kExact},
    {"one_hot/1", "i I64 [...] -> [...,depth]", "depth i, dtype i = F32",
     "1 at place i, else 0; outside [0, depth) all 0", "", "", kExact},
    {"cumsum/1", "x float [...,K] -> same", "exclusive i = 0, reverse i = 0",
     "the sum of x up to each place of the last axis, in order; exclusive without that place, reverse from the end", "",
     "", kSummed},
    {"gather/1", "table float [V,...], i I64 [...] -> [...,...]", "", "rows of table; an index outside gives NaN",
     "to table", "", kExact},
    {"scatter_add/1", "i I64 [n...], rows float [n...,...] -> float [V,...]", "depth i",
     "the gradient of gather, summed in order; V = depth", "", "", kSummed},
    {"random/1", "seed U64 [], step I64 [], first_sample I64 [] -> shape",
     "shape I, dtype i = F32, stream i = 0, distribution t",
     "Philox4x32-10, below; shape is [N,...], distribution uniform or normal", "",
     "Salmon et al. 2011, doi 10.1145/2063384.2063405; Box & Muller 1958, doi 10.1214/aoms/1177706645"},

    {"batch_norm/1", "x float [N,C,...], gamma [C], beta [C] -> y, mean [C], variance [C]", "eps f = 1e-5",
     "gamma (x - mean) / sqrt(variance + eps) + beta; statistics over all axes but 1, variance divided by the count",
     "through y alone", kBatchNorm, kSummed},
    {"batch_norm_grad/1", "x, gamma, mean, variance, diff_y -> diff_x, diff_gamma, diff_beta", "eps f = 1e-5",
     "the gradient of batch_norm", "", kBatchNorm, kSummed},
    {"batch_norm_inference/1", "x, gamma, beta, mean, variance -> y", "eps f = 1e-5",
     "gamma (x - mean) / sqrt(variance + eps) + beta", "", kBatchNorm},
    {"layer_norm/1", "x float [...,C], gamma [C], beta [C] -> y, mean [...], rstd [...]", "eps f = 1e-5",
     "gamma (x - mean) rstd + beta, rstd = 1 / sqrt(variance + eps); statistics over the last axis, variance divided "
     "by C",
     "through y alone", kLayerNorm, kSummed},
    {"layer_norm_grad/1", "x, gamma, mean, rstd, diff_y -> diff_x, diff_gamma, diff_beta", "",
     "the gradient of layer_norm", "", kLayerNorm, kSummed},

    {"conv/1", "src " CLQ_MAPS ", weights [K,C/groups,kernel...], bias [K] (optional) -> [N,K,...]",
     CLQ_WINDOW ", groups i = 1",
     "dst[n,k,o] = bias[k] + sum over c of the group and kernel elements e of weights[k,c,e] src[n,c, o stride + e "
     "dilation - pad]; what lies in the padding is 0; a size becomes floor((size + pads - dilation (kernel - 1) - 1) / "
     "stride) + 1",
     "", kArithmetic, kSummed},
    {"conv_grad_src/1", "weights, diff_dst -> diff_src", CLQ_WINDOW ", groups i = 1, shape I",
     "the gradient of conv to src, of this shape", "", kArithmetic, kSummed},
    {"conv_grad_weights/1", "src, diff_dst -> diff_weights, diff_bias", CLQ_WINDOW ", groups i = 1, kernel I",
     "the gradient of conv to weights of this kernel, and to bias", "", kArithmetic, kSummed},
    {"conv_transpose/1", "src " CLQ_MAPS ", weights [C,K/groups,kernel...], bias [K] (optional) -> [N,K,...]",
     CLQ_WINDOW ", groups i = 1, output_padding I = 0",
     "the src that conv by the same weights leads from: dst[n,k,x] = bias[k] + sum over c of the group, o and e with o "
     "stride + e dilation - pad = x of weights[c,k,e] src[n,c,o]; a size becomes (size - 1) stride + dilation (kernel "
     "- "
     "1) + 1 - pads + output_padding, which is less than the stride",
     "", kArithmetic, kSummed},

    {"max_pool/1", "src " CLQ_MAPS " -> pooled", CLQ_POOL,
     "the largest value of each window, the padding left out; each window must hold one, dilations are 1; a NaN in the "
     "window gives NaN",
     "", kArithmetic, kExact},
    {"max_pool_grad/1", "src, diff_dst -> diff_src", CLQ_POOL, "the first of the largest takes it all", "", "",
     kSummed},
    {"avg_pool/1", "src " CLQ_MAPS " -> pooled", CLQ_POOL ", count_padding i = 0",
     "the sum of each window over the number of its values, with count_padding over the size of the kernel", "",
     kArithmetic, kSummed},
    {"avg_pool_grad/1", "diff_dst -> diff_src", CLQ_POOL ", count_padding i = 0, shape I",
     "the gradient of avg_pool to src, of this shape", "", "", kSummed},

    {"resize/1", "src " CLQ_MAPS " -> larger", "scales I, mode t = nearest",
     "a size becomes size times scale; nearest takes element floor(o / scale), bilinear the line between the elements "
     "beside (o + 1/2) / scale - 1/2, along each axis, the first or last one beyond the ends; an element whose part is "
     "0 is left out",
     "", "ONNX Resize, half_pixel", kSummed},
    {"resize_grad/1", "diff_dst -> diff_src", "scales I, mode t = nearest", "the gradient of resize", "", "", kSummed},

    {"prelu/1", "src float [N,C,...], slope [C] -> same", "", "x where x > 0, else slope x", "", kPrelu},
    {"prelu_grad/1", "src, slope, diff_dst -> diff_src, diff_slope", "",
     "at x <= 0 diff_dst times slope, and the sum of diff_dst x; above 0 diff_dst, and nothing", "", kPrelu, kSummed},

    {"is_finite/1", "x float -> U8 same", "", "1 where x is neither NaN nor an infinity", "", kIeee, kExact},
    {"all_finite/1", "x1 ... xn float (mixed) -> U8 []", "", "1 when every element is finite", "", kIeee, kExact},
    {"sum_squares/1", "x1 ... xn float (mixed) -> F64 []", "", "the sum of x x, in F64 and in order", "", "", kSummed},
    {"all_reduce/1", "x float -> same", "bucket i = 0", "the sum over the replicas; x itself when there is one", "",
     "MPI_Allreduce, MPI_SUM", kExact},
};

#undef CLQ_WINDOW
#undef CLQ_POOL
#undef CLQ_MAPS

}  // namespace

std::span<const OpWords> op_words() { return kWords; }

const OpWords& words_of(std::string_view op) {
  for (const OpWords& words : kWords)
    if (words.name == op) return words;
  fail(CLQ_E_INVALID, "no op {} of the core", op);
}

double tolerance(Nearness near, DType dtype) {
  if (near == kExact) return 0;
  return dtype == CLQ_F64 ? 1e-11 : near == kRounded ? 1e-5 : 1e-4;
}

double tolerance(std::string_view op, DType dtype) { return tolerance(words_of(op).near, dtype); }

double gradient_tolerance(DType dtype) { return dtype == CLQ_F64 ? 1e-9 : 1e-4; }

}  // namespace clq
