/* tests/hosts/c/examples/library.c -- version, errors, log, one snippet a function for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

int main(void) {
  char text[4096], *longer;
  int64_t needed;

  /* clq_version: reads a constant. */
  printf("calanque %s\n", clq_version());

  /* clq_log_level: stores a number. */
  ok(clq_log_level(2)); /* errors and warnings */

  /* clq_log_next: takes the log's lock and copies a line; 1000 lines wait at most. */
  while ((needed = ok(clq_log_next(text, sizeof text))) > 0 && needed <= (int64_t)sizeof text)
    fprintf(stderr, "%s\n", text);

  WANT(clq_log_level(9) == CLQ_E_INVALID);

  /* clq_error_code: reads a number of this thread. */
  if (clq_error_code() == CLQ_E_INVALID) puts("the caller's mistake");

  WANT(clq_error_code() == CLQ_E_INVALID);

  /* clq_error_text: copies a line of this thread, of at most 4096 bytes; asked first for the bytes that it needs. */
  needed = clq_error_text(NULL, 0);
  longer = malloc((size_t)needed);
  if (longer != NULL) clq_error_text(longer, needed);

  WANT(longer != NULL && strcmp(longer, "log level must be from 0 to 4, got 9") == 0);
  WANT(needed == (int64_t)strlen(longer) + 1);
  free(longer);
  return 0;
}
