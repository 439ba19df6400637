/* tests/evil/evil.c -- a plugin that breaks one rule, named by CLQ_EVIL, while it is loaded. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <calanque/plugin/backend.h>
#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>

/* An address of the page before the first. */
#define NOWHERE ((const void *)64)

static int is(const char *what) {
#ifdef CLQ_ALWAYS_CRASHES
   const char *how = "init_crashes";
#else
   const char *how = getenv("CLQ_EVIL");
#endif
   return how != NULL && strcmp(how, what) == 0;
}

static int overflow(volatile char *above) {
   volatile char room[4096];
   room[0] = *above;
   return *above == 'x' ? 0 : overflow(room) + room[0]; /* it never is */
}

static void crash(void) { raise(SIGSEGV); }
static void hang(void) { for (;;) pause(); }

static clq_status init(const clq_host *host) {
   if (is("init_fails")) return host->set_error(host, "no licence on this machine"), CLQ_E_DEVICE;
   if (is("init_fails_silently")) return CLQ_E_NOMEM;
   if (is("init_hangs")) for (;;) pause();
   if (is("init_spins")) for (volatile int turning = 1; turning;) {}
   if (is("init_crashes")) raise(SIGSEGV);
   if (is("init_divides")) raise(SIGFPE);
   if (is("init_aborts")) abort();
   if (is("init_exits")) exit(0);
   if (is("init_leaves")) _exit(3);
   if (is("init_kills")) kill(getpid(), SIGTERM);
   if (is("init_overflows")) { volatile char top = 0; return overflow(&top); }
   if (is("init_closes_output")) { close(1); for (;;) pause(); }
   if (is("init_forks") && fork() == 0) for (;;) pause();
   if (is("init_forks")) _exit(0);
   if (is("init_leaves_its_group")) { setpgid(0, getpgid(getppid())); for (;;) pause(); }
   if (is("init_starts_a_daemon") && fork() == 0) { setsid(); sleep(20); _exit(0); }
   if (is("exit_crashes")) atexit(crash);
   if (is("exit_hangs")) atexit(hang);
   if (is("prints")) printf("[{\"file\": 1}] and no end of line");
   return CLQ_OK;
}

static void deinit(void) {
   if (is("deinit_crashes")) raise(SIGBUS);
}

static clq_op_list ops;
static clq_builder_list builders;
static clq_builder builder;
static const clq_builder *builder_list[1];
static clq_data_source_api source;
static clq_backend_api backend;

static const void *get_factory(const char *id) {
   const int lists_ops = strcmp(id, CLQ_OPS_ID) == 0, lists_builders = strcmp(id, CLQ_BUILDER_ID) == 0;
   if (is("factory_crashes")) raise(SIGILL);
   if (is("table_elsewhere") && strcmp(id, CLQ_BACKEND_ID) == 0) return NOWHERE;
   if (is("table_empty") && strcmp(id, CLQ_BACKEND_ID) == 0) return &backend;
   if (is("table_without_slots") && strcmp(id, CLQ_BACKEND_ID) == 0)
      return backend.struct_size = sizeof backend, &backend;
   if (is("table_short") && strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return source.struct_size = 12, &source;
   if (is("table_flags") && strcmp(id, CLQ_DATA_SOURCE_ID) == 0)
      return source.struct_size = sizeof source, source.reserved = 5, &source;
   if (is("ops_none_counted") && lists_ops) return ops.struct_size = sizeof ops, ops.n_ops = 7, &ops;
   builder.struct_size = sizeof builder;
   builder.kind = "layer";
   builders.struct_size = sizeof builders;
   builders.n_builders = 1;
   builders.builders = builder_list;
   if (is("builder_null") && lists_builders) return &builders;
   if (is("builder_nameless") && lists_builders) return builder_list[0] = &builder, &builders;
   return NULL;
}

CLQ_EXPORT extern clq_plugin_entry clq_plugin;
CLQ_EXPORT clq_plugin_entry clq_plugin =
   CLQ_PLUGIN_ENTRY_INIT("org.calanque.evil", "6.6.6", "BSD-3-Clause", init, deinit, get_factory);

__attribute__((constructor)) static void change_entry(void) {
   if (is("opening_crashes")) raise(SIGSEGV);
   if (is("opening_hangs")) for (;;) pause();
   if (is("opening_exits")) exit(9);
   if (is("entry_empty")) clq_plugin.struct_size = 0;
   if (is("entry_short")) clq_plugin.struct_size = 8;
   if (is("entry_of_next_major")) clq_plugin.abi_major = CLQ_ABI_MAJOR + 1;
   if (is("entry_of_next_minor")) clq_plugin.abi_minor = CLQ_ABI_MINOR + 1;
   if (is("entry_nameless")) clq_plugin.id = NULL;
   if (is("entry_without_version")) clq_plugin.version = NULL;
   if (is("entry_without_init")) clq_plugin.init = NULL;
   if (is("entry_without_factory")) clq_plugin.get_factory = NULL;
   if (is("entry_with_controls")) clq_plugin.id = "org.calanque.\x1b[31m\nclq_forged.so 1.0";
   if (is("entry_not_utf8")) clq_plugin.id = "org.calanque.\xe9vil";
   if (is("entry_elsewhere")) clq_plugin.id = (const char *)NOWHERE;
}
