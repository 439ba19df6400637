// core/src/losses/heads.cpp -- networks that give a density for a number: one Gaussian, or a mixture of them.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/heads.hpp"

namespace clq {
namespace {

// Part k of n equal parts of the columns.
Value part(GraphBuilder& graph, Value x, int64_t k, int64_t n) {
  const Shape dims = graph.shape(x);
  const int64_t width = dims[1] / n;
  const std::vector<int64_t> begin = {0, k * width}, end = {dims[0], (k + 1) * width};
  return graph.op("slice/1", {x}, {{"begin", attr(begin)}, {"end", attr(end)}});
}

Value beside(GraphBuilder& graph, std::vector<Value> parts) {
  return graph.op("concat/1", std::move(parts), {{"axis", attr(1)}});
}

}  // namespace

GaussianHead gaussian_head(GraphBuilder& graph, Value output, const char* loss) {
  const Shape dims = graph.shape(output);
  CLQ_REQUIRE(dims.size() == 2 && dims[1] > 0 && dims[1] % 2 == 0,
              "{}: the network must give a mean and a log variance for each number, got {}", loss, to_string(dims));
  return {part(graph, output, 0, 2), part(graph, output, 1, 2)};
}

Value gaussian_prediction(GraphBuilder& graph, Value output, const char* loss) {
  const GaussianHead head = gaussian_head(graph, output, loss);
  return beside(graph, {head.mean, graph.op("exp/1", {times(graph, head.log_variance, 0.5)})});
}

MixtureHead mixture_head(GraphBuilder& graph, Value output, const char* loss) {
  const Shape dims = graph.shape(output);
  CLQ_REQUIRE(dims.size() == 2 && dims[1] > 0 && dims[1] % 3 == 0,
              "{}: the network must give a logit, a mean and a log sigma for each component, got {}", loss,
              to_string(dims));
  return {part(graph, output, 0, 3), part(graph, output, 1, 3), part(graph, output, 2, 3)};
}

Value mixture_prediction(GraphBuilder& graph, Value output, const char* loss) {
  const MixtureHead head = mixture_head(graph, output, loss);
  return beside(graph, {graph.op("softmax/1", {head.logits}), head.mean, graph.op("exp/1", {head.log_sigma})});
}

Target mixture_target(GraphBuilder& graph, Value target, const MixtureHead& head, bool mask_nan, const char* loss) {
  const int64_t n = graph.shape(head.mean)[0];
  CLQ_REQUIRE(graph.desc(target).count() == n, "{}: the target must be one number a sample, got {}", loss,
              to_string(graph.shape(target)));
  const Value first = part(graph, head.mean, 0, graph.shape(head.mean)[1]);  // for its shape
  Target wanted = read_target(graph, target, first, mask_nan, loss);
  if (wanted.counts) wanted.counts = graph.op("reshape/1", {wanted.counts}, {{"shape", attr(n)}});
  return wanted;
}

}  // namespace clq
