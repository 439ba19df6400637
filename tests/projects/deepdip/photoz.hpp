// tests/projects/deepdip/photoz.hpp -- the builders of the task "photoz", run on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/registry.hpp"
#include "support/run_graph.hpp"

namespace clq::test {

// The project's plugin, loaded once: a plugin serves one registry at a time.
const Registry& plugins();

struct Grid {
  double min = 0, max = 1;
  int64_t n = 100;
  double width() const { return (max - min) / static_cast<double>(n); }
  double edge(int64_t k) const { return min + width() * static_cast<double>(k); }
};

// All mass in bin k; the same in every bin.
std::vector<double> delta_pdf(const Grid& grid, int64_t k);
std::vector<double> uniform_pdf(const Grid& grid);
Tensor one_pdf(const std::vector<double>& bins);  // F64 [1, n]

// The schema of the task's builder.
Json photoz_schema();
// The task's outputs for each row of `pdf` [N, n].
Tensors photoz_columns(const Grid& grid, const Tensor& pdf);
Tensors photoz_columns(const Json& options, const Tensor& pdf);
// A value a row for each metric, and what becomes of them over all rows.
Tensors photoz_values(const Grid& grid, const Tensor& pdf, const Tensor& z);
std::map<std::string, double> photoz_metrics(const Grid& grid, const Tensor& pdf, const Tensor& z);

}  // namespace clq::test
