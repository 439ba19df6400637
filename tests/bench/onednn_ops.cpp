// tests/bench/onednn_ops.cpp -- how far cpu_onednn's ops are from cpu_ref's, and over which shapes: tab separated.
// SPDX-License-Identifier: BSD-3-Clause
//
// bench_onednn_ops SEED WINDOWS [fault]: a line an op: its name, its cases, the worst max |a - b| / max |b| of a
// tensor, and what its shapes have of that which hurts. fault: one number of each result of the backend under test is
// wrong by 0.0002 of the largest.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "conformance/op_cases.hpp"

using namespace clq::test;

namespace {

struct Worst {
  int cases = 0;
  double distance = 0;
  std::set<std::string> shapes;
};

template <class T>
Array with_fault(const Array& a) {
  auto values = a.as<T>();
  double largest = 0;
  for (const T v : values) largest = std::max(largest, std::abs(static_cast<double>(v)));
  values[values.size() / 2] += static_cast<T>(largest > 0 ? 2e-4 * largest : 1);
  return array<T>(a.dims, values);
}

Array faulty(Array a) {
  if (a.data.empty()) return a;
  if (a.dtype == CLQ_F32) return with_fault<float>(a);
  if (a.dtype == CLQ_F64) return with_fault<double>(a);
  a.data[0] ^= 1;
  return a;
}

bool is_prime(int64_t n) {
  for (int64_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return n > 1;
}

void add_sizes(const Dims& dims, std::set<std::string>& to) {
  if (!dims.empty() && (dims[0] == 1 || dims[0] == 33)) to.insert("batch" + std::to_string(dims[0]));
  for (const int64_t d : dims) {
    if (d == 1 || d == 3 || d == 5 || d == 92) to.insert(std::to_string(d));
    if (d > 5 && is_prime(d)) to.insert("prime");
    if (d > 5 && d % 2 == 1 && !is_prime(d)) to.insert("odd");
  }
}

const Dims* list(const OpCase& c, const char* name) {
  for (const auto& [key, value] : c.attrs)
    if (key == name) return std::get_if<Dims>(&value);
  return nullptr;
}

// Of a window: where it jumps over elements, and where its padding has two sides.
void add_window(const OpCase& c, std::set<std::string>& to) {
  const Dims *strides = list(c, "strides"), *begin = list(c, "pads_begin"), *end = list(c, "pads_end"),
             *kernel = list(c, "kernel");
  if (strides == nullptr || begin == nullptr || end == nullptr) return;
  const Array& weights = c.inputs[c.op == "conv_grad_src/1" ? 0 : c.inputs.size() > 1 ? 1 : 0];
  for (size_t i = 0; i < strides->size(); ++i) {
    const int64_t reach = kernel != nullptr ? (*kernel)[i] : weights.dims[2 + i];
    if ((*strides)[i] > reach) to.insert("stride>kernel");
    if ((*begin)[i] != (*end)[i]) to.insert("asymmetric");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  TestTeam team(2);
  Session reference(load_backend("cpu_ref"), &team), onednn(load_backend("cpu_onednn"), &team);
  std::map<std::string, Worst> ops;
  for (const OpCase& c : op_cases(std::strtoull(argv[1], nullptr, 10), std::atoi(argv[2]))) {
    const auto want = run_case(reference, c);
    auto got = run_case(onednn, c);
    Worst& worst = ops[c.op];
    ++worst.cases;
    for (const Array& a : c.inputs) add_sizes(a.dims, worst.shapes);
    for (const OutputSpec& o : c.outputs) add_sizes(o.dims, worst.shapes);
    add_window(c, worst.shapes);
    for (size_t i = 0; i < want.size(); ++i)
      worst.distance = std::max(worst.distance, distance(argc > 3 ? faulty(got[i]) : got[i], want[i]));
  }
  for (const auto& [op, worst] : ops) {
    std::string shapes;
    for (const std::string& shape : worst.shapes) shapes += (shapes.empty() ? "" : " ") + shape;
    std::printf("%s\t%d\t%.3g\t%s\n", op.c_str(), worst.cases, worst.distance, shapes.c_str());
  }
}
