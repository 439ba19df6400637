/* tests/faults/workload.c -- an operation that is done three times: before, with and after a call that fails. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* fault_workload OPERATION FOLDER, in a folder with table.csv, images.fits, run.toml, model.safetensors and
 * lib/calanque/plugins. A line a pass: "<pass> ok" or "<pass> error <code> <words>", then what of descriptors and
 * threads is left of the faulty one. Ends with 0 also where an error is told, with 2 where what is told is wrong.
 * fault_workload finish FOLDER: goes on with the run of this folder, or begins it again, up to its end. */
#define _POSIX_C_SOURCE 200809L
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include "workload.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

char text[TEXT_BYTES];

/* Of the preload, which need not be there. */
static void tell_preload(const char* name) {
  void* found = dlsym(RTLD_DEFAULT, name);
  if (found != NULL) (__extension__(void (*)(void)) found)();
}

int control_is(const char* name) {
  const char* control = getenv("CLQ_FAULT_CONTROL");
  return control != NULL && strcmp(control, name) == 0;
}

void lie(const pass* p, const char* what) {
  printf("%s lie %s\n", p->name, what);
  fflush(stdout);
  _exit(2);
}

static void read_words(pass* p, clq_status status) {
  const int64_t needed = clq_error_text(NULL, 0);
  if (needed <= 1) lie(p, "an error without words");
  if (needed > (int64_t)sizeof p->words) lie(p, "words that are longer than the library's own buffer");
  if (clq_error_text(p->words, sizeof p->words) != needed) lie(p, "words of two lengths");
  if (strpbrk(p->words, "\r\n") != NULL) lie(p, "words of more than one line");
  if (clq_error_code() != status) lie(p, "another code than the status");
}

int ok(pass* p, int64_t status) {
  if (p->status < 0) return 0;
  if (status >= 0) return 1;
  read_words(p, (clq_status)status);
  if (p->faulty && control_is("crash")) *(volatile int*)0 = 0;
  if (p->faulty && control_is("hang")) pause();
  if (p->faulty && control_is("lie")) return 1;
  p->status = (clq_status)status;
  return 0;
}

int is_whole(const pass* p) { return p->status >= 0 || p->went_on; }

void file_of(const pass* p, const char* name, char path[PATH_BYTES]) {
  snprintf(path, PATH_BYTES, "%s/%s/%s", p->folder, p->name, name);
}

void require_file(const pass* p, const char* name) {
  char path[PATH_BYTES];
  file_of(p, name, path);
  if (access(path, F_OK) != 0) lie(p, "the status is ok, and a file is missing");
}

void open_pass(pass* p) {
  if (p->faulty) tell_preload("clq_fault_begin");
}

void close_pass(pass* p) {
  int64_t n = 0;
  while ((n = clq_log_next(text, sizeof text)) > 0) {
    if (strpbrk(text, "\r\n") != NULL) lie(p, "a log line of more than one line");
  }
  ok(p, n);
  clq_result_close(p->result);
  clq_batch_close(p->batch);
  clq_trainer_close(p->trainer);
  if (p->status >= 0 || !p->faulty || !control_is("leak")) clq_model_close(p->model);
  clq_source_close(p->source);
  clq_config_close(p->config);
  if (p->faulty) tell_preload("clq_fault_end");
}

typedef struct {
  const char* name;
  void (*run)(pass*);
  int once; /* the first pass is the one that a fault should meet */
} operation;

static const operation operations[] = {
    {"load_plugins", load_plugins, 1}, {"scan", scan, 0}, {"train", train, 0}, {"save", save, 0}, {"load", load, 0},
    {"predict", predict, 0},
};

static pass run_pass(const operation* op, const char* name, const char* folder) {
  pass p = {.name = name, .folder = folder, .faulty = strcmp(name, "fault") == 0};
  op->run(&p);
  if (p.status < 0)
    printf("%s error %d %s\n", name, p.status, p.words);
  else
    printf("%s ok\n", name);
  if (p.went_on) printf("%s went on\n", name);
  return p;
}

static int entries(const char* path) {
  int n = 0;
  DIR* folder = opendir(path);
  while (folder != NULL && readdir(folder) != NULL) ++n;
  if (folder != NULL) closedir(folder);
  return n;
}

/* A thread that was joined is seen for a moment longer. */
static int threads_beyond(int before) {
  const struct timespec moment = {0, 1000000};
  int more = entries("/proc/self/task") - before;
  for (int i = 0; i < 1000 && more > 0; ++i) {
    nanosleep(&moment, NULL);
    more = entries("/proc/self/task") - before;
  }
  return more;
}

int finish(pass* p);

int main(int argc, char** argv) {
  const operation* op = NULL;
  for (size_t i = 0; argc == 3 && i < sizeof operations / sizeof operations[0]; ++i)
    if (strcmp(operations[i].name, argv[1]) == 0) op = &operations[i];
  if (argc == 3 && strcmp(argv[1], "finish") == 0) {
    pass p = {.name = "fault", .folder = argv[2]};
    return finish(&p);
  }
  if (op == NULL) return fprintf(stderr, "usage: fault_workload OPERATION FOLDER\n"), 1;
  if (!op->once) run_pass(op, "before", argv[2]);
  const int descriptors = entries("/proc/self/fd"), threads = entries("/proc/self/task");
  const pass p = run_pass(op, "fault", argv[2]);
  printf("left %d descriptors %d threads\n", entries("/proc/self/fd") - descriptors, threads_beyond(threads));
  if (p.status < 0 && control_is("unusable") && chdir("/") != 0) return 1;
  run_pass(op, "after", argv[2]);
  tell_preload("clq_fault_finish");
  return 0;
}
