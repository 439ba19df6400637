// tests/conformance/source/closing.cpp -- descriptors, threads, mappings and memory after a source is closed.
// SPDX-License-Identifier: BSD-3-Clause
#include <chrono>
#include <memory>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/process_state.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

// A sanitizer keeps what is freed, to watch it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCountsMemory = false;
#else
constexpr bool kCountsMemory = true;
#endif
constexpr int kRounds = 50;
constexpr int64_t kMostResident = int64_t{4} << 20, kMostAllocated = int64_t{4} << 10;  // 80 bytes a round

// Opened, asked everything, read and closed.
void use_once(const clq_data_source_api& api, const DataSet& data) {
  const OpenedSource source(api, data);
  const bool rows = (source.info().flags & CLQ_SRC_RANDOM_ACCESS) != 0 && source.info().n_samples > 0;
  uint64_t id = 0;
  uint8_t print[32];
  char place[1024];
  if (rows && api.ids != nullptr) require_ok(api.ids(source.handle(), 0, 1, &id), "ids");
  if (api.fingerprint != nullptr) require_ok(api.fingerprint(source.handle(), print), "fingerprint");
  if (rows && api.locate != nullptr) require_ok(api.locate(source.handle(), 0, place, sizeof place), "locate");
  if (rows) readable_rows(source, 16);
}

// An open and a read that fail leave nothing, either.
void fail_once(const clq_data_source_api& api, const DataSet& data) {
  clq_source* none = nullptr;
  if (api.open((data.uri + ".absent").c_str(), data.options.c_str(), &none) >= CLQ_OK) api.close(none);
  const OpenedSource source(api, data);
  if ((source.info().flags & CLQ_SRC_RANDOM_ACCESS) == 0 || source.info().n_samples < 1) return;
  OpenedReader reader(source, {0});
  Batch batch({as_stored(source, 0)}, 1);
  clq_read io = request({&source.info().n_samples, 1}, batch.slots());
  reader.read(io);
}

void leaves_nothing(const clq_data_source_api& api, const DataSet& data, Findings& findings) {
  use_once(api, data);  // what a library opens once for the process is there from here on
  fail_once(api, data);
  const auto descriptors = open_descriptors();
  const int64_t threads = thread_count();
  use_once(api, data);
  fail_once(api, data);
  findings.expect(added(descriptors, open_descriptors()).empty(), "left open: {}",
                  added(descriptors, open_descriptors()));
  findings.expect(has_threads_again(threads), "{} threads before, {} after close", threads, thread_count());
  if (!data.file.empty()) findings.expect(!is_mapped(data.file), "{} is mapped still", data.file);
}

// Sources opened twice and readers of both are ended in another order than they began in; the last one still reads.
void ends_in_any_order(const clq_data_source_api& api, const DataSet& data, Findings& findings) {
  auto first = std::make_unique<OpenedSource>(api, data), second = std::make_unique<OpenedSource>(api, data);
  if ((first->info().flags & CLQ_SRC_RANDOM_ACCESS) == 0 || first->info().n_samples < 1) return;
  const std::vector<int64_t> rows = readable_rows(*first, 4);
  const auto specs = as_stored(*first, first->fields());
  const std::vector<Bytes> wanted = read_samples(*first, specs, rows);
  auto one = std::make_unique<OpenedReader>(*first, first->fields());
  auto two = std::make_unique<OpenedReader>(*first, first->fields());
  auto other = std::make_unique<OpenedReader>(*second, second->fields());
  one.reset();
  other.reset();
  second.reset();
  Batch batch(specs, 4);
  two->read_all(rows, batch.slots());
  for (size_t s = 0; s < specs.size(); ++s) {
    Bytes got(wanted[s].size());
    for (uint32_t k = 0; k < rows.size(); ++k) batch.copy(s, k, got.data() + k * batch.width(s));
    findings.expect(got == wanted[s], "field {}: other bytes after another reader and another source were closed",
                    first->field(static_cast<uint32_t>(s)).name);
  }
}

void keeps_no_memory(const clq_data_source_api& api, const DataSet& data, Findings& findings) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (int round = 0; round < 10 && std::chrono::steady_clock::now() < end; ++round) use_once(api, data);
  const int64_t resident = resident_bytes(), allocated = allocated_bytes();
  int round = 0;
  for (; round < kRounds && std::chrono::steady_clock::now() < end; ++round) use_once(api, data);
  const int64_t more_resident = resident_bytes() - resident, more_allocated = allocated_bytes() - allocated;
  findings.note("rounds", fmt::format("{}, {} bytes more are allocated", round, more_allocated));
  if (!kCountsMemory) return;
  findings.expect(more_resident <= kMostResident, "{} rounds of open and close: {} bytes more in memory", round,
                  more_resident);
  findings.expect(more_allocated <= kMostAllocated, "{} rounds of open and close: {} bytes are not freed", round,
                  more_allocated);
}

void closes_whole(const Subject& subject, Findings& findings) {
  const clq_data_source_api api = source_table(subject);
  const DataSet data = data_of(subject);
  leaves_nothing(api, data, findings);
  keeps_no_memory(api, data, findings);
  ends_in_any_order(api, data, findings);
}

}  // namespace

void add_source_closing_cases(std::vector<Case>& cases) {
  cases.push_back({"source.closing", "leaves no descriptor, thread, mapping or memory behind", closes_whole});
}

}  // namespace clq::conformance
