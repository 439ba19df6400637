// tests/fuzz/plugin_entry.cpp -- an entry and its tables that nobody filled in with care, through the host's checks.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>
#include <deque>
#include <memory>

#include "bytes.hpp"
#include "fuzz.hpp"
#include "ops/op_table.hpp"
#include "runtime/entry_check.hpp"
#include "runtime/offers.hpp"

namespace {

using namespace clq;
using fuzz::require;

void stub() {}  // stands for every function that the checks must not call

// The tables of one input. Each lies in memory of its own that ends where its struct_size says: what a host reads
// behind that, AddressSanitizer sees.
class Tables {
 public:
  explicit Tables(fuzz::Bytes& in) : in_(in) {}

  // `whole` with some words taken out and, perhaps, a size that is not its own.
  template <class T>
  const T* table(T whole) {
    if (in_.byte() % 8 == 7) return nullptr;
    whole.struct_size = size(sizeof(T));
    auto* words = reinterpret_cast<char*>(&whole);
    for (uint64_t holes = in_.byte() % 4 == 3 ? in_.word() : 0, i = 1; holes != 0 && 8 * i < sizeof(T);
         ++i, holes >>= 1)
      if ((holes & 1) != 0) std::memset(words + 8 * i, 0, 8);
    return cut(whole);
  }

  const char* text(const char* usual) {
    const uint8_t choice = in_.byte() % 8;
    if (choice < 6) return usual;
    if (choice == 6) return nullptr;
    return texts_.emplace_back(in_.text()).c_str();
  }

  uint32_t flags() { return in_.pick<uint32_t>({0, 0, 0, 0, 0, 0, 1, 0x80000000}); }
  uint32_t count() { return in_.byte() % 4u; }

  // Pointers that stay until the input is done.
  template <class T>
  const T* const* list(const std::vector<const T*>& items) {
    auto& block = blocks_.emplace_back(new char[sizeof(T*) * items.size()]);
    std::memcpy(block.get(), items.data(), sizeof(T*) * items.size());
    return reinterpret_cast<const T* const*>(block.get());
  }

 private:
  uint32_t size(size_t right) {
    const auto whole = static_cast<uint32_t>(right);
    switch (in_.byte() % 8) {
      case 4:
        return whole - 8;
      case 5:
        return whole + 8;
      case 6:
        return static_cast<uint32_t>(in_.word());
      case 7:
        return in_.byte();
      default:
        return whole;
    }
  }

  template <class T>
  const T* cut(const T& whole) {
    const size_t bytes = std::clamp<size_t>(whole.struct_size, sizeof(whole.struct_size), sizeof(T));
    auto& block = blocks_.emplace_back(new char[bytes]);
    std::memcpy(block.get(), &whole, bytes);
    return reinterpret_cast<const T*>(block.get());
  }

  fuzz::Bytes& in_;
  std::deque<std::string> texts_;
  std::deque<std::unique_ptr<char[]>> blocks_;
};

// A stub in every slot from `first` on.
template <class T>
T filled(size_t first) {
  T table{};
  void (*const function)() = &stub;
  for (size_t at = first; at < sizeof(T); at += sizeof function)
    std::memcpy(reinterpret_cast<char*>(&table) + at, &function, sizeof function);
  return table;
}

const clq_backend_api* backend(Tables& tables) {
  auto t = filled<clq_backend_api>(offsetof(clq_backend_api, device_count));
  t.reserved = tables.flags();
  return tables.table(t);
}

const clq_data_source_api* source(Tables& tables) {
  auto t = filled<clq_data_source_api>(offsetof(clq_data_source_api, probe));
  t.reserved = tables.flags();
  t.scheme = tables.text("toy");
  return tables.table(t);
}

const clq_data_sink_api* sink(Tables& tables) {
  auto t = filled<clq_data_sink_api>(offsetof(clq_data_sink_api, create));
  t.reserved = tables.flags();
  t.suffixes = tables.text(".toy .toys");
  return tables.table(t);
}

const clq_builder* builder(Tables& tables) {
  auto t = filled<clq_builder>(offsetof(clq_builder, build));
  t.flags = tables.flags();
  t.kind = tables.text("layer");
  t.name = tables.text("toy.layer");
  t.config_schema = tables.text("{}");
  return tables.table(t);
}

const clq_op_def* op(Tables& tables) {
  auto t = filled<clq_op_def>(offsetof(clq_op_def, infer));
  t.flags = tables.flags();
  t.name = tables.text("toy.op/1");
  t.attr_schema = tables.text("{}");
  return tables.table(t);
}

const clq_builder_list* builders(Tables& tables) {
  std::vector<const clq_builder*> items(tables.count());
  for (const clq_builder*& item : items) item = builder(tables);
  return tables.table(clq_builder_list{0, static_cast<uint32_t>(items.size()), tables.list(items)});
}

const clq_op_list* ops(Tables& tables) {
  std::vector<const clq_op_def*> items(tables.count());
  for (const clq_op_def*& item : items) item = op(tables);
  return tables.table(clq_op_list{0, static_cast<uint32_t>(items.size()), tables.list(items)});
}

Tables* current = nullptr;

const void* CLQ_CALL get_factory(const char* id) {
  if (std::strcmp(id, CLQ_BACKEND_ID) == 0) return backend(*current);
  if (std::strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return source(*current);
  if (std::strcmp(id, CLQ_DATA_SINK_ID) == 0) return sink(*current);
  if (std::strcmp(id, CLQ_BUILDER_ID) == 0) return builders(*current);
  return std::strcmp(id, CLQ_OPS_ID) == 0 ? ops(*current) : nullptr;
}

const clq_plugin_entry* entry(fuzz::Bytes& in, Tables& tables) {
  auto t = filled<clq_plugin_entry>(offsetof(clq_plugin_entry, init));
  t.abi_major = static_cast<uint16_t>(CLQ_ABI_MAJOR + in.pick({0, 0, 0, 0, 0, 0, 1, 0xffff}));
  t.abi_minor = static_cast<uint16_t>(CLQ_ABI_MINOR + in.pick({0, 0, 0, 0, 0, 0, 1, 0xffff}));
  t.id = tables.text("org.test.toy");
  t.version = tables.text("1.2.3");
  t.license = tables.text("BSD-3-Clause");
  t.built_for = tables.text(CLQ_RELEASE);
  t.get_factory = &get_factory;
  return tables.table(t);
}

// What the host relies on without looking again.
void require_whole(const Offers& offers) {
  if (offers.backend) require(offers.backend->device_count && offers.backend->run, "a backend without a function");
  if (offers.source)
    require(offers.source->scheme && *offers.source->scheme && offers.source->reader_close, "a source with a hole");
  if (offers.sink)
    require(offers.sink->suffixes && *offers.sink->suffixes && offers.sink->discard, "a sink with a hole");
  for (const auto& builder : offers.builders)
    require(builder->kind && builder->name && *builder->name && builder->build, "a builder with a hole");
  OpTable known;
  for (const auto& op : offers.ops) {
    require(op->name && *op->name && op->infer && op->kernel, "an op with a hole");
    fuzz::status_of<Error>([&] { known.add(*op); });
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Bytes in(data, size);
  Tables tables(in);
  current = &tables;
  const clq_plugin_entry* made = entry(in, tables);
  if (made == nullptr) return 0;
  if (head_is_readable(*made))
    require(made->struct_size >= CLQ_SIZE_UPTO(clq_plugin_entry, version), "a head that is cut");
  fuzz::status_of<Error>([&] {
    check_entry(*made);
    const Offers offers = collect_offers(*made);
    require_whole(offers);
    offers.names();
    for (const std::string& word : offers.sink ? split_words(offers.sink->suffixes) : std::vector<std::string>{})
      require(!word.empty(), "a suffix without a letter");
  });
  return 0;
}
