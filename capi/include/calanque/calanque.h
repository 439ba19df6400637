/* calanque/calanque.h -- train and run networks from any host language. C99 and C++11.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every function returns 0, a positive information or a negative error (types.h) unless it says otherwise; clq_error_text has
 * the words, on the thread that failed. On an error no output is written. Handles are 64-bit integers, checked at each call; a
 * stale or wrong one is CLQ_E_INVALID, one made before a fork CLQ_E_FORKED. *_close(0) and closing twice are fine. Text goes into
 * the caller's buffer: the return value is the number of bytes needed, the final NUL included, or a negative error; where the
 * capacity is smaller nothing is written. Options are JSON objects; NULL is {}; an unknown key is an error.
 * Texts and file names are UTF-8. Tensors are dense, row-major, N C H W. The library never prints, exits, calls back, or
 * touches the state of its host: rounding mode, traps and flags of its arithmetic included. */
#ifndef CALANQUE_H
#define CALANQUE_H
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif
#if defined(_WIN32)
#define CLQ_API __declspec(dllexport)
#else
#define CLQ_API __attribute__((visibility("default")))
#endif

typedef int64_t clq_handle;                /* kind 8 | generation 24 | slot 32; parameters are named by kind */

/* -- library [any-thread] ------------------------------------------------------------------------------------------------ */
CLQ_API const char *clq_version(void);                                          /* "0.1.0", static                  */
CLQ_API int64_t     clq_error_text(char *text, int64_t capacity);               /* this thread's last error         */
CLQ_API clq_status  clq_error_code(void);
CLQ_API clq_status  clq_log_level(int32_t level);                               /* 0 off, 1 error ... 4 debug       */
CLQ_API int64_t     clq_log_next(char *line, int64_t capacity);                 /* 0: nothing waiting; polled       */

/* -- plugins and devices [any-thread] -------------------------------------------------------------------------------------- */
CLQ_API clq_status clq_plugins_load(const char *path);                          /* file or folder; NULL: default places */
CLQ_API int64_t    clq_plugins_report(char *json, int64_t capacity);            /* every file seen and why refused  */
CLQ_API int64_t    clq_plugins_files(const char *path, char *json, int64_t capacity); /* that clq_plugins_load would try; opens none */
/* Loads this file (an absolute path) by itself, lets it go again and reports it as clq_plugins_report would; one that is in use is
 * reported only. Each call runs its init. A plugin that crashes or hangs does so here: call it in a process of its own. */
CLQ_API int64_t    clq_plugin_probe(const char *path, char *json, int64_t capacity);
CLQ_API int64_t    clq_devices_report(char *json, int64_t capacity);            /* "cpu_onednn:0", memory, precisions */

/* -- configuration: the run file [any-thread] ------------------------------------------------------------------------------ */
CLQ_API clq_status clq_config_load(const char *toml_path, clq_handle *config);
CLQ_API clq_status clq_config_parse(const char *toml_text, clq_handle *config);
CLQ_API clq_status clq_config_set(clq_handle config, const char *key, const char *value); /* "train.epochs", "40"           */
CLQ_API int64_t    clq_config_get(clq_handle config, const char *key, char *value, int64_t capacity);
CLQ_API int64_t    clq_config_dump(clq_handle config, int32_t with_origin, char *toml, int64_t capacity);
CLQ_API void       clq_config_close(clq_handle config);

/* -- sources of samples [any-thread] --------------------------------------------------------------------------------------- */
CLQ_API clq_status clq_source_open(const char *uri, const char *options_json, clq_handle *source);
CLQ_API clq_status clq_source_from_config(clq_handle config, clq_handle *source);  /* data.catalog                     */
CLQ_API clq_status clq_source_for_model(clq_handle model, const char *uri, clq_handle *source); /* opened as the model's data were */
/* The same with other values of some keys of [data]: {"id": "NAME", "images": "elsewhere/{ID}.fits"}.                 */
CLQ_API clq_status clq_source_for_model_with(clq_handle model, const char *uri, const char *data_json, clq_handle *source);
CLQ_API clq_status clq_source_create(int64_t n_samples, clq_handle *source);       /* arrays in memory: add fields; data.id may name one */
/* dims of ONE sample, unlike those of clq_batch_set, which begin with the number of samples; `borrow` != 0: `data` stays the
 * caller's and must outlive the source and its trainers, no copy. After the first use of the source adding is an error. */
CLQ_API clq_status clq_source_add(clq_handle source, const char *field, const void *data, int32_t dtype, int32_t rank,
                                  const int64_t *dims, int32_t borrow);
CLQ_API clq_status clq_source_count(clq_handle source, int64_t *n_samples);
CLQ_API int64_t    clq_source_describe(clq_handle source, char *json, int64_t capacity); /* fields, shapes, units, roles, fingerprint */
CLQ_API int64_t    clq_source_locate(clq_handle source, int64_t sample, char *text, int64_t capacity);
CLQ_API clq_status clq_source_dtype(clq_handle source, const char *field, int32_t *dtype); /* of its elements; of a text CLQ_U8, its bytes */
/* In the field's own dtype (clq_source_dtype) and shape, n samples one after the other.                              */
CLQ_API clq_status clq_source_read(clq_handle source, const int64_t *samples, int64_t n, const char *field, void *data, int64_t bytes);
/* Samples into a new file, by its suffix; in order, streaming. options: fields (names or globs; default all), first, n
 * (default: to the end). A simulation says so in the header, images say their bands and zero points.                 */
CLQ_API clq_status clq_source_write(clq_handle source, const char *uri, const char *options_json);
/* The row whose id this is, in the column `id_column`; "": row number `id`. > 0: so many more rows have it.          */
CLQ_API clq_status clq_source_find(clq_handle source, const char *id_column, const char *id, int64_t *sample);
/* Every row once: counts, gaps and ranges of each column and band, bad rows, repeated ids; docs/data.md has the result. options:
 * readers, null (as data.null), id (its column), columns (those a row cannot do without), list (a table of the bad rows).  */
CLQ_API clq_status clq_source_scan(clq_handle source, const char *options_json, clq_handle *result);
CLQ_API clq_status clq_source_scanned(clq_handle source, int64_t *rows);           /* so far, of a scan in another thread              */
/* One row to look at: its columns, its images and, with a model (0: none), what the network gets of them; docs/data.md has the
 * result. prefix (or NULL): PNG and FITS files begin so.                                                              */
CLQ_API clq_status clq_source_look(clq_handle source, clq_handle model, int64_t sample, const char *prefix, clq_handle *result);
CLQ_API clq_status clq_order_at(uint64_t seed, int64_t epoch, int64_t n, int64_t position, int64_t *sample); /* the pure shuffle */
CLQ_API void       clq_source_close(clq_handle source);

/* -- models [any-thread: concurrent predicts are fine] --------------------------------------------------------------------- */
CLQ_API clq_status clq_model_create(clq_handle config, clq_handle source, clq_handle *model);    /* shapes come from the source      */
/* options: device "cpu", threads 1, batch 256, average ("d4" or "none"; default: the bundle's): how clq_predict and
 * clq_predict_batch compute; layers (names of layers): outputs of clq_predict_batch beside the prediction.             */
CLQ_API clq_status clq_model_load(const char *path, const char *options_json, clq_handle *model);
/* The statistics of its transforms, of the rows that this run would train on; training does so itself.               */
CLQ_API clq_status clq_model_fit(clq_handle model, clq_handle source, clq_handle config);
CLQ_API clq_status clq_model_save(clq_handle model, const char *path);
/* Answers the inputs that a training kept in the bundle anew: {"rows", "largest"}, the largest difference from the kept
 * prediction over the largest value of that. CLQ_E_NOT_FOUND: it keeps none.                                          */
CLQ_API clq_status clq_model_check(clq_handle model, clq_handle *result);
CLQ_API int64_t    clq_model_describe(clq_handle model, char *json, int64_t capacity); /* inputs, outputs, layers, counts, provenance */
CLQ_API int64_t    clq_model_id(clq_handle model, char *text, int64_t capacity);       /* 12 hex digits                    */
/* For the header of a file made with it: FITS cards of 80 characters one behind the other, CLQVER CLQMODEL CLQHASH (SIMULATD). */
CLQ_API int64_t    clq_model_cards(clq_handle model, char *text, int64_t capacity);
CLQ_API int64_t    clq_model_n_parameters(clq_handle model);
/* The whole state, converted; setting is an error while a trainer holds the model.                                   */
CLQ_API clq_status clq_model_get(clq_handle model, const char *state, void *data, int32_t dtype, int64_t bytes);
CLQ_API clq_status clq_model_set(clq_handle model, const char *state, const void *data, int32_t dtype, int64_t bytes);
CLQ_API void       clq_model_close(clq_handle model);

/* -- batches: named tensors in and out [one thread per batch] -------------------------------------------------------------- */
CLQ_API clq_status clq_batch_create(clq_handle model, int64_t n, clq_handle *batch);
/* name: an input ("scalars", dims [n, ...]; "images", dims [n, bands, height, width]) or one of its columns ("EBV",
 * dims [n]).                                                                                                         */
CLQ_API clq_status clq_batch_set(clq_handle batch, const char *name, const void *data, int32_t dtype, int32_t rank, const int64_t *dims);
/* A line an array, how it was understood; after clq_predict_batch a line an output, its type and shape.              */
CLQ_API int64_t    clq_batch_describe(clq_handle batch, char *text, int64_t capacity);
CLQ_API clq_status clq_predict_batch(clq_handle model, clq_handle batch);
/* name: "prediction", a column of the task, "FLAG_BAD" or "FLAG_OOD"; [n, ...], converted.                           */
CLQ_API clq_status clq_batch_get(clq_handle batch, const char *name, void *data, int32_t dtype, int64_t bytes);
CLQ_API clq_status clq_batch_status(clq_handle batch, int32_t *per_sample, int64_t n); /* 0, or the bits of FLAG_BAD: sample i has no answer */
CLQ_API void       clq_batch_close(clq_handle batch);
/* Shorthand for one F32 input [n, ...] and the F32 prediction [n, ...]; otherwise CLQ_E_UNSUPPORTED. The sizes are the
 * elements of ONE sample. A sample without an answer is NaN. [any-thread]                                             */
CLQ_API clq_status clq_predict(clq_handle model, const float *input, int64_t n, int64_t input_size, float *output, int64_t output_size);
/* A whole source into a file, streaming. options: device, threads, readers, batch, keep (columns copied), id (the
 * column that names a row), average, layers (whose values are columns); default: the bundle's. combine ("arithmetic",
 * or "harmonic" of probabilities): of several models. `result` (or NULL) counts rows. [any-thread]                    */
CLQ_API clq_status clq_predict_to(const clq_handle *models, int32_t n_models, clq_handle source, const char *uri,
                                  const char *options_json, clq_handle *result);
/* Scores the mean of the models' outputs against the source's target; `uri` (or NULL) also gets the prediction table.
 * options: beside those above, the rows to score: part ("train", "valid" or "test" of the first model's own split) or
 * where (an expression); default: all. [any-thread]                                                                  */
CLQ_API clq_status clq_evaluate(const clq_handle *models, int32_t n_models, clq_handle source, const char *uri,
                                const char *options_json, clq_handle *result);
/* A result does not change. unscored: good rows without a target that can be scored. [any-thread]                    */
CLQ_API int64_t    clq_result_text(clq_handle result, char *json, int64_t capacity);   /* {"rows", "bad", "ood", "unscored", "simulated", "metrics"} */
CLQ_API void       clq_result_close(clq_handle result);

/* -- training [one thread per trainer; clq_trainer_stop from any thread or signal handler] --------------------------------- */
/* run_folder NULL: nothing is written; one that holds a run, or files that one would write over, is refused, but for what
 * a run left that ended before its first checkpoint. One trainer a model at a time; the model follows the training, and
 * who asks it from another thread waits for the end of the call that the trainer is in.                              */
CLQ_API clq_status clq_trainer_create(clq_handle model, clq_handle source, clq_handle config, const char *run_folder,
                                      clq_handle *trainer);
CLQ_API clq_status clq_trainer_resume(const char *run_folder, clq_handle source, clq_handle *trainer); /* 0: the run's own source */
/* As clq_trainer_resume, to as many epochs in all as are given; no fewer than it had, also where those are done. 0: what it had. */
CLQ_API clq_status clq_trainer_resume_to(const char *run_folder, clq_handle source, int64_t epochs, clq_handle *trainer);
CLQ_API clq_status clq_trainer_run(clq_handle trainer, double seconds);                /* 1 (CLQ_END): finished or stopped; 0: call again */
CLQ_API clq_status clq_trainer_steps(clq_handle trainer, int64_t n);                   /* likewise                          */
/* The host's own loop: the batch that the trainer would take next is these samples of a source with the model's columns, from 1
 * to train.batch of them. Borrowed arrays may be filled anew before each call. Epochs end, are judged and kept as in a run of the
 * trainer's, which may go on with clq_trainer_run. After CLQ_E_INVALID and CLQ_E_DATA here the trainer is as it was. As above: 1. */
CLQ_API clq_status clq_trainer_batch(clq_handle trainer, clq_handle source, const int64_t *samples, int64_t n);
/* The same in two, with train.split_step: the gradients of the batch's loss, read and replaced, then applied (with penalties and
 * clip_norm). A second call takes the place of the first.                                                            */
CLQ_API clq_status clq_trainer_gradients(clq_handle trainer, clq_handle source, const int64_t *samples, int64_t n);
CLQ_API clq_status clq_gradient_get(clq_handle trainer, const char *parameter, void *data, int32_t dtype, int64_t bytes);
CLQ_API clq_status clq_gradient_set(clq_handle trainer, const char *parameter, const void *data, int32_t dtype, int64_t bytes);
CLQ_API clq_status clq_trainer_apply(clq_handle trainer);
/* A state of the model, between two steps; an average that train.ema keeps stays as it is.                           */
CLQ_API clq_status clq_trainer_set(clq_handle trainer, const char *state, const void *data, int32_t dtype, int64_t bytes);
CLQ_API clq_status clq_trainer_model(clq_handle trainer, clq_handle *model);           /* its model, one more handle        */
/* "epoch" "epochs" "step" "steps" "loss" "learning_rate" "samples_per_second" "eta" "memory_bytes" "rows_skipped"
 * "skipped_steps" "best_epoch" "stopped"                                                                             */
CLQ_API clq_status clq_trainer_get(clq_handle trainer, const char *key, double *value);
CLQ_API int64_t    clq_trainer_metrics(clq_handle trainer, char *json, int64_t capacity); /* the next row not yet read; 0: none */
CLQ_API clq_status clq_trainer_checkpoint(clq_handle trainer, const char *path);       /* NULL: the run folder's            */
CLQ_API void       clq_trainer_stop(clq_handle trainer);                               /* finish the step, checkpoint, return */
CLQ_API void       clq_trainer_close(clq_handle trainer);

#ifdef __cplusplus
}
#endif
#endif
