// tests/conformance/source/identities.cpp -- ids, the fingerprint, and the place of a sample in words.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <random>
#include <set>

#include <xxhash.h>
#include <nlohmann/json.hpp>

#include "conformance/source/calls.hpp"
#include "conformance/source/lists.hpp"
#include "conformance/source/number_at.hpp"
#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

std::vector<uint64_t> ids_of(const OpenedSource& source, int64_t first, int64_t n) {
  std::vector<uint64_t> ids(static_cast<size_t>(n));
  require_ok(source.api().ids(source.handle(), first, n, ids.data()),
             fmt::format("ids of {} samples from {} on", n, first));
  return ids;
}

// The field that the option `id` names; -1: none, or by another name than its own.
int64_t id_field(const OpenedSource& source) {
  const auto options = nlohmann::json::parse(source.data().options, nullptr, false);
  if (!options.is_object() || !options.contains("id") || !options["id"].is_string()) return -1;
  return source.find(options["id"].get<std::string>());
}

uint64_t id_in(const clq_field& field, const std::byte* sample) {
  if ((field.flags & CLQ_FIELD_TEXT) != 0) {
    const auto width = static_cast<size_t>(field.sample.dims[0]);
    return XXH3_64bits(sample, static_cast<size_t>(std::find(sample, sample + width, std::byte{0}) - sample));
  }
  switch (field.sample.dtype) {
    case CLQ_U64:
      return element_at<uint64_t>(sample, 0);
    case CLQ_I64:
      return element_at<uint64_t>(sample, 0);
    default:
      return static_cast<uint64_t>(static_cast<int64_t>(number_at(field.sample.dtype, sample, 0)));
  }
}

void compares_with_column(const OpenedSource& source, const std::vector<uint64_t>& ids, Findings& findings) {
  const int64_t f = id_field(source);
  if (f < 0 || (source.info().flags & CLQ_SRC_RANDOM_ACCESS) == 0) return;
  const SlotSpec spec = as_stored(source, static_cast<uint32_t>(f));
  std::vector<int64_t> rows;
  for (size_t r = 0; r < ids.size(); ++r) rows.push_back(static_cast<int64_t>(r));
  const Bytes values = read_samples(source, {spec}, rows).front();
  for (size_t r = 0; r < rows.size(); ++r) {
    const uint64_t wanted =
        id_in(source.field(spec.field), values.data() + r * static_cast<size_t>(sample_bytes(spec.want)));
    findings.expect(ids[r] == wanted, "the id of sample {} is {:#x}, its column {} has {:#x}", r, ids[r],
                    source.field(spec.field).name, wanted);
  }
}

// Without the option `id` an id is the row's number.
void counts_rows(const clq_data_source_api& api, const DataSet& data, Findings& findings) {
  const OpenedSource source(api, data);
  const std::vector<uint64_t> ids = ids_of(source, 0, std::min<int64_t>(source.info().n_samples, 100));
  for (size_t r = 0; r < ids.size(); ++r)
    findings.expect(ids[r] == r, "without the option id, the id of sample {} is {:#x}", r, ids[r]);
}

void refuses_ids(const OpenedSource& source, Findings& findings) {
  struct Range {
    int64_t first, n;
  };
  const int64_t rows = source.info().n_samples;
  for (const Range range : {Range{-1, 1}, {rows, 1}, {rows - 1, 2}, {0, -1}, {INT64_MAX, 1}, {1, INT64_MAX}}) {
    std::array<uint64_t, 2> out{7, 7};
    const std::string what = fmt::format("ids of {} samples from {} on, of {}", range.n, range.first, rows);
    expect_refused(findings, what, source.api().ids(source.handle(), range.first, range.n, out.data()));
    findings.expect(out[0] == 7 && out[1] == 7, "{}: failed and wrote *out", what);
  }
}

void gives_ids(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject), again(source.api(), source.data());
  const int64_t n = std::min<int64_t>(source.info().n_samples, 4096);
  if (source.api().ids == nullptr) throw Unsupported("its table has no ids: they are row numbers");
  if (n < 1) throw Unsupported("the number of its samples is not known, or 0");
  const std::vector<uint64_t> ids = ids_of(source, 0, n);
  findings.expect(ids_of(again, 0, n) == ids, "opened again, it gives other ids");
  findings.expect(ids_of(source, n, 0).empty(), "ids of no sample");
  std::mt19937_64 random(subject.seed);
  for (int round = 0; round < 50; ++round) {
    const auto first = static_cast<int64_t>(random() % static_cast<uint64_t>(n));
    const auto some = 1 + static_cast<int64_t>(random() % static_cast<uint64_t>(n - first));
    const std::vector<uint64_t> wanted(ids.begin() + first, ids.begin() + first + some);
    findings.expect(ids_of(source, first, some) == wanted, "ids of {} samples from {} on are not those of all", some,
                    first);
  }
  compares_with_column(source, ids, findings);
  if (source.data().written) counts_rows(source.api(), {source.data().uri, "{}"}, findings);
  refuses_ids(source, findings);
}

using Print = std::array<uint8_t, 32>;

Print fingerprint_of(const OpenedSource& source) {
  Print print{};
  require_ok(source.api().fingerprint(source.handle(), print.data()), "fingerprint");
  return print;
}

void has_fingerprint(const Subject& subject, Findings& findings) {
  const DataSet data = data_of(subject);
  const clq_data_source_api api = source_table(subject);
  if (api.fingerprint == nullptr) throw Unsupported("its table has no fingerprint");
  const auto open_anew = [&] { return fingerprint_of(OpenedSource(api, data)); };
  const Print first = open_anew();
  findings.expect(open_anew() == first, "opened again, it has another fingerprint");
  findings.expect(first != Print{}, "the fingerprint is all 0");
  if (!data.written) return;
  std::filesystem::last_write_time(data.file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
  findings.expect(open_anew() == first, "the time of its last change is in the fingerprint");
  write_data(subject, 7);
  findings.expect(open_anew() != first, "the same name with other rows has the same fingerprint");
}

// What locate writes into `capacity` bytes; checked for its end and for what lies behind.
std::string place_of(const OpenedSource& source, int64_t sample, int64_t capacity, Findings& findings) {
  GuardedBytes text(std::max<int64_t>(capacity, 64));
  std::fill_n(text.data(), text.bytes(), std::byte{0x3C});
  const std::string what = fmt::format("locate of sample {} into {} bytes", sample, capacity);
  const clq_status status =
      source.api().locate(source.handle(), sample, reinterpret_cast<char*>(text.data()), capacity);
  const auto* end = text.data() + capacity;
  const bool behind =
      std::all_of(text.data() + capacity, text.data() + text.bytes(), [](std::byte b) { return b == std::byte{0x3C}; });
  findings.expect(behind && text.slack_intact(), "{}: wrote outside of them", what);
  if (status < CLQ_OK) expect_refused(findings, what, status);
  if (status < CLQ_OK || capacity < 1) return "";
  const auto* nul =
      std::find(static_cast<const std::byte*>(text.data()), static_cast<const std::byte*>(end), std::byte{0});
  if (!findings.expect(nul != end, "{}: no NUL ends the text", what)) return "";
  return reinterpret_cast<const char*>(text.data());
}

// Rows and objects are counted from 1. A place may name its object in another way.
void expect_counted_from_1(const std::string& place, const std::string& uri, int64_t sample, Findings& findings) {
  const bool from_0 = has_number(place, sample, uri) && !has_number(place, sample + 1, uri);
  findings.expect(!from_0, "the place of sample {} is '{}': places count from 1, {} would be right", sample, place,
                  sample + 1);
}

void locates(const Subject& subject, Findings& findings) {
  const OpenedSource source(subject);
  if (source.api().locate == nullptr) throw Unsupported("its table has no locate");
  const int64_t n = source.info().n_samples;
  if (n < 1) throw Unsupported("the number of its samples is not known, or 0");
  std::set<std::string> places;
  const std::set<int64_t> samples = {0, n / 2, n - 1};
  for (const int64_t sample : samples) {
    const std::string place = place_of(source, sample, 4096, findings);
    const bool plain =
        std::all_of(place.begin(), place.end(), [](char c) { return static_cast<unsigned char>(c) >= ' '; });
    findings.expect(!place.empty() && plain, "sample {}: its place is '{}', one line would be right", sample, place);
    places.insert(place);
    expect_counted_from_1(place, source.data().uri, sample, findings);
    for (const int64_t capacity : {int64_t{0}, int64_t{1}, int64_t{2}, int64_t{7}, static_cast<int64_t>(place.size())})
      place_of(source, sample, capacity, findings);
  }
  findings.expect(places.size() == samples.size(), "samples {} have one place: {}", fmt::join(samples, ", "),
                  fmt::join(places, "; "));
  for (const int64_t sample : {int64_t{-1}, n, INT64_MAX, INT64_MIN}) place_of(source, sample, 64, findings);
  findings.note("last sample", place_of(source, n - 1, 4096, findings));
}

}  // namespace

void add_identity_cases(std::vector<Case>& cases) {
  cases.push_back({"source.ids", "the same each time, in any piece, and those of the id column", gives_ids});
  cases.push_back({"source.fingerprint", "the same each time, another for other rows", has_fingerprint});
  cases.push_back({"source.locate", "names the sample in one line, and never writes beyond the capacity", locates});
}

}  // namespace clq::conformance
