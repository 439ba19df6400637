// tests/conformance/sink/read_back.cpp -- each column asked as the dtype and shape that it was written in.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/sink/read_back.hpp"

#include <numeric>

#include "conformance/source/reading.hpp"

namespace clq::conformance {
namespace {

void expect_same_column(Findings& findings, const OpenedSource& source, const SampleTable& table, size_t column) {
  const clq_field& field = table.fields()[column];
  const int64_t f = source.find(field.name);
  if (!findings.expect(f >= 0, "{}: has no field {}, which was written", source.data().uri, field.name)) return;
  std::vector<int64_t> rows(static_cast<size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  const Bytes got = read_samples(source, {{static_cast<uint32_t>(f), field.sample}}, rows).front();
  for (const int64_t row : rows)
    findings.expect(same_values(field.sample.dtype, table.at(column, row), got.data() + row * table.width(column),
                                table.width(column)),
                    "{}: row {} of column {} has other bits than were written", source.data().uri, row, field.name);
}

}  // namespace

void expect_same_table(Findings& findings, const Subject& subject, const std::string& uri, const SampleTable& table) {
  if (open_plugin(subject.file).source == nullptr) throw Unsupported("the plugin has no source to read its files with");
  const OpenedSource source(source_table(subject), {uri, "{}", uri, true});
  if (findings.expect(source.info().n_samples == table.rows(), "{}: has {} rows, {} were written", uri,
                      source.info().n_samples, table.rows()))
    for (size_t c = 0; c < table.fields().size(); ++c) expect_same_column(findings, source, table, c);
}

}  // namespace clq::conformance
