/* tests/core/runtime/plugins/device.c -- a backend that has a device and nothing to do. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <calanque/plugin/backend.h>

static uint32_t device_count(void) { return 1; }
static clq_status device_info(uint32_t device, clq_device_info *out) {
   (void)device;
   out->kind = CLQ_DEV_CPU;
   out->name = "x:0";
   return CLQ_OK;
}
static void never(void) {}

static clq_status init(const clq_host *host) { (void)host; return CLQ_OK; }

static const void *get_factory(const char *id) {
   static clq_backend_api backend;
   void (*const slot)(void) = never; /* of all others */
   backend.struct_size = sizeof backend;
   backend.device_count = device_count;
   backend.device_info = device_info;
   for (size_t at = CLQ_SIZE_UPTO(clq_backend_api, device_info); at < sizeof backend; at += sizeof slot)
      memcpy((char *)&backend + at, &slot, sizeof slot);
   return strcmp(id, CLQ_BACKEND_ID) == 0 ? &backend : NULL;
}

CLQ_EXPORT extern const clq_plugin_entry clq_plugin;
CLQ_EXPORT const clq_plugin_entry clq_plugin =
   CLQ_PLUGIN_ENTRY_INIT(TOY_ID, "0.1.0", "BSD-3-Clause", init, NULL, get_factory);
