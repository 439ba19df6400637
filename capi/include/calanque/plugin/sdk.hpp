// calanque/plugin/sdk.hpp -- C++ classes in, C tables out: what a plugin author writes against.
// SPDX-License-Identifier: BSD-3-Clause
//
// Header-only, C++20, no dependency. A plugin throws sdk::Error; every table function made here catches it, keeps the
// words as the host's error text of this thread and returns the status. Nothing here has a constructor with effects.
#ifndef CLQ_PLUGIN_SDK_HPP
#define CLQ_PLUGIN_SDK_HPP

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <calanque/plugin/backend.h>
#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>
#include <calanque/plugin/sdk_guard.hpp>

namespace clq::sdk {

inline const clq_attr* find_attr(const clq_op& op, std::string_view name) {
  for (uint32_t i = 0; i < op.n_attrs; ++i)
    if (op.attrs[i].name == name) return &op.attrs[i];
  return nullptr;
}

inline int64_t attr_i64(const clq_op& op, std::string_view name, int64_t absent) {
  const clq_attr* a = find_attr(op, name);
  return a != nullptr && a->type == CLQ_ATTR_I64 && a->count > 0 ? static_cast<const int64_t*>(a->value)[0] : absent;
}

inline double attr_f64(const clq_op& op, std::string_view name, double absent) {
  const clq_attr* a = find_attr(op, name);
  return a != nullptr && a->type == CLQ_ATTR_F64 && a->count > 0 ? static_cast<const double*>(a->value)[0] : absent;
}

inline std::string_view attr_text(const clq_op& op, std::string_view name, std::string_view absent) {
  const clq_attr* a = find_attr(op, name);
  if (a == nullptr || a->type != CLQ_ATTR_TEXT) return absent;
  return {static_cast<const char*>(a->value), a->count};
}

inline std::span<const int64_t> attr_list(const clq_op& op, std::string_view name) {
  const clq_attr* a = find_attr(op, name);
  if (a == nullptr || a->type != CLQ_ATTR_I64) return {};
  return {static_cast<const int64_t*>(a->value), a->count};
}

// Turns a Source class into the C table. Source needs:
//   static const char* scheme();                     static uint32_t probe(const char* uri);
//   Source(const char* uri, const char* options);    void describe(clq_source_info&) const;
//   void ids(int64_t first, int64_t n, uint64_t* out) const;       void fingerprint(uint8_t* out32) const;
//   std::string locate(int64_t sample) const;        std::unique_ptr<Source::Reader> reader(const clq_reader_config&);
// and Source::Reader: clq_status read(clq_read& io). The tags of data_source.h hold for each of them.
template <class Source>
struct SourceTable {
  using Reader = typename Source::Reader;
  static Source& source(clq_source* s) { return *reinterpret_cast<Source*>(s); }

  static uint32_t CLQ_CALL probe(const char* uri) noexcept {
    uint32_t score = 0;
    guard([&] { return score = uri == nullptr ? 0 : Source::probe(uri), CLQ_OK; });
    return score;
  }
  static clq_status CLQ_CALL open(const char* uri, const char* options, clq_source** out) noexcept {
    return guard([&] {
      auto source = std::make_unique<Source>(uri, options == nullptr ? "{}" : options);
      *out = reinterpret_cast<clq_source*>(source.release());
      return CLQ_OK;
    });
  }
  static void CLQ_CALL close(clq_source* s) noexcept { delete reinterpret_cast<Source*>(s); }
  static clq_status CLQ_CALL describe(clq_source* s, clq_source_info* out) noexcept {
    return guard([&] {
      require_size(out->struct_size, CLQ_SIZE_UPTO(clq_source_info, max_readers), "describe");
      source(s).describe(*out);
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL ids(clq_source* s, int64_t first, int64_t n, uint64_t* out) noexcept {
    return guard([&] {
      source(s).ids(first, n, out);
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL fingerprint(clq_source* s, uint8_t* out32) noexcept {
    return guard([&] {
      source(s).fingerprint(out32);
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL locate(clq_source* s, int64_t sample, char* text, int64_t capacity) noexcept {
    return guard([&] {
      const std::string place = source(s).locate(sample);
      if (capacity < 1) return CLQ_OK;
      const size_t n = std::min<size_t>(place.size(), static_cast<size_t>(capacity - 1));
      std::memcpy(text, place.data(), n);
      text[n] = '\0';
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL reader_open(clq_source* s, const clq_reader_config* config, clq_reader** out) noexcept {
    return guard([&] {
      *out = reinterpret_cast<clq_reader*>(source(s).reader(*config).release());
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL read(clq_reader* r, clq_read* io) noexcept {
    return guard([&] { return reinterpret_cast<Reader*>(r)->read(*io); });
  }
  static void CLQ_CALL reader_close(clq_reader* r) noexcept { delete reinterpret_cast<Reader*>(r); }
};

template <class Source>
clq_data_source_api data_source_api() {
  using T = SourceTable<Source>;
  return {CLQ_TABLE(clq_data_source_api), Source::scheme(), T::probe, T::open, T::close, T::describe, T::ids,
          T::fingerprint, T::locate, T::reader_open, T::read, T::reader_close};
}

// Turns a Sink class into the C table. Sink needs: static const char* suffixes();
//   Sink(const char* uri, const char* options, std::span<const clq_field>, int64_t n_samples);
//   void write(int64_t first, uint32_t n, const clq_slot*);   void commit();   ~Sink() removes what was not committed.
template <class Sink>
struct SinkTable {
  static clq_status CLQ_CALL create(const char* uri, const char* options, const clq_field* fields, uint32_t n_fields,
                                    int64_t n_samples, clq_sink** out) noexcept {
    return guard([&] {
      auto sink =
          std::make_unique<Sink>(uri, options == nullptr ? "{}" : options, std::span(fields, n_fields), n_samples);
      *out = reinterpret_cast<clq_sink*>(sink.release());
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL write(clq_sink* s, int64_t first, uint32_t n, const clq_slot* slots) noexcept {
    return guard([&] {
      reinterpret_cast<Sink*>(s)->write(first, n, slots);
      return CLQ_OK;
    });
  }
  static clq_status CLQ_CALL commit(clq_sink* s) noexcept {
    return guard([&] {
      reinterpret_cast<Sink*>(s)->commit();
      return CLQ_OK;
    });
  }
  static void CLQ_CALL discard(clq_sink* s) noexcept { delete reinterpret_cast<Sink*>(s); }
};

template <class Sink>
clq_data_sink_api data_sink_api() {
  using T = SinkTable<Sink>;
  return {CLQ_TABLE(clq_data_sink_api), Sink::suffixes(), T::create, T::write, T::commit, T::discard};
}

}  // namespace clq::sdk

#endif
