/* tests/hosts/c/examples/sources.c -- samples in arrays and files, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

static char text[1 << 16];

static void from_a_model(clq_handle config, const char *table) {
  clq_handle arrays = example_source(), model, source, other, result;
  ok(clq_model_create(config, arrays, &model));
  ok(clq_model_fit(model, arrays, config));

  /* clq_source_for_model: opens the file and reads its header; columns are those that the model was made for. */
  ok(clq_source_for_model(model, table, &source));

  /* clq_source_for_model_with: as clq_source_for_model; here values of -99 are missing ones. */
  ok(clq_source_for_model_with(model, table, "{\"null\": [-99]}", &other));

  /* clq_source_look: reads one row, and does to it what is done before the network. */
  ok(clq_source_look(source, model, 5, NULL, &result));
  ok(clq_result_text(result, text, sizeof text));

  WANT(text[0] == '{');
  clq_result_close(result);
  clq_source_close(other);
  clq_source_close(source);
  clq_model_close(model);
  clq_source_close(arrays);
}

static void look_through(clq_handle source) {
  clq_handle result;
  int64_t n, row, rows, sample, samples[3] = {5, 0, 255};
  int32_t dtype;
  double y[3];

  /* clq_source_count: reads a number that is kept. */
  ok(clq_source_count(source, &n));

  WANT(n == ROWS);

  /* clq_source_describe: writes the JSON anew. The fingerprint in it hashes every element of arrays, but only names, sizes and layout of a file. */
  ok(clq_source_describe(source, text, sizeof text));

  WANT(strstr(text, "\"n_samples\":256") != NULL);

  /* clq_source_locate: words for a message; nothing is read. */
  ok(clq_source_locate(source, 5, text, sizeof text));

  /* clq_source_dtype: a look at the description; nothing is read. */
  ok(clq_source_dtype(source, "y", &dtype));
  WANT(dtype == CLQ_F64);

  /* clq_source_read: decodes these samples of one field, in this thread. */
  ok(clq_source_read(source, samples, 3, "y", y, sizeof y));

  WANT(y[1] == example_y[0] && y[2] == example_y[255]);

  /* clq_source_find: streams the column until its end; "" as the column: the number of a row, at once. */
  ok(clq_source_find(source, "", "17", &row));

  WANT(row == 17);

  /* clq_source_scan: reads every row once. */
  ok(clq_source_scan(source, "{\"readers\": 1}", &result));
  ok(clq_result_text(result, text, sizeof text));

  WANT(strstr(text, "\"rows\":256") != NULL);

  /* clq_source_scanned: reads a number that is kept; for another thread's bar. */
  ok(clq_source_scanned(source, &rows));

  WANT(rows == ROWS);

  /* clq_order_at: a pure function of its arguments, with no table behind it. */
  ok(clq_order_at(1, 0, n, 0, &sample));

  WANT(sample >= 0 && sample < n);
  clq_result_close(result);
}

int main(int argc, char **argv) {
  static const double z[ROWS] = {0.5};
  const int64_t two[1] = {2};
  clq_handle arrays, source, config;
  char table[4096];
  WANT(argc == 2); /* a folder to write in */
  snprintf(table, sizeof table, "%s/example.csv", argv[1]);

  /* clq_source_create: room for the names of fields. */
  ok(clq_source_create(ROWS, &arrays));

  /* clq_source_add: copies the array, or with a last argument of 1 keeps its address. */
  ok(clq_source_add(arrays, "z", z, CLQ_F64, 0, NULL, 0));
  ok(clq_source_add(arrays, "x", example_x, CLQ_F32, 1, two, 1)); /* two numbers a sample, borrowed */

  clq_source_close(arrays);
  arrays = example_source();
  look_through(arrays);

  /* clq_source_write: reads every sample that it writes; the file appears when it is whole. */
  ok(clq_source_write(arrays, table, "{\"fields\": [\"w\", \"y\"], \"n\": 100}"));

  /* clq_source_open: opens the file and reads its header, or its lines. */
  ok(clq_source_open(table, NULL, &source));

  clq_source_close(source);
  ok(clq_config_parse(
      "[data]\nscalars = ['w']\ntarget = 'y'\n[split]\nvalid = 0.25\n[[model.layer]]\nuse = 'dense'\n", &config));
  ok(clq_config_set(config, "data.catalog", table));

  /* clq_source_from_config: as clq_source_open, of data.catalog and the other keys of [data]. */
  ok(clq_source_from_config(config, &source));

  from_a_model(config, table);

  /* clq_source_close: borrowed arrays are the caller's again once trainers on the source are closed, too. */
  clq_source_close(source);

  clq_config_close(config);
  clq_source_close(arrays);
  remove(table);
  return 0;
}
