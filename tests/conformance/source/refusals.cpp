// tests/conformance/source/refusals.cpp -- indices and arguments that make no sense: an error in words, never a crash.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdint>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

void bad_index(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  std::vector<int64_t> rows = readable_rows(source, 2);
  rows.resize(2, rows.front());
  const auto specs = as_stored(source, source.fields());
  const std::vector<Bytes> wanted = read_samples(source, specs, rows);
  OpenedReader reader(source, source.fields());
  Batch batch(specs, 5);
  const auto first_two = [&] {
    std::vector<Bytes> got;
    for (size_t s = 0; s < specs.size(); ++s) {
      got.emplace_back(wanted[s].size());
      for (uint32_t k = 0; k < 2; ++k) batch.copy(s, k, got[s].data() + k * batch.width(s));
    }
    return got;
  };
  for (const int64_t bad : {int64_t{-1}, source.info().n_samples, INT64_MAX}) {
    const int64_t with_bad[] = {rows[0], rows[1], bad, rows[0], rows[1]};
    batch.fill(std::byte{0x3C});
    clq_read io = request(with_bad, batch.slots());
    const std::string what =
        fmt::format("a batch whose position 2 asks for sample {} of {}", bad, source.info().n_samples);
    const clq_status status = reader.read(io);
    expect_error_counting(findings, what, status, bad, source.data().uri);
    findings.expect(io.n_done == 2, "{}: n_done is {}, 2 would be right, the position of the bad one", what, io.n_done);
    const std::string where = io.n_done == 2 ? difference(source, specs, rows, wanted, first_two()) : "";
    findings.expect(where.empty(), "{}: a sample before it is not written: {}", what, where);
    batch.fill(std::byte{0x3C});
    reader.read_all(rows, batch.slots());
    findings.expect(difference(source, specs, rows, wanted, first_two()).empty(),
                    "{}: after it the reader gives other bytes", what);
  }
}

template <class T>
T* untouched() {
  return reinterpret_cast<T*>(uintptr_t{64});
}

// Whatever the text, the source may ignore it, or say what is wrong with it.
void odd_options(const clq_data_source_api& api, const DataSet& data, Findings& findings) {
  for (const char* options :
       {"{", "[]", "7", "null", "{\"id\": }", "\x01", R"({"org.example.nothing": 1})", R"({"id": 7})"}) {
    clq_source* source = untouched<clq_source>();
    const clq_status status = api.open(data.uri.c_str(), options, &source);
    expect_ok_or_told(findings, fmt::format("open with the options {}", options), status);
    if (status >= CLQ_OK)
      api.close(source);
    else
      findings.expect(source == untouched<clq_source>(), "open with the options {}: failed and wrote *out", options);
  }
  api.close(nullptr);
  api.reader_close(nullptr);
}

clq_status try_reader(const OpenedSource& source, const clq_reader_config& config, Findings& findings) {
  clq_reader* reader = untouched<clq_reader>();
  const clq_status status = source.api().reader_open(source.handle(), &config, &reader);
  if (status >= CLQ_OK)
    source.api().reader_close(reader);
  else
    findings.expect(reader == untouched<clq_reader>(), "reader_open failed and wrote *out");
  return status;
}

void odd_readers(const OpenedSource& source, Findings& findings) {
  const uint32_t n = source.info().n_fields, first = 0;
  for (const uint32_t field : {n, CLQ_NONE}) {
    const clq_reader_config config{sizeof config, 1, &field, 0, 1};
    expect_refused(findings, fmt::format("reader_open of field {} of {}", field, n),
                   try_reader(source, config, findings));
  }
  for (const uint32_t size : {0u, 4u}) {
    const clq_reader_config config{size, 1, &first, 0, 1};
    expect_refused(findings, fmt::format("reader_open with struct_size {}", size), try_reader(source, config, findings),
                   {CLQ_E_ABI});
  }
  const clq_reader_config longer{sizeof longer + 64, 1, &first, 0, 1};
  findings.expect(try_reader(source, longer, findings) == CLQ_OK, "reader_open with a longer struct_size: {}",
                  test::error_text());
  const uint32_t most = source.info().max_readers;
  const clq_reader_config beyond{sizeof beyond, 1, &first, most, most + 1};
  if (most > 0)
    expect_ok_or_told(findings, "reader_open of one reader more than max_readers",
                      try_reader(source, beyond, findings));
}

// A read of field 0 that `change` makes senseless.
void refuses_read(const OpenedSource& source, const std::string& what, std::initializer_list<clq_status> wanted,
                  const std::function<void(clq_read&, clq_slot&)>& change, Findings& findings) {
  OpenedReader reader(source, {0});
  Batch batch({as_stored(source, 0)}, 2);
  batch.fill(std::byte{0x3C});
  const int64_t rows[] = {0, 0};
  clq_slot slot = batch.slots().front();
  clq_read io = request(rows, {&slot, 1});
  change(io, slot);
  expect_refused(findings, "read " + what, reader.read(io), wanted);
  findings.expect(batch.rest_intact(0, 2, std::byte{0x3C}), "read {}: wrote outside of the slot", what);
}

void odd_reads(const OpenedSource& source, Findings& findings) {
  const auto refuse = [&](const std::string& what, std::initializer_list<clq_status> wanted, auto change) {
    refuses_read(source, what, wanted, change, findings);
  };
  refuse("with struct_size 0", {CLQ_E_ABI}, [](clq_read& io, clq_slot&) { io.struct_size = 0; });
  refuse("with struct_size 4", {CLQ_E_ABI}, [](clq_read& io, clq_slot&) { io.struct_size = 4; });
  refuse("of dtype 0", {}, [](clq_read&, clq_slot& slot) { slot.want.dtype = 0; });
  refuse("of dtype 99", {}, [](clq_read&, clq_slot& slot) { slot.want.dtype = 99; });
  refuse("of rank 9", {}, [](clq_read&, clq_slot& slot) { slot.want.rank = CLQ_MAX_RANK + 1; });
  refuse("of rank -1", {}, [](clq_read&, clq_slot& slot) { slot.want.rank = -1; });
  refuse("of flag 0x40000000", {CLQ_E_UNSUPPORTED}, [](clq_read&, clq_slot& slot) { slot.want.flags = 1u << 30; });
  const uint32_t other = source.info().n_fields;
  refuse("of a field that the reader was not opened for", {}, [=](clq_read&, clq_slot& slot) { slot.field = other; });
}

void bad_arguments(const Subject& subject, Findings& findings) {
  const clq_data_source_api api = source_table(subject);
  const DataSet data = data_of(subject);
  odd_options(api, data, findings);
  const OpenedSource source(api, data);
  odd_readers(source, findings);
  if (source.info().n_samples > 0) odd_reads(source, findings);
}

}  // namespace

void add_source_refusal_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"source.bad_index", "a sample that is not there: its number, its position, and the reader goes on", bad_index});
  cases.push_back({"source.bad_arguments", "arguments that make no sense are refused; what ends an object takes NULL",
                   bad_arguments});
}

}  // namespace clq::conformance
