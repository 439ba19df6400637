/* tests/hosts/c/examples/plugins.c -- which plugins and devices there are, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

int main(int argc, char **argv) {
  static char json[1 << 20];
  const char *plugin;
  WANT(argc == 2); /* the path of a plugin that the default places do not hold, or hold as well */
  plugin = argv[1];

  /* clq_plugins_files: lists folders; opens no file. */
  ok(clq_plugins_files(NULL, json, sizeof json));
  printf("would try %s\n", json);

  WANT(json[0] == '[');

  /* clq_plugin_probe: loads the file and runs its init, once a call. */
  ok(clq_plugin_probe(plugin, json, sizeof json));
  printf("alone: %s\n", json);

  WANT(strstr(json, "\"in_use\"") != NULL);

  /* clq_plugins_load: opens each library once; whoever needs a plugin first does the same with NULL. */
  ok(clq_plugins_load(NULL));
  ok(clq_plugins_load(plugin));

  /* clq_plugins_report: makes the JSON anew at each call; the first one of a process loads the plugins. */
  ok(clq_plugins_report(json, sizeof json));
  printf("%s\n", json);

  WANT(strstr(json, "cpu_ref") != NULL);

  /* clq_devices_report: asks each backend for its devices' memory, at each call. */
  ok(clq_devices_report(json, sizeof json));
  printf("%s\n", json);

  WANT(strstr(json, "\"cpu_ref:0\"") != NULL);
  return 0;
}
