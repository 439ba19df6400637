// capi/cli/commands.hpp -- the commands: each returns the program's exit code.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client.hpp"

namespace clq::cli {

struct TrainOptions {
  std::string run_file, folder, init_from;
  std::vector<std::string> overrides;  // "key=value"
  bool auto_resume = false, show_config = false, json = false;
};
int train(const TrainOptions& options);
int resume(const std::string& folder, const std::vector<std::string>& grown, bool json);  // "train.epochs=60" or none

struct PredictOptions {
  std::vector<std::string> paths;  // bundles, then the data
  std::string output, id, images, average, combine, device = "cpu";
  int64_t threads = 2, readers = 1, batch = 256;
  std::vector<std::string> keep, layers;
  std::vector<double> zeropoint;
  std::string part, where;  // of evaluate
  bool json = false;
};
int predict(const PredictOptions& options);
int evaluate(const PredictOptions& options);

struct SimulateOptions {
  std::string source, variant, output;
  int64_t seed = 1;
  std::optional<int64_t> n, size;  // absent: the source's own
  bool json = false;
};
int simulate(const SimulateOptions& options);

struct ReportOptions {
  std::string folder, data, part, where, magnitude, output;
  std::vector<std::string> baselines;
  int64_t seed = 1, resamples = 500, threads = 2;
  std::string command;  // as it was typed
  bool json = false;
};
int report(const ReportOptions& options, const std::string& plugins);  // on success it does not return

struct ExportOptions {
  std::string model, output;
  bool torch = false;
};
int export_model(const ExportOptions& options);  // on success it does not return

struct ScanOptions {
  std::string path, list, id;  // data or a run file; the table of bad rows; the column of the ids
  std::vector<double> nulls;
  int64_t readers = 1;
  bool json = false;
};
int scan(const ScanOptions& options);

struct LookOptions {
  std::string path, id, model, run_file, output, id_column;
  bool by_row = false, json = false;
};
int look(const LookOptions& options);

struct ValidateOptions {
  std::string plugin, data, options = "{}";  // data: what its source opens, with these options
  std::vector<std::string> only;             // names of cases, or how they begin
  int64_t device = 0, seed = 1, limit = 60, jobs = 1;
  bool list = false, json = false;
};
int validate(const ValidateOptions& options, const std::string& plugins);  // on success it does not return

int inspect(const std::string& path, bool strict, bool json);     // strict: a bundle must answer as it did
int plugins(bool json, const std::string& place, int64_t limit);  // place: looked at first; limit: seconds of a plugin
void print_plugins(const Json& report);
void warn_of_no_plugins(const std::string& place);  // "": none was named
int devices(bool json);
void print_devices(const Json& devices);
int doctor(const std::string& folder, bool json, const std::string& plugins, int64_t limit);

// Shared: runs a trainer to its end, its stop or its failure.
int run_loop(clq_handle trainer, const std::string& folder, bool json);

// Shared: the models and the data of predict and evaluate.
struct Inputs {
  std::vector<ModelHandle> models;
  std::vector<clq_handle> handles;
  SourceHandle source;
  std::string options;
};
Inputs open_inputs(const PredictOptions& options);

}  // namespace clq::cli
