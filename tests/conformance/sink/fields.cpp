// tests/conformance/sink/fields.cpp -- columns that make no sense are refused before a file is begun.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <functional>

#include "conformance/sink/lists.hpp"
#include "conformance/sink/read_back.hpp"
#include "conformance/source/calls.hpp"
#include "conformance/source/opened_source.hpp"
#include "conformance/source/process_state.hpp"

namespace clq::conformance {
namespace {

struct OddField {
  const char* what;
  std::function<void(clq_field&)> change;  // of an F32 scalar
  clq_status wanted = CLQ_OK;              // that: any error
};

void set_dims(clq_field& field, std::initializer_list<int64_t> dims) {
  field.sample.rank = static_cast<int32_t>(dims.size());
  std::copy(dims.begin(), dims.end(), field.sample.dims);
}

void refuses_field(const clq_data_sink_api& api, const std::string& uri, const OddField& odd, Findings& findings) {
  const SampleColumn column{"A", "", ""};
  clq_field field = to_field(column);
  odd.change(field);
  auto* const untouched = reinterpret_cast<clq_sink*>(uintptr_t{64});
  clq_sink* sink = untouched;
  const clq_status status = api.create(uri.c_str(), "{}", &field, 1, 10, &sink);
  const std::string what = fmt::format("create with a column {}", odd.what);
  if (odd.wanted == CLQ_OK)
    expect_refused(findings, what, status);
  else
    expect_refused(findings, what, status, {odd.wanted});
  if (status >= CLQ_OK) api.discard(sink);
  if (status < CLQ_OK) findings.expect(sink == untouched, "{}: failed and wrote *out", what);
}

void refuses_fields(const clq_data_sink_api& api, const std::string& uri, Findings& findings) {
  constexpr int64_t kHuge = int64_t{1} << 40;
  const OddField odd[] = {
      {"of dtype 0", [](clq_field& f) { f.sample.dtype = 0; }},
      {"of dtype 99", [](clq_field& f) { f.sample.dtype = 99; }},
      {"of dtype -1", [](clq_field& f) { f.sample.dtype = -1; }},
      {"without a name", [](clq_field& f) { f.name = ""; }},
      {"of rank -1", [](clq_field& f) { f.sample.rank = -1; }},
      {"of rank 9",
       [](clq_field& f) {
         set_dims(f, {1, 1, 1, 1, 1, 1, 1, 1}), f.sample.rank = CLQ_MAX_RANK + 1;
       }},
      {"of shape [0]", [](clq_field& f) { set_dims(f, {0}); }},
      {"of shape [-1], not ragged", [](clq_field& f) { set_dims(f, {-1}); }},
      {"of 2^80 elements",
       [](clq_field& f) {
         set_dims(f, {kHuge, kHuge});
       }},
      {"of text in F32", [](clq_field& f) { f.flags = CLQ_FIELD_TEXT, set_dims(f, {8}); }},
      {"of text of 2^80 bytes",
       [](clq_field& f) {
         f.flags = CLQ_FIELD_TEXT, f.sample.dtype = CLQ_U8, set_dims(f, {kHuge, kHuge});
       }},
      {"of the unknown flag 0x40000000", [](clq_field& f) { f.flags = 1u << 30; }, CLQ_E_UNSUPPORTED}};
  for (const OddField& one : odd) refuses_field(api, uri, one, findings);
}

void refuses_tables(const clq_data_sink_api& api, const std::string& uri, Findings& findings) {
  const SampleColumn column{"A", "", ""};
  expect_refused(findings, "create of -1 samples", OpenedSink(api, uri, {to_field(column)}, -1).created());
  expect_refused(findings, "create of 2^62 samples",
                 OpenedSink(api, uri, {to_field(column)}, int64_t{1} << 62).created());
  expect_refused(findings, "create without a column", OpenedSink(api, uri, {}, 10).created());
}

// Two columns of one name are refused, or what is written of them can be opened.
void tells_names_apart(const Subject& subject, const clq_data_sink_api& api, const std::string& uri,
                       Findings& findings) {
  const SampleColumn column{"A", "", ""};
  const SampleTable table({column, column}, 10, subject.seed);
  OpenedSink sink(api, uri, table);
  if (sink.created() != CLQ_OK) return expect_refused(findings, "create with two columns of one name", sink.created());
  if (open_plugin(subject.file).source == nullptr) return;
  clq_status status = sink.write(table, 0, 10);
  if (status == CLQ_OK) status = sink.commit();
  if (status != CLQ_OK) return expect_refused(findings, "two columns of one name", status);
  try {
    OpenedSource(source_table(subject), {uri, "{}", uri, true});
  } catch (const test::CallError& e) {
    findings.expect(false, "a sink took two columns of one name, and its source cannot open the file: {}", e.what());
  }
  std::filesystem::remove(uri);
}

void refuses_bad_fields(const Subject& subject, Findings& findings) {
  const clq_data_sink_api api = sink_table(subject);
  const std::string uri = subject.folder + "/table" + suffixes_of(api).front();
  refuses_fields(api, uri, findings);
  refuses_tables(api, uri, findings);
  tells_names_apart(subject, api, uri, findings);
  findings.expect(names_in(subject.folder).empty(), "refusals left in the folder: {}",
                  fmt::join(names_in(subject.folder), ", "));
}

}  // namespace

void add_field_cases(std::vector<Case>& cases) {
  cases.push_back({"sink.bad_fields", "columns and sizes that make no sense are refused, and no file is begun",
                   refuses_bad_fields});
}

}  // namespace clq::conformance
