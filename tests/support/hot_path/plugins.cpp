// tests/support/hot_path/plugins.cpp -- the host finds the plugins' own tables, with run and read bracketed.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <cstring>

#include <calanque/plugin/backend.h>
#include <calanque/plugin/data_source.h>

#include "counters.hpp"
#include "next.hpp"

namespace {

// One backend and one source are watched: the plugins with the ids HOT_PATH_BACKEND and HOT_PATH_SOURCE.
struct Watched {
  clq_plugin_entry entry{};
  clq_backend_api backend{};
  clq_data_source_api source{};
  const void* (*get_factory)(const char* id) = nullptr;
};
Watched the_backend, the_source;
clq_status (*real_run)(clq_binding*, clq_stream*, const clq_run_args*) = nullptr;
clq_status (*real_read)(clq_reader*, clq_read*) = nullptr;

clq_status run(clq_binding* binding, clq_stream* stream, const clq_run_args* args) {
  hot_path::begin_run();
  const clq_status status = real_run(binding, stream, args);
  hot_path::end_run();
  return status;
}

clq_status read(clq_reader* reader, clq_read* io) {
  hot_path::name_thread(hot_path::Who::reader);
  return real_read(reader, io);
}

const void* backend_factory(const char* id) {
  const void* table = the_backend.get_factory(id);
  if (table == nullptr || std::strcmp(id, CLQ_BACKEND_ID) != 0) return table;
  the_backend.backend = *static_cast<const clq_backend_api*>(table);
  real_run = the_backend.backend.run;
  the_backend.backend.run = run;
  return &the_backend.backend;
}

const void* source_factory(const char* id) {
  const void* table = the_source.get_factory(id);
  if (table == nullptr || std::strcmp(id, CLQ_DATA_SOURCE_ID) != 0) return table;
  the_source.source = *static_cast<const clq_data_source_api*>(table);
  real_read = the_source.source.read;
  the_source.source.read = read;
  return &the_source.source;
}

bool is_named(const clq_plugin_entry& entry, const char* variable) {
  const char* id = std::getenv(variable);
  return id != nullptr && std::strcmp(entry.id, id) == 0;
}

const clq_plugin_entry* watch(const clq_plugin_entry* entry, Watched& watched, const void* (*factory)(const char*)) {
  watched.entry = *entry;
  watched.get_factory = entry->get_factory;
  watched.entry.get_factory = factory;
  return &watched.entry;
}

}  // namespace

// The library looks for a plugin's entry with this.
extern "C" CLQ_EXPORT void* dlsym(void* handle, const char* name) noexcept {
  static auto* const real = hot_path::next<void* (*)(void*, const char*)>("dlsym");
  void* found = real(handle, name);
  if (found == nullptr || std::strcmp(name, CLQ_PLUGIN_SYMBOL) != 0) return found;
  const auto* entry = static_cast<const clq_plugin_entry*>(found);
  if (is_named(*entry, "HOT_PATH_BACKEND"))
    entry = watch(entry, the_backend, backend_factory);
  else if (is_named(*entry, "HOT_PATH_SOURCE"))
    entry = watch(entry, the_source, source_factory);
  return const_cast<clq_plugin_entry*>(entry);
}
