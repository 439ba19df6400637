/* capi/bindings/idl/clq_idl.c -- calanque.h as CALL_EXTERNAL of IDL and GDL calls it. Made by capi/bindings/generate_idl.py: do not edit.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * clq_idl_NAME(argc, argv) has the arguments of clq_NAME in their order, each by its address; a text is bytes that end with a
 * NUL; a 64-bit result comes through one more address, the last. The value is 0, a positive information or a negative error,
 * also where the number of arguments or an address is wrong. */
#include <calanque/calanque.h>

#include <stdio.h>
#include <string.h>

static _Thread_local char wrong[400]; /* what the last call here was refused for; "": it reached the library */

/* Leaves `wrong` alone where all is right, for those that read it. */
static int right(const char *function, const char *names, int argc, void *argv[], int wanted) {
  int i;
  if (argc != wanted || (wanted > 0 && argv == NULL)) {
    snprintf(wrong, sizeof wrong, "%s wants %d arguments (%s), got %d", function, wanted, names, argc);
    return 0;
  }
  for (i = 0; i < wanted; ++i) {
    if (argv[i] != NULL) continue;
    snprintf(wrong, sizeof wrong, "%s: argument %d of (%s) has no address", function, i + 1, names);
    return 0;
  }
  return 1;
}

static int fits(const char *function, const char *names, int argc, void *argv[], int wanted) {
  wrong[0] = '\0';
  return right(function, names, argc, argv, wanted);
}

static int32_t i32(const void *p) { int32_t v; memcpy(&v, p, sizeof v); return v; }
static int64_t i64(const void *p) { int64_t v; memcpy(&v, p, sizeof v); return v; }
static uint64_t u64(const void *p) { uint64_t v; memcpy(&v, p, sizeof v); return v; }
static double f64(const void *p) { double v; memcpy(&v, p, sizeof v); return v; }
static const char *text(const char *p) { return *p != '\0' ? p : NULL; }

static int32_t whole(int64_t value, void *out) {
  if (value < 0) return (int32_t)value;
  memcpy(out, &value, sizeof value);
  return CLQ_OK;
}

static int64_t copied(const char *from, char *to, int64_t capacity) {
  const int64_t needed = (int64_t)strlen(from) + 1;
  if (needed <= capacity) memcpy(to, from, (size_t)needed);
  return needed;
}

CLQ_API int32_t clq_idl_version(int argc, void *argv[]);
int32_t clq_idl_version(int argc, void *argv[]) {
  if (!fits("clq_idl_version", "text, capacity, result", argc, argv, 3)) return CLQ_E_INVALID;
  return whole(copied(clq_version(), argv[0], i64(argv[1])), argv[2]);
}

CLQ_API int32_t clq_idl_error_text(int argc, void *argv[]);
int32_t clq_idl_error_text(int argc, void *argv[]) {
  if (!right("clq_idl_error_text", "text, capacity, result", argc, argv, 3)) return CLQ_E_INVALID;
  return whole(wrong[0] != '\0' ? copied(wrong, argv[0], i64(argv[1])) : clq_error_text(argv[0], i64(argv[1])), argv[2]);
}

CLQ_API int32_t clq_idl_error_code(int argc, void *argv[]);
int32_t clq_idl_error_code(int argc, void *argv[]) {
  if (!right("clq_idl_error_code", "", argc, argv, 0)) return CLQ_E_INVALID;
  return wrong[0] != '\0' ? CLQ_E_INVALID : clq_error_code();
}

CLQ_API int32_t clq_idl_log_level(int argc, void *argv[]);
int32_t clq_idl_log_level(int argc, void *argv[]) {
  if (!fits("clq_idl_log_level", "level", argc, argv, 1)) return CLQ_E_INVALID;
  return clq_log_level(i32(argv[0]));
}

CLQ_API int32_t clq_idl_log_next(int argc, void *argv[]);
int32_t clq_idl_log_next(int argc, void *argv[]) {
  if (!fits("clq_idl_log_next", "line, capacity, result", argc, argv, 3)) return CLQ_E_INVALID;
  return whole(clq_log_next(argv[0], i64(argv[1])), argv[2]);
}

CLQ_API int32_t clq_idl_plugins_load(int argc, void *argv[]);
int32_t clq_idl_plugins_load(int argc, void *argv[]) {
  if (!fits("clq_idl_plugins_load", "path", argc, argv, 1)) return CLQ_E_INVALID;
  return clq_plugins_load(text(argv[0]));
}

CLQ_API int32_t clq_idl_plugins_report(int argc, void *argv[]);
int32_t clq_idl_plugins_report(int argc, void *argv[]) {
  if (!fits("clq_idl_plugins_report", "json, capacity, result", argc, argv, 3)) return CLQ_E_INVALID;
  return whole(clq_plugins_report(argv[0], i64(argv[1])), argv[2]);
}

CLQ_API int32_t clq_idl_plugins_files(int argc, void *argv[]);
int32_t clq_idl_plugins_files(int argc, void *argv[]) {
  if (!fits("clq_idl_plugins_files", "path, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_plugins_files(text(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_plugin_probe(int argc, void *argv[]);
int32_t clq_idl_plugin_probe(int argc, void *argv[]) {
  if (!fits("clq_idl_plugin_probe", "path, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_plugin_probe(text(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_devices_report(int argc, void *argv[]);
int32_t clq_idl_devices_report(int argc, void *argv[]) {
  if (!fits("clq_idl_devices_report", "json, capacity, result", argc, argv, 3)) return CLQ_E_INVALID;
  return whole(clq_devices_report(argv[0], i64(argv[1])), argv[2]);
}

CLQ_API int32_t clq_idl_config_load(int argc, void *argv[]);
int32_t clq_idl_config_load(int argc, void *argv[]) {
  if (!fits("clq_idl_config_load", "toml_path, config", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_config_load(text(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_config_parse(int argc, void *argv[]);
int32_t clq_idl_config_parse(int argc, void *argv[]) {
  if (!fits("clq_idl_config_parse", "toml_text, config", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_config_parse(text(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_config_set(int argc, void *argv[]);
int32_t clq_idl_config_set(int argc, void *argv[]) {
  if (!fits("clq_idl_config_set", "config, key, value", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_config_set(i64(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_config_get(int argc, void *argv[]);
int32_t clq_idl_config_get(int argc, void *argv[]) {
  if (!fits("clq_idl_config_get", "config, key, value, capacity, result", argc, argv, 5)) return CLQ_E_INVALID;
  return whole(clq_config_get(i64(argv[0]), text(argv[1]), argv[2], i64(argv[3])), argv[4]);
}

CLQ_API int32_t clq_idl_config_dump(int argc, void *argv[]);
int32_t clq_idl_config_dump(int argc, void *argv[]) {
  if (!fits("clq_idl_config_dump", "config, with_origin, toml, capacity, result", argc, argv, 5)) return CLQ_E_INVALID;
  return whole(clq_config_dump(i64(argv[0]), i32(argv[1]), argv[2], i64(argv[3])), argv[4]);
}

CLQ_API int32_t clq_idl_config_close(int argc, void *argv[]);
int32_t clq_idl_config_close(int argc, void *argv[]) {
  if (!fits("clq_idl_config_close", "config", argc, argv, 1)) return CLQ_E_INVALID;
  clq_config_close(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_source_open(int argc, void *argv[]);
int32_t clq_idl_source_open(int argc, void *argv[]) {
  if (!fits("clq_idl_source_open", "uri, options_json, source", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_source_open(text(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_source_from_config(int argc, void *argv[]);
int32_t clq_idl_source_from_config(int argc, void *argv[]) {
  if (!fits("clq_idl_source_from_config", "config, source", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_source_from_config(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_source_for_model(int argc, void *argv[]);
int32_t clq_idl_source_for_model(int argc, void *argv[]) {
  if (!fits("clq_idl_source_for_model", "model, uri, source", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_source_for_model(i64(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_source_for_model_with(int argc, void *argv[]);
int32_t clq_idl_source_for_model_with(int argc, void *argv[]) {
  if (!fits("clq_idl_source_for_model_with", "model, uri, data_json, source", argc, argv, 4)) return CLQ_E_INVALID;
  return clq_source_for_model_with(i64(argv[0]), text(argv[1]), text(argv[2]), argv[3]);
}

CLQ_API int32_t clq_idl_source_create(int argc, void *argv[]);
int32_t clq_idl_source_create(int argc, void *argv[]) {
  if (!fits("clq_idl_source_create", "n_samples, source", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_source_create(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_source_add(int argc, void *argv[]);
int32_t clq_idl_source_add(int argc, void *argv[]) {
  if (!fits("clq_idl_source_add", "source, field, data, dtype, rank, dims, borrow", argc, argv, 7)) return CLQ_E_INVALID;
  return clq_source_add(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i32(argv[4]), argv[5], i32(argv[6]));
}

CLQ_API int32_t clq_idl_source_count(int argc, void *argv[]);
int32_t clq_idl_source_count(int argc, void *argv[]) {
  if (!fits("clq_idl_source_count", "source, n_samples", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_source_count(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_source_describe(int argc, void *argv[]);
int32_t clq_idl_source_describe(int argc, void *argv[]) {
  if (!fits("clq_idl_source_describe", "source, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_source_describe(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_source_locate(int argc, void *argv[]);
int32_t clq_idl_source_locate(int argc, void *argv[]) {
  if (!fits("clq_idl_source_locate", "source, sample, text, capacity, result", argc, argv, 5)) return CLQ_E_INVALID;
  return whole(clq_source_locate(i64(argv[0]), i64(argv[1]), argv[2], i64(argv[3])), argv[4]);
}

CLQ_API int32_t clq_idl_source_dtype(int argc, void *argv[]);
int32_t clq_idl_source_dtype(int argc, void *argv[]) {
  if (!fits("clq_idl_source_dtype", "source, field, dtype", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_source_dtype(i64(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_source_read(int argc, void *argv[]);
int32_t clq_idl_source_read(int argc, void *argv[]) {
  if (!fits("clq_idl_source_read", "source, samples, n, field, data, bytes", argc, argv, 6)) return CLQ_E_INVALID;
  return clq_source_read(i64(argv[0]), argv[1], i64(argv[2]), text(argv[3]), argv[4], i64(argv[5]));
}

CLQ_API int32_t clq_idl_source_write(int argc, void *argv[]);
int32_t clq_idl_source_write(int argc, void *argv[]) {
  if (!fits("clq_idl_source_write", "source, uri, options_json", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_source_write(i64(argv[0]), text(argv[1]), text(argv[2]));
}

CLQ_API int32_t clq_idl_source_find(int argc, void *argv[]);
int32_t clq_idl_source_find(int argc, void *argv[]) {
  if (!fits("clq_idl_source_find", "source, id_column, id, sample", argc, argv, 4)) return CLQ_E_INVALID;
  return clq_source_find(i64(argv[0]), argv[1], argv[2], argv[3]);
}

CLQ_API int32_t clq_idl_source_scan(int argc, void *argv[]);
int32_t clq_idl_source_scan(int argc, void *argv[]) {
  if (!fits("clq_idl_source_scan", "source, options_json, result", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_source_scan(i64(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_source_scanned(int argc, void *argv[]);
int32_t clq_idl_source_scanned(int argc, void *argv[]) {
  if (!fits("clq_idl_source_scanned", "source, rows", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_source_scanned(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_source_look(int argc, void *argv[]);
int32_t clq_idl_source_look(int argc, void *argv[]) {
  if (!fits("clq_idl_source_look", "source, model, sample, prefix, result", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_source_look(i64(argv[0]), i64(argv[1]), i64(argv[2]), text(argv[3]), argv[4]);
}

CLQ_API int32_t clq_idl_order_at(int argc, void *argv[]);
int32_t clq_idl_order_at(int argc, void *argv[]) {
  if (!fits("clq_idl_order_at", "seed, epoch, n, position, sample", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_order_at(u64(argv[0]), i64(argv[1]), i64(argv[2]), i64(argv[3]), argv[4]);
}

CLQ_API int32_t clq_idl_source_close(int argc, void *argv[]);
int32_t clq_idl_source_close(int argc, void *argv[]) {
  if (!fits("clq_idl_source_close", "source", argc, argv, 1)) return CLQ_E_INVALID;
  clq_source_close(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_model_create(int argc, void *argv[]);
int32_t clq_idl_model_create(int argc, void *argv[]) {
  if (!fits("clq_idl_model_create", "config, source, model", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_model_create(i64(argv[0]), i64(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_model_load(int argc, void *argv[]);
int32_t clq_idl_model_load(int argc, void *argv[]) {
  if (!fits("clq_idl_model_load", "path, options_json, model", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_model_load(text(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_model_fit(int argc, void *argv[]);
int32_t clq_idl_model_fit(int argc, void *argv[]) {
  if (!fits("clq_idl_model_fit", "model, source, config", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_model_fit(i64(argv[0]), i64(argv[1]), i64(argv[2]));
}

CLQ_API int32_t clq_idl_model_save(int argc, void *argv[]);
int32_t clq_idl_model_save(int argc, void *argv[]) {
  if (!fits("clq_idl_model_save", "model, path", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_model_save(i64(argv[0]), text(argv[1]));
}

CLQ_API int32_t clq_idl_model_check(int argc, void *argv[]);
int32_t clq_idl_model_check(int argc, void *argv[]) {
  if (!fits("clq_idl_model_check", "model, result", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_model_check(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_model_describe(int argc, void *argv[]);
int32_t clq_idl_model_describe(int argc, void *argv[]) {
  if (!fits("clq_idl_model_describe", "model, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_model_describe(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_model_id(int argc, void *argv[]);
int32_t clq_idl_model_id(int argc, void *argv[]) {
  if (!fits("clq_idl_model_id", "model, text, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_model_id(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_model_cards(int argc, void *argv[]);
int32_t clq_idl_model_cards(int argc, void *argv[]) {
  if (!fits("clq_idl_model_cards", "model, text, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_model_cards(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_model_n_parameters(int argc, void *argv[]);
int32_t clq_idl_model_n_parameters(int argc, void *argv[]) {
  if (!fits("clq_idl_model_n_parameters", "model, result", argc, argv, 2)) return CLQ_E_INVALID;
  return whole(clq_model_n_parameters(i64(argv[0])), argv[1]);
}

CLQ_API int32_t clq_idl_model_get(int argc, void *argv[]);
int32_t clq_idl_model_get(int argc, void *argv[]) {
  if (!fits("clq_idl_model_get", "model, state, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_model_get(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_model_set(int argc, void *argv[]);
int32_t clq_idl_model_set(int argc, void *argv[]) {
  if (!fits("clq_idl_model_set", "model, state, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_model_set(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_model_close(int argc, void *argv[]);
int32_t clq_idl_model_close(int argc, void *argv[]) {
  if (!fits("clq_idl_model_close", "model", argc, argv, 1)) return CLQ_E_INVALID;
  clq_model_close(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_batch_create(int argc, void *argv[]);
int32_t clq_idl_batch_create(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_create", "model, n, batch", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_batch_create(i64(argv[0]), i64(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_batch_set(int argc, void *argv[]);
int32_t clq_idl_batch_set(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_set", "batch, name, data, dtype, rank, dims", argc, argv, 6)) return CLQ_E_INVALID;
  return clq_batch_set(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i32(argv[4]), argv[5]);
}

CLQ_API int32_t clq_idl_batch_describe(int argc, void *argv[]);
int32_t clq_idl_batch_describe(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_describe", "batch, text, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_batch_describe(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_predict_batch(int argc, void *argv[]);
int32_t clq_idl_predict_batch(int argc, void *argv[]) {
  if (!fits("clq_idl_predict_batch", "model, batch", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_predict_batch(i64(argv[0]), i64(argv[1]));
}

CLQ_API int32_t clq_idl_batch_get(int argc, void *argv[]);
int32_t clq_idl_batch_get(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_get", "batch, name, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_batch_get(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_batch_status(int argc, void *argv[]);
int32_t clq_idl_batch_status(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_status", "batch, per_sample, n", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_batch_status(i64(argv[0]), argv[1], i64(argv[2]));
}

CLQ_API int32_t clq_idl_batch_close(int argc, void *argv[]);
int32_t clq_idl_batch_close(int argc, void *argv[]) {
  if (!fits("clq_idl_batch_close", "batch", argc, argv, 1)) return CLQ_E_INVALID;
  clq_batch_close(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_predict(int argc, void *argv[]);
int32_t clq_idl_predict(int argc, void *argv[]) {
  if (!fits("clq_idl_predict", "model, input, n, input_size, output, output_size", argc, argv, 6)) return CLQ_E_INVALID;
  return clq_predict(i64(argv[0]), argv[1], i64(argv[2]), i64(argv[3]), argv[4], i64(argv[5]));
}

CLQ_API int32_t clq_idl_predict_to(int argc, void *argv[]);
int32_t clq_idl_predict_to(int argc, void *argv[]) {
  if (!fits("clq_idl_predict_to", "models, n_models, source, uri, options_json, result", argc, argv, 6)) return CLQ_E_INVALID;
  return clq_predict_to(argv[0], i32(argv[1]), i64(argv[2]), text(argv[3]), text(argv[4]), argv[5]);
}

CLQ_API int32_t clq_idl_evaluate(int argc, void *argv[]);
int32_t clq_idl_evaluate(int argc, void *argv[]) {
  if (!fits("clq_idl_evaluate", "models, n_models, source, uri, options_json, result", argc, argv, 6)) return CLQ_E_INVALID;
  return clq_evaluate(argv[0], i32(argv[1]), i64(argv[2]), text(argv[3]), text(argv[4]), argv[5]);
}

CLQ_API int32_t clq_idl_result_text(int argc, void *argv[]);
int32_t clq_idl_result_text(int argc, void *argv[]) {
  if (!fits("clq_idl_result_text", "result, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_result_text(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_result_close(int argc, void *argv[]);
int32_t clq_idl_result_close(int argc, void *argv[]) {
  if (!fits("clq_idl_result_close", "result", argc, argv, 1)) return CLQ_E_INVALID;
  clq_result_close(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_trainer_create(int argc, void *argv[]);
int32_t clq_idl_trainer_create(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_create", "model, source, config, run_folder, trainer", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_trainer_create(i64(argv[0]), i64(argv[1]), i64(argv[2]), text(argv[3]), argv[4]);
}

CLQ_API int32_t clq_idl_trainer_resume(int argc, void *argv[]);
int32_t clq_idl_trainer_resume(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_resume", "run_folder, source, trainer", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_trainer_resume(text(argv[0]), i64(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_trainer_resume_to(int argc, void *argv[]);
int32_t clq_idl_trainer_resume_to(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_resume_to", "run_folder, source, epochs, trainer", argc, argv, 4)) return CLQ_E_INVALID;
  return clq_trainer_resume_to(text(argv[0]), i64(argv[1]), i64(argv[2]), argv[3]);
}

CLQ_API int32_t clq_idl_trainer_run(int argc, void *argv[]);
int32_t clq_idl_trainer_run(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_run", "trainer, seconds", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_trainer_run(i64(argv[0]), f64(argv[1]));
}

CLQ_API int32_t clq_idl_trainer_steps(int argc, void *argv[]);
int32_t clq_idl_trainer_steps(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_steps", "trainer, n", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_trainer_steps(i64(argv[0]), i64(argv[1]));
}

CLQ_API int32_t clq_idl_trainer_batch(int argc, void *argv[]);
int32_t clq_idl_trainer_batch(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_batch", "trainer, source, samples, n", argc, argv, 4)) return CLQ_E_INVALID;
  return clq_trainer_batch(i64(argv[0]), i64(argv[1]), argv[2], i64(argv[3]));
}

CLQ_API int32_t clq_idl_trainer_gradients(int argc, void *argv[]);
int32_t clq_idl_trainer_gradients(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_gradients", "trainer, source, samples, n", argc, argv, 4)) return CLQ_E_INVALID;
  return clq_trainer_gradients(i64(argv[0]), i64(argv[1]), argv[2], i64(argv[3]));
}

CLQ_API int32_t clq_idl_gradient_get(int argc, void *argv[]);
int32_t clq_idl_gradient_get(int argc, void *argv[]) {
  if (!fits("clq_idl_gradient_get", "trainer, parameter, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_gradient_get(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_gradient_set(int argc, void *argv[]);
int32_t clq_idl_gradient_set(int argc, void *argv[]) {
  if (!fits("clq_idl_gradient_set", "trainer, parameter, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_gradient_set(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_trainer_apply(int argc, void *argv[]);
int32_t clq_idl_trainer_apply(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_apply", "trainer", argc, argv, 1)) return CLQ_E_INVALID;
  return clq_trainer_apply(i64(argv[0]));
}

CLQ_API int32_t clq_idl_trainer_set(int argc, void *argv[]);
int32_t clq_idl_trainer_set(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_set", "trainer, state, data, dtype, bytes", argc, argv, 5)) return CLQ_E_INVALID;
  return clq_trainer_set(i64(argv[0]), text(argv[1]), argv[2], i32(argv[3]), i64(argv[4]));
}

CLQ_API int32_t clq_idl_trainer_model(int argc, void *argv[]);
int32_t clq_idl_trainer_model(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_model", "trainer, model", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_trainer_model(i64(argv[0]), argv[1]);
}

CLQ_API int32_t clq_idl_trainer_get(int argc, void *argv[]);
int32_t clq_idl_trainer_get(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_get", "trainer, key, value", argc, argv, 3)) return CLQ_E_INVALID;
  return clq_trainer_get(i64(argv[0]), text(argv[1]), argv[2]);
}

CLQ_API int32_t clq_idl_trainer_metrics(int argc, void *argv[]);
int32_t clq_idl_trainer_metrics(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_metrics", "trainer, json, capacity, result", argc, argv, 4)) return CLQ_E_INVALID;
  return whole(clq_trainer_metrics(i64(argv[0]), argv[1], i64(argv[2])), argv[3]);
}

CLQ_API int32_t clq_idl_trainer_checkpoint(int argc, void *argv[]);
int32_t clq_idl_trainer_checkpoint(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_checkpoint", "trainer, path", argc, argv, 2)) return CLQ_E_INVALID;
  return clq_trainer_checkpoint(i64(argv[0]), text(argv[1]));
}

CLQ_API int32_t clq_idl_trainer_stop(int argc, void *argv[]);
int32_t clq_idl_trainer_stop(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_stop", "trainer", argc, argv, 1)) return CLQ_E_INVALID;
  clq_trainer_stop(i64(argv[0]));
  return CLQ_OK;
}

CLQ_API int32_t clq_idl_trainer_close(int argc, void *argv[]);
int32_t clq_idl_trainer_close(int argc, void *argv[]) {
  if (!fits("clq_idl_trainer_close", "trainer", argc, argv, 1)) return CLQ_E_INVALID;
  clq_trainer_close(i64(argv[0]));
  return CLQ_OK;
}
