/* tests/faults/workload.h -- an operation that is done three times: before, with and after a call that fails. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_TESTS_FAULTS_WORKLOAD_H
#define CLQ_TESTS_FAULTS_WORKLOAD_H
#include <calanque/calanque.h>

enum { PATH_BYTES = 1024, TEXT_BYTES = 1 << 20 };

typedef struct {
  const char* name; /* "before", "fault" or "after"; files are written into the folder of this name */
  const char* folder;
  int faulty;
  clq_status status; /* the first error */
  char words[4096];  /* of it */
  int went_on;       /* the trainer that had it came to its end all the same */
  clq_handle config, source, model, trainer, batch, result;
} pass;

/* Between these two, calls fail. close_pass also takes what the log has to say, and closes every handle. */
void open_pass(pass* p);
void close_pass(pass* p);

/* Keeps the first error with its words; false once there was one. */
int ok(pass* p, int64_t status);

/* Everything that was asked for must be there. */
int is_whole(const pass* p);

/* Ends the program with 2: the library said what is not so. */
void lie(const pass* p, const char* what);

/* A planted fault of the workload itself, in CLQ_FAULT_CONTROL. */
int control_is(const char* name);

/* "<folder of the pass>/<name>" */
void file_of(const pass* p, const char* name, char path[PATH_BYTES]);
void require_file(const pass* p, const char* name);

extern char text[TEXT_BYTES]; /* the host's buffer, for all that the library says */

void load_plugins(pass* p);
void scan(pass* p);
void train(pass* p);
void save(pass* p);
void load(pass* p);
void predict(pass* p);

#endif
