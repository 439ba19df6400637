// projects/deepdip/plugin/binned_pdf.hpp -- a PDF that is constant within each redshift bin, and what follows from it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include <calanque/plugin/sdk_graph.hpp>

namespace deepdip {

struct Bins {
  double min = 0, max = 0;
  int64_t n = 0;
  double width() const { return (max - min) / static_cast<double>(n); }
};
Bins bins_from(const char* config_json);  // {"bins": {"min": 0, "max": 1, "n": 100}}

// All values are F64. Shapes: a scalar a sample is [N, 1] inside, [N] where the comment says so.
class BinnedPdf {
 public:
  // prediction: [N, n] probabilities of any float type; normalised here to sum to 1.
  BinnedPdf(clq::sdk::Graph& graph, uint32_t prediction, const Bins& bins);

  uint32_t quantile(double q);    // [N, 1]; z_q = e_k + w (q - F_k) / p_k in the bin that holds q
  uint32_t cdf(uint32_t z);       // [N, 1] -> [N, 1]; 0 below the grid, 1 above it
  uint32_t mean();                // [N, 1]
  uint32_t mode();                // [N, 1]; centre of the most probable bin, the first of equals
  uint32_t standard_deviation();  // [N, 1]; w^2/12 of each bin included
  uint32_t odds();                // [N, 1]; mass within +-0.03 (1 + z) of the mode
  uint32_t density(uint32_t z);   // [N, 1] -> [N, 1]; p_k / w of the bin that holds z, 0 outside the grid
  uint32_t crps(uint32_t z);      // [N, 1] -> [N, 1]; exact integral of (F - step)^2 over z, in z
  uint32_t square_integral();     // [N, 1]; integral of p(z)^2 dz

  // Arithmetic that the task and the metrics share.
  uint32_t column(uint32_t vector);  // [N] -> [N, 1]
  uint32_t flat(uint32_t column);    // [N, 1] -> [N]
  uint32_t binary(const char* op, uint32_t a, uint32_t b) { return graph_.op(op, {a, b}); }
  uint32_t binary(const char* op, uint32_t a, double b) { return graph_.op(op, {a, graph_.constant(b)}); }

 private:
  uint32_t sum_bins(uint32_t values);             // [N, n] -> [N, 1]
  uint32_t fraction(uint32_t z);                  // [N, 1] -> [N, n]; the part of each bin below z, in [0, 1]
  uint32_t square_terms(uint32_t a, uint32_t b);  // (a^2 + ab + b^2) / 3

  clq::sdk::Graph& graph_;
  Bins bins_;
  uint32_t p_, below_;                      // [N, n]
  uint32_t edges_, upper_edges_, centres_;  // [1, n]
};

}  // namespace deepdip
