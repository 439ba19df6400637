// tests/conformance/run_case.cpp -- running a case of an op on a backend, and comparing.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "conformance/op_cases.hpp"

namespace clq::test {
namespace {

// The weights that give each channel to itself: one product with 1 and sums with 0 keep every bit but the sign of 0.
Array identity(const Array& image) {
  const int64_t c = image.dims[1];
  Dims dims(image.dims.size(), 1);
  dims[0] = dims[1] = c;
  std::vector<float> values(static_cast<size_t>(c * c), 0.0f);
  for (int64_t i = 0; i < c; ++i) values[static_cast<size_t>(i * c + i)] = 1;
  return array<float>(dims, values);
}

template <class T>
double float_distance(const Array& a, const Array& b) {
  const auto x = a.as<T>(), y = b.as<T>();
  double difference = 0, scale = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double d = std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i]));
    difference = std::isnan(d) && !(std::isnan(x[i]) && std::isnan(y[i])) ? INFINITY : std::max(difference, d);
    scale = std::max(scale, std::abs(static_cast<double>(y[i])));
  }
  return difference == 0 ? 0 : difference / scale;
}

}  // namespace

Array positive_array(const Dims& dims, uint64_t seed) {
  auto values = random_array<float>(dims, seed).as<float>();
  for (float& v : values) v = std::abs(v) + 0.1f;
  return array<float>(dims, values);
}

bool is_image(const Array& a) { return a.dtype == CLQ_F32 && (a.dims.size() == 3 || a.dims.size() == 4); }

BuiltCase::BuiltCase(const OpCase& c) : inputs(c.inputs) {
  builder.flags = c.flags;
  std::vector<uint32_t> src, dst;
  if (!c.cells.empty()) src = {builder.scalar(CLQ_U64), builder.scalar(CLQ_I64), builder.scalar(CLQ_I64)};
  for (const Array& a : c.inputs) src.push_back(builder.input(a.dtype, a.dims));
  for (size_t i = 0; c.behind_convs && i < c.inputs.size(); ++i) {
    const Array& a = c.inputs[i];
    if (!is_image(a)) continue;
    inputs.push_back(identity(a));
    uint32_t& value = src[src.size() - c.inputs.size() + i];
    value = builder.op1("conv/1", {value, builder.input(CLQ_F32, inputs.back().dims)}, CLQ_F32, a.dims);
  }
  for (const OutputSpec& o : c.outputs) dst.push_back(builder.value(o.dtype, o.dims));
  builder.op(c.op, src, dst, c.attrs);
  for (const uint32_t v : dst) builder.output(v);
}

std::vector<Array> run_case(Session& session, const OpCase& c) {
  BuiltCase built(c);
  Program program(session, built.builder);
  auto results = program.run(built.inputs, c.cells);
  if (!program.guards_intact()) throw std::runtime_error(c.op + ": wrote beyond its memory");
  return results;
}

double distance(const Array& a, const Array& b) {
  if (a.dtype == CLQ_F32) return float_distance<float>(a, b);
  if (a.dtype == CLQ_F64) return float_distance<double>(a, b);
  return a.data == b.data ? 0 : 1;
}

}  // namespace clq::test
