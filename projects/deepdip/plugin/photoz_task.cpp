// projects/deepdip/plugin/photoz_task.cpp -- task "photoz": a binned PDF becomes point estimates and intervals.
// SPDX-License-Identifier: BSD-3-Clause
#include "binned_pdf.hpp"
#include "photoz.hpp"

namespace deepdip {
namespace {

constexpr const char* kTaskSchema = R"json({
  "type": "object",
  "properties": {"bins": {"type": "object", "required": ["min", "max", "n"], "examples": [{"min": 0.0, "max": 1.0, "n": 100}]}},
  "required": ["bins"],
  "task": {
    "defaults": {"model": {"loss": {"use": "softmax_cross_entropy"}}},
    "target": {"column": "ZSPEC", "unit": "", "ucd": "src.redshift", "comment": "target redshift, as in the input"},
    "row_metrics": {"PIT": {"metric": "pit_ks", "unit": "", "ucd": "", "comment": "CDF of the PDF at ZSPEC"}},
    "columns": {
      "ZPHOT":       {"unit": "", "ucd": "src.redshift.phot", "comment": "median of the PDF, interpolated"},
      "ZPHOT_MEAN":  {"unit": "", "ucd": "src.redshift.phot;stat.mean", "comment": "mean of the PDF"},
      "ZPHOT_MODE":  {"unit": "", "ucd": "src.redshift.phot", "comment": "centre of the most probable bin"},
      "ZPHOT_L68":   {"unit": "", "ucd": "src.redshift.phot;stat.min", "comment": "16 % quantile (equal-tailed interval)"},
      "ZPHOT_U68":   {"unit": "", "ucd": "src.redshift.phot;stat.max", "comment": "84 % quantile (equal-tailed interval)"},
      "ZPHOT_STD":   {"unit": "", "ucd": "stat.stdev;src.redshift.phot", "comment": "standard deviation of the PDF"},
      "ODDS":        {"unit": "", "ucd": "stat.probability", "comment": "mass within 0.03 (1 + z) of the mode"},
      "PDF":         {"unit": "", "ucd": "stat.probability;src.redshift.phot", "comment": "probability of each bin of ZGRID"}
    }
  }
})json";

void write_column(BinnedPdf& pdf, clq::sdk::Graph& graph, const char* name, uint32_t value) {
  graph.output(name, pdf.flat(value));
}

clq_status CLQ_CALL build_task(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                               uint32_t n_inputs, uint32_t*, uint32_t, uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 1) clq::sdk::fail(CLQ_E_INVALID, "photoz: one prediction expected");
    clq::sdk::Graph graph(raw);
    BinnedPdf pdf(graph, inputs[0], bins_from(config_json));
    write_column(pdf, graph, "ZPHOT", pdf.quantile(0.5));
    write_column(pdf, graph, "ZPHOT_MEAN", pdf.mean());
    write_column(pdf, graph, "ZPHOT_MODE", pdf.mode());
    write_column(pdf, graph, "ZPHOT_L68", pdf.quantile(0.16));
    write_column(pdf, graph, "ZPHOT_U68", pdf.quantile(0.84));
    write_column(pdf, graph, "ZPHOT_STD", pdf.standard_deviation());
    write_column(pdf, graph, "ODDS", pdf.odds());
    graph.output("PDF", graph.op("identity/1", {inputs[0]}));
    *n_outputs = 0;
    return CLQ_OK;
  });
}

}  // namespace

const clq_builder kPhotozTask = {sizeof(clq_builder), 0, nullptr, "task", "photoz", kTaskSchema, build_task};

}  // namespace deepdip
