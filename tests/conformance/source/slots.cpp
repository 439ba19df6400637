// tests/conformance/source/slots.cpp -- reads that stay inside of their slots, and that stop when they are told to.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <chrono>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

void expect_rest(Findings& findings, const OpenedSource& source, const Batch& batch, size_t slot, uint32_t n,
                 std::byte filled) {
  findings.expect(batch.rest_intact(slot, n, filled), "field {}: a read of {} samples wrote outside of them",
                  source.field(static_cast<uint32_t>(slot)).name, n);
}

void fills_wide_slots(const OpenedSource& source, std::span<const int64_t> rows, Findings& findings) {
  const auto specs = as_stored(source, source.fields());
  const std::vector<Bytes> wanted = read_samples(source, specs, rows);
  const auto n = static_cast<uint32_t>(rows.size());
  Batch batch(specs, n + 2, 40);
  OpenedReader reader(source, source.fields());
  for (const std::byte fill : {std::byte{0x3C}, std::byte{0xC3}}) {  // a byte that is never written is one of both
    batch.fill(fill);
    reader.read_all(rows, batch.slots());
    for (size_t s = 0; s < specs.size(); ++s) {
      expect_rest(findings, source, batch, s, n, fill);
      Bytes got(wanted[s].size());
      for (uint32_t k = 0; k < n; ++k) batch.copy(s, k, got.data() + k * batch.width(s));
      findings.expect(got == wanted[s], "field {}: other bytes with a sample_stride that leaves gaps",
                      source.field(specs[s].field).name);
    }
  }
}

void fills_nothing(const OpenedSource& source, Findings& findings) {
  const auto specs = as_stored(source, source.fields());
  OpenedReader reader(source, source.fields());
  Batch batch(specs, 2);
  batch.fill(std::byte{0x3C});
  const int64_t row = 0;
  clq_read io = request({&row, 0}, batch.slots());
  const clq_status status = reader.read(io);
  findings.expect(status == CLQ_OK && io.n_done == 0, "a read of 0 samples: status {}, n_done {}", status, io.n_done);
  for (size_t s = 0; s < specs.size(); ++s) expect_rest(findings, source, batch, s, 0, std::byte{0x3C});
}

// Room for one byte less than the samples have.
void refuses_short_slots(const OpenedSource& source, int64_t row, Findings& findings) {
  const int64_t rows[] = {row, row, row};
  for (const uint32_t f : source.fields()) {
    OpenedReader reader(source, {f});
    Batch batch({as_stored(source, f)}, 3);
    --batch.slots().front().bytes;
    clq_read io = request(rows, batch.slots());
    expect_refused(findings, fmt::format("field {}: read into a slot that is a byte short", source.field(f).name),
                   reader.read(io));
  }
}

void fills_slots(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = readable_rows(source, 9);
  fills_wide_slots(source, rows, findings);
  fills_nothing(source, findings);
  refuses_short_slots(source, rows.front(), findings);
}

struct Patience {
  int64_t polls = 0, most = 0;
};

int32_t CLQ_CALL runs_out(const clq_read* io) {
  auto& patience = *static_cast<Patience*>(io->ctx);
  return ++patience.polls > patience.most ? 1 : 0;
}

// Rows in an order that no block read helps with, as many as 64 MiB and 4096 are.
std::vector<int64_t> scattered(const OpenedSource& source, const std::vector<int64_t>& rows) {
  int64_t bytes = 1;
  for (const uint32_t f : source.fields()) bytes += sample_bytes(as_stored(source, f).want);
  std::vector<int64_t> many(static_cast<size_t>(std::clamp<int64_t>((int64_t{64} << 20) / bytes, 8, 4096)));
  for (size_t i = 0; i < many.size(); ++i) many[i] = rows[rows.size() - 1 - (i * 7) % rows.size()];
  return many;
}

void stops_when_told(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  const std::vector<int64_t> rows = scattered(source, readable_rows(source));
  Batch batch(as_stored(source, source.fields()), static_cast<uint32_t>(rows.size()));
  for (const int64_t most : {int64_t{0}, int64_t{3}}) {
    OpenedReader reader(source, source.fields());
    clq_read io = request(rows, batch.slots());
    Patience patience{0, most};
    io.ctx = &patience;
    io.cancelled = runs_out;
    const auto start = std::chrono::steady_clock::now();
    const clq_status status = reader.read(io);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const bool told = patience.polls > most;
    findings.expect(told || took.count() < 1, "a read of {:.1f} s asked {} times whether it is cancelled", took.count(),
                    patience.polls);
    findings.note(fmt::format("polled, cancelled after {}", most), std::to_string(patience.polls));
    if (!told) continue;
    findings.expect(io.n_done < io.n_samples, "cancelled after {} polls: all {} samples were read", most, io.n_samples);
    if (status != CLQ_OK) expect_refused(findings, "a read that is cancelled", status, {CLQ_E_CANCELLED});
  }
}

}  // namespace

void add_slot_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"source.slots", "writes its samples and no byte else; a slot that is too short is refused", fills_slots});
  cases.push_back({"source.cancel", "a read that is cancelled ends early, and its reader closes", stops_when_told});
}

}  // namespace clq::conformance
