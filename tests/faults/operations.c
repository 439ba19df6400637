/* tests/faults/operations.c -- what a host does with the library: plugins, data, training, saving, loading, predicting.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "workload.h"

#define PLUGINS "lib/calanque/plugins"
#define ON_TWO_THREADS "{\"device\": \"cpu_ref:0\", \"threads\": 2}"

enum { ROWS = 8 };
static const float rows[ROWS][2] = {{0, 0}, {1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {0.5f, -0.5f}};

/* A model that is there says the same each time. */
static void require_same(pass* p, const void* now, void* first, size_t bytes, int* known) {
  if (!is_whole(p)) return;
  if (*known && memcmp(now, first, bytes) != 0) lie(p, "the status is ok, and the result is another");
  memcpy(first, now, bytes);
  *known = 1;
}

/* As an in-place writer would leave it. */
static void cut_for_control(const pass* p, const char* name) {
  char path[PATH_BYTES];
  file_of(p, name, path);
  if (p->faulty && p->status < 0 && control_is("corrupt") && truncate(path, 20) != 0) return; /* nothing was there */
}

/* -- plugins -- */

static int count(const char* all, const char* word) {
  int n = 0;
  for (const char* at = strstr(all, word); at != NULL; at = strstr(at + 1, word)) ++n;
  return n;
}

static int plugin_files(void) {
  int n = 0;
  DIR* folder = opendir(PLUGINS);
  for (const struct dirent* entry; folder != NULL && (entry = readdir(folder)) != NULL;)
    n += strncmp(entry->d_name, "clq_", 4) == 0;
  if (folder != NULL) closedir(folder);
  return n;
}

/* Each file is in use and offers something, or there are words why not, of the file or of its folder. */
static int plugins_in_use(pass* p) {
  if (!ok(p, clq_plugins_report(text, sizeof text))) return 0;
  const int n = plugin_files(), used = count(text, "\"in_use\":true");
  if (used < n && count(text, "\"in_use\":false") == 0) lie(p, "a plugin that is not used, and no words why");
  if (count(text, "\"in_use\":true,\"offers\":[]") > 0) lie(p, "a plugin in use that offers nothing");
  return used == n;
}

/* What was refused for want of something that is there again is in use by the second try. */
void load_plugins(pass* p) {
  open_pass(p);
  ok(p, clq_plugins_files(NULL, text, sizeof text));
  char csv[PATH_BYTES]; /* absolute, as a probe wants it */
  if (getcwd(csv, sizeof csv - sizeof "/" PLUGINS "/clq_csv.so") == NULL) return;
  strcat(csv, "/" PLUGINS "/clq_csv.so");
  ok(p, clq_plugin_probe(csv, text, sizeof text));
  ok(p, clq_plugins_load(NULL));
  const int whole = plugins_in_use(p);
  ok(p, clq_devices_report(text, sizeof text));
  close_pass(p);
  if (p->faulty) return;
  if (!whole) ok(p, clq_plugins_load(PLUGINS));
  if (!plugins_in_use(p) && p->status >= 0) lie(p, "plugins loaded again, and not in use");
  ok(p, clq_devices_report(text, sizeof text));
  if (strstr(text, "cpu_ref:0") == NULL) lie(p, "plugins loaded again, and no device");
  ok(p, clq_source_open("table.csv", NULL, &p->source));
  clq_source_close(p->source);
}

/* -- data: images in FITS -- */

enum { IMAGES = 3, PIXELS = 5 * 8 * 8 };

void scan(pass* p) {
  static const int64_t samples[IMAGES] = {5, 0, 23};
  static float first[IMAGES * PIXELS];
  static int known;
  float images[IMAGES * PIXELS] = {0};
  open_pass(p);
  if (ok(p, clq_source_open("images.fits", NULL, &p->source)) &&
      ok(p, clq_source_describe(p->source, text, sizeof text)) &&
      ok(p, clq_source_scan(p->source, "{\"readers\": 2}", &p->result)) &&
      ok(p, clq_result_text(p->result, text, sizeof text)))
    ok(p, clq_source_read(p->source, samples, IMAGES, "IMAGE", images, sizeof images));
  if (p->status >= 0 && strstr(text, "\"rows\":24") == NULL) lie(p, "the scan has other rows than 24");
  close_pass(p);
  require_same(p, images, first, sizeof images, &known);
}

/* -- training -- */

static void require_run(pass* p) {
  static const char* const files[] = {"run/run.toml",
                                      "run/run.json",
                                      "run/metrics.csv",
                                      "run/model.safetensors",
                                      "run/model-last.safetensors",
                                      "run/checkpoints/last.safetensors"};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) require_file(p, files[i]);
}

/* A trainer that failed fails again, or comes to its end with all that belongs to it. */
static void run_to_end(pass* p) {
  clq_status status = CLQ_OK;
  for (int i = 0; i < 100 && ok(p, status) && status != CLQ_END; ++i) status = clq_trainer_run(p->trainer, 60.0);
  if (p->status >= 0) return;
  for (int i = 0; i < 100 && (i == 0 || status == CLQ_OK); ++i) status = clq_trainer_run(p->trainer, 60.0);
  p->went_on = status == CLQ_END;
}

static void read_metrics(pass* p) {
  int n = 0;
  for (int64_t needed = 1; needed > 0; n += needed > 0) {
    needed = clq_trainer_metrics(p->trainer, text, sizeof text);
    if (!ok(p, needed)) return;
  }
  if (n != 2) lie(p, "the run has other epochs than two");
}

void train(pass* p) {
  char run[PATH_BYTES];
  double loss = 0;
  file_of(p, "run", run);
  open_pass(p);
  if (ok(p, clq_config_load("run.toml", &p->config)) && ok(p, clq_source_from_config(p->config, &p->source)) &&
      ok(p, clq_model_create(p->config, p->source, &p->model)) &&
      ok(p, clq_trainer_create(p->model, p->source, p->config, run, &p->trainer))) {
    run_to_end(p);
    if (p->status >= 0) read_metrics(p);
    ok(p, clq_trainer_get(p->trainer, "loss", &loss));
  }
  close_pass(p);
  if (is_whole(p)) require_run(p);
  cut_for_control(p, "run/checkpoints/last.safetensors");
  cut_for_control(p, "run/checkpoints/previous.safetensors");
}

int finish(pass* p) {
  static const char* const begun[] = {"run/checkpoints/last.safetensors", "run/checkpoints/previous.safetensors",
                                      "run/metrics.csv"};
  char run[PATH_BYTES], file[PATH_BYTES];
  int goes_on = 0;
  file_of(p, "run", run);
  for (size_t i = 0; i < sizeof begun / sizeof begun[0]; ++i) {
    file_of(p, begun[i], file);
    goes_on |= access(file, F_OK) == 0;
  }
  if (!goes_on) {
    train(p);
  } else {
    if (ok(p, clq_trainer_resume(run, 0, &p->trainer))) run_to_end(p);
    close_pass(p);
    if (is_whole(p)) require_run(p);
  }
  if (is_whole(p))
    printf("finish ok\n");
  else
    printf("finish error %d %s\n", p->status, p->words);
  return 0;
}

/* -- a model to a file and back -- */

void save(pass* p) {
  char path[PATH_BYTES];
  file_of(p, "model.safetensors", path);
  if (!ok(p, clq_model_load("model.safetensors", NULL, &p->model))) return;
  open_pass(p);
  ok(p, clq_model_save(p->model, path));
  close_pass(p);
  if (is_whole(p)) require_file(p, "model.safetensors");
  cut_for_control(p, "model.safetensors");
}

void load(pass* p) {
  static char first_id[16];
  static int known;
  char id[16] = "";
  float weights[12];
  open_pass(p);
  if (ok(p, clq_model_load("model.safetensors", ON_TWO_THREADS, &p->model)) &&
      ok(p, clq_model_describe(p->model, text, sizeof text)) && ok(p, clq_model_id(p->model, id, sizeof id)))
    ok(p, clq_model_get(p->model, "first.weights", weights, CLQ_F32, sizeof weights));
  close_pass(p);
  require_same(p, id, first_id, sizeof id, &known);
}

/* -- predictions: arrays, a batch, a table -- */

static int predict_batch(pass* p, float* out, int64_t bytes) {
  static const int64_t dims[2] = {ROWS, 2};
  int32_t bad[ROWS];
  return ok(p, clq_batch_create(p->model, ROWS, &p->batch)) &&
         ok(p, clq_batch_set(p->batch, "scalars", rows, CLQ_F32, 2, dims)) &&
         ok(p, clq_predict_batch(p->model, p->batch)) &&
         ok(p, clq_batch_get(p->batch, "prediction", out, CLQ_F32, bytes)) &&
         ok(p, clq_batch_status(p->batch, bad, ROWS));
}

void predict(pass* p) {
  static float first[2 * ROWS];
  static int known;
  float out[2 * ROWS] = {0};
  char path[PATH_BYTES];
  file_of(p, "predictions.csv", path);
  if (!ok(p, clq_model_load("model.safetensors", ON_TWO_THREADS, &p->model))) return;
  open_pass(p);
  if (ok(p, clq_predict(p->model, rows[0], ROWS, 2, out, 1)) && predict_batch(p, out + ROWS, sizeof out / 2) &&
      ok(p, clq_source_for_model(p->model, "table.csv", &p->source)) &&
      ok(p, clq_predict_to(&p->model, 1, p->source, path, "{\"device\": \"cpu_ref:0\", \"readers\": 2}", &p->result)))
    ok(p, clq_result_text(p->result, text, sizeof text));
  close_pass(p);
  require_same(p, out, first, sizeof out, &known);
  if (is_whole(p)) require_file(p, "predictions.csv");
  cut_for_control(p, "predictions.csv");
}
