// core/src/config/run_file_keys.cpp -- every key of the run file: type, default, allowed values, meaning.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/run_file.hpp"

namespace clq {

const std::vector<KeySpec>& run_file_keys() {
  static const std::vector<KeySpec> keys = {
      {"task", "text", "\"regression\"", nullptr,
       "what is learned: regression, classification, or a plugin's task such as photoz"},
      {"data.catalog", "text", nullptr, nullptr,
       "the table to learn from, one row an object: a FITS, CSV or ECSV file"},
      {"data.hdu", "int|text", nullptr, nullptr, "the FITS extension, by number or name; none: the first table"},
      {"data.id", "text", nullptr, nullptr,
       "column of identifiers, carried unchanged to the output; none: the row number"},
      {"data.target", "text|texts", nullptr, nullptr, "column to predict, or several"},
      {"data.scalars", "texts", nullptr, nullptr, "input columns; * and ? match several"},
      {"data.derived", "table", nullptr, nullptr,
       "inputs computed from columns of data.scalars: { G_R = \"MAG_G - MAG_R\" }"},
      {"data.weight", "text", nullptr, nullptr, "column of sample weights; none: 1 for every row"},
      {"data.where", "text", "\"\"", nullptr, "expression that selects rows; empty: all"},
      {"data.null", "numbers", "[]", nullptr, "values that mean missing, beside NaN and TNULL"},
      {"data.on_bad", "text", "\"error\"", "error|skip",
       "what a bad row does: end the run, or be left out and counted"},
      {"data.on_bad.stop_after", "int", nullptr, ">= 0", "leave bad rows out, and stop in an epoch that has more than this many"},
      {"data.images", "text", nullptr, nullptr,
       "files of the images: a path with {COLUMN} and {BAND}, then [HDU] or [HDU][COLUMN]; or a field's name"},
      {"data.bands", "texts", nullptr, nullptr, "bands of the images that are read, in this order; none: all"},
      {"data.zeropoint", "numbers", nullptr, nullptr, "magnitude of one count, a band; none: what the files say"},
      {"data.crop", "int", nullptr, ">= 1", "pixels a side that are kept around the centre; none: all"},
      {"data.on_missing_band", "text", "\"error\"", "error|mask",
       "what an object without one of the bands does: it is a bad row, or the band is masked"},
      {"data.hcompress", "bool", "false", nullptr, "true reads images that HCOMPRESS packed, perhaps with loss"},
      {"data.position.x", "text", nullptr, nullptr,
       "column with the pixel, along NAXIS1, at the centre of an object's cutout from a large image"},
      {"data.position.y", "text", nullptr, nullptr, "the same along NAXIS2"},
      {"data.position.origin", "int", nullptr, "0..1", "number of the first pixel: 1 in FITS, 0 in NumPy; none: 1"},
      {"split.by", "text", "\"id\"", nullptr, "what decides the part a row belongs to"},
      {"split.test", "float", "0.0", "0..1", "fraction of rows kept for the final test"},
      {"split.valid", "float", "0.1", "0..1", "fraction of rows that choose the best epoch"},
      {"split.seed", "int", "1", ">= 0", "another number gives another split"},
      {"transform", "tables", nullptr, nullptr, "what is done to the inputs, in order: [[transform]] tables"},
      {"model.use", "text", nullptr, nullptr, "name of a shipped model, instead of layers"},
      {"model.file", "text", nullptr, nullptr, "a TOML file with the layers"},
      {"model.parameters", "table", nullptr, nullptr,
       "values of the model's parameters, which its layers name as \"$width\""},
      {"model.block", "table", nullptr, nullptr, "layers used several times: [[model.block.NAME.layer]] tables"},
      {"model.layer", "tables", nullptr, nullptr, "the network, layer after layer: [[model.layer]] tables"},
      {"model.bins.min", "float", nullptr, nullptr, "lower edge of the first bin of a binned prediction"},
      {"model.bins.max", "float", nullptr, nullptr, "upper edge of the last bin"},
      {"model.bins.n", "int", nullptr, ">= 2", "number of bins"},
      {"model.loss", "table", nullptr, nullptr, "the loss and its parameters; the default is the task's"},
      {"model.loss.use", "text", nullptr, nullptr, "name of the loss: mse, softmax_cross_entropy, ..."},
      {"train.epochs", "int", "30", ">= 1", "passes over the training rows"},
      {"train.batch", "int", "32", ">= 1", "rows of one optimizer step"},
      {"train.micro_batch", "int", nullptr, ">= 1", "rows computed at once; none: a replica's share of the batch"},
      {"train.optimizer", "table", nullptr, nullptr, "the optimizer and its parameters"},
      {"train.optimizer.name", "text", "\"adam\"", nullptr, "name of the optimizer: sgd, adam, adamw"},
      {"train.optimizer.lr", "float", "1e-3", "> 0", "learning rate at its peak"},
      {"train.schedule.name", "text", "\"constant\"", "constant|cosine", "how the learning rate changes"},
      {"train.schedule.warmup", "float", nullptr, ">= 0",
       "linear rise at the start: a fraction of the steps below 1, else steps"},
      {"train.schedule.final", "float", nullptr, "0..1", "last learning rate as a fraction of the peak"},
      {"train.clip_norm", "float", "0.0", ">= 0", "largest global norm of the gradient; 0: no limit"},
      {"train.patience", "int", "0", ">= 0", "epochs without improvement before training ends; 0: never"},
      {"train.monitor", "text", nullptr, nullptr, "metric that chooses the best epoch; none: the validation loss"},
      {"train.seed", "int", "1", ">= 0", "of the first weights, the order of rows, and dropout"},
      {"train.init_from", "text", nullptr, nullptr,
       "bundle whose weights start the training; none: the layers' initialisers"},
      {"train.checkpoint_minutes", "float", "10.0", ">= 0", "time between checkpoints; 0: one after each epoch"},
      {"train.log_every", "int", "50", ">= 1",
       "optimizer steps between two looks at the loss, which may find it not finite"},
      {"compute.devices", "texts", "[\"cpu\"]", nullptr,
       "where to compute, a replica each: cpu takes the best CPU backend, cpu_ref:0 names one"},
      {"compute.threads", "int", "2", "1..1024", "threads that compute, of each replica; bits are promised for the same number"},
      {"compute.readers", "int", "1", "1..1024", "threads that read; never changes a result"},
      {"compute.precision", "text", "\"f32\"", "f32|f32-strict",
       "precision of the arithmetic; strict: without Winograd's transforms"},
      {"compute.deterministic", "bool", "false", nullptr, "the same bits for 1, 2, 4 ... replicas with the same micro_batch"},
      {"compute.allow_fallback", "bool", "false", nullptr,
       "true is not offered yet: an op that the device lacks ends the run"},
      {"predict.average", "text", "\"none\"", "none|d4",
       "d4: a prediction is the mean over the eight orientations of the images"},
      {"output.keep", "texts", "[]", nullptr,
       "columns of the catalogue copied to the predictions; * and ? match several"},
      {"output.tensorboard", "bool", "true", nullptr, "write events for TensorBoard into the run folder"},
  };
  return keys;
}

Json core_task_defaults(const std::string& task) {
  if (task == "regression") return {{"model", {{"loss", {{"use", "mse"}}}}}};
  if (task == "classification") return {{"model", {{"loss", {{"use", "softmax_cross_entropy"}}}}}};
  return Json::object();
}

}  // namespace clq
