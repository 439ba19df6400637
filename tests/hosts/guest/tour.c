/* tests/hosts/guest/tour.c -- a host that looks at itself before, between and after more than a hundred calls. C99.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * tests/evidence/hosts/guest.py runs it, in a folder of its own; the other tours make the same calls in their
 * languages. */
#include <calanque/calanque.h>

#include <stdio.h>
#include <stdlib.h>

#define ROWS 64

int32_t looks_look(int32_t number);

static const char *const run =
    "task = 'regression'\n[data]\nscalars = ['x']\ntarget = 'y'\n[split]\nvalid = 0.25\n"
    "[[model.layer]]\nuse = 'dense'\nunits = 8\nactivation = 'tanh'\n[[model.layer]]\nuse = 'dense'\n"
    "[compute]\nthreads = 2\n[train]\nepochs = 2\nbatch = 16\n";

static float x[ROWS][2], out[ROWS];
static double y[ROWS];
static char text[65536];
static clq_handle config, source, model, trainer;

static int64_t ok(int64_t status) {
  char words[1024] = "";
  if (status >= 0) return status;
  clq_error_text(words, sizeof words);
  fprintf(stderr, "tour: %s\n", words);
  exit(1);
}

static void refused(int64_t status) {
  char words[1024] = "";
  if (status < 0 && clq_error_text(words, sizeof words) > 1 && clq_error_code() == status) return;
  fprintf(stderr, "tour: a wrong call answered %lld\n", (long long)status);
  exit(1);
}

static void configuration(void) {
  ok(clq_config_parse(run, &config));
  ok(clq_config_set(config, "train.seed", "3"));
  ok(clq_config_get(config, "train.epochs", text, sizeof text));
  ok(clq_config_dump(config, 1, text, sizeof text));
  refused(clq_config_set(config, "train.epoch", "3"));
  refused(clq_config_load("nowhere.toml", &model));
}

static void samples(void) {
  const int64_t two[1] = {2}, rows[2] = {5, 7};
  clq_handle table, result;
  double read[2];
  int64_t n;
  ok(clq_source_create(ROWS, &source));
  ok(clq_source_add(source, "x", x, CLQ_F32, 1, two, 1));
  ok(clq_source_add(source, "y", y, CLQ_F64, 0, NULL, 0));
  ok(clq_source_count(source, &n));
  ok(clq_source_describe(source, text, sizeof text));
  ok(clq_source_read(source, rows, 2, "y", read, sizeof read));
  refused(clq_source_read(source, rows, 2, "z", read, sizeof read));
  ok(clq_source_write(source, "table.csv", "{\"fields\": [\"y\"]}"));
  ok(clq_source_open("table.csv", NULL, &table));
  ok(clq_source_scan(table, NULL, &result));
  ok(clq_result_text(result, text, sizeof text));
  clq_result_close(result);
  clq_source_close(table);
  refused(clq_source_open("nowhere.fits", NULL, &table));
}

static void training(void) {
  double value;
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  while (ok(clq_trainer_run(trainer, 0.05)) != CLQ_END) ok(clq_trainer_get(trainer, "epoch", &value));
  ok(clq_trainer_get(trainer, "loss", &value));
  refused(clq_trainer_get(trainer, "lost", &value));
  while (ok(clq_trainer_metrics(trainer, text, sizeof text)) > 0) continue;
}

static void prediction(void) {
  const int64_t dims[2] = {ROWS, 2};
  clq_handle again, batch;
  int32_t status[ROWS];
  ok(clq_model_save(model, "model.safetensors"));
  ok(clq_model_load("model.safetensors", "{\"threads\": 2}", &again));
  ok(clq_model_describe(again, text, sizeof text));
  ok(clq_model_id(again, text, sizeof text));
  ok(clq_predict(again, &x[0][0], ROWS, 2, out, 1));
  refused(clq_predict(again, &x[0][0], ROWS, 3, out, 1));
  ok(clq_batch_create(again, ROWS, &batch));
  ok(clq_batch_set(batch, "scalars", x, CLQ_F32, 2, dims));
  ok(clq_predict_batch(again, batch));
  ok(clq_batch_get(batch, "prediction", out, CLQ_F32, sizeof out));
  ok(clq_batch_status(batch, status, ROWS));
  clq_batch_close(batch);
  clq_model_close(again);
  refused(clq_model_load("nowhere.safetensors", NULL, &again));
}

static void close_all(void) {
  clq_trainer_close(trainer);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
}

static void turn(void) {
  configuration();
  samples();
  training();
  prediction();
  while (ok(clq_log_next(text, sizeof text)) > 0) continue;
}

int main(void) {
  int i;
  for (i = 0; i < ROWS; ++i) {
    x[i][0] = (float)(i * 37 % 101 - 50) / 64.0f;
    x[i][1] = (float)(i * 53 % 89 - 44) / 64.0f;
    y[i] = x[i][0] - 2.0 * x[i][1];
  }
  if (looks_look(0) != 0) return 1;
  turn();
  close_all();
  looks_look(1);
  for (i = 0; i < 3; ++i) {
    if (i > 0) close_all();
    turn();
  }
  looks_look(2);
  close_all();
  return looks_look(3) != 0;
}
