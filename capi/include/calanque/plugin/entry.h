/* calanque/plugin/entry.h -- what a plugin exports and what its host gives it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_ENTRY_H
#define CLQ_PLUGIN_ENTRY_H
#include "abi.h"

typedef struct clq_host clq_host;
struct clq_host {                          /* EXTENSIBLE; one per plugin, owned by the host   */
   uint32_t    struct_size;
   uint16_t    abi_major, abi_minor;       /* newest ABI the host speaks                      */
   void       *ctx;
   const char *name, *version;
   /* Keeps `message` (copied; UTF-8, one line) as this thread's error text. [any-thread]     */
   void        (CLQ_CALL *set_error)(const clq_host *, const char *message);
   /* "clq.host-log/1", "clq.host-threads/1", "clq.host-graph/1", "clq.host-ops/1"; NULL if absent. [any-thread] */
   const void *(CLQ_CALL *get_extension)(const clq_host *, const char *id);
};

/* The one symbol a plugin exports. It is DATA: a host reads it before calling plugin functions. */
typedef struct clq_plugin_entry {
   uint32_t    struct_size;                /* from here to `version`: a head that no ABI      */
   uint16_t    abi_major, abi_minor;       /* change may move; minor = CLQ_ABI_NEEDED         */
   const char *id, *version;               /* "org.calanque.cpu-onednn", "1.2.0"; never NULL  */
   const char *license, *built_for;        /* SPDX; CLQ_RELEASE, which drafts are tied to     */
   /* Called before anything else; may fail and say why. One that fails leaves nothing behind: no deinit follows, and another
      init may, with the same host or another. A second init by another host in the same process returns CLQ_E_UNSUPPORTED,
      "already in use by ...". The host stays valid until the process ends. [one thread at a time] */
   clq_status  (CLQ_CALL *init)(const clq_host *);
   /* Stop threads, drop devices; another init may follow. The library stays mapped afterwards. [one thread at a time]  */
   void        (CLQ_CALL *deinit)(void);
   /* "clq.backend/1", "clq.data-source/1", "clq.data-sink/1", "clq.builder/1", "clq.ops/1" (later "clq.collective/1"); NULL if absent.
      Every table starts with its struct_size. The host copies min(struct_size, its own size) bytes into a zeroed table of its
      newest edition and never reads the plugin's again, so a missing slot is a NULL. [any-thread] */
   const void *(CLQ_CALL *get_factory)(const char *id);
} clq_plugin_entry;

#define CLQ_PLUGIN_SYMBOL "clq_plugin"
#define CLQ_PLUGIN_ENTRY_INIT(id, version, license, init, deinit, get_factory)                \
   { sizeof(clq_plugin_entry), CLQ_ABI_MAJOR, CLQ_ABI_NEEDED, id, version, license,           \
     CLQ_RELEASE, init, deinit, get_factory }

#define CLQ_HOST_LOG_ID "clq.host-log/1"
enum { CLQ_LOG_ERROR = 1, CLQ_LOG_WARNING, CLQ_LOG_INFO, CLQ_LOG_DEBUG };
typedef struct clq_host_log {              /* EXTENSIBLE */
   uint32_t struct_size, reserved;
   void     (CLQ_CALL *log)(const clq_host *, uint32_t level, const char *message); /* [any-thread] */
} clq_host_log;

/* Compute plugins borrow the host's threads.                                                 */
#define CLQ_HOST_THREADS_ID "clq.host-threads/1"
typedef struct clq_host_threads {          /* EXTENSIBLE */
   uint32_t   struct_size, reserved;
   uint32_t   (CLQ_CALL *thread_count)(clq_team *);
   /* Runs body(arg, i, worker) for i in [0, n), worker in [0, thread_count), and returns when all are done. Nested: serially in
      the caller. A body reports through arg, never by set_error. [the thread that runs the device] */
   void       (CLQ_CALL *parallel_for)(clq_team *, uint32_t n,
                                       void (CLQ_CALL *body)(void *arg, uint32_t i, uint32_t worker), void *arg);
} clq_host_threads;
#endif
