/* tests/hosts/c/examples/configuration.c -- the run file, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

int main(int argc, char **argv) {
  clq_handle config, loaded;
  char text[16384], path[4096];
  FILE *file;
  WANT(argc == 2); /* a folder to write in */
  snprintf(path, sizeof path, "%s/example.toml", argv[1]);
  file = fopen(path, "w");
  WANT(file != NULL);
  fputs(example_run, file);
  fclose(file);

  /* clq_config_load: reads and checks the file. */
  ok(clq_config_load(path, &loaded));

  /* clq_config_parse: reads and checks the text. */
  ok(clq_config_parse("[train]\nepochs = 10\n", &config));

  /* clq_config_set: checks one value. */
  ok(clq_config_set(config, "train.epochs", "40"));
  ok(clq_config_set(config, "train.optimizer.lr", "1e-3"));

  /* clq_config_get: works the defaults of the task out anew at each call; not for an inner loop. */
  ok(clq_config_get(config, "train.epochs", text, sizeof text));

  WANT(strcmp(text, "40") == 0);
  WANT(clq_config_get(config, "data.catalog", text, sizeof text) == CLQ_E_NOT_FOUND);
  WANT(clq_config_set(config, "train.epoch", "40") == CLQ_E_INVALID);

  /* clq_config_dump: as clq_config_get, of every key. */
  ok(clq_config_dump(config, 1, text, sizeof text));
  puts(text);

  WANT(strstr(text, "40") != NULL);

  /* clq_config_close: what was made of it lives on. */
  clq_config_close(config);

  WANT(clq_config_set(config, "train.epochs", "2") == CLQ_E_INVALID);
  clq_config_close(loaded);
  clq_config_close(loaded);
  remove(path);
  return 0;
}
